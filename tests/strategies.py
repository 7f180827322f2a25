"""Hypothesis strategies: texts that people could type, and whole documents of them.

The examples are the same at every run (`derandomize`): a suite must not fail by chance.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from roles import folding, limits, physical_demands, vocabulary
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


def examples(number: int) -> settings:
    """Returns Hypothesis settings for at most `number` examples, the same ones at every run and
    without a deadline, because test machines are busy.

    PostgreSQL gets only a quarter, because each example of a test with a database takes up to a
    second. `bin/test --fast` gets a twentieth.
    """
    share = 20 if os.environ.get("FAST") else 4 if connection.vendor == "postgresql" else 1
    return settings(
        max_examples=min(number, max(number // share, 3)),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


# Texts that often break programs: brackets, quotes, markup, other directions, joined emoji.
AWKWARD = (
    "[X] years of [field of study, e.g. marketing]",
    "[Company Name] and [Company] [[nested]] [ ] []",
    "<script>alert(1)</script> &amp; <b>bold</b>",
    "“Quotes”, 'quotes', \"quotes\" and \\backslashes\\",
    "תיאור תפקיד עם טקסט מימין לשמאל",
    "\u202eright to left override\u202c",
    "👩🏽‍💼 manages 🇺🇸 accounts",
    "e\u0301 and é, ﬁ and ﷺ, İstanbul and STRASSE",
    "two\nlines\tand a tab",
    "{{ braces }} {% tags %} %s %(name)s ${x}",
    "'; DROP TABLE roles_version; --",
    "\u200b\ufeff\u00a0invisible\u2028",
    "percent 100% _under_score_ *star*",
    "null",
    "0",
)


# Every character that can be stored, with more brackets.
_characters = st.characters(
    exclude_categories=["Cc", "Cs", "Cn"], include_characters=["\n", "\t", "[", "]"]
)


def typed(limit: int = 60) -> st.SearchStrategy[str]:
    """A text that a form accepts: not empty, without forbidden characters."""
    free = st.text(_characters, min_size=1, max_size=limit - 1)
    short = [text[:limit] for text in AWKWARD]
    return st.one_of(st.sampled_from(short), free).map(lambda t: t if t.strip() else f"x{t}")


def words(limit: int = 40) -> st.SearchStrategy[str]:
    """A text on one line that a form accepts."""
    return typed(limit).map(lambda text: folding.tidy(text, one_line=True))


def or_empty(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), texts)


def code_of(table: Mapping[str, object]) -> st.SearchStrategy[str]:
    """A code of a vocabulary table, or nothing."""
    return st.sampled_from(["", *table])


uids = st.text(alphabet="0123456789abcdef", min_size=16, max_size=16)
amounts = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)
years = st.one_of(st.none(), st.integers(min_value=0, max_value=60))
percents = st.one_of(st.none(), st.integers(min_value=0, max_value=100))
audiences = st.sampled_from(vocabulary.AUDIENCE_ORDER)

answers = st.builds(Answer, placeholder=words(), value=or_empty(words()), plain=st.booleans())


def lines(*, below: int = 1) -> st.SearchStrategy[DocumentLine]:
    """A line, with up to `below` levels of sub-lines."""
    sub_lines = st.lists(lines(below=below - 1), max_size=2) if below else st.just([])
    return st.builds(
        DocumentLine,
        uid=uids,
        text=typed(),
        form=st.sampled_from(list(vocabulary.FORMS)),
        detail=or_empty(typed()),
        group=or_empty(words()),
        category=code_of(vocabulary.LINE_CATEGORIES),
        proficiency=code_of(vocabulary.PROFICIENCIES),
        requirement=code_of(vocabulary.REQUIREMENTS),
        essential=code_of(vocabulary.ESSENTIALS),
        percent=percents,
        frequency=code_of(vocabulary.FREQUENCIES),
        amount=st.none() | st.decimals(0, limits.DEMAND_AMOUNT_LIMIT, places=2),
        unit=code_of(physical_demands.UNITS_OF_SEVERAL),
        how_often=code_of(physical_demands.FREQUENCIES),
        answers=st.lists(answers, max_size=2).map(tuple),
        lines=sub_lines.map(tuple),
    )


stated_bounds = st.sampled_from([(True, True), (True, False), (False, True)])


def _pay_range(minimum: Decimal, maximum: Decimal, has: tuple[bool, bool], **rest: Any) -> Any:
    bounds = (minimum if has[0] else None, maximum if has[1] else None)
    return DocumentPayRange(minimum=bounds[0], maximum=bounds[1], **rest)


pay_ranges = st.builds(
    _pay_range,
    minimum=amounts,
    maximum=amounts,
    has=stated_bounds,
    uid=uids,
    currency=st.sampled_from(["USD", "EUR", "JPY"]),
    period=st.sampled_from(list(vocabulary.PERIODS)),
    location=or_empty(words()),
    level=or_empty(words()),
    years_from=years,
    years_to=years,
)
pay_references = st.builds(
    DocumentPayReference,
    role=words(),
    statistic=code_of(vocabulary.STATISTICS),
    amount=st.one_of(st.none(), amounts),
    low=st.one_of(st.none(), amounts),
    high=st.one_of(st.none(), amounts, st.just(Decimal("0.00"))),
    location=or_empty(words()),
    years_from=years,
    source=or_empty(words()),
    as_of=st.sampled_from(["", "2022", "2024-02", "2024-02-29"]),
)
sections = st.builds(
    DocumentSection,
    uid=uids,
    kind=st.sampled_from(list(vocabulary.SECTION_KINDS)),
    heading=words(),
    audience=audiences,
    style=st.sampled_from(list(vocabulary.STYLES)),
    facts=st.lists(st.sampled_from(list(vocabulary.FACTS)), max_size=3).map(tuple),
    lines=st.lists(lines(), max_size=3).map(tuple),
    pay_ranges=st.lists(pay_ranges, max_size=2).map(tuple),
    pay_references=st.lists(pay_references, max_size=2).map(tuple),
)
places = st.builds(
    DocumentPlace, city=words(), region=or_empty(words()), country=st.sampled_from(["", "US"])
)
facts = st.builds(
    Fact,
    name=st.sampled_from([*vocabulary.FACTS, "cost-centre"]),
    values=st.lists(or_empty(words()), max_size=2).map(tuple),
    places=st.lists(places, max_size=2).map(tuple),
    audience=audiences,
    label=or_empty(words()),
)
documents = st.builds(
    Document,
    title=words(),
    language=st.sampled_from(["en", "de", "ar"]),
    facts=st.lists(facts, max_size=3, unique_by=lambda fact: fact.name).map(tuple),
    sections=st.lists(sections, max_size=3).map(tuple),
    answers=st.lists(answers, max_size=2).map(tuple),
)


@st.composite
def documents_of_unique_words(draw: st.DrawFn) -> Document:
    """A document in which every text occurs once, marked ‹n›, and questions [Question n] are
    asked in several places, so tests can search for text that an audience must not see."""
    numbers = iter(range(1, 10_000))

    def text(before: str) -> str:
        bracket = draw(st.sampled_from(["", "", " [Question 1]", " [Question 2]", " [Question 3]"]))
        return f"{before}‹{next(numbers)}›{bracket}"

    def line(*, below: bool) -> DocumentLine:
        count = draw(st.integers(0, 2)) if below else 0
        return DocumentLine(
            uid=f"uid‹{next(numbers)}›",
            text=text("text"),
            detail=text("detail"),
            group=text("group"),
            answers=(Answer("x", f"local‹{next(numbers)}›"),),
            lines=tuple(line(below=False) for _ in range(count)),
        )

    def pay() -> DocumentPayRange:
        return DocumentPayRange(
            f"uid‹{next(numbers)}›", Decimal(1), Decimal(2), location=text("place")
        )

    sections = tuple(
        DocumentSection(
            uid=f"uid‹{next(numbers)}›",
            kind="other",
            heading=text("heading"),
            audience=draw(audiences),
            facts=("job_code", "pay_grade"),
            lines=tuple(line(below=True) for _ in range(draw(st.integers(0, 2)))),
            pay_ranges=tuple(pay() for _ in range(draw(st.integers(0, 1)))),
            pay_references=(DocumentPayReference(role=text("role"), source=text("source")),),
        )
        for _ in range(draw(st.integers(1, 4)))
    )
    stated = tuple(
        Fact(name, (text("value"),), audience=draw(audiences)) for name in ("job_code", "pay_grade")
    )
    given = tuple(Answer(f"question {n}", f"answer‹{next(numbers)}›") for n in (1, 2, 3))
    return Document(text("title"), facts=stated, sections=sections, answers=given)
