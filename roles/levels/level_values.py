"""What a level comparison is made of: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from roles.document import Document, DocumentLine


@dataclass(frozen=True, slots=True)
class ComparedLevel:
    """One job description: its key for the caller, what the reader may see of it, and the
    place of its level among the levels (None: no level stated)."""

    key: str
    document: Document
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A line of a level. `below` is the line that it matches one level down, in words that are
    nearly the same or the same; none where this level adds it. `is_reworded`: in other words
    (numbers included)."""

    line: DocumentLine
    below: DocumentLine | None = None
    is_reworded: bool = False

    @property
    def has_other_requirement(self) -> bool:
        """Whether it is required here and preferred below, or the other way round."""
        return self.below is not None and self.line.requirement != self.below.requirement


@dataclass(frozen=True, slots=True)
class LevelCell:
    """A level's part in one kind of section: what it has and not all have, and what the level
    below has and it has not."""

    entries: tuple[LevelLine, ...] = ()
    dropped: tuple[DocumentLine, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelSection:
    """One kind of section: what is identical in all, then a cell for each level."""

    kind: str
    shared: tuple[DocumentLine, ...]
    cells: tuple[LevelCell, ...]


@dataclass(frozen=True, slots=True)
class PaySpan:
    """What a level pays in one currency at one place (empty: none stated), per period."""

    low: Decimal
    high: Decimal
    currency: str
    period: str
    location: str = ""


@dataclass(frozen=True, slots=True)
class Inversion:
    """An inversion: the junior level asks for more `years`, more `required` lines, or
    gets more `pay` than the senior one. Figures are of the junior and of the senior."""

    check: str
    junior: str
    senior: str
    figures: tuple[int, int] | tuple[PaySpan, PaySpan]


@dataclass(frozen=True, slots=True)
class LevelComparison:
    """Levels from the lowest to the highest. `by` says what orders them: level, years, or
    nothing but the order in which they were handed in (chosen)."""

    compared_levels: tuple[ComparedLevel, ...]
    by: str
    sections: tuple[LevelSection, ...]
    findings: tuple[Inversion, ...]
