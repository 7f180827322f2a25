"""The check for placeholders to fill in."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from roles.document import Document
from roles.quality.issue import Issue, IssueAction

NAMED = 5  # of them in the sentence


def blank_placeholders(document: Document) -> Iterator[Issue]:
    """Yields one issue for all blank placeholders in brackets: they block approval."""
    found = list(dict.fromkeys(f"[{p.placeholder.raw}]" for p in document.open_placeholders()))
    if found:
        named = ", ".join(found[:NAMED]) + (", …" if len(found) > NAMED else "")
        yield Issue(
            "blank_placeholders",
            None,
            _("Blank placeholders: %s. A version with blanks can’t be approved.") % named,
            _("Fill them in."),
            IssueAction("go_to_placeholders"),
        )
