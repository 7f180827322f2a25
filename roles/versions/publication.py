"""The public page of the current version, and the open vacancy."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import drafts
from roles.models import Event, JobDescription, User
from roles.versions import effective_periods, prepared_files


def publish(
    *,
    description: JobDescription,
    is_public: bool,
    date_posted: date | None,
    valid_through: date | None,
    by: User,
) -> JobDescription:
    """Set whether the current version has a public page, and the first and last day to apply
    (inclusive; None: not open). Raises drafts.ActionRefused for an archived job description, a
    public page of a confidential one, one date without the other, or a last day before the
    first."""
    with transaction.atomic():
        locked = JobDescription.objects.lock(description.pk)
        if locked.status == "archived":
            raise drafts.ActionRefused(drafts.ARCHIVED)
        if is_public and locked.confidential:
            raise drafts.ActionRefused(
                _("A confidential job description can’t have a public page.")
            )
        if (date_posted is None) != (valid_through is None):
            raise drafts.ActionRefused(_("Enter both the first and the last day to apply."))
        if date_posted and valid_through and valid_through < date_posted:
            raise drafts.ActionRefused(_("The last day can’t be before the first day."))
        locked.is_public = is_public
        locked.date_posted, locked.valid_through = date_posted, valid_through
        locked.save(update_fields=["is_public", "date_posted", "valid_through"])
        Event.objects.record(
            by=by,
            verb="description.published" if is_public else "description.unpublished",
            about=locked,
            chain=locked.reference,
            date_posted=date_posted.isoformat() if date_posted else None,
            valid_through=valid_through.isoformat() if valid_through else None,
        )
        current = effective_periods.current_on(locked, timezone.localdate())
        if is_public and current is not None:
            prepared_files.request(current)
    return locked
