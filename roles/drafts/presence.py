"""Who has a draft open, and where in it. Kept in the database, because several processes serve the
site, and forgotten after a minute."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from roles import outages
from roles.models import DraftPresence, JobDescription, User

EXPIRY = timedelta(seconds=60)  # three times what static/js/wizard/presence.js waits between polls
WRITE_INTERVAL = timedelta(seconds=15)  # autosaves need the database more


def record(
    *, description: JobDescription, user: User, step: str, section: str | None = None
) -> list[DraftPresence]:
    """Records where the person is in the draft, and returns the others who have it open, with their
    accounts, by name. None as the `section` stands for the last known one of this step.

    Writes at most once in WRITE_INTERVAL, except when a page of another step is opened, and nothing
    during an outage."""
    now = timezone.now()
    found = list(_present(description, now))
    own = next((row for row in found if row.user_id == user.pk), None)
    is_moved = section is None and (own is None or own.step != step)
    if section is None:
        section = "" if own is None or is_moved else own.section
    if own is None or is_moved or now - own.seen_at >= WRITE_INTERVAL:
        row = DraftPresence(
            description=description, user=user, step=step, section=section, seen_at=now
        )
        with suppress(IntegrityError):  # the draft was deleted just now
            outages.tolerate("Presence in a draft", lambda: _store(row))
    return [row for row in found if row is not own]


def remove_expired() -> None:
    """Deletes the rows of people who left. Looks first, so that an idle worker writes nothing."""
    expired = DraftPresence.objects.filter(seen_at__lte=timezone.now() - EXPIRY)
    if expired.exists():
        expired.delete()


def _present(description: JobDescription, now: datetime) -> QuerySet[DraftPresence]:
    rows = DraftPresence.objects.filter(description=description, seen_at__gt=now - EXPIRY)
    by_name = rows.order_by("user__first_name", "user__last_name", "user__username")
    return by_name.filter(user__is_active=True).select_related("user")


def _store(row: DraftPresence) -> None:
    DraftPresence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["description", "user"],
        update_fields=["step", "section", "seen_at"],
    )
