"""Mail once a day: one for each person who wants it so, with all that was told since the last
(manage.py send_digests)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roles import mail
from roles.models import Notification, Organization, User
from roles.notifications import delivery
from roles.notifications.delivery import DeliveryEntry

DAILY = "daily"
AGAIN = timedelta(minutes=10)  # after which a digest that failed may be tried again
SHOWN = 100  # of one digest; the others are counted, and stand in the product


@dataclass(frozen=True, slots=True)
class SentDigest:
    """What became of one person's digest; `count` is of what it tells."""

    user: User
    count: int
    is_sent: bool


def send() -> Iterator[SentDigest]:
    """Send what waits for everybody. What is told is claimed first, so that two runs at once
    tell it once; what fails is given back, and the next run tries again."""
    waiting = Notification.objects.unsent(DAILY).exclude(user=None)
    people = User.objects.filter(pk__in=waiting.order_by().values("user"))
    for user in people.order_by("pk"):
        rows = _claim(user)
        unread = [row for row in rows if row.read_at is None]
        told = delivery.entries(user, unread) if delivery.address_of(user) else []
        if not told:
            continue  # they read it, or it is not theirs to know any more, or no address
        is_sent = _post(user, told)
        if not is_sent:
            _give_back(rows)
        yield SentDigest(user, len(told), is_sent)


def _claim(user: User) -> list[Notification]:
    """What waits for that person, marked as sent: another run finds none of it."""
    with transaction.atomic():
        unsent = Notification.objects.unsent(DAILY).filter(user=user)
        claimed = list(unsent.select_for_update().values_list("pk", flat=True))
        found = Notification.objects.filter(pk__in=claimed)
        found.update(emailed_at=timezone.now(), tries=F("tries") + 1)
    related = ("user", "reviewer__user", "review__description__owner", "review__requested_by")
    return list(found.select_related(*related, "description", "by", "by_reviewer__user"))


def _give_back(rows: list[Notification]) -> None:
    again = timezone.now() + AGAIN
    keys = [row.pk for row in rows]
    Notification.objects.filter(pk__in=keys).update(emailed_at=None, try_at=again)


def _post(user: User, told: list[DeliveryEntry]) -> bool:
    """One mail; what is about one review stands together."""
    count = len(told)
    subject = ngettext("Reviews: %d thing is new", "Reviews: %d things are new", count) % count
    context = {
        "groups": _grouped(told[:SHOWN]),
        "more": count - len(told[:SHOWN]),
        "all": mail.address(reverse("notifications")),
        "choice": mail.address(reverse("email_preferences")),
        "organization": Organization.objects.the(),
        "subject": subject,
        "title": _("What is new about reviews"),
    }
    return mail.send(user, subject, "email/review_digest", context)


def _grouped(told: list[DeliveryEntry]) -> list[dict[str, object]]:
    """The sentences about each thing, in the order of what matters most, with its address."""
    first: dict[str, int] = {}
    for place, entry in enumerate(told):
        first.setdefault(entry.path, place)
    together = sorted(told, key=lambda entry: first[entry.path])
    return [
        {
            "url": mail.address(path) if path else "",
            "button": entries[0].told.button,
            "sentences": [entry.told.sentence for entry in entries],
        }
        for path, entries in ((p, list(run)) for p, run in groupby(together, lambda e: e.path))
    ]
