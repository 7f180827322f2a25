"""The button of each issue on the last step: what it changes, where it leads, and that undo
restores the draft."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from roles import assembly, drafts
from roles.drafts import changes, draft_issues
from roles.models import CustomFact, JobDescription, Section
from roles.quality.issue import Issue
from tests import builders
from tests.html import find
from tests.pages import Page, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client: Any) -> JobDescription:
    return builders.description(client.user, employment_types=["full_time"])


def url(jd: JobDescription, step: str = "finish") -> str:
    return reverse("wizard_step", args=[jd.reference, step])


def issues(jd: JobDescription) -> list[Issue]:
    rows = assembly.load_rows(JobDescription.objects.get(pk=jd.pk))
    return draft_issues.issues(rows, assembly.assemble(rows.description, rows))


def checks(jd: JobDescription) -> list[str]:
    return [issue.check for issue in issues(jd)]


def apply(jd: JobDescription, *wanted: changes.Change) -> None:
    jd.refresh_from_db()
    drafts.apply(description=jd, by=jd.owner, token=jd.edit_token, changes=wanted)


def button(page: Page, check: str) -> str:
    """The value of the first button of an issue."""
    item = next(found for found in find(page, class_="issue") if found.get("data-check") == check)
    [found] = find(item, "button")
    return found.get("value", "")


def press(client: Any, jd: JobDescription, check: str) -> Any:
    """The response to the button of an issue, before its redirect is followed."""
    page = open_page(client, url(jd))
    return client.post(page.url, {**page.data, "action": button(page, check)})


def undo(client: Any, jd: JobDescription) -> None:
    open_page(client, url(jd)).press("undo")


# --- buttons that change the draft


def test_every_issue_has_one_button(client: Any, jd: JobDescription) -> None:
    builders.add_section(jd, "benefits", "Benefits")
    page = open_page(client, url(jd))
    items = find(page, class_="issue")
    assert len(items) == len(issues(jd)) > 4
    assert [len(find(item, "button")) for item in items] == [1] * len(items)


@pytest.mark.slow
def test_facts_are_shown_in_a_new_section_of_job_details(client: Any, jd: JobDescription) -> None:
    response = press(client, jd, "unprinted_facts")
    assert response.headers["Location"] == url(jd) + "#issues"
    details = jd.sections.get(kind="facts")
    assert "employment_type" in details.facts
    assert jd.sections.order_by("position")[0] == details
    assert "unprinted_facts" not in checks(jd)
    undo(client, jd)
    assert not jd.sections.filter(kind="facts").exists()


def test_facts_are_added_to_the_job_details_that_exist(client: Any, jd: JobDescription) -> None:
    facts = ["job_family", "job_level", "years"]
    apply(jd, changes.AddSection("facts", "Details", uid="details"))
    apply(jd, changes.ChangeSection("details", {"facts": facts}))
    press(client, jd, "unprinted_facts")
    assert jd.sections.get(kind="facts").facts == [*facts, "employment_type"]
    assert "unprinted_facts" not in checks(jd)


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("check", "kind", "step", "has_text"),
    [
        ("no_summary", "summary", "summary", False),
        ("no_pay", "pay", "pay", False),
        ("no_how_to_apply", "apply", "finish", True),
        ("no_equal_opportunity", "legal", "finish", True),
    ],
)
@pytest.mark.usefixtures("starter_library")
def test_missing_section_is_added_with_a_snippet(
    client: Any, jd: JobDescription, check: str, kind: str, step: str, has_text: bool
) -> None:
    """What the author has to write leads to the new section."""
    jd.sections.filter(kind="summary").delete()
    response = press(client, jd, check)
    section = jd.sections.get(kind=kind)
    assert response.headers["Location"].startswith(url(jd, step))
    assert has_text or response.headers["Location"].endswith(f"#card-{section.uid}")
    assert section.lines.filter(revision__isnull=False).exists() == has_text
    assert check not in checks(jd)
    undo(client, jd)
    assert not jd.sections.filter(kind=kind).exists()
    assert check in checks(jd)


@pytest.mark.both_databases
@pytest.mark.parametrize("language", ["", "en", "en-GB", "de"])
@pytest.mark.usefixtures("starter_library")
def test_snippet_of_a_missing_section_is_in_the_language_of_the_draft(
    client: Any, jd: JobDescription, language: str
) -> None:
    """Also if the language is detected. The starter library is English."""
    JobDescription.objects.filter(pk=jd.pk).update(language=language)
    press(client, jd, "no_equal_opportunity")
    assert jd.sections.get(kind="legal").lines.exists() == (language != "de")


@pytest.mark.both_databases
@pytest.mark.parametrize("who", ["own", "default"])
@pytest.mark.usefixtures("starter_library")
def test_how_to_apply_uses_the_address_that_exists(
    client: Any, jd: JobDescription, who: str
) -> None:
    if who == "own":
        JobDescription.objects.filter(pk=jd.pk).update(apply_to="jobs@example.org")
    else:
        builders.organization(apply_to="jobs@example.org")
    press(client, jd, "no_how_to_apply")
    section = jd.sections.get(kind="apply")
    assert section.facts == ["apply_by", "apply_to"]
    assert not section.lines.exists()
    assert not {"no_how_to_apply", "empty_section"} & set(checks(jd))


def test_without_a_snippet_the_section_is_added_empty(client: Any, jd: JobDescription) -> None:
    response = press(client, jd, "no_equal_opportunity")
    section = jd.sections.get(kind="legal")
    assert response.headers["Location"] == url(jd, "closing") + f"#card-{section.uid}"


@pytest.mark.slow
def test_repeated_line_is_removed(client: Any, jd: JobDescription) -> None:
    duties = jd.sections.get(kind="responsibilities")
    builders.add_line(jd, duties.uid, "Prepare renewal plans for each account")
    press(client, jd, "repeated_lines")
    assert duties.lines.count() == 1
    undo(client, jd)
    assert duties.lines.count() == 2


@pytest.mark.slow
@pytest.mark.both_databases
def test_empty_section_is_removed_unless_it_is_required(client: Any, jd: JobDescription) -> None:
    uid = builders.add_section(jd, "benefits", "Benefits")
    press(client, jd, "empty_section")
    assert not jd.sections.filter(uid=uid).exists()
    undo(client, jd)
    Section.objects.filter(uid=uid).update(required=True)
    response = press(client, jd, "empty_section")
    assert response.headers["Location"] == url(jd, "pay") + f"#card-{uid}"
    assert jd.sections.filter(uid=uid).exists()


# --- placeholders of other systems

BLANKS = [
    ("{{company_name}}", "[company name]"),
    ("<Company Name>", "[Company Name]"),
    ("XXXX", "[X]"),
    ("____", "[text to fill in]"),
    ("TBD", "[to be decided]"),
    ("${team}", "[team]"),
]


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.parametrize(("raw", "converted"), BLANKS)
def test_blank_of_another_system_is_converted_everywhere(
    client: Any, jd: JobDescription, raw: str, converted: str
) -> None:
    """In every text of the draft, and no other blank."""
    duties = jd.sections.get(kind="responsibilities")
    builders.add_line(jd, duties.uid, f"Work for {raw} and {raw} or {{{{other}}}}", detail=raw)
    builders.add_section(jd, "other", f"About {raw}", f"Join {raw}")
    apply(jd, changes.ChangeFacts({"title": f"Clerk, {raw}", "reports_to": raw}))
    press(client, jd, "foreign_blanks")
    jd.refresh_from_db()
    line = duties.lines.get(text__startswith="Work for")
    assert (line.text, line.detail) == (
        f"Work for {converted} and {converted} or {{{{other}}}}",
        converted,
    )
    assert jd.sections.get(kind="other").heading == f"About {converted}"
    assert (jd.title, jd.reports_to) == (f"Clerk, {converted}", converted)
    assert [i.action.arguments[0] for i in issues(jd) if i.check == "foreign_blanks"] == [
        "{{other}}"
    ]
    undo(client, jd)
    jd.refresh_from_db()
    assert jd.title == f"Clerk, {raw}"


def test_answer_that_is_a_blank_becomes_blank(client: Any, jd: JobDescription) -> None:
    duties = jd.sections.get(kind="responsibilities")
    builders.add_line(jd, duties.uid, "Join [team]")
    apply(jd, changes.AnswerPlaceholder("team", "TBD"))
    press(client, jd, "foreign_blanks")
    assert not jd.answers.exists()
    assert "blank_placeholders" in checks(jd)


def test_blank_in_custom_facts_and_similar_titles_is_converted(
    client: Any, jd: JobDescription
) -> None:
    CustomFact.objects.create(code="site", label="Site")
    facts = {"custom_facts": {"site": "TBD"}, "similar_titles": ["TBD clerk", "Clerk"]}
    apply(jd, changes.ChangeFacts(facts))
    press(client, jd, "foreign_blanks")
    jd.refresh_from_db()
    assert jd.custom_facts == {"site": "[to be decided]"}
    assert jd.similar_titles == ["[to be decided] clerk", "Clerk"]


@pytest.mark.both_databases
def test_blank_in_a_locked_section_is_refused_with_the_reason(
    client: Any, jd: JobDescription
) -> None:
    duties = jd.sections.get(kind="responsibilities")
    builders.add_line(jd, duties.uid, "Join TBD")
    Section.objects.filter(pk=duties.pk).update(locked=True)
    response = press(client, jd, "foreign_blanks")
    assert response.status_code == 422
    assert duties.lines.filter(text="Join TBD").exists()


@pytest.mark.slow
def test_a_demand_in_words_is_converted(client: Any, jd: JobDescription) -> None:
    uid = builders.add_section(jd, "conditions", "Conditions")
    for text in ("Lift up to 50 lb, frequently", "Lift the mood of the team constantly"):
        builders.add_line(jd, uid, text)
    assert checks(jd)[-1] == "demands_in_words"
    response = press(client, jd, "demands_in_words")
    assert response.headers["Location"] == url(jd) + "#issues"
    line, other = jd.lines.filter(section__uid=uid).order_by("position")
    assert (line.text, line.category) == ("Lift", "physical")
    assert (line.amount, line.unit, line.how_often) == (Decimal(50), "lb", "frequently")
    assert (other.text, other.amount) == ("Lift the mood of the team constantly", None)
    assert "demands_in_words" not in checks(jd)
    undo(client, jd)
    line.refresh_from_db()
    assert (line.text, line.category) == ("Lift up to 50 lb, frequently", "")
    assert (line.amount, line.unit, line.how_often) == (None, "", "")


@pytest.mark.both_databases
def test_a_demand_in_a_locked_section_leads_there(client: Any, jd: JobDescription) -> None:
    uid = builders.add_section(jd, "conditions", "Conditions", "Walk constantly")
    Section.objects.filter(uid=uid).update(locked=True)
    response = press(client, jd, "demands_in_words")
    assert response.headers["Location"] == f"{url(jd, 'conditions')}#card-{uid}"
    assert jd.lines.get(section__uid=uid).text == "Walk constantly"


# --- buttons that lead to the field


def _past_apply_by(jd: JobDescription) -> str:
    past = timezone.localdate() - timedelta(days=1)
    JobDescription.objects.filter(pk=jd.pk).update(apply_by=past)
    return url(jd, "details") + "#id_facts-apply_by"


def _wide_pay(jd: JobDescription) -> str:
    apply(jd, changes.AddSection("pay", "Pay", uid="pay1"))
    values = {"minimum": Decimal(10), "maximum": Decimal(90)}
    apply(jd, changes.AddPay("pay1", values))
    uid = jd.sections.get(uid="pay1").pay_ranges.get().uid
    return url(jd, "pay") + f"#pay-{uid}-maximum"


def _pay_text(jd: JobDescription) -> str:
    apply(jd, changes.AddSection("pay", "Pay", uid="pay1"))
    apply(jd, changes.AddLine("pay1", {"form": "paragraph", "text": "The range shown."}))
    return url(jd, "pay") + "#newpay-pay1-minimum"


def _undecided_audience(jd: JobDescription) -> str:
    apply(jd, changes.AddSection("pay", "Pay", uid="pay1"))
    return url(jd, "pay") + "#card-pay1"


def _percent(jd: JobDescription) -> str:
    line = jd.lines.get(section__kind="responsibilities")
    apply(jd, changes.ChangeLine(line.uid, {"percent": 40}))
    return url(jd, "responsibilities") + f"#line-{line.uid}"


def _blank(jd: JobDescription) -> str:
    builders.add_section(jd, "other", "Team", "Join [team]")
    return url(jd) + "#placeholders"


def _no_address(jd: JobDescription) -> str:
    builders.add_section(jd, "apply", "How to apply", "Please apply.")
    return url(jd, "details") + "#id_facts-apply_to"


def _closed_vacancy(jd: JobDescription) -> str:
    past = timezone.localdate() - timedelta(days=1)
    JobDescription.objects.filter(pk=jd.pk).update(
        is_public=True, date_posted=past, valid_through=past
    )
    return reverse("description", args=[jd.reference])


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("check", "prepare"),
    [
        ("past_deadline", _past_apply_by),
        ("no_address_to_apply", _no_address),
        ("wide_pay_range", _wide_pay),
        ("range_not_shown", _pay_text),
        ("undecided_audience", _undecided_audience),
        ("percent_of_time", _percent),
        ("blank_placeholders", _blank),
        ("closed_vacancy", _closed_vacancy),
    ],
)
def test_issue_that_a_person_must_fix_leads_to_its_field(
    client: Any, jd: JobDescription, check: str, prepare: Any
) -> None:
    """The element is on the page."""
    wanted = prepare(jd)
    assert press(client, jd, check).headers["Location"] == wanted
    address, _hash, anchor = wanted.partition("#")
    assert not anchor or f'id="{anchor}"' in client.get(address).text
    jd.refresh_from_db()
    assert check in checks(jd)


@pytest.mark.parametrize("whose", ["own", "organization"])
def test_an_address_to_apply_resolves_the_issue(
    client: Any, jd: JobDescription, whose: str
) -> None:
    """Also the organization's, which no section lists: the public page has a button for it."""
    _no_address(jd)
    assert "no_address_to_apply" in checks(jd)
    if whose == "own":
        apply(jd, changes.ChangeFacts({"apply_to": "jobs@example.org"}))
    else:
        builders.organization(apply_to="jobs@example.org")
    assert "no_address_to_apply" not in checks(jd)


# --- the request


@pytest.mark.slow
def test_button_keeps_what_was_typed(client: Any, jd: JobDescription) -> None:
    builders.add_section(jd, "other", "Team", "Join [team]")
    page = open_page(client, url(jd))
    name = next(n for n in page.data if n.startswith("answer-") and n.endswith("-value"))
    page.data[name] = ["Support"]
    page.press(button(page, "unprinted_facts"))
    assert jd.answers.get().value == "Support"
    assert jd.sections.filter(kind="facts").exists()


@pytest.mark.slow
@pytest.mark.both_databases
def test_button_of_an_issue_that_is_gone_changes_nothing(client: Any, jd: JobDescription) -> None:
    page = open_page(client, url(jd))
    value = button(page, "unprinted_facts")
    client.post(page.url, {**page.data, "action": value})
    jd.refresh_from_db()
    token = jd.edit_token
    page = open_page(client, url(jd))
    response = client.post(page.url, {**page.data, "action": value})
    assert response.status_code == 302
    jd.refresh_from_db()
    assert jd.edit_token == token


@pytest.mark.parametrize(
    "action",
    ["fix", "fix:", "fix:x", "section-start:nothing", "section-start:", "section-audience:x:y"],
)
def test_unknown_button_changes_nothing(client: Any, jd: JobDescription, action: str) -> None:
    page = open_page(client, url(jd))
    assert client.post(page.url, {**page.data, "action": action}).status_code == 302
    assert jd.sections.count() == 3


@pytest.mark.slow
def test_button_sent_twice_takes_effect_once(client: Any, jd: JobDescription) -> None:
    page = open_page(client, url(jd))
    post = {**page.data, "action": button(page, "no_pay")}
    first, again = client.post(page.url, post), client.post(page.url, post)
    assert first.headers["Location"] == again.headers["Location"]
    assert jd.sections.filter(kind="pay").count() == 1


# --- who sees the pay


@pytest.mark.slow
def test_pay_of_a_new_section_is_asked_about_once(client: Any, jd: JobDescription) -> None:
    page = open_page(client, url(jd, "pay")).press("section-start:pay")
    section = jd.sections.get(kind="pay")
    assert assembly.assemble(jd).sections[-1].audience == "restricted"
    assert "undecided_audience" in checks(jd)
    page.data[f"section-{section.uid}-heading"] = ["Salary"]
    page = page.press("save")  # other fields can be saved before the answer
    section.refresh_from_db()
    assert (section.heading, section.audience) == ("Salary", "")
    page = page.press(f"section-audience:{section.uid}:public")
    section.refresh_from_db()
    assert section.audience == "public"
    assert not re.search("ask-audience", page.text)
    assert "undecided_audience" not in checks(jd)


def test_step_of_pay_is_incomplete_while_its_text_refers_to_a_range(
    client: Any, jd: JobDescription
) -> None:
    _pay_text(jd)
    [step] = [
        b
        for b in find(client.get(url(jd)), "button", value="go:pay")
        if "step" in b.get("class", "")
    ]
    assert "is-missing" in step.get("class", "")


@pytest.mark.slow
@pytest.mark.both_databases
def test_headings_of_a_german_draft_are_translated_together(
    client: Any, jd: JobDescription
) -> None:
    JobDescription.objects.filter(pk=jd.pk).update(language="de")
    before = list(jd.sections.values_list("kind", "heading"))
    assert ("responsibilities", "Responsibilities") in before
    press(client, jd, "default_headings")
    assert ("responsibilities", "Aufgaben") in jd.sections.values_list("kind", "heading")
    assert "default_headings" not in checks(jd)
    undo(client, jd)
    assert list(jd.sections.values_list("kind", "heading")) == before
