"""The table of physical demands: what, how much, and how often, in the active language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from roles import physical_demands
from roles.comparison import LineNode
from roles.document import DocumentLine
from roles.exporters import fact_labels
from roles.exporters.grids import ShownRow


def columns(lines: Sequence[DocumentLine]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Returns the headings of the table, and for each line the cells after its first one. A column
    that no line uses is left out."""
    headings = (gettext("How much"), gettext("How often"))
    cells = [(fact_labels.how_much(line), fact_labels.how_often(line)) for line in lines]
    used = [n for n in range(len(headings)) if any(row[n] for row in cells)]
    rows = [tuple(row[n] for n in used) for row in cells]
    return (gettext("Physical demand"), *(headings[n] for n in used)), rows


def what(line: DocumentLine) -> DocumentLine:
    """Returns the line as in the first cell, without the values of the others."""
    return replace(line, amount=None, unit="", how_often="")


def compared(
    nodes: Sequence[LineNode],
) -> tuple[tuple[str, ...], list[list[tuple[str, str]]]]:
    """Returns the headings for lines of two documents, and for each line the old and the new text
    of each cell after its first one."""
    blank = DocumentLine(uid="", text="")
    sides = [*(node.old or blank for node in nodes), *(node.new or blank for node in nodes)]
    head, cells = columns(sides)
    old, new = cells[: len(nodes)], cells[len(nodes) :]
    return head, [list(zip(*pair, strict=True)) for pair in zip(old, new, strict=True)]


def what_changed(node: LineNode) -> LineNode:
    """Returns the line of a comparison as in the first cell, without the values of the others."""
    return replace(
        node,
        changes=tuple(c for c in node.changes if c.name not in physical_demands.FIELDS),
        old=node.old and what(node.old),
        new=node.new and what(node.new),
    )


def shown(head: Sequence[str], rows: Sequence[tuple[ShownRow, Sequence[str]]]) -> dict[str, Any]:
    """Returns the table for a template, as grids.shown does. `rows` have the shown line and the
    other cells."""
    return {
        "head": [(heading,) for heading in head],
        "rows": [(line.uid, [_first(line), *((cell,) for cell in cells)]) for line, cells in rows],
    }


def _first(line: ShownRow) -> tuple[SafeString, ...]:
    below = (part for sub in line.lines for part in (sub.text + sub.tags, *sub.detail))
    return (line.text + line.tags, *line.detail, *below)
