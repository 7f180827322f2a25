"""The rows of a wizard page as they are shown: fields, values, and what they were based on.

A row's fields are named `<kind>-<uid>-<field>`. The hidden `<kind>-<uid>-base` holds the
token at which the page read the row and a digest of what it showed; forms.submitted reads
both back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from roles import vocabulary
from roles.document import OpenPlaceholder
from roles.models import Line, PayRange, Section
from roles.models.pay_range import PAY_FIELDS
from roles.web.shared import money
from roles.web.shared.post_data import digest

Values = dict[str, list[str]]
SECTION_FIELDS = ("heading", "audience", "style")


@dataclass
class RowView:
    """One row as a page shows it: what is stored, or what was typed and not yet accepted."""

    kind: str
    uid: str
    values: Values
    token: int
    row: Any = None
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    typed: Values | None = None
    typed_base: str = ""

    @property
    def prefix(self) -> str:
        return f"{self.kind}-{self.uid}"

    @property
    def base(self) -> str:
        return self.typed_base or f"{self.token}.{digest(self.values)}"

    @property
    def value(self) -> dict[str, str]:
        """Field name to the text in its input."""
        shown = self.values | (self.typed or {})
        return {name: values[0] if values else "" for name, values in shown.items()}

    @property
    def chosen(self) -> dict[str, list[str]]:
        """Field name to the values of a multiple choice."""
        return self.values | (self.typed or {})


def _as_text(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return ["" if value is None else str(value)]


def values_of(row: Any, names: Iterable[str]) -> Values:
    return {name: _as_text(getattr(row, name)) for name in names}


# What a line shows in its row, and what only under "More".
INLINE = ("requirement", "essential", "percent")
UNDER_MORE = ("category", "proficiency", "frequency")


def line_fields(line: Line, kind: str) -> tuple[str, ...]:
    """The fields in a line's row: its text, and of the rest what its section kind asks for
    or what is set."""
    return ("text",) if line.parent_id is not None else ("text", *_asked(line, kind, INLINE))


def more_fields(line: Line, kind: str) -> tuple[str, ...]:
    """The fields of a line that stand under "More"."""
    if line.parent_id is not None:
        return ("detail",)
    return ("detail", "group", "form", *_asked(line, kind, UNDER_MORE))


def _asked(line: Line, kind: str, names: tuple[str, ...]) -> list[str]:
    asks = vocabulary.SECTION_KINDS[kind].asks if line.form == "entry" else ()
    return [n for n in names if n in asks or getattr(line, n) not in ("", None)]


def line_view(line: Line, kind: str, token: int) -> RowView:
    return RowView("line", line.uid, values_of(line, line_fields(line, kind)), token, line)


def more_view(line: Line, kind: str, token: int) -> RowView:
    """What stands under "More" of a line: a row of its own, of the same line."""
    return RowView("more", line.uid, values_of(line, more_fields(line, kind)), token, line)


def section_view(section: Section, token: int) -> RowView:
    names = (*SECTION_FIELDS, *(("facts",) if section.kind in ("facts", "reporting") else ()))
    return RowView("section", section.uid, values_of(section, names), token, section)


def heading_view(section: Section, token: int) -> RowView:
    """A section in the outline: only its heading can be changed there."""
    return RowView("section", section.uid, values_of(section, ("heading",)), token, section)


def pay_view(pay: PayRange, token: int) -> RowView:
    amounts = {name: [money.written(getattr(pay, name))] for name in ("minimum", "maximum")}
    return RowView("pay", pay.uid, values_of(pay, PAY_FIELDS) | amounts, token, pay)


def references_view(section: Section, token: int) -> RowView:
    """Which market figures a pay section shows."""
    chosen = [str(reference.pk) for reference in section.pay_references.all()]
    return RowView("references", section.uid, {"id": chosen}, token, section)


def answer_view(found: OpenPlaceholder, token: int) -> RowView:
    """A placeholder with its answer; what belongs to its line is answered there."""
    line = found.line.uid if found.line is not None and found.placeholder.is_local else ""
    key = found.placeholder.key
    uid = answer_uid(f"{line}/{key}")
    answer = found.answer
    values = {
        "value": [answer.value if answer else ""],
        "plain": ["on"] if answer and answer.plain else [],
    }
    return RowView("answer", uid, values, token, {"found": found, "line": line, "key": key})


def answer_uid(place: str) -> str:
    """The uid of an answer's row: `place` is the line's uid or nothing, a slash, the key."""
    return hashlib.sha256(place.encode()).hexdigest()[:12]
