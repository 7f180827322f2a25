"""A table section as rows of cells. The first entry of the section has the column headings. The
cells of an entry are its text, its detail and its sub-lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from roles.document import DocumentLine, DocumentSection

KIND = "table"
Cell = TypeVar("Cell")


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
