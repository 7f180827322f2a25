"""Dates and writing direction in the language of a document."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import get_language_info


def direction(language: str) -> str:
    """Returns `rtl` for languages written from right to left, else `ltr`."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


def day(value: date) -> str:
    return formats.date_format(value, "DATE_FORMAT")
