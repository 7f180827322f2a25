"""The lines of a section's form: read from the post or the template, changed by buttons, shown.

The page posts the uids of all lines in order (`line`), and for each `line-<uid>-parent`, the uid of
the line that it is below, `line-<uid>-snippet`, and its fields. Nothing is stored until the section
is saved, so a button changes these rows only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from roles import folding, limits, vocabulary
from roles.importers.pasted_list import PastedEntry
from roles.library.template_content import LineValue
from roles.models import Snippet, TemplateLine
from roles.models.section_content import LINE_FIELDS, UID, new_uid
from roles.web.shared.line_fields import line_fields, more_fields
from roles.web.shared.line_forms import LineForm
from roles.web.shared.post_data import Post, number, single

ROWS_LIMIT = 2 * limits.LINES_LIMIT  # posted rows that are read; more than LINES_LIMIT aren't saved
_UID = re.compile(UID.regex)


@dataclass
class LineRow:
    """A line as it was typed. `values` are texts by field; `is_new` if it isn't stored yet."""

    uid: str
    values: dict[str, str] = field(default_factory=dict)
    snippet: Snippet | None = None
    is_new: bool = False
    subs: list[LineRow] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        texts = (self.values.get("text", ""), self.values.get("detail", ""))
        return not (self.snippet or self.subs or any(text.strip() for text in texts))

    @property
    def wording(self) -> str:
        return self.snippet.text if self.snippet else self.values.get("text", "")

    @property
    def is_paragraph(self) -> bool:
        return self.values.get("form") == "paragraph"

    def fields(self, kind: str, *, is_sub: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Returns the fields in its row, and those under "More"."""
        values: dict[str, Any] = {n: v for n, v in self.values.items() if n in LINE_FIELDS}
        values["form"] = values.get("form") or "entry"
        line = TemplateLine(parent_id=0 if is_sub else None, **values)
        return line_fields(line, kind), more_fields(line, kind)


Rows = list[LineRow]


def read(post: Post, stored: Iterable[LineValue]) -> Rows:
    """Returns the posted lines, each with its sub-lines. Those in `stored` aren't new."""
    known = {line.uid for top in stored for line in (top, *top.lines)}
    uids = [uid for uid in post.getlist("line")[:ROWS_LIMIT] if _UID.match(uid)]
    ids = {number(single(post, f"line-{uid}-snippet")) for uid in uids}
    snippets = Snippet.objects.in_bulk(ids - {0})
    rows: Rows = []
    tops: dict[str, LineRow] = {}
    for uid in dict.fromkeys(uids):
        prefix = f"line-{uid}-"
        values = {name: str(post.get(prefix + name, "")) for name in LINE_FIELDS}
        snippet = snippets.get(number(single(post, prefix + "snippet")))
        row = LineRow(uid, values, snippet, is_new=uid not in known)
        parent = tops.get(single(post, prefix + "parent"))
        if parent is None:
            tops[uid] = row
            rows.append(row)
        else:
            parent.subs.append(row)
    return rows


def of_values(lines: Iterable[LineValue]) -> Rows:
    """Returns the rows of stored lines."""
    lines = tuple(lines)
    ids = {line.snippet for top in lines for line in (top, *top.lines)}
    snippets = Snippet.objects.in_bulk(ids - {None})

    def row(line: LineValue) -> LineRow:
        values = {name: _as_text(getattr(line, name)) for name in LINE_FIELDS}
        snippet = snippets.get(line.snippet or 0)
        return LineRow(line.uid, values, snippet, subs=[row(sub) for sub in line.lines])

    return [row(line) for line in lines]


def _as_text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def every_row(rows: Rows) -> Iterator[LineRow]:
    """Yields lines and sub-lines in reading order."""
    for row in rows:
        yield row
        yield from row.subs


# --- values


def clean(rows: Rows) -> tuple[LineValue, ...]:
    """Returns the values of the rows, and sets their errors. Blank new rows are left out; the value
    of an invalid row is its text only."""
    kept = [row for row in rows if not (row.is_blank and row.is_new)]
    return tuple(
        replace(
            _clean_row(row),
            lines=tuple(_clean_row(sub) for sub in row.subs if not (sub.is_blank and sub.is_new)),
        )
        for row in kept
    )


def _clean_row(row: LineRow) -> LineValue:
    form = LineForm(MultiValueDict({name: [value] for name, value in row.values.items()}))
    form.fields["text"].required = row.snippet is None
    row.errors = {name: [str(e) for e in texts] for name, texts in form.errors.items()}
    snippet = row.snippet.pk if row.snippet else None
    if row.errors:
        text = folding.tidy(row.values.get("text", ""), one_line=False)
        text = "".join(c for c in text if not folding.forbidden_character(c))
        return LineValue(row.uid, snippet, text, row.values.get("form") or "entry")
    values = {name: form.cleaned_data[name] for name in LINE_FIELDS if name in form.cleaned_data}
    return LineValue(row.uid, snippet, **values)


# --- buttons


def _siblings(rows: Rows, uid: str) -> tuple[Rows, int, LineRow | None]:
    """Returns the list that a row is in, its place there, and the line that it is below. Raises
    LookupError."""
    for top in rows:
        for among, parent in ((rows, None), (top.subs, top)):
            for place, row in enumerate(among):
                if row.uid == uid:
                    return among, place, parent
    raise LookupError(uid)


def _move(rows: Rows, uid: str, steps: int) -> None:
    among, place, _parent = _siblings(rows, uid)
    there = place + steps
    if 0 <= there < len(among):
        among[place], among[there] = among[there], among[place]


def _up(rows: Rows, uid: str) -> str:
    _move(rows, uid, -1)
    return _("Line moved up.")


def _down(rows: Rows, uid: str) -> str:
    _move(rows, uid, 1)
    return _("Line moved down.")


def _remove(rows: Rows, uid: str) -> str:
    among, place, _parent = _siblings(rows, uid)
    del among[place]
    return _("Line removed.")


def _nest(rows: Rows, uid: str) -> str:
    among, place, parent = _siblings(rows, uid)
    if parent is None and place and not among[place].subs and not among[place - 1].is_paragraph:
        among[place - 1].subs.append(among.pop(place))
    return _("Line nested.")


def _move_out(rows: Rows, uid: str) -> str:
    among, place, parent = _siblings(rows, uid)
    if parent is not None:
        rows.insert(rows.index(parent) + 1, among.pop(place))
    return _("Line moved out.")


def _detach(rows: Rows, uid: str) -> str:
    among, place, _parent = _siblings(rows, uid)
    row = among[place]
    if row.snippet is not None:
        row.values["text"] = row.snippet.text
        row.values["detail"] = row.values.get("detail") or row.snippet.detail
        row.snippet = None
    return _("Line detached. You can now change its text.")


def _add_sub(rows: Rows, uid: str) -> str:
    among, place, parent = _siblings(rows, uid)
    if parent is None:
        among[place].subs.append(LineRow(new_uid(), is_new=True))
    return ""


LINE_ACTIONS: dict[str, Callable[[Rows, str], str]] = {
    "line-up": _up,
    "line-down": _down,
    "line-remove": _remove,
    "line-in": _nest,
    "line-out": _move_out,
    "line-detach": _detach,
    "sub-add": _add_sub,
}


def add_line(rows: Rows, kind: str) -> None:
    """Adds a blank line at the end."""
    values = {"form": vocabulary.SECTION_KINDS[kind].form}
    rows.append(LineRow(new_uid(), values, is_new=True))


def add_snippets(rows: Rows, snippets: Iterable[Snippet]) -> None:
    """Adds a line for each snippet at the end."""
    for snippet in snippets:
        form = "paragraph" if snippet.kind == "boilerplate" else "entry"
        rows.append(LineRow(new_uid(), {"form": form}, snippet, is_new=True))


def add_entries(rows: Rows, entries: Iterable[PastedEntry], known: dict[str, Snippet]) -> int:
    """Adds the entries of a pasted list at the end, linked to the snippet of their text if `known`
    has it. Returns their number, with sub-entries."""

    def row(entry: PastedEntry) -> LineRow:
        snippet = None if entry.detail else known.get(entry.text)
        values = {name: _as_text(getattr(entry, name)) for name in ("detail", "percent")}
        values |= {"text": entry.text, "requirement": entry.requirement, "form": "entry"}
        subs = [row(sub) for sub in entry.entries]
        return LineRow(new_uid(), values, snippet, is_new=True, subs=subs)

    added = [row(entry) for entry in entries]
    rows += added
    return len(list(every_row(added)))
