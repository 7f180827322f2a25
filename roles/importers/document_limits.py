"""Limits of an imported document: choices, lengths, numbers and uids as the screens allow them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from roles import folding, limits, physical_demands, vocabulary
from roles.document import (
    Answer,
    Document,
    DocumentLine,
    DocumentPayRange,
    DocumentPayReference,
    DocumentSection,
    Fact,
)
from roles.importers import fact_shapes

TITLES_LIMIT = 50  # similar titles, and places
AMOUNT_LIMIT = Decimal(10) ** 10  # of the database column, which has two more digits for cents

_UID = re.compile(limits.UID_PATTERN)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,4})*")
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,50}")
_COUNTRY = re.compile(r"([A-Z]{2})?")
_AS_OF = re.compile(rf"({limits.AS_OF_PATTERN})?", re.ASCII)

# Facts that are one line of text, and their maximum length.
_TEXTS = {
    "job_family": limits.NAME_LIMIT,
    "job_level": limits.NAME_LIMIT,
    "department": limits.NAME_LIMIT,
    "pay_grade": limits.CODE_LIMIT,
    "job_code": limits.CODE_LIMIT,
    "reports_to": limits.TITLE_LIMIT,
    "apply_to": limits.APPLY_LIMIT,
}

# Facts with several values.
_SEVERAL = ("similar_titles", "years", "locations", *vocabulary.FACTS_OF_SEVERAL_CHOICES)

Problems = Iterator[tuple[str, str]]  # the place, and the problem there


def problem(document: Document) -> str:
    """Returns the first problem that prevents the import, as a sentence; empty if there is none."""
    for where, what in _problems(document):
        return _("%(where)s: %(what)s") % {"where": where, "what": what}
    return ""


def _problems(document: Document) -> Problems:
    yield from _counts(document)
    yield from _words("title", document.title, limits.TITLE_LIMIT, is_required=True)
    if not _LANGUAGE.fullmatch(document.language) or len(document.language) > 10:
        yield "language", _("this isn’t a language code.")
    yield from _answers("answers", document.answers)
    for number, fact in enumerate(document.facts):
        yield from _fact(f"facts[{number}]", fact)
    for number, section in enumerate(document.sections):
        yield from _section(f"sections[{number}]", section)


def _counts(document: Document) -> Problems:
    lines = [line for section in document.sections for line in section.every_line()]
    answers = len(document.answers) + sum(len(line.answers) for line in lines)
    for where, count, limit in (
        ("sections", len(document.sections), limits.SECTIONS_LIMIT),
        ("lines", len(lines), limits.LINES_LIMIT),
        ("facts", len(document.facts), limits.FACTS_LIMIT),
        ("answers", answers, limits.ANSWERS_LIMIT),
    ):
        if count > limit:
            yield where, _("the limit is %d.") % limit
    if sum(len(line.text) + len(line.detail) for line in lines) > limits.TEXT_LIMIT:
        yield "lines", _("the text is longer than %d characters in total.") % limits.TEXT_LIMIT
    for where, names in (
        ("sections", [section.uid for section in document.sections]),
        ("lines", [line.uid for line in lines]),
        ("facts", [fact.name for fact in document.facts]),
        *(
            (f"{section.heading[:50]}", [p.uid for p in section.pay_ranges])
            for section in document.sections
        ),
    ):
        yield from _unique(where, names)


def _unique(where: str, names: list[str]) -> Problems:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        yield where, _("“%s” appears more than once.") % twice[0][:50]


# --- texts


def _words(
    where: str, text: str, limit: int, *, is_required: bool = False, one_line: bool = True
) -> Problems:
    """A text that is shown to people."""
    forbidden = folding.forbidden_character(text)
    if forbidden:
        yield where, _("it has a character that isn’t allowed (%s).") % forbidden
    if len(text) > limit:
        yield where, _("it is longer than %d characters.") % limit
    if is_required and not text.strip():
        yield where, _("it is empty.")
    if one_line and "\n" in text:
        yield where, _("it can’t have line breaks.")


def _choice(where: str, code: str, table: Mapping[str, object]) -> Problems:
    if code and code not in table:
        yield where, _("“%s” isn’t a known value.") % code[:50]


def _uid(where: str, uid: str) -> Problems:
    if not _UID.fullmatch(uid):
        yield f"{where}.uid", _("this isn’t a valid ID.")


def _answers(where: str, answers: tuple[Answer, ...]) -> Problems:
    yield from _unique(where, [answer.placeholder for answer in answers])
    for number, answer in enumerate(answers):
        item = f"{where}[{number}]"
        key = answer.placeholder
        yield from _words(f"{item}.placeholder", key, limits.PLACEHOLDER_LIMIT, is_required=True)
        yield from _words(f"{item}.value", answer.value, limits.ANSWER_LIMIT, one_line=False)


# --- sections


def _section(where: str, section: DocumentSection) -> Problems:
    yield from _uid(where, section.uid)
    if section.uid in vocabulary.PARTS:
        yield f"{where}.uid", _("this isn’t a valid ID.")
    yield from _words(f"{where}.heading", section.heading, limits.HEADING_LIMIT, is_required=True)
    for name, table in (
        ("kind", vocabulary.SECTION_KINDS),
        ("audience", vocabulary.AUDIENCES),
        ("style", vocabulary.STYLES),
        ("heading_display", vocabulary.HEADING_DISPLAYS),
    ):
        code = getattr(section, name)
        yield from _choice(f"{where}.{name}", code or _("nothing"), table)
    yield from _unique(f"{where}.facts", list(section.facts))
    for name in section.facts:
        if not _CODE.fullmatch(name):
            yield f"{where}.facts", _("“%s” isn’t a known value.") % name[:50]
    for number, line in enumerate(section.lines):
        if section.kind == "table" and 2 + len(line.lines) > limits.TABLE_COLUMNS_LIMIT:
            yield (
                f"{where}.lines[{number}]",
                _("a table can have up to %d columns.") % limits.TABLE_COLUMNS_LIMIT,
            )
        yield from _line(f"{where}.lines[{number}]", line)
    for number, pay in enumerate(section.pay_ranges):
        yield from _pay_range(f"{where}.pay_ranges[{number}]", pay)
    for number, reference in enumerate(section.pay_references):
        yield from _pay_reference(f"{where}.pay_references[{number}]", reference)


_LINE_CHOICES: dict[str, Mapping[str, object]] = {
    "category": vocabulary.LINE_CATEGORIES,
    "proficiency": vocabulary.PROFICIENCIES,
    "requirement": vocabulary.REQUIREMENTS,
    "essential": vocabulary.ESSENTIALS,
    "frequency": vocabulary.FREQUENCIES,
    "unit": physical_demands.UNITS,
    "how_often": physical_demands.FREQUENCIES,
}


def _line(where: str, line: DocumentLine) -> Problems:
    is_entry = line.form == "entry"
    limit = limits.LINE_LIMIT if is_entry else limits.PARAGRAPH_LIMIT
    yield from _uid(where, line.uid)
    yield from _choice(f"{where}.form", line.form or _("nothing"), vocabulary.FORMS)
    yield from _words(f"{where}.text", line.text, limit, is_required=True, one_line=False)
    yield from _words(f"{where}.detail", line.detail, limits.DETAIL_LIMIT, one_line=False)
    yield from _words(f"{where}.group", line.group, limits.GROUP_LIMIT)
    for name, table in _LINE_CHOICES.items():
        yield from _choice(f"{where}.{name}", getattr(line, name), table)
    if line.percent is not None and not 0 <= line.percent <= 100:
        yield f"{where}.percent", _("it must be between 0 and 100.")
    yield from _amount(f"{where}.amount", line.amount, limits.DEMAND_AMOUNT_LIMIT + 1)
    yield from _answers(f"{where}.answers", line.answers)
    for number, sub in enumerate(line.lines):
        yield from _line(f"{where}.lines[{number}]", sub)


# --- pay


def _pay_range(where: str, pay: DocumentPayRange) -> Problems:
    yield from _uid(where, pay.uid)
    yield from _basis(where, pay)
    yield from _amount(f"{where}.minimum", pay.minimum)
    yield from _amount(f"{where}.maximum", pay.maximum)
    if pay.minimum is None and pay.maximum is None:
        yield where, _("it has no amount.")
    elif pay.minimum is not None and pay.maximum is not None and pay.maximum < pay.minimum:
        yield where, _("the maximum can’t be below the minimum.")


def _pay_reference(where: str, reference: DocumentPayReference) -> Problems:
    yield from _words(f"{where}.role", reference.role, limits.MARKET_ROLE_LIMIT, is_required=True)
    yield from _words(f"{where}.source", reference.source, limits.FACT_LIMIT)
    yield from _basis(where, reference)
    yield from _choice(f"{where}.statistic", reference.statistic, vocabulary.STATISTICS)
    for name in ("amount", "low", "high"):
        yield from _amount(f"{where}.{name}", getattr(reference, name))
    if reference.amount is None and reference.low is None and reference.high is None:
        yield where, _("it has no amount.")
    if not _AS_OF.fullmatch(reference.as_of):
        yield f"{where}.as_of", _("this isn’t a date.")


def _basis(where: str, pay: DocumentPayRange | DocumentPayReference) -> Problems:
    yield from _words(f"{where}.location", pay.location, limits.NAME_LIMIT)
    yield from _words(f"{where}.level", pay.level, limits.NAME_LIMIT)
    yield from _choice(f"{where}.period", pay.period or _("nothing"), vocabulary.PERIODS)
    if pay.currency not in vocabulary.currencies():
        yield f"{where}.currency", _("this isn’t a currency code.")
    for name in ("years_from", "years_to"):
        years = getattr(pay, name)
        if years is not None and not 0 <= years <= 32_767:
            yield f"{where}.{name}", _("this isn’t a valid number of years.")


def _amount(where: str, amount: Decimal | None, limit: Decimal | int = AMOUNT_LIMIT) -> Problems:
    if amount is None:
        return
    if not 0 <= amount < limit or amount != round(amount, 2):
        yield where, _("this isn’t a valid amount.")


# --- facts


def _fact(where: str, fact: Fact) -> Problems:
    yield from _choice(f"{where}.audience", fact.audience or _("nothing"), vocabulary.AUDIENCES)
    yield from _words(f"{where}.label", fact.label, limits.NAME_LIMIT)
    if not _CODE.fullmatch(fact.name):
        yield f"{where}.name", _("“%s” isn’t a known value.") % fact.name[:50]
        return
    if (len(fact.values) if fact.name == "similar_titles" else len(fact.places)) > TITLES_LIMIT:
        yield where, _("the limit is %d.") % TITLES_LIMIT
    for number, place in enumerate(fact.places):
        item = f"{where}.places[{number}]"
        yield from _words(f"{item}.city", place.city, limits.NAME_LIMIT, is_required=True)
        yield from _words(f"{item}.region", place.region, limits.NAME_LIMIT)
        if not _COUNTRY.fullmatch(place.country):
            yield f"{item}.country", _("this isn’t a country code.")
    yield from _values(where, fact)


def _values(where: str, fact: Fact) -> Problems:
    kind = vocabulary.FACTS.get(fact.name)
    if fact.name not in _SEVERAL and len(fact.values) != 1:
        yield where, _("it must have exactly one value.")
        return
    if fact.name in vocabulary.FACTS_OF_SEVERAL_CHOICES:
        yield from _unique(where, list(fact.values))
    limit = _TEXTS.get(fact.name, limits.FACT_LIMIT)
    for value in fact.values:
        yield from _words(where, value, limit)
        if kind and kind.choices is not None:
            yield from _choice(where, value, kind.choices)
    is_right = fact_shapes.SHAPES.get(fact.name)
    if is_right is not None and not is_right(fact.values):
        yield where, _("“%s” isn’t valid.") % ", ".join(fact.values)[:50]
