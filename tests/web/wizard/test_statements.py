"""New sections start with the statements of the organization."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles.models import JobDescription
from roles.quality.issue import IssueAction
from tests import builders
from tests.pages import open_page

pytestmark = pytest.mark.django_db

FAIR = "[Company Name] is an equal opportunity employer."


def statement(text: str, category: str, **values: Any) -> Any:
    return builders.snippet(text, "boilerplate", category=category, is_statement=True, **values)


@pytest.fixture
def jd() -> JobDescription:
    return builders.description()


@pytest.fixture
def client(client_for: Any, jd: JobDescription) -> Any:
    return client_for(jd.owner)


def press(
    client: Any, jd: JobDescription, action: str, step: str = "closing", **fields: str
) -> None:
    page = open_page(client, reverse("wizard_step", args=[jd.reference, step]))
    assert page.press(action, **fields).response.status_code == 200


def texts(jd: JobDescription, kind: str) -> list[str]:
    lines = jd.lines.filter(section__kind=kind).order_by("position")
    return list(lines.values_list("text", flat=True))


@pytest.mark.slow
def test_a_section_of_the_step_starts_with_them(client: Any, jd: JobDescription) -> None:
    statement("Duties can change.", "legal")
    snippet = statement(FAIR, "equal_opportunity")
    builders.snippet("Not a statement.", "boilerplate", category="legal")
    statement("We are Acme.", "company")
    press(client, jd, "section-start:legal")
    assert texts(jd, "legal") == [FAIR, "Duties can change."]
    line = jd.lines.get(text=FAIR)
    assert (line.form, line.revision) == ("paragraph", snippet.latest())
    press(client, jd, "undo")
    assert texts(jd, "legal") == []


def test_a_section_of_the_outline_starts_with_them(client: Any, jd: JobDescription) -> None:
    statement("We are Acme.", "company")
    fields = {"new-section-kind": "company", "new-section-heading": "Who we are"}
    press(client, jd, "section-add", **fields)
    assert texts(jd, "company") == ["We are Acme."]
    assert jd.sections.get(kind="company").heading == "Who we are"


@pytest.mark.parametrize(
    "values", [{"status": "retired"}, {"language": "de"}, {"category": "company"}]
)
def test_statements_that_do_not_fit_are_left_out(
    client: Any, jd: JobDescription, values: dict[str, str]
) -> None:
    statement("Nope.", values.pop("category", "legal"), **values)
    press(client, jd, "section-start:legal")
    assert jd.sections.filter(kind="legal").exists()
    assert texts(jd, "legal") == []


def test_statements_of_another_family_are_left_out(client: Any, jd: JobDescription) -> None:
    statement("For nurses.", "legal", families=[builders.family("Nursing", "NUR")])
    statement("For all.", "legal")
    press(client, jd, "section-start:legal")
    assert texts(jd, "legal") == ["For all."]


@pytest.mark.slow
def test_the_fix_of_an_issue_prefers_them(client: Any, jd: JobDescription) -> None:
    builders.snippet(
        "We are an equal opportunity employer.", "boilerplate", category="equal_opportunity"
    )
    statement(FAIR, "equal_opportunity")
    page = client.get(reverse("wizard_step", args=[jd.reference, "finish"]))
    wanted = IssueAction("add_section", ("legal", "equal_opportunity"))
    [fix] = [one["id"] for one in page.context["issues"] if one["issue"].action == wanted]
    press(client, jd, f"fix:{fix}", "finish")
    assert texts(jd, "legal") == [FAIR]
