"""Physical demands: what, how much, and how often, in each format, in comparisons, and in files."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
import pytest
from django.utils.translation import override

from roles import comparison, physical_demands
from roles.document import Document, DocumentLine
from roles.exporters import (
    blocks,
    fact_labels,
    flow,
    html,
    markdown,
    pdf,
    plain_text,
    redline,
    simple_html,
)
from roles.exporters.docx import word_document
from roles.importers import document_limits
from tests import samples
from tests.exporters import test_pdf, test_tracked_changes


def demand(text: str, amount: str = "", unit: str = "", how_often: str = "", **more: Any) -> Any:
    values = {"amount": Decimal(amount) if amount else None, "unit": unit, "how_often": how_often}
    return samples.line(text, category="physical", **(values | more))


def document(*lines: DocumentLine, kind: str = "conditions", **fields: Any) -> Document:
    section = samples.section(kind, "Working conditions", *lines, **fields)
    return samples.numbered(Document("Warehouse Associate", sections=(section,)))


LIFT = demand("Lift", "50", "lb", "frequently", detail="From floor to waist")
STAND = demand("Stand", "6", "hours_shift")
LADDERS = demand("Climb ladders", how_often="never")
TRAVEL = samples.line("Travel between sites", category="travel")
VALUE = document(LIFT, TRAVEL, STAND, LADDERS)
CELLS = [
    ["Physical demand", "How much", "How often"],
    ["Lift\nFrom floor to waist", "50 lb", "Frequently (1/3 to 2/3 of the day)"],
    ["Stand", "6 hours per shift", ""],
    ["Climb ladders", "", "Never"],
]


def of_flow(value: Document) -> list[flow.FlowTable]:
    found = flow.of(value, samples.version())
    return [block for block in found if isinstance(block, flow.FlowTable)]


# --- formats


def test_word() -> None:
    file = docx.Document(BytesIO(word_document.render(VALUE, samples.version())))
    [table] = file.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == CELLS


def test_html_has_header_cells_and_the_other_lines_first() -> None:
    page = html.document_html(VALUE, samples.version(), logo_url="")
    for name in CELLS[0]:
        assert f'<th scope="col">{name}</th>' in page
    assert "<td>50 lb</td>" in page
    assert page.index("Travel between sites") < page.index("Physical demand<")
    assert page.count("50 lb") == 1


def test_pdf_tags_the_header_cells() -> None:
    found = test_pdf.tags(pdf.render(VALUE, samples.version()))
    kinds = [str(tag.get("/S")) for tag in found]
    assert (kinds.count("/TH"), kinds.count("/TD")) == (3, 9)


def test_markdown() -> None:
    text = markdown.render(VALUE, samples.version()).decode()
    assert "| Physical demand | How much | How often |" in text
    assert "| Stand | 6 hours per shift |  |" in text


def test_plain_text() -> None:
    text = plain_text.render(VALUE, samples.version()).decode()
    assert "Physical demand: Climb ladders\nHow often:       Never" in text


def test_job_posting() -> None:
    page = simple_html.page(VALUE, samples.version())
    assert "50 lb" in page
    assert "Frequently (1/3 to 2/3 of the day)" in page


def test_tags_and_sub_lines_are_in_the_first_cell() -> None:
    line = demand("Lift", "50", "lb", frequency="daily", lines=(samples.line("Boxes"),))
    [table] = of_flow(document(line))
    [first, _amount] = table.rows[0].cells
    assert [part.text for part in first] == ["Lift (Daily)", "Boxes"]


def test_a_placeholder_in_a_demand_is_marked() -> None:
    page = html.document_html(
        document(demand("Lift [object]", "5", "kg")), samples.draft(), logo_url=""
    )
    assert "<mark" in page


# --- which lines, which columns


@pytest.mark.parametrize(
    ("lines", "shapes"),
    [
        ((LIFT,), ["demands"]),
        ((LIFT, TRAVEL), ["bullets", "demands"]),
        ((TRAVEL, LIFT, samples.paragraph("Note")), ["bullets", "paragraphs", "demands"]),
        # No line states how much or how often: as in versions from before.
        ((demand("Lift"), demand("Stand"), TRAVEL), ["bullets"]),
        # One does, and the others belong to the table.
        ((demand("Bend"), LIFT), ["demands"]),
        ((samples.line("Travel", category="travel", how_often="never"),), ["bullets"]),
        ((replace(LIFT, form="paragraph"),), ["paragraphs"]),
        ((replace(LIFT, group="Daily"), replace(STAND, group="Daily")), ["demands"]),
    ],
)
def test_the_lines_of_the_table(lines: tuple[DocumentLine, ...], shapes: list[str]) -> None:
    [section] = document(*lines).sections
    found = [run.shape for group in blocks.groups(section.lines, section) for run in group.runs]
    assert found == shapes


@pytest.mark.parametrize("kind", ["faq", "table", "acknowledgment"])
def test_sections_with_a_shape_of_their_own_keep_it(kind: str) -> None:
    [section] = document(LIFT, kind=kind).sections
    [group] = blocks.groups(section.lines, section)
    assert [run.shape for run in group.runs] != ["demands"]


def test_a_line_outside_the_table_shows_its_values_as_tags() -> None:
    line = samples.line("Overtime", amount=Decimal("6"), unit="hours", how_often="occasionally")
    page = html.document_html(document(line), samples.version(), logo_url="")
    assert "6 hours at a time" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Occasionally" in page


def test_numbers_go_on_after_the_table_is_moved_to_the_end() -> None:
    value = document(samples.line("A"), LIFT, samples.line("B"), style="numbers")
    [section] = value.sections
    [group] = blocks.groups(section.lines, section)
    assert [(run.shape, len(run.lines)) for run in group.runs] == [("numbers", 2), ("demands", 1)]


@pytest.mark.parametrize(
    ("line", "head"),
    [
        (LIFT, CELLS[0]),
        (STAND, CELLS[0][:2]),
        (LADDERS, [CELLS[0][0], CELLS[0][2]]),
    ],
)
def test_only_the_columns_in_use(line: DocumentLine, head: list[str]) -> None:
    [table] = of_flow(document(line))
    assert list(table.head) == head


# --- amounts


@pytest.mark.parametrize(
    ("amount", "unit", "language", "shown"),
    [
        ("50", "lb", "en", "50 lb"),
        ("50.00", "lb", "en", "50 lb"),
        ("22.50", "kg", "de", "22,5 kg"),
        ("1", "hours_shift", "en", "1 hour per shift"),
        ("0.5", "hours_day", "en", "0.5 hour per day"),
        ("6", "hours_shift", "de", "6 Stunden pro Schicht"),
        ("1", "hours_shift", "fr", "1 heure par poste"),
        ("12", "times_hour", "es", "12 veces por hora"),
        ("1", "stairs", "en", "1 flight of stairs"),
        ("3", "stairs", "en", "3 flights of stairs"),
        ("0", "lb", "en", "0 lb"),
        ("10", "", "en", "10"),
        ("", "lb", "en", ""),
    ],
)
def test_an_amount_in_its_unit(amount: str, unit: str, language: str, shown: str) -> None:
    with override(language):
        assert fact_labels.how_much(demand("Lift", amount, unit)) == shown


@pytest.mark.parametrize("how_often", physical_demands.FREQUENCIES)
def test_how_often_says_the_share_of_the_day(how_often: str) -> None:
    shares = {
        "never": "",
        "occasionally": "up to 1/3 of the day",
        "frequently": "1/3 to 2/3 of the day",
        "constantly": "over 2/3 of the day",
    }
    assert shares[how_often] in fact_labels.how_often(demand("Lift", how_often=how_often))


# --- stored, imported, compared


def test_stored_and_read_again() -> None:
    assert Document.from_dict(VALUE.to_dict()) == VALUE


def test_documents_from_before_keep_their_content() -> None:
    """And so their hash: what isn't stated isn't stored."""
    [section] = document(demand("Lift")).to_dict()["sections"]
    assert section["lines"] == [{"uid": "line-1", "text": "Lift", "category": "physical"}]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, ""),
        ({"amount": None}, ""),
        ({"amount": Decimal("0")}, ""),
        ({"amount": Decimal("99999")}, ""),
        ({"amount": Decimal("-1")}, "this isn’t a valid amount"),
        ({"amount": Decimal("100000")}, "this isn’t a valid amount"),
        ({"amount": Decimal("1.255")}, "this isn’t a valid amount"),
        ({"unit": "stone"}, "“stone” isn’t a known value"),
        ({"how_often": "seldom"}, "“seldom” isn’t a known value"),
        ({"how_often": "daily"}, "“daily” isn’t a known value"),
    ],
)
def test_limits_of_imported_demands(changed: dict[str, Any], message: str) -> None:
    uid = "0123456789ab"
    line = replace(LIFT, uid=uid, **changed)
    section = samples.section("conditions", "Physical demands", line)
    value = Document("Clerk", sections=(replace(section, uid=uid),))
    problem = document_limits.problem(value)
    assert message in problem
    assert bool(message) == bool(problem)


def with_first(value: Document, **changed: Any) -> Document:
    [section] = value.sections
    first, *rest = section.lines
    lines = (replace(first, **changed), *rest)
    return replace(value, sections=(replace(section, lines=lines),))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount": Decimal("60")}, ("50 lb", "60 lb")),
        ({"unit": "kg"}, ("50 lb", "50 kg")),
        ({"amount": None, "unit": ""}, ("50 lb",)),
        ({"how_often": "constantly"}, ("Frequently", "Constantly")),
    ],
)
def test_the_redline_marks_changed_cells(changed: dict[str, Any], words: tuple[str, ...]) -> None:
    compared = comparison.compare(VALUE, with_first(VALUE, **changed))
    page = redline.article_html(compared, samples.version(), samples.version(), logo_url="")
    [row] = [row for row in page.split("<tr") if "From floor to waist" in row]
    for word, tag in zip(words, ("del", "ins"), strict=False):
        assert f"<{tag}>" in row
        assert word in row.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]


@pytest.mark.parametrize("changed", [{"amount": Decimal("60")}, {"how_often": "", "unit": "kg"}])
def test_the_word_redline_gives_either_text(changed: dict[str, Any]) -> None:
    test_tracked_changes.assert_both_texts(VALUE, with_first(VALUE, **changed))


def test_a_demand_is_added_to_and_taken_out_of_the_redline() -> None:
    [section] = VALUE.sections
    less = replace(VALUE, sections=(replace(section, lines=section.lines[:3]),))
    for old, new, tag in ((VALUE, less, "del"), (less, VALUE, "ins")):
        found = comparison.compare(old, new)
        page = redline.article_html(found, samples.version(), samples.version(), logo_url="")
        [row] = [row for row in page.split("<tr") if "Climb ladders" in row]
        assert row.count(f"<{tag}>") == 2  # what, and how often
