"""The value classes of a level comparison."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from roles.document import Document, DocumentLine


@dataclass(frozen=True, slots=True)
class ComparedLevel:
    """One job description: the caller's key, the document as the reader can see it, and the
    position of its level (None if it has no level)."""

    key: str
    document: Document
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A line of a level. `below` is the matching line one level down, or None if this level adds
    the line. `is_reworded` is whether their wording or numbers differ."""

    line: DocumentLine
    below: DocumentLine | None = None
    is_reworded: bool = False

    @property
    def has_other_requirement(self) -> bool:
        """Whether its requirement differs from the line below."""
        return self.below is not None and self.line.requirement != self.below.requirement


@dataclass(frozen=True, slots=True)
class LevelCell:
    """One level in one type of section: `entries` that not all levels share, and lines `dropped`
    from the level below."""

    entries: tuple[LevelLine, ...] = ()
    dropped: tuple[DocumentLine, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelSection:
    """One type of section: the lines that all levels share, and a cell for each level."""

    kind: str
    shared: tuple[DocumentLine, ...]
    cells: tuple[LevelCell, ...]


@dataclass(frozen=True, slots=True)
class PaySpan:
    """The pay of a level in one currency, per `period`; `location` is empty if none is stated. A
    bound is None if a range doesn't state it."""

    low: Decimal | None
    high: Decimal | None
    currency: str
    period: str
    location: str = ""


@dataclass(frozen=True, slots=True)
class Inversion:
    """The lower level has more than the higher one. `check` is "years", "required" (lines), or
    "pay"; `figures` are those of the lower and the higher level."""

    check: str
    junior: str
    senior: str
    figures: tuple[int, int] | tuple[PaySpan, PaySpan]


@dataclass(frozen=True, slots=True)
class LevelComparison:
    """Levels from lowest to highest. `by` is the sort key: "level", "years", or "chosen" (the
    order in which they were passed)."""

    compared_levels: tuple[ComparedLevel, ...]
    by: str
    sections: tuple[LevelSection, ...]
    inversions: tuple[Inversion, ...]
