"""Numbers as people type them: digits of any script, any dash, and hours of work."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

# Characters that people type for another: dashes, apostrophes, and the Arabic separators.
_ALIKE = str.maketrans(
    dict.fromkeys("‐‑‒–—−〜~", "-") | dict.fromkeys("’‘ʼ´′`", "'") | {"٫": ".", "٬": ","}
)
_FRACTIONS = str.maketrans({"¼": ".25", "½": ".5", "¾": ".75"})
_HOURS = re.compile(r"(\d*)(?:[.,](\d+))? ?(?:h|hrs?\.?|hours?|std\.?|stunden|heures|horas)?", re.I)
_QUANTITY = re.compile(r"([1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?|\d*(?:[.,]\d+)?")
_CLOCK = re.compile(r"(\d+):([0-5]\d)")


def plain(text: str) -> str:
    """Returns the text with ASCII digits, single spaces, and the common separators only."""
    return " ".join("".join(map(_plain_letter, text)).split()).translate(_ALIKE)


def _plain_letter(letter: str) -> str:
    if unicodedata.category(letter) == "Cf":  # marks of direction, soft hyphens
        return ""
    if unicodedata.east_asian_width(letter) in "FH":
        letter = unicodedata.normalize("NFKC", letter)
    digit = unicodedata.decimal(letter, None) if len(letter) == 1 else None
    return letter if digit is None else str(digit)


class HoursField(forms.DecimalField):
    """Accepts 37.5, 37,5, 37½, and 37:30, with or without "hours". Shows 36.00 as 36."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": gettext_lazy("Enter one number of hours, such as 37.5.")
    }

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Decimal):
            return value
        text = plain(str(value).translate(_FRACTIONS))
        if not text:
            return None
        if found := _CLOCK.fullmatch(text):
            return Decimal(found[1]) + (Decimal(found[2]) / 60).quantize(Decimal("0.01"))
        found = _HOURS.fullmatch(text)
        if found is None or not (found[1] or found[2]):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(f"{found[1] or 0}.{found[2] or 0}").normalize() + 0

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class QuantityField(forms.DecimalField):
    """Accepts 50, 22.5, 22,5, 2½, and 1,000."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        text = plain(str(value or "").translate(_FRACTIONS)).replace(" ", "")
        if not text:
            return None
        found = _QUANTITY.fullmatch(text)
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        number = text.replace(",", "") if found[1] else text.replace(",", ".")
        return Decimal(f"0{number}").normalize() + 0
