"""The quality checks: what they remark on, and what they leave alone."""

from __future__ import annotations

import pytest

from roles import quality
from roles.document import Document, Fact, Line, Section


def remarks(*sections: Section) -> list[tuple[str, str]]:
    """Name of the check and heading of the section, for each finding."""
    found = quality.findings(
        Document("Clerk", facts=(Fact("years", ("2", "")),), sections=sections)
    )
    return [(f.check, f.section.heading if f.section else "") for f in found]


def duties(*percents: int | None) -> Section:
    lines = (Line(f"l{n}", f"Duty {n}", percent=percent) for n, percent in enumerate(percents))
    return Section("s1", "responsibilities", "Duties", lines=tuple(lines))


def test_a_sound_document_has_no_findings() -> None:
    """Nothing is said where nothing is wrong."""
    assert remarks(duties(60, 40), duties(None, None)) == []


def test_an_empty_section_is_named() -> None:
    """Its heading will not be printed, which its author should know."""
    assert remarks(Section("s1", "benefits", "Benefits"), duties(None)) == [
        ("empty_section", "Benefits")
    ]


def test_a_section_of_facts_is_not_empty() -> None:
    """Facts are its content."""
    assert remarks(Section("s1", "facts", "Details", facts=("years",))) == []


@pytest.mark.parametrize(
    ("percents", "is_found"),
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
def test_percentages_should_come_to_a_hundred(
    percents: tuple[int | None, ...], is_found: bool
) -> None:
    """Where any is stated, all of a section add up."""
    assert bool(remarks(duties(*percents))) == is_found


def test_each_section_is_added_up_alone() -> None:
    """Two sections of fifty percent are two findings, each with its sum and a way to mend it."""
    document = Document("Clerk", sections=(duties(50), duties(100), duties(50)))
    found = quality.findings(document)
    assert [f.section for f in found] == [document.sections[0], document.sections[2]]
    assert "50" in found[0].why
    assert found[0].mend


def test_sub_lines_do_not_count() -> None:
    """Percent of time is stated of whole duties."""
    line = Line("l1", "Duty", percent=100, lines=(Line("l2", "Part", percent=30),))
    assert remarks(Section("s1", "responsibilities", "Duties", lines=(line,))) == []
