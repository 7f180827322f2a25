"""Exceptions for changes of a draft that can't be made."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

ARCHIVED = gettext_lazy("This job description is archived. Restore it first.")


class ActionRefused(Exception):  # noqa: N818  # it names an outcome, as StaleDraft does
    """The change isn't allowed in the current state. `message` is shown to the person."""

    def __init__(self, message: str | Promise) -> None:
        self.message = str(message)
        super().__init__(self.message)


@dataclass(unsafe_hash=True)  # not frozen: Python sets the traceback of an exception
class RowConflict(Exception):  # noqa: N818
    """One row that someone else changed since: `kind` is facts, section, line, pay, answer,
    outline (the order of sections), order (of a section's lines) or version."""

    kind: str
    uid: str = ""
    gone: bool = False  # the row was removed


class StaleDraft(Exception):  # noqa: N818
    """The page had an older state of rows that these changes affect. Nothing was saved.
    `token` is the draft's current edit token."""

    def __init__(self, token: int, conflicts: tuple[RowConflict, ...]) -> None:
        super().__init__(f"stale: {conflicts}")
        self.token = token
        self.conflicts = conflicts
