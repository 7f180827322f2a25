"""Draft rows become a document: sections, facts and answers, with few queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roles import assembly, drafts
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
)
from tests import builders, starter_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> JobDescription:
    return builders.description()


@pytest.mark.parametrize("code", starter_rules.TEMPLATES)
def test_each_starter_template_assembles(code: str, starter_library: None) -> None:
    """Every section in order with every line and sub-line in order, and words in each."""
    template = Template.objects.get(code=code)
    made = drafts.start(by=builders.user(), title="Account manager", template=template)
    whole = assembly.assemble(made)
    wanted = template.sections.order_by("position", "pk")
    assert [(s.kind, s.heading, s.audience, s.style, list(s.facts)) for s in whole.sections] == [
        (s.kind, s.heading, s.audience, s.style, s.facts) for s in wanted
    ]
    for section, row in zip(whole.sections, wanted, strict=True):
        lines = row.lines.filter(parent=None).order_by("position", "pk")
        assert [_origin(line) for line in lines] == [line.text for line in section.lines]
        assert all(line.text for line in section.every_line())
    assert whole.open_placeholders()
    assert made.lines.count() == sum(len(list(s.every_line())) for s in whole.sections)


def _origin(line: Any) -> str:
    return str(line.snippet.text if line.snippet else line.text)


def test_detailed_template_is_complete(starter_library: None) -> None:
    """Numbered activities each with a paragraph, similar titles, collaborators as a table,
    pay, questions with answers."""
    template = Template.objects.get(code="account-manager-detailed")
    made = drafts.start(by=builders.user(), title="Account manager", template=template)
    found: dict[str, Any] = {s.heading: s for s in assembly.assemble(made).sections}
    activities = found["Monthly activities"]
    assert activities.style == "numbers"
    assert all(line.detail for line in activities.lines if line.form == "entry")
    assert found["People you work with"].style == "table"
    assert "similar_titles" in found["Similar titles"].facts
    questions = found["Frequently asked questions"].lines
    assert all(line.detail or line.lines for line in questions if line.form == "entry")
    assert {"Pay by location", "Pay by experience", "Requirements"} <= found.keys()


# --- facts


def stated(made: JobDescription) -> dict[str, Fact]:
    made.refresh_from_db()
    return {fact.name: fact for fact in assembly.assemble(made).facts}


def test_facts_of_a_document(made: JobDescription) -> None:
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
    builders.change(made, changes.ChangeFacts(values))
    assert list(stated(made).values()) == [
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


def test_open_until_filled_takes_precedence_over_a_date(made: JobDescription) -> None:
    """Both cannot hold."""
    builders.change(
        made, changes.ChangeFacts({"open_until_filled": True, "apply_by": date(2027, 2, 28)})
    )
    assert stated(made)["apply_by"].values == ("open",)


def test_audiences_of_facts(made: JobDescription) -> None:
    """The usual ones; the organization's choice goes before; nonsense does not count."""
    builders.change(made, changes.ChangeFacts({"pay_grade": "7", "job_code": "AM"}))
    assert stated(made)["pay_grade"].audience == "restricted"
    assert stated(made)["job_code"].audience == "internal"
    builders.organization(fact_audiences={"pay_grade": "internal", "job_code": "everyone"})
    assert stated(made)["pay_grade"].audience == "internal"
    assert stated(made)["job_code"].audience == "internal"
    assert assembly.assemble(made).for_audience("public").fact("pay_grade") is None


def test_facts_that_the_organization_defines(made: JobDescription) -> None:
    """With their label and audience, in its order; others that were once stored are left out."""
    CustomFact.objects.create(code="union", label="Union", audience="public", position=2)
    CustomFact.objects.create(code="cost-centre", label="Cost centre", position=1)
    values = {"union": "Yes", "cost-centre": "4711", "gone": "old", "empty": ""}
    builders.change(made, changes.ChangeFacts({"custom_facts": values}))
    assert list(stated(made).values())[-2:] == [
        Fact("cost-centre", ("4711",), audience="internal", label="Cost centre"),
        Fact("union", ("Yes",), audience="public", label="Union"),
    ]


# --- answers


def test_own_answers_override_those_of_the_organization(
    made: JobDescription,
) -> None:
    """Only those that a text asks for come along."""
    builders.add_line(made, made.sections.all()[0].uid, "At [Website] in [City] of [Country].")
    for key, value in (("website", "acme.test"), ("city", "Denver"), ("unasked", "No")):
        PlaceholderAnswer.objects.create(placeholder=key, value=value)
    builders.change(made, changes.AnswerPlaceholder("city", "Boston"))
    assert assembly.assemble(made).answers == (
        Answer("city", "Boston"),
        Answer("website", "acme.test"),
    )


def test_company_name_comes_from_the_organization(made: JobDescription) -> None:
    """An answer of the organization goes before its name, one of the job description before
    both; without any the question is open."""
    builders.add_line(made, made.sections.all()[0].uid, "[Company] was founded early.")

    def answers() -> tuple[Answer, ...]:
        return assembly.assemble(made).answers

    assert answers() == ()
    builders.organization(name="Acme")
    assert answers() == (Answer("company name", "Acme"),)
    PlaceholderAnswer.objects.create(placeholder="company name", value="Acme Ltd")
    assert answers() == (Answer("company name", "Acme Ltd"),)
    builders.change(made, changes.AnswerPlaceholder("Company Name", "Acme Denver"))
    assert answers() == (Answer("company name", "Acme Denver"),)


def test_line_answers_belong_to_the_line(made: JobDescription) -> None:
    """And not among the document's."""
    line = made.lines.all()[0]
    builders.change(made, changes.ChangeLine(line.uid, {"text": "[X] calls a day"}))
    builders.change(made, changes.AnswerPlaceholder("x", "5", line=line.uid))
    whole = assembly.assemble(made)
    assert whole.answers == ()
    found = next(ln for s in whole.sections for ln in s.lines if ln.uid == line.uid)
    assert found.answers == (Answer("x", "5"),)


# --- pay


def test_pay_with_chosen_market_figures(made: JobDescription) -> None:
    """Ranges in order; market figures only when chosen."""
    figure = PayReference.objects.create(
        code="f", role="Pilot", amount=Decimal(54840), as_of="2022"
    )
    PayReference.objects.create(code="g", role="Pilot", amount=Decimal(1))
    uid = builders.add_section(made, "pay", "Pay")
    for place in ("Denver", "Austin"):
        values = {"minimum": Decimal(50), "maximum": Decimal(60), "location": place}
        builders.change(made, changes.AddPay(uid, values))
    builders.change(made, changes.ShowReferences(uid, (figure.pk,)))
    section = assembly.assemble(made).sections[-1]
    assert [pay.location for pay in section.pay_ranges] == ["Denver", "Austin"]
    assert [(r.amount, r.as_of) for r in section.pay_references] == [(Decimal(54840), "2022")]


# --- editions and cost


def test_a_draft_is_printed_with_todays_brand(made: JobDescription) -> None:
    """Without a number."""
    builders.organization(name="Acme", brand_color="#aa0000")
    edition = assembly.draft_edition(made)
    assert (edition.reference, edition.number) == (made.reference, None)
    assert (edition.brand.name, edition.brand.color) == ("Acme", "#aa0000")


def _queries(action: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_lines(made: JobDescription) -> None:
    """Five lines or a hundred, with answers, sub-lines and pay."""
    builders.organization(name="Acme")
    section = made.sections.get(kind="responsibilities")
    builders.add_line(made, section.uid, "[X] calls")
    builders.add_line(made, section.uid, "[X] visits")
    few = _queries(lambda: assembly.assemble(made))
    parents = Line.objects.bulk_create(
        Line(description=made, section=section, text=f"[X] of {n}") for n in range(60)
    )
    Line.objects.bulk_create(
        Line(description=made, section=section, parent=parent, text="[X]")
        for parent in parents[:40]
    )
    PlaceholderAnswer.objects.bulk_create(
        PlaceholderAnswer(description=made, line=line, placeholder="x", value="2")
        for line in parents
    )
    for _ in range(3):
        builders.add_section(made, "pay", "Pay")
    assert _queries(lambda: assembly.assemble(made)) == few
    assert few <= 10
