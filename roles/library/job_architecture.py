"""Job families, levels, departments, and locations of a starter library.

They are created once; after that the organization owns them. Snippets, templates, and pay
references refer to families and levels by code (see `StarterTags`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from roles.library.starter_files import StarterEntry, StarterFiles
from roles.models import Department, Event, JobFamily, JobLevel, Location

LOADED = "library.loaded"  # verb of the event that a load records


@dataclass(frozen=True)
class StarterTags:
    families: Mapping[str, JobFamily]
    levels: Mapping[str, JobLevel]
    left_out: frozenset[str] = frozenset()  # codes of families that the organization didn't choose

    def family(self, entry: StarterEntry, code: str) -> JobFamily:
        if code not in self.families:
            raise entry.bad(f"unknown family “{code}”.")
        return self.families[code]

    def level(self, entry: StarterEntry, code: str) -> JobLevel:
        if code not in self.levels:
            raise entry.bad(f"unknown level “{code}”.")
        return self.levels[code]

    def families_of(self, entry: StarterEntry) -> list[JobFamily]:
        codes = dict.fromkeys(entry.values.get("families", ()))
        wanted = [code for code in codes if code in self.families or code not in self.left_out]
        return [self.family(entry, code) for code in wanted]

    def levels_of(self, entry: StarterEntry) -> list[JobLevel]:
        return [self.level(entry, code) for code in dict.fromkeys(entry.values.get("levels", ()))]

    @classmethod
    def all(cls, left_out: frozenset[str] = frozenset()) -> StarterTags:
        return cls(by_code(JobFamily), by_code(JobLevel), left_out)


def by_code(model: type[Any]) -> dict[str, Any]:
    return {row.code: row for row in model.objects.all()}


def load_architecture(files: StarterFiles) -> tuple[int, list[str]]:
    """Creates missing rows. Returns their number, and the names of all departments and locations
    for `loaded_before`."""
    added = 0
    for model, entries in ((JobFamily, files.families), (JobLevel, files.levels)):
        known = by_code(model)
        for position, entry in enumerate(entries):
            if entry.name not in known:
                extra = {"position": position} if model is JobLevel else {}
                save(entry, model(**entry.values, **extra))
                added += 1
    places = [*files.departments, *files.locations]
    have = set(Department.objects.values_list("name", flat=True))
    have |= {_place(row) for row in Location.objects.values("city", "region", "country")}
    missing = [entry for entry in places if _place(entry.values) not in have]
    if missing:
        had = loaded_before()
        for entry in missing:
            if _place(entry.values) not in had:
                save(entry, (Department if "name" in entry.values else Location)(**entry.values))
                added += 1
    return added, [_place(entry.values) for entry in places]


def loaded_before() -> set[str]:
    """Returns the names in the events of earlier loads. A name no longer in its table was renamed
    or removed by the organization, so it isn't created again."""
    loads = Event.objects.filter(verb=LOADED).values_list("what", flat=True)
    return {name for what in loads for name in what.get("names", ())}


def _place(values: Mapping[str, Any]) -> str:
    names = ("city", "region", "country")
    return values.get("name") or " / ".join(values.get(name, "") for name in names)


def save(entry: StarterEntry, row: models.Model) -> None:
    """Saves a row created from the entry. Raises BadLibrary if it isn't valid."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise entry.refused(error) from error
    row.save()
