"""Rows with a date `review_by`, by which someone is to look at them again."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

AHEAD = timedelta(days=30)  # so long before its date a row is due


def is_due() -> Q:
    """The date has passed, or is near."""
    return Q(review_by__lte=timezone.localdate() + AHEAD)
