"""The events of a draft's changes: which are written, and who changed the draft since.

While a person types, each pause is an autosave. The first one in a row writes an event; further
ones within `TYPING` write none as long as that event is the newest of its chain. The tokens that
they leave belong to the event before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from roles.drafts import changes
from roles.drafts.changes import Change
from roles.drafts.draft import Draft
from roles.models import Event, JobDescription, User

# Autosaves of one row within this time are one event, and are undone together.
TYPING = timedelta(seconds=30)
# Changes that typing makes, in the fields of one row.
TYPED = (
    changes.ChangeFacts,
    changes.ChangeSection,
    changes.ChangeLine,
    changes.ChangePay,
    changes.AnswerPlaceholder,
)
EVENTS_READ = 100  # to find out who changed a draft
# Verbs of the events that leave a new token.
TOKEN_VERBS = ("draft.changed", "draft.undone", "draft.redone", "version.restored")


def record(draft: Draft, by: User, verb: str, *, is_typing: bool = False) -> None:
    """Record that the person touched these rows of the draft."""
    Event.objects.record(
        by=by,
        verb=verb,
        about=draft.description,
        chain=draft.description.reference,
        token=draft.next,
        rows=draft.touched,
        **({"typing": True} if is_typing else {}),
    )


def record_changes(
    draft: Draft,
    by: User,
    requested: Sequence[Change],
    *,
    is_autosave: bool,
    continues_typing: bool,
) -> None:
    """Record that the person made these changes, unless the newest event covers them already.
    `continues_typing`: undo reverts them together with the person's change before them."""
    is_typing = is_autosave and all(isinstance(change, TYPED) for change in requested)
    if not (is_typing and continues_typing and _is_newest_event(draft, by)):
        record(draft, by, "draft.changed", is_typing=is_typing)


def _is_newest_event(draft: Draft, by: User) -> bool:
    """Returns whether the newest event is this person's typing in the same row just now."""
    newest = Event.objects.filter(chain=draft.description.reference).order_by("-number").first()
    return (
        newest is not None
        and newest.verb == "draft.changed"
        and newest.actor_id == by.pk
        and "typing" in newest.what
        and set(newest.what["rows"]) == set(draft.touched)
        and timezone.now() - newest.at < TYPING
    )


def authors_since(description: JobDescription, token: int) -> set[int]:
    """Returns the ids of the accounts that changed the draft since it had this token, or saved a
    version of it, according to the newest EVENTS_READ events."""
    events = Event.objects.filter(chain=description.reference).order_by("-number")[:EVENTS_READ]
    authors: set[int | None] = set()
    newest_token = description.edit_token  # the last one that belongs to the event
    for event in events:
        event_token = int(event.what.get("token") or 0)
        changes_draft = event.verb in TOKEN_VERBS
        if event_token > token or (changes_draft and newest_token > token):
            authors.add(event.actor_id)
        if changes_draft:
            newest_token = event_token - 1
    return {key for key in authors if key is not None}
