"""The pay of a document as schema.org MonetaryAmounts, for `jsonld`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from roles import vocabulary
from roles.document import Bounds, Document, widest

_UNITS = {"year": "YEAR", "month": "MONTH", "week": "WEEK", "day": "DAY", "hour": "HOUR"}


def salary(filled: Document) -> Any:
    """Returns the span of all pay ranges in the same currency, per period of the first: one, or a
    list of several. A bound that one of its ranges doesn't state is left out, and so is pay in a
    currency that isn't one of ISO 4217, which older documents can have."""
    periods: dict[str, str] = {}
    alike: dict[tuple[str, str], list[Bounds]] = {}
    known = vocabulary.currencies()
    ranges = [pay for section in filled.sections for pay in section.pay_ranges]
    for pay in (pay for pay in ranges if pay.currency in known):
        if pay.period == periods.setdefault(pay.currency, pay.period):
            alike.setdefault((pay.currency, pay.period), []).append((pay.minimum, pay.maximum))
    spans = {basis: widest(bounds) for basis, bounds in alike.items()}
    found = [_amount(*basis, *span) for basis, span in spans.items() if span != (None, None)]
    return found[0] if len(found) == 1 else found


def _amount(
    currency: str, period: str, low: Decimal | None, high: Decimal | None
) -> dict[str, Any]:
    bounds = {"minValue": low, "maxValue": high}
    if low == high:
        bounds = {"value": low}
    stated = {name: _number(amount) for name, amount in bounds.items() if amount is not None}
    value = {"@type": "QuantitativeValue", **stated, "unitText": _UNITS[period]}
    return {"@type": "MonetaryAmount", "currency": currency, "value": value}


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
