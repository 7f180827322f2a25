"""A job description from a blank page: its facts print, each step offers its sections, the last
step says what is missing, and its language is that of its text."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from roles import drafts
from roles.models import JobDescription, JobLevel
from roles.web.shared.wizard_steps import STEPS, Step
from tests import builders
from tests.html import find, words
from tests.pages import Page, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.slow]


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client: Any) -> JobDescription:
    builders.level()
    return drafts.start(by=client.user, title="Warehouse Associate")


def url(jd: JobDescription, step: str) -> str:
    return reverse("wizard_step", args=[jd.reference, step])


def type_facts(client: Any, jd: JobDescription, **values: list[str]) -> Page:
    page = open_page(client, url(jd, "details"))
    page.data |= {f"facts-{name}": value for name, value in values.items()}
    page = page.press("next")
    assert page.response.status_code == 200
    return page


def as_text(client: Any, jd: JobDescription, audience: str = "public") -> str:
    address = reverse("draft_export", args=[jd.reference, "txt"])
    return str(client.get(f"{address}?audience={audience}").text)


# --- facts

# The field of a fact, what is typed there, and what is printed.
FACTS = {
    "one employment type": ("employment_types", ["full_time"], ("Employment type", "Full-time")),
    "two employment types": (
        "employment_types",
        ["full_time", "part_time"],
        ("Full-time", "Part-time"),
    ),
    "quarter hours": ("weekly_hours", ["18.75"], ("Weekly hours", "18.75")),
    "hours with a comma": ("weekly_hours", ["37,5"], ("Weekly hours", "37.5")),
    "whole hours": ("weekly_hours", ["36"], ("Weekly hours", "36")),
    "reports to": ("reports_to", ["Shift Lead"], ("Reports to", "Shift Lead")),
    "shifts": ("shifts", ["night", "weekends"], ("Night", "Weekends")),
    "address to apply": ("apply_to", ["jobs@example.org"], ("jobs@example.org",)),
}


@pytest.mark.parametrize(("name", "typed", "shown"), FACTS.values(), ids=FACTS)
def test_a_fact_that_is_filled_in_is_printed(
    client: Any, jd: JobDescription, name: str, typed: list[str], shown: tuple[str, ...]
) -> None:
    before = as_text(client, jd)
    assert shown[-1] not in before
    type_facts(client, jd, **{name: typed})
    text = as_text(client, jd)
    assert [label for label in shown if label not in text] == []
    assert "36.0" not in text


@pytest.mark.both_databases
def test_a_level_that_is_filled_in_is_printed(client: Any, jd: JobDescription) -> None:
    level = JobLevel.objects.get()
    type_facts(client, jd, job_level=[str(level.pk)])
    assert level.name in as_text(client, jd)


@pytest.mark.both_databases
def test_several_facts_are_printed_together(client: Any, jd: JobDescription) -> None:
    level = str(JobLevel.objects.get().pk)
    facts = {"employment_types": ["full_time"], "weekly_hours": ["40"], "job_level": [level]}
    type_facts(client, jd, **facts, reports_to=["Shift Lead"])
    text = as_text(client, jd)
    for label in ("Full-time", "40", "Mid level", "Shift Lead"):
        assert label in text


# --- steps


def test_next_from_summary_leads_to_step_5(client: Any, jd: JobDescription) -> None:
    """Not to the last step, although the steps between have no sections."""
    page = open_page(client, url(jd, "summary")).press("next")
    assert page.url == url(jd, STEPS[4].slug)
    assert STEPS[4].slug == "conditions"


@pytest.mark.both_databases
@pytest.mark.parametrize("step", STEPS[1:-1], ids=[step.slug for step in STEPS[1:-1]])
def test_each_step_offers_the_sections_that_are_not_there(
    client: Any, jd: JobDescription, step: Step
) -> None:
    page = open_page(client, url(jd, step.slug))
    offered = {button for button in page.buttons if button.startswith("section-start:")}
    present = set(jd.sections.values_list("kind", flat=True))
    assert offered == {f"section-start:{kind}" for kind in step.kinds if kind not in present}
    assert offered or step.slug == "responsibilities"


def test_next_leads_through_every_step(client: Any, jd: JobDescription) -> None:
    page = open_page(client, url(jd, "details"))
    seen = [page.url]
    while "next" in page.buttons:
        page = page.press("next")
        seen.append(page.url)
    assert seen == [url(jd, step.slug) for step in STEPS]


# --- what is missing


@pytest.mark.usefixtures("starter_library")
@pytest.mark.parametrize("check", ["no_pay", "no_how_to_apply", "no_equal_opportunity"])
def test_what_is_missing_is_added_with_one_click(
    client: Any, jd: JobDescription, check: str
) -> None:
    def issue_buttons() -> list[str]:
        items = find(client.get(url(jd, "finish")), class_="issue")
        return [
            str(button.get("value"))
            for item in items
            if item.get("data-check") == check
            for button in find(item, "button")
        ]

    [button] = issue_buttons()
    before = jd.sections.count()
    open_page(client, url(jd, "finish")).press(button)
    assert jd.sections.count() == before + 1
    assert issue_buttons() == []


def test_empty_sections_are_said(client: Any, jd: JobDescription) -> None:
    """The summary is there, but has no text."""
    items = find(client.get(url(jd, "finish")), class_="issue")
    said = [words(item) for item in items if item.get("data-check") == "empty_section"]
    assert len(said) == jd.sections.count()
    assert any("Summary" in text for text in said)


# --- language

GERMAN = (
    "Planen Sie die wöchentlichen Schichten mit der Abteilung.",
    "Bestellen Sie rechtzeitig Material und prüfen Sie die Lieferungen.",
)


@pytest.mark.slow
def test_german_text_makes_a_german_document(client: Any, jd: JobDescription) -> None:
    """Its language, labels, numbers, page numbers and the mark of a draft."""
    duties = builders.add_section(jd, "responsibilities", "Aufgaben")
    for text in GERMAN:
        builders.add_line(jd, duties, text)
    type_facts(client, jd, weekly_hours=["37,5"], employment_types=["part_time"])
    assert "Automatic (German)" in open_page(client, url(jd, "details")).text
    address = reverse("draft_export", args=[jd.reference, "pdf"])
    file = pypdf.PdfReader(io.BytesIO(client.get(f"{address}?audience=public").content))
    root: Any = file.trailer["/Root"]
    assert root["/Lang"] == "de"
    text = " ".join(" ".join(page.extract_text() for page in file.pages).split())
    for label in ("Wochenstunden", "37,5", "Teilzeit", "Seite 1 von 1"):
        assert label in text
    assert "entwurf" in text.casefold()
    for label in ("Weekly hours", "Part-time", "Page 1 of 1", "DRAFT"):
        assert label not in text


def test_the_language_can_be_changed(client: Any, jd: JobDescription) -> None:
    duties = builders.add_section(jd, "responsibilities", "Aufgaben", GERMAN[0])
    assert duties
    type_facts(client, jd, weekly_hours=["37,5"], language=["fr"])
    text = as_text(client, jd)
    assert "Heures hebdomadaires" in text
    assert "Wochenstunden" not in text
