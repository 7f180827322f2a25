"""The quality checks: what they remark on, and what they leave alone."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from roles import quality, vocabulary
from roles.document import (
    Document,
    DocumentLine,
    DocumentPayRange,
    DocumentPayReference,
    DocumentSection,
    Fact,
)
from roles.quality import language_mismatch
from roles.quality.issue import Issue
from tests import strategies

# What every complete document says; most documents below have one section only.
MISSING = {"unprinted_facts", "no_summary", "no_pay", "no_how_to_apply", "no_equal_opportunity"}


def issues_besides_missing(document: Document) -> list[Issue]:
    return [issue for issue in quality.issues(document) if issue.check not in MISSING]


def issues_of(*sections: DocumentSection) -> list[tuple[str, str]]:
    """Name of the check and heading of the section, for each finding."""
    issues = issues_besides_missing(
        Document("Clerk", facts=(Fact("years", ("2", "")),), sections=sections)
    )
    return [(f.check, f.section.heading if f.section else "") for f in issues]


def duties(*percents: int | None, kind: str = "Duty") -> DocumentSection:
    lines = (
        DocumentLine(f"l{n}", f"{kind} {n}", percent=percent) for n, percent in enumerate(percents)
    )
    return DocumentSection("s1", "responsibilities", "Duties", lines=tuple(lines))


def test_complete_document_has_no_issues() -> None:
    """Nothing is said where nothing is wrong."""
    assert issues_of(duties(60, 40), duties(None, kind="Outcome")) == []


def test_empty_section_is_reported() -> None:
    """Its heading will not be printed, which its author should know."""
    assert issues_of(DocumentSection("s1", "benefits", "Benefits"), duties(None)) == [
        ("empty_section", "Benefits")
    ]


def test_placeholders_of_other_systems_are_reported_once_a_section() -> None:
    lines = ("Lead {{team}} at <Company Name>", "Train {{team}}", "Report to [manager]")
    section = DocumentSection(
        "s1",
        "other",
        "Duties",
        lines=tuple(DocumentLine(f"l{n}", text) for n, text in enumerate(lines)),
    )
    found = issues_besides_missing(Document("Clerk TBD", sections=(section,)))
    assert [(one.check, one.section and one.section.heading) for one in found] == [
        ("blank_placeholders", None),
        ("foreign_blanks", None),
        ("foreign_blanks", "Duties"),
        ("foreign_blanks", "Duties"),
    ]
    assert "[team]" in found[2].fix


def test_lines_with_other_numbers_are_no_repeats() -> None:
    lines = ("Lift up to 20 pounds", "Lift up to 60 pounds", "Level 1 support", "Level 2 support")
    section = DocumentSection(
        "s1",
        "other",
        "Duties",
        lines=tuple(DocumentLine(f"l{n}", text) for n, text in enumerate(lines)),
    )
    assert issues_of(section) == []


def test_a_section_of_facts_is_not_empty() -> None:
    """Facts are its content."""
    assert issues_of(DocumentSection("s1", "facts", "Details", facts=("years",))) == []


@pytest.mark.parametrize(
    ("percents", "is_reported"),
    [
        ((100,), False),
        ((50, 50), False),
        ((50, 50, None), False),
        ((0, 100), False),
        ((50, 49), True),
        ((60, 60), True),
        ((0,), True),
        ((None,), False),
    ],
)
def test_percentages_must_add_up_to_100(
    percents: tuple[int | None, ...], is_reported: bool
) -> None:
    """Where any is stated, all of a section add up."""
    assert bool(issues_of(duties(*percents))) == is_reported


def _three(*percents: int) -> tuple[DocumentSection, ...]:
    words = ("Sweeping", "Counting", "Deliveries")
    return tuple(duties(p, kind=word) for p, word in zip(percents, words, strict=True))


def test_each_section_is_added_up_separately() -> None:
    """Two sections of fifty percent are two findings, each with its sum and a way to fix it."""
    document = Document("Clerk", sections=_three(50, 100, 50))
    issues = issues_besides_missing(document)
    assert [f.section for f in issues] == [document.sections[0], document.sections[2]]
    assert "50" in issues[0].why
    assert issues[0].fix


def test_sub_lines_do_not_count() -> None:
    """Percent of time is stated of whole duties."""
    line = DocumentLine("l1", "Duty", percent=100, lines=(DocumentLine("l2", "Part", percent=30),))
    assert issues_of(DocumentSection("s1", "responsibilities", "Duties", lines=(line,))) == []


# --- pay


def pay_section(
    *ranges: tuple[str, str, str],
    references: tuple[DocumentPayReference, ...] = (),
    currency: str = "USD",
) -> DocumentSection:
    """A section of ranges, each a minimum, a maximum and a period."""
    jd = tuple(
        DocumentPayRange(f"p{n}", Decimal(low), Decimal(high), currency=currency, period=period)
        for n, (low, high, period) in enumerate(ranges)
    )
    return DocumentSection("s1", "pay", "Pay", pay_ranges=jd, pay_references=references)


def figure(amount: str | None = None, **values: Any) -> DocumentPayReference:
    """A market figure of account managers, in US dollars a year unless stated."""
    values |= {name: Decimal(values[name]) for name in ("low", "high") if name in values}
    known = Decimal(amount) if amount is not None else None
    return DocumentPayReference("Account manager", amount=known, **values)


@pytest.mark.parametrize(
    ("low", "high", "is_reported"),
    [
        ("50000", "60000", False),
        ("50000", "75000", False),
        ("50000", "75000.01", True),
        ("20.50", "30.75", False),
        ("20.50", "30.76", True),
        ("0", "1", True),
        ("0", "0", False),
    ],
)
def test_wide_range_is_reported(low: str, high: str, is_reported: bool) -> None:
    """Half is allowed, a cent more is remarked on, in any period."""
    for period in vocabulary.PERIODS:
        issues = issues_of(pay_section((low, high, period)))
        assert issues == ([("wide_pay_range", "Pay")] if is_reported else [])


@pytest.mark.parametrize(
    ("minimum", "maximum", "checks"),
    [
        *(("1", None, []), (None, "49999", ["pay_off_the_market"]), (None, "50000", [])),
        *(("50001", None, ["pay_off_the_market"]), ("50000", None, []), (None, "1e6", [])),
    ],
)
def test_range_with_one_bound_is_compared_by_it(
    minimum: str | None, maximum: str | None, checks: list[str]
) -> None:
    """It can't be wide, and an open end is never outside the market."""
    low, high = (None if end is None else Decimal(end) for end in (minimum, maximum))
    section = DocumentSection(
        *("s1", "pay", "Pay"),
        pay_ranges=(DocumentPayRange("p", low, high),),
        pay_references=(figure("50000"),),
    )
    found = [i.check for i in quality.issues(Document("Clerk", sections=(section,)))]
    assert [check for check in found if "pay" in check] == checks


@pytest.mark.parametrize(
    ("low", "high", "references", "word"),
    [
        (40000, 49999, (figure("50000"),), "below"),
        (40000, 50000, (figure("50000"),), ""),
        (50000, 60000, (figure("50000"),), ""),
        (50001, 60000, (figure("50000"),), "above"),
        (40000, 45000, (figure("50000"), figure(low="44000", high="90000")), ""),
        (40000, 43000, (figure("50000"), figure(low="44000", high="90000")), "below"),
        (91000, 99000, (figure("50000"), figure(low="44000", high="90000")), "above"),
        (60000, 65000, (figure("50000"), figure("90000")), ""),
        (40000, 45000, (figure("70000", low="44000", high="90000"),), ""),
        (40000, 45000, (figure(low="44000"),), ""),
        (40000, 43000, (figure(low="44000"),), "below"),
        (40000, 45000, (), ""),
        (40000, 45000, (figure(),), ""),
        (40000, 45000, (figure("90000", currency="EUR"),), ""),
        (40000, 45000, (figure("90000", period="shift"),), ""),
        (100000, 104000, (figure("400", period="day"),), ""),
        (100000, 103000, (figure("400", period="day"),), "below"),
        (40000, 51000, (figure("1000", period="week"),), "below"),
        (52001, 60000, (figure("1000", period="week"),), "above"),
    ],
)
def test_range_outside_all_market_figures_is_reported(
    low: int, high: int, references: tuple[DocumentPayReference, ...], word: str
) -> None:
    """Below the lowest or above the highest of the same currency; touching one is inside."""
    section = pay_section((str(low), str(high), "year"), references=references)
    issues = issues_besides_missing(Document("Clerk", sections=(section,)))
    assert [f.check for f in issues] == (["pay_off_the_market"] if word else [])
    assert all(word in f.why and f.fix for f in issues)


@pytest.mark.parametrize(
    ("weekly", "hourly", "is_reported"),
    [
        ("", "25", False),  # 52,000 a year at 40 hours
        ("", "24", True),  # 49,920
        ("40", "24", True),
        ("37.5", "26", False),  # 50,700
        ("37.5", "25", True),  # 48,750
        ("20", "25", False),  # half-time work: the market's full-time figure counts
        ("20", "24", True),
        ("plenty", "25", False),
        ("NaN", "25", False),
    ],
)
def test_hourly_pay_is_compared_at_full_time(weekly: str, hourly: str, is_reported: bool) -> None:
    """The week's hours, or 40, 52 times."""
    market = (figure(low="50000", high="90000"),)
    section = pay_section((hourly, hourly, "hour"), references=market)
    fact = Fact("weekly_hours", (weekly,) if weekly else ())
    issues = issues_besides_missing(Document("Clerk", facts=(fact,), sections=(section,)))
    assert bool(issues) == is_reported


def test_monthly_pay_is_multiplied_by_12() -> None:
    """4,000 a month are 48,000 a year."""
    for amount, is_reported in (("4000", True), ("4200", False)):
        market = (figure(low="50000", high="90000"),)
        section = pay_section((amount, amount, "month"), references=market)
        assert bool(issues_besides_missing(Document("Clerk", sections=(section,)))) == is_reported


def test_issue_names_the_range_if_there_are_several() -> None:
    """By its location and level, or else its number. A single range has no name."""
    pay = DocumentPayRange("p", Decimal(1), Decimal(2))
    several = (replace(pay, location="Denver", level="Senior"), replace(pay, level="Mid"), pay)
    for ranges, names in (
        ((pay,), [""]),
        (several, ["Denver, Senior: ", "Mid: ", "Pay range 3: "]),
    ):
        section = DocumentSection("s1", "pay", "Pay", pay_ranges=ranges)
        issues = [f.why for f in issues_besides_missing(Document("Clerk", sections=(section,)))]
        assert issues == [f"{n}The maximum is more than 50% above the minimum." for n in names]


@given(strategies.documents)
@strategies.examples(60)
def test_any_document_can_be_checked(document: Document) -> None:
    """Whatever it holds, the checks answer, and say where, why and how to fix it."""
    for finding in issues_besides_missing(document):
        assert finding.why
        assert finding.fix
        assert finding.section is None or finding.section in document.sections


def test_similar_lines_are_reported() -> None:
    """In whatever section; order, case and punctuation do not count, paragraphs are left out."""
    one = DocumentLine("a", "Call customers back within a day.")
    again = DocumentLine("b", "Within a day, call customers back")
    other = DocumentLine("c", "Drive the van to customers.")
    story = DocumentLine("d", one.text, form="paragraph")
    issues = issues_besides_missing(
        Document(
            "Clerk",
            sections=(
                DocumentSection("s1", "responsibilities", "Duties", lines=(one, other, story)),
                DocumentSection("s2", "outcomes", "Outcomes", lines=(again,)),
            ),
        )
    )
    assert [(f.check, f.section and f.section.heading) for f in issues] == [
        ("repeated_lines", "Outcomes")
    ]
    assert one.text in issues[0].why


def test_a_full_document_is_compared_quickly() -> None:
    """400 lines, each with all before it."""
    started = time.perf_counter()
    lines = tuple(
        DocumentLine(f"l{n}", f"Prepare offer {n} for region {n * 7}") for n in range(400)
    )
    issues_besides_missing(
        Document("Clerk", sections=(DocumentSection("s", "responsibilities", "D", lines=lines),))
    )
    assert time.perf_counter() - started < 5


GERMAN = "Planen Sie die wöchentlichen Schichten und bestellen Sie rechtzeitig das Material."
ENGLISH = "Plan the weekly shifts of the team and order the material in time."
NORWEGIAN = "Planlegge ukens vakter sammen med avdelingen og bestille varer i god tid."


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("de", ENGLISH, "The language is German, but the text is in English."),
        ("en", GERMAN, "The language is English, but the text is in German."),
        ("en-GB", GERMAN, "The language is English (United Kingdom), but the text is in German."),
        ("ar", ENGLISH, "The language is Arabic, but the text is in English."),
        ("xx", ENGLISH, "The language is xx, but the text is in English."),
    ],
)
def test_another_language_than_the_text_is_reported(language: str, text: str, words: str) -> None:
    section = DocumentSection("s", "summary", "S", lines=(DocumentLine("l", text),))
    document = Document("Clerk", language=language, sections=(section,))
    (issue,) = language_mismatch.language_mismatch(document)
    assert (issue.check, issue.section, issue.why) == ("language_mismatch", None, words)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", GERMAN),
        ("de-CH", GERMAN),
        ("en", ENGLISH),
        ("en-GB", ENGLISH),
        ("nn", NORWEGIAN),
        ("no", NORWEGIAN),
        ("de", "Plan the week."),
        ("de", "[" + ENGLISH[:70] + "]"),
    ],
)
def test_a_language_that_fits_or_too_little_text_is_not_reported(language: str, text: str) -> None:
    section = DocumentSection("s", "summary", "S", lines=(DocumentLine("l", text),))
    document = Document("Clerk", language=language, sections=(section,))
    assert list(language_mismatch.language_mismatch(document)) == []
