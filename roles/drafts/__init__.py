"""The working draft of a job description.

Every change goes through `apply`: one lock, one comparison of tokens, one event.

- `changes`: the changes as plain values; `line_changes`, `ordering` and `section_changes`: their
  handlers; `draft`: the locked draft that the handlers work on; `errors`: the exceptions;
  `draft_events`: the events that changes record.
- `undo`: undo and redo; `row_values`: the rows of a draft as values, for undo.
- `new_draft`: start from a template, a copy or a blank page; `load_document`: fill a draft from a
  document; `document_import` and `missing_records`: import a file.
- `lifecycle`: owner and hiring managers, archive, delete.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from roles.drafts import changes, draft_events, line_changes, ordering, section_changes, undo
from roles.drafts.changes import Change
from roles.drafts.draft import Draft
from roles.drafts.errors import ARCHIVED, ActionRefused, RowConflict, StaleDraft
from roles.drafts.load_document import load
from roles.drafts.new_draft import start
from roles.models import JobDescription, User

__all__ = [
    "ARCHIVED",
    "ActionRefused",
    "Draft",
    "RowConflict",
    "StaleDraft",
    "apply",
    "load",
    "start",
]

HANDLERS: dict[type, Callable[[Draft, Any], None]] = {
    changes.ChangeFacts: section_changes.change_facts,
    changes.AddSection: section_changes.add_section,
    changes.ChangeSection: section_changes.change_section,
    changes.MoveSection: section_changes.move_section,
    changes.PlaceSection: section_changes.place_section,
    changes.RemoveSection: section_changes.remove_section,
    changes.AddLine: line_changes.add_line,
    changes.AddLines: line_changes.add_lines,
    changes.AddSnippets: line_changes.add_snippets,
    changes.ChangeLine: line_changes.change_line,
    changes.TakeLibraryWording: line_changes.take_library_wording,
    changes.TakeRevision: line_changes.take_revision,
    changes.MoveLine: ordering.move_line,
    changes.PlaceLine: ordering.place_line,
    changes.IndentLine: ordering.indent_line,
    changes.OutdentLine: ordering.outdent_line,
    changes.RemoveLine: line_changes.remove_line,
    changes.AddPay: section_changes.add_pay,
    changes.ChangePay: section_changes.change_pay,
    changes.RemovePay: section_changes.remove_pay,
    changes.ShowReferences: section_changes.show_references,
    changes.AnswerPlaceholder: section_changes.answer_placeholder,
}


def apply(
    *,
    description: JobDescription,
    by: User,
    token: int,
    changes: Sequence[Change],
    is_step: bool = False,
    is_autosave: bool = False,
) -> Draft:
    """Make all of the changes or none, for a page loaded at `token`. Other people's changes to
    other rows are kept. `is_step`: undo reverts these changes separately from the typing before
    them. `is_autosave`: the person paused while typing; later pauses in the same row don't record
    events of their own (see draft_events).

    Returns the draft, with the new token in `draft.description.edit_token`. Raises StaleDraft
    (a touched row changed since), ActionRefused (not allowed in this state), or Django's
    ValidationError (a value that a form should have rejected)."""
    with transaction.atomic():
        draft = Draft.lock(description, token)
        before = undo.read(draft, changes)
        _make_changes(draft, changes)
        if draft.touched:
            draft.save()
            continues_typing = undo.record(draft, by, changes, before, is_step=is_step)
            draft_events.record_changes(
                *(draft, by, changes), is_autosave=is_autosave, continues_typing=continues_typing
            )
    return draft


def _make_changes(draft: Draft, requested: Sequence[Change]) -> None:
    """Make the changes; raises StaleDraft with all their conflicts at once."""
    conflicts = []
    for change in requested:
        try:
            HANDLERS[type(change)](draft, change)
        except RowConflict as conflict:
            conflicts.append(conflict)
    if conflicts:
        raise StaleDraft(draft.description.edit_token, tuple(conflicts))
