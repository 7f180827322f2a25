"""Emails immediate notifications about reviews. `digests` emails the daily ones.

Email is sent in the background (tasks.background), by any number of processes, so no action waits
for it. A process claims rows (`email_bundles` decides which and when), composes the email, marks
the rows as emailed while it still has their lease, and sends it: no email is sent twice. A failed
email is tried again. If a process is killed while it sends, that email is lost; the notification is
in the product, and reminders follow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

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
from roles.notifications import (
    email_bundles,
    notification_messages,
    notification_paths,
    request_details,
)
from roles.notifications.request_details import RequestDetails
from roles.reviews import guest_links, review_access

RETRY_MINUTES = (1, 10, 60, 360)  # before the second attempt to send an email, the third …
SOON = timedelta(minutes=2)  # the worker keeps running for retries within this time

Person = User | Reviewer


@dataclass(frozen=True, slots=True)
class DeliveryEntry:
    """A notification with its message. `path` is the page it is about, or empty, and `target` the
    place on it. `count` notifications have the same sentence. `request` has the details of a
    request."""

    notification: Notification
    message: notification_messages.NotificationMessage
    path: str
    target: str = ""
    count: int = 1
    request: RequestDetails | None = None

    @property
    def sentence(self) -> str:
        """The sentence, with the number of times if there are several."""
        if self.count == 1:
            return self.message.sentence
        return _("%(sentence)s (%(count)d times)") % {
            "sentence": self.message.sentence,
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class DeliverySubject:
    """The title of a review for one person. `path` is empty where they can't see it. `may_answer`:
    they can answer its feedback. `is_guest`: their link has no account, and opens one page."""

    title: str
    path: str
    may_answer: bool = False
    is_guest: bool = False


def send_waiting(*, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Send immediate notifications: one email for each person, review and quarter of an hour. Stops
    at the first failure, because the email server might be down. Returns whether another attempt
    is due soon."""
    while not stopping() and (lease := email_bundles.claim_next()):
        if not _send(lease):
            break
    waiting = Notification.objects.filter(email_bundles.UNSENT)
    return waiting.filter(try_at__lte=timezone.now() + SOON).exists()


def entries(person: Person, rows: Sequence[Notification]) -> list[DeliveryEntry]:
    """Returns the messages of these rows for their person, most urgent first and each sentence
    once, with its number. Leaves out answered requests. For a review that the person can no longer
    see, it says only that it ended."""
    by_sentence: dict[str, DeliveryEntry] = {}
    subjects: dict[int, DeliverySubject] = {}
    newest = {
        row.review_id: row.pk
        for row in sorted(rows, key=lambda r: r.pk)
        if row.verb == "review.asked"
    }
    for row in notification_messages.by_urgency(rows):
        if row.verb == "review.asked" and row.pk != newest[row.review_id]:
            continue  # a request of an earlier round
        entry = _entry(person, row, subjects)
        if entry is not None:
            known = by_sentence.get(entry.message.sentence)
            counted = replace(known, count=known.count + 1) if known else entry
            by_sentence[entry.message.sentence] = counted
    return list(by_sentence.values())


def address_of(person: Person) -> str:
    """Returns the person's email address, or "" if their account is deactivated or erased."""
    user = person if isinstance(person, User) else person.user
    if user is not None:
        return user.email if user.is_active else ""
    return "" if person.email.endswith(".invalid") else person.email


def load(lease: leases.Lease[Notification]) -> list[Notification]:
    """Returns the claimed rows, with the related rows that their messages need."""
    related = ("user", "reviewer__user", "review__description__owner", "review__requested_by")
    return list(lease.rows().select_related(*related, "description", "by", "by_reviewer__user"))


def _send(lease: leases.Lease[Notification]) -> bool:
    """Sends one email about all claimed rows. Returns False if sending failed."""
    rows = load(lease)
    email = _compose(rows) if rows else None
    attempts = {} if email else {"tries": 0}  # see email_bundles
    if not lease.release(emailed_at=timezone.now(), **attempts):
        return True  # the lease was lost, and another process has claimed the rows
    if email is None or mail.post(*email):
        return True
    for row in rows:
        wait = timedelta(minutes=RETRY_MINUTES[min(row.tries, len(RETRY_MINUTES)) - 1])
        Notification.objects.filter(pk=row.pk).update(emailed_at=None, try_at=timezone.now() + wait)
    return False


def _compose(rows: Sequence[Notification]) -> tuple[str, str, str, dict[str, Any], str] | None:
    """Returns the arguments of mail.post, or None if there is nothing to send."""
    person = _person(rows[0])
    address = address_of(person)
    visible = entries(person, rows) if address else []
    if not visible:
        return None
    first = visible[0]
    context = {
        "entries": visible,
        "button": first.message.button,
        "url": mail.address(first.target) if first.path else "",
        "person": person,
        "is_guest": isinstance(person, Reviewer),
        "organization": Organization.objects.the(),
        "choice": mail.address(reverse("email_preferences")),
    }
    reply_to = _reply_to(first, address)
    return address, first.message.subject, "email/review_news", context, reply_to


def _person(row: Notification) -> Person:
    """Returns the account, also of a reviewer who was invited by email and has one now."""
    if row.user is not None:
        return row.user
    assert row.reviewer is not None  # noqa: S101  # the table's constraint says so
    return row.reviewer.user or row.reviewer


def _entry(
    person: Person, row: Notification, subjects: dict[int, DeliverySubject]
) -> DeliveryEntry | None:
    """Returns the entry of a row, or None if it isn't sent. `subjects` is a cache by review id."""
    if row.review is None:
        return _entry_without_review(person, row)
    if row.review.pk not in subjects:
        subjects[row.review.pk] = _subject(person, row.review)
    subject = subjects[row.review.pk]
    is_ending = row.verb in notification_messages.SENT_WITHOUT_ACCESS and _was_notified(row)
    if not subject.path and not is_ending:
        return None
    if row.verb in notification_messages.SENT_WHILE_PENDING and not _is_pending(row):
        return None
    message = notification_messages.message(row, subject.title)
    target = subject.path
    if subject.path and not subject.is_guest:
        target = notification_paths.path(row, may_answer=subject.may_answer)
    details = request_details.details(row) if subject.path else None
    return DeliveryEntry(row, message, subject.path, target, request=details)


def _subject(person: Person, review: Review) -> DeliverySubject:
    user = person if isinstance(person, User) else None
    guest = person if isinstance(person, Reviewer) and guest_links.is_valid(person) else None
    reader = review_access.reader(review, user, guest) if user or guest else None
    own = guest_links.path(guest) if guest else review.get_absolute_url()
    if reader is None:
        return DeliverySubject(review.title, "")
    may_answer = reader.may("review.answer")
    return DeliverySubject(review.title, own, may_answer, guest is not None)


def _entry_without_review(person: Person, row: Notification) -> DeliveryEntry | None:
    """Returns the entry of a row about a rollout or a job description, or None."""
    path = notification_paths.path(row, may_answer=False)
    if row.what.get("rollout"):
        message = notification_messages.message(row, "")
        return DeliveryEntry(row, message, path, path, request=request_details.details(row))
    if row.description is None or not isinstance(person, User):
        return None
    if not JobDescription.objects.visible_to(person).filter(pk=row.description.pk).exists():
        return None
    message = notification_messages.message(row, row.description.title)
    return DeliveryEntry(row, message, path, path)


def _was_notified(row: Notification) -> bool:
    """Whether the email that requested the review was sent before."""
    requests = Notification.objects.filter(reviewer=row.reviewer_id, verb="review.asked")
    return requests.filter(emailed_at__lt=row.created_at).exists()


def _is_pending(row: Notification) -> bool:
    """Whether the request in the row is still unanswered."""
    if row.review is None or not row.review.is_open:
        return False
    if row.reviewer is None:
        return True  # for its authors: it is overdue
    since = Decision.objects.filter(reviewer=row.reviewer, created_at__gte=row.created_at)
    return not row.reviewer.removal_reason and not since.exists()


def _reply_to(first: DeliveryEntry, address: str) -> str:
    """Returns the address of the person who acted or who requested the review. Guests get only the
    address of the requester."""
    row = first.notification
    people = (row.by if row.user else None, row.review.requested_by if row.review else None)
    for email in (user.email for user in people if user is not None and user.is_active):
        if email and email != address and not any(c.isspace() or c in ",;" for c in email):
            return email
    return ""
