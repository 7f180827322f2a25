"""The level comparison: job descriptions of one job family, side by side.

    compared = compare_levels([ComparedLevel("ACC-0001", document, rank=2), …])

Documents of different job descriptions share no `uid`, so lines are matched by identical or
similar wording (`folding.LIKE`). The caller passes only what the reader can see, and leaves out
pay unless the reader can see it in every document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from roles import vocabulary
from roles.levels import inversions, line_matching
from roles.levels.inversions import pay_spans, required_count, required_years
from roles.levels.level_values import (
    ComparedLevel,
    Inversion,
    LevelCell,
    LevelComparison,
    LevelLine,
    LevelSection,
    PaySpan,
)

__all__ = [
    "ComparedLevel",
    "Inversion",
    "LevelCell",
    "LevelComparison",
    "LevelLine",
    "LevelSection",
    "PaySpan",
    "compare_levels",
    "pay_spans",
    "required_count",
    "required_years",
]


def compare_levels(compared_levels: Sequence[ComparedLevel]) -> LevelComparison:
    """Returns the levels in order, each compared with the one below."""
    ordered, by = list(compared_levels), _order(compared_levels)
    if by != "chosen":
        ordered.sort(key=lambda one: (inversions.place(one, by), inversions.place(one, "years")))
    filled = [replace(one, document=one.document.filled()) for one in ordered]
    both = [(raw.document, one.document) for raw, one in zip(ordered, filled, strict=True)]
    kinds = {section.kind for one in filled for section in one.document.sections}
    sections = (
        line_matching.section(kind, both) for kind in vocabulary.SECTION_KINDS if kind in kinds
    )
    held = tuple(
        section for section in sections if section.shared or any(c.entries for c in section.cells)
    )
    return LevelComparison(tuple(filled), by, held, tuple(inversions.inversions(filled, by)))


def _order(compared_levels: Sequence[ComparedLevel]) -> str:
    """Returns the sort key that every document states: "level", then "years", else "chosen"."""
    if all(one.rank is not None for one in compared_levels):
        return "level"
    if all(required_years(one.document) is not None for one in compared_levels):
        return "years"
    return "chosen"
