"""A table section as rows of cells. The first entry of the section has the column headings. The
cells of an entry are its text, its detail and its sub-lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from django.utils.safestring import SafeString

from roles.document import DocumentLine, DocumentSection

KIND = "table"
Cell = TypeVar("Cell")


class ShownRow(Protocol):
    """A line as html.ShownLine has it."""

    @property
    def uid(self) -> str: ...
    @property
    def text(self) -> SafeString: ...
    @property
    def tags(self) -> SafeString: ...
    @property
    def detail(self) -> tuple[SafeString, ...]: ...
    @property
    def lines(self) -> Sequence[ShownRow]: ...


def head(section: DocumentSection) -> DocumentLine | None:
    """Returns the entry with the column headings; None if the section isn't a table or is empty."""
    if section.kind != KIND:
        return None
    return next((line for line in section.lines if line.form == "entry"), None)


def padded(rows: Sequence[Sequence[Cell]], blank: Cell) -> list[tuple[Cell, ...]]:
    """Returns the rows with the same number of cells: without columns at the end that are blank."""
    used = (n for row in rows for n, cell in enumerate(row, 1) if cell != blank)
    width = max(used, default=0)
    return [(*row, *[blank] * width)[:width] for row in rows]


def shown(head: ShownRow, lines: Sequence[ShownRow]) -> dict[str, Any]:
    """Returns the column headings and the other rows for a template: cells of paragraphs."""
    below = [line for line in lines if line.uid != head.uid]
    columns, *rows = padded([_cells(line) for line in (head, *below)], ())
    cells = [(line.uid, row) for line, row in zip(below, rows, strict=True)]
    return {"uid": head.uid, "head": columns, "rows": cells}


def _cells(line: ShownRow) -> list[tuple[SafeString, ...]]:
    first = SafeString(line.text + line.tags)
    return [(first,), line.detail, *((sub.text, *sub.detail) for sub in line.lines)]
