"""Reviewers of a review: add, remove, replace, delegate, remind, join with an account."""

from __future__ import annotations

import dataclasses
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
from roles.limits import REVIEWERS_LIMIT
from roles.models import Review, Reviewer, User, Version
from roles.reviews import approval, approval_eligibility, notify, review_events, review_lock
from roles.reviews.actor import Actor


@dataclass(frozen=True, slots=True)
class ReviewerRequest:
    """A person to add: an account, or an email address with a name. `sections` are keys of
    comparison.approval_hashes; empty means all sections, including pay."""

    user: User | None = None
    email: str = ""
    name: str = ""
    role: str = "approver"
    sections: tuple[str, ...] = ()


def add(*, review: Review, asked: ReviewerRequest, by: User) -> Reviewer:
    """Adds a reviewer. Raises drafts.ActionRefused (see create)."""
    with transaction.atomic():
        locked = review_lock.lock_open(review)
        reviewer = create(locked, asked, _version(locked), position=_last_position(locked) + 1)
        review_events.record(by, "review.added", locked, reviewer, **_as_event(reviewer))
        approval.update(locked, Actor(user=by))
    return reviewer


def remove(*, reviewer: Reviewer, reason: str, by: User) -> Reviewer:
    """Removes a reviewer; their decisions stay in the audit record but no longer count. Raises
    drafts.ActionRefused for the last approver, or if they were removed before."""
    with transaction.atomic():
        reviewer = _remove(reviewer, "removed", reason, Actor(user=by))
        if (
            reviewer.is_approver
            and not reviewer.review.reviewers.current().filter(role="approver").exists()
        ):
            raise drafts.ActionRefused(
                _("A review needs at least one approver. Replace this one or withdraw the review.")
            )
        review_events.record(by, "review.released", reviewer.review, reviewer, reviewer=reviewer.pk)
        notify.notify(reviewer.review, "review.released", [reviewer], Actor(user=by))
        approval.update(reviewer.review, Actor(user=by))
    return reviewer


def replace(*, reviewer: Reviewer, asked: ReviewerRequest, reason: str, by: User) -> Reviewer:
    """Replaces a reviewer by one with the same role, sections and position; decisions of the
    replaced reviewer don't count. Raises drafts.ActionRefused (see create)."""
    with transaction.atomic():
        reviewer = _remove(reviewer, "replaced", reason, Actor(user=by))
        new = _replacement(reviewer, asked)
        review_events.record(
            by, "review.replaced", reviewer.review, new, previous=reviewer.pk, **_as_event(new)
        )
        notify.notify(reviewer.review, "review.released", [reviewer], Actor(user=by))
        approval.update(reviewer.review, Actor(user=by))
    return new


def delegate(*, reviewer: Reviewer, to: User, reason: str, by: Actor) -> Reviewer:
    """Delegates from a reviewer with an account to a colleague; approvals given before still
    count. Raises drafts.ActionRefused (see create)."""
    with transaction.atomic():
        if reviewer.is_guest:
            raise drafts.ActionRefused(
                _("You need an account to delegate. Ask the author to replace you.")
            )
        reviewer = _remove(reviewer, "delegated", reason, by)
        new = _replacement(reviewer, ReviewerRequest(user=to))
        review_events.record(
            by, "review.delegated", reviewer.review, new, previous=reviewer.pk, **_as_event(new)
        )
        notify.notify(reviewer.review, "review.delegated", notify.authors(reviewer.review), by)
        approval.update(reviewer.review, by)
    return new


def remind(*, reviewer: Reviewer, by: User, new_link: bool = False) -> Reviewer:
    """Emails a pending reviewer again. With `new_link`, a guest gets a new link, and earlier links
    stop working. Raises drafts.ActionRefused if nothing is pending with them."""
    with transaction.atomic():
        review = review_lock.lock_open(reviewer.review)
        reviewer = review.reviewers.select_related("user").get(pk=reviewer.pk)
        if reviewer.removal_reason:
            raise drafts.ActionRefused(_("%s is no longer a reviewer.") % reviewer)
        is_renewed = new_link and reviewer.is_guest
        if is_renewed:
            reviewer.link_key, reviewer.code, reviewer.code_tries = secrets.token_hex(16), "", 0
            reviewer.save(update_fields=["link_key", "code", "code_tries"])
            review_events.record(by, "review.link_renewed", review, reviewer, reviewer=reviewer.pk)
        elif reviewer.waiting_since is None:
            raise drafts.ActionRefused(_("%s has nothing to review right now.") % reviewer)
        round = review.current_round()
        notify.notify(
            review,
            "review.asked",
            [reviewer],
            Actor(user=by),
            round=round.number,
            number=round.version.number,
            **({"new_link": True} if is_renewed else {}),
        )
    return reviewer


def join(*, reviewer: Reviewer, user: User) -> Reviewer:
    """Moves a guest to the account that now has their address. Raises drafts.ActionRefused if
    that account is already a reviewer."""
    with transaction.atomic():
        review = review_lock.lock(reviewer.review)
        reviewer = Reviewer.objects.get(pk=reviewer.pk)
        is_theirs = reviewer.is_guest and reviewer.email == user.email.lower() and user.is_active
        if not is_theirs or reviewer.removal_reason or not reviewer.link_key:
            raise drafts.ActionRefused(_("This link isn’t for your account."))
        if review.reviewers.current().filter(user=user).exists():
            raise drafts.ActionRefused(_("You’re already a reviewer with your account."))
        reviewer.user = user
        reviewer.email = reviewer.name = reviewer.link_key = reviewer.code = ""
        reviewer.save(update_fields=["user", "email", "name", "link_key", "code"])
        review_events.record(
            user, "review.joined", review, reviewer, reviewer=reviewer.pk, user=user.pk
        )
    return reviewer


def create(
    review: Review,
    asked: ReviewerRequest,
    version: Version,
    *,
    position: int,
    replaces: Reviewer | None = None,
) -> Reviewer:
    """Creates a reviewer, inside an action. Raises drafts.ActionRefused for a closed account, an
    invalid address, an approver who can't approve the version, an unknown section, a person who
    is already a reviewer, or more than REVIEWERS_LIMIT reviewers."""
    user, email = _account_or_address(asked)
    _check(review, asked, version, user, email)
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


def for_event(review: Review) -> list[dict[str, Any]]:
    """Returns the current reviewers as stored in an event."""
    return [_as_event(reviewer) for reviewer in review.reviewers.current()]


def _as_event(reviewer: Reviewer) -> dict[str, Any]:
    return {
        "reviewer": reviewer.pk,
        "user": reviewer.user_id,
        "role": reviewer.role,
        "sections": reviewer.sections,
    }


def _check(
    review: Review, asked: ReviewerRequest, version: Version, user: User | None, email: str
) -> None:
    current = review.reviewers.current()
    if current.count() >= REVIEWERS_LIMIT:
        raise drafts.ActionRefused(_("A review can have up to %d reviewers.") % REVIEWERS_LIMIT)
    if current.filter(user=user, email=email).exists():
        raise drafts.ActionRefused(_("%s is already a reviewer.") % (user or email))
    if (
        user is not None
        and asked.role == "approver"
        and user.pk in approval_eligibility.authors(version)
    ):
        raise drafts.ActionRefused(_("%s worked on this version, so they can’t approve it.") % user)
    if not set(asked.sections) <= approval_hashes.section_hashes(version.document).keys():
        raise drafts.ActionRefused(_("One of the sections was removed. Choose the sections again."))


def _account_or_address(asked: ReviewerRequest) -> tuple[User | None, str]:
    """Returns the account, or the email address if no account has it."""
    email = asked.email.strip().lower()
    user = asked.user or (User.objects.filter(email__iexact=email).first() if email else None)
    if user is not None:
        if not user.is_active:
            raise drafts.ActionRefused(_("%s’s account is deactivated.") % user)
        return user, ""
    try:
        validate_email(email)
    except ValidationError as error:
        raise drafts.ActionRefused(_("“%s” isn’t a valid email address.") % asked.email) from error
    return None, email


def _remove(reviewer: Reviewer, removal_reason: str, note: str, by: Actor) -> Reviewer:
    """Returns the reviewer, locked and marked as removed."""
    review = review_lock.lock_open(reviewer.review)
    reviewer = Reviewer.objects.select_related("user").get(pk=reviewer.pk)
    if reviewer.removal_reason:
        raise drafts.ActionRefused(_("%s is no longer a reviewer.") % reviewer)
    reviewer.review = review
    reviewer.removal_reason, reviewer.removal_note = removal_reason, note
    reviewer.removed_at, reviewer.removed_by = timezone.now(), by.user
    reviewer.link_key, reviewer.code = "", ""
    reviewer.waiting_since = None
    reviewer.full_clean(validate_unique=False, validate_constraints=False)
    reviewer.save()
    return reviewer


def _replacement(reviewer: Reviewer, asked: ReviewerRequest) -> Reviewer:
    """Creates the replacement of a removed reviewer."""
    version = _version(reviewer.review)
    known = approval_hashes.section_hashes(version.document).keys()
    sections = tuple(reviewer.sections)
    still_there = tuple(key for key in sections if key in known)
    asked = dataclasses.replace(asked, role=reviewer.role, sections=still_there or sections)
    return create(reviewer.review, asked, version, position=reviewer.position, replaces=reviewer)


def _version(review: Review) -> Version:
    version = review.current_round().version
    version.description = review.description
    return version


def _last_position(review: Review) -> int:
    if not review.in_order:
        return 0
    last = review.reviewers.order_by("-position").values_list("position", flat=True).first()
    return last or 0
