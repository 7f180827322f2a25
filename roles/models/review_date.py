"""Rows with a date `review_by`, by which someone is to look at them again."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

DUE_DAYS = 30  # before its review date, from which on a row is due


def is_due() -> Q:
    """The date has passed, or is near."""
    return Q(review_by__lte=timezone.localdate() + timedelta(days=DUE_DAYS))
