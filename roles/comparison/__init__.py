"""Compares two documents, for screens, redlines, and reviews.

    comparison = compare(old, new)

Sections, lines, and pay ranges are matched by `uid`, never by position or similarity; facts by
name. The result is one tree in the order of the new document, with removed parts where they
were (see `nodes`), and a list of summary points (see `summary`). For people with limited access,
pass two `for_audience(…)` documents.
"""

from __future__ import annotations

from dataclasses import replace

from roles.comparison import summary, tree
from roles.comparison.nodes import (
    Change,
    Comparison,
    FactNode,
    LineNode,
    Move,
    Node,
    PayNode,
    Piece,
    Pieces,
    Point,
    ReferenceNode,
    SectionNode,
    ShownFact,
    Spot,
    differs,
)
from roles.comparison.word_diff import paragraphs, pieces, restyled
from roles.document import Document

__all__ = [
    "Change",
    "Comparison",
    "FactNode",
    "LineNode",
    "Move",
    "Node",
    "PayNode",
    "Piece",
    "Pieces",
    "Point",
    "ReferenceNode",
    "SectionNode",
    "ShownFact",
    "Spot",
    "compare",
    "differs",
    "paragraphs",
    "pieces",
    "restyled",
]


def compare(old: Document, new: Document) -> Comparison:
    """Returns the changes from the old to the new document. Placeholders are filled in on both
    sides, because a new value changes the printed text."""
    found = tree.build(old.filled(), new.filled())
    return replace(found, summary=tuple(summary.points(found)))
