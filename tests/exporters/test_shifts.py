"""The shifts of a job: printed, imported, and advertised."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from roles.document import Document, Fact
from roles.exporters import FORMATS, jsonld
from roles.importers import document_limits
from tests import samples
from tests.exporters.test_jsonld import EDITION, vacancy


@pytest.mark.parametrize("code", ["html", "md", "txt"])
@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ("Shift", "Night shift", "On call")),
        ("de", ("Schicht", "Nachtschicht", "Rufbereitschaft")),
        ("fr", ("Poste de nuit", "Astreinte")),
        ("es", ("Turno de noche", "De guardia")),
    ],
)
def test_shifts_are_printed(language: str, shown: tuple[str, ...], code: str) -> None:
    facts = (Fact("shift", ("night", "on_call")),)
    section = samples.section("facts", "Details", facts=("shift",), style="table")
    value = samples.numbered(Document("Nurse", facts=facts, sections=(section,)))
    content = FORMATS[code].render(replace(value, language=language), samples.version()).decode()
    for word in shown:
        assert word in content


@pytest.mark.parametrize(
    ("values", "is_valid"),
    [
        (("day",), True),
        (("day", "evening", "night", "rotating", "weekends", "on_call"), True),
        (("night", "night"), False),
        (("graveyard",), False),
        (("Day",), False),
        (("",), True),
    ],
)
def test_limits_of_imported_shifts(values: tuple[str, ...], is_valid: bool) -> None:
    value = Document("Nurse", facts=(Fact("shift", values),))
    assert (document_limits.problem(value) == "") == is_valid


@pytest.mark.parametrize(
    ("facts", "hours"),
    [
        ((Fact("shift", ("night",)),), "Night shift"),
        ((Fact("shift", ("rotating", "weekends")),), "Rotating shifts, Weekends"),
        (
            (Fact("weekly_hours", ("36",)), Fact("shift", ("day", "on_call"))),
            "36 hours a week, Day shift, On call",
        ),
        ((Fact("weekly_hours", ("36",)),), "36 hours a week"),
        ((), None),
    ],
)
def test_shifts_are_advertised_as_work_hours(facts: tuple[Fact, ...], hours: str | None) -> None:
    usual = [fact for fact in vacancy().facts if fact.name != "weekly_hours"]
    posting = json.loads(jsonld.render(vacancy(facts=(*usual, *facts)), EDITION))
    assert posting.get("workHours") == hours
