"""Levels side by side: what each adds, what all share, and what is upside down."""

from __future__ import annotations

from decimal import Decimal
from itertools import count, permutations
from time import perf_counter
from typing import Any

import pytest

from roles import levels
from roles.document import Answer, Document, Fact, Line, PayRange, Section
from roles.levels import Finding, Rung

_uids = count(1)


def uid() -> str:
    return f"u{next(_uids)}"


def line(text: str, **values: Any) -> Line:
    return Line(uid(), text, **values)


def section(kind: str, *lines: Line | str, **values: Any) -> Section:
    made = tuple(line(one) if isinstance(one, str) else one for one in lines)
    return Section(uid(), kind, kind.title(), lines=made, **values)


def pay(low: int, high: int, **values: Any) -> PayRange:
    return PayRange(uid(), Decimal(low), Decimal(high), **values)


def rung(
    key: str,
    *sections: Section,
    rank: int | None = None,
    years: tuple[str, str] | None = None,
    hours: str = "",
    answers: tuple[Answer, ...] = (),
) -> Rung:
    facts = [Fact("years", years)] if years else []
    if hours:
        facts.append(Fact("weekly_hours", (hours,)))
    return Rung(key, Document(key, facts=tuple(facts), sections=sections, answers=answers), rank)


def keys(climbed: levels.Ladder) -> list[str]:
    return [one.key for one in climbed.rungs]


def texts(lines: Any) -> list[str]:
    return [one.text for one in lines]


def new(cell: levels.Cell) -> list[str]:
    return [entry.line.text for entry in cell.entries if entry.below is None]


class TestOrder:
    def test_levels_come_first(self) -> None:
        rungs = [
            rung("senior", rank=3, years=("1", "2")),
            rung("entry", rank=1, years=("9", "")),
            rung("mid", rank=2),
        ]
        for mixed in permutations(rungs):
            climbed = levels.climb(mixed)
            assert (keys(climbed), climbed.by) == (["entry", "mid", "senior"], "level")

    def test_years_where_not_all_state_a_level(self) -> None:
        rungs = [rung("b", rank=1, years=("5", "8")), rung("a", years=("", "2"))]
        climbed = levels.climb(rungs)
        assert (keys(climbed), climbed.by) == (["a", "b"], "years")

    def test_else_as_chosen(self) -> None:
        climbed = levels.climb([rung("b", rank=2), rung("a")])
        assert (keys(climbed), climbed.by) == (["b", "a"], "chosen")

    def test_years_part_those_of_one_level(self) -> None:
        rungs = [rung("b", rank=1, years=("4", "")), rung("a", rank=1, years=("2", ""))]
        assert keys(levels.climb(rungs)) == ["a", "b"]


class TestLines:
    def test_what_each_adds_and_what_all_share(self) -> None:
        climbed = levels.climb(
            [
                rung("a", section("skills", "Clear writing", "Spreadsheets"), rank=1),
                rung("b", section("skills", "Negotiation", "Clear writing"), rank=2),
                rung("c", section("skills", "Clear writing", "Negotiation", "Coaching"), rank=3),
            ]
        )
        (part,) = climbed.parts
        assert texts(part.shared) == ["Clear writing"]
        assert [new(cell) for cell in part.cells] == [
            ["Spreadsheets"],
            ["Negotiation"],
            ["Coaching"],
        ]
        assert [texts(cell.dropped) for cell in part.cells] == [[], ["Spreadsheets"], []]
        kept = [e.line.text for e in part.cells[2].entries if e.below is not None]
        assert kept == ["Negotiation"]

    def test_words_match_not_uids_case_or_punctuation(self) -> None:
        climbed = levels.climb(
            [
                rung("a", section("skills", "Clear writing."), rank=1),
                rung("b", section("skills", "clear  Writing"), rank=2),
            ]
        )
        assert texts(climbed.parts[0].shared) == ["Clear writing."]
        assert climbed.parts[0].cells == (levels.Cell(), levels.Cell())

    def test_nearly_the_same_words_are_one_line_in_other_words(self) -> None:
        climbed = levels.climb(
            [
                rung("a", section("qualifications", "At least 2 years of work in sales"), rank=1),
                rung("b", section("qualifications", "At least 5 years of work in sales"), rank=2),
            ]
        )
        (part,) = climbed.parts
        assert part.shared == ()
        (entry,) = part.cells[1].entries
        assert entry.is_reworded
        assert entry.below is not None
        assert "2 years" in entry.below.text
        assert part.cells[1].dropped == ()

    def test_required_below_and_preferred_here_is_told(self) -> None:
        climbed = levels.climb(
            [
                rung("a", section("skills", line("Writing", requirement="preferred")), rank=1),
                rung("b", section("skills", line("Writing", requirement="required")), rank=2),
            ]
        )
        (entry,) = climbed.parts[0].cells[1].entries
        assert entry.is_asked_otherwise
        assert not entry.is_reworded

    def test_long_paragraphs_in_other_words_match_and_take_no_time(self) -> None:
        """Words of 400 lines as long as they may be: compared one with another they would take
        a minute."""
        words = [f"word{n}" for n in range(2000)]

        def lines(shift: int) -> list[str]:
            return [" ".join(words[n : n + 200]) + f" {n + shift}" for n in range(0, 1800, 9)]

        begun = perf_counter()
        (part,) = levels.climb(
            [
                rung("a", section("company", *lines(0)), rank=1),
                rung("b", section("company", *reversed(lines(1))), rank=2),
            ]
        ).parts
        assert perf_counter() - begun < 10
        assert [e.below is not None for e in part.cells[1].entries] == [True] * 200

    def test_a_line_twice_matches_one_line_only(self) -> None:
        climbed = levels.climb(
            [
                rung("a", section("skills", "Writing"), rank=1),
                rung("b", section("skills", "Writing", "Writing"), rank=2),
            ]
        )
        assert texts(climbed.parts[0].shared) == ["Writing"]
        assert new(climbed.parts[0].cells[1]) == ["Writing"]

    def test_sections_of_a_kind_are_read_together(self) -> None:
        climbed = levels.climb(
            [
                rung("a", section("skills", "Writing"), section("skills", "Listening"), rank=1),
                rung("b", section("skills", "Listening", "Writing"), rank=2),
            ]
        )
        assert texts(climbed.parts[0].shared) == ["Writing", "Listening"]

    def test_answers_stand_for_their_placeholders(self) -> None:
        climbed = levels.climb(
            [
                rung("a", section("skills", "Use [CRM]"), rank=1, answers=(Answer("crm", "Z"),)),
                rung("b", section("skills", "Use Z"), rank=2),
            ]
        )
        assert texts(climbed.parts[0].shared) == ["Use Z"]

    def test_a_text_of_the_library_is_one_line_whatever_was_answered(self) -> None:
        text = "Keep the records of [Number] customers in [System]"
        both = (Answer("number", "30"), Answer("system", "Salesforce"))

        def climb(*of_senior: Answer) -> levels.Part:
            (part,) = levels.climb(
                [
                    rung("a", section("skills", line(text, answers=both)), rank=1),
                    rung("b", section("skills", line(text, answers=of_senior)), rank=2),
                ]
            ).parts
            return part

        assert len(climb(*both).shared) == 1
        assert len(climb().shared) == 1  # not answered yet: nothing to compare
        other = (Answer("number", "a great many"), Answer("system", "spreadsheets of their own"))
        (entry,) = climb(*other).cells[1].entries
        assert entry.is_reworded

    def test_a_kind_that_only_one_has(self) -> None:
        climbed = levels.climb([rung("a", rank=1), rung("b", section("career", "Head"), rank=2)])
        (part,) = climbed.parts
        assert (part.kind, new(part.cells[0]), new(part.cells[1])) == ("career", [], ["Head"])

    def test_nothing_at_all(self) -> None:
        climbed = levels.climb([rung("a"), rung("b", section("skills"))])
        assert (climbed.parts, climbed.findings) == ((), ())


class TestUpsideDown:
    def test_more_years(self) -> None:
        climbed = levels.climb(
            [rung("a", rank=1, years=("5", "7")), rung("b", rank=2, years=("3", ""))]
        )
        assert climbed.findings == (Finding("years", "a", "b", (5, 3)),)

    def test_more_required(self) -> None:
        def asks(n: int) -> Section:
            return section(
                "qualifications",
                *(line(f"Number {m}", requirement="required") for m in range(n)),
                line("A wish", requirement="preferred"),
            )

        climbed = levels.climb([rung("a", asks(3), rank=1), rung("b", asks(2), rank=2)])
        assert climbed.findings == (Finding("required", "a", "b", (3, 2)),)
        assert not levels.climb([rung("a", asks(2), rank=1), rung("b", asks(3), rank=2)]).findings
        assert not levels.climb([rung("a", asks(2), rank=1), rung("b", rank=2)]).findings

    @pytest.mark.parametrize(
        ("junior", "senior", "told"),
        [
            (pay(50, 60), pay(60, 70), None),
            (pay(50, 75), pay(60, 70), "high"),
            (pay(65, 68), pay(60, 70), "low"),
            (pay(50, 75), pay(60, 70, currency="EUR"), None),
            (pay(50, 75, location="Denver"), pay(60, 70, location="Boston"), None),
            (pay(50, 75, location="Denver"), pay(60, 70, location="denver"), "high"),
            (pay(50, 75, location="Denver"), pay(60, 70), "high"),
        ],
    )
    def test_more_pay(self, junior: PayRange, senior: PayRange, told: str | None) -> None:
        found = levels.climb(
            [
                rung("a", section("pay", pay_ranges=(junior,)), rank=1),
                rung("b", section("pay", pay_ranges=(senior,)), rank=2),
            ]
        ).findings
        assert [finding.check for finding in found] == (["pay"] if told else [])
        if told:
            one, other = found[0].figures
            assert getattr(one, told) > getattr(other, told)

    def test_periods_are_converted(self) -> None:
        hourly = section("pay", pay_ranges=(pay(30, 40, period="hour"),))
        yearly = section("pay", pay_ranges=(pay(60_000, 70_000),))
        (finding,) = levels.climb([rung("a", hourly, rank=1), rung("b", yearly, rank=2)]).findings
        one, other = finding.figures
        assert isinstance(one, levels.Span)
        assert isinstance(other, levels.Span)
        assert f"{one.low:.0f} {one.high:.0f} {one.period}" == "62400 83200 year"
        assert f"{other.low:.0f} {other.high:.0f}" == "60000 70000"

    def test_one_period_stays_as_it_is_written(self) -> None:
        both = [
            section("pay", pay_ranges=(pay(*ends, period="hour"),)) for ends in ((30, 40), (20, 25))
        ]
        (finding,) = levels.climb([rung("a", both[0], rank=1), rung("b", both[1], rank=2)]).findings
        assert isinstance(finding.figures[0], levels.Span)
        assert f"{finding.figures[0].low:.0f} {finding.figures[0].period}" == "30 hour"

    def test_several_ranges_at_one_place_count_as_one(self) -> None:
        """A range for beginners in the senior job description is not held against it."""
        junior = section("pay", pay_ranges=(pay(50, 60),))
        senior = section("pay", pay_ranges=(pay(50, 55, level="First year"), pay(60, 80)))
        assert not levels.climb([rung("a", junior, rank=1), rung("b", senior, rank=2)]).findings

    def test_those_of_one_level_are_not_upside_down(self) -> None:
        sections = [section("pay", pay_ranges=(pay(*ends),)) for ends in ((60, 90), (50, 70))]
        rungs = [
            rung("a", sections[0], rank=1, years=("2", "")),
            rung("b", sections[1], rank=1, years=("5", "")),
        ]
        assert not levels.climb(rungs).findings

    def test_all_pairs_are_looked_at(self) -> None:
        rungs = [
            rung(key, rank=n, years=(years, ""))
            for n, (key, years) in enumerate((("a", "5"), ("b", "2"), ("c", "4")))
        ]
        found = {(f.junior, f.senior) for f in levels.climb(rungs).findings}
        assert found == {("a", "b"), ("a", "c")}

    @pytest.mark.parametrize("years", [("", ""), ("many", ""), ("²", ""), ("9" * 5000, "")])
    def test_years_that_are_none_say_nothing(self, years: tuple[str, str]) -> None:
        rungs = [rung("a", rank=1, years=years), rung("b", rank=2, years=("1", ""))]
        assert not levels.climb(rungs).findings
