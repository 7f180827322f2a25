"""Opens a review, sends the next version to its reviewers, reschedules and withdraws it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import drafts
from roles.comparison import approval_hashes
from roles.models import JobDescription, Review, Reviewer, Rollout, Round, User, Version
from roles.reviews import (
    approval,
    approval_status,
    assignments,
    notify,
    review_events,
    review_lock,
    section_names,
)
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest

OPEN_DAYS = 60  # after which a review without a due date expires
GRACE_DAYS = 30  # after the due date, when a review expires
LAST_DUE = timedelta(days=10 * 366)  # from today to the last due date that is accepted


def request_review(
    *,
    version: Version,
    reviewers: Sequence[ReviewerRequest],
    by: User,
    in_order: bool = False,
    due: date | None = None,
    note: str = "",
    rollout: Rollout | None = None,
) -> Review:
    """Opens a review of a job description's newest version. Raises drafts.ActionRefused if one is
    open, a newer version was saved, the job description is archived, a reviewer is invalid (see
    assignments.create), a section would have no approver, or the due date is past."""
    with transaction.atomic():
        description = JobDescription.objects.lock(version.description_id)
        version.description = description
        _refuse(description, version, due)
        review = Review(
            description=description,
            rollout=rollout,
            in_order=in_order,
            note=note,
            due=due,
            expires=_expires(due),
            requested_by=by,
            version_number=version.number,
            title=version.title,
        )
        review.full_clean(validate_unique=False, validate_constraints=False)
        review.save()
        Round.objects.create(review=review, number=1, version=version, note=note, by=by)
        for position, asked in enumerate(reviewers, 1):
            assignments.create(review, asked, version, position=position if in_order else 1)
        _refuse_uncovered(review, version)
        description.status = "in_review"
        description.save(update_fields=["status"])
        _record_request(review, version)
        approval.update(review, Actor(user=by), should_notify=rollout is None)
    return review


def next_round(*, review: Review, version: Version, by: User, note: str = "") -> Round:
    """Sends a newer version to the reviewers: approvals of unchanged sections stay, and the
    approvers of changed ones are asked again. Raises drafts.ActionRefused for a closed review,
    or a version that is not the newest or is under review already."""
    with transaction.atomic():
        locked = review_lock.lock_open(review)
        last = locked.current_round()
        _refuse_superseded(version, locked.description)
        if version.number <= last.version.number:
            raise drafts.ActionRefused(_("Reviewers already have this version."))
        round = Round(review=locked, number=last.number + 1, version=version, note=note, by=by)
        round.full_clean(validate_unique=False, validate_constraints=False)
        round.save()
        locked.round_number, locked.version_number = round.number, version.number
        locked.title = version.title
        locked.save(update_fields=["round_number", "version_number", "title"])
        approval.clear_pending(locked)  # so that pending reviewers are notified of this round
        review_events.record(
            by, "review.round", locked, version, number=version.number, round=round.number
        )
        approval.update(locked, Actor(user=by))
    return round


def reschedule(*, review: Review, due: date, by: User) -> Review:
    """Sets another due date, which also reopens an expired review. Raises drafts.ActionRefused
    for a review that has ended, or a date that is past or too far away."""
    with transaction.atomic():
        locked = review_lock.lock_open(review, even_expired=True)
        refuse_date(due)
        locked.due, locked.expires = due, _expires(due)
        locked.save(update_fields=["due", "expires"])
        locked.reviewers.update(reminded_on=None)
        review_events.record(by, "review.rescheduled", locked, locked, due=due.isoformat())
    return locked


def withdraw(*, review: Review, by: User, reason: str = "", should_notify: bool = True) -> Review:
    """Ends a review without an outcome and closes it to its reviewers; `should_notify`: whether
    its reviewers so far are notified. Raises drafts.ActionRefused if it has ended."""
    with transaction.atomic():
        locked = review_lock.lock_open(review, even_expired=True)
        locked.state, locked.ended_at, locked.ended_by = "withdrawn", timezone.now(), by
        locked.end_reason, locked.awaits_author = reason, False
        locked.full_clean(validate_unique=False, validate_constraints=False)
        locked.save()
        asked_so_far = Q(waiting_since__isnull=False) | Q(decisions__isnull=False)
        current = locked.reviewers.current().filter(asked_so_far)
        people = list(current.select_related("user").distinct()) if should_notify else []
        approval.clear_pending(locked)
        locked.reviewers.update(link_key="", code="")
        JobDescription.objects.filter(pk=locked.description_id, status="in_review").update(
            status="draft"
        )
        review_events.record(by, "review.withdrawn", locked, locked)
        notify.notify(locked, "review.withdrawn", people, Actor(user=by))
    return locked


def uncovered(version: Version, reviewers: Sequence[ReviewerRequest]) -> list[str]:
    """Returns the names of sections that changed since the last approval and have no approver among
    these reviewers."""
    approvers = [asked for asked in reviewers if asked.role == "approver"]
    without_approver = [
        section
        for key, section in approval_hashes.section_hashes(version.document).items()
        if not any(not asked.sections or key in asked.sections for asked in approvers)
    ]
    return section_names.names(approval_status.unapproved(version.description_id, without_approver))


def pending_sections(
    version: Version, reviewers: Sequence[ReviewerRequest]
) -> list[list[approval_hashes.SectionHash]]:
    """Returns, for each reviewer, the sections they would have to decide on. Sections they approved
    in any review stay approved while unchanged."""
    sections = approval_hashes.section_hashes(version.document)
    votes = approval_status.votes(version.description_id)
    found = []
    for asked in reviewers:
        person = approval_status.person(
            Reviewer(user=asked.user, email=asked.email.strip().lower())
        )
        own = (vote for vote in votes if vote.person == person)
        completed = approval_status.completed(own, sections, asked.role)
        covered = [key for key in sections if not asked.sections or key in asked.sections]
        found.append([sections[key] for key in covered if key not in completed])
    return found


def _record_request(review: Review, version: Version) -> None:
    review_events.record(
        review.requested_by,
        "review.asked",
        review,
        review,
        number=version.number,
        due=review.due.isoformat() if review.due else None,
        reviewers=assignments.for_event(review),
        **({"rollout": review.rollout_id} if review.rollout_id else {}),
    )


def _refuse(description: JobDescription, version: Version, due: date | None) -> None:
    if description.status == "archived":
        raise drafts.ActionRefused(drafts.ARCHIVED)
    if description.reviews.filter(state="open").exists():
        raise drafts.ActionRefused(
            _("A review is already open. Withdraw it before you request another.")
        )
    _refuse_superseded(version, description)
    if hasattr(version, "approval"):
        raise drafts.ActionRefused(_("This version is already approved."))
    if due is not None:
        refuse_date(due)


def _refuse_superseded(version: Version, description: JobDescription) -> None:
    newest = description.versions.order_by("-number").values_list("pk", flat=True)[0]
    if newest != version.pk:
        raise drafts.ActionRefused(_("A newer version was saved. Send that one instead."))


def refuse_date(due: date) -> None:
    """Raises drafts.ActionRefused if the due date is in the past or too far away."""
    if due < timezone.localdate():
        raise drafts.ActionRefused(_("The due date is in the past. Choose today or later."))
    if due > timezone.localdate() + LAST_DUE:
        raise drafts.ActionRefused(_("The due date is too far in the future. Check the year."))


def _refuse_uncovered(review: Review, version: Version) -> None:
    asked = [
        ReviewerRequest(role=r.role, sections=tuple(r.sections)) for r in review.reviewers.all()
    ]
    if not any(one.role == "approver" for one in asked):
        raise drafts.ActionRefused(_("Add at least one approver."))
    missing = uncovered(version, asked)
    if missing:
        message = _("No approver is assigned to: %s. Assign one before you send this for review.")
        raise drafts.ActionRefused(message % ", ".join(missing))


def _expires(due: date | None) -> date:
    if due is None:
        return timezone.localdate() + timedelta(days=OPEN_DAYS)
    return due + timedelta(days=GRACE_DAYS)
