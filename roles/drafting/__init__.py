"""The working draft: start it, change it, load it from a document.

Every change goes through `apply`: one lock, one comparison of tokens, one event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from roles.drafting import changes, history, lines, placing, sections, snapshot
from roles.drafting.changes import Change
from roles.drafting.draft import Draft
from roles.drafting.errors import Conflict, Refused, Stale
from roles.drafting.loading import load
from roles.drafting.starting import start
from roles.models import Event, JobDescription, User

__all__ = ["Conflict", "Draft", "Refused", "Stale", "apply", "load", "start"]

DEEDS: dict[type, Callable[[Draft, Any], None]] = {
    changes.ChangeFacts: sections.change_facts,
    changes.AddSection: sections.add_section,
    changes.ChangeSection: sections.change_section,
    changes.MoveSection: sections.move_section,
    changes.RemoveSection: sections.remove_section,
    changes.AddLine: lines.add_line,
    changes.AddLines: lines.add_lines,
    changes.AddSnippets: lines.add_snippets,
    changes.ChangeLine: lines.change_line,
    changes.TakeLibraryWording: lines.take_library_wording,
    changes.TakeRevision: lines.take_revision,
    changes.MoveLine: placing.move_line,
    changes.PlaceLine: placing.place_line,
    changes.IndentLine: placing.indent_line,
    changes.OutdentLine: placing.outdent_line,
    changes.RemoveLine: lines.remove_line,
    changes.AddPay: sections.add_pay,
    changes.ChangePay: sections.change_pay,
    changes.RemovePay: sections.remove_pay,
    changes.ShowReferences: sections.show_references,
    changes.AnswerPlaceholder: sections.answer_placeholder,
}


def apply(
    *,
    description: JobDescription,
    by: User,
    token: int,
    changes: Sequence[Change],
    is_step: bool = False,
) -> Draft:
    """Make the changes, all or none, as a page based on `token` asked for them. Rows that
    someone else changed meanwhile and that these changes do not touch are merged. `is_step`:
    undo takes them back without what was typed just before.

    Returns the draft, with the new token in `draft.description.edit_token`. Raises Stale
    (a touched row changed since), Refused (not allowed as things stand), or Django's
    ValidationError (a value that no form should have let through)."""
    with transaction.atomic():
        draft = Draft.lock(description, token)
        before = snapshot.take(draft.description) if changes else {}
        conflicts = []
        for change in changes:
            try:
                DEEDS[type(change)](draft, change)
            except Conflict as conflict:
                conflicts.append(conflict)
        if conflicts:
            raise Stale(draft.description.edit_token, tuple(conflicts))
        if any(row.startswith("line:") for row in draft.touched):
            lines.check_total(draft)
        if draft.touched:
            draft.description.edit_token = draft.next
            draft.description.save()
            Event.objects.record(
                by=by,
                verb="draft.changed",
                about=draft.description,
                chain=draft.description.reference,
                token=draft.next,
                rows=draft.touched,
            )
            history.record(draft, by, before, is_step=is_step)
    return draft
