"""The signed link that opens a review for a guest (a reviewer without an account), valid while they
are a reviewer. It contains only the reviewer's id; the reviewer's key is in the salt of the
signature, so a new key makes a new link, and without a key there is none."""

from __future__ import annotations

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from roles.models import Reviewer, User

SALT = "roles.reviews.guest_links"
REVIEWER_ID_LIMIT = 12  # digits of a reviewer's id


def token(reviewer: Reviewer) -> str:
    """Returns the last part of a guest's link; empty if the link was revoked."""
    return _signer(reviewer).sign(str(reviewer.pk)) if reviewer.link_key else ""


def path(reviewer: Reviewer) -> str:
    """Returns the path of a guest's link."""
    return reverse("guest", args=[token(reviewer)])


def reviewer_by_token(token: str) -> Reviewer | None:
    """Returns the reviewer whose link ends in this token, or None if it is not valid."""
    number = token.partition(".")[0]
    if not (number.isascii() and number.isdigit() and len(number) <= REVIEWER_ID_LIMIT):
        return None
    reviewer = _reviewers().filter(pk=int(number)).first()
    if reviewer is None or not is_valid(reviewer):
        return None
    try:
        _signer(reviewer).unsign(token)
    except signing.BadSignature:
        return None
    return reviewer


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


def _signer(reviewer: Reviewer) -> signing.Signer:
    return signing.Signer(salt=f"{SALT}.{reviewer.link_key}", sep=".")
