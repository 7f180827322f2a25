"""`Draft`: a job description locked for one action, and the rows that the action touches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from roles import limits
from roles.drafts.errors import ARCHIVED, ActionRefused, RowConflict, StaleDraft
from roles.models import (
    JobDescription,
    Line,
    PayRange,
    PlaceholderAnswer,
    Section,
)
from roles.models.draft_text import store_draft_text
from roles.models.section_content import LINE_FIELDS


def is_uid(text: str) -> bool:
    """Returns whether a posted text has the format of a uid."""
    return re.fullmatch(limits.UID_PATTERN, text) is not None


DraftRow = TypeVar("DraftRow", Section, Line, PayRange)


@dataclass
class Draft:
    """A job description locked for one action. `token` is the token of the page, `next` the token
    after the action. `old_values` and `new_values` are the values of single lines and
    of the orders of lines before and after the action, by key (see row_values)."""

    description: JobDescription
    token: int
    next: int
    touched: list[str] = field(default_factory=list)
    old_values: dict[str, Any] = field(default_factory=dict)
    new_values: dict[str, Any] = field(default_factory=dict)
    is_undoable: bool = False  # undo can revert this action as the person's latest

    @classmethod
    def lock(cls, description: JobDescription, token: int) -> Draft:
        """Returns the draft of that job description, locked until the transaction ends. Raises
        ActionRefused for an archived one."""
        locked = JobDescription.objects.lock(description.pk)
        if locked.status == "archived":
            raise ActionRefused(ARCHIVED)
        return cls(locked, token, locked.edit_token + 1)

    def is_stale(self, changed_at: int, base: int | None = None) -> bool:
        """Returns whether someone else changed a row since the page read it (at token `base`, or
        with the whole page)."""
        return (self.token if base is None else base) < changed_at < self.next

    def check(self, changed_at: int, kind: str, uid: str = "", base: int | None = None) -> None:
        """Raises RowConflict if the row changed since."""
        if self.is_stale(changed_at, base):
            raise RowConflict(kind, uid)

    def compare_token(self) -> None:
        """Raises StaleDraft if anything at all changed since: for actions on the whole draft."""
        if self.token != self.description.edit_token:
            raise StaleDraft(self.description.edit_token, (RowConflict("version"),))

    def section(self, uid: str) -> Section:
        """Returns a section by its uid. Raises RowConflict if it is gone."""
        return self._row(Section.objects.filter(description=self.description), "section", uid)

    def open_section(self, uid: str) -> Section:
        """Returns a section whose content can be changed. Raises ActionRefused if it is locked."""
        return _unlocked(self.section(uid))

    def line(self, uid: str) -> Line:
        """Returns a line by its uid. Raises RowConflict if it is gone."""
        lines = Line.objects.filter(description=self.description)
        line = self._row(lines.select_related("section", "parent"), "line", uid)
        self.old_values.setdefault(f"line:{uid}", line_values(line))
        return line

    def open_line(self, uid: str) -> Line:
        """Returns a line of a section whose content can be changed. Raises ActionRefused if the
        section is locked."""
        line = self.line(uid)
        _unlocked(line.section)
        return line

    def open_pay_range(self, uid: str) -> PayRange:
        """Returns a pay range by its uid. Raises RowConflict if it is gone, ActionRefused if its
        section is locked."""
        ranges = PayRange.objects.filter(section__description=self.description)
        pay_range = self._row(ranges.select_related("section"), "pay", uid)
        _unlocked(pay_range.section)
        return pay_range

    def _row(self, rows: models.QuerySet[DraftRow], kind: str, uid: str) -> DraftRow:
        row = rows.filter(uid=uid).order_by("pk").first() if is_uid(uid) else None
        if row is None:
            raise RowConflict(kind, uid, gone=True)
        return row

    def touch(
        self, row: Section | Line | PayRange | PlaceholderAnswer, kind: str, uid: str
    ) -> None:
        """Validate and save a row that the action changed or created. The rows that it refers to
        must have been read in this action: they aren't looked up again."""
        row.changed_at = self.next
        relations = [one.name for one in row._meta.fields if one.is_relation]
        row.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
        row.save()
        self.touched.append(f"{kind}:{uid}")
        if isinstance(row, Line):
            self.new_values[f"line:{uid}"] = line_values(row)

    def note_order(self, parent: Section | Line, old: Sequence[Line], new: Sequence[Line]) -> None:
        """Note that the action changed the order of a section's lines, or of a line's sub-lines."""
        key = f"order:{'line' if isinstance(parent, Line) else 'section'}:{parent.uid}"
        self.old_values.setdefault(key, [line.uid for line in old])
        self.new_values[key] = [line.uid for line in new]

    def _reworded(self) -> dict[str, str] | None:
        """Returns the new texts of lines by the old ones if the action changed nothing else that
        is searched or counted, else None."""
        pairs = [(self.old_values.get(key), self.new_values.get(key)) for key in self.touched]
        if not all(old and new and old["revision_id"] == new["revision_id"] for old, new in pairs):
            return None
        return {_searched(old): _searched(new) for old, new in pairs if old and new}

    def save(self) -> None:
        """Save the job description with the next token. Raises ActionRefused if lines that the
        action changed make it longer than it can be."""
        self.description.edit_token = self.next
        self.description.save()
        length = store_draft_text(self.description, reworded=self._reworded())
        is_changed = any(row.startswith("line:") for row in self.touched)
        if is_changed and length > limits.TEXT_LIMIT:
            raise ActionRefused(
                _("All lines together can have up to %s characters. Shorten some first.")
                % f"{limits.TEXT_LIMIT:,}"
            )


def _searched(line: dict[str, Any]) -> str:
    return "\n".join((line["group"], line["text"], line["detail"]))


def _unlocked(section: Section) -> Section:
    if section.locked:
        raise ActionRefused(_("The section “%s” is locked by the template.") % section.heading)
    return section


def line_values(line: Line) -> dict[str, Any]:
    """Returns the line as plain values, as row_values reads them from the database."""
    return {
        "section__uid": line.section.uid,
        "parent__uid": line.parent.uid if line.parent else None,
        "revision_id": line.revision_id,
        **{name: getattr(line, name) for name in LINE_FIELDS},
        "amount": plain_amount(line.amount),
    }


def plain_amount(amount: Decimal | None) -> str | None:
    """Returns the amount of a physical demand as JSON, with two decimals as in the database."""
    return None if amount is None else f"{amount:.2f}"


def renumber(rows: Sequence[DraftRow]) -> None:
    """Number the rows from 1 in this order; saves those whose position changed."""
    moved = [row for number, row in enumerate(rows, 1) if row.position != number]
    for number, row in enumerate(rows, 1):
        row.position = number
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["position"])
