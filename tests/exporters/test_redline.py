"""Redlines (exporters/redline) and their sentences (exporters/change_messages), on screen and on
paper."""

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import page as page_validation
import pypdf
import pytest

from roles.comparison import compare
from roles.document import Answer, Document, DocumentPayRange, DocumentPlace, Fact
from roles.editions import Edition
from roles.exporters import REDLINES, change_messages, file_names, redline
from tests import samples

OLD = samples.version()
NEW = replace(samples.version(), number=4, day=date(2026, 9, 2), sha256="0c" * 32)
DRAFT = samples.draft()


def document(*sections, title="Account manager", **fields):
    return samples.numbered(Document(title, sections=sections, **fields))


def of_lines(*lines, kind="responsibilities", **fields):
    return document(samples.section(kind, "Duties", *lines, **fields))


def with_lines(value, *lines):
    """The first section with these lines, which keep their uids."""
    first, *others = value.sections
    return replace(value, sections=(replace(first, lines=lines), *others))


def article(old, new, **options):
    comparison = compare(old, new)
    return redline.article_html(comparison, OLD, NEW, logo_url="", **options)


def visible_text(html):
    """What a screen reader says: the text without tags, on one line."""
    text = re.sub(r"<[^>]+>", " ", html.replace("\N{NO-BREAK SPACE}", " "))
    return " ".join(text.split())


def summary_sentences(old, new):
    return change_messages.sentences(compare(old, new))


def ua1_failures(data):
    failures = page_validation.validate_pdf_bytes(data, profile="ua1").failures
    return [failure.message for failure in failures]


def read(data):
    return pypdf.PdfReader(io.BytesIO(data))


class TestArticle:
    def test_words_are_marked_and_announced(self):
        old = of_lines(samples.line("Two years of work with customers."))
        (line,) = old.sections[0].lines
        new = with_lines(old, replace(line, text="Four years of work with customers."))
        html = article(old, new)
        assert re.search(r"<del><span[^>]*>removed:.</span>Two</del>", html)
        assert re.search(r"<ins><span[^>]*>added:.</span>Four<span", html)
        assert "removed: Two added: Four (end) years of work with customers." in visible_text(html)

    def test_added_removed_and_moved_lines(self):
        old = of_lines(*(samples.line(text) for text in ("Ask", "Bring", "Carry")))
        a, b, c = old.sections[0].lines
        new = with_lines(old, c, a, replace(b, uid="other", text="Build"))
        text = visible_text(article(old, new))
        assert "Carry (moved up)" in text
        assert text.count("Carry") == 1
        assert "removed: Bring" in text
        assert "added: Build" in text

    def test_a_line_of_another_section_names_it(self):
        old = document(
            samples.section("skills", "Your skills", samples.line("Travel")),
            samples.section("responsibilities", "Duties", samples.line("Plan")),
        )
        skills, duties = old.sections
        moved = (replace(skills, lines=()), replace(duties, lines=(*duties.lines, *skills.lines)))
        text = visible_text(article(old, replace(old, sections=moved)))
        assert "Travel (moved from “Your skills”)" in text

    def test_tags_that_changed_are_named(self):
        old = of_lines(samples.line("A degree", requirement="preferred", percent=20))
        (line,) = old.sections[0].lines
        new = with_lines(old, replace(line, requirement="required", percent=30, category="tool"))
        tags = "category none → Tool · Preferred → Required · 20% of time → 30% of time"
        assert f"A degree ({tags})" in visible_text(article(old, new))

    def test_headings_sections_and_their_settings(self):
        old = of_lines(samples.line("Plan"))
        (duties,) = old.sections
        new = replace(
            old, sections=(replace(duties, heading="Tasks", audience="internal", style="numbers"),)
        )
        text = visible_text(article(old, new))
        assert "removed: Duties added: Tasks" in text
        assert "(visible to Public → Internal · Bulleted → Numbered)" in text

    def test_facts_and_pay(self):
        facts = samples.section("facts", "Details", facts=("department", "locations", "work_mode"))
        pay = DocumentPayRange("p", Decimal(70000), Decimal(90000), location="Denver")
        salary = samples.section("pay", "Pay", pay_ranges=(pay,))
        places = Fact("locations", places=(DocumentPlace("Denver"),))
        old = document(facts, salary, facts=(Fact("department", ("Sales",)), places))
        raised = replace(pay, minimum=Decimal(75000), maximum=Decimal(95000))
        more = replace(places, places=(DocumentPlace("Denver"), DocumentPlace("Austin")))
        new = replace(
            old,
            facts=(Fact("department", ("Service",)), more, Fact("work_mode", ("remote",))),
            sections=(old.sections[0], replace(old.sections[1], pay_ranges=(raised,))),
        )
        text = visible_text(article(old, new))
        assert "Department: removed: Sales added: Service" in text
        assert "Locations: Denver; added: Austin" in text
        assert "added: Work mode : added: Remote" in text
        assert "removed: $70,000 – $90,000 added: $75,000 – $95,000" in text

    def test_only_what_changed(self):
        old = document(
            samples.section("summary", "About", samples.paragraph("Unchanged words.")),
            samples.section(
                "responsibilities",
                "Duties",
                *(samples.line(f"Duty {number}.") for number in range(6)),
                style="numbers",
            ),
            samples.section("legal", "Legal", samples.paragraph("Fair to all.")),
        )
        duties = old.sections[1]
        lines = [*duties.lines[:3], replace(duties.lines[3], percent=10), *duties.lines[4:]]
        sections = (old.sections[0], replace(duties, lines=tuple(lines)), old.sections[2])
        new = replace(old, sections=sections)
        html = article(old, new, only_changed=True)
        text = visible_text(html)
        assert "Unchanged: About" in text
        assert "Unchanged: Legal" in text
        assert "3 unchanged lines" in text
        assert "2 unchanged lines" in text
        assert 'start="4"' in html
        assert "Unchanged words." not in text
        assert "Duty 0." not in text
        assert "Duty 0." in visible_text(article(old, new))

    def test_markup_is_escaped(self):
        evil = "<script>alert(1)</script> & \"'"
        lines = [samples.line(evil, detail=evil, group=evil), samples.paragraph(evil)]
        pay = DocumentPayRange("p", Decimal(1), Decimal(2), location=evil, level=evil)
        old = document(
            samples.section("skills", evil, *lines, pay_ranges=(pay,), facts=("own",)),
            title=evil,
            facts=(Fact("own", (evil,), label=evil),),
        )
        comparison = compare(Document("x"), old)
        html = redline.page_html(comparison, OLD, replace(NEW, reference=evil), logo_url="")
        back = compare(old, replace(old, title="x", sections=()))
        html += redline.page_html(back, OLD, NEW, logo_url="")
        assert "<script" not in html
        assert "&amp;lt;" not in html
        assert not re.search(r"\sstyle=|\son\w+=", html)

    def test_both_sides_have_labels(self):
        text = visible_text(article(samples.everything(), samples.everything()))
        assert "Changes from ACC-0007 · Version 3 · March 12, 2026 · abababababab" in text
        assert "to ACC-0007 · Version 4 · Sept. 2, 2026 · 0c0c0c0c0c0c" in text
        assert "No changes. The text is the same." in text


class TestSentences:
    def test_the_summary_in_words(self):
        qualifications = samples.section(
            "qualifications",
            "Requirements",
            *(samples.line(f"Degree {n}", requirement="required") for n in range(3)),
        )
        pay = DocumentPayRange("p", Decimal(70000), Decimal(90000), location="Denver")
        old = document(qualifications, samples.section("pay", "Pay", pay_ranges=(pay,)))
        first, second = old.sections
        a, b, c = first.lines
        lines = (c, replace(a, text="Degree nought"), replace(b, requirement="preferred"))
        raised = replace(pay, minimum=Decimal(75000), maximum=Decimal(95000))
        new = replace(
            old,
            title="Manager",
            sections=(replace(first, lines=lines), replace(second, pay_ranges=(raised,))),
        )
        assert summary_sentences(old, new) == [
            "1 line reworded, 1 moved, 1 with changed settings",
            "Title: “Account manager” → “Manager”",
            "Required qualifications: 3 → 2",
            "Preferred qualifications: 0 → 1",
            "Pay in Denver raised from $70,000 – $90,000 to $75,000 – $95,000",
        ]

    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            ({"maximum": Decimal(80)}, {"maximum": Decimal(60)}, "Pay lowered from $9 – $80 to"),
            ({}, {"period": "hour"}, "Pay changed from $9 – $80 per year to $9 – $80 per hour"),
            ({}, {"currency": "EUR"}, "Pay changed from $9 – $80 to €9 – €80"),
            (
                {"location": "Denver"},
                {"location": "Austin"},
                "Pay in Denver changed from $9 – $80 per year, Denver to $9 – $80 per year, Austin",
            ),
            (
                {"level": "Senior", "years_from": 4},
                {"level": "Senior", "years_from": 4, "minimum": Decimal(10)},
                "Pay (Senior, 4+ years) raised from $9 – $80 to $10 – $80",
            ),
        ],
    )
    def test_pay(self, old, new, sentence):
        usual = {"uid": "p", "minimum": Decimal(9), "maximum": Decimal(80)}
        sides = [
            document(
                samples.section("pay", "Pay", pay_ranges=(DocumentPayRange(**{**usual, **values}),))
            )
            for values in (old, new)
        ]
        assert summary_sentences(*sides)[0].startswith(sentence)

    def test_sections_are_named_while_they_are_few(self):
        value = samples.everything()
        assert summary_sentences(replace(value, sections=value.sections[:-1]), value) == [
            "1 line added",
            "Section added: “Other”",
        ]
        sentences = summary_sentences(replace(value, sections=()), value)
        assert "Sections added: “About Northwind”, “Details”, “Overview” and 17 more" in sentences

    def test_facts(self):
        old = document(facts=(Fact("department", ("Sales",)), Fact("job_code", ("A",))))
        new = document(
            facts=(
                Fact("department", ("Sales",), audience="internal"),
                Fact("years", ("2", "4")),
            )
        )
        assert summary_sentences(old, new) == [
            "Department: visible to Public → Internal",
            "Job code removed: A",
            "Years of experience added: 2 to 4 years",
        ]

    def test_arrows_point_in_reading_direction(self):
        value = samples.right_to_left()
        (text,) = (visible_text(article(value, replace(value, title="مدير")))).split(
            "What changed"
        )[1:]
        assert "→" not in text
        assert "←" in text

    @pytest.mark.slow
    def test_every_kind_of_point_has_a_message(self):
        """Everything that differs makes at least one sentence, whatever it is."""
        value = samples.everything()
        for other in (samples.right_to_left(), samples.hostile(), Document("x"), *_variants(value)):
            assert summary_sentences(value, other)
            assert summary_sentences(other, value)


def _variants(value):
    """The document with one thing changed at a time."""
    yield replace(value, language="de")
    yield replace(value, facts=value.facts[::-1])
    yield replace(value, sections=value.sections[::-1])
    yield replace(value, answers=(Answer("company name", "Another"),))
    for number, section in enumerate(value.sections):
        for values in (
            {"heading": "Another"},
            {"audience": "restricted"},
            {"style": "plain" if section.style != "plain" else "table"},
            {"kind": "other" if section.kind != "other" else "legal"},
            {"facts": ("job_family",)},
            {"lines": tuple(replace(line, group="New group") for line in section.lines)},
            {"pay_references": section.pay_references[::-1]},
            {"pay_ranges": section.pay_ranges[::-1]},
        ):
            changed = replace(section, **values)
            if changed != section:
                yield replace(
                    value,
                    sections=(*value.sections[:number], changed, *value.sections[number + 1 :]),
                )


class TestPdf:
    def check(self, old, new, editions=(OLD, NEW)):
        data = redline.render(compare(old, new), *editions)
        assert ua1_failures(data) == []
        return data

    @pytest.mark.slow
    @pytest.mark.parametrize("which", ["everything", "right_to_left"])
    def test_it_passes_pdf_ua_1(self, which):
        value = getattr(samples, which)()
        self.check(value, replace(value, sections=value.sections[::-1]))
        self.check(replace(value, sections=()), value, (OLD, DRAFT))
        self.check(value, replace(value, sections=()))

    @pytest.mark.slow
    def test_templates_and_hostile_documents(self):
        value = list(samples.of_templates().values())
        for old, new in pairwise(value):
            self.check(old, new)
        hostile = samples.hostile()  # no font has all its characters, so it isn't called accessible
        data = redline.render(
            compare(hostile, replace(hostile, sections=hostile.sections[::-1])), OLD, NEW
        )
        assert "/StructTreeRoot" in read(data).trailer["/Root"]
        assert redline.render(compare(hostile, hostile), OLD, NEW) != data

    def test_metadata_names_both_sides(self):
        old = of_lines(samples.line("Two years of work with customers."))
        (line,) = old.sections[0].lines
        new = with_lines(old, replace(line, text="Four years of work with customers."))
        opened = read(self.check(old, new))
        text = " ".join(" ".join(page.extract_text() for page in opened.pages).split())
        assert opened.metadata.title == "Account manager: Version 3 → Version 4"
        assert "ACC-0007 · Version 3 (abababababab) → Version 4 (0c0c0c0c0c0c)" in text
        assert "1 line reworded" in text
        assert "Four" in text
        assert "Two" in text

    @pytest.mark.slow
    def test_the_same_comparison_gives_the_same_bytes(self):
        value = samples.everything()
        other = replace(value, sections=value.sections[1:])
        first, second = (redline.render(compare(value, other), OLD, NEW) for _ in range(2))
        assert first == second


@pytest.mark.slow
def test_the_table_of_redlines():
    comparison = compare(samples.everything(), samples.right_to_left())
    for form in REDLINES.values():
        assert form.render(comparison, OLD, DRAFT)


def test_redline_file_names():
    draft = Edition("ACC-0001")
    one = Edition("ACC-0001", 1)
    name = file_names.redline_name("Account / manager", one, draft, "pdf", "public")
    assert name == "ACC-0001 Account manager (changes from version 1 to draft, public).pdf"
