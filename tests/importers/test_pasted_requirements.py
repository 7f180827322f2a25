"""Required and preferred in pasted lists of skills and qualifications."""

from __future__ import annotations

import pytest

from roles.importers import pasted_list


def marks(text: str) -> list[tuple[str, str]]:
    found = pasted_list.entries(text, has_percent=False, has_requirement=True)
    return [(entry.text, entry.requirement) for entry in found]


@pytest.mark.parametrize(
    ("line", "text", "requirement"),
    [
        ("RN license (required)", "RN license", "required"),
        ("RN license (Required).", "RN license", "required"),
        ("RN license [preferred]", "RN license", "preferred"),
        ("RN license – required", "RN license", "required"),
        ("RN license - a plus", "RN license", "preferred"),
        ("Spanish (nice to have)", "Spanish", "preferred"),
        ("Spanish (must-have)", "Spanish", "required"),
        ("Staplerschein (erforderlich)", "Staplerschein", "required"),
        ("Englisch (von Vorteil)", "Englisch", "preferred"),
        ("Permis B (exigé)", "Permis B", "required"),
        ("Inglés (deseable)", "Inglés", "preferred"),
        ("RN license is required", "RN license is required", ""),
        ("Preferred vendor management", "Preferred vendor management", ""),
        ("Basic life support", "Basic life support", ""),
        ("Required", "Required", ""),
        ("BLS (renewed each year)", "BLS (renewed each year)", ""),
        ("Self-required learning", "Self-required learning", ""),
    ],
)
def test_a_line_that_says_so(line: str, text: str, requirement: str) -> None:
    assert marks(f"• {line}\n• Another line") == [(text, requirement), ("Another line", "")]


@pytest.mark.parametrize(
    "heading",
    [
        *("Required", "Required:", "REQUIRED QUALIFICATIONS", "Minimum qualifications:"),
        *(
            "## Required skills",
            "**Must haves**",
            "Qualifications (required)",
            "Basic requirements",
        ),
        *("Skills – required", "Requisitos obligatorios", "Obligatorios", "Erforderlich:"),
    ],
)
def test_a_heading_marks_the_lines_below_it(heading: str) -> None:
    text = f"{heading}\n• RN license\n• BLS\n\nPreferred qualifications:\n• Spanish"
    if heading == "Requisitos obligatorios":  # it says what, so it stays
        assert marks(text)[0][0] == heading
        return
    assert marks(text) == [
        ("RN license", "required"),
        ("BLS", "required"),
        ("Spanish", "preferred"),
    ]


def test_a_column_that_says_so() -> None:
    text = "RN license\tRequired\nSpanish\tNice to have\nFrench\tFluent"
    assert marks(text) == [("RN license", "required"), ("Spanish", "preferred"), ("French", "")]


def test_a_line_differs_from_its_heading() -> None:
    text = "Required\n- RN license\n- Spanish (preferred)\n## Other\n- A car"
    assert marks(text) == [
        ("RN license", "required"),
        ("Spanish", "preferred"),
        ("Other", ""),
        ("A car", ""),
    ]


@pytest.mark.parametrize("text", ["• RN license\nPreferred", "Required\n## Other\n- A car"])
def test_a_heading_of_nothing_stays(text: str) -> None:
    words = {found for found, _requirement in marks(text)}
    assert words & {"Preferred", "Required"}


@pytest.mark.parametrize("text", ["", " \n\n", "•"])
def test_nothing_pasted(text: str) -> None:
    assert marks(text) == []


def test_other_sections_keep_the_words() -> None:
    text = "Required\n• RN license (required)"
    found = pasted_list.entries(text, has_percent=False)
    assert "required" in str(found).lower().replace("requirement=", "")
    assert all(entry.requirement == "" for entry in found)
