"""What changed between two documents: one implementation, for the screen, the redlines and
later the reviews.

    comparison = compare(old, new)

Sections, lines and pay ranges are matched by `uid`, never by position or likeness; facts by
name. The comparison is one tree in the order of the new document, with what is gone where it
was (see `values`), and a summary in points (see `summary`). Anyone who may not see everything
compares two `for_audience(…)` documents.
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
from roles.comparison.word_diff import paragraphs, pieces
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
]


def compare(old: Document, new: Document) -> Comparison:
    """What became of the old document in the new one, with placeholders filled in on both
    sides: answering one changes the words that are printed."""
    found = tree.build(old.filled(), new.filled())
    return replace(found, summary=tuple(summary.points(found)))
