"""The checks for what a job description should say and doesn't, or says and doesn't show."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from roles import quality
from roles.document import (
    Answer,
    Document,
    DocumentLine,
    DocumentPayRange,
    DocumentPlace,
    DocumentSection,
    Fact,
)
from roles.library import starter
from roles.quality import missing_content, past_deadlines
from roles.quality.issue import Issue, IssueAction
from roles.web.wizard.issue_fixes import FIXES

STATEMENT = "We are an equal opportunity employer."


def section(kind: str, *texts: str, heading: str = "Heading", **values: object) -> DocumentSection:
    lines = tuple(DocumentLine(f"{kind}-{n}", text) for n, text in enumerate(texts))
    return DocumentSection(f"s-{kind}", kind, heading, lines=lines, **values)  # type: ignore[arg-type]


def found(check: str, *sections: DocumentSection, facts: tuple[Fact, ...] = ()) -> list[Issue]:
    issues = quality.issues(Document("Clerk", facts=facts, sections=sections))
    return [issue for issue in issues if issue.check == check]


def test_a_complete_document_has_no_issue() -> None:
    document = Document(
        "Clerk",
        facts=(Fact("reports_to", ("Manager",)), Fact("apply_to", ("jobs@example.org",))),
        sections=(
            section("facts", facts=("reports_to",)),
            section("summary", "You keep the files."),
            section("pay", "$20 to $25 an hour"),
            section("apply", facts=("apply_to",)),
            section("legal", STATEMENT),
        ),
    )
    assert quality.issues(document) == []


# --- facts


@pytest.mark.parametrize(
    ("facts", "shown", "missing"),
    [
        pytest.param((Fact("weekly_hours", ("40",)),), (), ["weekly_hours"], id="no section"),
        pytest.param(
            (Fact("weekly_hours", ("40",)), Fact("reports_to", ("Manager",))),
            ("reports_to",),
            ["weekly_hours"],
            id="one of two",
        ),
        pytest.param((Fact("weekly_hours", ("40",)),), ("weekly_hours",), [], id="shown"),
        pytest.param((Fact("badge", ("Blue",), label="Badge"),), (), ["badge"], id="custom fact"),
        pytest.param((Fact("department", ("Sales",)),), (), [], id="in the subtitle"),
        pytest.param((Fact("work_mode", ("remote",)),), (), [], id="work mode in the subtitle"),
        pytest.param(
            (Fact("locations", places=tuple(map(DocumentPlace, "ABCD"))),),
            (),
            ["locations"],
            id="more places than the subtitle has",
        ),
        pytest.param((), ("weekly_hours",), [], id="nothing filled in"),
    ],
)
def test_facts_that_no_section_shows_are_one_issue(
    facts: tuple[Fact, ...], shown: tuple[str, ...], missing: list[str]
) -> None:
    issues = found("unprinted_facts", section("other", "Text", facts=shown), facts=facts)
    assert [issue.action for issue in issues] == (
        [IssueAction("show_facts", tuple(missing))] if missing else []
    )


# --- missing sections


@pytest.mark.parametrize(
    ("check", "kind", "heading", "texts", "is_missing"),
    [
        ("no_summary", "responsibilities", "Duties", ["Order stock"], True),
        ("no_summary", "summary", "Job brief", ["You order stock."], False),
        ("no_summary", "about_role", "What does a clerk do?", ["Orders stock."], False),
        ("no_summary", "other", "Position summary", ["You order stock."], False),
        ("no_summary", "other", "About the role", ["You order stock."], False),
        ("no_summary", "company", "About us", ["We sell shoes."], True),
        ("no_pay", "benefits", "Benefits", ["401(k) with a match of 4%"], True),
        ("no_pay", "benefits", "Benefits", ["401k, paid holidays"], True),
        ("no_pay", "pay", "Pay", ["Competitive"], False),
        ("no_pay", "conditions", "Conditions", ["Pay: $21.50 per hour"], False),
        ("no_pay", "other", "Compensation", ["Salary: 60,000 EUR"], False),
        ("no_pay", "other", "Budget", ["You manage a budget of $2 million."], True),
        ("no_pay", "other", "Text", ["The salary is 45k to 60k."], False),
        ("no_how_to_apply", "apply", "How to apply", ["Call us."], False),
        ("no_how_to_apply", "summary", "Summary", ["Please apply."], True),
        ("no_how_to_apply", "other", "Next", ["Apply at https://example.org/jobs."], False),
        ("no_how_to_apply", "other", "Next", ["Send your resume to jobs@example.org."], False),
        ("no_how_to_apply", "other", "Next", ["Apply at www.example.org/jobs"], False),
        ("no_how_to_apply", "other", "Contact", ["See https://example.org/about"], True),
        ("no_how_to_apply", "other", "How to apply", ["Ask at the front desk."], False),
        ("no_equal_opportunity", "legal", "Legal", ["Duties may change."], True),
        ("no_equal_opportunity", "legal", "Legal", ["EOE, M/F/D/V"], False),
        ("no_equal_opportunity", "other", "Us", ["An equal opportunity employer."], False),
        ("no_equal_opportunity", "other", "Us", ["We do not discriminate."], False),
        (
            "no_equal_opportunity",
            "summary",
            "Summary",
            ["All are considered without regard to race, religion, sex or age."],
            False,
        ),
        (
            "no_equal_opportunity",
            "legal",
            "Hinweis",
            ["Wir freuen uns über Bewerbungen unabhängig von Geschlecht, Alter und Behinderung."],
            False,
        ),
        ("no_equal_opportunity", "other", "Us", ["You research age and gender in ads."], True),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(
    check: str, kind: str, heading: str, texts: list[str], is_missing: bool
) -> None:
    assert bool(found(check, section(kind, *texts, heading=heading))) == is_missing


def test_each_missing_section_can_be_added_by_its_button() -> None:
    actions = [issue.action for issue in quality.issues(Document("Clerk"))]
    assert actions == [
        IssueAction("add_section", ("summary", "")),
        IssueAction("add_section", ("pay", "")),
        IssueAction("add_section", ("apply", "apply")),
        IssueAction("add_section", ("legal", "equal_opportunity")),
    ]


def test_an_address_to_apply_that_is_shown_says_how() -> None:
    fact = Fact("apply_to", ("https://example.org/jobs",))
    assert not found("no_how_to_apply", section("facts", facts=("apply_to",)), facts=(fact,))
    assert found("no_how_to_apply", section("facts"), facts=(fact,))


# --- where to apply


@pytest.mark.parametrize(
    ("text", "says_where"),
    [
        ("Send your resume to jobs@example.org.", True),
        ("Apply at https://example.org/jobs.", True),
        ("Apply at www.example.org/jobs", True),
        ("Our careers page (example.org/careers) has the form.", True),
        ("Call 555-0100.", True),
        ("Call (312) 555-0100 and ask for Robin.", True),
        ("Text +1 312 555 0100", True),
        ("Rufen Sie an: 030 1234567.", True),
        ("Call us at extension 4410.", True),
        ("Apply in person.", True),
        ("Apply in person at the front desk.", True),
        ("Ask at the front desk.", True),
        ("Bring your resume to any of our stores, or send it by mail.", True),
        ("Visit our downtown office.", True),
        ("Drop off your application at the reception.", True),
        ("Walk-ins are welcome.", True),
        ("Mail your resume to P.O. Box 12, Springfield, IL 62701.", True),
        ("Human Resources, 12 North Main Street, Springfield, IL 62701", True),
        ("Bewerben Sie sich persönlich.", True),
        ("Postulez en personne.", True),
        ("Envíe su solicitud por correo.", True),
        ("Apply at [website].", True),  # blank, which is an issue of its own
        ("Please apply.", False),
        ("Send your resume.", False),
        ("Call us.", False),
        ("Apply on our website.", False),
        ("We confirm each application and read it. We meet finalists in person.", False),
        ("Apply by 2026-05-03.", False),
        ("Apply by 05/03/2026, and no later than 5 p.m. (U.S. time).", False),
        ("Tell us about the office that you ran.", False),
        ("Salary: 60,000 to 80,000. Reference 2026-0117.", False),
    ],
)
def test_a_section_about_applying_says_where(text: str, says_where: bool) -> None:
    for part in (section("apply", text), section("other", text, heading="How to apply")):
        issues = list(missing_content.no_address_to_apply(Document("Clerk", sections=(part,))))
        actions = [IssueAction("go_to_fact", ("apply_to",))]
        assert [issue.action for issue in issues] == ([] if says_where else actions)


@pytest.mark.parametrize(
    ("document", "is_issue"),
    [
        pytest.param(Document("Clerk"), False, id="no section"),
        pytest.param(Document("Clerk", sections=(section("apply"),)), False, id="empty section"),
        pytest.param(
            Document(
                "Clerk",
                facts=(Fact("apply_by", ("2099-01-01",)),),
                sections=(section("apply", facts=("apply_by",)),),
            ),
            True,
            id="only a deadline",
        ),
        pytest.param(
            Document(
                "Clerk",
                facts=(Fact("apply_to", ("jobs@example.org",)),),
                sections=(section("apply", "Please apply."),),
            ),
            False,
            id="address of its own",
        ),
        pytest.param(
            Document(
                "Clerk",
                sections=(
                    section("apply", "Please apply."),
                    section("other", "Send applications to jobs@example.org."),
                ),
            ),
            False,
            id="address elsewhere",
        ),
        pytest.param(
            Document(
                "Clerk",
                sections=(section("apply", "Apply at [website]."),),
                answers=(Answer("website", "our careers page"),),
            ),
            True,
            id="filled in without an address",
        ),
        pytest.param(
            Document(
                "Clerk",
                sections=(section("apply", "Apply at [website]."),),
                answers=(Answer("website", "example.org/jobs"),),
            ),
            False,
            id="filled in with an address",
        ),
        pytest.param(
            Document(
                "Clerk",
                sections=(
                    DocumentSection(
                        "s",
                        "apply",
                        "Apply",
                        lines=(
                            DocumentLine("l", "Apply [here](https://example.org)", "paragraph"),
                        ),
                    ),
                ),
            ),
            False,
            id="link in a paragraph",
        ),
    ],
)
def test_the_address_to_apply_of_a_whole_document(document: Document, is_issue: bool) -> None:
    assert bool(list(missing_content.no_address_to_apply(document))) == is_issue


def test_every_equal_opportunity_snippet_of_the_starter_library_is_one() -> None:
    library = tomllib.loads((starter.DIRECTORY / "boilerplate.toml").read_text(encoding="utf-8"))
    rows = library["snippet"]
    texts = [row["text"] for row in rows if row["category"] == "equal_opportunity"]
    assert len(texts) >= 3
    assert not [text for text in texts if found("no_equal_opportunity", section("legal", text))]


# --- pay


@pytest.mark.parametrize(
    ("text", "is_issue"),
    [
        ("The range shown is for full-time work.", True),
        ("The ranges below are for full-time work.", True),
        ("The pay shown is what we expect to offer.", True),
        ("See the salary band for this level.", True),
        ("Where an offer falls in the range depends on experience.", True),
        ("The range shown excludes the 401k match.", True),
        ("The range is $60,000 to $80,000 a year.", False),
        ("The range is 60k–80k.", False),
        ("The range is 55 000 € – 60 000 €.", False),
        ("Pay depends on experience.", False),
        ("Commission is paid each quarter.", False),
        ("We arrange transport.", False),
    ],
)
def test_pay_text_about_a_range_that_is_not_there(text: str, is_issue: bool) -> None:
    assert bool(found("range_not_shown", section("pay", text))) == is_issue


def test_a_range_makes_the_text_about_it_right() -> None:
    pay = DocumentPayRange("p", Decimal(50_000), Decimal(60_000))
    assert not found("range_not_shown", section("pay", "The range shown.", pay_ranges=(pay,)))
    assert not found("range_not_shown", section("benefits", "The range of benefits shown."))


# --- deadlines


@pytest.mark.parametrize(("days", "is_past"), [(-400, True), (-1, True), (0, False), (1, False)])
def test_apply_by_in_the_past_is_an_issue(days: int, is_past: bool) -> None:
    day = timezone.localdate() + timedelta(days=days)
    issues = found("past_deadline", facts=(Fact("apply_by", (day.isoformat(),)),))
    assert [issue.action for issue in issues] == (
        [IssueAction("go_to_fact", ("apply_by",))] if is_past else []
    )


def test_open_until_filled_is_never_past() -> None:
    assert not found("past_deadline", facts=(Fact("apply_by", ("open",)),))


@pytest.mark.parametrize(
    ("kind", "text", "is_past"),
    [
        ("apply", "Apply by May 3, 2024.", True),
        ("apply", "Apply by 3 May 2024.", True),
        ("apply", "Send it before 2024-05-03, please.", True),
        ("apply", "Deadline: 5/3/2024", True),
        ("apply", "Applications close on Sept. 1st, 2023", True),
        ("apply", "Bewerbung bis 03.05.2024", True),
        ("summary", "You can apply until May 3, 2024.", True),
        ("apply", "Apply by May 3, 2094.", False),
        ("apply", "We have hired this way since May 3, 2020.", False),
        ("apply", "Apply by February 30, 2024.", False),
        ("apply", "Apply by [deadline].", False),
        ("responsibilities", "Replace the system by May 3, 2024", False),
    ],
)
def test_deadline_in_a_text_about_applying(kind: str, text: str, is_past: bool) -> None:
    issues = found("past_deadline", section(kind, text))
    assert [issue.action.key for issue in issues] == (["go_to_line"] if is_past else [])


def test_deadline_filled_into_a_placeholder_counts() -> None:
    document = Document(
        "Clerk",
        sections=(section("apply", "Apply by [deadline]."),),
        answers=(Answer("deadline", "May 3, 2024"),),
    )
    assert "past_deadline" in [issue.check for issue in quality.issues(document)]


def test_a_day_that_can_be_read_in_two_ways_is_the_later_one() -> None:
    [day] = past_deadlines.deadlines("Apply by 5/3/2026")
    assert day.isoformat() == "2026-05-03"


# --- placeholders and the buttons


def test_blank_placeholders_are_one_issue() -> None:
    issues = found("blank_placeholders", section("other", "[a] [b] [a] [c d]", "Join [team]"))
    assert len(issues) == 1
    assert "[a], [b], [c d], [team]" in issues[0].why


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("benefits", "remove_section"),
        ("summary", "go_to_section"),
        ("pay", "go_to_section"),
        ("apply", "go_to_section"),
    ],
)
def test_an_empty_section_is_removed_or_filled_in(kind: str, key: str) -> None:
    [issue] = found("empty_section", section(kind))
    assert issue.action.key == key


def test_facts_that_are_listed_and_not_filled_in_leave_a_section_empty() -> None:
    assert found("empty_section", section("facts", facts=("weekly_hours",)))


def test_every_key_of_an_action_has_a_fix() -> None:
    """Keys in the source of the checks are rows of the wizard's table."""
    sources = [*Path("roles/quality").glob("*.py"), Path("roles/drafts/draft_issues.py")]
    keys = {
        key
        for source in sources
        for key in re.findall(r'IssueAction\(\s*"(\w+)"', source.read_text(encoding="utf-8"))
    }
    assert keys == FIXES.keys()
