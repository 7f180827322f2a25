"""Rows with a review date, `review_by`."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

DUE_DAYS = 30  # before the review date, a row is due


def is_due() -> Q:
    """Returns the condition for rows whose review date has passed or is near."""
    return Q(review_by__lte=timezone.localdate() + timedelta(days=DUE_DAYS))
