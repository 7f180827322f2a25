"""Actions on the settings of the organization and on its lists.

Each is one transaction, records its event, raises ValidationError by field if a value isn't valid,
and raises StaleSettings if someone else changed the same settings since the page was shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import models


class StaleSettings(Exception):  # noqa: N818  # not a program error
    """Someone changed the row after the page was shown; `row` is what is stored now."""

    def __init__(self, row: models.Model) -> None:
        super().__init__(f"{row._meta.model_name} {row.pk} was changed")
        self.row = row


def state_of(row: models.Model, names: Iterable[str]) -> str:
    """Returns a short digest of the stored values of these fields. A page keeps it to find out
    whether someone else changed them in between."""
    values: list[Any] = [row.serializable_value(name) for name in names]
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def refuse_stale(row: models.Model, names: Iterable[str], base: str) -> None:
    """Raises StaleSettings if the locked row no longer has the state that the page showed."""
    if base != state_of(row, names):
        raise StaleSettings(row)
