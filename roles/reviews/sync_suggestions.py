"""Keeps suggestions in step with undo and redo: an accepted suggestion whose change is undone is
open again, and accepted again when the change is redone."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import Q, Subquery
from django.utils import timezone

from roles.models import Event, JobDescription, Line, Suggestion, User, Version
from roles.reviews import review_events
from roles.reviews.actor import Actor

ACCEPTED = ("accepted", "changed")  # states of a suggestion that changed the draft


def sync(*, description: JobDescription, by: User, action: Callable[..., str]) -> str:
    """Runs `action` (undo or redo of drafts.undo), then reopens or accepts the affected
    suggestions. Returns the action's description of the change."""
    with transaction.atomic():
        JobDescription.objects.lock(description.pk)
        answered = _answered(description)
        before = {found.pk: state(description, found.line) for found in answered}
        done = action(description=description, by=by)
        for found in answered:
            now = state(description, found.line)
            if now != before[found.pk]:
                _follow(found, before[found.pk], now, by)
    return done


def state(description: JobDescription, uid: str) -> str:
    """Returns a hash of the content of a line of the draft; an empty string if there is none."""
    line = Line.objects.filter(description=description, uid=uid).first()
    if line is None:
        return ""
    return review_events.digest("\n".join([line.text, line.detail, line.requirement]))


def _answered(description: JobDescription) -> list[Suggestion]:
    """Returns the suggestions that undo can affect: those accepted since the last version, and
    those that it reopened."""
    saved = Version.objects.filter(description=description).order_by("-number").values("created_at")
    is_recent = Q(answered_at=None) | Q(answered_at__gte=Subquery(saved[:1]))
    found = Suggestion.objects.filter(is_recent, thread__description=description).exclude(line="")
    return list(found.select_related("thread__review__description"))


def _follow(suggestion: Suggestion, old: str, new: str, by: User) -> None:
    """Updates a suggestion whose line changed from `old` to `new` (hashes)."""
    answers = Event.objects.filter(
        chain=suggestion.thread.description.reference,
        verb="review.answered",
        about_id=suggestion.pk,
    ).order_by("-number")
    accepted = next((event for event in answers if event.what.get("new") is not None), None)
    if accepted is None:
        return
    before, after = accepted.what["old"], accepted.what["new"]
    if suggestion.is_open and new == after:
        _set(suggestion, accepted.what["state"], by)
    elif suggestion.state in ACCEPTED and new != after and (new == before or old == after):
        _set(suggestion, "open", by)


def _set(suggestion: Suggestion, state: str, by: User) -> None:
    is_open = state == "open"
    suggestion.state, suggestion.answer = state, ""
    suggestion.answered_by = None if is_open else by
    suggestion.answered_at = None if is_open else timezone.now()
    suggestion.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    thread = suggestion.thread
    thread.resolved_by, thread.resolved_at = suggestion.answered_by, suggestion.answered_at
    thread.save(update_fields=["resolved_by", "resolved_at"])
    review_events.record_answer(Actor(user=by), suggestion)
