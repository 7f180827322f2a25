"""Draft rows become a document: sections, facts and answers, with few queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roles import assembly, drafts, vocabulary
from roles.document import Answer, DocumentPlace, Fact
from roles.drafts import changes
from roles.models import (
    CustomFact,
    JobDescription,
    Line,
    Location,
    PayReference,
    PlaceholderAnswer,
    Template,
    TemplateSection,
)
from tests import builders, starter_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def jd() -> JobDescription:
    return builders.description()


@pytest.mark.parametrize("code", starter_rules.TEMPLATES)
def test_each_starter_template_assembles(code: str, starter_library: None) -> None:
    """Job details, then every section in order with every line and sub-line in order, and words in
    each."""
    template = Template.objects.get(code=code)
    jd = drafts.start(by=builders.user(), title="Account manager", template=template)
    whole = assembly.assemble(jd)
    wanted = template.sections.order_by("position", "pk")
    details, *sections = whole.sections
    assert details.kind == "facts"
    assert [(s.kind, s.heading, s.audience, s.style, list(s.facts)) for s in sections] == [
        (s.kind, s.heading, s.audience, s.style, _facts(s)) for s in wanted
    ]
    for section, row in zip(sections, wanted, strict=True):
        lines = row.lines.filter(parent=None).order_by("position", "pk")
        assert [_origin(line) for line in lines] == [line.text for line in section.lines]
        assert all(line.text for line in section.every_line())
    assert whole.open_placeholders()
    assert jd.lines.count() == sum(len(list(s.every_line())) for s in whole.sections)


def _facts(section: TemplateSection) -> list[str]:
    """The facts of the template, or those that such a section has from the start."""
    return section.facts or list(vocabulary.SECTION_KINDS[section.kind].facts)


def _origin(line: Any) -> str:
    return str(line.snippet.text if line.snippet else line.text)


def test_detailed_template_is_complete(starter_library: None) -> None:
    """Numbered activities each with a paragraph, similar titles, collaborators as a table,
    pay, questions with answers."""
    template = Template.objects.get(code="account-manager-detailed")
    jd = drafts.start(by=builders.user(), title="Account manager", template=template)
    result: dict[str, Any] = {s.heading: s for s in assembly.assemble(jd).sections}
    activities = result["Monthly activities"]
    assert activities.style == "numbers"
    assert all(line.detail for line in activities.lines if line.form == "entry")
    assert result["People you work with"].style == "table"
    assert "similar_titles" in result["Similar titles"].facts
    questions = result["Frequently asked questions"].lines
    assert all(line.detail or line.lines for line in questions if line.form == "entry")
    assert {"Pay by location", "Pay by experience", "Requirements"} <= result.keys()


# --- facts


def stated(jd: JobDescription) -> dict[str, Fact]:
    jd.refresh_from_db()
    return {fact.name: fact for fact in assembly.assemble(jd).facts}


def test_facts_of_a_document(jd: JobDescription) -> None:
    """Texts, spans, places, codes; in the order of the vocabulary; what is not stated is not
    there."""
    place = Location.objects.create(city="Denver", region="CO", country="US")
    values = {
        "similar_titles": ["Key account manager", "Client lead"],
        "department": builders.department("Sales"),
        "locations": [place],
        "weekly_hours": Decimal("40.0"),
        "apply_by": date(2027, 2, 28),
        "years_from": None,
        "years_to": 4,
        "work_mode": "hybrid",
    }
    builders.change(jd, changes.ChangeFacts(values))
    assert list(stated(jd).values()) == [
        Fact("similar_titles", ("Key account manager", "Client lead")),
        Fact("job_family", ("Account management",)),
        Fact("job_level", ("Mid level",)),
        Fact("years", ("", "4")),
        Fact("department", ("Sales",)),
        Fact("locations", places=(DocumentPlace("Denver", "CO", "US"),)),
        Fact("work_mode", ("hybrid",)),
        Fact("weekly_hours", ("40",)),
        Fact("apply_by", ("2027-02-28",)),
    ]


def test_open_until_filled_takes_precedence_over_a_date(jd: JobDescription) -> None:
    """Both cannot hold."""
    builders.change(
        jd, changes.ChangeFacts({"open_until_filled": True, "apply_by": date(2027, 2, 28)})
    )
    assert stated(jd)["apply_by"].values == ("open",)


def test_audiences_of_facts(jd: JobDescription) -> None:
    """The usual ones; the organization's choice goes before; nonsense does not count."""
    builders.change(jd, changes.ChangeFacts({"pay_grade": "7", "job_code": "AM"}))
    assert stated(jd)["pay_grade"].audience == "restricted"
    assert stated(jd)["job_code"].audience == "internal"
    builders.organization(fact_audiences={"pay_grade": "internal", "job_code": "everyone"})
    assert stated(jd)["pay_grade"].audience == "internal"
    assert stated(jd)["job_code"].audience == "internal"
    assert assembly.assemble(jd).for_audience("public").fact("pay_grade") is None


def test_facts_that_the_organization_defines(jd: JobDescription) -> None:
    """With their label and audience, in its order; others that were once stored are left out."""
    CustomFact.objects.create(code="union", label="Union", audience="public", position=2)
    CustomFact.objects.create(code="cost-centre", label="Cost centre", position=1)
    values = {"union": "Yes", "cost-centre": "4711", "gone": "old", "empty": ""}
    builders.change(jd, changes.ChangeFacts({"custom_facts": values}))
    assert list(stated(jd).values())[-2:] == [
        Fact("cost-centre", ("4711",), audience="internal", label="Cost centre"),
        Fact("union", ("Yes",), audience="public", label="Union"),
    ]


# --- answers


def test_own_answers_override_those_of_the_organization(
    jd: JobDescription,
) -> None:
    """Only those that a text asks for come along."""
    builders.add_line(jd, jd.sections.all()[0].uid, "At [Website] in [City] of [Country].")
    for key, value in (("website", "acme.test"), ("city", "Denver"), ("unasked", "No")):
        PlaceholderAnswer.objects.create(placeholder=key, value=value)
    builders.change(jd, changes.AnswerPlaceholder("city", "Boston"))
    assert assembly.assemble(jd).answers == (
        Answer("city", "Boston"),
        Answer("website", "acme.test"),
    )


def test_company_name_comes_from_the_organization(jd: JobDescription) -> None:
    """An answer of the organization goes before its name, one of the job description before
    both; without any the question is open."""
    builders.add_line(jd, jd.sections.all()[0].uid, "[Company] was founded early.")

    def answers() -> tuple[Answer, ...]:
        return assembly.assemble(jd).answers

    assert answers() == ()
    builders.organization(name="Acme")
    assert answers() == (Answer("company name", "Acme"),)
    PlaceholderAnswer.objects.create(placeholder="company name", value="Acme Ltd")
    assert answers() == (Answer("company name", "Acme Ltd"),)
    builders.change(jd, changes.AnswerPlaceholder("Company Name", "Acme Denver"))
    assert answers() == (Answer("company name", "Acme Denver"),)


def test_line_answers_belong_to_the_line(jd: JobDescription) -> None:
    """And not among the document's."""
    line = jd.lines.all()[0]
    builders.change(jd, changes.ChangeLine(line.uid, {"text": "[X] calls a day"}))
    builders.change(jd, changes.AnswerPlaceholder("x", "5", line=line.uid))
    whole = assembly.assemble(jd)
    assert whole.answers == ()
    result = next(ln for s in whole.sections for ln in s.lines if ln.uid == line.uid)
    assert result.answers == (Answer("x", "5"),)


# --- pay


def test_pay_with_chosen_market_figures(jd: JobDescription) -> None:
    """Ranges in order; market figures only when chosen."""
    figure = PayReference.objects.create(
        code="f", role="Pilot", amount=Decimal(54840), as_of="2022"
    )
    PayReference.objects.create(code="g", role="Pilot", amount=Decimal(1))
    uid = builders.add_section(jd, "pay", "Pay")
    for place in ("Denver", "Austin"):
        values = {"minimum": Decimal(50), "maximum": Decimal(60), "location": place}
        builders.change(jd, changes.AddPay(uid, values))
    builders.change(jd, changes.ShowReferences(uid, (figure.pk,)))
    section = assembly.assemble(jd).sections[-1]
    assert [pay.location for pay in section.pay_ranges] == ["Denver", "Austin"]
    assert [(r.amount, r.as_of) for r in section.pay_references] == [(Decimal(54840), "2022")]


# --- editions and cost


def test_a_draft_is_printed_with_todays_brand(jd: JobDescription) -> None:
    """Without a number."""
    builders.organization(name="Acme", brand_color="#aa0000")
    edition = assembly.draft_edition(jd)
    assert (edition.reference, edition.number) == (jd.reference, None)
    assert (edition.brand.name, edition.brand.color) == ("Acme", "#aa0000")


def _queries(action: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_lines(jd: JobDescription) -> None:
    """Five lines or a hundred, with answers, sub-lines and pay."""
    builders.organization(name="Acme")
    section = jd.sections.get(kind="responsibilities")
    builders.add_line(jd, section.uid, "[X] calls")
    builders.add_line(jd, section.uid, "[X] visits")
    few = _queries(lambda: assembly.assemble(jd))
    parents = Line.objects.bulk_create(
        Line(description=jd, section=section, text=f"[X] of {n}") for n in range(60)
    )
    Line.objects.bulk_create(
        Line(description=jd, section=section, parent=parent, text="[X]") for parent in parents[:40]
    )
    PlaceholderAnswer.objects.bulk_create(
        PlaceholderAnswer(description=jd, line=line, placeholder="x", value="2") for line in parents
    )
    for _ in range(3):
        builders.add_section(jd, "pay", "Pay")
    assert _queries(lambda: assembly.assemble(jd)) == few
    assert few <= 10


def test_too_little_text_has_the_language_of_the_organization() -> None:
    jd = drafts.start(by=builders.user(), title="Nurse")
    assert assembly.assemble(jd).language == "en"
    builders.organization(language="de")
    assert assembly.assemble(jd).language == "de"
    long = "Prepare a renewal plan for each account, and present it to the customer in person."
    builders.add_line(jd, builders.add_section(jd, "responsibilities", "Tasks"), long)
    assert assembly.assemble(jd).language == "en"
