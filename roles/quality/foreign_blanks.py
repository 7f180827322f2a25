"""The check for placeholders in the forms of other systems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from roles import foreign_placeholders
from roles.document import Document, DocumentSection
from roles.quality.issue import Issue, IssueAction


def foreign_blanks(document: Document) -> Iterator[Issue]:
    """Yields an issue for each of them, once for a section: they block approval."""
    filled = document.filled()
    facts = [filled.title, *(value for fact in filled.facts for value in fact.values)]
    yield from _issues(None, facts)
    for section, shown in zip(document.sections, filled.sections, strict=True):
        yield from _issues(section, shown.texts())


def _issues(section: DocumentSection | None, texts: Iterable[str]) -> Iterator[Issue]:
    found = {one.raw: one.replacement for text in texts for one in foreign_placeholders.find(text)}
    for raw, replacement in found.items():
        yield Issue(
            "foreign_blanks",
            section,
            _("“%s” is a blank, and a version with blanks can’t be approved.") % raw,
            _("Replace it with text or with the placeholder %s.") % replacement,
            IssueAction("convert_blank", (raw, replacement)),
        )
