"""Mail about reviews, made of notifications: at once here, once a day by whoever gathers them.

Nobody's deed waits for it: it is sent in the background (tasks.background), by any number of
processes. A mail is claimed before it is sent, so that none goes out twice; one that fails is
given back and tried again. A process that is killed between the two loses the one mail that it
had at hand: what it told still stands in the product, and reminders follow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from roles import mail
from roles.models import (
    Decision,
    JobDescription,
    Notification,
    Organization,
    Review,
    Reviewer,
    User,
)
from roles.models.notification import TRIES
from roles.notifications import notification_messages
from roles.reviews import guest_links, review_access

WAITS = (1, 10, 60, 360)  # minutes until a mail that failed is tried again
SOON = timedelta(minutes=2)
AT_ONCE = "now"

Person = User | Reviewer


@dataclass(frozen=True, slots=True)
class DeliveryEntry:
    """A notification as it may be told by mail; `path` leads to what it is about."""

    notification: Notification
    told: notification_messages.NotificationMessage
    path: str


@dataclass(frozen=True, slots=True)
class DeliverySubject:
    """A review to whom it is told; `path` is nothing where they may not see it."""

    title: str
    path: str


def send_waiting(*, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Send what is to go out at once: one mail for each person and review. It ends with the
    first that fails, so that a mail server that is down is asked no more than it must be.
    Returns whether another turn is due soon."""
    while not stopping() and (rows := _claim()):
        if not _send(rows):
            _give_back(rows)
            break
    waiting = Notification.objects.filter(email_frequency=AT_ONCE, emailed_at=None, tries__lt=TRIES)
    return waiting.filter(try_at__lte=timezone.now() + SOON).exists()


def entries(person: Person, rows: Sequence[Notification]) -> list[DeliveryEntry]:
    """Those of the rows that may be told now, to whom they are for, what matters most first:
    each sentence once, nothing of what they may not see any more, and of that only that it is
    over; nothing of what was asked and is decided."""
    found: dict[str, DeliveryEntry] = {}
    about: dict[int, DeliverySubject] = {}
    newest = {
        row.review_id: row.pk
        for row in sorted(rows, key=lambda r: r.pk)
        if row.verb == "review.asked"
    }
    for row in notification_messages.by_urgency(rows):
        if row.verb == "review.asked" and row.pk != newest[row.review_id]:
            continue  # about a version that another has followed
        entry = _entry(person, row, about)
        if entry is not None:
            found.setdefault(entry.told.sentence, entry)
    return list(found.values())


def address_of(person: Person) -> str:
    """Where mail reaches somebody; nowhere if their account is closed, or they are forgotten."""
    user = person if isinstance(person, User) else person.user
    if user is not None:
        return user.email if user.is_active else ""
    return "" if person.email.endswith(".invalid") else person.email


def _claim() -> list[Notification]:
    """What waits the longest, with all that waits for the same person about the same review.
    The rows are locked while they are claimed: who comes second finds none of them left, and
    looks for the next."""
    claimed: list[int] = []
    while not claimed:
        with transaction.atomic():
            unsent = Notification.objects.unsent(AT_ONCE)
            first = unsent.order_by("pk").first()
            if first is None:
                return []
            alike = unsent.filter(user=first.user_id, review=first.review_id)
            if first.user_id is None:
                alike = alike.filter(reviewer=first.reviewer_id)
            if first.review_id is None:
                alike = alike.filter(pk=first.pk)
            claimed = [row.pk for row in alike.select_for_update().order_by("pk")]
            found = Notification.objects.filter(pk__in=claimed)
            found.update(emailed_at=timezone.now(), tries=F("tries") + 1)
    related = ("user", "reviewer__user", "review__description__owner", "review__requested_by")
    return list(found.select_related(*related, "description", "by", "by_reviewer__user"))


def _give_back(rows: Sequence[Notification]) -> None:
    """To be tried again, each after a while that grows with its tries."""
    for row in rows:
        wait = timedelta(minutes=WAITS[min(row.tries, len(WAITS)) - 1])
        Notification.objects.filter(pk=row.pk).update(emailed_at=None, try_at=timezone.now() + wait)


def _send(rows: Sequence[Notification]) -> bool:
    """One mail about all of them. False where it failed; True, too, where nobody is to get it."""
    person = _person(rows[0])
    address = address_of(person)
    told = entries(person, rows) if address else []
    if not told:
        return True
    first = told[0]
    is_call = first.notification.verb == "review.asked"
    context = {
        "entries": told,
        "button": first.told.button,
        "url": mail.address(first.path) if first.path else "",
        "person": person,
        "is_guest": isinstance(person, Reviewer),
        "organization": Organization.objects.the(),
        "due": first.notification.review.due if is_call and first.notification.review else None,
        "choice": mail.address(reverse("email_preferences")),
    }
    return mail.post(
        address, first.told.subject, "email/review_news", context, _reply_to(first, address)
    )


def _person(row: Notification) -> Person:
    """The account, also where somebody who was asked by mail address has one by now."""
    if row.user is not None:
        return row.user
    assert row.reviewer is not None  # noqa: S101  # the table's constraint says so
    return row.reviewer.user or row.reviewer


def _entry(
    person: Person, row: Notification, about: dict[int, DeliverySubject]
) -> DeliveryEntry | None:
    """`about` is what is known of the reviews so far: many rows may be about one."""
    if row.review is None:
        return _of_no_review(person, row)
    if row.review.pk not in about:
        about[row.review.pk] = _about(person, row.review)
    known = about[row.review.pk]
    if not known.path and not (row.verb in notification_messages.FAREWELLS and _was_told(row)):
        return None
    if row.verb in notification_messages.CALLS and not _is_called(row):
        return None
    return DeliveryEntry(row, notification_messages.message(row, known.title), known.path)


def _about(person: Person, review: Review) -> DeliverySubject:
    user = person if isinstance(person, User) else None
    guest = person if isinstance(person, Reviewer) and guest_links.holds(person) else None
    reader = review_access.reader(review, user, guest) if user or guest else None
    own = guest_links.path(guest) if guest else review.get_absolute_url()
    return DeliverySubject(_title(review), own if reader is not None else "")


def _of_no_review(person: Person, row: Notification) -> DeliveryEntry | None:
    """About something else, which leads to its own page."""
    rollout = row.what.get("rollout")
    if rollout:
        return DeliveryEntry(
            row, notification_messages.message(row, ""), reverse("rollout", args=[rollout])
        )
    if row.description is None or not isinstance(person, User):
        return None
    if not JobDescription.objects.visible_to(person).filter(pk=row.description.pk).exists():
        return None
    told = notification_messages.message(row, row.description.title)
    return DeliveryEntry(row, told, row.description.get_absolute_url())


def _was_told(row: Notification) -> bool:
    """Whether they know of the review at all: a mail that asked them went out before."""
    asked = Notification.objects.filter(reviewer=row.reviewer_id, verb="review.asked")
    return asked.filter(emailed_at__lt=row.created_at).exists()


def _is_called(row: Notification) -> bool:
    """Whether the review still wants what it asked them for then."""
    if row.review is None or not row.review.is_open:
        return False
    if row.reviewer is None:
        return True  # its authors are told that it is overdue
    since = Decision.objects.filter(reviewer=row.reviewer, created_at__gte=row.created_at)
    return not row.reviewer.removal_reason and not since.exists()


def _title(review: Review) -> str:
    """As the version says that is reviewed: a reviewer knows of no other."""
    found = Review.objects.with_round().filter(pk=review.pk)
    return found.values_list("title", flat=True)[0] or ""  # type: ignore[misc]


def _reply_to(first: DeliveryEntry, address: str) -> str:
    """The person with an account who did it, or who asked: answers by mail reach somebody. Who
    has no account is given no other address than that of who asked."""
    row = first.notification
    people = (row.by if row.user else None, row.review.requested_by if row.review else None)
    for found in (user.email for user in people if user is not None and user.is_active):
        if found and found != address and not any(c.isspace() or c in ",;" for c in found):
            return found
    return ""
