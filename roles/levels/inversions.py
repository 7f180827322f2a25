"""What is an inversion on a level comparison, and the figures that it is told by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from roles import folding
from roles.document import Document, DocumentPayRange
from roles.levels.level_values import ComparedLevel, Inversion, PaySpan
from roles.quality import pay_periods


def inversions(compared_levels: Sequence[ComparedLevel], by: str) -> Iterator[Inversion]:
    """Each pair of a junior and a senior level that is an inversion."""
    for junior, senior in combinations(compared_levels, 2):
        if not _is_below(junior, senior, by):
            continue
        of_both = (junior.document, senior.document)
        years = tuple(required_years(document) for document in of_both)
        if years[0] is not None and years[1] is not None and years[0] > years[1]:
            yield Inversion("years", junior.key, senior.key, (years[0], years[1]))
        required = tuple(required_count(document) for document in of_both)
        if 0 < required[1] < required[0]:  # none at all: its author did not mark them
            yield Inversion("required", junior.key, senior.key, (required[0], required[1]))
        for spans in _comparable(*of_both):
            if spans[0].low > spans[1].low or spans[0].high > spans[1].high:
                yield Inversion("pay", junior.key, senior.key, spans)


def required_years(document: Document) -> int | None:
    """The years of experience from which on someone fits; None where none are stated."""
    fact = document.fact("years")
    if fact is None:
        return None
    stated = [int(value) if value.isdecimal() and len(value) < 4 else None for value in fact.values]
    first, last = [*stated, None, None][:2]
    return first if first is not None or last is None else 0


def required_count(document: Document) -> int:
    """How many lines say that they are required."""
    lines = (line for section in document.sections for line in section.every_line())
    return sum(line.requirement == "required" for line in lines)


def pay_spans(document: Document, period: str = "") -> list[PaySpan]:
    """The lowest and the highest pay in each currency at each place, per `period` (a year
    unless all ranges have one and the same)."""
    ranges = [pay for section in document.sections for pay in section.pay_ranges]
    wanted = period or _common_period(ranges)
    hours = pay_periods.hours_of(document)
    found: dict[tuple[str, str], PaySpan] = {}
    for pay in ranges:
        ends = pay_periods.span(pay, wanted, hours)
        if ends is None:
            continue
        place = (pay.currency, folding.fold(pay.location))
        known = found.get(place)
        low, high = (min(known.low, ends[0]), max(known.high, ends[1])) if known else ends
        location = known.location if known else pay.location
        found[place] = PaySpan(low, high, pay.currency, wanted, location)
    return list(found.values())


def place(compared_level: ComparedLevel, by: str) -> int:
    """Where a level is by level or years; the lowest where it states none."""
    found = compared_level.rank if by == "level" else required_years(compared_level.document)
    return -1 if found is None else found


def _is_below(junior: ComparedLevel, senior: ComparedLevel, by: str) -> bool:
    """Whether one is of a lower level; two of the same level are no inversion."""
    return by == "chosen" or place(junior, by) < place(senior, by)


def _comparable(junior: Document, senior: Document) -> Iterator[tuple[PaySpan, PaySpan]]:
    """What both pay in one currency, at one place where both name one."""
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
