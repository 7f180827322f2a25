"""Actions of people on their notifications: mark as read, choose how often to get email."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from roles import outages
from roles.models import Notification, Review, User


def mark_read(*, user: User, rows: Iterable[int]) -> int:
    """Marks these notifications (ids) of the person as read. Returns how many were unread."""
    unread = Notification.objects.to(user).unread().filter(pk__in=list(rows))
    return unread.update(read_at=timezone.now())


def mark_seen(*, user: User, review: Review) -> None:
    """Marks the person's notifications of a review as read, because they opened it. During an
    outage they stay unread."""
    unread = Notification.objects.to(user).unread().filter(review=review)
    if unread.exists():  # most page views need no write
        now = timezone.now()
        outages.tolerate("Read marks of notifications", lambda: unread.update(read_at=now))


def set_email_frequency(*, user: User, frequency: str) -> None:
    """Sets how often the person gets email (a key of EMAIL_FREQUENCIES), also for unsent email."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(email_frequency=frequency)
        waiting = (
            Notification.objects.to(user).filter(emailed_at=None).exclude(email_frequency="none")
        )
        waiting.update(email_frequency=frequency)
    user.email_frequency = frequency
