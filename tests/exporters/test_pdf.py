"""PDFs of every template and of the hostile document: what the standards ask, their labels,
their text, and the data that the archive's variant carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from typing import Any

import page as page_validation
import pytest
from pypdf import PdfReader

from roles import font_coverage
from roles.document import Answer, Document
from roles.editions import DATA_ATTACHMENT
from roles.exporters import FORMATS, html, pdf, pdf_archive
from roles.exporters.printing import page_tree
from roles.importers import pdf_file
from tests import samples

TEMPLATES = sorted(samples.of_templates())


def failures(data: bytes, profile: str) -> list[str]:
    """What the validator has against the file."""
    return [f.message for f in page_validation.validate_pdf_bytes(data, profile=profile).failures]


def is_declared(data: bytes) -> bool:
    """Whether the metadata say that the file is PDF/UA."""
    root: Any = PdfReader(BytesIO(data)).trailer["/Root"]
    metadata = root.get("/Metadata")
    return metadata is not None and b"pdfuaid:part=" in metadata.get_object().get_data()


def tags(data: bytes) -> Iterator[dict[str, Any]]:
    """Every structure element of the file, parents first."""
    root: Any = PdfReader(BytesIO(data)).trailer["/Root"]
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop(0).get_object()
        if not hasattr(element, "get"):
            continue
        yield element
        kids = element.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        waiting[:0] = [kid for kid in kids if not isinstance(kid, int)]


def kinds_of_kids(element: dict[str, Any]) -> list[str]:
    return [kid.get_object()["/S"] for kid in element["/K"]]


@pytest.fixture(scope="module")
def hostile() -> bytes:
    return pdf.render(samples.hostile(), samples.version())


@pytest.fixture(scope="module")
def hostile_archive() -> bytes:
    return pdf_archive.render(samples.hostile(), samples.version())


@lru_cache
def archive_of_template(code: str) -> bytes:
    return pdf_archive.render(samples.of_templates()[code], samples.version())


def test_a_filled_in_value_prints_like_typed_text() -> None:
    """Only the screen marks it: at an inline box, WeasyPrint can break a line too early."""
    texts = [f"Plan for [Company Name] & {'more ' * n}people." for n in range(20)]
    section = samples.section("other", "At [Company Name]", *map(samples.paragraph, texts))
    filled = Document("Clerk", sections=(section,), answers=(Answer("company name", "A & B"),))
    assert "jd-answered" in html.page_html(filled, samples.version(), logo_url="")
    typed = filled.filled()
    assert pdf.render(filled, samples.version()) == pdf.render(typed, samples.version())


@pytest.mark.slow
@pytest.mark.parametrize("code", TEMPLATES)
def test_each_template_as_a_version_and_as_a_draft_passes_pdf_ua(code: str) -> None:
    for edition in (samples.version(), samples.draft()):
        assert failures(pdf.render(samples.of_templates()[code], edition), "ua1") == []


@pytest.mark.parametrize("code", TEMPLATES)
def test_each_template_as_an_archive_passes_both_standards(code: str) -> None:
    data = archive_of_template(code)
    assert failures(data, "pdfa-3a") == []
    assert failures(data, "ua1") == []


@pytest.mark.slow
def test_the_hostile_document_is_tagged_but_not_said_to_be_accessible(hostile: bytes) -> None:
    """Whatever fonts this machine has: what none can draw is printed as a black square."""
    assert not is_declared(hostile)
    root: Any = PdfReader(BytesIO(hostile)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "■" in "".join(page.extract_text() for page in PdfReader(BytesIO(hostile)).pages)


@pytest.mark.slow
def test_the_hostile_document_as_an_archive_is_not_said_to_be_accessible(
    hostile_archive: bytes,
) -> None:
    assert failures(hostile_archive, "pdfa-3u") == []
    assert not is_declared(hostile_archive)


@pytest.mark.parametrize("code", ["pdf", "pdfa"])
@pytest.mark.parametrize("character", ["\ue000", "\U0001d360", "𐎀"], ids=ascii)
def test_a_character_without_a_font_takes_the_declaration_away(code: str, character: str) -> None:
    """In a title, a text, or a fact."""
    missing = font_coverage.missing_characters([character])
    for value in (
        Document(
            f"Clerk {character}", sections=(samples.section("other", "X", samples.line("x")),)
        ),
        _bulleted(f"Call {character} the customer."),
    ):
        data = FORMATS[code].render(value, samples.version())
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
        assert ("■" in text) == bool(missing)
        assert is_declared(data) != bool(missing)
        root: Any = PdfReader(BytesIO(data)).trailer["/Root"]
        assert root["/Lang"] == "en"


@pytest.mark.parametrize("code", ["pdf", "pdfa"])
def test_a_document_that_fonts_can_print_is_said_to_be_accessible(code: str) -> None:
    data = FORMATS[code].render(
        _bulleted("Call \u200b the\u00a0customer ☂\ufe0f."), samples.version()
    )
    assert is_declared(data)
    assert failures(data, "ua1") == []


def test_the_check_of_fonts_and_the_print_agree() -> None:
    """Of a character of each script, symbols, and emoji."""
    sample = "Ж א ع ह ภ 日 あ 한 ก ა ა Ա አ ᄀ ௐ ང ក မ ☂ ✓ → ∑ € ₿ 😀 🧑 𝔸 ½ ﬁ ⁂ \ue001"
    found = font_coverage.missing_characters([sample])
    printed = pdf.render(_bulleted(*sample.split()), samples.version())
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages)
    assert text.count("■") == len([c for c in sample.split() if c in found])


@pytest.mark.slow
def test_the_hostile_archive_can_be_imported(hostile_archive: bytes) -> None:
    assert pdf_file.read(hostile_archive).document == samples.hostile()


@pytest.mark.parametrize("code", TEMPLATES)
def test_archive_is_imported_without_loss(code: str) -> None:
    value = samples.of_templates()[code]
    read = pdf_file.read(archive_of_template(code))
    assert read.document == value
    assert read.document.canonical_json() == value.canonical_json()


@pytest.mark.slow
def test_archive_has_only_content_of_the_audience() -> None:
    hostile = samples.hostile()
    *sections, long = hostile.sections  # its 300 lines take seconds and hold no secret
    assert not any(secret in str(long) for secret in samples.SECRETS.values())
    value = replace(hostile, sections=tuple(sections)).for_audience("public")
    data = pdf_archive.render(value, samples.version())
    attached = PdfReader(BytesIO(data)).attachments[DATA_ATTACHMENT][0]
    for secret in samples.SECRETS:
        assert secret.encode() not in attached


@pytest.mark.slow
def test_the_archive_is_the_same_every_time() -> None:
    value, edition = samples.everything(), samples.version()
    assert pdf_archive.render(value, edition) == pdf_archive.render(value, edition)


def test_bullets_are_labels_before_the_bodies_of_their_items() -> None:
    data = pdf.render(_bulleted("Call the customer.", "Write it down."), samples.version())
    items = [tag for tag in tags(data) if tag.get("/S") == "/LI"]
    assert [kinds_of_kids(item) for item in items] == [["/Lbl", "/LBody"]] * 2


def test_bullets_have_the_brands_color_and_the_words_do_not() -> None:
    edition = samples.version(color="#800040")
    data = pdf.render(_bulleted("Call the customer."), edition)
    page: Any = PdfReader(BytesIO(data)).pages[0]
    content = page.get_contents().get_data().decode("latin-1")
    label = re.search(r"/Lbl\s*<</MCID \d+>>\s*BDC(.*?)EMC(.*?)ET", content, re.DOTALL)
    assert label is not None
    assert "0.5020 0.0000 0.2510 rg" in label[1]
    assert "0.5020 0.0000 0.2510 rg" not in label[2]


def test_words_after_a_bullet_are_complete_in_any_script() -> None:
    texts = ("Write תיאור תפקיד first.", "תיאור תפקיד", "مدير حسابات and 客户经理")
    data = pdf.render(_bulleted(*texts), samples.version())
    extracted = "".join(PdfReader(BytesIO(data)).pages[0].extract_text().split())
    for word in ("Write", "first.", "and"):
        assert word in extracted
    assert is_declared(data) != bool(font_coverage.missing_characters(texts))


def test_bullets_of_texts_from_right_to_left_stay_markers() -> None:
    value = replace(_bulleted("תיאור תפקיד"), language="he")
    root = page_tree.parse(html.page_html(value, samples.version(), logo_url=""))
    assert not [li for li in root.iter("li") if (li.text or "").startswith("•")]
    assert failures(pdf.render(value, samples.version()), "ua1") == []


def test_copied_text_has_ordinary_spaces() -> None:
    data = pdf.render(_bulleted("Call the customer."), samples.version())
    text = PdfReader(BytesIO(data)).pages[0].extract_text()
    assert "• Call the customer." in text
    assert "\N{EN SPACE}" not in text


def _bulleted(*texts: str) -> Document:
    lines = tuple(samples.line(text) for text in texts)
    return samples.numbered(
        Document("Account Manager", sections=(samples.section("other", "Duties", *lines),))
    )
