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

REVIEWERS_LIMIT = 20  # in one review at a time


@dataclass(frozen=True, slots=True)
class ReviewerRequest:
    """Somebody to be asked: an account, or a mail address with the name to go by. `sections`
    are keys of comparison.parts; none: everything, pay included."""

    user: User | None = None
    email: str = ""
    name: str = ""
    role: str = "approver"
    sections: tuple[str, ...] = ()


def add(*, review: Review, asked: ReviewerRequest, by: User) -> Reviewer:
    """Ask one more person. Raises drafting.Refused (see take)."""
    with transaction.atomic():
        locked = actors.lock_review(review)
        actors.refuse_closed(locked, even_expired=False)
        reviewer = take_over(locked, asked, _version(locked), position=_last(locked) + 1)
        actors.record(by, "review.added", locked, reviewer, **_told(reviewer))
        approval.update_approval(locked, Actor(user=by))
    return reviewer


def remove(*, reviewer: Reviewer, reason: str, by: User) -> Reviewer:
    """Let somebody out of the review; what they said stays in the record and no longer counts.
    Raises drafting.Refused where they are the last approver, or left before."""
    with transaction.atomic():
        reviewer = _left(reviewer, "removed", reason, Actor(user=by))
        if (
            reviewer.is_approver
            and not reviewer.review.reviewers.filter(removal_reason="", role="approver").exists()
        ):
            raise drafts.ActionRefused(
                _("Nobody would be left to approve. Replace this approver, or withdraw the review.")
            )
        actors.record(by, "review.released", reviewer.review, reviewer, reviewer=reviewer.pk)
        notify.notify(reviewer.review, "review.released", [reviewer], Actor(user=by))
        approval.update_approval(reviewer.review, Actor(user=by))
    return reviewer


def replace(*, reviewer: Reviewer, asked: ReviewerRequest, reason: str, by: User) -> Reviewer:
    """Put somebody else on the seat, who starts afresh with its role, sections and place."""
    with transaction.atomic():
        reviewer = _left(reviewer, "replaced", reason, Actor(user=by))
        new = _follow(reviewer, asked)
        actors.record(
            by, "review.replaced", reviewer.review, new, previous=reviewer.pk, **_told(new)
        )
        notify.notify(reviewer.review, "review.released", [reviewer], Actor(user=by))
        approval.update_approval(reviewer.review, Actor(user=by))
    return new


def delegate(*, reviewer: Reviewer, to: User, reason: str, by: Actor) -> Reviewer:
    """A reviewer with an account hands the seat to a colleague; approvals that they gave before
    go on to count for it."""
    with transaction.atomic():
        if reviewer.is_guest:
            raise drafts.ActionRefused(_("Ask the author to name somebody else in your place."))
        reviewer = _left(reviewer, "delegated", reason, by)
        new = _follow(reviewer, ReviewerRequest(user=to))
        actors.record(
            by, "review.delegated", reviewer.review, new, previous=reviewer.pk, **_told(new)
        )
        notify.notify(reviewer.review, "review.delegated", notify.authors(reviewer.review), by)
        approval.update_approval(reviewer.review, by)
    return new


def remind(*, reviewer: Reviewer, by: User, new_link: bool = False) -> Reviewer:
    """Send a reviewer who is waited for the mail once more; with `new_link` the link of a guest
    is another one, and those sent before open nothing."""
    with transaction.atomic():
        review = actors.lock_review(reviewer.review)
        actors.refuse_closed(review, even_expired=False)
        reviewer = review.reviewers.select_related("user").get(pk=reviewer.pk)
        if reviewer.removal_reason:
            raise drafts.ActionRefused(_("%s no longer takes part in this review.") % reviewer)
        if new_link and reviewer.is_guest:
            reviewer.link_key, reviewer.code, reviewer.code_tries = secrets.token_hex(16), "", 0
            reviewer.save(update_fields=["link_key", "code", "code_tries"])
            actors.record(by, "review.link_renewed", review, reviewer, reviewer=reviewer.pk)
        elif reviewer.waiting_since is None:
            raise drafts.ActionRefused(_("The review does not wait for %s.") % reviewer)
        round = review.rounds.select_related("version").order_by("-number")[0]
        notify.notify(
            review,
            "review.asked",
            [reviewer],
            Actor(user=by),
            round=round.number,
            number=round.version.number,
        )
    return reviewer


def join(*, reviewer: Reviewer, user: User) -> Reviewer:
    """Somebody who was asked by mail address goes on with the account that has it by now.
    Raises drafting.Refused where that account has a seat of its own."""
    with transaction.atomic():
        review = actors.lock_review(reviewer.review)
        reviewer = Reviewer.objects.get(pk=reviewer.pk)
        is_theirs = reviewer.is_guest and reviewer.email == user.email.lower() and user.is_active
        if not is_theirs or reviewer.removal_reason or not reviewer.link_key:
            raise drafts.ActionRefused(_("This link is not for your account."))
        if review.reviewers.filter(user=user, removal_reason="").exists():
            raise drafts.ActionRefused(
                _("You take part in this review already, with your account.")
            )
        reviewer.user, reviewer.email, reviewer.name, reviewer.link_key, reviewer.code = (
            user,
            "",
            "",
            "",
            "",
        )
        reviewer.save(update_fields=["user", "email", "name", "link_key", "code"])
        actors.record(user, "review.joined", review, reviewer, reviewer=reviewer.pk, user=user.pk)
    return reviewer


def take_over(
    review: Review,
    asked: ReviewerRequest,
    version: Version,
    *,
    position: int,
    replaces: Reviewer | None = None,
) -> Reviewer:
    """Seat somebody, inside a deed. Raises drafting.Refused for a closed account, an address
    that is none, an approver who may not approve the version, an unknown section, somebody who
    has a seat, or one seat too many."""
    user, email = _who(asked)
    current = review.reviewers.filter(removal_reason="")
    if current.count() >= REVIEWERS_LIMIT:
        raise drafts.ActionRefused(
            _("A review asks at most %d people at a time.") % REVIEWERS_LIMIT
        )
    if current.filter(user=user, email=email).exists():
        raise drafts.ActionRefused(_("%s is asked already.") % (user or email))
    if (
        user is not None
        and asked.role == "approver"
        and user.pk in approval_eligibility.authors(version)
    ):
        raise drafts.ActionRefused(
            _("%s saved this version or changed its draft, and cannot approve it.") % user
        )
    if not set(asked.sections) <= approval_hashes.section_hashes(version.document).keys():
        raise drafts.ActionRefused(_("One of the sections is gone. Choose the sections again."))
    reviewer = Reviewer(
        review=review,
        user=user,
        email=email,
        name="" if user else asked.name,
        role=asked.role,
        sections=list(asked.sections),
        position=position,
        replaces=replaces,
        link_key="" if user else secrets.token_hex(16),
    )
    try:
        reviewer.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise drafts.ActionRefused(" ".join(error.messages)) from error
    reviewer.save()
    return reviewer


def reminded_at(review: Review) -> list[dict[str, Any]]:
    """Who is asked, as an event holds it."""
    return [_told(reviewer) for reviewer in review.reviewers.filter(removal_reason="")]


def _told(reviewer: Reviewer) -> dict[str, Any]:
    return {
        "reviewer": reviewer.pk,
        "user": reviewer.user_id,
        "role": reviewer.role,
        "sections": reviewer.sections,
    }


def _who(asked: ReviewerRequest) -> tuple[User | None, str]:
    """The account, or the address where no account has it."""
    email = asked.email.strip().lower()
    user = asked.user or (User.objects.filter(email__iexact=email).first() if email else None)
    if user is not None:
        if not user.is_active:
            raise drafts.ActionRefused(_("The account of %s is closed.") % user)
        return user, ""
    try:
        validate_email(email)
    except ValidationError as error:
        raise drafts.ActionRefused(_("“%s” is not a mail address.") % asked.email) from error
    return None, email


def _left(reviewer: Reviewer, how: str, reason: str, by: Actor) -> Reviewer:
    """The seat, locked and marked as left."""
    review = actors.lock_review(reviewer.review)
    actors.refuse_closed(review, even_expired=False)
    reviewer = Reviewer.objects.select_related("user").get(pk=reviewer.pk)
    if reviewer.removal_reason:
        raise drafts.ActionRefused(_("%s no longer takes part in this review.") % reviewer)
    reviewer.review = review
    reviewer.removal_reason, reviewer.removed_at, reviewer.removal_note = (
        how,
        timezone.now(),
        reason,
    )
    reviewer.removed_by, reviewer.link_key, reviewer.code = by.user, "", ""
    reviewer.waiting_since = None
    reviewer.full_clean(validate_unique=False, validate_constraints=False)
    reviewer.save()
    return reviewer


def _follow(reviewer: Reviewer, asked: ReviewerRequest) -> Reviewer:
    """Somebody on the seat that another left."""
    whole = ReviewerRequest(
        asked.user, asked.email, asked.name, reviewer.role, tuple(reviewer.sections)
    )
    version = _version(reviewer.review)
    known = approval_hashes.section_hashes(version.document).keys()
    kept = tuple(key for key in whole.sections if key in known) or whole.sections
    whole = ReviewerRequest(whole.user, whole.email, whole.name, whole.role, kept)
    return take_over(reviewer.review, whole, version, position=reviewer.position, replaces=reviewer)


def _version(review: Review) -> Version:
    round = review.rounds.select_related("version").order_by("-number")[0]
    round.version.description = review.description
    return round.version


def _last(review: Review) -> int:
    if not review.in_order:
        return 0
    last = review.reviewers.order_by("-position").values_list("position", flat=True).first()
    return last or 0
