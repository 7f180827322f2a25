"""The shapes of facts in an imported document that are more than text or a choice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from roles import apply_address, limits, vocabulary

_SOC = re.compile(limits.SOC_PATTERN, re.ASCII)
_NUMBER = re.compile(r"0|[1-9][0-9]?")
_HOURS = re.compile(r"(0|[1-9][0-9]{0,2})(\.[0-9]?[1-9])?")


def _is_span(values: tuple[str, ...]) -> bool:
    return len(values) == 2 and all(
        not value or (_NUMBER.fullmatch(value) and int(value) <= limits.EXPERIENCE_LIMIT)
        for value in values
    )


def _is_hours(values: tuple[str, ...]) -> bool:
    return bool(_HOURS.fullmatch(values[0])) and Decimal(values[0]) <= limits.WEEKLY_HOURS_LIMIT


def _is_deadline(values: tuple[str, ...]) -> bool:
    if values[0] == vocabulary.OPEN_UNTIL_FILLED:
        return True
    try:
        return date.fromisoformat(values[0]).isoformat() == values[0]
    except ValueError:
        return False


# By name of the fact, whether its values have the right shape.
SHAPES: dict[str, Callable[[tuple[str, ...]], bool]] = {
    "years": _is_span,
    "weekly_hours": _is_hours,
    "apply_by": _is_deadline,
    "apply_to": lambda values: bool(apply_address.url(values[0])),
    "soc_code": lambda values: bool(_SOC.fullmatch(values[0])),
    "locations": lambda values: not values,
}
