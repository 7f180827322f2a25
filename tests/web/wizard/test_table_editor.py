"""A table section in the wizard, without JavaScript: rows, cells, undo, and the printed table."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles import assembly, drafts
from roles.document import Document
from roles.drafts import changes, undo
from roles.models import JobDescription
from tests import builders
from tests.html import find, words
from tests.pages import open_page, read_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client: Any) -> JobDescription:
    """A draft of the signed-in person with a table section and its first row."""
    jd = builders.description(client.user)
    builders.add_section(jd, "table", "Training", "Course")
    jd.refresh_from_db()
    return jd


def url(jd: JobDescription) -> str:
    return reverse("wizard_step", args=[jd.reference, "closing"])


def uid(jd: JobDescription) -> str:
    return str(jd.sections.get(kind="table").uid)


def row(jd: JobDescription, text: str = "Course") -> str:
    return str(jd.lines.get(text=text).uid)


def table(jd: JobDescription) -> Document:
    return assembly.assemble(JobDescription.objects.get(pk=jd.pk))


@pytest.mark.slow
def test_rows_and_cells_are_typed(client: Any, jd: JobDescription) -> None:
    """All cells of a row are on the page, and can be added to it."""
    page = open_page(client, url(jd))
    page.data[f"more-{row(jd)}-detail"] = ["Hours"]
    page.data[f"newsub-{row(jd)}-text"] = ["Provider"]
    page = page.press(f"sub-add:{row(jd)}")
    page.data[f"newsub-{row(jd)}-text"] = ["Cost"]
    page = page.press(f"sub-add:{row(jd)}")
    assert f"sub-add:{row(jd)}" not in page.buttons  # four columns
    page.data[f"new-{uid(jd)}-text"] = ["Safety"]
    page = page.press(f"line-add:{uid(jd)}")
    page.data[f"more-{row(jd, 'Safety')}-detail"] = ["8"]
    page.data[f"line-{row(jd, 'Provider')}-text"] = ["School"]
    page.press("save")
    [section] = [one for one in table(jd).sections if one.kind == "table"]
    head, safety = section.lines
    assert (head.text, head.detail, [sub.text for sub in head.lines]) == (
        "Course",
        "Hours",
        ["School", "Cost"],
    )
    assert (safety.text, safety.detail) == ("Safety", "8")


def test_the_preview_is_a_table(client: Any, jd: JobDescription) -> None:
    builders.add_line(jd, uid(jd), "Safety", detail="8")
    response = client.get(url(jd))
    [shown] = find(response, "table", class_="jd-grid")
    assert [words(cell) for cell in find(shown, "td")] == ["Safety", "8"]


def test_a_fifth_column_is_refused(jd: JobDescription) -> None:
    for text in ("Provider", "Cost"):
        jd.refresh_from_db()
        cell = changes.AddLine(uid(jd), {"form": "entry", "text": text}, parent=row(jd))
        builders.change(jd, cell, token=jd.edit_token)
    jd.refresh_from_db()
    cell = changes.AddLine(uid(jd), {"form": "entry", "text": "Fifth"}, parent=row(jd))
    with pytest.raises(drafts.ActionRefused, match="up to 4 columns"):
        builders.change(jd, cell, token=jd.edit_token)


def test_a_row_can_be_undone_and_restored(jd: JobDescription) -> None:
    jd.refresh_from_db()
    cell = changes.AddLine(uid(jd), {"form": "entry", "text": "Provider"}, parent=row(jd))
    builders.change(jd, cell, token=jd.edit_token)
    version = builders.version(jd)
    jd.refresh_from_db()
    builders.change(jd, changes.RemoveLine(row(jd)), token=jd.edit_token)
    assert not jd.lines.filter(text="Provider").exists()
    jd.refresh_from_db()
    undo.undo(description=jd, by=jd.owner)
    assert version.has(table(jd))


def test_rows_of_a_spreadsheet_are_pasted(client: Any, jd: JobDescription) -> None:
    """All of their cells, also those that other rows have too; a blank one is a dash."""
    rows = "Safety\tEach year\tSchool\t$200\nLifting\tEach year\tSchool\nKeys\tOnce\t\t$20"
    pasted = client.post(reverse("wizard_paste", args=[jd.reference, uid(jd)]), {"text": rows})
    read_page(client, url(jd), pasted).press(f"lines-add:{uid(jd)}")
    [section] = [one for one in table(jd).sections if one.kind == "table"]
    cells = [[line.text, line.detail, *(sub.text for sub in line.lines)] for line in section.lines]
    assert cells[1:] == [
        ["Safety", "Each year", "School", "$200"],
        ["Lifting", "Each year", "School"],
        ["Keys", "Once", "–", "$20"],
    ]
