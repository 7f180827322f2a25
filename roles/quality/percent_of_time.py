"""The check for percentages of time that don't add up to 100."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from roles.document import Document
from roles.quality.issue import Issue, IssueAction

WHOLE = 100


def percent_of_time(document: Document) -> Iterator[Issue]:
    """Yields an issue for each section whose percentages of working time don't add up to 100."""
    for section in document.sections:
        lines = [line for line in section.lines if line.percent is not None]
        stated = [line.percent or 0 for line in lines]
        if stated and sum(stated) != WHOLE:
            yield Issue(
                "percent_of_time",
                section,
                _("The percentages of time add up to %d%%.") % sum(stated),
                _("Change them to add up to 100%, or remove them."),
                IssueAction("go_to_line", (lines[0].uid,)),
            )
