"""Sections whose heading isn't printed: text before the first heading, in every format."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import page as page_validation
import pytest
from pypdf import PdfReader

from roles import comparison
from roles.comparison import approval_hashes
from roles.document import Document
from roles.exporters import FORMATS, REDLINES, html, simple_html
from tests import office, samples

INTRODUCTION = "We bake bread for the whole town."


def document(display: str = "hidden") -> Document:
    sections = (
        replace(
            samples.section("company", "Our bakery", samples.paragraph(INTRODUCTION)),
            heading_display=display,
        ),
        samples.section("responsibilities", "Tasks", samples.line("Knead")),
    )
    return samples.numbered(Document("Baker", sections=sections))


def text_of(code: str, value: Document) -> str:
    data = FORMATS[code].render(value, samples.version())
    if code.startswith("pdf"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    if code == "docx":
        return " ".join(paragraph.text for paragraph in docx.Document(BytesIO(data)).paragraphs)
    return data.decode()


@pytest.mark.parametrize("code", ["pdf", "pdfa", "docx", "html", "md", "txt"])
def test_text_is_before_the_first_heading(code: str) -> None:
    shown = text_of(code, document())
    assert "Our bakery" not in shown
    assert shown.index("Baker") < shown.index(INTRODUCTION) < shown.index("Tasks")
    assert "Our bakery" in text_of(code, document("printed"))


def test_preview_and_posting() -> None:
    preview = html.document_html(document(), samples.version(), logo_url="")
    posting = simple_html.page(document(), samples.version())
    for page in (preview, posting):
        assert INTRODUCTION in page
        assert "Our bakery" not in page
        assert "Tasks" in page
    assert "<h2></h2>" not in preview
    assert "<p></p>" not in posting


@pytest.mark.slow
def test_files_are_valid(tmp_path: Path) -> None:
    data = FORMATS["pdf"].render(document(), samples.version())
    assert page_validation.validate_pdf_bytes(data, profile="ua1").failures == []
    word = FORMATS["docx"].render(document(), samples.version())
    assert office.complaints(word, tmp_path) == []


def test_lines_say_the_mark_that_no_heading_says() -> None:
    duties = (
        samples.line("Knead", essential="essential"),
        samples.line("Bake", essential="essential"),
    )
    section = replace(
        samples.section("responsibilities", "Tasks", *duties), heading_display="hidden"
    )
    value = samples.numbered(Document("Baker", sections=(section,)))
    assert text_of("txt", value).count("Essential function") == 2


@pytest.mark.parametrize("code", REDLINES)
def test_the_change_is_noted_and_needs_approval(code: str) -> None:
    old, new = document("printed"), document()
    found = comparison.compare(old, new)
    assert not found.is_empty
    assert REDLINES[code].render(found, samples.version(), samples.version())
    before, after = map(approval_hashes.section_hashes, (old, new))
    uid = old.sections[0].uid
    assert before[uid].normalized_hash != after[uid].normalized_hash


def test_documents_from_before_have_the_same_hash() -> None:
    assert "heading_display" not in document("printed").canonical_json().decode()
