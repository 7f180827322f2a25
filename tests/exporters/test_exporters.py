"""exporters: a document and an edition in; HTML that is safe and a PDF that everyone can read."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

import page as page_validation
import pypdf
import pytest
from PIL import Image

from roles.document import (
    Answer,
    Document,
    DocumentLine,
    DocumentPayReference,
    DocumentPlace,
    DocumentSection,
    Fact,
)
from roles.editions import Brand, Edition
from roles.exporters import FORMATS, blocks, fact_labels, html, logo_formats, pay_labels, pdf
from tests import samples

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10" width="40" height="10">'
    b'<rect width="40" height="10" fill="#0b6e4f"/></svg>'
)
numbers = count(1)


def line(text, **fields):
    return DocumentLine(uid=f"line-{next(numbers)}", text=text, **fields)


def paragraph(text, **fields):
    return line(text, form="paragraph", **fields)


def section(kind, heading, *lines, **fields):
    return DocumentSection(
        uid=f"section-{next(numbers)}", kind=kind, heading=heading, lines=lines, **fields
    )


def document(*sections, title="Account Manager", **fields):
    return Document(title=title, sections=sections, **fields)


def draft(**brand):
    return Edition("ACC-0007", day=date(2026, 3, 12), brand=Brand("Northwind Ltd", **brand))


def version(**brand):
    return replace(draft(**brand), number=3, sha256="ab" * 32)


def png(size=(120, 40)):
    target = io.BytesIO()
    Image.new("RGB", size, "#0b6e4f").save(target, "PNG")
    return target.getvalue()


def read(data):
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(data):
    """The PDF's text on one line, with the places for breaking long words left out."""
    text = " ".join(page.extract_text() for page in read(data).pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


def fragment(value, edition=None, logo_url=""):
    return html.document_html(value, edition or draft(), logo_url=logo_url)


def assert_in_order(text, *parts):
    position = 0
    for part in parts:
        index = text.find(part, position)
        assert index >= 0, f"{part!r} is missing after {text[max(0, position - 60) : position]!r}"
        position = index + len(part)


@pytest.fixture(scope="module")
def everything():
    """A document in which every kind of section and every feature of a line occurs."""
    return samples.everything()


@pytest.fixture(scope="module")
def printed(everything):
    return pdf.render(everything, replace(version(), logo=SVG))


# --- the fragment


def test_markup_is_escaped_everywhere():
    evil = "<script>alert(1)</script> & \"'"
    value = document(
        section(
            "responsibilities",
            evil,
            line(evil, detail=evil, group=evil, lines=(line(evil),)),
            paragraph(evil),
        ),
        section("facts", "Facts", facts=("custom",), style="table"),
        section(
            "pay",
            "Pay",
            pay_references=(DocumentPayReference(evil, amount=Decimal(1), source=evil),),
        ),
        title=evil,
        facts=(Fact("custom", (evil,), label=evil), Fact("department", (evil,))),
    )
    shown = html.page_html(value, Edition(evil, brand=Brand(evil)), logo_url="")
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;&#x27;" in shown
    assert "&amp;lt;" not in shown  # escaped once, not twice


def test_the_fragment_has_no_inline_style_and_no_script(everything):
    shown = fragment(everything)
    assert shown.startswith('<article class="jd" lang="en" dir="ltr"')
    assert not re.search(r"<(?:style|script|link)|\sstyle=|\son\w+=", shown)


def test_blanks_and_values_are_marked():
    value = document(
        section(
            "summary",
            "About [Company]",
            line(
                "[X] to [X] years at [Employer], [sic]",
                answers=(Answer("x", "2"), Answer("sic", plain=True)),
            ),
        ),
        answers=(Answer("company name", "A & B"),),
    )
    shown = fragment(value)
    company = '<span class="jd-answered" data-placeholder="company name">A &amp; B</span>'
    assert f"<h2>About {company}</h2>" in shown
    assert '<span class="jd-answered" data-placeholder="x">2</span> to' in shown
    assert '<mark class="jd-open" data-placeholder="x#2">[X]</mark>' in shown
    assert "</span>, [sic]" in shown


def test_sections_and_lines_carry_their_uid(everything):
    shown = fragment(everything)
    for part in everything.sections:
        assert f'data-section="{part.uid}"' in shown
        for one in part.every_line():
            assert f'data-line="{one.uid}"' in shown


def test_blank_lines_make_paragraphs_and_single_ones_break_the_line():
    shown = fragment(document(section("company", "Us", paragraph("One\n\n\nTwo\nthree"))))
    assert "<p>One</p><p>Two<br>three</p>" in re.sub(r"\s+</p>", "</p>", shown)


def test_numbering_continues_through_groups():
    lines = [line("a", group="Daily"), line("b", group="Daily"), line("c", group="Weekly")]
    shown = fragment(document(section("responsibilities", "Duties", *lines, style="numbers")))
    assert_in_order(shown, "<h3>Daily</h3>", "<ol", "<h3>Weekly</h3>", '<ol class="jd-list', "3")
    assert 'start="3"' in shown
    data = pdf.render(
        document(section("responsibilities", "Duties", *lines, style="numbers")), draft()
    )
    assert_in_order(text_of(data), "Daily", "a", "b", "Weekly", "c")
    assert_in_order(text_of(data), "1.", "2.", "3.")  # numbers are drawn after the entries


def test_requirements_are_said_once_if_alike():
    both = [line("a", requirement="required"), line("b", requirement="preferred")]
    mixed = fragment(document(section("qualifications", "Q", *both)))
    assert mixed.count("(Required)") == mixed.count("(Preferred)") == 1
    alike = fragment(document(section("qualifications", "Q", both[0], both[0])))
    assert alike.count("(Required)") == 1
    assert 'Q<span class="jd-tags"> (Required)</span></h2>' in alike


def test_empty_section_is_shown_only_in_drafts():
    value = document(section("career", "Career path"), section("facts", "Facts", facts=("years",)))
    assert fragment(value).count("No content yet") == 2
    assert "Career path" not in fragment(value, version())
    assert "<section" not in fragment(value, version())


def test_pay_tables_have_only_the_columns_in_use():
    shown = fragment(document(section("pay", "Pay", pay_ranges=samples.ranges()[:1])))
    assert "Location" in shown
    assert "Level" not in shown
    assert_in_order(shown, "Denver", "2 to 4 years", "$72,000 – $88,000", "per year")


def test_market_figure_has_source_and_date():
    shown = fragment(document(section("pay", "Pay", pay_references=samples.references())))
    assert_in_order(shown, "$63,348 per year, average", "Indeed, July 2022")
    assert_in_order(shown, "$45,000 – $85,000 per year", "Source not recorded, 2022")


def test_subtitle_has_the_facts_with_values():
    facts = (
        Fact("department", ("Sales",)),
        Fact("locations", places=(DocumentPlace("Denver", "CO"),)),
        Fact("work_mode", ("on_site",)),
    )
    assert "Sales · Denver · On-site" in fragment(document(facts=facts))
    assert '<p class="jd-subtitle">Denver</p>' in fragment(document(facts=facts[1:2]))
    assert "jd-subtitle" not in fragment(document())


def test_right_to_left_languages_are_marked():
    assert 'lang="ar" dir="rtl"' in fragment(document(title="مدير", language="ar"))


# --- words for facts and pay


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (2, 4, "2 to 4 years"),
        (4, None, "4+ years"),
        (1, None, "1+ years"),
        (None, 2, "up to 2 years"),
        (3, 3, "3 years"),
        (None, None, ""),
    ],
)
def test_years_in_words(start, end, words):
    assert fact_labels.years(start, end) == words
    values = tuple("" if value is None else str(value) for value in (start, end))
    assert fact_labels.fact_values(Fact("years", values)) == ([words] if words else [])


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("54840", "USD", "$54,840"),
        ("21.5", "GBP", "£21.50"),
        ("1234567", "CAD", "CAD\u00a01,234,567"),
    ],
)
def test_money_in_words(amount, currency, words):
    assert pay_labels.money(Decimal(amount), currency) == words


def test_choices_and_deadlines_are_shown_in_words():
    assert fact_labels.fact_values(Fact("flsa_status", ("nonexempt",))) == ["Nonexempt"]
    assert fact_labels.fact_values(Fact("apply_by", ("open",))) == ["Open until filled"]
    assert fact_labels.fact_values(Fact("apply_by", ("2026-04-30",))) == ["April 30, 2026"]
    assert fact_labels.fact_values(Fact("apply_by", ("soon",))) == ["soon"]


# --- the PDF


def test_the_pdf_has_every_text_in_order(printed):
    assert_in_order(
        text_of(printed),
        *("Account Manager", "Sales · Denver, Austin · Hybrid", "About Northwind"),
        *("Northwind sells.", "And buys.", "Details", "2 to 4 years", "Denver, CO, US", "Austin"),
        *(
            "Overview",
            "[X]",
            "What it is",
            "Two kinds:",
            "Hunting",
            "Objectives",
            "Keep revenue",
            "Grow",
        ),
        *("Duties", "Daily", "Answer", "Essential function · 30% of time · Daily", "Weekly"),
        *("Plan", "Ask first", "Write it down", "Report", "A page for each account."),
        *("Skills", "Tact: Says no kindly.", "Expert", "A degree", "Required", "Preferred"),
        *("Reports to:", "Director of Sales", "Finance", "Invoices", "By place:", "$72,000"),
        *("Market references", "Indeed, July 2022", "And a bonus.", "Who leads?"),
        *("The director.", "Employee", "Other"),
    )


def test_pdf_metadata(printed):
    reader = read(printed)
    assert reader.metadata.title == "Account Manager"
    assert reader.metadata.author == "Northwind Ltd"
    assert reader.metadata.creation_date.date() == date(2026, 3, 12)
    assert reader.metadata["/Keywords"] == f"sha256:{'ab' * 32}"
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_pdf_has_no_date_without_a_day():
    reader = read(pdf.render(document(), replace(version(), day=None)))
    assert not {"/CreationDate", "/ModDate"} & reader.metadata.keys()


def structure(reader):
    """Every structure element of the tree as (type, attributes)."""
    waiting, elements = [reader.trailer["/Root"]["/StructTreeRoot"]], []
    while waiting:
        element = waiting.pop().get_object()
        if not isinstance(element, dict):
            continue
        if "/S" in element:
            elements.append((element["/S"], element.get("/A", {})))
        kids = element.get("/K", [])
        waiting.extend(kids if isinstance(kids, list) else [kids])
    return elements


def test_the_tags_name_headings_lists_tables_and_the_logo(printed):
    tags = structure(read(printed))
    kinds = {kind for kind, _ in tags}
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Lbl", "/LBody", "/Table"} <= kinds
    assert {"/TR", "/TH", "/TD", "/Caption", "/Figure"} <= kinds
    scopes = [attributes.get("/Scope") for kind, attributes in tags if kind == "/TH"]
    assert set(scopes) == {"/Row", "/Column"}


def test_headings_are_bookmarks(printed):
    outline = read(printed).outline
    assert outline[0]["/Title"] == "Account Manager"
    assert [entry["/Title"] for entry in outline[1] if not isinstance(entry, list)][:2] == [
        "About Northwind",
        "Details",
    ]


def test_the_pdf_passes_pdf_ua_1(everything, printed):
    for data in (printed, pdf.render(everything, replace(draft(), logo=png()))):
        report = page_validation.validate_pdf_bytes(data, profile="ua1")
        assert [failure.message for failure in report.failures] == []
        assert report.is_compliant


def test_every_font_is_embedded(printed):
    fonts = read(printed).pages[0]["/Resources"]["/Font"]
    names = set()
    for font in (entry.get_object() for entry in fonts.values()):
        descendant = font["/DescendantFonts"][0].get_object()
        descriptor = descendant["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys(), font["/BaseFont"]
        names.add(font["/BaseFont"].split("+")[1])
    assert {"Source-Sans-Pro", "Source-Sans-Pro-Semi-Bold"} <= names


@pytest.mark.parametrize(
    ("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792)), ("Napkin", (595, 842))]
)
def test_the_paper_is_the_organizations(paper, size):
    box = read(pdf.render(document(), draft(paper=paper))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_each_page_has_the_footer():
    lines = [line(f"Duty {n}") for n in range(90)]
    reader = read(pdf.render(document(section("responsibilities", "Duties", *lines)), version()))
    total = len(reader.pages)
    assert total > 1
    for number, sheet in enumerate(reader.pages, start=1):
        text = sheet.extract_text()
        assert f"Page {number} of {total}" in text
        assert "ACC-0007 · Version 3 · March 12, 2026" in text
        assert "Northwind Ltd" in text
        assert "Account Manager" in text


def test_page_margins_are_pagination_and_not_read(printed):
    content = read(printed).pages[1].get_contents().get_data()
    matches = re.findall(rb"/Artifact\s*<<\s*/Type\s*/Pagination\s*>>\s*BDC", content)
    assert len(matches) == 4  # organization, title, edition, page


def watermarks(reader):
    return reader.pages[0]["/Resources"].get("/Pattern", {})


def test_only_drafts_have_a_watermark_as_artifact():
    value = document(section("summary", "Overview", paragraph("Words.")))
    of_draft, of_version = pdf.render(value, draft()), pdf.render(value, version())
    assert watermarks(read(of_draft))
    assert not watermarks(read(of_version))
    assert text_of(of_draft).count("DRAFT") == 1  # at the foot, in words
    assert "DRAFT" not in text_of(of_version)


@pytest.mark.slow
def test_a_heading_stays_with_what_follows():
    """Whatever is before it, no heading is the last thing on a page."""
    for filler in range(34, 46):
        lines = [line(f"Filler {n}") for n in range(filler)]
        value = document(section("other", "First", *lines), section("other", "Last", line("End")))
        pages = [sheet.extract_text() for sheet in read(pdf.render(value, version())).pages]
        assert sum("Last" in text for text in pages) == 1
        assert next("End" in text for text in pages if "Last" in text)


@pytest.mark.slow
def test_table_head_repeats_on_every_page():
    lines = [line(f"Role {n}", detail="Work") for n in range(80)]
    value = document(section("collaborators", "Works with", *lines, style="table"))
    reader = read(pdf.render(value, version()))
    assert all("Collaboration" in sheet.extract_text() for sheet in reader.pages)


@pytest.mark.slow
def test_the_same_document_gives_the_same_bytes(everything, printed):
    edition = replace(version(), logo=SVG)
    assert pdf.render(everything, edition) == printed
    assert pdf.render(document(title="Other"), edition) != printed
    assert pdf.render(everything, edition) == printed


@pytest.mark.slow
def test_threads_give_the_same_bytes():
    value = document(section("summary", "Overview", paragraph("Words. " * 50), line("Entry")))
    expected = pdf.render(value, draft())
    with ThreadPoolExecutor(max_workers=8) as pool:
        prints = list(pool.map(lambda _: pdf.render(value, draft()), range(24)))
    assert set(prints) == {expected}


def test_long_words_break_and_are_kept():
    value = document(section("other", "W", line("W" * 2000), line("&<" * 900)), title="T" * 150)
    data = pdf.render(value, draft())
    squeezed = re.sub(r"\s", "", text_of(data))
    assert squeezed.count("W" * 100) >= 1
    assert squeezed.count("&<") == 900
    assert read(data).metadata.title == "T" * 150
    assert page_validation.is_pdf_compliant_bytes(data, profile="ua1")


def test_too_many_breaks_become_spaces():
    value = document(section("other", "B", paragraph("a\n" * 4000)))
    assert len(read(pdf.render(value, draft())).pages) < 10
    few = document(section("other", "B", paragraph("a\nb")))
    assert blocks.with_few_breaks(few) is few


def test_invalid_brand_color_changes_nothing():
    value = document()
    plain = pdf.render(value, version(color="#1f4e79"))
    assert pdf.render(value, version(color="red } body { display: none")) == plain


def test_the_table_of_formats_renders():
    entry = FORMATS["pdf"]
    assert (entry.extension, entry.content_type) == ("pdf", "application/pdf")
    assert entry.render(document(), draft()).startswith(b"%PDF-1.7")
    assert entry.fingerprint() == pdf.fingerprint()
    assert len(pdf.fingerprint()) == 64


# --- nothing is fetched


@pytest.fixture
def no_openings(monkeypatch):
    """Fails on any connection and on any file that a URL names."""
    import socket
    import urllib.request

    def refuse(*args, **kwargs):
        raise AssertionError(f"something was fetched: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(urllib.request.OpenerDirector, "open", refuse)
    monkeypatch.setattr(urllib.request.FileHandler, "file_open", refuse)


def test_markup_in_a_text_loads_nothing(no_openings):
    text = '<img src="http://evil.example/x.png"><link rel=attachment href="file:///etc/passwd">'
    data = pdf.render(document(section("other", text, line(text)), title=text), draft())
    assert text_of(data).count("evil.example") >= 3


@pytest.mark.parametrize("address", ["http://evil.example/x.png", "file:///etc/passwd", "data:,x"])
@pytest.mark.parametrize(
    "body",
    [
        '<image href="{0}" width="9" height="9"/>',
        '<style>@import "{0}";</style><rect width="9" height="9"/>',
        "<style>@font-face {{ font-family: x; src: url({0}) }}</style><text>x</text>",
        '<rect width="9" height="9" fill="url({0})"/>',
        '<use href="{0}#a"/>',
    ],
)
def test_hostile_logo_loads_nothing(no_openings, body, address):
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{body}</svg>'
    data = drawing.format(address).encode()
    assert pdf.render(document(), replace(draft(), logo=data)).startswith(b"%PDF")


@pytest.mark.parametrize(
    "url", ["http://a.example/", "file:///etc/passwd", "data:text/plain,x", "jdbuilder:other"]
)
def test_the_fetcher_refuses_all_other_addresses(url):
    import urllib.request

    fetcher = pdf._fetcher({"jdbuilder:logo": ("image/png", b"bytes")})
    assert fetcher("jdbuilder:logo").read() == b"bytes"
    with pytest.raises(ValueError, match="fetches nothing"):
        fetcher(url)
    with pytest.raises(ValueError, match="fetches nothing"):
        fetcher.open(urllib.request.Request(url))  # noqa: S310  # that is what is refused


# --- logos


def svg(body):
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{body}</svg>'.encode()


def jpeg():
    target = io.BytesIO()
    Image.new("RGB", (20, 20)).save(target, "JPEG")
    return target.getvalue()


def test_valid_logos():
    assert logo_formats.content_type(png()) == "image/png"
    assert logo_formats.content_type(jpeg()) == "image/jpeg"
    assert logo_formats.content_type(SVG) == "image/svg+xml"


def gif():
    target = io.BytesIO()
    Image.new("P", (9, 9)).save(target, "GIF")
    return target.getvalue()


BROKEN = {
    "nothing": b"",
    "words": b"not an image",
    "gif": gif(),
    "cut short": png()[:60],
    "too many pixels": png((4000, 4000)),
    "too many bytes": SVG + b" " * 1_000_000,
    "no svg": b"<html/>",
    "entities": b'<!DOCTYPE svg [<!ENTITY a "aa">]>' + svg("&a;"),
    "utf-16": SVG.decode().encode("utf-16"),
    "script": svg("<script>1</script>"),
    "foreign": svg("<foreignObject/>"),
    "copies of copies": svg('<g id="a"><use href="#b"/></g><g id="b"/><use href="#a"/>'),
    "many elements": svg("<g/>" * 3000),
    "deep": svg("<g>" * 1500 + "</g>" * 1500),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_invalid_logo_is_left_out(data):
    text = text_of(pdf.render(document(), replace(draft(), logo=data)))
    assert "Account Manager" in text
    if data != BROKEN["deep"]:
        assert logo_formats.content_type(data) is None
        assert text.startswith("Northwind Ltd")
