"""After every deed in a review: approved, or who is waited for next."""

from __future__ import annotations

from django.utils import timezone

from roles.models import Approval, JobDescription, Review, Reviewer, User
from roles.reviews import actors, approval_status, notify
from roles.reviews.actors import Actor


def update_approval(
    review: Review, by: Actor, *, asks: Actor | None = None, is_told: bool = True
) -> approval_status.ApprovalStatus:
    """Draw the consequences of what was just done; inside the deed's transaction, with the job
    description locked. A version is approved when every part holds every approval and no
    placeholder is open; otherwise each seat is marked as waited for or not, and those whom the
    review reaches are told, as asked by `asks` (None: by who did it). `is_told`: whether anybody
    is (a roll-out tells of all its reviews together)."""
    found = approval_status.status_of(review)
    if review.is_open and found.is_complete:
        _approve(found, by, is_told)
    _mark_waiting(found, asks or by, is_told)
    return found


def _approve(found: approval_status.ApprovalStatus, by: Actor, is_told: bool) -> None:
    review, version = found.review, found.round.version
    Approval.objects.get_or_create(version=version, defaults={"review": review})
    review.state, review.ended_at, review.ended_by = "approved", timezone.now(), by.user
    review.save(update_fields=["state", "ended_at", "ended_by"])
    later = review.description.versions.filter(number__gt=version.number)  # saved, and not sent
    status = "draft" if later.exists() else "approved"
    JobDescription.objects.filter(pk=review.description_id).update(status=status)
    actors.record(
        by,
        "version.approved",
        review,
        version,
        number=version.number,
        sha256=version.sha256,
        sections={section.key: section.content_hash for section in found.sections.values()},
    )
    if not is_told:
        return
    people: list[User | Reviewer] = [*notify.authors(review)]
    people += [assignment.reviewer for assignment in found.assignments]
    notify.notify(review, "review.approved", people, by, number=version.number)


def _mark_waiting(found: approval_status.ApprovalStatus, by: Actor, is_told: bool) -> None:
    now = timezone.now()
    reached: list[Reviewer] = []
    for assignment in found.assignments:
        reviewer = assignment.reviewer
        should = found.review.is_open and assignment.is_waited_for
        if should == (reviewer.waiting_since is not None):
            continue
        reviewer.waiting_since = now if should else None
        reviewer.reminded_on = None
        reviewer.save(update_fields=["waiting_since", "reminded_on"])
        if should:
            reached.append(reviewer)
    notify.notify(
        found.review,
        "review.asked",
        reached if is_told else (),
        by,
        round=found.round.number,
        number=found.round.version.number,
    )


def clear_waiting(review: Review) -> None:
    """Nobody is waited for any more."""
    review.reviewers.exclude(waiting_since=None).update(waiting_since=None)
