"""What the page of a job description says of its review, and what the next step is."""

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
    """`review` is the open one, or else the one that ended last, about version `number`;
    `is_ahead`: the newest version is a later one."""

    review: Review | None
    number: int
    pending: pending_reviews.PendingReview | None
    newest: Version | None
    is_changed: bool  # the draft says something else than the newest version
    may_ask: bool
    step: NextStep | None = None

    @property
    def is_open(self) -> bool:
        return self.review is not None and self.review.is_open

    @property
    def is_ahead(self) -> bool:
        return self.newest is not None and self.newest.number > self.number

    @property
    def is_approved(self) -> bool:
        """Whether the newest version is."""
        return self.newest is not None and hasattr(self.newest, "approval")


def summary(
    description: JobDescription, versions: list[Version], user: User, *, is_changed: bool
) -> ReviewSummary:
    """Of a job description that was loaded with permission, with its versions, the newest first,
    each with its `approval` and its `effective_status`."""
    found = pending_reviews.with_pending(Review.objects.filter(description=description))
    review = found.order_by("-pk").first()  # an open one is the newest
    relations = description.relations_of(user)
    is_kept = description.status != "archived"
    said = ReviewSummary(
        review=review,
        number=review.version_number if review else 0,  # type: ignore[attr-defined]
        pending=pending_reviews.pending(review, user) if review else None,
        newest=versions[0] if versions else None,
        is_changed=is_changed,
        may_ask=is_kept and permissions.may(user, "review.request", relations),
    )
    may_hold = is_kept and permissions.may(user, "version.make_current", relations)
    return replace(said, step=_step(description, said, user, may_hold=may_hold))


def _step(
    description: JobDescription, said: ReviewSummary, user: User, *, may_hold: bool
) -> NextStep | None:
    """What comes next for this person, where it is not to go on writing."""
    review, newest = said.review, said.newest
    if review is not None and review.is_open:
        if any(reviewer.user_id == user.pk for reviewer in review.waiting):  # type: ignore[attr-defined]
            label = _("Review version %d") % said.number
            return NextStep(reverse("review", args=[review.pk]), label, "chat-left-text")
        if said.is_ahead and said.may_ask and newest is not None:
            label = _("Send version %d") % newest.number
            return NextStep(reverse("review_manage", args=[review.pk]), label, "send")
        return None
    if newest is None or said.is_changed:
        return None
    if not said.is_approved:
        address = reverse("review_request", args=[description.reference])
        return NextStep(address, _("Send for review"), "send") if said.may_ask else None
    if newest.effective_status is None and may_hold:  # type: ignore[attr-defined]
        address = reverse("version_make_current", args=[description.reference, newest.number])
        return NextStep(address, _("Make effective"), "check-circle")
    return None
