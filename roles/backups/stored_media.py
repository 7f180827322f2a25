"""The stored files that a database names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import FileField

Query = Callable[[str], list[tuple[Any, ...]]]

LEFT_OUT = "bulk/"  # archives of exports, which can be ordered again


def names(query: Query) -> set[str]:
    """Returns the names of the stored files, relative to MEDIA_ROOT. `query` runs SQL."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                table, column = model._meta.db_table, field.column
                rows = query(f'SELECT DISTINCT "{column}" FROM "{table}"')  # noqa: S608
                found.update(name for (name,) in rows if name)
    return {name for name in found if not name.startswith(LEFT_OUT)}
