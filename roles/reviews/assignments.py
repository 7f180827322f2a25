"""Who takes part in a review: added, replaced, released, delegated."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import drafts
from roles.comparison import approval_hashes
from roles.models import Review, Reviewer, User, Version
from roles.reviews import actors, approval, approval_eligibility, notify
from roles.reviews.actors import Actor

SEATS_LIMIT = 20  # in one review at a time


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody to be asked: an account, or a mail address with the name to go by. `sections`
    are keys of comparison.parts; none: everything, pay included."""

    user: User | None = None
    email: str = ""
    name: str = ""
    role: str = "approver"
    sections: tuple[str, ...] = ()


def add(*, review: Review, asked: Asked, by: User) -> Reviewer:
    """Ask one more person. Raises drafting.Refused (see take)."""
    with transaction.atomic():
        locked = actors.locked(review)
        actors.refuse_closed(locked, even_expired=False)
        seat = take(locked, asked, _version(locked), position=_last(locked) + 1)
        actors.record(by, "review.added", locked, seat, **_told(seat))
        approval.settle(locked, Actor(user=by))
    return seat


def release(*, reviewer: Reviewer, reason: str, by: User) -> Reviewer:
    """Let somebody out of the review; what they said stays in the record and no longer counts.
    Raises drafting.Refused where they are the last approver, or left before."""
    with transaction.atomic():
        seat = _left(reviewer, "released", reason, Actor(user=by))
        if seat.is_approver and not seat.review.reviewers.filter(left="", role="approver").exists():
            raise drafts.Refused(
                _("Nobody would be left to approve. Replace this approver, or withdraw the review.")
            )
        actors.record(by, "review.released", seat.review, seat, seat=seat.pk)
        notify.notify(seat.review, "review.released", [seat], Actor(user=by))
        approval.settle(seat.review, Actor(user=by))
    return seat


def replace(*, reviewer: Reviewer, asked: Asked, reason: str, by: User) -> Reviewer:
    """Put somebody else on the seat, who starts afresh with its role, sections and place."""
    with transaction.atomic():
        seat = _left(reviewer, "replaced", reason, Actor(user=by))
        new = _follow(seat, asked)
        actors.record(by, "review.replaced", seat.review, new, former=seat.pk, **_told(new))
        notify.notify(seat.review, "review.released", [seat], Actor(user=by))
        approval.settle(seat.review, Actor(user=by))
    return new


def delegate(*, reviewer: Reviewer, to: User, reason: str, by: Actor) -> Reviewer:
    """A reviewer with an account hands the seat to a colleague; approvals that they gave before
    go on to count for it."""
    with transaction.atomic():
        if reviewer.is_guest:
            raise drafts.Refused(_("Ask the author to name somebody else in your place."))
        seat = _left(reviewer, "delegated", reason, by)
        new = _follow(seat, Asked(user=to))
        actors.record(by, "review.delegated", seat.review, new, former=seat.pk, **_told(new))
        notify.notify(seat.review, "review.delegated", notify.authors(seat.review), by)
        approval.settle(seat.review, by)
    return new


def tell_again(*, reviewer: Reviewer, by: User, new_link: bool = False) -> Reviewer:
    """Send a reviewer who is waited for the mail once more; with `new_link` the link of a guest
    is another one, and those sent before open nothing."""
    with transaction.atomic():
        review = actors.locked(reviewer.review)
        actors.refuse_closed(review, even_expired=False)
        seat = review.reviewers.select_related("user").get(pk=reviewer.pk)
        if seat.left:
            raise drafts.Refused(_("%s no longer takes part in this review.") % seat)
        if new_link and seat.is_guest:
            seat.link_key, seat.code, seat.code_tries = secrets.token_hex(16), "", 0
            seat.save(update_fields=["link_key", "code", "code_tries"])
            actors.record(by, "review.link_renewed", review, seat, seat=seat.pk)
        elif seat.waiting_since is None:
            raise drafts.Refused(_("The review does not wait for %s.") % seat)
        round = review.rounds.select_related("version").order_by("-number")[0]
        notify.notify(
            review,
            "review.asked",
            [seat],
            Actor(user=by),
            round=round.number,
            number=round.version.number,
        )
    return seat


def join(*, reviewer: Reviewer, user: User) -> Reviewer:
    """Somebody who was asked by mail address goes on with the account that has it by now.
    Raises drafting.Refused where that account has a seat of its own."""
    with transaction.atomic():
        review = actors.locked(reviewer.review)
        seat = Reviewer.objects.get(pk=reviewer.pk)
        is_theirs = seat.is_guest and seat.email == user.email.lower() and user.is_active
        if not is_theirs or seat.left or not seat.link_key:
            raise drafts.Refused(_("This link is not for your account."))
        if review.reviewers.filter(user=user, left="").exists():
            raise drafts.Refused(_("You take part in this review already, with your account."))
        seat.user, seat.email, seat.name, seat.link_key, seat.code = user, "", "", "", ""
        seat.save(update_fields=["user", "email", "name", "link_key", "code"])
        actors.record(user, "review.joined", review, seat, seat=seat.pk, user=user.pk)
    return seat


def take(
    review: Review,
    asked: Asked,
    version: Version,
    *,
    position: int,
    stands_for: Reviewer | None = None,
) -> Reviewer:
    """Seat somebody, inside a deed. Raises drafting.Refused for a closed account, an address
    that is none, an approver who may not approve the version, an unknown section, somebody who
    has a seat, or one seat too many."""
    user, email = _who(asked)
    current = review.reviewers.filter(left="")
    if current.count() >= SEATS_LIMIT:
        raise drafts.Refused(_("A review asks at most %d people at a time.") % SEATS_LIMIT)
    if current.filter(user=user, email=email).exists():
        raise drafts.Refused(_("%s is asked already.") % (user or email))
    if (
        user is not None
        and asked.role == "approver"
        and user.pk in approval_eligibility.authors(version)
    ):
        raise drafts.Refused(
            _("%s saved this version or changed its draft, and cannot approve it.") % user
        )
    if not set(asked.sections) <= approval_hashes.parts(version.document).keys():
        raise drafts.Refused(_("One of the sections is gone. Choose the sections again."))
    seat = Reviewer(
        review=review,
        user=user,
        email=email,
        name="" if user else asked.name,
        role=asked.role,
        sections=list(asked.sections),
        position=position,
        stands_for=stands_for,
        link_key="" if user else secrets.token_hex(16),
    )
    try:
        seat.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise drafts.Refused(" ".join(error.messages)) from error
    seat.save()
    return seat


def told(review: Review) -> list[dict[str, Any]]:
    """Who is asked, as an event holds it."""
    return [_told(seat) for seat in review.reviewers.filter(left="")]


def _told(seat: Reviewer) -> dict[str, Any]:
    return {"seat": seat.pk, "user": seat.user_id, "role": seat.role, "sections": seat.sections}


def _who(asked: Asked) -> tuple[User | None, str]:
    """The account, or the address where no account has it."""
    email = asked.email.strip().lower()
    user = asked.user or (User.objects.filter(email__iexact=email).first() if email else None)
    if user is not None:
        if not user.is_active:
            raise drafts.Refused(_("The account of %s is closed.") % user)
        return user, ""
    try:
        validate_email(email)
    except ValidationError as error:
        raise drafts.Refused(_("“%s” is not a mail address.") % asked.email) from error
    return None, email


def _left(reviewer: Reviewer, how: str, reason: str, by: Actor) -> Reviewer:
    """The seat, locked and marked as left."""
    review = actors.locked(reviewer.review)
    actors.refuse_closed(review, even_expired=False)
    seat = Reviewer.objects.select_related("user").get(pk=reviewer.pk)
    if seat.left:
        raise drafts.Refused(_("%s no longer takes part in this review.") % seat)
    seat.review = review
    seat.left, seat.left_at, seat.left_reason = how, timezone.now(), reason
    seat.left_by, seat.link_key, seat.code = by.user, "", ""
    seat.waiting_since = None
    seat.full_clean(validate_unique=False, validate_constraints=False)
    seat.save()
    return seat


def _follow(seat: Reviewer, asked: Asked) -> Reviewer:
    """Somebody on the seat that another left."""
    whole = Asked(asked.user, asked.email, asked.name, seat.role, tuple(seat.sections))
    version = _version(seat.review)
    known = approval_hashes.parts(version.document).keys()
    kept = tuple(key for key in whole.sections if key in known) or whole.sections
    whole = Asked(whole.user, whole.email, whole.name, whole.role, kept)
    return take(seat.review, whole, version, position=seat.position, stands_for=seat)


def _version(review: Review) -> Version:
    round = review.rounds.select_related("version").order_by("-number")[0]
    round.version.description = review.description
    return round.version


def _last(review: Review) -> int:
    if not review.in_order:
        return 0
    last = review.reviewers.order_by("-position").values_list("position", flat=True).first()
    return last or 0
