"""The lists of the organization: one table of what they are, and actions to add, change, move, and
delete a row of any of them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from roles import folding, organization, vocabulary
from roles.models import (
    CustomFact,
    Department,
    Event,
    JobFamily,
    JobLevel,
    Location,
    Organization,
    PayGrade,
    PayReference,
    PlaceholderAnswer,
    ResponsibilityCategory,
    User,
)
from roles.models.organization import CATEGORY_LIMIT
from roles.organization import list_renames, list_uses
from roles.organization.list_uses import ListUse


@dataclass(frozen=True)
class OrganizationList:
    """A list: its model, the fields that people set, and those that tell two rows apart.
    `code_from` is the field that the permanent code is made from, with at most `code_limit`
    characters. `built_in` are entries that aren't rows, label by code: rows can't have the same.
    A list with an order has `position`. `constants` are set with every change."""

    model: Any
    fields: tuple[str, ...]
    identity: tuple[str, ...]
    uses: tuple[ListUse, ...] = ()
    code_from: str = ""
    code_limit: int = 50
    built_in: Mapping[str, str] = field(default_factory=dict)
    is_ordered: bool = False
    renamed: Callable[[Any, Any], None] | None = None
    only: Mapping[str, Any] = field(default_factory=dict)  # which rows of the table
    constants: Mapping[str, Any] = field(default_factory=dict)

    def rows(self) -> QuerySet[Any]:
        """Returns the rows, in order."""
        found: QuerySet[Any] = self.model._default_manager.filter(**self.only)
        return found


_FIGURE = (
    *("role", "country", "location", "level", "years_from", "years_to"),
    *("amount", "low", "high", "currency", "period", "statistic", "source", "as_of"),
)

LISTS: dict[str, OrganizationList] = {
    "departments": OrganizationList(
        Department, ("name",), ("name",), uses=list_uses.OF_DEPARTMENTS
    ),
    "locations": OrganizationList(
        Location,
        ("city", "region", "country"),
        ("city", "region", "country"),
        uses=list_uses.OF_LOCATIONS,
        renamed=list_renames.rename_location,
    ),
    "families": OrganizationList(
        JobFamily, ("name", "prefix"), ("name",), uses=list_uses.OF_FAMILIES, code_from="name"
    ),
    "levels": OrganizationList(
        JobLevel,
        ("name", "track", "years_from", "years_to"),
        ("name",),
        uses=list_uses.OF_LEVELS,
        code_from="name",
        is_ordered=True,
        renamed=list_renames.rename_level,
    ),
    "pay-grades": OrganizationList(
        PayGrade,
        ("name",),
        ("name",),
        uses=list_uses.OF_PAY_GRADES,
        is_ordered=True,
        renamed=list_renames.rename_pay_grade,
    ),
    "categories": OrganizationList(
        ResponsibilityCategory,
        ("name",),
        ("name",),
        uses=list_uses.OF_CATEGORIES,
        code_from="name",
        code_limit=CATEGORY_LIMIT,
        built_in=vocabulary.CATEGORIES["responsibility"],
        is_ordered=True,
    ),
    "custom-facts": OrganizationList(
        CustomFact,
        ("label", "audience"),
        ("label",),
        uses=list_uses.OF_CUSTOM_FACTS,
        code_from="label",
        built_in={name: kind.label for name, kind in vocabulary.FACTS.items()},
        is_ordered=True,
    ),
    "placeholders": OrganizationList(
        PlaceholderAnswer,
        ("placeholder", "value", "plain"),
        ("placeholder",),
        only={"description": None},
    ),
    "market-figures": OrganizationList(
        PayReference,
        _FIGURE,
        ("role", "country", "location", "level", "years_from", "years_to", "statistic", "source"),
        uses=list_uses.OF_FIGURES,
        code_from="role",
        code_limit=80,
        constants={"edited": True},
    ),
}


def add(*, list_name: str, values: Mapping[str, Any], by: User) -> Any:
    """Adds a row to the end of the list and returns it."""
    of = LISTS[list_name]
    with transaction.atomic():
        Organization.objects.lock()  # names, codes, and positions must be unique
        row = of.model(**of.constants, **{name: values[name] for name in of.fields})
        if of.code_from:
            row.code = free_code(of, str(values[of.code_from]))
        if of.is_ordered:
            row.position = (of.rows().aggregate(last=Max("position"))["last"] or 0) + 1
        _check(of, row)
        row.save()
        _record(row, "added", by)
    return row


def change(*, list_name: str, row: Any, values: Mapping[str, Any], base: str, by: User) -> None:
    """Changes a row, and its name where it is stored as text. `base` is the state that the page
    showed (organization.state_of)."""
    of = LISTS[list_name]
    with transaction.atomic():
        Organization.objects.lock()
        locked = of.rows().select_for_update().filter(pk=row.pk).first()
        if locked is None:
            raise ValidationError(_("Someone deleted this since you opened the page."))
        organization.refuse_stale(locked, of.fields, base)
        old = copy.copy(locked)
        for name in of.fields:
            setattr(locked, name, values[name])
        _check(of, locked)
        changed = [name for name in of.fields if getattr(locked, name) != getattr(old, name)]
        if not changed:
            return
        for name, value in of.constants.items():
            setattr(locked, name, value)
        locked.save()
        if of.renamed is not None:
            of.renamed(old, locked)
        _record(locked, "changed", by, fields=changed, old=str(old))


def move(*, list_name: str, row: Any, steps: int, by: User) -> None:
    """Moves a row up (a negative number of steps) or down."""
    of = LISTS[list_name]
    with transaction.atomic():
        Organization.objects.lock()
        rows = list(of.rows().select_for_update())
        here = next((n for n, other in enumerate(rows) if other.pk == row.pk), None)
        if here is None:
            return
        there = min(max(here + steps, 0), len(rows) - 1)
        if there == here:
            return
        rows.insert(there, rows.pop(here))
        for position, other in enumerate(rows, 1):
            if other.position != position:
                other.position = position
                other.save(update_fields=["position"])
        _record(row, "moved", by, position=there + 1)


def delete(*, list_name: str, row: Any, by: User) -> None:
    """Deletes a row that is used nowhere. Raises ValidationError with its uses."""
    of = LISTS[list_name]
    with transaction.atomic():
        Organization.objects.lock()
        locked = of.rows().select_for_update().filter(pk=row.pk).first()
        if locked is None:
            return  # someone else has deleted it already
        uses = list_uses.count(of.uses, [locked])[locked.pk]
        if uses:
            raise ValidationError(
                _("“%(name)s” is used in %(uses)s, so it can’t be deleted."),
                params={"name": str(locked), "uses": ", ".join(uses)},
            )
        _record(locked, "deleted", by)
        locked.delete()


def free_code(of: OrganizationList, name: str) -> str:
    """Returns a permanent code for a new row that no other row has."""
    base = slugify(name)[: of.code_limit - 4].strip("-_") or of.model._meta.model_name[:12]
    taken = {*of.built_in, *of.rows().filter(code__startswith=base).values_list("code", flat=True)}
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


def _check(of: OrganizationList, row: models.Model) -> None:
    """Raises ValidationError if the row isn't valid, or if another one is the same."""
    errors: dict[str, Any] = {}
    try:
        # Without Django's messages about uniqueness: the one below says what to do.
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    others = list(of.rows().exclude(pk=row.pk).values_list(*of.identity))
    others += [(label,) for label in of.built_in.values()]
    if not errors and _folded(of, row) in {tuple(map(_fold, other)) for other in others}:
        errors[of.identity[0]] = [_("“%s” is already in the list.") % row]
    if errors:
        raise ValidationError(errors)


def _folded(of: OrganizationList, row: models.Model) -> tuple[str, ...]:
    return tuple(_fold(getattr(row, name)) for name in of.identity)


def _fold(value: Any) -> str:
    return "" if value is None else folding.fold(str(value))


def _record(row: models.Model, action: str, by: User, **what: Any) -> None:
    verb = f"{row._meta.model_name}.{action}"
    Event.objects.record(by=by, verb=verb, about=row, **what)
