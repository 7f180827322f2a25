"""The rows of a wizard page as they are shown: fields, values, and the state they are based on.

A row's fields are named `<kind>-<uid>-<field>`; `<kind>-<uid>` is its prefix. The hidden
`<kind>-<uid>-base` holds the edit token at which the page read the row and a digest of what it
showed. `row_parsers` reads both when they are posted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from roles import vocabulary
from roles.assembly import DraftRows
from roles.document import OpenPlaceholder
from roles.models import Line, PayRange, Section
from roles.models.pay_range import PAY_FIELDS
from roles.web.shared import money
from roles.web.shared.line_fields import WITH_FACTS, line_fields, more_fields
from roles.web.shared.line_forms import LineForm
from roles.web.shared.post_data import digest

Values = dict[str, list[str]]  # by field name, as a form posts them
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


def paired_prefix(prefix: str) -> str:
    """The prefix of the other row of a line (`line-…` shows its text, `more-…` its fields under
    "More"); other rows have no pair and return their own."""
    kind, _dash, uid = prefix.partition("-")
    return {"line": f"more-{uid}", "more": f"line-{uid}"}.get(kind, prefix)


def line_view(line: Line, kind: str, token: int) -> RowView:
    return RowView("line", line.uid, _values(line, line_fields(line, kind)), token, line)


def more_view(line: Line, kind: str, token: int) -> RowView:
    """The fields under "More" of a line: a second row of the same line."""
    return RowView("more", line.uid, _values(line, more_fields(line, kind)), token, line)


def section_view(section: Section, token: int) -> RowView:
    names = (*SECTION_FIELDS, *(("facts",) if section.kind in WITH_FACTS else ()))
    if vocabulary.SECTION_KINDS[section.kind].form == "paragraph":
        names = (*names, "heading_display")
    return RowView("section", section.uid, _values(section, names), token, section)


def heading_view(section: Section, token: int) -> RowView:
    """A section in the outline: only its heading can be changed there."""
    return RowView("section", section.uid, _values(section, ("heading",)), token, section)


def pay_view(pay: PayRange, token: int) -> RowView:
    amounts = {name: [money.written(getattr(pay, name))] for name in ("minimum", "maximum")}
    return RowView("pay", pay.uid, _values(pay, PAY_FIELDS) | amounts, token, pay)


def references_view(section: Section, token: int) -> RowView:
    """The market figures that a pay section shows."""
    chosen = [str(reference.pk) for reference in section.pay_references.all()]
    return RowView("references", section.uid, {"id": chosen}, token, section)


def answer_view(found: OpenPlaceholder, token: int) -> RowView:
    """A placeholder with its answer; one that is local to a line is answered for that line."""
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


def stored_values(rows: DraftRows) -> dict[str, Values]:
    """The stored values of the whole draft, by row prefix, with every field that a page could
    show."""
    views = [section_view(section, 0) for section in rows.sections]
    views += [references_view(section, 0) for section in rows.sections]
    for section in rows.sections:
        views += [pay_view(pay, 0) for pay in section.pay_ranges.all()]
    stored = {view.prefix: view.values for view in views}
    uids = {line.pk: line.uid for line in every_line(rows)}
    for line_id, answers in rows.answers.items():
        uid = uids.get(line_id, "") if line_id is not None else ""
        for answer in answers:
            values = {"value": [answer.value], "plain": ["on"] if answer.plain else []}
            stored[f"answer-{answer_uid(f'{uid}/{answer.placeholder}')}"] = values
    for line in every_line(rows):
        values = _values(line, LineForm.base_fields)
        stored[f"line-{line.uid}"] = stored[f"more-{line.uid}"] = values
    return stored


def every_line(rows: DraftRows) -> Iterator[Line]:
    """The lines and sub-lines of the draft."""
    for group in (rows.lines, rows.sub_lines):
        for lines in group.values():
            yield from lines


def _values(row: Any, names: Iterable[str]) -> Values:
    return {name: _as_text(getattr(row, name)) for name in names}


def _as_text(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    if isinstance(value, Decimal):
        return [f"{value.normalize():f}"]
    return ["" if value is None else str(value)]
