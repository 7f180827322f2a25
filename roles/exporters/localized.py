"""Dates and numbers in the active language, and the names and writing directions of languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils import formats
from django.utils.translation import get_language

from roles import languages


def direction(language: str) -> str:
    """Returns `rtl` for languages written from right to left, else `ltr`."""
    locale = languages.locale_of(language)
    return str(locale.text_direction) if locale else "ltr"


def language_name(code: str) -> str:
    """Returns the name of a language in the active language, or its code if it is unknown."""
    locale = languages.locale_of(code)
    reader = languages.locale_of(get_language() or "en")
    return (locale and locale.get_display_name(reader)) or code


def number(text: str) -> str:
    """Returns a number written with a period (`37.50`) in the active language and with as few
    decimals as it needs, or another text as it is."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite():
        return text
    return formats.number_format(f"{value.normalize():f}", use_l10n=True)


def day(value: date) -> str:
    return formats.date_format(value, "DATE_FORMAT")
