"""The pending work of a review, as a sentence, for all lists of reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roles.models import JobDescription, Review, Reviewer, User
from roles.models.review import ReviewQuerySet

NAMES_SHOWN = 2  # pending reviewers that a list names; the others are counted


@dataclass(frozen=True, slots=True)
class PendingReview:
    """The pending work of an open review, as a sentence `text`, and since when."""

    review: Review
    text: str
    since: datetime | None
    is_for_reader: bool
    are_changes_requested: bool = False  # by a reviewer who is no longer pending

    @property
    def days(self) -> int:
        """The number of calendar days since then."""
        if self.since is None:
            return 0
        return (timezone.localdate() - timezone.localdate(self.since)).days

    @property
    def how_long(self) -> str:
        if self.since is None:
            return ""
        if not self.days:
            return _("since today")
        return ngettext("for %d day", "for %d days", self.days) % self.days


def with_pending(reviews: Any) -> ReviewQuerySet:
    """Returns these reviews with the rows that `pending` needs, in two queries."""
    assert isinstance(reviews, ReviewQuerySet)  # noqa: S101  # narrows the type
    return reviews.select_related("requested_by", "description__owner").with_waiting()


def annotate_descriptions(descriptions: Sequence[JobDescription], user: User) -> None:
    """Sets `pending_review` of each job description: what is pending in its open review, or
    None."""
    reviews = Review.objects.open().select_related("requested_by").with_waiting()
    prefetch_related_objects(descriptions, Prefetch("reviews", reviews, "open_reviews"))
    for description in descriptions:
        reviews = description.open_reviews  # type: ignore[attr-defined]
        description.pending_review = pending(reviews[0], user) if reviews else None  # type: ignore[attr-defined]


def pending(review: Review, user: User, *, is_named: bool = True) -> PendingReview | None:
    """Returns what is pending in a review (from `with_pending`) for this person, or None if it
    has ended. The approval waits for its approvers, and for the author where none of them is left
    to wait for; a commenter holds up nothing, but is still asked. People who only review don't see
    other names (`is_named` is False)."""
    if not review.is_open:
        return None
    waiting: list[Reviewer] = review.waiting  # type: ignore[attr-defined]
    reviewers = [] if review.is_expired else waiting  # closed to reviewers
    awaited = [reviewer for reviewer in reviewers if reviewer.is_awaited]  # type: ignore[attr-defined]
    own = next((reviewer for reviewer in reviewers if reviewer.user_id == user.pk), None)
    if own is not None and (awaited or not _is_author(review, user)):
        others = len([one for one in awaited if one != own]) if is_named else 0
        is_asked = _are_changes_requested(review)
        return PendingReview(review, _for_reader(others), own.waiting_since, True, is_asked)
    if awaited:
        since = min(reviewer.waiting_since for reviewer in awaited if reviewer.waiting_since)
        text = _("Awaiting %s") % names(awaited) if is_named else _("Awaiting other reviewers")
        return PendingReview(review, text, since, False, _are_changes_requested(review))
    return _for_author(review, user, is_named=is_named)


def names(reviewers: list[Reviewer]) -> str:
    """Returns the first names and the number of the others."""
    shown = reviewers if len(reviewers) == NAMES_SHOWN + 1 else reviewers[:NAMES_SHOWN]
    listed = ", ".join(str(reviewer) for reviewer in shown)
    rest = len(reviewers) - len(shown)
    if not rest:
        return listed
    more = ngettext("%(names)s and %(rest)d more", "%(names)s and %(rest)d more", rest)
    return more % {"names": listed, "rest": rest}


def _for_reader(others: int) -> str:
    if not others:
        return _("Needs your review")
    return (
        ngettext("Needs review by you and %d other", "Needs review by you and %d others", others)
        % others
    )


def _for_author(review: Review, user: User, *, is_named: bool) -> PendingReview:
    asked = review.changes_requested_at
    is_own = _is_author(review, user)
    if is_own:
        text = _("Needs your changes") if asked else _("Needs your attention")
    elif not is_named:
        text = _("Awaiting the author")
    else:
        name = review.requested_by
        text = _("Awaiting changes by %s") if asked else _("Awaiting %s (author)")
        text %= name
    return PendingReview(review, text, asked, is_own)


def _is_author(review: Review, user: User) -> bool:
    return user.pk in (review.requested_by_id, review.description.owner_id)


def _are_changes_requested(review: Review) -> bool:
    return bool(review.changes_requested_at)


def visible_reviews(user: User) -> ReviewQuerySet:
    """Returns the reviews that the person can see."""
    return Review.objects.visible_to(user).defer("description__search_text")


def annotate_reviews(reviews: list[Review], user: User) -> None:
    """Sets `pending_review` and `is_seen` of each review: whether the person can see its job
    description, not only this review."""
    about = {review.description_id for review in reviews}
    seen = JobDescription.objects.visible_to(user).filter(pk__in=about)
    ids = set(seen.order_by().values_list("pk", flat=True))
    for review in reviews:
        is_seen = review.description_id in ids
        review.is_seen = is_seen  # type: ignore[attr-defined]
        review.pending_review = pending(review, user, is_named=is_seen)  # type: ignore[attr-defined]
