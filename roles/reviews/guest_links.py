"""The link by which somebody without an account comes to a review: signed, and as long-lived as
the seat that it is for. It holds the seat's number alone; the key of the seat is in the salt of
the signature, so that a seat with another key, or none, has another link, or none."""

from __future__ import annotations

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from roles.models import Reviewer, User

SALT = "roles.reviews.guest_links"
SEAT_LIMIT = 12  # digits of a seat's number


def token(seat: Reviewer) -> str:
    """What its link ends in; nothing for a seat whose link was revoked."""
    return _signer(seat).sign(str(seat.pk)) if seat.link_key else ""


def path(seat: Reviewer) -> str:
    """The address of its link below that of the product."""
    return reverse("guest", args=[token(seat)])


def seat_of(token: str) -> Reviewer | None:
    """The seat whose link ends in this, as long as it holds."""
    number = token.partition(".")[0]
    if not (number.isascii() and number.isdigit() and len(number) <= SEAT_LIMIT):
        return None
    seat = _seats().filter(pk=int(number)).first()
    if seat is None or not holds(seat):
        return None
    try:
        _signer(seat).unsign(token)
    except signing.BadSignature:
        return None
    return seat


def kept_seat(pk: object, key: object) -> Reviewer | None:
    """The seat that a session remembers, as long as its link holds and is still the one by which
    they came."""
    if not isinstance(pk, int) or not isinstance(key, str):
        return None
    seat = _seats().filter(pk=pk, link_key=key).first()
    return seat if seat is not None and holds(seat) else None


def holds(seat: Reviewer) -> bool:
    """Whether its link opens the review: until the day that the review expires, even when it
    was approved before. Not once it was withdrawn, or they left, or where the account that has
    the address is closed."""
    review = seat.review
    is_over = review.state == "withdrawn" or review.expires < timezone.localdate()
    if is_over or not seat.is_guest or seat.left or not seat.link_key:
        return False
    found = account(seat)
    return found is None or found.is_active


def account(seat: Reviewer) -> User | None:
    """The account that has the address of this seat: one that was made later."""
    return User.objects.filter(email__iexact=seat.email).first() if seat.email else None


def _seats() -> QuerySet[Reviewer]:
    found = Reviewer.objects.filter(user=None, left="")
    return found.select_related("review__description__owner", "review__asked_by")


def _signer(seat: Reviewer) -> signing.Signer:
    return signing.Signer(salt=f"{SALT}.{seat.link_key}", sep=".")
