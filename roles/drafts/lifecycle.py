"""The people of a job description, and archiving, unarchiving and deleting it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import people
from roles.drafts.errors import ActionRefused
from roles.models import (
    EffectivePeriod,
    Event,
    JobDescription,
    PlaceholderAnswer,
    Review,
    Reviewer,
    RolloutEntry,
    User,
)
from roles.models.draft_text import forget_usage
from roles.models.event import REST


def assign_people(
    *,
    description: JobDescription,
    owner: User,
    hiring_managers: Iterable[User],
    confidential: bool,
    review_by: date | None,
    by: User,
) -> JobDescription:
    """Set the owner, the hiring managers, whether only they see the job description, and its
    review date. Raises ActionRefused for a closed account, and if a job description with a public
    page would become confidential."""
    managers = sorted(hiring_managers, key=lambda user: user.pk)
    with transaction.atomic():
        accounts = people.lock([owner, *managers])  # one may be deactivated at the same time
        if not all(user.is_active for user in accounts.values()):
            raise ActionRefused(_("One of these accounts is deactivated. Choose someone else."))
        locked = JobDescription.objects.lock(description.pk)
        if confidential and locked.is_public:
            raise ActionRefused(_("This job description has a public page. Remove the page first."))
        locked.owner = owner
        locked.confidential = confidential
        locked.review_by = review_by
        locked.save(update_fields=["owner", "confidential", "review_by"])
        locked.hiring_managers.set(managers)
        Event.objects.record(
            by=by,
            verb="people.assigned",
            about=locked,
            chain=locked.reference,
            owner=owner.pk,
            hiring_managers=[user.pk for user in managers],
            confidential=confidential,
            review_by=review_by.isoformat() if review_by else None,
        )
    return locked


def archive(*, description: JobDescription, by: User) -> JobDescription:
    """Archive the job description: it can be read and not changed, no version of it is current
    from today on, its public page is removed, and an open review is withdrawn. Does nothing if it
    is archived already."""
    with transaction.atomic():
        archived = _set_status(description, "archived", "description.archived", by)
        _end_review(archived, by)
        today = timezone.localdate()
        rows = EffectivePeriod.objects.filter(description=archived)
        rows.filter(since__gte=today).delete()
        rows.exclude(until__lte=today).update(until=today)
        if archived.is_public or archived.date_posted:
            archived.is_public, archived.date_posted, archived.valid_through = False, None, None
            archived.save(update_fields=["is_public", "date_posted", "valid_through"])
    return archived


def unarchive(*, description: JobDescription, by: User) -> JobDescription:
    """Restore the job description as a draft. Does nothing if it is not archived. Raises
    ActionRefused if its owner's account is closed."""
    with transaction.atomic():
        locked = JobDescription.objects.lock(description.pk)
        if locked.status != "archived":
            return locked
        if not locked.owner.is_active:
            raise ActionRefused(_("The owner’s account is deactivated. Choose a new owner first."))
        return _set_status(locked, "draft", "description.unarchived", by)


def delete_draft(*, description: JobDescription, by: User) -> None:
    """Delete a job description that has no version; its reference is never used again. Raises
    ActionRefused if it has one: it can be archived instead."""
    with transaction.atomic():
        locked = JobDescription.objects.lock(description.pk)
        if locked.versions.exists():
            raise ActionRefused(_("This job description has versions. Archive it instead."))
        # Its own chain ends here; the chain of the organization keeps a record of it.
        for chain in (locked.reference, REST):
            Event.objects.record(
                by=by,
                verb="description.deleted",
                about=locked,
                chain=chain,
                reference=locked.reference,
            )
        PlaceholderAnswer.objects.filter(description=locked).delete()
        RolloutEntry.objects.filter(description=locked).delete()  # it was left out
        forget_usage(locked)
        locked.delete()


def _end_review(description: JobDescription, by: User) -> None:
    """Withdraw the open review: its reviewers and links have no access any more."""
    reviewers = Reviewer.objects.filter(review__description=description, review__state="open")
    reviewers.update(waiting_since=None, link_key="", code="")
    for review in Review.objects.filter(description=description, state="open"):
        review.state, review.ended_at, review.ended_by = "withdrawn", timezone.now(), by
        review.awaits_author = False
        review.save(update_fields=["state", "ended_at", "ended_by", "awaits_author"])
        Event.objects.record(
            by=by,
            verb="review.withdrawn",
            about=review,
            chain=description.reference,
            review=review.pk,
        )


def _set_status(description: JobDescription, status: str, verb: str, by: User) -> JobDescription:
    with transaction.atomic():
        locked = JobDescription.objects.lock(description.pk)
        if locked.status == status:
            return locked
        old, locked.status = locked.status, status
        locked.save(update_fields=["status"])
        Event.objects.record(
            by=by, verb=verb, about=locked, chain=locked.reference, old=old, status=status
        )
    return locked
