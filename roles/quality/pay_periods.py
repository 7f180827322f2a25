"""Conversion of amounts between pay periods, to compare amounts in the same currency."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from roles.document import Bounds, Document, DocumentPayRange, DocumentPayReference

WEEKS_A_YEAR = 52
DAYS_A_YEAR = 260  # five a week
MONTHS_A_YEAR = 12
FULL_TIME = Decimal(40)  # hours a week
PART_TIME_BELOW = Decimal(35)

Span = tuple[Decimal, Decimal]


def hours_a_year(weekly: Decimal | None) -> Decimal:
    """Returns the working hours per year: 52 times the weekly hours, or 2,080 (40 hours a week) if
    none are given. The U.S. Bureau of Labor Statistics uses 2,080 hours to convert hourly wages
    to annual ones (OEWS).

    Fewer than 35 weekly hours, which the bureau defines as part-time, count as 40, because annual
    market figures are for full-time work."""
    full = weekly is not None and weekly.is_finite() and weekly >= PART_TIME_BELOW
    return (weekly if full and weekly is not None else FULL_TIME) * WEEKS_A_YEAR


def hours_of(document: Document) -> Decimal:
    """Returns the working hours per year of a document, from its weekly hours."""
    fact = document.fact("weekly_hours")
    try:
        return hours_a_year(Decimal(fact.values[0]) if fact and fact.values else None)
    except InvalidOperation:
        return hours_a_year(None)


def converted(amount: Decimal, period: str, target: str, hours: Decimal) -> Decimal | None:
    """Returns an amount per `period` converted to `target` (keys of vocabulary.PERIODS), or None if
    either period is unknown. `hours` are working hours per year."""
    if period == target:
        return amount
    times = {
        "year": Decimal(1),
        "month": Decimal(MONTHS_A_YEAR),
        "week": Decimal(WEEKS_A_YEAR),
        "day": Decimal(DAYS_A_YEAR),
        "hour": hours,
    }
    if period not in times or target not in times:
        return None
    return amount * times[period] / times[target]


def bounds(pay: DocumentPayRange | DocumentPayReference, target: str, hours: Decimal) -> Bounds:
    """Returns the lowest and highest amount of a range or market figure per `target` period; None
    for a bound that a range doesn't state. `hours` are working hours per year."""
    if isinstance(pay, DocumentPayRange):
        low, high = pay.minimum, pay.maximum
    else:
        amounts = [amount for amount in (pay.amount, pay.low, pay.high) if amount is not None]
        low, high = min(amounts, default=None), max(amounts, default=None)
    return (
        None if low is None else converted(low, pay.period, target, hours),
        None if high is None else converted(high, pay.period, target, hours),
    )


def span(pay: DocumentPayRange | DocumentPayReference, target: str, hours: Decimal) -> Span | None:
    """Returns the lowest and highest amount that a range or market figure states per `target`
    period, or None if it has no amount."""
    amounts = [amount for amount in bounds(pay, target, hours) if amount is not None]
    return (min(amounts), max(amounts)) if amounts else None
