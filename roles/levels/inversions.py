"""Inversions in a level comparison, and the figures they are based on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from roles import folding
from roles.document import Document, DocumentPayRange, widest
from roles.levels.level_values import ComparedLevel, Inversion, PaySpan
from roles.quality import pay_periods


def inversions(compared_levels: Sequence[ComparedLevel], by: str) -> Iterator[Inversion]:
    """Returns the inversions between each lower and each higher level."""
    for junior, senior in combinations(compared_levels, 2):
        if not _is_below(junior, senior, by):
            continue
        of_both = (junior.document, senior.document)
        years = tuple(required_years(document) for document in of_both)
        if years[0] is not None and years[1] is not None and years[0] > years[1]:
            yield Inversion("years", junior.key, senior.key, (years[0], years[1]))
        required = tuple(required_count(document) for document in of_both)
        if 0 < required[1] < required[0]:  # with none, the author didn't mark them
            yield Inversion("required", junior.key, senior.key, (required[0], required[1]))
        for spans in _comparable(*of_both):
            if _is_above(spans[0].low, spans[1].low) or _is_above(spans[0].high, spans[1].high):
                yield Inversion("pay", junior.key, senior.key, spans)


def _is_above(junior: Decimal | None, senior: Decimal | None) -> bool:
    """Whether both bounds are stated and the first is higher."""
    return junior is not None and senior is not None and junior > senior


def required_years(document: Document) -> int | None:
    """Returns the minimum years of experience, or None if the document states none."""
    fact = document.fact("years")
    if fact is None:
        return None
    stated = [int(value) if value.isdecimal() and len(value) < 4 else None for value in fact.values]
    first, last = [*stated, None, None][:2]
    return first if first is not None or last is None else 0


def required_count(document: Document) -> int:
    """Returns the number of lines marked as required."""
    lines = (line for section in document.sections for line in section.every_line())
    return sum(line.requirement == "required" for line in lines)


def pay_spans(document: Document, period: str = "") -> list[PaySpan]:
    """Returns the lowest and highest pay for each currency and location, without those that no
    bound limits. Amounts are per `period`; the default is the period that all ranges share, or else
    a year."""
    ranges = [pay for section in document.sections for pay in section.pay_ranges]
    wanted = period or _common_period(ranges)
    hours = pay_periods.hours_of(document)
    places: dict[tuple[str, str], list[DocumentPayRange]] = {}
    for pay in ranges:
        places.setdefault((pay.currency, folding.fold(pay.location)), []).append(pay)
    spans = [
        PaySpan(
            *widest(pay_periods.bounds(pay, wanted, hours) for pay in alike),
            alike[0].currency,
            wanted,
            alike[0].location,
        )
        for alike in places.values()
    ]
    return [span for span in spans if (span.low, span.high) != (None, None)]


def place(compared_level: ComparedLevel, by: str) -> int:
    """Returns the sort position by level or years; -1 if none is stated."""
    found = compared_level.rank if by == "level" else required_years(compared_level.document)
    return -1 if found is None else found


def _is_below(junior: ComparedLevel, senior: ComparedLevel, by: str) -> bool:
    """Whether the first level is lower; equal levels can't be inverted."""
    return by == "chosen" or place(junior, by) < place(senior, by)


def _comparable(junior: Document, senior: Document) -> Iterator[tuple[PaySpan, PaySpan]]:
    """Returns pairs of pay spans with the same currency and no conflicting location."""
    both = [pay for d in (junior, senior) for s in d.sections for pay in s.pay_ranges]
    period = _common_period(both)
    for one in pay_spans(junior, period):
        for other in pay_spans(senior, period):
            places = {folding.fold(span.location) for span in (one, other) if span.location}
            if one.currency == other.currency and len(places) <= 1:
                yield one, other


def _common_period(ranges: Iterable[DocumentPayRange]) -> str:
    found = Counter(pay.period for pay in ranges)
    return next(iter(found)) if len(found) == 1 else "year"
