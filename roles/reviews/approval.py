"""Applies the approval status after every change of a review: approves the version, or marks and
notifies the pending reviewers. `approval_status` computes the status."""

from __future__ import annotations

from django.utils import timezone

from roles.models import Approval, JobDescription, Review, Reviewer, User
from roles.reviews import approval_eligibility, approval_status, notify, review_events
from roles.reviews.actor import Actor
from roles.reviews.approval_status import ApprovalStatus


def update(
    review: Review, by: Actor, *, asked_by: Actor | None = None, should_notify: bool = True
) -> ApprovalStatus:
    """Updates a review after an action, inside its transaction and with the job description locked.
    A version is approved when every section has every approval and no placeholder is blank.
    Otherwise each reviewer is marked as pending or not, and those who become pending are notified
    in the name of `asked_by` (None: of `by`). `should_notify`: False for rollouts, which notify of
    all their reviews together."""
    status = approval_status.status_of(review)
    if review.is_open and status.is_complete:
        _approve(status, by, should_notify=should_notify)
    newly_pending = _mark_pending(status)
    Review.objects.filter(pk=review.pk).store_waiting()
    if should_notify:
        notify.notify(
            review,
            "review.asked",
            newly_pending,
            asked_by or by,
            round=status.round.number,
            number=status.round.version.number,
        )
    return status


def clear_pending(review: Review) -> None:
    """Marks all reviewers as not pending."""
    review.reviewers.exclude(waiting_since=None).update(waiting_since=None)


def _approve(status: ApprovalStatus, by: Actor, *, should_notify: bool) -> None:
    review, version = status.review, status.round.version
    Approval.objects.get_or_create(version=version, defaults={"review": review})
    review.state, review.ended_at, review.ended_by = "approved", timezone.now(), by.user
    review.save(update_fields=["state", "ended_at", "ended_by"])
    has_newer = review.description.versions.filter(number__gt=version.number).exists()
    JobDescription.objects.filter(pk=review.description_id).update(
        status="draft" if has_newer else "approved"
    )
    review_events.record(
        by,
        "version.approved",
        review,
        version,
        number=version.number,
        sha256=version.sha256,
        sections={section.key: section.content_hash for section in status.sections.values()},
    )
    if should_notify:
        people: list[User | Reviewer] = [*notify.authors(review)]
        people += [progress.reviewer for progress in status.reviewers]
        notify.notify(review, "review.approved", people, by, number=version.number)


def _mark_pending(status: ApprovalStatus) -> list[Reviewer]:
    """Sets `waiting_since` of the reviewers. Returns those who became pending."""
    now = timezone.now()
    newly_pending: list[Reviewer] = []
    for progress in status.reviewers:
        reviewer = progress.reviewer
        is_pending = status.review.is_open and progress.is_pending
        if is_pending and reviewer.is_approver:  # the author must replace one who can't approve
            is_pending = not approval_eligibility.is_own_work(reviewer, status.round.version)
        if is_pending == (reviewer.waiting_since is not None):
            continue
        reviewer.waiting_since = now if is_pending else None
        reviewer.reminded_on = None
        reviewer.save(update_fields=["waiting_since", "reminded_on"])
        if is_pending:
            newly_pending.append(reviewer)
    return newly_pending
