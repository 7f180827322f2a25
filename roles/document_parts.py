"""The parts of a `Document`: sections, lines, answers, facts, places, and pay. Import them from
`roles.document`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from roles import physical_demands, placeholders, text_formatting
from roles.placeholders import Placeholder


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of one placeholder. `plain`: the brackets aren't a placeholder."""

    placeholder: str  # a placeholder key (see Placeholder.key)
    value: str = ""
    plain: bool = False

    @property
    def is_complete(self) -> bool:
        return self.plain or bool(self.value)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """An entry or paragraph. Texts are raw: placeholders are in brackets."""

    uid: str
    text: str
    form: str = "entry"
    detail: str = ""
    group: str = ""
    category: str = ""
    proficiency: str = ""
    requirement: str = ""
    essential: str = ""
    percent: int | None = None  # of working time, 0 to 100
    frequency: str = ""
    answers: tuple[Answer, ...] = ()
    lines: tuple[DocumentLine, ...] = ()  # sub-lines, one level
    # Of a physical demand: how much, in a unit of physical_demands.UNITS, and how often (a key of
    # physical_demands.FREQUENCIES).
    amount: Decimal | None = None
    unit: str = ""
    how_often: str = ""

    @property
    def is_paragraph(self) -> bool:
        """Whether its text can have formatting (text_formatting)."""
        return self.form == "paragraph"

    @property
    def plain_text(self) -> str:
        """The text without the marks of formatting."""
        return text_formatting.plain(self.text) if self.is_paragraph else self.text

    @property
    def is_physical(self) -> bool:
        """Whether it is an entry about a physical demand."""
        return self.form == "entry" and self.category == physical_demands.CATEGORY

    def placeholders(self) -> list[Placeholder]:
        """Returns the placeholders of the text, then of the detail, without those of sub-lines."""
        return [
            *placeholders.find_placeholders(self.text),
            *placeholders.find_placeholders(self.detail, after=self.text),
        ]


@dataclass(frozen=True, slots=True)
class DocumentPayRange:
    """Pay for one location, level, or span of years. Amounts are in `currency` (ISO 4217) per
    `period` (a key of vocabulary.PERIODS). A bound is None if only the other one is stated; both
    are the same for a fixed amount."""

    uid: str
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    currency: str = "USD"
    period: str = "year"
    location: str = ""
    level: str = ""
    years_from: int | None = None
    years_to: int | None = None


Bounds = tuple[Decimal | None, Decimal | None]  # a lower and an upper amount; None: not stated


def widest(bounds: Iterable[Bounds]) -> Bounds:
    """Returns the lowest and the highest amount of one or more ranges; None for a bound that one of
    them doesn't state."""
    lows, highs = zip(*bounds, strict=True)
    return (
        None if None in lows else min(lows),
        None if None in highs else max(highs),
    )


@dataclass(frozen=True, slots=True)
class DocumentPayReference:
    """A market figure that the author selected: an amount, or low and high."""

    role: str
    currency: str = "USD"
    period: str = "year"
    statistic: str = ""
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    location: str = ""
    level: str = ""
    years_from: int | None = None
    years_to: int | None = None
    source: str = ""
    as_of: str = ""  # YYYY, YYYY-MM or YYYY-MM-DD; empty where not recorded


@dataclass(frozen=True, slots=True)
class DocumentSection:
    """A section of the document. `kind` is a key of vocabulary.SECTION_KINDS, `heading_display` one
    of vocabulary.HEADING_DISPLAYS."""

    uid: str
    kind: str
    heading: str
    audience: str = "public"
    style: str = "bullets"
    facts: tuple[str, ...] = ()  # names of the document's facts shown here, in order
    lines: tuple[DocumentLine, ...] = ()
    pay_ranges: tuple[DocumentPayRange, ...] = ()
    pay_references: tuple[DocumentPayReference, ...] = ()
    heading_display: str = "printed"

    @property
    def has_heading(self) -> bool:
        """Whether its heading is printed."""
        return self.heading_display != "hidden"

    def sourced_references(self) -> tuple[DocumentPayReference, ...]:
        """Returns the market figures whose source is recorded."""
        return tuple(figure for figure in self.pay_references if figure.source.strip())

    def texts(self) -> Iterator[str]:
        """Yields every text that people write in the section, in reading order."""
        yield self.heading
        for line in self.every_line():
            yield from (line.plain_text, line.detail, line.group)

    def every_line(self) -> Iterator[DocumentLine]:
        """Yields lines and their sub-lines in reading order."""
        for line in self.lines:
            yield line
            yield from line.lines


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """A work location."""

    city: str
    region: str = ""
    country: str = ""  # ISO 3166-1 alpha-2

    def __str__(self) -> str:
        return ", ".join(part for part in (self.city, self.region, self.country) if part)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the job description. `name` is a key of vocabulary.FACTS, or a custom field (with
    `label`). `years` has two values, from and to."""

    name: str
    values: tuple[str, ...] = ()
    places: tuple[DocumentPlace, ...] = ()
    audience: str = "public"
    label: str = ""
