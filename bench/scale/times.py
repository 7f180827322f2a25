"""Times in the past: rows that are inserted together weren't created together."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

DAYS = 900  # of the generated history


def random_time(rng: random.Random, *, after: datetime | None = None) -> datetime:
    """Returns a time of the last DAYS days, or one after `after` and before today."""
    today = timezone.now() - timedelta(days=1)
    first = after or today - timedelta(days=DAYS)
    return first + (today - first) * rng.random()


@contextmanager
def own_times(*fields: tuple[type[models.Model], str]) -> Iterator[None]:
    """Lets rows be inserted with times of their own in these columns, which otherwise are set to
    now."""
    found = [model._meta.get_field(name) for model, name in fields]
    before = [(field.auto_now, field.auto_now_add) for field in found]  # type: ignore[union-attr]
    for field in found:
        field.auto_now = field.auto_now_add = False  # type: ignore[union-attr]
    try:
        yield
    finally:
        for field, (now, now_add) in zip(found, before, strict=True):
            field.auto_now, field.auto_now_add = now, now_add  # type: ignore[union-attr]
