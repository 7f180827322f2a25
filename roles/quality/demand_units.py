"""The check for physical demands with an amount and no unit, or a unit and no amount."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from roles.document import Document
from roles.quality.issue import Issue, IssueAction

QUOTED = 60  # characters of a line


def demand_units(document: Document) -> Iterator[Issue]:
    """Yields an issue for each line with only one of an amount and its unit."""
    for section in document.sections:
        for line in section.every_line():
            if (line.amount is None) == (not line.unit):
                continue
            text = Truncator(line.plain_text).chars(QUOTED)
            if line.unit:
                why, fix = _("“%s” has a unit without an amount."), _("Enter how much.")
            else:
                why, fix = _("“%s” has an amount without a unit."), _("Choose a unit.")
            yield Issue(
                "demand_units", section, why % text, fix, IssueAction("go_to_line", (line.uid,))
            )
