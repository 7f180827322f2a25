"""Reminders of reviews that are due soon, overdue or about to expire: one on each reminder day,
however often the command runs (manage.py send_reminders)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from roles.models import Notification, Review, Reviewer, Rollout, User
from roles.reviews import notify, review_lock

# Days after the due date (negative: before it) on which pending reviewers are reminded.
REVIEWER_DAYS = (-2, 1, 4, 7, 10, 13)
AUTHOR_DAYS = (1, 7)  # after the due date, on which the authors are notified
CLOSING_DAYS = 3  # before the review expires, when the authors are notified


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that was sent."""

    review: Review
    recipient: str  # by id, because logs have no names
    verb: str


def send_reminders(today: date | None = None) -> Iterator[Reminder]:
    """Sends the reminders of all open reviews for that day (default: today), each review in its own
    transaction."""
    day = today or timezone.localdate()
    soon = day - timedelta(days=REVIEWER_DAYS[0])
    near = Q(due__lte=soon) | Q(expires__lte=day + timedelta(days=CLOSING_DAYS))
    for key in Review.objects.open().filter(near).order_by("pk").values_list("pk", flat=True):
        yield from _remind_of(key, day)


def _remind_of(key: int, day: date) -> list[Reminder]:
    with transaction.atomic():
        found = Review.objects.select_related("description").get(pk=key)
        review = review_lock.lock(found)  # against concurrent actions and runs
        if not review.is_open or review.expires < day:
            return []
        return [*_reviewers(review, day), *_authors(review, day)]


def _reviewers(review: Review, day: date) -> Iterator[Reminder]:
    """Reminds pending reviewers who were not reminded since the last reminder day."""
    since = _last(review.due, REVIEWER_DAYS, day)
    if since is None:
        return
    reviewers = review.reviewers.pending()
    reviewers = reviewers.exclude(user__is_active=False)
    for reviewer in reviewers.select_related("user"):
        if (reviewer.reminded_on and reviewer.reminded_on >= since) or _asked_on(reviewer) >= since:
            continue
        Reviewer.objects.filter(pk=reviewer.pk).update(reminded_on=day)
        is_overdue = review.due is not None and review.due < day
        kind = "overdue" if is_overdue else "due_soon"
        if review.rollout is not None:
            yield from _remind_rollout(review, review.rollout, kind, [reviewer.user], since)
            continue
        notify.notify(
            review, f"review.{kind}", [reviewer], is_urgent=is_overdue, due=_iso(review.due)
        )
        yield Reminder(review, f"reviewer {reviewer.pk}", f"review.{kind}")


def _authors(review: Review, day: date) -> Iterator[Reminder]:
    """Reminds the authors that the review is overdue while approvers are pending, also deactivated
    ones, and that it is about to expire."""
    if review.rollout is not None:
        since = _last(review.due, AUTHOR_DAYS, day)
        if since is not None:
            yield from _remind_rollout(review, review.rollout, "late", [review.rollout.by], since)
        return
    is_waiting = review.reviewers.pending().filter(role="approver").exists()
    since = _last(review.due, AUTHOR_DAYS, day) if is_waiting else None
    if since is not None:
        details = {"due": _iso(review.due), "since": since.isoformat()}
        yield from _remind_authors(review, "review.late", details)
    if review.expires - timedelta(days=CLOSING_DAYS) <= day:
        yield from _remind_authors(
            review, "review.expiring", {"expires": review.expires.isoformat()}
        )


def _remind_authors(review: Review, verb: str, what: dict[str, Any]) -> Iterator[Reminder]:
    """Notifies the authors who haven't had this notification."""
    people = {user.pk: user for user in notify.authors(review) if user.is_active}
    for user in people.values():
        if not _was_sent(review, user, verb, what):
            notify.notify(review, verb, [user], is_urgent=True, **what)
            yield Reminder(review, f"account {user.pk}", verb)


def _remind_rollout(
    review: Review, rollout: Rollout, kind: str, people: list[User | None], since: date
) -> Iterator[Reminder]:
    """Sends one reminder for all reviews of a rollout that are due on the same day: there might be
    hundreds."""
    details = {"due": _iso(review.due), "since": since.isoformat()}
    verb = f"rollout.{kind}"
    Rollout.objects.select_for_update().get(pk=rollout.pk)  # against a concurrent run
    for user in people:
        known = Notification.objects.filter(user=user, verb=verb, what__rollout=rollout.pk)
        if (
            user is None
            or not user.is_active
            or any(details.items() <= n.what.items() for n in known)
        ):
            continue
        notify.notify_of_rollout(rollout, verb, [user], None, **details)
        yield Reminder(review, f"account {user.pk}", verb)


def _was_sent(review: Review, user: User, verb: str, what: dict[str, Any]) -> bool:
    sent = Notification.objects.to(user).filter(review=review, verb=verb)
    return any(row.what == what for row in sent)


def _last(due: date | None, days: tuple[int, ...], day: date) -> date | None:
    """Returns the last reminder day that has passed, or None."""
    past = [due + timedelta(days=n) for n in days if due + timedelta(days=n) <= day] if due else []
    return max(past, default=None)


def _asked_on(reviewer: Reviewer) -> date:
    """Returns the day since which the reviewer is pending."""
    assert reviewer.waiting_since is not None  # noqa: S101  # the caller chose pending reviewers
    return timezone.localdate(reviewer.waiting_since)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
