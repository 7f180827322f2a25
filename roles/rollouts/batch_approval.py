"""Actions on all reviews of a rollout: approve, request changes, make current, withdraw. Each
review has its own transaction; the results report refused ones."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from roles import drafts, permissions
from roles.models import (
    Decision,
    EffectivePeriod,
    Event,
    JobDescription,
    Review,
    Reviewer,
    Rollout,
    RolloutEntry,
    User,
)
from roles.reviews import approval_status, decisions, notify, requests
from roles.reviews.actor import Actor
from roles.versions import effective_periods
from roles.vocabulary import APPROVING


@dataclass(frozen=True)
class BatchResult:
    """The result for one job description: whether the action was done, and the reason if not; or
    why its review is still open."""

    description: JobDescription
    is_done: bool = True
    reason: str = ""


def shown_to(rollout: Rollout, user: User) -> QuerySet[RolloutEntry]:
    """Returns the entries that the person can see: their reviews, and, if they can start
    rollouts, all job descriptions that are visible to them."""
    mine = Q(review__in=Review.objects.requested_of(user))
    if permissions.may(user, "rollout.start"):
        mine |= Q(description__in=JobDescription.objects.visible_to(user).order_by().values("pk"))
    found = RolloutEntry.objects.filter(rollout=rollout).filter(mine)
    return found.select_related("description").order_by("description__reference")


def awaiting_decision(rollout: Rollout, by: User, kind: str) -> QuerySet[Reviewer]:
    """Returns this person's reviewer rows in open reviews of the rollout that don't have a decision
    of this kind yet."""
    same = APPROVING if kind in APPROVING else (kind,)
    later = Decision.objects.filter(reviewer=OuterRef("reviewer"), round=OuterRef("round"))
    newest = Decision.objects.filter(
        reviewer=OuterRef("pk"),
        round__version=OuterRef("review__rollout_entries__version"),
        kind__in=same,
    ).exclude(Exists(later.filter(pk__gt=OuterRef("pk"))))
    reviewers = Reviewer.objects.current().filter(user=by, review__in=_open(rollout))
    return reviewers.exclude(Exists(newest))


def approve_all(
    *, rollout: Rollout, by: User, references: Collection[str] | None = None
) -> list[BatchResult]:
    """Approves the rollout's version in all job descriptions that await this person (only those in
    `references`, if given)."""
    return _decide(rollout, by, "approve", "", references)


def ask_for_changes(*, rollout: Rollout, by: User, reason: str) -> list[BatchResult]:
    """Requests changes in all job descriptions, with one reason. Raises drafts.ActionRefused."""
    if not reason.strip():
        raise drafts.ActionRefused(_("Enter what should change."))
    return _decide(rollout, by, "ask_for_changes", reason, None)


def awaiting_effective_date(rollout: Rollout, by: User) -> QuerySet[RolloutEntry]:
    """Returns the entries that the person can see with an approved version and no effective
    date."""
    periods = EffectivePeriod.objects.filter(version=OuterRef("version"))
    found = shown_to(rollout, by).filter(version__approval__isnull=False)
    return found.exclude(Exists(periods))


def make_effective(*, rollout: Rollout, since: date, by: User) -> list[BatchResult]:
    """Makes the approved versions current from that date. Refused unless the person is the owner or
    an administrator."""

    def action(entry: RolloutEntry) -> None:
        description = entry.description
        if not permissions.may(by, "version.make_current", description.relations_of(by)):
            raise drafts.ActionRefused(_("Only its owner or an administrator can make it current."))
        assert entry.version is not None  # noqa: S101  # narrows the type
        entry.version.description = description
        effective_periods.make_effective(version=entry.version, since=since, by=by)

    found = awaiting_effective_date(rollout, by).select_related("version", "description__owner")
    found = found.prefetch_related("description__hiring_managers")
    results = [_result(entry.description, partial(action, entry)) for entry in found]
    _record(rollout, by, "rollout.effective", results, since=since.isoformat())
    return results


def withdraw(*, rollout: Rollout, reason: str, by: User) -> list[BatchResult]:
    """Withdraws the open reviews of job descriptions that the person can edit. The new versions
    stay unapproved; the next rollout includes them."""

    def action(review: Review) -> None:
        may = permissions.may(by, "review.request", review.description.relations_of(by))
        if not may:
            raise drafts.ActionRefused(_("You can’t withdraw this review."))
        requests.withdraw(review=review, by=by, reason=reason, should_notify=False)

    visible = JobDescription.objects.visible_to(by).order_by().values("pk")
    reviews = _open(rollout).filter(description__in=visible).select_related("description")
    reviews = reviews.prefetch_related("description__hiring_managers")
    waiting = Reviewer.objects.pending().filter(review__in=reviews)
    asked = list(User.objects.filter(pk__in=waiting.values("user")))
    results = [_result(r.description, partial(action, r)) for r in reviews]
    done = _record(rollout, by, "rollout.withdrawn", results)
    if done:
        notify.notify_of_rollout(rollout, "rollout.withdrawn", asked, by, count=done)
    return results


def _open(rollout: Rollout) -> QuerySet[Review]:
    return Review.objects.open().filter(rollout=rollout)


def _decide(
    rollout: Rollout, by: User, kind: str, text: str, references: Collection[str] | None
) -> list[BatchResult]:
    reviewers = awaiting_decision(rollout, by, kind).select_related(
        "user", "review__description__owner"
    )
    if references is not None:
        reviewers = reviewers.filter(review__description__reference__in=references)
    entries = {entry.review_id: entry for entry in RolloutEntry.objects.filter(rollout=rollout)}
    owners: list[User] = []
    results = []
    for reviewer in reviewers.order_by("review__description__reference"):
        entry = entries[reviewer.review_id]
        description = reviewer.review.description
        owners.append(description.owner)
        results.append(_result(description, partial(_decide_one, reviewer, entry, kind, text, by)))
    done = _record(rollout, by, "rollout.decided", results, kind=kind)
    if done:
        notify.notify_of_rollout(
            rollout, "rollout.decided", [rollout.by, *owners], by, kind=kind, count=done
        )
    return results


def _decide_one(reviewer: Reviewer, entry: RolloutEntry, kind: str, text: str, by: User) -> str:
    round = reviewer.review.rounds.get(version=entry.version)
    decisions.decide(
        reviewer=reviewer,
        round=round.number,
        kind=kind,
        text=text,
        by=Actor(user=by),
        should_notify=False,
    )
    review = Review.objects.select_related("description").get(pk=reviewer.review_id)
    return _why_open(review) if kind in APPROVING and review.is_open else ""


def _why_open(review: Review) -> str:
    """Returns why a review is still open after this person's approval."""
    open_words = approval_status.status_of(review).open_words
    if open_words:
        message = _("The version isn’t approved yet. Blanks to fill in: %s.")
        return message % ", ".join(open_words)
    return _("The version isn’t approved yet. Other reviewers haven’t decided.")


def _result(description: JobDescription, action: Callable[[], str | None]) -> BatchResult:
    try:
        message = action()
    except drafts.ActionRefused as refused:
        return BatchResult(description, is_done=False, reason=refused.message)
    return BatchResult(description, reason=message or "")


def _record(rollout: Rollout, by: User, verb: str, results: list[BatchResult], **what: str) -> int:
    """Records an event for the rollout. Returns the number of successful results."""
    done = sum(outcome.is_done for outcome in results)
    if results:
        failed = len(results) - done
        with transaction.atomic():
            Event.objects.record(by=by, verb=verb, about=rollout, done=done, failed=failed, **what)
    return done
