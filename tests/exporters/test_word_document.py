"""docx: a Word file that says what the PDF says, in styles, lists and tables of Word's own."""

import io
import re
import subprocess
import time
import unicodedata
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from roles import vocabulary
from roles.document import Document, Fact
from roles.editions import Brand, Edition
from roles.exporters import FORMATS, footer, pdf
from roles.exporters.docx import package, runs, word_document
from tests import office, samples, starter_rules, strategies
from tests.samples import draft, line, numbered, section, version

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def document(*sections, title="Account Manager", **fields):
    return numbered(Document(title, sections=sections, **fields))


def opened(content):
    return docx.Document(io.BytesIO(content))


def rendered(value, edition=None):
    return opened(word_document.render(value, edition or version()))


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def styled(word_file):
    """Every paragraph outside tables as (style, text)."""
    return [(p.style.name, p.text) for p in word_file.paragraphs]


def texts_of(word_file, style):
    return [text for name, text in styled(word_file) if name == style]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def picture(kind="PNG", mode="RGB", size=(400, 100)):
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind)
    return target.getvalue()


# --- structure


@pytest.fixture(scope="module")
def everything():
    return rendered(samples.everything(), version(color="#0b6e4f"))


def test_paragraphs_have_words_own_styles(everything):
    word_file = styled(everything)
    assert word_file[:3] == [
        ("Organization", "Northwind Ltd"),
        ("Title", "Account Manager"),
        ("Subtitle", "Sales · Denver, Austin · Hybrid"),
    ]
    headings = [part.heading for part in samples.everything().filled().sections]
    assert texts_of(everything, "Heading 1") == headings
    assert texts_of(everything, "Heading 2") == ["Daily", "Weekly", "Who leads?"]
    assert "Hunting" in texts_of(everything, "List Bullet")
    assert texts_of(everything, "List Bullet 2") == ["Ask first", "Write it down"]
    assert texts_of(everything, "List Number")[:2] == ["Keep revenue", "Grow"]
    assert texts_of(everything, "List Continue") == ["A page for each account."]
    assert texts_of(everything, "List") == ["Travel", "Reports to: Director of Sales"]
    assert texts_of(everything, "Caption") == ["Market references: Account manager"]
    assert texts_of(everything, "Signature") == ["Employee"]
    assert "Northwind sells." in texts_of(everything, "Body Text")
    assert "And\nbuys." in texts_of(everything, "Body Text")


def test_tags_follow_the_line(everything):
    numbers = texts_of(everything, "List Number")
    assert "Answer (Essential function · 30% of time · Daily)" in numbers
    assert "A degree (Required)" in texts_of(everything, "List Bullet")
    assert "Tact: Says no kindly. (Expert)" in texts_of(everything, "List Bullet")
    skill = next(p for p in everything.paragraphs if p.text.startswith("Tact"))
    assert [(run.style.name, run.text) for run in skill.runs if run.style.name == "Strong"] == [
        ("Strong", "Tact"),
        ("Strong", ":"),
    ]


def test_line_stays_on_the_page_with_its_detail():
    """Nor are its paragraphs kept with anything else: a page could not end between lines."""
    sub = line("Below", detail="More of it.")
    lines = (
        line("Alone"),
        line("Explained", detail="Why.\n\nHow.", lines=(sub,)),
        samples.paragraph("First.\n\nSecond.", detail="Third."),
        line("Last"),
    )
    word_file = rendered(document(section("responsibilities", "What you do", *lines)))
    kept = [p.text for p in word_file.paragraphs if p.paragraph_format.keep_with_next]
    assert kept == ["Explained", "Below", "Second."]


def numbers_of(word_file):
    return {
        p.text.split(" (")[0]: p._p.pPr.numPr.numId.val
        for p in word_file.paragraphs
        if p.style.name == "List Number"
    }


def test_numbering_continues_in_groups_and_restarts_in_sections(everything):
    numbers = numbers_of(everything)
    assert numbers["Answer"] == numbers["Plan"] == numbers["Report"]
    assert numbers["Keep revenue"] == numbers["Grow"] != numbers["Answer"]
    lists = everything.part.numbering_part.element
    for number in set(numbers.values()):
        (one,) = lists.xpath(f"w:num[@w:numId='{number}']")
        assert one.xpath("w:lvlOverride/w:startOverride/@w:val") == ["1"]


def test_tables_have_repeated_heads_and_full_width(everything):
    facts, collaborators, ranges, references = everything.tables
    assert cells(facts)[1] == ["Locations", "Denver, CO, US\nAustin"]
    assert cells(collaborators) == [["Role", "Collaboration"], ["Finance", "Invoices"]]
    assert cells(ranges)[1] == ["Denver", "", "2 to 4 years", "$72,000 – $88,000", "per year"]
    assert cells(references)[0] == ["Figure", "Source"]
    for table in (collaborators, ranges, references):
        assert table._tbl.xpath("w:tr[1]/w:trPr/w:tblHeader")
        assert not table._tbl.xpath("w:tr[2]/w:trPr/w:tblHeader")
        assert {p.style.name for cell in table.rows[0].cells for p in cell.paragraphs} == {
            "Table Heading"
        }
    assert not facts._tbl.xpath(".//w:tblHeader")
    width = everything.sections[0].page_width - 2 * everything.sections[0].left_margin
    for table in everything.tables:
        assert table.style.name == "Job Description"
        total = sum(column.width for column in table.columns)
        assert 0.99 * width <= total <= width


def test_blanks_are_highlighted_and_values_are_plain_text():
    value = samples.everything()
    word_file = rendered(value)
    marked = {
        run.text: run.style.name
        for p in word_file.paragraphs
        for run in p.runs
        if run.font.highlight_color
    }
    assert marked == {"[X]": "Open Placeholder"}
    assert "About Northwind" in texts_of(word_file, "Heading 1")


def test_empty_section_is_shown_only_in_drafts():
    value = document(section("career", "Career path"))
    shown = rendered(value, draft())
    assert texts_of(shown, "Heading 1") == ["Career path"]
    assert texts_of(shown, "Nothing Here") == ["No content yet"]
    assert texts_of(rendered(value), "Heading 1") == []


def test_every_used_style_is_one_of_the_document(everything):
    content = word_document.render(samples.hostile(), draft())
    body = parse_xml(parts(content)["word/document.xml"])
    styles = parse_xml(parts(content)["word/styles.xml"])
    known = {style.get(f"{W}styleId") for style in styles.iter(f"{W}style")}
    used = {
        element.get(f"{W}val")
        for tag in ("pStyle", "rStyle", "tblStyle")
        for element in body.iter(f"{W}{tag}")
    }
    assert used <= known


# --- properties, header and footer


def test_properties(everything):
    about = everything.core_properties
    assert about.title == "Account Manager"
    assert about.author == about.last_modified_by == "Northwind Ltd"
    assert about.subject == "ACC-0007"
    assert about.keywords == f"sha256:{'ab' * 32}"
    assert about.language == "en-US"
    day = datetime(2026, 3, 12)
    assert about.created.replace(tzinfo=None) == about.modified.replace(tzinfo=None) == day


def test_no_date_without_a_day():
    content = word_document.render(document(), replace(version(), day=None))
    assert b"dcterms:created" not in parts(content)["docProps/core.xml"]


def test_header_of_later_pages_and_footer_of_all(everything):
    (page,) = everything.sections
    assert page.different_first_page_header_footer
    assert page.header.paragraphs[0].text == "Northwind Ltd\tACC-0007"
    assert page.first_page_header.paragraphs[0].text.strip() == ""
    for foot in (page.footer, page.first_page_footer):
        text = "".join(foot._element.xpath(".//w:t/text()"))
        assert text == f"ACC-0007 · Version 3 · March 12, 2026 · {'ab' * 6}Page 1 of 1"
        fields = foot._element.xpath(".//w:fldSimple/@w:instr")
        assert [field.strip() for field in fields] == ["PAGE", "NUMPAGES"]


def test_a_draft_says_so_on_every_page():
    (page,) = rendered(document(), draft()).sections
    assert "DRAFT" in page.header.paragraphs[0].text
    assert "DRAFT" in page.first_page_header.paragraphs[0].text
    assert "DRAFT" in page.footer.paragraphs[0].text
    for header in (page.header, page.first_page_header):
        (word,) = header._element.xpath(".//*[local-name()='textpath']/@string")
        assert word == "DRAFT"


@pytest.mark.parametrize("edition", [version(), replace(draft(), is_template=True), Edition("")])
def test_only_drafts_are_marked(edition):
    edition = replace(edition, is_template=edition.is_draft)
    package_parts = parts(word_document.render(document(), edition))
    assert not any(b"DRAFT" in content for content in package_parts.values())
    assert b"textpath" not in package_parts["word/header1.xml"] + package_parts["word/header2.xml"]


@pytest.mark.parametrize(
    ("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792)), ("Napkin", (595, 842))]
)
def test_the_paper_is_the_organizations(paper, size):
    (page,) = rendered(document(), version(paper=paper)).sections
    assert (round(page.page_width.pt), round(page.page_height.pt)) == size


def test_brand_color_is_readable_and_in_the_theme():
    package_parts = parts(word_document.render(document(), version(color="#ffe14d")))
    theme = parse_xml(package_parts["word/theme/theme1.xml"])
    accent = theme.find(".//{*}accent1/{*}srgbClr").get("val").encode()
    assert accent != b"FFE14D"
    assert (
        b'w:color w:val="' + accent + b'" w:themeColor="accent1"'
        in package_parts["word/styles.xml"]
    )
    assert package_parts["word/theme/theme1.xml"].count(b'typeface="Source Sans Pro"') == 2
    wild = word_document.render(document(), version(color='"/><w:evil/>'))
    assert wild == word_document.render(document(), version(color="#1f4e79"))


# --- logos


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("PNG", mode) for mode in ("RGB", "P", "RGBA", "I;16")),
        *(("JPEG", mode) for mode in ("RGB", "L", "CMYK")),
    ],
)
def test_logo_in_the_head_has_a_name(kind, mode):
    word_file = rendered(document(), replace(version(), logo=picture(kind, mode)))
    (shape,) = word_file.inline_shapes
    assert shape.width.pt <= 180
    assert shape.height.pt <= 42
    assert round(shape.width / shape.height, 1) == 4
    assert shape._inline.docPr.get("descr") == "Northwind Ltd"
    assert word_file.paragraphs[0].text == ""


@pytest.mark.parametrize("data", [b"", b"no picture", b'<svg xmlns="http://www.w3.org/2000/svg"/>'])
def test_name_replaces_a_missing_or_svg_logo(data):
    word_file = rendered(document(), replace(version(), logo=data))
    assert word_file.paragraphs[0].text == "Northwind Ltd"
    assert not word_file.inline_shapes


@pytest.mark.slow
def test_a_large_logo_becomes_as_small_as_it_is_shown():
    content = word_document.render(document(), replace(version(), logo=picture(size=(3000, 2000))))
    assert len(content) < 30_000


# --- directions and languages


def test_right_to_left_language():
    word_file = rendered(samples.right_to_left())
    body = word_file.element.body
    assert all(p.pPr.find(f"{W}bidi") is not None for p in body.iter(f"{W}p"))
    assert len(body.xpath(".//w:tblPr/w:bidiVisual")) == len(word_file.tables) > 0
    assert word_file.core_properties.language == "ar-SA"
    styles = word_file.styles.element
    assert styles.xpath("w:docDefaults//w:lang/@w:bidi") == ["ar-SA"]


def test_words_of_another_direction_are_separate_runs():
    value = document(section("other", "Other", line("Speak עברית שוטפת, and English")))
    (entry,) = [p for p in rendered(value).paragraphs if p.style.name == "List Bullet"]
    marked = [(run.text, run.font.rtl) for run in entry.runs]
    assert marked == [("Speak ", None), ("עברית שוטפת", True), (", and English", None)]
    assert entry._p.pPr.find(f"{W}bidi") is None


def test_mostly_right_to_left_line_in_any_document():
    value = document(section("other", "Other", line("ניהול 25 לקוחות (CRM).")))
    (entry,) = [p for p in rendered(value).paragraphs if p.style.name == "List Bullet"]
    assert entry._p.pPr.find(f"{W}bidi") is not None
    assert [run.text for run in entry.runs] == ["ניהול 25 לקוחות (", "CRM", ")."]


@strategies.examples(150)
@given(text=strategies.typed(80), base=st.sampled_from(["ltr", "rtl"]))
def test_splitting_by_direction_loses_nothing(text, base):
    assert "".join(piece for piece, _is_right in runs.directed(text, base)) == text


# --- hostile texts


@pytest.fixture(scope="module")
def hostile():
    return word_document.render(samples.hostile(), version())


def test_unusual_texts_are_included_as_text(hostile):
    word_file = opened(hostile)
    text = "".join(word_file.element.body.xpath(".//w:t/text()"))
    for odd in samples.FORMULAS:
        for words in odd.split("["):
            assert words.rstrip() in text.replace("\n", "")
    assert not word_file.element.body.xpath(".//w:fldSimple | .//w:instrText")
    links = [rel.target_ref for rel in word_file.part.rels.values() if rel.is_external]
    assert all(link.startswith(("http://", "https://", "mailto:")) for link in links)


def test_characters_that_xml_forbids_are_left_out():
    value = document(section("other", "a\x00b\x1f", line("c\x0b\ud800d\ufffe", group="e\x08f")))
    word_file = rendered(replace(value, title="g\x01h"), Edition("R\x02", brand=Brand("N\x03")))
    text = "|".join(text for _style, text in styled(word_file))
    assert text == "N|gh|ab|ef|cd"
    assert word_file.core_properties.title == "gh"


def test_the_longest_document_takes_a_moment():
    start = time.perf_counter()
    word_document.render(samples.hostile(), draft())
    assert time.perf_counter() - start < 5


@strategies.examples(50)
@given(value=strategies.documents)
def test_any_document_gives_a_readable_file(value):
    content = word_document.render(value, draft())
    assert word_document.render(value, draft()) == content
    for name, part in parts(content).items():
        if name.endswith((".xml", ".rels")):
            parse_xml(part)
    assert rendered(value, draft()).paragraphs


# --- the same bytes, audiences, the table


@pytest.mark.slow
def test_the_same_document_gives_the_same_bytes(hostile):
    with ThreadPoolExecutor(max_workers=4) as pool:
        rendered_files = set(
            pool.map(lambda _: word_document.render(samples.hostile(), version()), range(4))
        )
    assert rendered_files == {hostile}
    with zipfile.ZipFile(io.BytesIO(hostile)) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_hidden_content_is_nowhere_in_the_package(audience):
    value = samples.hostile().for_audience(audience)
    whole = b"".join(parts(word_document.render(value, version())).values()).decode(
        "utf-8", "replace"
    )
    order = vocabulary.AUDIENCE_ORDER
    for level, secret in samples.SECRETS.items():
        assert (secret in whole) == (order.index(level) <= order.index(audience))


def test_a_hidden_fact_is_not_in_the_subtitle():
    facts = (Fact("department", ("Skunk works",), audience="restricted"),)
    value = document(facts=facts).for_audience("public")
    assert b"Skunk" not in b"".join(parts(word_document.render(value, version())).values())


def test_the_table_of_formats_renders():
    entry = FORMATS["docx"]
    assert entry.extension == "docx"
    assert opened(entry.render(document(), draft())).paragraphs[1].text == "Account Manager"
    assert entry.fingerprint() == word_document.fingerprint()
    assert len(word_document.fingerprint()) == 64


def test_relationships_refer_to_parts_of_known_types():
    package_parts = parts(word_document.render(document(), replace(version(), logo=picture())))
    related = parse_xml(package_parts["word/_rels/document.xml.rels"])
    targets = [f"word/{one.get('Target')}" for one in related]
    assert sorted(targets) == sorted(
        name
        for name in package_parts
        if name.startswith("word/") and "document.xml" not in name and "_rels" not in name
    )
    assert len({one.get("Id") for one in related}) == len(targets)


# --- what Word would say, and what LibreOffice reads


SAMPLES = ("everything", "hostile", "right_to_left")


def cases():
    """Every template, and the samples, by name."""
    templates = {code: (value, version()) for code, value in samples.of_templates().items()}
    templates["everything"] = (samples.everything(), draft())
    templates["hostile"] = (samples.hostile(), version())
    templates["right_to_left"] = (samples.right_to_left(), version(paper="Letter"))
    return templates


@pytest.mark.parametrize("name", [*starter_rules.TEMPLATES, *SAMPLES])
def test_word_has_nothing_to_repair(tmp_path, name):
    value, edition = cases()[name]
    content = word_document.render(value, replace(edition, logo=picture()))
    assert office.complaints(content, tmp_path) == []


def test_check_finds_a_file_that_word_would_repair(tmp_path):
    package_parts = parts(word_document.render(samples.everything(), draft()))
    body = package_parts["word/document.xml"].replace(
        b"<w:cantSplit/><w:tblHeader/>", b"<w:tblHead/>", 1
    )
    broken = package.write({**package_parts, "word/document.xml": body})
    assert office.complaints(broken, tmp_path)


@pytest.fixture(scope="module")
def read_by_libreoffice(tmp_path_factory):
    files = {name: word_document.render(*case) for name, case in cases().items()}
    return office.texts(files, tmp_path_factory.mktemp("office"))


def pdf_text(value, edition, folder):
    """The text of the PDF in reading order, without what is in the margins."""
    file = folder / "printed.pdf"
    file.write_bytes(pdf.render(value, edition))
    done = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True)
    pages = [squeezed(page) for page in done.stdout.decode().split("\f")[:-1]]
    head = (edition.brand.name, value.filled().title)
    for number, page in enumerate(pages, start=1):
        foot = f"{footer.edition_line(edition)}Page {number} of {len(pages)}"
        for words in (foot, *(head if number > 1 else ())):
            before, _words, after = page.rpartition(squeezed(words))
            page = before + after
        pages[number - 1] = page
    return "".join(pages)


def squeezed(text):
    """Without white space, numbers and marks of lists, and characters that no one sees."""
    text = re.sub(r"^\s*\d+\.\s", "", text, flags=re.MULTILINE)
    seen = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cn", "Zl", "Zp"))
    return unicodedata.normalize("NFC", re.sub(r"[\s•–\ufe0f]", "", seen))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*starter_rules.TEMPLATES, "everything"])
def test_libreoffice_shows_the_text_of_the_pdf(read_by_libreoffice, tmp_path, name):
    read = squeezed(read_by_libreoffice[name])
    assert len(read) > 500
    value, edition = cases()[name]
    assert read == pdf_text(value, edition, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hostile", "right_to_left"])
def test_libreoffice_shows_every_letter_of_the_pdf(read_by_libreoffice, tmp_path, name):
    """In whichever order pdftotext gives back what was written from right to left: so it is
    letters that are counted, without those of what is in the margins."""
    value, edition = cases()[name]
    read = letters(read_by_libreoffice[name])
    expected_letters = letters(pdf_text(value, edition, tmp_path))
    margins = letters(f"Page {footer.edition_line(edition)} of {value.filled().title}")
    missing = read - expected_letters
    assert not any(expected_letters[letter] for letter in missing)  # but those that no font has
    assert missing.keys().isdisjoint(letters("Account מנהל مدير Łódź Київ"))
    assert set(expected_letters - read) <= set(margins)


def letters(text):
    return Counter(c for c in squeezed(text) if c.isalpha())


@pytest.mark.slow
def test_libreoffice_numbers_the_pages(tmp_path):
    content = word_document.render(samples.everything(), draft())
    pdf = office.converted({"everything": content}, tmp_path, to="pdf")["everything"]
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    for number, sheet in enumerate(reader.pages, start=1):
        text = re.sub(r"\s+", " ", sheet.extract_text())
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "ACC-0007 · DRAFT · March 12, 2026" in text
