"""Bold, italic, and links of paragraphs in every format, and in comparisons."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import page as page_validation
import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader

from roles import comparison
from roles.comparison import approval_hashes
from roles.document import Answer, Document
from roles.exporters import FORMATS, REDLINES, html, redline, simple_html
from tests import office, pdfs, samples
from tests.html import find

TEXT = (
    "**[company name]** makes *good* bread & rolls.\n\n"
    "Read [our **handbook**](https://x.org/h), or ***ask***."
)
LITERAL = "Lift **20** boxes"


def document(text: str = TEXT) -> Document:
    sections = (
        samples.section("company", "Us", samples.paragraph(text)),
        samples.section("responsibilities", "Tasks", samples.line(LITERAL)),
    )
    return samples.numbered(
        Document("Baker", sections=sections, answers=(Answer("company name", "Acme"),))
    )


def exported(code: str, value: Document | None = None) -> bytes:
    return FORMATS[code].render(value or document(), samples.version())


@pytest.mark.parametrize("code", ["html", "preview"])
def test_web_page_and_preview(code: str) -> None:
    if code == "html":
        page = exported("html").decode()
    else:
        page = html.document_html(document(), samples.version(), logo_url="")
    assert "makes <em>good</em> bread &amp; rolls." in page
    assert '<a href="https://x.org/h">our <strong>handbook</strong></a>' in page
    assert "<strong><em>ask</em></strong>" in page
    assert "Acme" in page.split("<strong>")[1].split("</strong>")[0]
    assert LITERAL in page


def test_pdf_is_accessible_and_in_bold() -> None:
    data = exported("pdf")
    assert page_validation.validate_pdf_bytes(data, profile="ua1").failures == []
    fonts: dict[str, str] = {}

    def note_font(text: str, _matrix: Any, _text_matrix: Any, font: Any, _size: Any) -> None:
        if font and text.strip():
            fonts[text.strip()] = font["/BaseFont"].partition("+")[2].partition("-")[2]

    reader = PdfReader(BytesIO(data))
    reader.pages[0].extract_text(visitor_text=note_font)
    text = pdfs.body_text(reader, samples.version().reference)
    bold, italic = (
        {words for words, font in fonts.items() if kind in font} for kind in ("Bold", "Italic")
    )
    assert {"Acme", "handbook", "ask"} <= bold
    assert {"good", "ask"} <= italic
    assert not {"makes", "bread & rolls.", "our"} & (bold | italic)
    assert "Acme makes good bread & rolls." in text
    assert "Read our handbook, or ask." in text
    assert LITERAL in text


def test_pdf_prints_bold_and_italic() -> None:
    fonts: dict[str, str] = {}

    def keep(text: str, _ctm: object, _tm: object, font: dict[str, str] | None, _s: float) -> None:
        fonts.update(dict.fromkeys(text.split(), str((font or {}).get("/BaseFont"))))

    for page in pdfs.read_pdf(exported("pdf")).pages:
        page.extract_text(visitor_text=keep)
    regular, bold = fonts["makes"], fonts["Acme"]
    italic, both = fonts["good"], fonts["ask"]
    assert bold.endswith("Semi-Bold")
    assert italic.endswith("Italic")
    assert both.endswith("Semi-Bold-Italic")
    assert len({regular, bold, italic, both}) == 4


@pytest.mark.slow
def test_word(tmp_path: Path) -> None:
    data = exported("docx")
    assert office.complaints(data, tmp_path) == []
    opened = docx.Document(BytesIO(data))
    runs = [run for paragraph in opened.paragraphs for run in paragraph.runs]
    runs += [
        run for paragraph in opened.paragraphs for link in paragraph.hyperlinks for run in link.runs
    ]
    looks = {run.text: (bool(run.bold), bool(run.italic)) for run in runs}
    assert looks["Acme"] == looks["handbook"] == (True, False)
    assert looks["good"] == (False, True)
    assert looks["ask"] == (True, True)
    assert looks[LITERAL] == looks["our "] == (False, False)
    links = [link for paragraph in opened.paragraphs for link in paragraph.hyperlinks]
    assert [(link.text, link.address) for link in links] == [("our handbook", "https://x.org/h")]


def test_markdown() -> None:
    text = exported("md").decode()
    page = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert "<strong>Acme</strong> makes <em>good</em> bread &amp; rolls." in page
    assert '<a href="https://x.org/h">our</a> ' in page
    assert '<strong><a href="https://x.org/h">handbook</a></strong>' in page
    assert "<strong><em>ask</em></strong>" in page or "<em><strong>ask</strong></em>" in page
    assert "Lift **20** boxes" in page


def test_text_formats_have_the_address_in_parentheses() -> None:
    text = exported("txt").decode()
    assert "Acme makes good bread & rolls." in text
    assert "Read our handbook (https://x.org/h), or ask." in text
    assert LITERAL in text
    advertised = simple_html.page(document(), samples.version())
    assert "<p>Read our handbook (https://x.org/h), or ask.</p>" in advertised


def test_marks_of_a_value_count_as_if_they_were_typed() -> None:
    """A value is read in its text, in the same way in every format."""
    value = document("Join [company name] today.")
    value = replace(value, answers=(Answer("company name", "A*B & *C*"),))
    page = exported("html", value).decode()
    assert ["".join(em.itertext()) for em in find(page, "em")] == ["C"]
    assert "Join A*B & C today." in exported("txt", value).decode()
    assert "Join A\\*B & *C* today." in exported("md", value).decode()


# --- comparison and approval


def changed(text: str) -> comparison.Comparison:
    return comparison.compare(document(), document(text))


def shown(text: str) -> list[tuple[str, str]]:
    """The pieces of the paragraph that aren't the same."""
    line = next(changed(text).every_line())
    return [(piece.state, piece.text) for piece in line.text if piece.state != "same"]


def test_only_the_words_with_another_look_are_changed() -> None:
    assert shown(TEXT) == []
    assert shown(TEXT.replace("*good*", "good")) == [("removed", "good"), ("added", "good")]
    assert shown(TEXT.replace("*good* bread", "**good bread**")) == [
        *(("removed", "good"), ("removed", " bread"), ("added", "good bread")),
    ]
    assert shown(TEXT.replace("/h)", "/other)")) == [
        *(("removed", "our "), ("removed", "handbook")),
        *(("added", "our "), ("added", "handbook")),
    ]
    assert shown(TEXT.replace("*good*", "*fine*")) == [("removed", "good"), ("added", "fine")]


@pytest.mark.parametrize("code", REDLINES)
def test_redlines(code: str, tmp_path: Path) -> None:
    found = changed(TEXT.replace("*good*", "**fine**").replace("/h)", "/i)"))
    old, new = samples.version(), replace(samples.version(), number=4)
    data = REDLINES[code].render(found, old, new)
    if code == "docx":
        assert office.complaints(data, tmp_path) == []
    else:
        assert page_validation.validate_pdf_bytes(data, profile="ua1").failures == []


def test_comparison_page_shows_the_formatting() -> None:
    found = changed(TEXT.replace("*good*", "**fine**"))
    page = redline.article_html(found, samples.version(), samples.version(), logo_url="")
    assert "<em>good</em>" in page
    assert "<strong>fine</strong>" in page
    assert page.count("removed:") == 1


def test_a_changed_link_says_where_it_leads() -> None:
    """Its words can be the same, and an approval depends on the address."""
    found = changed(TEXT.replace("https://x.org/h", "https://y.org/new"))
    page = redline.article_html(found, samples.version(), samples.version(), logo_url="")
    assert "(https://x.org/h)" in page.partition("removed:")[2].partition("</del>")[0]
    assert "(https://y.org/new)" in page.partition("added:")[2].partition("</ins>")[0]
    same = redline.article_html(changed(TEXT), samples.version(), samples.version(), logo_url="")
    assert "(https://" not in same


def test_a_changed_address_is_not_said_twice() -> None:
    old, new = (document(f"Write to {name}@example.org today.") for name in ("jobs", "people"))
    found = comparison.compare(old, new)
    page = redline.article_html(found, samples.version(), samples.version(), logo_url="")
    assert "(jobs@example.org)" not in page
    assert "(people@example.org)" not in page


def hashes(text: str) -> dict[str, Any]:
    return approval_hashes.section_hashes(document(text))


@pytest.mark.parametrize(
    ("new", "is_approved"),
    [
        (TEXT.replace("*good*", "good"), True),
        (TEXT.replace("*good*", "**good**"), True),
        (TEXT.replace("/h)", "/other)"), False),
        (TEXT.replace("[our **handbook**](https://x.org/h)", "our handbook"), False),
        (TEXT.replace("*good*", "*fine*"), False),
    ],
)
def test_approval_ignores_bold_and_italic_but_not_where_a_link_leads(
    new: str, is_approved: bool
) -> None:
    before, after = hashes(TEXT), hashes(new)
    key = document().sections[0].uid
    assert after[key].content_hash != before[key].content_hash
    assert (after[key].normalized_hash == before[key].normalized_hash) == is_approved


def test_asterisks_of_a_list_item_count() -> None:
    def of_line(text: str) -> Any:
        section = samples.section("responsibilities", "Tasks", samples.line(text))
        value = samples.numbered(Document("Baker", sections=(section,)))
        return approval_hashes.section_hashes(value)[value.sections[0].uid]

    assert of_line("Pay *net*").normalized_hash != of_line("Pay net").normalized_hash
