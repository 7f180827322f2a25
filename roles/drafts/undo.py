"""Undo and redo: each person can revert their own latest changes of a draft until a version is
saved, unless someone has changed the same rows since."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from roles.drafts import changes, draft_events, row_values
from roles.drafts.changes import Change
from roles.drafts.draft import Draft
from roles.drafts.errors import ActionRefused, RowConflict
from roles.drafts.row_values import RowValues, is_order
from roles.models import DraftChange, JobDescription, User

CHANGES_LIMIT = 300  # changes of one draft that can be undone

# Changes of one row, and the kind of rows (see row_values) to compare for them. The draft itself
# records lines and their order. Any other change compares the whole draft.
KINDS_COMPARED: dict[type, set[str]] = {
    changes.ChangeFacts: {"fact"},
    changes.ChangeSection: {"section"},
    changes.ShowReferences: {"section"},
    changes.AddLine: set(),
    changes.ChangeLine: set(),
    changes.TakeLibraryWording: set(),
    changes.TakeRevision: set(),
    changes.ChangePay: {"pay"},
    changes.AnswerPlaceholder: {"answer"},
}


# --- the changes of an action


def read(draft: Draft, requested: Sequence[Change]) -> RowValues:
    """Returns the values to compare before and after these changes are made."""
    return row_values.read(draft.description, _kinds(requested))


def _kinds(requested: Sequence[Change]) -> set[str]:
    kinds: set[str] = set()
    for change in requested:
        kinds |= KINDS_COMPARED.get(type(change), row_values.READERS.keys())
    return kinds


def record(
    draft: Draft, by: User, requested: Sequence[Change], before: RowValues, *, is_step: bool = False
) -> bool:
    """Store the difference since `before` (see `read`) as the person's latest change; with
    `is_step`, separately from the typing before it. Returns whether it only continues that
    typing."""
    old, new = _differences(draft, requested, before)
    if not new:
        return False
    own = _changes_of(draft.description, by)
    last = own.order_by("undone", "token").last()
    if last is not None and last.undone:
        own.filter(undone=True).delete()
        last = own.order_by("token").last()
    draft.is_undoable = True
    if last is not None and not is_step and _continues_typing(last, draft, new):
        last.after, last.token = new, draft.next
        if last.before == new:
            last.delete()
            draft.is_undoable = False
        else:
            last.save()
        return True
    if draft.next > CHANGES_LIMIT:
        draft.description.changes.filter(token__lte=draft.next - CHANGES_LIMIT).delete()
    DraftChange.objects.create(
        description=draft.description, token=draft.next, by=by, before=old, after=new
    )
    return False


def _differences(
    draft: Draft, requested: Sequence[Change], before: RowValues
) -> tuple[RowValues, RowValues]:
    """Returns the values before and after these changes of the keys that differ; None for what
    one of the states does not have."""
    after = read(draft, requested)
    if "line" not in _kinds(requested):
        before = before | {key: draft.old_values.get(key) for key in draft.new_values}
        after = after | draft.new_values
    keys = [key for key in before | after if before.get(key) != after.get(key)]
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}


def _continues_typing(last: DraftChange, draft: Draft, new: RowValues) -> bool:
    """Returns whether the action changed the same single row as the change before it."""
    is_one_row = len(new) == 1 and last.after.keys() == new.keys()
    return (
        is_one_row
        and None not in (*last.before.values(), *new.values())
        and not is_order(next(iter(new)))
        and last.token == draft.next - 1
        and timezone.now() - last.made_at < draft_events.TYPING
    )


def can(description: JobDescription, by: User) -> dict[str, bool]:
    """Returns whether this person has something to undo, and to redo."""
    undone = set(_changes_of(description, by).values_list("undone", flat=True).distinct())
    return {"undo": False in undone, "redo": True in undone}


def forget(description: JobDescription) -> None:
    """Delete all undo history, because a version was saved or restored."""
    description.changes.all().delete()


def _changes_of(description: JobDescription, by: User) -> QuerySet[DraftChange]:
    return DraftChange.objects.filter(description=description, by=by)


# --- undo and redo


def undo(*, description: JobDescription, by: User) -> str:
    """Revert the person's latest change and return a description of it. Raises ActionRefused if
    there is none, or if someone has changed the same row since."""
    with transaction.atomic():
        draft = Draft.lock(description, description.edit_token)
        change = _changes_of(description, by).filter(undone=False).order_by("token").last()
        if change is None:
            raise ActionRefused(_("You have nothing to undo since the last version."))
        return _reverse(draft, by, change, change.after, change.before)


def redo(*, description: JobDescription, by: User) -> str:
    """Make the change that was undone last again; returns and raises the same as `undo`."""
    with transaction.atomic():
        draft = Draft.lock(description, description.edit_token)
        change = _changes_of(description, by).filter(undone=True).order_by("token").first()
        if change is None:
            raise ActionRefused(_("You have nothing to redo."))
        return _reverse(draft, by, change, change.before, change.after)


def _reverse(draft: Draft, by: User, change: DraftChange, old: RowValues, new: RowValues) -> str:
    try:
        conflicting = _write_if_unchanged(draft, old, new)
    except RowConflict as conflict:  # a row belongs to another one that someone removed
        conflicting = [f"{conflict.kind}:{conflict.uid}"]
    if conflicting:
        raise ActionRefused(_reason(draft, change, by, conflicting))
    change.undone = not change.undone
    change.save()
    draft.save()
    draft_events.record(draft, by, "draft.undone" if change.undone else "draft.redone")
    return _in_words(change.before, change.after)


def _reason(draft: Draft, change: DraftChange, by: User, keys: Sequence[str]) -> str:
    """Returns why the change can't be reverted, with the name of the person if known."""
    later = draft.description.changes.exclude(by=by).filter(token__gt=change.token)
    for other in later.order_by("-token").select_related("by"):
        if not set(keys).isdisjoint(other.after):
            return _("%s has since changed this, so it stays as it is.") % other.by
    return _("This has since been changed, so it stays as it is.")


def _write_if_unchanged(draft: Draft, old: RowValues, new: RowValues) -> list[str]:
    """Write the values `new` if the draft's rows still have the values `old`. Returns the keys of
    the rows that have changed since; if there are any, nothing is written. Raises RowConflict if
    a row belongs to one that is gone."""
    current = row_values.read(draft.description, row_values.READERS)
    orders = {
        key: merge_order(current.get(key), old[key], new[key])
        for key in old
        if is_order(key) and new[key] is not None
    }
    conflicting = [key for key in old if not is_order(key) and current.get(key) != old[key]]
    conflicting += [key for key, order in orders.items() if order is None]
    conflicting += _would_be_lost(current, old, new)
    if not conflicting:
        row_values.write(draft, new)
        for key, order in orders.items():
            row_values.write_order(draft, key, order or [])
    return conflicting


def merge_order(
    current: list[str] | None, old: list[str] | None, new: list[str]
) -> list[str] | None:
    """Returns the `current` order with the difference from `old` to `new` applied, or None if the
    same rows were moved since."""
    if current is None or old is None:
        return new
    stays = [uid for uid in current if uid in new or uid not in old]
    both = [uid for uid in old if uid in new]
    if both != [uid for uid in new if uid in old]:
        if [uid for uid in stays if uid in both] != [uid for uid in both if uid in stays]:
            return None
        moved = iter([uid for uid in new if uid in both and uid in stays])
        stays = [next(moved) if uid in both else uid for uid in stays]
    before = ""
    for uid in new:
        if uid not in old and uid not in stays:
            stays.insert(stays.index(before) + 1 if before in stays else 0, uid)
        before = uid if uid in stays else before
    return stays


def _would_be_lost(current: RowValues, old: RowValues, new: RowValues) -> list[str]:
    """Returns the keys of rows that someone has since added inside rows about to be removed."""
    removed = {key.partition(":")[2] for key in new if new[key] is None and not is_order(key)}
    lost = []
    for key, row in current.items():
        if key in old or not isinstance(row, dict):
            continue
        kind, _colon, uid = key.partition(":")
        line = uid.partition("/")[0] if kind == "answer" else None
        if not removed.isdisjoint({line, row.get("section__uid"), row.get("parent__uid")} - {""}):
            lost.append(key)
    return lost


# --- in words

WORDS: dict[str, dict[str, str | Promise]] = {
    "section": {
        "added": gettext_lazy("adding a section"),
        "removed": gettext_lazy("removing a section"),
        "changed": gettext_lazy("changing a section"),
    },
    "line": {
        "added": gettext_lazy("adding a line"),
        "removed": gettext_lazy("removing a line"),
        "changed": gettext_lazy("changing a line"),
    },
    "pay": {
        "added": gettext_lazy("adding a pay range"),
        "removed": gettext_lazy("removing a pay range"),
        "changed": gettext_lazy("changing a pay range"),
    },
    "answer": {
        "added": gettext_lazy("filling in a placeholder"),
        "removed": gettext_lazy("clearing a placeholder"),
        "changed": gettext_lazy("changing a placeholder"),
    },
    "fact": {"changed": gettext_lazy("changing the job details")},
    "outline": {"changed": gettext_lazy("moving a section")},
    "order": {"changed": gettext_lazy("moving a line")},
}


def _in_words(before: RowValues, after: RowValues) -> str:
    """Returns what a change did, such as "removing a line"."""
    for kind, words in WORDS.items():
        keys = [key for key in after if key.partition(":")[0] == kind]
        if not keys:
            continue
        old, new = (any(state[key] is not None for key in keys) for state in (before, after))
        done = "changed" if old and new else "added" if new else "removed"
        if kind == "line" and len(keys) > 1:
            many = {
                "added": ngettext("adding %d line", "adding %d lines", len(keys)),
                "removed": ngettext("removing %d line", "removing %d lines", len(keys)),
                "changed": ngettext("changing %d line", "changing %d lines", len(keys)),
            }
            return many[done] % len(keys)
        return str(words[done])
    return ""
