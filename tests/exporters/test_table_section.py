"""A table section: rows of two to four cells, the first with the column headings."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import docx
import pytest

from roles import comparison
from roles.document import Document, DocumentLine
from roles.exporters import flow, html, markdown, plain_text, simple_html
from roles.exporters.docx import word_document
from tests import samples


def row(*cells: str, **fields: str) -> DocumentLine:
    text, detail, *more = [*cells, ""][: max(len(cells), 2)]
    return samples.line(text, detail=detail, lines=tuple(map(samples.line, more)), **fields)


def document(*lines: DocumentLine) -> Document:
    section = samples.section("table", "Training", *lines, style="table")
    return samples.numbered(Document("Account Manager", sections=(section,)))


TABLE = document(
    row("Course", "Hours", "Provider", "Cost"),
    row("Safety", "8", "Acme", "[amount]"),
    row("First aid", "4"),
)
CELLS = [
    ["Course", "Hours", "Provider", "Cost"],
    ["Safety", "8", "Acme", "[amount]"],
    ["First aid", "4", "", ""],
]


def test_markdown() -> None:
    text = markdown.render(TABLE, samples.version()).decode()
    assert "| Course | Hours | Provider | Cost |" in text
    assert "| Safety | 8 | Acme |" in text
    assert "| First aid | 4 |  |  |" in text


def test_plain_text() -> None:
    text = plain_text.render(TABLE, samples.version()).decode()
    assert "Course:   Safety\nHours:    8\nProvider: Acme" in text


def test_word() -> None:
    file = docx.Document(BytesIO(word_document.render(TABLE, samples.version())))
    [table] = file.tables
    assert [[cell.text for cell in found.cells] for found in table.rows] == CELLS


def test_html() -> None:
    page = html.document_html(TABLE, samples.version(), logo_url="")
    for name in CELLS[0]:
        assert f'<th scope="col">{name}</th>' in page
    assert "<td>Acme</td>" in page
    assert page.count("<tr") == 3


def test_job_posting() -> None:
    assert "Course: First aid; Hours: 4" in simple_html.page(TABLE, samples.version())


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_as_many_columns_as_are_used(count: int) -> None:
    value = document(row(*"ABCD"[:count]), row(*"abcd"[:count]))
    [table] = [
        block for block in flow.of(value, samples.version()) if isinstance(block, flow.FlowTable)
    ]
    assert list(table.head) == list("ABCD"[:count])


def test_only_column_headings() -> None:
    value = document(row("Course", "Hours"))
    assert "Course · Hours" in plain_text.render(value, samples.version()).decode()
    assert "Hours" in html.document_html(value, samples.version(), logo_url="")


def test_a_paragraph_between_rows_repeats_the_headings() -> None:
    value = document(row("A", "B"), row("1", "2"), samples.paragraph("Note"), row("3", "4"))
    page = html.document_html(value, samples.version(), logo_url="")
    assert page.count('<th scope="col">A</th>') == 2
    assert page.index("Note") < page.index("<td>3</td>")


def test_comparison_marks_the_words_of_a_cell() -> None:
    [section] = TABLE.sections
    safety = section.lines[1]
    changed = replace(safety, detail="12")
    lines = (section.lines[0], changed, section.lines[2])
    new = replace(TABLE, sections=(replace(section, lines=lines),))
    found = comparison.compare(TABLE, new)
    [node] = [node for node in found.sections[0].lines if not node.is_plain]
    assert [(piece.text, piece.state) for piece in node.detail] == [
        ("8", "removed"),
        ("12", "added"),
    ]


def test_round_trip() -> None:
    """Stored and read again, with the same hash."""
    assert Document.from_dict(TABLE.to_dict()) == TABLE
