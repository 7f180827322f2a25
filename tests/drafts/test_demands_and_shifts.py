"""Physical demands and shifts of a draft: stored, undone, copied, imported, and approved."""

from __future__ import annotations

import importlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from roles import assembly, drafts, migrations
from roles.document import Document, DocumentLine, Fact
from roles.drafts import changes, undo
from roles.models import JobDescription
from tests import builders

pytestmark = pytest.mark.django_db
VALUES: dict[str, Any] = {
    "category": "physical",
    "amount": Decimal("50"),
    "unit": "lb",
    "how_often": "frequently",
}


@pytest.fixture
def jd() -> JobDescription:
    jd = builders.description()
    uid = builders.add_section(jd, "conditions", "Working conditions")
    return builders.add_line(jd, uid, "Lift", **VALUES)


def document(jd: JobDescription) -> Document:
    return assembly.assemble(JobDescription.objects.get(pk=jd.pk))


def lift(jd: JobDescription) -> DocumentLine:
    return document(jd).sections[-1].lines[0]


def stated(line: DocumentLine) -> tuple[Any, ...]:
    return line.amount, line.unit, line.how_often


@pytest.mark.both_databases
def test_a_demand_is_changed_undone_and_redone(jd: JobDescription) -> None:
    uid = lift(jd).uid
    builders.change(jd, changes.ChangeLine(uid, {"amount": Decimal("22.5"), "unit": "kg"}))
    assert stated(lift(jd)) == (Decimal("22.5"), "kg", "frequently")
    undo.undo(description=jd, by=jd.owner)
    assert stated(lift(jd)) == (Decimal("50"), "lb", "frequently")
    jd.refresh_from_db()
    undo.redo(description=jd, by=jd.owner)
    assert stated(lift(jd)) == (Decimal("22.5"), "kg", "frequently")


def test_a_removed_demand_comes_back(jd: JobDescription) -> None:
    builders.change(jd, changes.RemoveLine(lift(jd).uid))
    undo.undo(description=jd, by=jd.owner)
    assert stated(lift(jd)) == (Decimal("50"), "lb", "frequently")


def test_a_version_has_the_demand_and_is_restored(jd: JobDescription) -> None:
    version = builders.version(jd)
    assert version.has(document(jd))
    builders.change(jd, changes.ChangeLine(lift(jd).uid, {"amount": Decimal("60")}))
    assert not version.has(document(jd))
    undo.undo(description=jd, by=jd.owner)
    assert version.has(document(jd))


def test_a_copy_and_an_import_keep_the_demand(jd: JobDescription) -> None:
    copy = drafts.start(by=jd.owner, title="Clerk", copy_of=document(jd))
    assert stated(lift(copy)) == stated(lift(jd))
    other = builders.description()
    drafts.load(other, document(jd), revisions={}, template_fields={})
    assert stated(lift(other)) == stated(lift(jd))


@pytest.mark.parametrize(
    ("heading", "there", "category"),
    [
        ("Physical demands", [], "physical"),
        ("PHYSICAL REQUIREMENTS", [], "physical"),
        ("Working conditions", [], ""),
        ("Working conditions", ["physical", "physical"], "physical"),
        ("Working conditions", ["physical", "travel"], ""),
        ("Physical demands", ["travel"], ""),
        ("Physical demands", [""], ""),
    ],
)
def test_a_new_line_of_a_section_about_physical_demands_is_one(
    heading: str, there: list[str], category: str
) -> None:
    jd = builders.description()
    uid = builders.add_section(jd, "conditions", heading)
    for number, code in enumerate(there):
        builders.add_line(jd, uid, f"Line {number}", category=code)
    builders.add_line(jd, uid, "Bend")
    builders.change(jd, changes.AddLines(uid, (changes.NewLine("Kneel"),)))
    found = [jd.lines.get(text=text).category for text in ("Bend", "Kneel")]
    assert found == [category, category]


def test_lines_of_other_sections_get_no_category() -> None:
    jd = builders.description()
    uid = builders.add_section(jd, "responsibilities", "Physical work")
    builders.add_line(jd, uid, "Unload trucks")
    assert jd.lines.get(text="Unload trucks").category == ""


def test_undo_records_of_before_are_migrated() -> None:
    (path,) = Path(migrations.__file__).parent.glob("*_physical_demands.py")
    migration = importlib.import_module(f"roles.migrations.{path.stem}")
    before: dict[str, Any] = {
        "line:a": {"text": "Lift"},
        "line:b": None,
        "fact:title": "A",
        "order:line:a": [],
    }
    assert migration._with_new_fields(before) == before | {
        "line:a": {"text": "Lift", "amount": None, "unit": "", "how_often": ""}
    }


# --- shifts


@pytest.mark.both_databases
def test_shifts_reach_the_document_and_are_undone() -> None:
    """In the order of the list, and undone as one change."""
    jd = builders.description()
    builders.change(jd, changes.ChangeFacts({"shifts": ["on_call", "night"]}))
    assert document(jd).fact("shift") == Fact("shift", ("night", "on_call"))
    undo.undo(description=jd, by=jd.owner)
    assert document(jd).fact("shift") is None


def test_shifts_are_copied() -> None:
    jd = builders.description(shifts=["rotating", "weekends"])
    copy = drafts.start(by=jd.owner, title="Clerk", copy_of=document(jd))
    assert copy.shifts == ["rotating", "weekends"]
