"""What all lines of a list are marked as is said once, and the lines that differ are marked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from roles.document import Document, DocumentLine, DocumentSection
from roles.editions import Edition
from roles.exporters import blocks, flow, html, markdown, plain_text
from tests import samples


def document(
    *lines: DocumentLine, heading: str = "Duties", kind: str = "responsibilities"
) -> Document:
    section = samples.section(kind, heading, *lines)
    return samples.numbered(Document("Account Manager", sections=(section,)))


def marked(*values: str, name: str = "requirement", **fields: str) -> list[DocumentLine]:
    return [samples.line(f"Line {n}", **{name: v}, **fields) for n, v in enumerate(values, 1)]


def as_text(value: Document) -> str:
    return plain_text.render(value, samples.version()).decode()


CASES = [
    ("all", ["required"] * 3, ["Duties (Required)"]),
    ("most", ["required", "required", "preferred"], ["Duties (Required)", "Line 3 (Preferred)"]),
    ("half", ["required", "preferred"], ["Line 1 (Required)", "Line 2 (Preferred)"]),
    (
        "some without a mark",
        ["required", "required", ""],
        ["Line 1 (Required)", "Line 2 (Required)"],
    ),
    ("a single line", ["required"], ["Line 1 (Required)"]),
    ("none", ["", ""], []),
]


@pytest.mark.parametrize(("values", "said"), [row[1:] for row in CASES], ids=[r[0] for r in CASES])
def test_marks_of_a_list(values: list[str], said: list[str]) -> None:
    text = as_text(document(*marked(*values))).replace("DUTIES", "Duties")
    assert text.casefold().count("(required)") + text.casefold().count("(preferred)") == len(said)
    for words in said:
        assert words.casefold() in text.casefold()


def test_essential_functions_are_said_once() -> None:
    lines = marked("essential", "essential", "marginal", name="essential")
    text = as_text(document(*lines))
    assert text.casefold().count("essential function") == 1
    assert "Line 3 (Marginal function)" in text


def test_a_heading_that_says_it_already() -> None:
    for heading in ("Requirements", "Required skills"):
        text = as_text(document(*marked("required", "required"), heading=heading))
        assert "(required)" not in text.casefold()


def test_groups_say_their_own() -> None:
    lines = [
        *marked("required", "required", group="Must"),
        *marked("preferred", "preferred", group="Nice"),
    ]
    text = as_text(document(*lines))
    assert "(Required)" in text
    assert "(Preferred)" in text
    assert text.count("(Required)") == text.count("(Preferred)") == 1


def test_all_groups_alike_are_said_by_the_section() -> None:
    lines = [*marked("required", "required", group="One"), *marked("required", group="Other")]
    assert as_text(document(*lines)).casefold().count("(required)") == 1


def test_paragraphs_do_not_count() -> None:
    lines = [samples.paragraph("First a word."), *marked("required", "required")]
    assert as_text(document(*lines)).casefold().count("(required)") == 1


@pytest.mark.parametrize(
    "words",
    [
        lambda value, edition: html.document_html(value, edition, logo_url=""),
        lambda value, edition: markdown.render(value, edition).decode(),
        lambda value, edition: plain_text.render(value, edition).decode(),
    ],
    ids=["html", "markdown", "text"],
)
def test_every_format_says_the_same(words: Callable[[Document, Edition], str]) -> None:
    lines = marked("required", "required", "required", "preferred")
    text = words(document(*lines), samples.version()).casefold()
    assert text.count("required") == 1
    assert text.count("preferred") == 1


def texts_of(value: Document) -> list[str]:
    found = flow.of(value, samples.version())
    return [block.text for block in found if isinstance(block, flow.FlowParagraph)]


def test_word_documents_say_it_too() -> None:
    value = document(*marked("required", "required"))
    texts = texts_of(value)
    assert "Duties (Required)" in texts
    assert sum("Required" in text for text in texts) == 1


def test_marks_of_a_section_without_lines() -> None:
    assert blocks.list_marks(DocumentSection("a", "other", "Other")).section == {}


@pytest.mark.parametrize(
    "title", ["account manager", "iOS developer", "VP of R&D", "Account Manager"]
)
def test_titles_are_printed_as_typed(title: str) -> None:
    value = Document(title, sections=document(samples.line("Plan")).sections)
    edition = samples.version()
    escaped = title.replace("&", "&amp;")
    assert f">{escaped}<" in html.document_html(value, edition, logo_url="")
    assert title in markdown.render(value, edition).decode().replace("\\", "")
    assert title in plain_text.render(value, edition).decode()
    assert texts_of(value)[0] == title
