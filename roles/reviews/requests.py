"""Ask for a review, go into the next round, change its date, withdraw it."""

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
from roles.reviews import actors, approval, approval_status, assignments, notify
from roles.reviews.actors import Actor
from roles.reviews.assignments import ReviewerRequest

OPEN_DAYS = 60  # for which a review without a due date stays open
FAR = timedelta(days=10 * 366)  # from today: the last due date
GRACE_DAYS = 30  # for which one stays open after its due date


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
    """Open a review of a job description's newest version. Raises drafting.Refused where one
    is open, a newer version was saved, it is archived, a reviewer is not possible (see
    seats.check), a part of the text would be approved by nobody, or the due date is past."""
    with transaction.atomic():
        description = JobDescription.objects.select_for_update().get(pk=version.description_id)
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
        )
        review.full_clean(validate_unique=False, validate_constraints=False)
        review.save()
        Round.objects.create(review=review, number=1, version=version, note=note, by=by)
        for position, asked in enumerate(reviewers, 1):
            assignments.take_over(review, asked, version, position=position if in_order else 1)
        _refuse_uncovered(review, version)
        description.status = "in_review"
        description.save(update_fields=["status"])
        actors.record(
            by,
            "review.asked",
            review,
            review,
            number=version.number,
            due=due.isoformat() if due else None,
            reviewers=assignments.reminded_at(review),
            **({"rollout": rollout.pk} if rollout else {}),
        )
        approval.update_approval(review, Actor(user=by), is_told=rollout is None)
    return review


def next_round(*, review: Review, version: Version, by: User, note: str = "") -> Round:
    """Ask about a newer version: approvals of what did not change stand, and who approves what
    did is asked again. Raises drafting.Refused for a closed review, or a version that is not
    the newest or was asked about already."""
    with transaction.atomic():
        locked = actors.lock_review(review)
        actors.refuse_closed(locked, even_expired=False)
        last = locked.rounds.select_related("version").order_by("-number")[0]
        newest = locked.description.versions.defer("text").order_by("-number")[0]
        if version.pk != newest.pk:
            raise drafts.ActionRefused(_("A newer version was saved meanwhile. Send that one."))
        if version.number <= last.version.number:
            raise drafts.ActionRefused(_("The reviewers have this version already."))
        round = Round(review=locked, number=last.number + 1, version=version, note=note, by=by)
        round.full_clean(validate_unique=False, validate_constraints=False)
        round.save()
        approval.clear_waiting(locked)  # those still asked are asked anew, and told so
        actors.record(
            by, "review.round", locked, version, number=version.number, round=round.number
        )
        approval.update_approval(locked, Actor(user=by))
    return round


def reschedule(*, review: Review, due: date, by: User) -> Review:
    """Give another due date, which also opens an expired review again."""
    with transaction.atomic():
        locked = actors.lock_review(review)
        actors.refuse_closed(locked, even_expired=True)
        _refuse_past(due)
        locked.due, locked.expires = due, _expires(due)
        locked.save(update_fields=["due", "expires"])
        locked.reviewers.update(reminded_on=None)
        actors.record(by, "review.rescheduled", locked, locked, due=due.isoformat())
    return locked


def withdraw(*, review: Review, by: User, reason: str = "", is_told: bool = True) -> Review:
    """End it without an outcome; the door closes at once for all who were asked. `is_told`:
    whether they are told."""
    with transaction.atomic():
        locked = actors.lock_review(review)
        actors.refuse_closed(locked, even_expired=True)
        locked.state, locked.ended_at, locked.ended_by = "withdrawn", timezone.now(), by
        locked.end_reason = reason
        locked.full_clean(validate_unique=False, validate_constraints=False)
        locked.save()
        reached = Q(waiting_since__isnull=False) | Q(decisions__isnull=False)
        asked = (
            locked.reviewers.filter(reached, removal_reason="").select_related("user").distinct()
        )
        people = list(asked)
        approval.clear_waiting(locked)
        locked.reviewers.update(link_key="", code="")
        JobDescription.objects.filter(pk=locked.description_id, status="in_review").update(
            status="draft"
        )
        actors.record(by, "review.withdrawn", locked, locked)
        told = people if is_told else ()
        notify.notify(locked, "review.withdrawn", told, Actor(user=by))
    return locked


def uncovered(version: Version, reviewers: Sequence[ReviewerRequest]) -> list[str]:
    """What nobody of these would approve and what nobody has approved before, in words."""
    approvers = [asked for asked in reviewers if asked.role == "approver"]
    alone = [
        section
        for key, section in approval_hashes.section_hashes(version.document).items()
        if not any(not asked.sections or key in asked.sections for asked in approvers)
    ]
    return in_words(approval_status.unapproved(version.description_id, alone))


def lacking(
    version: Version, reviewers: Sequence[ReviewerRequest]
) -> list[list[approval_hashes.SectionHash]]:
    """For each of these, the parts of which they would really be asked: what they approved
    before stands, in whatever review they did."""
    sections = approval_hashes.section_hashes(version.document)
    said = approval_status.votes(version.description_id)
    found = []
    for asked in reviewers:
        who = approval_status.person(Reviewer(user=asked.user, email=asked.email.strip().lower()))
        held = approval_status.agreed((v for v in said if v.person == who), sections, asked.role)
        own = [key for key in sections if not asked.sections or key in asked.sections]
        found.append([sections[key] for key in own if key not in held])
    return found


def in_words(sections: Sequence[approval_hashes.SectionHash]) -> list[str]:
    """The names of parts for people."""
    names = {
        approval_hashes.FACTS: _("Job details"),
        approval_hashes.OUTLINE: _("Order of sections"),
    }
    return [names.get(section.key) or section.heading for section in sections]


def _refuse(description: JobDescription, version: Version, due: date | None) -> None:
    if description.status == "archived":
        raise drafts.ActionRefused(_("It is archived. Bring it back first."))
    if description.reviews.filter(state="open").exists():
        raise drafts.ActionRefused(_("A review is open already. Withdraw it before you ask anew."))
    newest = description.versions.order_by("-number").values_list("pk", flat=True)[0]
    if newest != version.pk:
        raise drafts.ActionRefused(_("A newer version was saved meanwhile. Ask about that one."))
    if hasattr(version, "approval"):
        raise drafts.ActionRefused(_("This version is approved already."))
    if due is not None:
        _refuse_past(due)


def _refuse_past(due: date) -> None:
    if due < timezone.localdate():
        raise drafts.ActionRefused(_("The due date is past. Choose today or a later day."))
    if due > timezone.localdate() + FAR:
        raise drafts.ActionRefused(_("The due date is too far away. Is the year right?"))


def _refuse_uncovered(review: Review, version: Version) -> None:
    asked = [
        ReviewerRequest(role=r.role, sections=tuple(r.sections)) for r in review.reviewers.all()
    ]
    if not any(one.role == "approver" for one in asked):
        raise drafts.ActionRefused(_("Name at least one approver."))
    missing = uncovered(version, asked)
    if missing:
        words = _("Nobody would approve: %s. Ask an approver about it, or about everything.")
        raise drafts.ActionRefused(words % ", ".join(missing))


def _expires(due: date | None) -> date:
    if due is None:
        return timezone.localdate() + timedelta(days=OPEN_DAYS)
    return due + timedelta(days=GRACE_DAYS)
