"""The review and the next step on the page of a job description."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from roles import permissions
from roles.models import JobDescription, Review, User, Version
from roles.web.shared import pending_reviews


@dataclass(frozen=True, slots=True)
class NextStep:
    """The primary action of the page."""

    url: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """The open review, or the one that ended last, and its version `number`. `is_ahead`: the
    newest version is a later one."""

    review: Review | None
    number: int
    pending: pending_reviews.PendingReview | None
    newest: Version | None
    is_changed: bool  # the draft differs from the newest version
    can_request: bool
    step: NextStep | None = None

    @property
    def is_open(self) -> bool:
        return self.review is not None and self.review.is_open

    @property
    def is_ahead(self) -> bool:
        return self.newest is not None and self.newest.number > self.number

    @property
    def is_approved(self) -> bool:
        """Whether the newest version is approved."""
        return self.newest is not None and hasattr(self.newest, "approval")


def summary(
    description: JobDescription, versions: list[Version], user: User, *, is_changed: bool
) -> ReviewSummary:
    """Return the summary for a job description loaded with permission. `versions`: newest first,
    each with `approval` and `effective_status`."""
    found = pending_reviews.with_pending(Review.objects.filter(description=description))
    review = found.order_by("-pk").first()  # an open one is the newest
    relations = description.relations_of(user)
    is_in_use = description.status != "archived"
    summary = ReviewSummary(
        review=review,
        number=review.version_number if review else 0,
        pending=pending_reviews.pending(review, user) if review else None,
        newest=versions[0] if versions else None,
        is_changed=is_changed,
        can_request=is_in_use and permissions.may(user, "review.request", relations),
    )
    can_make_current = is_in_use and permissions.may(user, "version.make_current", relations)
    return replace(
        summary, step=_step(description, summary, user, can_make_current=can_make_current)
    )


def _step(
    description: JobDescription, summary: ReviewSummary, user: User, *, can_make_current: bool
) -> NextStep | None:
    """Return the next step for this person; None where it is to edit the draft."""
    review, newest = summary.review, summary.newest
    if review is not None and review.is_open:
        if any(reviewer.user_id == user.pk for reviewer in review.waiting):  # type: ignore[attr-defined]
            label = _("Review version %d") % summary.number
            return NextStep(reverse("review", args=[review.pk]), label, "chat-left-text")
        if summary.is_ahead and summary.can_request and newest is not None:
            label = _("Send version %d") % newest.number
            return NextStep(reverse("review_manage", args=[review.pk]), label, "send")
        return None
    if newest is None or summary.is_changed:
        return None
    if not summary.is_approved:
        address = reverse("review_request", args=[description.reference])
        return NextStep(address, _("Send for review"), "send") if summary.can_request else None
    if newest.effective_status is None and can_make_current:  # type: ignore[attr-defined]
        address = reverse("version_make_current", args=[description.reference, newest.number])
        return NextStep(address, _("Make current"), "check-circle")
    return None
