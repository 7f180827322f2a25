"""Removes what is no longer needed: every day (daily_jobs) and by `manage.py prune`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from roles.bulk_exports import retention
from roles.models import IdempotencyKey, Notification, Review
from roles.versions import rendered_files

FORM_DAYS = 30  # in which a form that was sent can be sent again without taking effect twice
NOTIFICATION_DAYS = 180
TASK_DAYS = 7  # for which finished tasks are kept


def run() -> Iterator[tuple[str, int]]:
    """Removes everything in the table. Yields each name with the number of removed rows or
    files."""
    for name, remove in PRUNED.items():
        yield name, remove()


def _idempotency_keys() -> int:
    old = timezone.now() - timedelta(days=FORM_DAYS)
    return IdempotencyKey.objects.filter(created_at__lt=old).delete()[0]


def _sessions() -> int:
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]


def _devices() -> int:
    """What the list of one's sessions shows of those that have ended."""
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("pk"))
    return int(ended.delete()[0])


def _attempts() -> int:
    """The counts of attempts to sign in, and whatever else has expired in the shared cache."""
    caches: Any = settings.CACHES
    table = connection.ops.quote_name(caches["default"]["LOCATION"])
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608  # quoted
        return int(cursor.rowcount)


def _notifications() -> int:
    """Those of open reviews stay: reminders and emails depend on what was sent before."""
    old = timezone.now() - timedelta(days=NOTIFICATION_DAYS)
    is_open = Review.objects.open().not_expired().values("pk")
    return Notification.objects.filter(created_at__lt=old).exclude(review__in=is_open).delete()[0]


def _finished_tasks() -> int:
    old = timezone.now() - timedelta(days=TASK_DAYS)
    started = DBTaskResult.objects.exclude(status="READY").filter(started_at__lt=old)
    return int(started.delete()[0])


PRUNED: dict[str, Callable[[], int]] = {
    "keys of submitted forms": _idempotency_keys,
    "expired sessions": _sessions,
    "devices of ended sessions": _devices,
    "counts of attempts": _attempts,
    "old notifications": _notifications,
    "outdated files": rendered_files.remove_outdated,
    "files without a record": rendered_files.remove_unrecorded,
    "finished tasks": _finished_tasks,
    "expired exports": retention.remove_expired,
}
