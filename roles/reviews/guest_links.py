"""The signed link that opens a review for a guest (a reviewer without an account), valid while they
are a reviewer (signed_links)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from roles import signed_links
from roles.models import Reviewer, User

SALT = "roles.reviews.guest_links"


def token(reviewer: Reviewer) -> str:
    """Returns the last part of a guest's link; empty if the link was revoked."""
    return signed_links.token(SALT, reviewer.link_key, reviewer.pk)


def path(reviewer: Reviewer) -> str:
    """Returns the path of a guest's link."""
    return reverse("guest", args=[token(reviewer)])


def reviewer_by_token(token: str) -> Reviewer | None:
    """Returns the reviewer whose link ends in this token, or None if it is not valid."""
    row_id = signed_links.row_id(token)
    reviewer = None if row_id is None else _reviewers().filter(pk=row_id).first()
    if reviewer is None or not is_valid(reviewer):
        return None
    return reviewer if signed_links.is_signed(token, SALT, reviewer.link_key) else None


def reviewer_by_key(pk: object, key: object) -> Reviewer | None:
    """Returns the reviewer of a session, or None if the link is no longer valid or was replaced."""
    if not isinstance(pk, int) or not isinstance(key, str):
        return None
    reviewer = _reviewers().filter(pk=pk, link_key=key).first()
    return reviewer if reviewer is not None and is_valid(reviewer) else None


def is_valid(reviewer: Reviewer) -> bool:
    """Whether the link opens the review: until the review expires, even if it was approved before.
    Not if the review was withdrawn, the reviewer was removed, or the account with the address is
    deactivated."""
    review = reviewer.review
    is_over = review.state == "withdrawn" or review.expires < timezone.localdate()
    if is_over or not reviewer.is_guest or reviewer.removal_reason or not reviewer.link_key:
        return False
    found = account(reviewer)
    return found is None or found.is_active


def account(reviewer: Reviewer) -> User | None:
    """Returns the account that now has the address of this guest, or None."""
    return User.objects.filter(email__iexact=reviewer.email).first() if reviewer.email else None


def _reviewers() -> QuerySet[Reviewer]:
    found = Reviewer.objects.current().filter(user=None)
    return found.select_related("review__description__owner", "review__requested_by")
