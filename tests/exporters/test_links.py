"""Web and email addresses are links in every format that has links."""

from __future__ import annotations

import random
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
from roles.document import Answer, Document, DocumentPayReference, Fact
from roles.exporters import FORMATS, REDLINES, html, inline_html, pdf, redline
from tests import office, samples
from tests.html import find

APPLY, JOBS = "https://careers.example.org/apply", "mailto:jobs@example.org"
WEB, WIKI = "https://www.example.org", "https://x.org/a_(b)"
OWN, FIGURES = "https://acme.example.org/jobs", "https://bls.example/oes"
LONG = "https://careers.example.org/" + "long/" * 40
URLS = {APPLY, JOBS, WEB, WIKI, OWN, FIGURES, LONG}


def document() -> Document:
    """Addresses in every place that has texts, and some that are no links."""
    lines = (
        samples.line("See https://careers.example.org/apply, then wait."),
        samples.line("Term", detail="Or (https://x.org/a_(b)).\n\nOr www.example.org!"),
        samples.line("jobs@example.org", lines=(samples.line("www.example.org"),)),
        samples.line("Ask https://[company name].example.org/jobs or https://[team].example.org/"),
    )
    reference = DocumentPayReference("Clerk", source="https://bls.example/oes")
    sections = (
        samples.section("summary", "No jobs@example.org here", samples.paragraph(LONG)),
        samples.section("skills", "Skills", *lines),
        samples.section("faq", "Questions", samples.line("Where? www.example.org", detail=LONG)),
        samples.section("collaborators", "With", *lines, style="table"),
        samples.section("facts", "Facts", facts=("portal",), style="table"),
        samples.section("acknowledgment", "Sign", samples.line("jobs@example.org")),
        samples.section("pay", "Pay", pay_references=(reference,)),
    )
    return samples.numbered(
        Document(
            "Clerk at www.example.org",
            sections=sections,
            facts=(Fact("portal", ("https://careers.example.org/apply",), label="Portal"),),
            answers=(Answer("company name", "acme"),),
        )
    )


def link_annotations(data: bytes) -> list[Any]:
    found = []
    for page in PdfReader(BytesIO(data)).pages:
        found += [entry.get_object() for entry in page.get("/Annots", [])]
    return found


@pytest.mark.parametrize("code", ["pdf", "pdfa"])
def test_pdfs_have_tagged_links_that_say_where_they_lead(code: str) -> None:
    data = FORMATS[code].render(document(), samples.version())
    assert page_validation.validate_pdf_bytes(data, profile="ua1").failures == []
    links = link_annotations(data)
    assert {link["/A"]["/URI"] for link in links} == URLS
    assert all(link["/Contents"] == link["/A"]["/URI"] for link in links)
    assert all("/StructParent" in link for link in links)


def test_a_long_address_is_a_link_to_all_of_it_on_each_line() -> None:
    value = Document("X", sections=(samples.section("summary", "S", samples.paragraph(LONG)),))
    data = pdf.render(value, samples.version())
    found = [link["/A"]["/URI"] for link in link_annotations(data)]
    assert len(found) > 1
    assert set(found) == {LONG}


@pytest.mark.slow
def test_lines_do_not_fall_apart_before_a_link() -> None:
    """WeasyPrint can break a line after its first word where an inline box begins."""
    some = random.Random(2)
    words = "account plan customer the of prepare renewal a to with quarterly experience working"
    lines = []
    for _ in range(150):
        before = " ".join(some.choice(words.split()) for _ in range(some.randint(1, 24)))
        lines.append(samples.line(f"{before} www.example.org/apply{some.choice(['', ' now'])}"))
    value = Document("X", sections=(samples.section("responsibilities", "S", *lines),))
    shown = PdfReader(BytesIO(pdf.render(value, samples.version())))
    text = "\n".join(page.extract_text() for page in shown.pages)
    rows = [row for row in text.split("\n") if row.startswith("•")]
    assert len(rows) == 150
    assert [row for row in rows if len(row) < 40 and "www" not in row] == []


def test_word_files_have_hyperlinks(tmp_path: Path) -> None:
    data = FORMATS["docx"].render(document(), samples.version())
    assert office.complaints(data, tmp_path) == []
    opened = docx.Document(BytesIO(data))
    paragraphs = [
        *opened.paragraphs,
        *(
            p
            for t in opened.tables
            for row in t.rows
            for cell in row.cells
            for p in cell.paragraphs
        ),
    ]
    links = [link for paragraph in paragraphs for link in paragraph.hyperlinks]
    assert {link.address for link in links} == URLS
    assert {link.text for link in links if link.address == WEB} == {"www.example.org"}


def test_web_pages_and_the_preview_have_links() -> None:
    page = FORMATS["html"].render(document(), samples.version()).decode()
    shown = html.document_html(document(), samples.version(), logo_url="")
    for text in (page, shown):
        links = find(text, "a")
        assert {link.get("href") for link in links} == URLS


def test_markdown_has_links_without_backslashes() -> None:
    text = FORMATS["md"].render(document(), samples.version()).decode()
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    links = [t for one in tokens for t in one.children or () if t.type == "link_open"]
    # The title is a text of its own, and Markdown has no links that are none elsewhere.
    assert {link.attrs["href"] for link in links} == URLS
    assert f"<{APPLY}>, then wait" in text
    assert "<jobs@example.org>" in text
    assert "https\\://careers" not in text


@pytest.mark.parametrize("code", ["txt"])
def test_plain_text_has_the_addresses_as_typed(code: str) -> None:
    text = FORMATS[code].render(document(), samples.version()).decode()
    assert "See https://careers.example.org/apply, then wait." in text
    assert "mailto:" not in text


def test_an_address_with_a_blank_is_no_link() -> None:
    text = inline_html.linked_html("https://[team].example.org/a and [see www.example.org now]", {})
    assert "<a " not in text
    assert text.count("<mark") == 2


def test_an_address_with_a_filled_in_value_is_one_link() -> None:
    text = inline_html.linked_html("At https://[company].example.org/a", {"company name": "acme"})
    (link,) = find(text, "a")
    assert link.get("href") == "https://acme.example.org/a"
    assert "".join(link.itertext()) == "https://acme.example.org/a"


def test_a_filled_in_value_can_contain_an_address() -> None:
    text = inline_html.linked_html("Ask [contact].", {"contact": "HR,\njobs@example.org"})
    (link,) = find(text, "a")
    assert link.get("href") == JOBS


@pytest.mark.parametrize(
    "typed",
    ['https://x.org/?"onmouseover="alert(1)', "https://x.org/'><script>", "www.x.org/<b>&amp;"],
)
def test_nothing_ends_the_attribute(typed: str) -> None:
    text = inline_html.linked_html(typed, {})
    assert all(set(link.attrib) == {"href"} for link in find(text, "a"))
    assert find(text, "script") == find(text, "b") == []


# --- comparisons


def compared(old: str, new: str) -> comparison.Comparison:
    return comparison.compare(
        *(
            Document(
                "X", sections=(replace_uid(samples.section("summary", "S", samples.paragraph(t))),)
            )
            for t in (old, new)
        )
    )


def replace_uid(section: Any) -> Any:
    return replace(section, uid="s", lines=(replace(section.lines[0], uid="l"),))


CHANGES = {
    "the address changes": (
        "See https://x.org/old for more.",
        "See https://x.org/new for more.",
        {"https://x.org/new"},
    ),
    "words around it change": (
        "See https://x.org/a for more.",
        "Look at https://x.org/a for details.",
        {"https://x.org/a"},
    ),
    "an address is added": (
        "Apply now, please.",
        "Apply now at www.x.org, please.",
        {"https://www.x.org"},
    ),
    "an address is removed": ("Apply now at www.x.org, please.", "Apply now, please.", set()),
    "an email address changes": (
        "Write to a@example.org today.",
        "Write to b@example.org today.",
        {"mailto:b@example.org"},
    ),
}


@pytest.mark.parametrize(("old", "new", "urls"), CHANGES.values(), ids=CHANGES)
def test_redlines_link_the_new_text(old: str, new: str, urls: set[str]) -> None:
    found, sides = compared(old, new), (samples.version(), samples.draft())
    article = redline.article_html(found, *sides, logo_url="")
    assert {link.get("href") for link in find(article, "a")} == urls
    data = REDLINES["pdf"].render(found, *sides)
    assert {link["/A"]["/URI"] for link in link_annotations(data)} == urls
    assert page_validation.validate_pdf_bytes(data, profile="ua1").failures == []


@pytest.mark.parametrize(("old", "new", "urls"), CHANGES.values(), ids=CHANGES)
def test_tracked_changes_keep_links_valid(
    old: str, new: str, urls: set[str], tmp_path: Path
) -> None:
    data = REDLINES["docx"].render(compared(old, new), samples.version(), samples.draft())
    assert office.complaints(data, tmp_path) == []
    opened = docx.Document(BytesIO(data))
    addresses = {link.address for p in opened.paragraphs for link in p.hyperlinks}
    assert urls <= addresses
