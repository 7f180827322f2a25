"""The events of reviews, in the chain of the job description."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models

from roles.models import Event, Review, Suggestion, User
from roles.reviews.actor import Actor


def record(by: Actor | User, verb: str, review: Review, about: models.Model, **what: Any) -> None:
    """Records an event; `what` gets the id of a reviewer who acts."""
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
    """Records the answer to a suggestion, with the state that the suggestion has now."""
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
    """Returns the SHA-256 (hexadecimal) of a text, for events that prove a text without
    storing it; an empty string for an empty text."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
