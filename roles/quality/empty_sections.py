"""The check for empty sections."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from roles.document import Document, DocumentSection
from roles.quality.issue import GO_TO_SECTION, Issue, IssueAction

# Every job description should have these, so they are better filled in than removed.
WANTED = ("facts", "summary", "responsibilities", "skills", "qualifications", "pay", "apply")


def empty_sections(document: Document) -> Iterator[Issue]:
    """Yields an issue for each empty section, because exports leave it out."""
    for section in document.sections:
        if document.is_empty(section):
            yield Issue(
                "empty_section",
                section,
                _("This section is empty and won’t appear in the document."),
                *_fix(section),
            )


def _fix(section: DocumentSection) -> tuple[str, IssueAction]:
    if section.kind in WANTED:
        return _("Fill it in."), GO_TO_SECTION
    return _("Add a line or remove the section."), IssueAction("remove_section", (section.uid,))
