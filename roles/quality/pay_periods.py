"""Amounts of different periods, made comparable. Only amounts of one currency are compared."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from roles.document import Document, DocumentPayRange, DocumentPayReference

WEEKS_A_YEAR = 52
MONTHS_A_YEAR = 12
FULL_TIME = Decimal(40)  # hours a week
PART_TIME_BELOW = Decimal(35)

Span = tuple[Decimal, Decimal]


def hours_a_year(weekly: Decimal | None) -> Decimal:
    """The hours that a year of this pay covers: the week's, 52 times, and 40 hours a week
    where none are stated. That makes 2,080, the year-round full-time figure with which the
    U.S. Bureau of Labor Statistics turns hourly wages into yearly ones (OEWS).

    A week below 35 hours, which the same bureau calls part-time, counts as one of 40: market
    figures a year are those of full-time work, and spread over half the hours they would
    seem twice as high an hour."""
    full = weekly is not None and weekly.is_finite() and weekly >= PART_TIME_BELOW
    return (weekly if full and weekly is not None else FULL_TIME) * WEEKS_A_YEAR


def hours_of(document: Document) -> Decimal:
    """The hours a year of a document, from its weekly hours."""
    fact = document.fact("weekly_hours")
    try:
        return hours_a_year(Decimal(fact.values[0]) if fact and fact.values else None)
    except InvalidOperation:
        return hours_a_year(None)


def converted(amount: Decimal, period: str, target: str, hours: Decimal) -> Decimal | None:
    """An amount per `period` as one per `wanted` (year, month, hour); None where one of them
    is no period that we know. `hours` are those of a year."""
    if period == target:
        return amount
    times = {"year": Decimal(1), "month": Decimal(MONTHS_A_YEAR), "hour": hours}
    if period not in times or target not in times:
        return None
    return amount * times[period] / times[target]


def span(pay: DocumentPayRange | DocumentPayReference, target: str, hours: Decimal) -> Span | None:
    """The lowest and highest amount that a range or a market figure states, per `wanted`;
    None where it states none."""
    if isinstance(pay, DocumentPayRange):
        stated: Iterable[Decimal | None] = (pay.minimum, pay.maximum)
    else:
        stated = (pay.amount, pay.low, pay.high)
    known = (converted(a, pay.period, target, hours) for a in stated if a is not None)
    amounts = [amount for amount in known if amount is not None]
    return (min(amounts), max(amounts)) if amounts else None
