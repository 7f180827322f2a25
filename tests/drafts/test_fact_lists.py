"""What an author fills in is printed, unless they take it out."""

from __future__ import annotations

from typing import Any

import pytest

from roles import assembly, drafts
from roles.document import Document
from roles.drafts import changes, undo
from roles.exporters import html
from roles.models import CustomFact, JobDescription, Section, Template
from tests import builders, starter_rules

pytestmark = pytest.mark.django_db

FACTS: dict[str, Any] = {
    "employment_types": ["full_time"],
    "weekly_hours": "37.5",
    "reports_to": "Director",
    "pay_grade": "G7",
    "similar_titles": ["Clerk"],
    "open_until_filled": True,
    "apply_to": "jobs@example.org",
    "custom_facts": {"badge": "Blue"},
}
PRINTED = {
    *("employment_type", "weekly_hours", "reports_to", "pay_grade", "similar_titles"),
    *("apply_by", "apply_to", "badge"),
}


def start(**values: Any) -> JobDescription:
    CustomFact.objects.get_or_create(code="badge", defaults={"label": "Badge"})
    return drafts.start(by=builders.user("hr"), title="Account Manager", **values)


def change(jd: JobDescription, *wanted: changes.Change) -> JobDescription:
    jd.refresh_from_db()
    drafts.apply(description=jd, by=jd.owner, token=jd.edit_token, changes=wanted)
    jd.refresh_from_db()
    return jd


def printed(jd: JobDescription) -> list[str]:
    """The facts that the draft prints, once for each time."""
    document = assembly.assemble(JobDescription.objects.get(pk=jd.pk))
    return [
        fact.name for section in document.sections for fact, _v in html.stated(document, section)
    ]


def details(jd: JobDescription) -> Section:
    return jd.sections.filter(kind="facts").order_by("position")[0]


def test_blank_draft_prints_every_fact_once() -> None:
    jd = change(start(), changes.ChangeFacts(FACTS))
    assert jd.sections.order_by("position")[0].kind == "facts"
    assert sorted(printed(jd)) == sorted(PRINTED)


@pytest.mark.parametrize("code", starter_rules.TEMPLATES)
@pytest.mark.usefixtures("starter_library")
def test_draft_from_a_template_prints_every_fact_once(code: str) -> None:
    jd = change(
        start(template=Template.objects.get(code=code)),
        changes.ChangeFacts(FACTS),
    )
    assert sorted(printed(jd)) == sorted(PRINTED)


def test_copy_prints_every_fact() -> None:
    source = builders.description(employment_types=["part_time"])
    assert not source.sections.filter(kind="facts").exists()
    jd = start(copy_of=assembly.assemble(source), family=source.job_family)
    assert set(printed(jd)) == {"job_family", "job_level", "years", "employment_type"}
    assert jd.sections.order_by("position")[0].kind == "facts"


def test_copy_keeps_the_job_details_of_the_original() -> None:
    source = start()
    change(source, changes.ChangeSection(details(source).uid, {"facts": ["years", "job_code"]}))
    jd = start(copy_of=assembly.assemble(source))
    assert details(jd).facts == ["years", "job_code"]
    assert jd.sections.filter(kind="facts").count() == 1


def test_import_adds_no_section() -> None:
    """A file is imported as it is."""
    jd = builders.description()
    drafts.load(jd, Document("Clerk"), revisions={}, template_fields={})
    assert not jd.sections.exists()


def test_fact_that_was_taken_out_stays_out() -> None:
    """Whatever is filled in later."""
    jd = change(start(), changes.ChangeFacts(FACTS))
    names = [name for name in details(jd).facts if name != "pay_grade"]
    change(jd, changes.ChangeSection(details(jd).uid, {"facts": names}))
    change(jd, changes.ChangeFacts({"pay_grade": ""}))
    change(jd, changes.ChangeFacts({"pay_grade": "G8", "job_code": "17"}))
    assert "pay_grade" not in printed(jd)
    assert "job_code" in printed(jd)


@pytest.mark.parametrize(
    ("kind", "names"), [("apply", ["apply_by", "apply_to"]), ("reporting", ["reports_to"])]
)
def test_section_about_facts_takes_them_from_the_job_details(kind: str, names: list[str]) -> None:
    """Each is printed once; undo gives them back."""
    jd = change(start(), changes.ChangeFacts(FACTS))
    change(jd, changes.AddSection(kind, "Heading"))
    assert jd.sections.get(kind=kind).facts == names
    assert sorted(printed(jd)) == sorted(PRINTED)
    undo.undo(description=jd, by=jd.owner)
    assert set(names) <= set(details(jd).facts)
    assert sorted(printed(jd)) == sorted(PRINTED)


def test_second_section_of_facts_lists_what_no_other_section_does() -> None:
    jd = start()
    change(jd, changes.ChangeSection(details(jd).uid, {"facts": ["years", "job_code"]}))
    change(jd, changes.AddSection("facts", "More"))
    more = jd.sections.get(heading="More").facts
    assert not {"years", "job_code"} & set(more)
    assert {"pay_grade", "badge"} <= set(more)


def test_audience_of_a_fact_is_kept() -> None:
    jd = change(start(), changes.ChangeFacts(FACTS))
    document = assembly.assemble(jd).for_audience("public")
    assert document.fact("pay_grade") is None
    assert document.fact("employment_type") is not None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("careers.example.org", "https://careers.example.org"), ("mailto:a@b.org", "a@b.org")],
)
def test_address_to_apply_is_tidied(typed: str, stored: str) -> None:
    assert change(start(), changes.ChangeFacts({"apply_to": typed})).apply_to == stored
