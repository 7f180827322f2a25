"""`Draft`: a job description locked for one deed, and what the deed touches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext as _

from roles.drafts.errors import ActionRefused, RowConflict, StaleDraft
from roles.models import JobDescription, Line, PayRange, PlaceholderAnswer, Section
from roles.models.section_content import UID_PATTERN


def is_uid(text: str) -> bool:
    """Whether a text that a page sent can be an identity at all."""
    return re.fullmatch(UID_PATTERN, text) is not None


Row = TypeVar("Row", Section, Line, PayRange)


@dataclass
class Draft:
    """`token` is what the page was based on, `next` the token this deed will leave."""

    description: JobDescription
    token: int
    next: int
    touched: list[str] = field(default_factory=list)

    @classmethod
    def lock(cls, description: JobDescription, token: int) -> Draft:
        """The draft of that job description, locked until the transaction ends."""
        locked = JobDescription.objects.select_for_update().get(pk=description.pk)
        if locked.status == "archived":
            raise ActionRefused(_("This job description is archived. Bring it back to change it."))
        return cls(locked, token, locked.edit_token + 1)

    def is_stale(self, changed_at: int, base: int | None = None) -> bool:
        """Whether someone else changed a row since the page read it (at token `base`, or
        with the whole page)."""
        return (self.token if base is None else base) < changed_at < self.next

    def check(self, changed_at: int, kind: str, uid: str = "", base: int | None = None) -> None:
        """Raise Conflict where the row changed since."""
        if self.is_stale(changed_at, base):
            raise RowConflict(kind, uid)

    def compare_token(self) -> None:
        """Raise Stale where anything at all changed since: for deeds on the whole draft."""
        if self.token != self.description.edit_token:
            raise StaleDraft(self.description.edit_token, (RowConflict("version"),))

    def section(self, uid: str) -> Section:
        """A section by its uid; Conflict where it is gone."""
        return self._row(Section.objects.filter(description=self.description), "section", uid)

    def open_section(self, uid: str) -> Section:
        """A section whose content may be changed."""
        section = self.section(uid)
        if section.locked:
            raise ActionRefused(
                _("The section “%s” is locked by its template.") % section.heading,
            )
        return section

    def line(self, uid: str) -> Line:
        """A line by its uid; Conflict where it is gone."""
        lines = Line.objects.filter(description=self.description).select_related("section")
        return self._row(lines, "line", uid)

    def pay_range(self, uid: str) -> PayRange:
        """A pay range by its uid; Conflict where it is gone."""
        ranges = PayRange.objects.filter(section__description=self.description)
        return self._row(ranges.select_related("section"), "pay", uid)

    def _row(self, rows: models.QuerySet[Row], kind: str, uid: str) -> Row:
        row = rows.filter(uid=uid).first() if is_uid(uid) else None
        if row is None:
            raise RowConflict(kind, uid, gone=True)
        return row

    def touch(
        self, row: Section | Line | PayRange | PlaceholderAnswer, kind: str, uid: str
    ) -> None:
        """Remember that the deed changed (or made) the row, and save it."""
        row.changed_at = self.next
        row.full_clean(validate_unique=False, validate_constraints=False)
        row.save()
        self.touched.append(f"{kind}:{uid}")


def renumber(rows: Sequence[Row]) -> None:
    """Give the rows the positions in which they stand, from 1; saves those that moved."""
    moved = [row for number, row in enumerate(rows, 1) if row.position != number]
    for number, row in enumerate(rows, 1):
        row.position = number
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["position"])
