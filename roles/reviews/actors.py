"""Who acts in a review: an account, perhaps on its seat, or a reviewer who came by a link."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from roles import drafts
from roles.models import Event, JobDescription, Review, Reviewer, Suggestion, User


@dataclass(frozen=True, slots=True)
class Actor:
    """`reviewer` is the seat on which the person acts; without one they act as an author of the
    job description. A guest has a seat and no account."""

    user: User | None = None
    reviewer: Reviewer | None = None

    def __str__(self) -> str:
        return str(self.user or self.reviewer or "")

    def is_author_of(self, said: Any) -> bool:
        """Whether this person wrote that thread or comment."""
        if self.user is not None:
            return bool(said.by_id == self.user.pk)
        return self.reviewer is not None and said.reviewer_id == self.reviewer.pk


def lock_review(review: Review) -> Review:
    """The review as it is now, its job description locked until the transaction ends."""
    JobDescription.objects.select_for_update().get(pk=review.description_id)
    return Review.objects.select_related("description", "requested_by").get(pk=review.pk)


def refuse_closed(review: Review, *, even_expired: bool) -> None:
    """Raise drafting.Refused where the review has ended, or has expired (unless
    `even_expired`: for what only its authors do)."""
    if not review.is_open:
        words = {
            "approved": _("This review has ended: the version is approved."),
            "withdrawn": _("This review was withdrawn."),
        }
        raise drafts.ActionRefused(words[review.state])
    if review.is_expired and not even_expired:
        raise drafts.ActionRefused(_("This review has expired. Give it another due date first."))


def record(by: Actor | User, verb: str, review: Review, about: models.Model, **what: Any) -> None:
    """An event in the chain of the job description; a guest is told by the id of the seat."""
    actor = by if isinstance(by, Actor) else Actor(user=by)
    if actor.reviewer is not None:
        what["reviewer"] = actor.reviewer.pk
    Event.objects.record(
        by=actor.user,
        verb=verb,
        about=about,
        chain=review.description.reference,
        review=review.pk,
        **what,
    )


def record_answer(by: Actor, suggestion: Suggestion, **what: str) -> None:
    """The event of what became of a suggestion, as it stands now."""
    thread = suggestion.thread
    record(
        by,
        "review.answered",
        thread.review,
        suggestion,
        thread=thread.pk,
        state=suggestion.state,
        line=suggestion.line,
        text=digest(suggestion.answer),
        **what,
    )


def digest(text: str) -> str:
    """The SHA-256 of a text that an event vouches for without holding it; nothing for none."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
