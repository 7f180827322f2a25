"""The ladder: job descriptions of one family side by side, level by level.

    climbed = climb([Rung("ACC-0001", document, rank=2), …])

Documents of different job descriptions share no `uid`, so that lines are matched by their
words: the same or nearly the same (`wording.LIKE`). The caller hands in what the reader may
see, and no pay where they may not read everybody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from roles import vocabulary
from roles.levels import inversions, line_matching
from roles.levels.inversions import pay_spans, required_count, years_asked
from roles.levels.level_values import Cell, Entry, Finding, Ladder, Part, Rung, Span

__all__ = [
    "Cell",
    "Entry",
    "Finding",
    "Ladder",
    "Part",
    "Rung",
    "Span",
    "climb",
    "pay_spans",
    "required_count",
    "years_asked",
]


def climb(rungs: Sequence[Rung]) -> Ladder:
    """Put the rungs in order and compare each with the one below."""
    ordered, by = list(rungs), _order(rungs)
    if by != "chosen":
        ordered.sort(key=lambda rung: (inversions.place(rung, by), inversions.place(rung, "years")))
    filled = [replace(rung, document=rung.document.filled()) for rung in ordered]
    both = [(raw.document, rung.document) for raw, rung in zip(ordered, filled, strict=True)]
    kinds = {section.kind for rung in filled for section in rung.document.sections}
    parts = (line_matching.part(kind, both) for kind in vocabulary.SECTION_KINDS if kind in kinds)
    held = tuple(part for part in parts if part.shared or any(c.entries for c in part.cells))
    return Ladder(tuple(filled), by, held, tuple(inversions.findings(filled, by)))


def _order(rungs: Sequence[Rung]) -> str:
    """The first thing that all of them state: level, years; else as they were chosen."""
    if all(rung.rank is not None for rung in rungs):
        return "level"
    if all(years_asked(rung.document) is not None for rung in rungs):
        return "years"
    return "chosen"
