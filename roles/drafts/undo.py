"""Undo and redo: each person takes back their own latest change of a draft, until a version
is saved; refused where someone changed the same row since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from roles.drafts import reverting, snapshot
from roles.drafts.draft import Draft
from roles.drafts.errors import ActionRefused
from roles.drafts.snapshot import Snapshot
from roles.models import DraftChange, Event, JobDescription, User

KEPT = 300  # changes of one draft
TYPING = timedelta(seconds=30)  # autosaves of one row that follow each other are one change


def record(draft: Draft, by: User, before: Snapshot, *, is_step: bool = False) -> None:
    """Remember what the deed just done changed since `before`, as the person's latest; `is_step`:
    apart from the typing before it."""
    was, now = snapshot.differences(before, snapshot.take(draft.description))
    if not was:
        return
    _of(draft.description, by).filter(undone=True).delete()
    last = _of(draft.description, by).order_by("token").last()
    if last is not None and not is_step and _is_more_typing(last, draft, now):
        last.after, last.token = now, draft.next
        if last.before == now:
            last.delete()
        else:
            last.save()
        return
    draft.description.changes.filter(token__lte=draft.next - KEPT).delete()
    DraftChange.objects.create(
        description=draft.description, token=draft.next, by=by, before=was, after=now
    )


def _is_more_typing(last: DraftChange, draft: Draft, now: Snapshot) -> bool:
    """Whether the deed went on with the one row that the change before it was about."""
    is_one_row = len(now) == 1 and last.after.keys() == now.keys()
    return (
        is_one_row
        and None not in (*last.before.values(), *now.values())
        and not next(iter(now)).startswith(("order:", "outline"))
        and last.token == draft.next - 1
        and timezone.now() - last.made_at < TYPING
    )


def can(description: JobDescription, by: User) -> dict[str, bool]:
    """Whether this person has something to undo, and to redo."""
    undone = set(_of(description, by).values_list("undone", flat=True).distinct())
    return {"undo": False in undone, "redo": True in undone}


def forget(description: JobDescription) -> None:
    """Nothing can be taken back any more: a version was saved or put back."""
    description.changes.all().delete()


def undo(*, description: JobDescription, by: User) -> str:
    """Take back the person's latest change; returns what it was, in words. Raises Refused
    where there is none, or where someone changed the same row since."""
    with transaction.atomic():
        draft = Draft.lock(description, description.edit_token)
        change = _of(description, by).filter(undone=False).order_by("token").last()
        if change is None:
            raise ActionRefused(_("There is nothing of yours to undo since the last version."))
        return _turn(draft, by, change, change.after, change.before)


def redo(*, description: JobDescription, by: User) -> str:
    """Make the change again that the person took back last; as `undo`."""
    with transaction.atomic():
        draft = Draft.lock(description, description.edit_token)
        change = _of(description, by).filter(undone=True).order_by("token").first()
        if change is None:
            raise ActionRefused(_("There is nothing to redo."))
        return _turn(draft, by, change, change.before, change.after)


def _turn(draft: Draft, by: User, change: DraftChange, old: Snapshot, new: Snapshot) -> str:
    in_the_way = reverting.revert(draft, snapshot.take(draft.description), old, new)
    if in_the_way:
        raise ActionRefused(_since(draft, change, by, in_the_way))
    change.undone = not change.undone
    change.save()
    draft.description.edit_token = draft.next
    draft.description.save()
    Event.objects.record(
        by=by,
        verb="draft.undone" if change.undone else "draft.redone",
        about=draft.description,
        chain=draft.description.reference,
        token=draft.next,
        rows=draft.touched,
    )
    return reverting.in_words(change.before, change.after)


def _since(draft: Draft, change: DraftChange, by: User, keys: Sequence[str]) -> str:
    """Why it cannot be turned back, with the name of who is in the way where it is known."""
    later = draft.description.changes.exclude(by=by).filter(token__gt=change.token)
    for other in later.order_by("-token").select_related("by"):
        if not set(keys).isdisjoint(other.after):
            return _("%s has changed the same since, so it stays as it is now.") % other.by
    return _("The same was changed since, so it stays as it is now.")


def _of(description: JobDescription, by: User) -> QuerySet[DraftChange]:
    return DraftChange.objects.filter(description=description, by=by)
