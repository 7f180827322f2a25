"""Amounts of money as people write them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Signs that belong to some currencies only; a dollar sign belongs to all but these.
SIGNS = {
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "₩": ("KRW",),
    "₪": ("ILS",),
}
_OF_A_SIGN = {code for codes in SIGNS.values() for code in codes}

_GROUPED = re.compile(r"-?\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+|(?:['’]\d{3})+)(?:\.\d*)?")
_THOUSANDS = re.compile(r"(-?\d+(?:\.\d{1,2})?) ?[kK]")
_CONTINENTAL = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d{1,2}")
_AMBIGUOUS = re.compile(r"-?\d{1,3}(?:\.\d{3})+|-?\d+(?:,\d+)+")
_LETTERS = re.compile(r"([A-Z]{3})\b|.*\d ?([A-Z]{3})\Z")


def sign_of(text: str) -> str:
    """Returns the currency before or after an amount: a sign, a three-letter code, or nothing."""
    signs = "".join(letter for letter in text if unicodedata.category(letter) == "Sc")
    letters = _LETTERS.match(" ".join(text.split()))
    return signs or (letters and (letters[1] or letters[2])) or ""


def fits(sign: str, currency: str) -> bool:
    """Returns whether an amount with this sign can be in the currency."""
    if sign == "$":
        return currency not in _OF_A_SIGN
    return not sign or currency in SIGNS.get(sign, (sign,))


def written(amount: Decimal) -> str:
    """Returns an amount as text that MoneyField accepts, such as 72,000 or 25.50."""
    return f"{amount:,.2f}".removesuffix(".00")


class MoneyField(forms.DecimalField):
    """Accepts 72,000, 72 000 and 72k, with a currency before or after the amount. Ambiguous
    amounts are invalid."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_digits": 12, "decimal_places": 2, **kwargs})

    def to_python(self, value: Any) -> Any:
        text = " ".join(str(value or "").split())  # narrow and fixed spaces as well
        if sign := sign_of(text):
            text = text.replace(sign, "", 1).strip()
        if _GROUPED.fullmatch(text):
            return super().to_python(re.sub(r"[, '’]", "", text))
        if found := _THOUSANDS.fullmatch(text):
            return Decimal(found[1]) * 1000
        if _CONTINENTAL.fullmatch(text):
            return super().to_python(text.replace(".", "").replace(",", "."))
        if _AMBIGUOUS.fullmatch(text):
            raise ValidationError(
                _(
                    "%(typed)s is ambiguous. Use commas for thousands and a point for cents,"
                    " such as 72,000.50."
                ),
                code="two_readings",
                params={"typed": text[:30]},
            )
        return super().to_python(text)
