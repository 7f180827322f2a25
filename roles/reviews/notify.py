"""Writes the notifications of reviews. Email is sent later from these rows, so no action
waits for a mail server or fails with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from roles import wake
from roles.models import Notification, Review, Reviewer, Rollout, User
from roles.reviews.actor import Actor


def notify(
    review: Review,
    verb: str,
    recipients: Iterable[User | Reviewer],
    by: Actor | None = None,
    *,
    is_urgent: bool = False,
    **what: Any,
) -> None:
    """Notifies each recipient once, except the person who acted. `what` holds JSON values and no
    text of the job description or of a comment, because recipients see these only with permission.
    Urgent notifications are emailed now even to people who prefer a daily digest."""
    notifications: dict[tuple[int | None, int | None], Notification] = {}
    for recipient in recipients:
        user = recipient if isinstance(recipient, User) else recipient.user
        guest = recipient if isinstance(recipient, Reviewer) and user is None else None
        if by is not None and (
            (user is not None and user == by.user) or (guest is not None and guest == by.reviewer)
        ):
            continue
        if user is not None and not user.is_active:
            continue
        notifications[user.pk if user else None, guest.pk if guest else None] = Notification(
            user=user,
            reviewer=recipient if isinstance(recipient, Reviewer) else None,
            verb=verb,
            review=review,
            description=review.description,
            by=by.user if by else None,
            by_reviewer=by.reviewer if by and by.user is None else None,
            what=what,
            email_frequency=_email_frequency(user, is_urgent),
        )
    _make(notifications.values())


def notify_of_rollout(
    rollout: Rollout, verb: str, recipients: Iterable[User], by: User | None, **what: Any
) -> None:
    """Notifies each recipient once, except the person who acted, about all the reviews of a
    rollout; `what` names the rollout."""
    _make(
        Notification(
            user=user,
            verb=verb,
            by=by,
            what={"rollout": rollout.pk, **what},
            email_frequency=user.email_frequency,
        )
        for user in {user.pk: user for user in recipients}.values()
        if user.is_active and user != by
    )


def _email_frequency(user: User | None, is_urgent: bool) -> str:
    """Returns when the notification is emailed; guests get email only."""
    if user is None or (is_urgent and user.email_frequency == "daily"):
        return "now"
    return user.email_frequency


def authors(review: Review) -> list[User]:
    """Returns the authors of a review: who requested it, and the owner of the job description."""
    return [review.requested_by, review.description.owner]


def _make(rows: Iterable[Notification]) -> None:
    made = Notification.objects.bulk_create(rows)
    if any(row.email_frequency == "now" for row in made):
        wake.email_worker()
