"""The check for empty sections."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from roles.document import Document
from roles.quality.issue import Issue


def empty_sections(document: Document) -> Iterator[Issue]:
    """Yields an issue for each empty section, because exports leave it out."""
    for section in document.sections:
        if document.is_empty(section):
            yield Issue(
                "empty_section",
                section,
                _("This section is empty and won’t appear in the document."),
                _("Add a line or remove the section."),
            )
