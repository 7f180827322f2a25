"""Dates and numbers in the active language, and the names and writing directions of languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils import formats
from django.utils.translation import get_language_info


def direction(language: str) -> str:
    """Returns `rtl` for languages written from right to left, else `ltr`."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


def language_name(code: str) -> str:
    """Returns the name of a language in the active language, or its code if it is unknown."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def number(text: str) -> str:
    """Returns a number written with a period (`37.5`) in the active language, or another text as it
    is."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return formats.number_format(value, use_l10n=True) if value.is_finite() else text


def day(value: date) -> str:
    return formats.date_format(value, "DATE_FORMAT")
