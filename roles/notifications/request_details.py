"""What an email says about a request: as what, which sections, until when, and the note of the
author, which is meant for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles.models import Notification, Rollout
from roles.reviews import approval_status, section_names

ROLE_HELP = {
    "approver": gettext_lazy("Approver. The version needs your approval."),
    "commenter": gettext_lazy("Commenter. You can comment, but your approval isn’t required."),
}


@dataclass(frozen=True, slots=True)
class RequestDetails:
    """What an email says about a request; empty where it says nothing. `note_by` wrote the note."""

    role: str = ""
    sections: str = ""
    due: date | None = None
    note: str = ""
    note_by: str = ""


def details(row: Notification) -> RequestDetails | None:
    """Returns the details of a request of the current round of a review, or of a rollout; None for
    other notifications."""
    if row.verb == "rollout.asked":
        rollout = Rollout.objects.select_related("by").filter(pk=row.what.get("rollout")).first()
        if rollout is None:
            return None
        return RequestDetails(due=rollout.due, note=rollout.note, note_by=str(rollout.by))
    if row.verb != "review.asked" or row.review is None or row.reviewer is None:
        return None
    status = approval_status.status_of(row.review)
    progress = status.progress_of(row.reviewer)
    if progress is None:
        return None
    return RequestDetails(
        role=str(ROLE_HELP[row.reviewer.role]),
        sections=_sections(progress),
        due=row.review.due,
        note=status.round.note,
        note_by=str(status.round.by),
    )


def _sections(progress: approval_status.ReviewerProgress) -> str:
    """Returns the names of the sections that they still have to decide on."""
    if not progress.reviewer.sections and not progress.completed:
        return _("All sections, including pay")
    return ", ".join(section_names.names(progress.pending_sections))
