"""Emails immediate notifications about reviews; `digests` emails those that go out once a day.

No action waits for it: email is sent in the background (tasks.background), by any number of
processes. A process claims rows, composes the email, marks the rows as emailed while it still has
their lease, and sends it: no email goes out twice. One that fails is tried again. A process that
is killed while it sends loses that one email: the notification is in the product, and reminders
follow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from roles import leases, mail
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

RETRY_MINUTES = (1, 10, 60, 360)  # until the second try of an email, the third …
SOON = timedelta(minutes=2)  # retries until then keep the worker running
IMMEDIATE = "now"  # of EMAIL_FREQUENCIES

Person = User | Reviewer


@dataclass(frozen=True, slots=True)
class DeliveryEntry:
    """A notification as its person may read it; `path` leads to its subject, if to anything."""

    notification: Notification
    message: notification_messages.NotificationMessage
    path: str


@dataclass(frozen=True, slots=True)
class DeliverySubject:
    """A review as its reader knows it; `path` is empty where they may not see it."""

    title: str
    path: str


def send_waiting(*, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Send immediate notifications: one email for each person and review. It ends with the first
    failure, so that a mail server that is down is tried once. Returns whether the next try of an
    email is due soon."""
    while not stopping() and (lease := _claim()):
        if not _send(lease):
            break
    waiting = Notification.objects.filter(
        email_frequency=IMMEDIATE, emailed_at=None, tries__lt=TRIES
    )
    return waiting.filter(try_at__lte=timezone.now() + SOON).exists()


def entries(person: Person, rows: Sequence[Notification]) -> list[DeliveryEntry]:
    """The messages of these rows for their person, the most urgent first: each sentence once.
    Of a review that they may no longer see, only that it is over; no request that is done."""
    found: dict[str, DeliveryEntry] = {}
    subjects: dict[int, DeliverySubject] = {}
    newest = {
        row.review_id: row.pk
        for row in sorted(rows, key=lambda r: r.pk)
        if row.verb == "review.asked"
    }
    for row in notification_messages.by_urgency(rows):
        if row.verb == "review.asked" and row.pk != newest[row.review_id]:
            continue  # of an earlier round
        entry = _entry(person, row, subjects)
        if entry is not None:
            found.setdefault(entry.message.sentence, entry)
    return list(found.values())


def address_of(person: Person) -> str:
    """The person's email address; empty if their account is closed or erased."""
    user = person if isinstance(person, User) else person.user
    if user is not None:
        return user.email if user.is_active else ""
    return "" if person.email.endswith(".invalid") else person.email


def load(lease: leases.Lease[Notification]) -> list[Notification]:
    """The claimed rows, with all that their messages need."""
    related = ("user", "reviewer__user", "review__description__owner", "review__requested_by")
    return list(lease.rows().select_related(*related, "description", "by", "by_reviewer__user"))


def _claim() -> leases.Lease[Notification] | None:
    """The row that has waited the longest, with all rows for the same person about the same
    review. None where none is free."""
    unsent = Notification.objects.unsent(IMMEDIATE)
    while first := leases.free(unsent).order_by("pk").first():
        group = unsent.filter(user=first.user_id, review=first.review_id)
        if first.user_id is None:
            group = group.filter(reviewer=first.reviewer_id)
        if first.review_id is None:
            group = group.filter(pk=first.pk)
        lease = leases.claim(group, tries=F("tries") + 1)
        if lease is not None:  # else another process was first
            return lease
    return None


def _send(lease: leases.Lease[Notification]) -> bool:
    """One email about all claimed rows. False where it failed; True, too, where no one gets it."""
    rows = load(lease)
    email = _compose(rows) if rows else None
    if not lease.release(emailed_at=timezone.now()):
        return True  # it took so long that another process has claimed them
    if email is None or mail.post(*email):
        return True
    for row in rows:
        wait = timedelta(minutes=RETRY_MINUTES[min(row.tries, len(RETRY_MINUTES)) - 1])
        Notification.objects.filter(pk=row.pk).update(emailed_at=None, try_at=timezone.now() + wait)
    return False


def _compose(rows: Sequence[Notification]) -> tuple[str, str, str, dict[str, Any], str] | None:
    """The arguments of mail.post; None where no one is to get it."""
    person = _person(rows[0])
    address = address_of(person)
    found = entries(person, rows) if address else []
    if not found:
        return None
    first = found[0]
    is_call = first.notification.verb == "review.asked"
    context = {
        "entries": found,
        "button": first.message.button,
        "url": mail.address(first.path) if first.path else "",
        "person": person,
        "is_guest": isinstance(person, Reviewer),
        "organization": Organization.objects.the(),
        "due": first.notification.review.due if is_call and first.notification.review else None,
        "choice": mail.address(reverse("email_preferences")),
    }
    reply_to = _reply_to(first, address)
    return address, first.message.subject, "email/review_news", context, reply_to


def _person(row: Notification) -> Person:
    """The account, also of a reviewer who was invited by email address and has one now."""
    if row.user is not None:
        return row.user
    assert row.reviewer is not None  # noqa: S101  # the table's constraint says so
    return row.reviewer.user or row.reviewer


def _entry(
    person: Person, row: Notification, subjects: dict[int, DeliverySubject]
) -> DeliveryEntry | None:
    """`subjects` caches the reviews by key: many rows may be about one."""
    if row.review is None:
        return _entry_without_review(person, row)
    if row.review.pk not in subjects:
        subjects[row.review.pk] = _subject(person, row.review)
    subject = subjects[row.review.pk]
    is_farewell = row.verb in notification_messages.SENT_WITHOUT_ACCESS and _was_notified(row)
    if not subject.path and not is_farewell:
        return None
    if row.verb in notification_messages.SENT_WHILE_PENDING and not _is_pending(row):
        return None
    return DeliveryEntry(row, notification_messages.message(row, subject.title), subject.path)


def _subject(person: Person, review: Review) -> DeliverySubject:
    user = person if isinstance(person, User) else None
    guest = person if isinstance(person, Reviewer) and guest_links.is_valid(person) else None
    reader = review_access.reader(review, user, guest) if user or guest else None
    own = guest_links.path(guest) if guest else review.get_absolute_url()
    return DeliverySubject(_title(review), own if reader is not None else "")


def _entry_without_review(person: Person, row: Notification) -> DeliveryEntry | None:
    """About a rollout or a job description."""
    rollout = row.what.get("rollout")
    if rollout:
        return DeliveryEntry(
            row, notification_messages.message(row, ""), reverse("rollout", args=[rollout])
        )
    if row.description is None or not isinstance(person, User):
        return None
    if not JobDescription.objects.visible_to(person).filter(pk=row.description.pk).exists():
        return None
    message = notification_messages.message(row, row.description.title)
    return DeliveryEntry(row, message, row.description.get_absolute_url())


def _was_notified(row: Notification) -> bool:
    """Whether they know of the review at all: the email that requested it went out before."""
    requests = Notification.objects.filter(reviewer=row.reviewer_id, verb="review.asked")
    return requests.filter(emailed_at__lt=row.created_at).exists()


def _is_pending(row: Notification) -> bool:
    """Whether the review still waits for what the row requests."""
    if row.review is None or not row.review.is_open:
        return False
    if row.reviewer is None:
        return True  # for its authors: it is overdue
    since = Decision.objects.filter(reviewer=row.reviewer, created_at__gte=row.created_at)
    return not row.reviewer.removal_reason and not since.exists()


def _title(review: Review) -> str:
    """The title in the reviewed version: a reviewer knows of no other."""
    found = Review.objects.with_round().filter(pk=review.pk)
    return found.values_list("title", flat=True)[0] or ""  # type: ignore[misc]


def _reply_to(first: DeliveryEntry, address: str) -> str:
    """The address of the person who caused it or requested the review, so that replies reach
    someone. Guests get only the address of who requested it."""
    row = first.notification
    people = (row.by if row.user else None, row.review.requested_by if row.review else None)
    for found in (user.email for user in people if user is not None and user.is_active):
        if found and found != address and not any(c.isspace() or c in ",;" for c in found):
            return found
    return ""
