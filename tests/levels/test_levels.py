"""Tests of the level comparison: added lines, shared lines, and inversions."""

from __future__ import annotations

from decimal import Decimal
from itertools import count, permutations
from time import perf_counter
from typing import Any

import pytest

from roles import levels
from roles.document import Answer, Document, DocumentLine, DocumentPayRange, DocumentSection, Fact
from roles.levels import ComparedLevel, Inversion

_uids = count(1)


def uid() -> str:
    return f"u{next(_uids)}"


def line(text: str, **values: Any) -> DocumentLine:
    return DocumentLine(uid(), text, **values)


def section(kind: str, *lines: DocumentLine | str, **values: Any) -> DocumentSection:
    rows = tuple(line(one) if isinstance(one, str) else one for one in lines)
    return DocumentSection(uid(), kind, kind.title(), lines=rows, **values)


def pay(low: int | None, high: int | None, **values: Any) -> DocumentPayRange:
    minimum, maximum = (None if end is None else Decimal(end) for end in (low, high))
    return DocumentPayRange(uid(), minimum, maximum, **values)


def compared_level(
    key: str,
    *sections: DocumentSection,
    rank: int | None = None,
    years: tuple[str, str] | None = None,
    hours: str = "",
    answers: tuple[Answer, ...] = (),
) -> ComparedLevel:
    facts = [Fact("years", years)] if years else []
    if hours:
        facts.append(Fact("weekly_hours", (hours,)))
    return ComparedLevel(
        key, Document(key, facts=tuple(facts), sections=sections, answers=answers), rank
    )


def keys(result: levels.LevelComparison) -> list[str]:
    return [one.key for one in result.compared_levels]


def texts(lines: Any) -> list[str]:
    return [one.text for one in lines]


def new(cell: levels.LevelCell) -> list[str]:
    return [entry.line.text for entry in cell.entries if entry.below is None]


class TestOrder:
    def test_sorted_by_level(self) -> None:
        compared_levels = [
            compared_level("senior", rank=3, years=("1", "2")),
            compared_level("entry", rank=1, years=("9", "")),
            compared_level("mid", rank=2),
        ]
        for mixed in permutations(compared_levels):
            result = levels.compare_levels(mixed)
            assert (keys(result), result.by) == (["entry", "mid", "senior"], "level")

    def test_sorted_by_years_if_a_level_is_missing(self) -> None:
        compared_levels = [
            compared_level("b", rank=1, years=("5", "8")),
            compared_level("a", years=("", "2")),
        ]
        result = levels.compare_levels(compared_levels)
        assert (keys(result), result.by) == (["a", "b"], "years")

    def test_otherwise_in_the_selected_order(self) -> None:
        result = levels.compare_levels([compared_level("b", rank=2), compared_level("a")])
        assert (keys(result), result.by) == (["b", "a"], "chosen")

    def test_equal_levels_are_sorted_by_years(self) -> None:
        compared_levels = [
            compared_level("b", rank=1, years=("4", "")),
            compared_level("a", rank=1, years=("2", "")),
        ]
        assert keys(levels.compare_levels(compared_levels)) == ["a", "b"]


class TestLines:
    def test_added_and_shared_lines(self) -> None:
        result = levels.compare_levels(
            [
                compared_level("a", section("skills", "Clear writing", "Spreadsheets"), rank=1),
                compared_level("b", section("skills", "Negotiation", "Clear writing"), rank=2),
                compared_level(
                    "c", section("skills", "Clear writing", "Negotiation", "Coaching"), rank=3
                ),
            ]
        )
        (level_section,) = result.sections
        assert texts(level_section.shared) == ["Clear writing"]
        assert [new(cell) for cell in level_section.cells] == [
            ["Spreadsheets"],
            ["Negotiation"],
            ["Coaching"],
        ]
        assert [texts(cell.dropped) for cell in level_section.cells] == [[], ["Spreadsheets"], []]
        kept = [e.line.text for e in level_section.cells[2].entries if e.below is not None]
        assert kept == ["Negotiation"]

    def test_lines_match_by_words_ignoring_case_and_punctuation(self) -> None:
        result = levels.compare_levels(
            [
                compared_level("a", section("skills", "Clear writing."), rank=1),
                compared_level("b", section("skills", "clear  Writing"), rank=2),
            ]
        )
        assert texts(result.sections[0].shared) == ["Clear writing."]
        assert result.sections[0].cells == (levels.LevelCell(), levels.LevelCell())

    def test_similar_lines_count_as_reworded(self) -> None:
        result = levels.compare_levels(
            [
                compared_level(
                    "a", section("qualifications", "At least 2 years of work in sales"), rank=1
                ),
                compared_level(
                    "b", section("qualifications", "At least 5 years of work in sales"), rank=2
                ),
            ]
        )
        (level_section,) = result.sections
        assert level_section.shared == ()
        (entry,) = level_section.cells[1].entries
        assert entry.is_reworded
        assert entry.below is not None
        assert "2 years" in entry.below.text
        assert level_section.cells[1].dropped == ()

    def test_changed_requirement_is_reported(self) -> None:
        result = levels.compare_levels(
            [
                compared_level(
                    "a", section("skills", line("Writing", requirement="preferred")), rank=1
                ),
                compared_level(
                    "b", section("skills", line("Writing", requirement="required")), rank=2
                ),
            ]
        )
        (entry,) = result.sections[0].cells[1].entries
        assert entry.has_other_requirement
        assert not entry.is_reworded

    def test_long_reworded_paragraphs_match_quickly(self) -> None:
        """400 lines of maximum length; comparing each pair would take a minute."""
        words = [f"word{n}" for n in range(2000)]

        def lines(shift: int) -> list[str]:
            return [" ".join(words[n : n + 200]) + f" {n + shift}" for n in range(0, 1800, 9)]

        begun = perf_counter()
        (level_section,) = levels.compare_levels(
            [
                compared_level("a", section("company", *lines(0)), rank=1),
                compared_level("b", section("company", *reversed(lines(1))), rank=2),
            ]
        ).sections
        assert perf_counter() - begun < 10
        assert [e.below is not None for e in level_section.cells[1].entries] == [True] * 200

    def test_repeated_line_matches_only_one_line(self) -> None:
        result = levels.compare_levels(
            [
                compared_level("a", section("skills", "Writing"), rank=1),
                compared_level("b", section("skills", "Writing", "Writing"), rank=2),
            ]
        )
        assert texts(result.sections[0].shared) == ["Writing"]
        assert new(result.sections[0].cells[1]) == ["Writing"]

    def test_sections_of_one_kind_are_combined(self) -> None:
        result = levels.compare_levels(
            [
                compared_level(
                    "a", section("skills", "Writing"), section("skills", "Listening"), rank=1
                ),
                compared_level("b", section("skills", "Listening", "Writing"), rank=2),
            ]
        )
        assert texts(result.sections[0].shared) == ["Writing", "Listening"]

    def test_placeholders_are_filled_in(self) -> None:
        result = levels.compare_levels(
            [
                compared_level(
                    "a", section("skills", "Use [CRM]"), rank=1, answers=(Answer("crm", "Z"),)
                ),
                compared_level("b", section("skills", "Use Z"), rank=2),
            ]
        )
        assert texts(result.sections[0].shared) == ["Use Z"]

    def test_library_line_matches_with_any_placeholder_value(self) -> None:
        text = "Keep the records of [Number] customers in [System]"
        both = (Answer("number", "30"), Answer("system", "Salesforce"))

        def compare(*of_senior: Answer) -> levels.LevelSection:
            (level_section,) = levels.compare_levels(
                [
                    compared_level("a", section("skills", line(text, answers=both)), rank=1),
                    compared_level("b", section("skills", line(text, answers=of_senior)), rank=2),
                ]
            ).sections
            return level_section

        assert len(compare(*both).shared) == 1
        assert len(compare().shared) == 1  # the blank isn't filled in, so it doesn't differ
        other = (Answer("number", "a great many"), Answer("system", "spreadsheets of their own"))
        (entry,) = compare(*other).cells[1].entries
        assert entry.is_reworded

    def test_kind_of_section_in_only_one_level(self) -> None:
        result = levels.compare_levels(
            [compared_level("a", rank=1), compared_level("b", section("career", "Head"), rank=2)]
        )
        (level_section,) = result.sections
        assert (level_section.kind, new(level_section.cells[0]), new(level_section.cells[1])) == (
            "career",
            [],
            ["Head"],
        )

    def test_empty_documents(self) -> None:
        result = levels.compare_levels(
            [compared_level("a"), compared_level("b", section("skills"))]
        )
        assert (result.sections, result.inversions) == ((), ())


class TestInversions:
    def test_more_years(self) -> None:
        result = levels.compare_levels(
            [
                compared_level("a", rank=1, years=("5", "7")),
                compared_level("b", rank=2, years=("3", "")),
            ]
        )
        assert result.inversions == (Inversion("years", "a", "b", (5, 3)),)

    def test_more_required_lines(self) -> None:
        def asks(n: int) -> DocumentSection:
            return section(
                "qualifications",
                *(line(f"Number {m}", requirement="required") for m in range(n)),
                line("A wish", requirement="preferred"),
            )

        result = levels.compare_levels(
            [compared_level("a", asks(3), rank=1), compared_level("b", asks(2), rank=2)]
        )
        assert result.inversions == (Inversion("required", "a", "b", (3, 2)),)
        assert not levels.compare_levels(
            [compared_level("a", asks(2), rank=1), compared_level("b", asks(3), rank=2)]
        ).inversions
        assert not levels.compare_levels(
            [compared_level("a", asks(2), rank=1), compared_level("b", rank=2)]
        ).inversions

    @pytest.mark.parametrize(
        ("junior", "senior", "expected"),
        [
            (pay(50, 60), pay(60, 70), None),
            (pay(50, 75), pay(60, 70), "high"),
            (pay(65, 68), pay(60, 70), "low"),
            (pay(50, 75), pay(60, 70, currency="EUR"), None),
            (pay(50, 75, location="Denver"), pay(60, 70, location="Boston"), None),
            (pay(50, 75, location="Denver"), pay(60, 70, location="denver"), "high"),
            (pay(50, 75, location="Denver"), pay(60, 70), "high"),
            (pay(50, None), pay(60, 70), None),
            (pay(65, None), pay(60, 70), "low"),
            (pay(None, 75), pay(60, 70), "high"),
            (pay(None, 75), pay(60, None), None),
            (pay(65, None), pay(60, None), "low"),
        ],
    )
    def test_more_pay(
        self, junior: DocumentPayRange, senior: DocumentPayRange, expected: str | None
    ) -> None:
        found = levels.compare_levels(
            [
                compared_level("a", section("pay", pay_ranges=(junior,)), rank=1),
                compared_level("b", section("pay", pay_ranges=(senior,)), rank=2),
            ]
        ).inversions
        assert [one.check for one in found] == (["pay"] if expected else [])
        if expected:
            one, other = found[0].figures
            assert getattr(one, expected) > getattr(other, expected)

    def test_periods_are_converted(self) -> None:
        hourly = section("pay", pay_ranges=(pay(30, 40, period="hour"),))
        yearly = section("pay", pay_ranges=(pay(60_000, 70_000),))
        (finding,) = levels.compare_levels(
            [compared_level("a", hourly, rank=1), compared_level("b", yearly, rank=2)]
        ).inversions
        one, other = finding.figures
        assert isinstance(one, levels.PaySpan)
        assert isinstance(other, levels.PaySpan)
        assert f"{one.low:.0f} {one.high:.0f} {one.period}" == "62400 83200 year"
        assert f"{other.low:.0f} {other.high:.0f}" == "60000 70000"

    def test_shared_period_is_kept(self) -> None:
        both = [
            section("pay", pay_ranges=(pay(*ends, period="hour"),)) for ends in ((30, 40), (20, 25))
        ]
        (finding,) = levels.compare_levels(
            [compared_level("a", both[0], rank=1), compared_level("b", both[1], rank=2)]
        ).inversions
        assert isinstance(finding.figures[0], levels.PaySpan)
        assert f"{finding.figures[0].low:.0f} {finding.figures[0].period}" == "30 hour"

    def test_span_has_no_bound_that_one_range_leaves_open(self) -> None:
        ranges = (pay(50, 60), pay(40, None), pay(None, 90, location="Denver"), pay(1, 2))
        spans = levels.pay_spans(Document("A", sections=(section("pay", pay_ranges=ranges),)))
        assert [(s.low, s.high, s.location) for s in spans] == [(1, None, ""), (None, 90, "Denver")]
        open_ends = section("pay", pay_ranges=(pay(50, None), pay(None, 60)))
        assert levels.pay_spans(Document("A", sections=(open_ends,))) == []

    def test_ranges_of_one_location_are_combined(self) -> None:
        """A lower range for beginners in the senior job description isn't an inversion."""
        junior = section("pay", pay_ranges=(pay(50, 60),))
        senior = section("pay", pay_ranges=(pay(50, 55, level="First year"), pay(60, 80)))
        assert not levels.compare_levels(
            [compared_level("a", junior, rank=1), compared_level("b", senior, rank=2)]
        ).inversions

    def test_equal_levels_have_no_inversions(self) -> None:
        sections = [section("pay", pay_ranges=(pay(*ends),)) for ends in ((60, 90), (50, 70))]
        compared_levels = [
            compared_level("a", sections[0], rank=1, years=("2", "")),
            compared_level("b", sections[1], rank=1, years=("5", "")),
        ]
        assert not levels.compare_levels(compared_levels).inversions

    def test_all_pairs_are_compared(self) -> None:
        compared_levels = [
            compared_level(key, rank=n, years=(years, ""))
            for n, (key, years) in enumerate((("a", "5"), ("b", "2"), ("c", "4")))
        ]
        pairs = {(f.junior, f.senior) for f in levels.compare_levels(compared_levels).inversions}
        assert pairs == {("a", "b"), ("a", "c")}

    @pytest.mark.parametrize("years", [("", ""), ("many", ""), ("²", ""), ("9" * 5000, "")])
    def test_invalid_years_are_ignored(self, years: tuple[str, str]) -> None:
        compared_levels = [
            compared_level("a", rank=1, years=years),
            compared_level("b", rank=2, years=("1", "")),
        ]
        assert not levels.compare_levels(compared_levels).inversions
