"""What surrounds a draft: who owns it, who reads it, whether it is kept."""

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
    User,
)
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
    """Say who owns the job description, which hiring managers it names, whether only those
    see it, and until when it is to be looked at again. Raises Refused for a closed account, and
    where one with a public page were to become confidential."""
    managers = sorted(hiring_managers, key=lambda user: user.pk)
    with transaction.atomic():
        accounts = people.lock([owner, *managers])  # one may be deactivated at this moment
        if not all(user.is_active for user in accounts.values()):
            raise ActionRefused(_("One of these accounts is closed. Choose another person."))
        locked = _locked(description)
        if confidential and locked.is_public:
            raise ActionRefused(_("It has a public page. Take that off first."))
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
    """Put it away: it can be read, not changed, no version of it holds from today on, and the
    public no longer sees it; a review of it ends. Does nothing where it already is."""
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
    """Bring it back as a draft. Does nothing where it is not archived. Raises Refused where its
    owner has left: nobody would answer for it."""
    with transaction.atomic():
        locked = _locked(description)
        if locked.status != "archived":
            return locked
        if not locked.owner.is_active:
            raise ActionRefused(
                _("Its owner’s account is closed. Give it to somebody else first (Change people).")
            )
        return _set_status(locked, "draft", "description.unarchived", by)


def delete_draft(*, description: JobDescription, by: User) -> None:
    """Delete a job description that has no version; its reference is never given again.
    Raises Refused where it has one: what was saved once is archived instead."""
    with transaction.atomic():
        locked = _locked(description)
        if locked.versions.exists():
            raise ActionRefused(_("This job description has versions. Archive it instead."))
        # Its own chain ends here; the chain of the rest tells that it was there.
        for chain in (locked.reference, REST):
            Event.objects.record(
                by=by,
                verb="description.deleted",
                about=locked,
                chain=chain,
                reference=locked.reference,
            )
        PlaceholderAnswer.objects.filter(description=locked).delete()
        locked.delete()


def _end_review(description: JobDescription, by: User) -> None:
    """Withdraw the open review of what nobody works at any more: nobody waits, no link opens."""
    reviewers = Reviewer.objects.filter(review__description=description, review__state="open")
    reviewers.update(waiting_since=None, link_key="", code="")
    for review in Review.objects.filter(description=description, state="open"):
        review.state, review.ended_at, review.ended_by = "withdrawn", timezone.now(), by
        review.save(update_fields=["state", "ended_at", "ended_by"])
        Event.objects.record(
            by=by,
            verb="review.withdrawn",
            about=review,
            chain=description.reference,
            review=review.pk,
        )


def _set_status(description: JobDescription, status: str, verb: str, by: User) -> JobDescription:
    with transaction.atomic():
        locked = _locked(description)
        if locked.status == status:
            return locked
        old, locked.status = locked.status, status
        locked.save(update_fields=["status"])
        Event.objects.record(
            by=by, verb=verb, about=locked, chain=locked.reference, old=old, status=status
        )
    return locked


def _locked(description: JobDescription) -> JobDescription:
    return JobDescription.objects.select_for_update().get(pk=description.pk)
