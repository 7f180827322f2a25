"""Documents for the tests of every format: plain values, without a database.

`everything()` has every kind of section and every feature of a line, in words that are easy to
look for; `hostile()` what breaks formats, within the limits of `vocabulary`; `right_to_left()`
a small one in Arabic; `of_templates()` what the starter templates make, by their codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import Any

from roles import limits, vocabulary
from roles.document import (
    Answer,
    Document,
    DocumentLine,
    DocumentPayRange,
    DocumentPayReference,
    DocumentPlace,
    DocumentSection,
    Fact,
)
from roles.editions import Brand, Edition

# --- pieces; `numbered` gives them their uids


def line(text: str, **fields: Any) -> DocumentLine:
    return DocumentLine(uid="", text=text, **fields)


def paragraph(text: str, **fields: Any) -> DocumentLine:
    return line(text, form="paragraph", **fields)


def section(kind: str, heading: str, *lines: DocumentLine, **fields: Any) -> DocumentSection:
    return DocumentSection(uid="", kind=kind, heading=heading, lines=lines, **fields)


def numbered(value: Document) -> Document:
    """The same with uids by place, so that one sample is equal to itself at every call."""
    numbers = count(1)

    def with_uid(one: DocumentLine) -> DocumentLine:
        uid = f"line-{next(numbers)}"
        return replace(one, uid=uid, lines=tuple(with_uid(sub) for sub in one.lines))

    return replace(
        value,
        sections=tuple(
            replace(part, uid=f"section-{number}", lines=tuple(with_uid(one) for one in part.lines))
            for number, part in enumerate(value.sections, 1)
        ),
    )


def draft(**brand: Any) -> Edition:
    return Edition("ACC-0007", day=date(2026, 3, 12), brand=Brand("Northwind Ltd", **brand))


def version(**brand: Any) -> Edition:
    return replace(draft(**brand), number=3, sha256="ab" * 32)


# --- everything


def ranges() -> tuple[DocumentPayRange, ...]:
    return (
        DocumentPayRange(
            "p1", Decimal(72000), Decimal(88000), location="Denver", years_from=2, years_to=4
        ),
        DocumentPayRange("p2", Decimal(90000), Decimal("104000.50"), level="Senior", years_from=4),
    )


def references() -> tuple[DocumentPayReference, ...]:
    return (
        DocumentPayReference(
            "Account manager",
            statistic="average",
            amount=Decimal(63348),
            source="Indeed",
            as_of="2022-07",
        ),
        DocumentPayReference(
            "Account manager", low=Decimal(45000), high=Decimal(85000), as_of="2022"
        ),
    )


@lru_cache(maxsize=1)
def everything() -> Document:
    """A document in which every kind of section and every feature of a line occurs."""
    sections = (
        section("company", "About [Company]", paragraph("[Company Name] sells.\n\nAnd\nbuys.")),
        section("facts", "Details", facts=("years", "locations", "work_mode"), style="table"),
        section("summary", "Overview", paragraph("You keep [X] accounts healthy.")),
        section("about_role", "What it is", paragraph("Two kinds:"), line("Hunting")),
        section("objectives", "Objectives", line("Keep revenue"), line("Grow"), style="numbers"),
        section(
            "responsibilities",
            "Duties",
            line("Answer", group="Daily", essential="essential", percent=30, frequency="daily"),
            line("Plan", group="Weekly", lines=(line("Ask first"), line("Write it down"))),
            line("Report", group="Weekly", detail="A page for each account."),
            style="numbers",
        ),
        section("outcomes", "First year", line("Own the portfolio")),
        section("skills", "Skills", line("Tact", detail="Says no kindly.", proficiency="expert")),
        section(
            "qualifications",
            "Requirements",
            line("A degree", requirement="required"),
            line("A second language", requirement="preferred"),
        ),
        section("conditions", "Conditions", line("Travel"), style="plain"),
        section("reporting", "Reporting", facts=("reports_to",), style="plain"),
        section("collaborators", "Works with", line("Finance", detail="Invoices"), style="table"),
        section("career", "Next", line("Head of accounts")),
        section(
            "pay",
            "Pay",
            paragraph("By place:"),
            paragraph("And a bonus."),
            pay_ranges=ranges(),
            pay_references=references(),
        ),
        section("benefits", "Benefits", line("Leave")),
        section("faq", "Questions", line("Who leads?", detail="The director.")),
        section("apply", "Apply", paragraph("Write to us.")),
        section("legal", "Equal opportunity", paragraph("We are fair.")),
        section("acknowledgment", "Signed", paragraph("I have read this."), line("Employee")),
        section("other", "Other", paragraph("Ελλάδα, Łódź, Київ")),
    )
    facts = (
        Fact("department", ("Sales",)),
        Fact("years", ("2", "4")),
        Fact("locations", places=(DocumentPlace("Denver", "CO", "US"), DocumentPlace("Austin"))),
        Fact("work_mode", ("hybrid",)),
        Fact("reports_to", ("Director of Sales",)),
    )
    answers = (Answer("company name", "Northwind"),)
    return numbered(Document("Account Manager", facts=facts, sections=sections, answers=answers))


# --- hostile

FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://evil.example/","here")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "{ MERGEFIELD Name } { INCLUDETEXT http://evil.example/ } { DDEAUTO c calc }",
    "]]> <![CDATA[ <w:t>no</w:t> ]]>",
    "<script>alert(1)</script> & \"double\" 'single'",
    '<img src="http://evil.example/x.png" onerror=alert(1)>',
    "&amp; &lt; &#10; &copy; %3Cscript%3E \\u003cscript",
    "_x0041_ _x000D_ _x005F_",
    "{{ braces }} {% tags %} %s %(name)s ${x} \\n",
    "</w:t></w:r></w:p> <?xml?> <!-- no comment -->",
)
MARKDOWN = (
    "# no heading",
    "####### seven",
    "1. no list",
    "1) nor this",
    "- no item",
    "+ nor this",
    "* a *b* **c** ***d*** _e_ __f__ a_b_c",
    "no [link](http://evil.example/) and no ![picture](x.png)",
    "> no quote",
    "``` no code ```` and `none`",
    "~~~",
    "| a | b |",
    "---",
    "***",
    "===",
    "<!-- seen -->",
    "<http://evil.example/> and https://evil.example/?a=1&b=_2_",
    "\\* back\\slashes \\",
    "~~not struck~~ ^up^ ~down~ $x^2$ :smile:",
    "No heading either\n===",
    "Nor here\n---",
    "A table\n| a |\n|---|",
    "    four spaces",
    "two spaces  \nat the end",
)
LETTERS = (
    "תיאור תפקיד: ניהול 25 לקוחות (חברות) עד 2026.",
    "مدير حسابات: إدارة 25 حسابًا (شركات) حتى 2026.",
    "English and עברית and العربية, then English",
    "👩🏽‍💼 manages 🇺🇸 accounts 👨‍👩‍👧‍👦 🏳️‍🌈 ✅",
    "e\u0301 and é, ﬁ and ﷺ, İstanbul and STRASSE",
    "客户经理 キャリア 고객 관리 ผู้จัดการ प्रबंधक",
    "Z̷̡̛a̵͚̓l̸g̶o̷",
    "\u202eturned around\u202c and \u2066isolated\u2069",
    "\u200b\ufeff\u00a0in\u00advisible\u2060\u2028\u2029",
    "\ue000 \ufdd0 \ufffd \U000e0041 \U0010ff00",
    "two\nlines\tand a tab",
    "𝕸𝖆𝖙𝖍 ½ ² ™ № ‰ € ₪ ₹",
)
LONG = "A paragraph that no one reads to its end, with commas, and no point in sight. "
SECRETS = {  # words that stand only in what an audience may see
    "internal": "internal-secret",
    "restricted": "restricted-secret",
}


@lru_cache(maxsize=1)
def hostile() -> Document:
    """All that breaks formats at once: as many lines as are allowed, paragraphs as long as they
    may be, every kind of section and every audience, and in each text something odd."""
    sections = [*_odd_sections(), *_hidden_sections(), *_empty_sections()]
    space = limits.LINES_LIMIT - sum(len(list(part.every_line())) for part in sections)
    last = section("other", "All the rest", *_filling(space), style="numbers")
    facts = (
        Fact("similar_titles", (FORMULAS[0], FORMULAS[7], LETTERS[0])),
        Fact("department", (f"{LETTERS[1]} & <b>Söhne</b>",)),
        Fact("years", ("3", "")),
        Fact(
            "locations",
            places=(DocumentPlace("تل أبيب", country="IL"), DocumentPlace("<b>", "]]>", "US")),
        ),
        Fact("work_mode", ("remote",)),
        Fact("reports_to", ("[title] of _sales_",)),
        Fact("apply_by", ("open",)),
        Fact("cost-centre", (MARKDOWN[6],), label="*Cost* | <centre>"),
        Fact("job_code", (SECRETS["internal"],), audience="internal"),
        Fact("pay_grade", (SECRETS["restricted"],), audience="restricted"),
    )
    answers = (
        Answer("company name", "A & B <GmbH> *und* _Co_ \\ עברית"),
        Answer("sic", plain=True),
        Answer("internal question", SECRETS["internal"]),
        Answer("restricted question", SECRETS["restricted"]),
    )
    title = "מנהל/ת <b>Account</b> & [Company] _Manager_ 👩🏽‍💼 =1+1"
    return numbered(
        Document(title, facts=facts, sections=(*sections, last), answers=answers),
    )


def _odd_sections() -> Iterator[DocumentSection]:
    """One of each kind, in each style by turns, with odd texts in turn."""
    odd = _forever((*FORMULAS, *MARKDOWN, *LETTERS))
    styles = _forever(tuple(vocabulary.STYLES))
    facts = ("similar_titles", "years", "locations", "work_mode", "cost-centre", "job_code")
    for kind in vocabulary.SECTION_KINDS:
        style = next(styles)
        yield section(
            kind,
            next(odd).replace("\n", " ").strip()[: limits.HEADING_LIMIT],
            paragraph(f"{next(odd)}:"),
            line(next(odd), requirement="required", percent=100, essential="essential"),
            line(next(odd), requirement="preferred", frequency="as_needed", proficiency="expert"),
            line(
                next(odd),
                detail=f"{next(odd)}\n\n{next(odd)}\n{next(odd)}",
                group="=Group | *one* " + next(odd).replace("\n", " ")[:60],
                lines=(line(next(odd), detail=next(odd)), line("[X] of [X] at [Company], [sic]")),
                answers=(Answer("x", "&lt;2&gt;"),),
            ),
            paragraph(next(odd), group="Second group", lines=(line(next(odd)),)),
            line(next(odd), group="Second group"),
            style=style,
            facts=facts if kind == "facts" else (),
            pay_ranges=_odd_ranges() if kind == "pay" else (),
            pay_references=_odd_references() if kind == "pay" else (),
        )


def _odd_ranges() -> tuple[DocumentPayRange, ...]:
    return (
        DocumentPayRange("p1", Decimal(0), Decimal("99999999.99"), location="=1+1", years_from=0),
        DocumentPayRange(
            "p2", Decimal("18.5"), Decimal("18.5"), "ILS", "hour", "תל אביב", level="<i>|"
        ),
        DocumentPayRange("p3", Decimal(1), Decimal(2), "XXX", "month", years_to=1),
    )


def _odd_references() -> tuple[DocumentPayReference, ...]:
    return (
        DocumentPayReference(
            "=Role | *x*", statistic="median", amount=Decimal(1), source="<b>&amp;"
        ),
        DocumentPayReference("مدير", "EUR", "hour", low=Decimal("1.25"), as_of="2024-02-29"),
        DocumentPayReference("[role]", high=Decimal(9), level="L", years_from=3, years_to=3),
    )


def _hidden_sections() -> Iterator[DocumentSection]:
    """What only some readers may see, with the same secret wherever a text can stand."""
    for audience, secret in SECRETS.items():
        yield section(
            "other",
            f"Heading {secret}",
            paragraph(f"Paragraph {secret} [{audience} question]"),
            line(
                f"Line {secret} [X]",
                detail=f"Detail {secret}",
                group=f"Group {secret}",
                answers=(Answer("x", f"answer {secret}"),),
                lines=(line(f"Sub-line {secret}"),),
            ),
            audience=audience,
            facts=("job_code", "pay_grade"),
            pay_ranges=(DocumentPayRange(secret, Decimal(1), Decimal(2), location=secret),),
            pay_references=(DocumentPayReference(secret, amount=Decimal(1), source=secret),),
        )


def _empty_sections() -> Iterator[DocumentSection]:
    for kind in ("summary", "responsibilities", "facts"):
        yield section(kind, f"Empty {kind}")


def _filling(space: int) -> Iterator[DocumentLine]:
    """So many lines: a few as long as they may be, groups that numbers go through."""
    long = (LONG * 200)[: limits.PARAGRAPH_LIMIT].rstrip()
    yield paragraph(long + "." * (limits.PARAGRAPH_LIMIT - len(long)))
    yield paragraph("".join(f"{word}\n" for word in range(800)).rstrip())
    yield paragraph("W" * limits.PARAGRAPH_LIMIT)
    yield paragraph((f"{LETTERS[0]} {LETTERS[1]} " * 200)[: limits.PARAGRAPH_LIMIT].strip())
    yield line("&<" * (limits.LINE_LIMIT // 2), detail="[" * limits.DETAIL_LIMIT)
    odd = _forever((*FORMULAS, *MARKDOWN, *LETTERS))
    for number in range(5, space):
        yield line(f"Entry {number} {next(odd)}", group=f"Part {number // 90}")


def _forever(texts: tuple[str, ...]) -> Iterator[str]:
    while True:
        yield from texts


# --- other directions


@lru_cache(maxsize=1)
def right_to_left() -> Document:
    """A job description in Arabic, with words and figures in Latin letters in it."""
    sections = (
        section("facts", "التفاصيل", facts=("reports_to", "locations"), style="table"),
        section("summary", "نبذة", paragraph("تدير 25 حسابًا في CRM لدى [Company Name].")),
        section(
            "responsibilities",
            "المهام",
            line("الرد على العملاء", group="يوميًا", percent=30, lines=(line("عبر Slack"),)),
            line("إعداد تقرير (PDF) كل أسبوع", group="أسبوعيًا"),
            style="numbers",
        ),
        section("collaborators", "يعمل مع", line("المالية", detail="الفواتير"), style="table"),
        section("pay", "الأجر", pay_ranges=ranges(), audience="restricted"),
    )
    facts = (
        Fact("department", ("المبيعات",)),
        Fact("locations", places=(DocumentPlace("دبي", country="AE"),)),
        Fact("reports_to", ("مدير المبيعات",)),
    )
    answers = (Answer("company name", "Northwind"),)
    return numbered(Document("مدير حسابات", "ar", facts, sections, answers))


# --- the starter templates


@lru_cache(maxsize=1)
def of_templates() -> Mapping[str, Document]:
    """What each template of the starter library says, by its code: read from the files, with
    the facts that its sections show. Their placeholders are open but for the company's name."""
    from roles.library import starter, starter_files

    files = starter_files.read(starter.DIRECTORY)
    snippets = {entry.values["code"]: entry.values for entry in files.snippets}
    return {
        entry.values["code"]: numbered(
            Document(
                entry.values["role"],
                entry.values["language"],
                facts=_usual_facts(),
                sections=tuple(_of_file(one, snippets) for one in entry.values["section"]),
                answers=(Answer("company name", "Northwind Ltd"),),
            ).with_needed_answers()
        )
        for entry in files.templates
    }


def _usual_facts() -> tuple[Fact, ...]:
    return (
        Fact("job_family", ("Account management",)),
        Fact("job_level", ("Mid level",)),
        Fact("years", ("2", "4")),
        Fact("department", ("Sales",)),
        Fact(
            "locations",
            places=(DocumentPlace("Denver", "CO", "US"), DocumentPlace("Austin", "TX", "US")),
        ),
        Fact("work_mode", ("hybrid",)),
        Fact("employment_type", ("full_time",)),
        Fact("weekly_hours", ("40",)),
        Fact("flsa_status", ("exempt",), audience="internal"),
        Fact("reports_to", ("Director of sales",)),
        Fact("apply_by", ("2026-04-30",)),
    )


def _of_file(
    values: Mapping[str, Any], snippets: Mapping[str, Mapping[str, Any]]
) -> DocumentSection:
    kind = vocabulary.SECTION_KINDS[values["kind"]]
    return section(
        values["kind"],
        values.get("heading", kind.label),
        *(_line_of_file(one, snippets) for one in values.get("line", ())),
        audience=values.get("audience", kind.audience),
        style=values.get("style", kind.style),
        facts=tuple(values.get("facts", ())),
    )


def _line_of_file(
    values: Mapping[str, Any], snippets: Mapping[str, Mapping[str, Any]]
) -> DocumentLine:
    known = snippets.get(values.get("snippet", ""), {})
    own = {name: value for name, value in values.items() if name not in ("snippet", "line")}
    words = {name: known[name] for name in ("text", "detail") if name in known}
    below = tuple(_line_of_file(one, snippets) for one in values.get("line", ()))
    return DocumentLine(
        uid="",
        lines=below,
        **{**own, **words, "detail": own.get("detail") or words.get("detail", "")},
    )
