"""The reviews of a rollout together: approve all, ask for changes, make current, withdraw. Each
review is a transaction of its own; the results report the refused ones."""

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
    """The result for one job description of the batch: whether it was done, and the reason why not,
    or a remark."""

    description: JobDescription
    is_done: bool = True
    reason: str = ""


def shown_to(rollout: Rollout, user: User) -> QuerySet[RolloutEntry]:
    """Returns the entries that the person may see: job descriptions they see if they can start
    rollouts, and reviews they are asked in."""
    mine = Q(review__in=Review.objects.requested_of(user))
    if permissions.may(user, "rollout.start"):
        mine |= Q(description__in=JobDescription.objects.visible_to(user).order_by().values("pk"))
    found = RolloutEntry.objects.filter(rollout=rollout).filter(mine)
    return found.select_related("description").order_by("description__reference")


def awaiting_decision(rollout: Rollout, by: User, kind: str) -> QuerySet[Reviewer]:
    """Returns this person's reviewer rows in open reviews of the batch that have no such decision
    yet."""
    same = APPROVING if kind in APPROVING else (kind,)
    later = Decision.objects.filter(reviewer=OuterRef("reviewer"), round=OuterRef("round"))
    newest = Decision.objects.filter(
        reviewer=OuterRef("pk"),
        round__version=OuterRef("review__rollout_entries__version"),
        kind__in=same,
    ).exclude(Exists(later.filter(pk__gt=OuterRef("pk"))))
    reviewers = Reviewer.objects.filter(user=by, removal_reason="", review__in=_open(rollout))
    return reviewers.exclude(Exists(newest))


def approve_all(
    *, rollout: Rollout, by: User, references: Collection[str] | None = None
) -> list[BatchResult]:
    """Approves the new wording in all job descriptions of the batch where this person is pending
    (of `references`, if given), in the version that the rollout made."""
    return _decide(rollout, by, "approve", "", references)


def ask_for_changes(*, rollout: Rollout, by: User, reason: str) -> list[BatchResult]:
    """Ask for changes, with one reason for the whole batch."""
    if not reason.strip():
        raise drafts.ActionRefused(_("Enter what should change."))
    return _decide(rollout, by, "ask_for_changes", reason, None)


def awaiting_effective_date(rollout: Rollout, by: User) -> QuerySet[RolloutEntry]:
    """Returns the entries that the person sees whose version is approved and has no effective
    date."""
    periods = EffectivePeriod.objects.filter(version=OuterRef("version"))
    found = shown_to(rollout, by).filter(version__approval__isnull=False)
    return found.exclude(Exists(periods))


def make_effective(*, rollout: Rollout, since: date, by: User) -> list[BatchResult]:
    """Makes the approved versions of the batch current from that day, where the person may: owners
    and administrators."""

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
    """Withdraws the open reviews of the batch whose job descriptions the person may edit. The new
    versions stay, unapproved; the next rollout includes them."""

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
    """Why a review that this person approved is still open."""
    open_words = approval_status.status_of(review).open_words
    if open_words:
        message = _("The version isn’t approved yet. Blanks to fill in: %s.")
        return message % ", ".join(open_words)
    return _("The version isn’t approved yet. Other reviewers haven’t decided.")


def _result(description: JobDescription, action: Callable[[], str | None]) -> BatchResult:
    try:
        remark = action()
    except drafts.ActionRefused as refused:
        return BatchResult(description, is_done=False, reason=refused.message)
    return BatchResult(description, reason=remark or "")


def _record(rollout: Rollout, by: User, verb: str, results: list[BatchResult], **what: str) -> int:
    """Records an event about the batch; returns how many were done."""
    done = sum(outcome.is_done for outcome in results)
    if results:
        failed = len(results) - done
        with transaction.atomic():
            Event.objects.record(by=by, verb=verb, about=rollout, done=done, failed=failed, **what)
    return done
