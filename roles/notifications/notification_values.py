"""The values that the message of a notification mentions: numbers and dates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import formats
from django.utils.dateparse import parse_date

from roles.models import Notification


def values(row: Notification) -> dict[str, Any]:
    """Returns the values of the placeholders of notification_messages.VERBS, except names and the
    title; "" where there is none."""
    review = row.review
    return {
        "reference": row.description.reference if row.description else "",
        "number": row.what.get("number", ""),
        "count": row.what.get("count", ""),
        "due": _day(row.what.get("due"), review.due if review else None),
        "expires": _day(row.what.get("expires"), review.expires if review else None),
    }


def _day(message: Any, known: date | None) -> str:
    """Returns a formatted date: the ISO date `message`, or else `known`."""
    day = parse_date(message) if isinstance(message, str) else known
    return formats.date_format(day, "DATE_FORMAT") if day else ""
