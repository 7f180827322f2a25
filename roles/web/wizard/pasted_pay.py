"""Pay ranges in a pasted list: a place or a level with an amount, such as `Berlin: €60k–70k`."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.utils.datastructures import MultiValueDict

from roles.models.pay_range import PAY_FIELDS
from roles.web.shared import money
from roles.web.wizard.pay_form import PayForm

WORDS_LIMIT = 12  # before the amount
_JOINT = re.compile(r"[\s:,;|(–—-]+$")
_START = re.compile(r"(?<![^\s(:–—-])(?=\S)")


def values(text: str, detail: str, levels: Collection[str]) -> dict[str, Any] | None:
    """Returns the values of the pay range that a pasted line states (fields of PayRange), or None
    if it states none. The amount is the detail, or the end of the text. What comes before it is a
    level if it is one of `levels`, else a location."""
    pairs = [(text, detail)] if detail else _pairs(text)
    for name, amount in pairs:
        form = PayForm(_fields(name, amount, levels)) if _is_pay(amount) else None
        if form is not None and form.is_valid():
            return {field: form.cleaned_data[field] for field in PAY_FIELDS}
    return None


def _pairs(text: str) -> list[tuple[str, str]]:
    """Returns each way to split a text before a word, the longest amount first."""
    starts = [match.start() for match in _START.finditer(text)][: WORDS_LIMIT + 1]
    return [(_JOINT.sub("", text[:at]), text[at:].rstrip(") .")) for at in starts]


def _is_pay(amount: str) -> bool:
    """Returns whether it is one or two amounts with a currency or a period, or large ones: not
    just a number, such as a year."""
    found = [part for part in map(money.read_amount, _ends(amount)) if part is not None]
    return any(part.phrases or re.search(r"\d[,. ']\d{3}|\d{5}", part.number) for part in found)


def _ends(amount: str) -> list[str]:
    """Returns the texts of both ends of a range, or of one amount."""
    return [end for end in money.bounds(amount) or (amount,) if end]


def _fields(name: str, amount: str, levels: Collection[str]) -> MultiValueDict[str, str]:
    """Returns the fields as a person would fill them in. One amount without a bound is both."""
    periods = [
        period
        for part in map(money.read_amount, _ends(amount))
        if part is not None
        for period in part.values("period")
    ]
    is_level = name.casefold() in {level.casefold() for level in levels}
    return MultiValueDict(
        {
            "level" if is_level else "location": [name],
            "minimum": [amount],
            "maximum": [] if money.bounds(amount) else [amount],
            "period": [*periods, "year"][:1],
        }
    )
