"""A comparison as a Word file whose tracked changes give either text."""

import io
import time
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import docx
import pytest
from django.urls import reverse
from docx.oxml import parse_xml
from hypothesis import given
from hypothesis import strategies as st

from roles.comparison import compare
from roles.document import Document, DocumentLine, Fact
from roles.exporters import REDLINES
from roles.exporters.docx import tracked_changes, word_document
from tests import builders, office, samples, strategies
from tests.samples import line, numbered, section, version

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OLD = replace(version(), number=1)
NEW = replace(version(), number=2, day=date(2026, 4, 2), sha256="cd" * 32)


def redlined(old, new, *, editions=(OLD, NEW)):
    return tracked_changes.render(compare(old, new), *editions)


def body_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return parse_xml(archive.read("word/document.xml"))[0]


def comments_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "word/comments.xml" not in archive.namelist():
            return []
        root = parse_xml(archive.read("word/comments.xml"))
    return ["".join(one.xpath(".//w:t/text()")) for one in root]


# --- what Word does


def resolved(content, *, accept):
    """The body as it is when all changes are accepted, or all rejected."""
    body = body_of(content)
    drop = "del" if accept else "ins"
    for row in body.xpath(f".//w:tr[w:trPr/w:{drop}]"):
        row.getparent().remove(row)
    for table in body.xpath(".//w:tbl[not(w:tr)]"):
        table.getparent().remove(table)
    gone = body.xpath(f".//w:p[w:pPr/w:rPr/w:{drop}]")
    for change in body.xpath(f".//w:{drop}[w:r]"):
        change.getparent().remove(change)
    for ended in gone:
        assert not ended.xpath(".//w:t | .//w:delText"), "the end went, and words stayed"
        ended.getparent().remove(ended)
    for words in body.iter(f"{W}delText"):
        assert not accept
        words.tag = f"{W}t"
    return body


def paragraphs_of(body):
    """Every paragraph and table cell: style, words, place in which table."""
    paragraphs = []
    for one in body.iter(f"{W}p"):
        style = one.xpath("string(w:pPr/w:pStyle/@w:val)")
        if style == "RedlineSummary":
            continue
        words = "".join(
            "\n" if piece.tag == f"{W}br" else piece.text or ""
            for piece in one.iter(f"{W}t", f"{W}br")
        )
        row = next(one.iterancestors(f"{W}tr"), None)
        place = row.getparent().index(row) if row is not None else None
        paragraphs.append((style, words, place))
    return paragraphs


def assert_both_texts(old, new):
    content = redlined(old, new)
    for side, accept in ((new, True), (old, False)):
        filled = side.filled()
        language = new.language  # the words of a redline are of one language
        expected = word_document.render(replace(filled, language=language), replace(NEW, number=1))
        assert paragraphs_of(resolved(content, accept=accept)) == paragraphs_of(body_of(expected))


# --- samples


@pytest.fixture(scope="module")
def old():
    return samples.everything()


@pytest.fixture(scope="module")
def new(old):
    """Some of everything: reworded, moved, added, removed, marked otherwise."""
    old_sections = {part.kind: part for part in old.sections}
    duties = old_sections["responsibilities"]
    answer, plan, report = duties.lines
    changed = {
        "responsibilities": replace(
            duties,
            lines=(
                replace(report, group="Daily"),
                replace(answer, text="Answer every call", percent=40),
                replace(plan, lines=plan.lines[:1]),
                DocumentLine("new-line", "Listen", group="Weekly"),
            ),
        ),
        "qualifications": replace(
            old_sections["qualifications"],
            lines=tuple(
                replace(one, requirement="required") for one in old_sections["qualifications"].lines
            ),
        ),
        "collaborators": replace(
            old_sections["collaborators"],
            lines=(
                DocumentLine("new-row", "Legal", detail="Contracts"),
                replace(old_sections["collaborators"].lines[0], detail="Invoices and forecasts"),
            ),
        ),
        "pay": replace(
            old_sections["pay"],
            pay_ranges=(replace(old_sections["pay"].pay_ranges[0], maximum=Decimal(92000)),),
        ),
        "other": replace(old_sections["other"], style="table"),
    }
    sections = [changed.get(part.kind, part) for part in old.sections if part.kind != "benefits"]
    sections.insert(2, sections.pop(10))
    facts = tuple(
        replace(fact, values=("remote",)) if fact.name == "work_mode" else fact
        for fact in old.facts
    )
    return replace(old, title="Senior Account Manager", sections=tuple(sections), facts=facts)


@pytest.fixture(scope="module")
def content(old, new):
    return redlined(old, new)


# --- both texts


def test_accepting_gives_the_new_text_and_rejecting_the_old(old, new):
    assert_both_texts(old, new)
    assert_both_texts(new, old)


@pytest.mark.parametrize("code", ["account-manager-full", "account-manager-mid"])
def test_two_templates(code):
    templates = samples.of_templates()
    assert_both_texts(templates[code], templates["account-manager-senior"])


@pytest.mark.slow
def test_the_hostile_document_against_half_of_itself():
    whole = samples.hostile()
    half = replace(
        whole,
        title="A & <b>",
        sections=tuple(
            replace(part, lines=tuple(reversed(part.lines[::2]))) for part in whole.sections[::2]
        ),
    )
    start = time.perf_counter()
    assert_both_texts(whole, half)
    assert_both_texts(half, whole)
    assert time.perf_counter() - start < 20


def _sharing(value):
    """The same with uids by place: two such documents share lines that say something else."""
    return numbered(value)


@strategies.examples(60)
@given(
    old=strategies.documents.map(_sharing),
    new=strategies.documents.map(_sharing),
    turned=st.booleans(),
)
def test_any_two_documents(old, new, turned):
    if turned:
        new = replace(new, sections=tuple(reversed(old.sections)))
    assert_both_texts(old, new)


def test_equal_documents_have_no_changes(old):
    content = redlined(old, old)
    assert not body_of(content).xpath(".//w:ins | .//w:del")
    assert comments_of(content) == []
    (*_, sentence, _about) = [p.text for p in docx.Document(io.BytesIO(content)).paragraphs][:4]
    assert sentence == "No changes. The text is the same."


@pytest.mark.slow
def test_word_has_nothing_to_repair(tmp_path, content):
    assert office.complaints(content, tmp_path) == []
    whole = samples.hostile()
    turned = replace(whole, sections=whole.sections[::-2])
    assert office.complaints(redlined(whole, turned), tmp_path) == []


# --- what a person sees in Word


def test_a_reworded_line_is_changed_word_by_word(content):
    (reworded,) = [
        p
        for p in body_of(content).iter(f"{W}p")
        if "every call" in "".join(p.xpath(".//w:t/text()"))
    ]
    assert "".join(reworded.xpath("w:r//w:t/text()")).startswith("Answer")
    assert "every call" in "".join(reworded.xpath("w:ins//w:t/text()"))
    assert "".join(reworded.xpath("w:del//w:delText/text()")).strip() == "30%"
    assert not reworded.xpath("w:pPr/w:rPr")


def test_changes_have_organization_and_newer_date(content):
    body = body_of(content)
    changes = [*body.iter(f"{W}ins"), *body.iter(f"{W}del")]
    assert {change.get(f"{W}author") for change in changes} == {"Northwind Ltd"}
    assert {change.get(f"{W}date") for change in changes} == {"2026-04-02T00:00:00Z"}
    numbers = [change.get(f"{W}id") for change in changes]
    assert len(set(numbers)) == len(numbers) > 10


def test_summary_is_at_the_top(content):
    paragraphs = docx.Document(io.BytesIO(content)).paragraphs
    summary = [p.text for p in paragraphs if p.style and p.style.name == "Redline Summary"]
    assert paragraphs[0].text == "Northwind Ltd"
    assert paragraphs[1].text == summary[0]
    assert summary[0] == (
        f"Changes from ACC-0007 · Version 1 · March 12, 2026 · {'ab' * 6}"
        f" to ACC-0007 · Version 2 · April 2, 2026 · {'cd' * 6}"
    )
    assert any("1 line added" in sentence or "lines added" in sentence for sentence in summary)
    assert any("raised from $72,000 – $88,000 to $72,000 – $92,000" in s for s in summary)
    assert "Delete" in summary[-1]


def test_comments_describe_other_changes(content):
    comments = comments_of(content)
    assert "Preferred → Required" in comments
    assert any("30% of time → 40% of time" in words for words in comments)
    assert any("moved from the group “Weekly”" in words for words in comments)
    assert any(words.startswith("moved to the group “Daily”") for words in comments)
    assert any("Bulleted → Table" in words for words in comments)


def test_each_comment_is_anchored_once(content):
    body = body_of(content)
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        numbers = [int(one.get(f"{W}id")) for one in body.iter(f"{W}{tag}")]
        assert sorted(numbers) == list(range(len(comments_of(content))))


def test_table_with_other_columns_is_replaced_as_a_whole(old):
    def with_detail(detail):
        return numbered(
            Document(
                "A",
                sections=(section("collaborators", "B", line("C", detail=detail), style="table"),),
            )
        )

    content = redlined(with_detail("D"), with_detail(""))
    tables = body_of(content).findall(f"{W}tbl")
    assert [len(t.findall(f"{W}tr")) for t in tables] == [2, 2]
    assert (
        len(tables[0].xpath("w:tr/w:trPr/w:del")) == len(tables[1].xpath("w:tr/w:trPr/w:ins")) == 2
    )
    assert_both_texts(with_detail("D"), with_detail(""))


def test_file_names_both_versions(content):
    word_file = docx.Document(io.BytesIO(content))
    assert word_file.core_properties.title == "Senior Account Manager: Version 1 → Version 2"
    foot = "".join(word_file.sections[0].footer._element.xpath(".//w:t/text()"))
    assert foot.startswith(f"ACC-0007 · Version 1 ({'ab' * 6}) → Version 2 ({'cd' * 6})")


def test_the_same_comparison_gives_the_same_bytes(old, new, content):
    assert redlined(old, new) == content
    assert REDLINES["docx"].render(compare(old, new), OLD, NEW) == content


def test_hidden_content_is_nowhere_in_the_package():
    old = samples.hostile()
    facts = tuple(fact for fact in old.facts if fact.name != "pay_grade")
    now = replace(
        old,
        sections=old.sections[::-1],
        facts=(*facts, Fact("pay_grade", ("G7",), audience="restricted")),
    )
    content = redlined(old.for_audience("public"), now.for_audience("public"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode(
            "utf-8", "replace"
        )
    assert not any(secret in whole for secret in samples.SECRETS.values())


# --- through the product and through LibreOffice


@pytest.mark.django_db
def test_the_compare_page_offers_it(client_for):
    client = client_for("hr")
    jd = builders.description(client.user)
    builders.version(jd)
    builders.add_line(jd, jd.sections.all()[0].uid, "One more line")
    page = client.get(reverse("compare", args=[jd.reference]))
    address = reverse("compare_export", args=[jd.reference, "docx"])
    assert address in page.content.decode()
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Disposition"].split(";")[1].strip().endswith('.docx"')
    assert "One more line" in "".join(body_of(response.content).xpath(".//w:ins//w:t/text()"))


@pytest.mark.slow
def test_libreoffice_reads_both_texts_in_it(tmp_path, old, new, content):
    """It shows what was removed and what was added, one after the other."""
    read = office.texts({"redline": content}, tmp_path)["redline"]
    for words in (
        "Senior",
        "every call",
        "Contracts",
        "Leave",
        "$72,000 – $92,000",
        "Write it down",
    ):
        assert words in read
