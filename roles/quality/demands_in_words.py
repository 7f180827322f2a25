"""The check for physical demands in a sentence: fields print them as a table."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from roles import physical_demands, vocabulary
from roles.document import Document, DocumentLine
from roles.quality.issue import Issue, IssueAction


def demands_in_words(document: Document) -> Iterator[Issue]:
    """Yields an issue for each line about working conditions whose text says how much or how often,
    while its fields say neither."""
    for section in document.sections:
        if physical_demands.CATEGORY not in vocabulary.line_categories(section.kind):
            continue
        for line in section.lines:
            if _has_free_fields(line) and physical_demands.parsed(line.text):
                yield Issue(
                    "demands_in_words",
                    section,
                    _("“%s” is a physical demand in words.") % line.text,
                    _("Convert it to show how much and how often in a table."),
                    IssueAction("convert_demand", (line.uid,)),
                    is_hint=True,
                )


def _has_free_fields(line: DocumentLine) -> bool:
    is_other = line.category not in ("", physical_demands.CATEGORY)
    stated = line.amount is not None or line.unit or line.how_often
    return line.form == "entry" and not is_other and not stated
