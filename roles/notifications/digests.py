"""The daily digest: one email to each person who chose it, with all notifications since the last
one (manage.py send_digests)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roles import leases, mail
from roles.models import Notification, Organization, User
from roles.notifications import delivery
from roles.notifications.delivery import DeliveryEntry

DAILY = "daily"
RETRY_AFTER = timedelta(minutes=10)  # after a failure
MAX_SHOWN = 100  # entries of one digest; more are only counted


@dataclass(frozen=True, slots=True)
class SentDigest:
    """The result of one person's digest; `count` is the number of notifications in it."""

    user: User
    count: int
    is_sent: bool


def send() -> Iterator[SentDigest]:
    """Sends all digests. Claims notifications first, so two runs don't send them twice. The next
    run retries failed digests."""
    waiting = Notification.objects.unsent(DAILY).exclude(user=None)
    people = User.objects.filter(pk__in=waiting.order_by().values("user"))
    for user in people.order_by("pk"):
        unsent = Notification.objects.unsent(DAILY).filter(user=user)
        lease = leases.claim(unsent, tries=F("tries") + 1)
        sent = _send(user, lease) if lease else None
        if sent is not None:
            yield sent


def _send(user: User, lease: leases.Lease[Notification]) -> SentDigest | None:
    """Returns None if there is nothing to send: all are read or no longer visible, or the person
    has no address."""
    unread = [row for row in delivery.load(lease) if row.read_at is None]
    entries = delivery.entries(user, unread) if delivery.address_of(user) else []
    if not lease.release(emailed_at=timezone.now()) or not entries:
        return None
    is_sent = _post(user, entries)
    if not is_sent:
        failed = Notification.objects.filter(pk__in=lease.keys)
        failed.update(emailed_at=None, try_at=timezone.now() + RETRY_AFTER)
    return SentDigest(user, len(entries), is_sent)


def _post(user: User, entries: list[DeliveryEntry]) -> bool:
    """Sends one email, grouped by review. Returns whether it was sent."""
    count = len(entries)
    subject = (
        ngettext("Daily digest: %d new notification", "Daily digest: %d new notifications", count)
        % count
    )
    context = {
        "groups": _grouped(entries[:MAX_SHOWN]),
        "more": max(count - MAX_SHOWN, 0),
        "all": mail.address(reverse("notifications")),
        "choice": mail.address(reverse("email_preferences")),
        "organization": Organization.objects.the(),
        "subject": subject,
        "title": _("New in your reviews"),
    }
    return mail.send(user, subject, "email/review_digest", context)


def _grouped(entries: list[DeliveryEntry]) -> list[dict[str, object]]:
    """Returns the sentences about each subject, most urgent first, with its URL."""
    first: dict[str, int] = {}
    for position, entry in enumerate(entries):
        first.setdefault(entry.path, position)
    together = sorted(entries, key=lambda entry: first[entry.path])
    return [
        {
            "url": mail.address(group[0].target) if path else "",
            "button": group[0].message.button,
            "entries": group,
        }
        for path, group in ((p, list(run)) for p, run in groupby(together, lambda e: e.path))
    ]
