"""Which notifications go into one email, and when: one email for each person, review and quarter of
an hour, holding all that happened.

What asks or reminds someone goes at once and takes along what is waiting. Everything else waits
until QUARTER has passed since the first of it, and nothing goes within QUARTER of the email
before it. The rule is applied when a process claims rows, with the review locked, so that two
processes never email a person about a review at the same time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone

from roles import leases
from roles.models import Notification, Review
from roles.models.notification import TRIES, NotificationQuerySet

IMMEDIATE = "now"  # of EMAIL_FREQUENCIES
QUARTER = timedelta(minutes=15)
UNSENT = Q(email_frequency=IMMEDIATE, emailed_at=None, tries__lt=TRIES)
IN_PROGRESS = timedelta(seconds=10)  # before another look, while a process emails the person
# These don't wait for what else might happen. (A rollout has no review, and never waits.)
AT_ONCE = ("review.asked", "review.due_soon", "review.overdue", "review.late", "review.expiring")


def claim_next() -> leases.Lease[Notification] | None:
    """Claims the rows of the next email that is due. Returns None if there are none."""
    while first := leases.free(Notification.objects.unsent(IMMEDIATE)).order_by("pk").first():
        lease = _claim(first)
        if lease is not None:  # else it isn't time yet, or another process was first
            return lease
    return None


def next_attempt() -> datetime | None:
    """Returns when the next email is due that can't be sent yet, or None."""
    later = _unsent().filter(try_at__gt=timezone.now())
    found: datetime | None = later.aggregate(first=Min("try_at"))["first"]
    return found


def _claim(first: Notification) -> leases.Lease[Notification] | None:
    """Claims all rows for the person about the review of `first`, or postpones them."""
    with transaction.atomic():
        if first.review_id is None:
            return leases.claim(_unsent().filter(pk=first.pk), tries=F("tries") + 1)
        Review.objects.select_for_update(no_key=True).get(pk=first.review_id)
        everything = _about_same(first)
        now = timezone.now()
        unsent = everything.filter(UNSENT)
        # A failed email is retried at its own time (see delivery.RETRY_MINUTES).
        ready = unsent.filter(Q(tries=0) | Q(try_at__lte=now))
        until = _quiet_until(everything, unsent, now)
        if until is None:
            return leases.claim(ready, tries=F("tries") + 1)
        leases.free(ready).filter(try_at__lt=until).update(try_at=until)
    return None


def _unsent() -> NotificationQuerySet:
    """Returns what is still to be emailed, due or not."""
    return Notification.objects.filter(UNSENT)


def _about_same(first: Notification) -> NotificationQuerySet:
    """Returns all rows to the same person about the same review."""
    same = Notification.objects.filter(
        user=first.user_id, review=first.review_id, email_frequency=IMMEDIATE
    )
    return same.filter(reviewer=first.reviewer_id) if first.user_id is None else same


def _quiet_until(
    everything: NotificationQuerySet, unsent: NotificationQuerySet, now: datetime
) -> datetime | None:
    """Returns the time before which the person gets no email about the review, or None."""
    if unsent.exclude(lease="").filter(lease_expires_at__gte=now).exists():
        return now + IN_PROGRESS
    if unsent.filter(what__new_link=True).exists():
        return None  # the link in the email before no longer works
    # A row without an attempt was never worth an email (see delivery).
    sent = everything.filter(tries__gt=0)
    last: datetime | None = sent.aggregate(at=Max("emailed_at"))["at"]
    if last is not None and last + QUARTER > now:
        return last + QUARTER
    if unsent.filter(verb__in=AT_ONCE).exists():
        return None
    first: datetime | None = unsent.aggregate(at=Min("created_at"))["at"]
    if first is None or (last is not None and first <= last + QUARTER):
        return None  # it has waited for the quarter of the last email
    return first + QUARTER if first + QUARTER > now else None
