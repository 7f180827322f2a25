"""The check for a text about a pay range that isn't there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from roles.document import Document, DocumentSection
from roles.quality import missing_content
from roles.quality.issue import Issue, IssueAction

_RANGE = re.compile(
    r"\b(?:ranges?|pay bands?|salary bands?|pay scales?|salary scales?"
    r"|(?:pay|salary|wage|amounts?|figures?|rates?) (?:is |are )?"
    r"(?:shown|stated|listed|given|posted|here|above|below)"
    r"|gehaltsspanne|gehaltsband|fourchette|banda salarial|rango salarial)\b",
    re.IGNORECASE,
)


def range_not_shown(document: Document) -> Iterator[Issue]:
    """Yields an issue for each pay section whose text speaks of a range, but that has no range and
    no amount."""
    for section in document.sections:
        if speaks_of_missing_range(section):
            yield Issue(
                "range_not_shown",
                section,
                _("The text refers to a pay range, but the section shows none."),
                _("Add the range, or change the text."),
                IssueAction("go_to_new_pay", (section.uid,)),
            )


def speaks_of_missing_range(section: DocumentSection) -> bool:
    """Returns whether it is a pay section whose text refers to a range that it doesn't show."""
    if section.kind != "pay" or section.pay_ranges:
        return False
    text = "\n".join(section.texts())
    return bool(_RANGE.search(text)) and not missing_content.states_amount(text)
