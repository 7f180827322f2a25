"""The issues of a draft: those of its document, and those that only its rows show."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import formats
from django.utils.translation import gettext as _

from roles import quality
from roles.assembly import DraftRows
from roles.document import Document
from roles.editions import Edition
from roles.exporters import apply_link
from roles.models import JobDescription
from roles.quality import missing_content
from roles.quality.issue import Issue, IssueAction


def issues(rows: DraftRows, document: Document) -> list[Issue]:
    """Returns the issues of a draft, assembled from these rows as this document."""
    edition = Edition(rows.description.reference, apply_to=rows.organization.apply_to)
    printed = apply_link.with_default(document, edition)
    return [
        *_undecided_audiences(rows, document),
        *_closed_vacancy(rows.description),
        *(() if edition.apply_to else missing_content.no_address_to_apply(document)),
        *quality.issues(printed),
    ]


def _undecided_audiences(rows: DraftRows, document: Document) -> Iterator[Issue]:
    """Yields an issue for each section for which no one has chosen who sees it: pay."""
    undecided = {section.uid for section in rows.sections if not section.audience}
    for section in document.sections:
        if section.uid in undecided:
            yield Issue(
                "undecided_audience",
                section,
                _("No one has chosen who can see it. Until then, the public can’t."),
                _("Choose who can see it."),
            )


def _closed_vacancy(description: JobDescription) -> Iterator[Issue]:
    """Yields an issue for a public page that no longer takes applications."""
    if description.is_public and description.was_open and description.valid_through:
        day = formats.date_format(description.valid_through, "DATE_FORMAT")
        yield Issue(
            "closed_vacancy",
            None,
            _("Applications closed on %s. The public page has no Apply button.") % day,
            _("If the position is open again, change the dates under Publish."),
            IssueAction("go_to_job_description"),
        )
