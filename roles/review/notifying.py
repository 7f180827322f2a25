"""Who is told of what in a review. Mail goes out later, from the rows that this makes: no deed
waits for a mail server, and none fails with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from roles.models import Notification, Review, Reviewer, Rollout, User
from roles.review.acting import Actor


def notify(
    review: Review, verb: str, to: Iterable[User | Reviewer], by: Actor | None = None, **what: Any
) -> None:
    """Tell each of them once, but not who did it. `what` holds JSON values and no text of the
    job description or of a comment: such a text is read where its reader may see it."""
    told: dict[tuple[int | None, int | None], Notification] = {}
    for whom in to:
        user = whom if isinstance(whom, User) else whom.user
        guest = whom if isinstance(whom, Reviewer) and user is None else None
        if by is not None and (
            (user is not None and user == by.user) or (guest is not None and guest == by.reviewer)
        ):
            continue
        if user is not None and not user.is_active:
            continue
        told[user.pk if user else None, guest.pk if guest else None] = Notification(
            user=user,
            reviewer=whom if isinstance(whom, Reviewer) else None,
            verb=verb,
            review=review,
            description=review.description,
            by=by.user if by else None,
            by_reviewer=by.reviewer if by and by.user is None else None,
            what=what,
            mail=user.mail if user else "now",
        )
    Notification.objects.bulk_create(told.values())


def notify_of_rollout(
    rollout: Rollout, verb: str, to: Iterable[User], by: User, **what: Any
) -> None:
    """Tell each of them once, but not who did it, of all the reviews of a roll-out together;
    `what` names the roll-out."""
    Notification.objects.bulk_create(
        Notification(
            user=user, verb=verb, by=by, what={"rollout": rollout.pk, **what}, mail=user.mail
        )
        for user in {user.pk: user for user in to}.values()
        if user.is_active and user != by
    )


def authors(review: Review) -> list[User]:
    """Those who keep the review going: who asked, and who owns the job description."""
    return [review.asked_by, review.description.owner]
