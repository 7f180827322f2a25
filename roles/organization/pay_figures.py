"""Importing market figures: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from roles.models import Event, Organization, PayReference, User
from roles.organization.list_rows import LISTS, free_code

FIGURES = LISTS["market-figures"]


@dataclass(frozen=True)
class FigureRow:
    """One figure to import: its number in the file, the code of the figure to change (empty: a new
    one), and its values by field."""

    number: int
    code: str
    values: Mapping[str, Any]


@dataclass
class FigureCounts:
    """Numbers of figures."""

    added: int = 0
    changed: int = 0
    same: int = 0


def import_figures(*, rows: Iterable[FigureRow], by: User) -> FigureCounts:
    """Adds and changes figures in one transaction, with one event. Raises ValidationError for the
    first row that isn't valid, and then changes nothing."""
    result = FigureCounts()
    with transaction.atomic():
        Organization.objects.lock()  # codes must be unique
        known = {figure.code: figure for figure in PayReference.objects.select_for_update()}
        for row in rows:
            _store(row, known, result)
        if result.added or result.changed:
            Event.objects.record(
                by=by,
                verb="payreference.imported",
                about="market figures",
                added=result.added,
                changed=result.changed,
            )
    return result


def _store(row: FigureRow, known: dict[str, PayReference], result: FigureCounts) -> None:
    figure = known.get(row.code) or PayReference(code=row.code)
    is_new = figure.pk is None
    old = {name: getattr(figure, name) for name in FIGURES.fields}
    for name in FIGURES.fields:
        setattr(figure, name, row.values[name])
    if not is_new and old == {name: getattr(figure, name) for name in FIGURES.fields}:
        result.same += 1
        return
    figure.code = figure.code or free_code(FIGURES, figure.role)
    figure.edited = True
    try:
        figure.full_clean()
    except ValidationError as error:
        raise ValidationError(f"{row.number}: {' '.join(error.messages)}") from error
    figure.save()
    known[figure.code] = figure
    result.added += is_new
    result.changed += not is_new
