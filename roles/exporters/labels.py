"""Facts, pay, editions and what a line carries, in words of the active language.

Callers activate the document's language; plain text comes out, to be escaped by them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.translation import get_language, get_language_info, gettext, ngettext

from roles import vocabulary
from roles.document import (
    Document,
    DocumentLine,
    DocumentPayRange,
    DocumentPayReference,
    Edition,
    Fact,
)

# Currencies with a sign of their own; others are named by their code.
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪"}
_SIGN_FIRST = {"en", "ja", "zh", "ko", "he"}
_PLACES_IN_SUBTITLE = 3


def direction(language: str) -> str:
    """`rtl` for languages written from right to left."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


def edition_line(edition: Edition) -> str:
    """Reference, version, DRAFT or Template, date, and the beginning of the SHA-256: what the
    foot of each page says."""
    state = edition_state(edition)
    of = day(edition.day) if edition.day else ""
    parts = (edition.reference, state, of, edition.short_sha256)
    return " · ".join(part for part in parts if part)


def edition_state(edition: Edition) -> str:
    """Version 3, DRAFT or Template."""
    if edition.is_template:
        return gettext("Template")
    if edition.is_draft:
        return gettext("DRAFT")
    return gettext("Version %(number)d") % {"number": edition.number}


def fact_label(fact: Fact) -> str:
    """What the fact is called: the organization's word, or ours."""
    kind = vocabulary.FACTS.get(fact.name)
    return fact.label or (gettext(kind.label) if kind else fact.name)


def fact_values(fact: Fact) -> list[str]:
    """The fact's values as they are read; empty where nothing is stated."""
    if fact.places:
        return [str(place) for place in fact.places]
    values = [value for value in fact.values if value]
    if fact.name == "years":
        return _span_of_fact(fact)
    if fact.name == "apply_by":
        return [_deadline(value) for value in values]
    kind = vocabulary.FACTS.get(fact.name)
    choices = (kind.choices if kind else None) or {}
    return [gettext(choices[value]) if value in choices else value for value in values]


def subtitle(document: Document) -> list[str]:
    """Department, places and work mode: those that are stated."""
    parts = []
    for name in ("department", "locations", "work_mode"):
        fact = document.fact(name)
        if fact is None:
            continue
        values = fact_values(fact)
        if fact.places:
            values = _few([place.city or str(place) for place in fact.places])
        if values:
            parts.append(", ".join(values))
    return parts


def _few(cities: list[str]) -> list[str]:
    cities = list(dict.fromkeys(cities))
    more = len(cities) - _PLACES_IN_SUBTITLE
    if more <= 0:
        return cities
    rest = ngettext("%(count)d more", "%(count)d more", more) % {"count": more}
    return [*cities[:_PLACES_IN_SUBTITLE], rest]


def line_tags(line: DocumentLine, *, with_requirement: bool) -> list[str]:
    """What the line carries besides its words, shortest first to read."""
    found = []
    if with_requirement and line.requirement in vocabulary.REQUIREMENTS:
        found.append(gettext(vocabulary.REQUIREMENTS[line.requirement]))
    if line.essential in vocabulary.ESSENTIALS:
        found.append(gettext(vocabulary.ESSENTIALS[line.essential]))
    if line.percent is not None:
        found.append(gettext("%(percent)d%% of time") % {"percent": line.percent})
    if line.frequency in vocabulary.FREQUENCIES:
        found.append(gettext(vocabulary.FREQUENCIES[line.frequency]))
    if line.proficiency in vocabulary.PROFICIENCIES:
        found.append(gettext(vocabulary.PROFICIENCIES[line.proficiency]))
    return found


def years(start: int | None, end: int | None) -> str:
    """A span of years in words; empty where neither end is stated."""
    if start is not None and end is not None:
        if start == end:
            return ngettext("%(years)d year", "%(years)d years", end) % {"years": end}
        return gettext("%(start)d to %(end)d years") % {"start": start, "end": end}
    if start is not None:
        text = ngettext("%(years)d year and more", "%(years)d years and more", start)
        return text % {"years": start}
    if end is not None:
        return ngettext("up to %(years)d year", "up to %(years)d years", end) % {"years": end}
    return ""


def money(amount: Decimal, currency: str, *, with_cents: bool = False) -> str:
    """An amount with its currency, digits grouped; cents only where there are any, or are
    asked for."""
    cents = 2 if with_cents or amount != amount.to_integral_value() else 0
    number = formats.number_format(amount, cents, use_l10n=True, force_grouping=True)
    sign = _SIGNS.get(currency)
    if (get_language() or "en").split("-")[0] in _SIGN_FIRST:
        return f"{sign}{number}" if sign else f"{currency}\N{NO-BREAK SPACE}{number}"
    return f"{number}\N{NO-BREAK SPACE}{sign or currency}"


def money_range(low: Decimal, high: Decimal, currency: str) -> str:
    """From low to high, both with cents or neither; one amount where they are the same."""
    if low == high:
        return money(low, currency)
    cents = any(amount != amount.to_integral_value() for amount in (low, high))
    ends = (money(amount, currency, with_cents=cents) for amount in (low, high))
    return " \N{EN DASH} ".join(ends)


def period(code: str) -> str:
    return gettext(vocabulary.PERIODS[code]) if code in vocabulary.PERIODS else code


def pay_range(pay: DocumentPayRange) -> str:
    return money_range(pay.minimum, pay.maximum, pay.currency)


def pay_figure(reference: DocumentPayReference) -> str:
    """A market figure: amount or range, period, and the statistic it is."""
    parts = []
    if reference.amount is not None:
        parts.append(money(reference.amount, reference.currency))
    if reference.low is not None and reference.high is not None:
        span = money_range(reference.low, reference.high, reference.currency)
        parts.append(f"({span})" if parts else span)
    elif (bound := reference.low if reference.low is not None else reference.high) is not None:
        word = gettext("from %s") if reference.low is not None else gettext("up to %s")
        parts.append(word % money(bound, reference.currency))
    figure = " ".join([*parts, period(reference.period)])
    if reference.statistic in vocabulary.STATISTICS and reference.statistic != "range":
        return f"{figure}, {gettext(vocabulary.STATISTICS[reference.statistic])}"
    return figure


def pay_source(reference: DocumentPayReference) -> str:
    """Where the figure comes from and of when it is."""
    source = reference.source or gettext("Source not recorded")
    return ", ".join(part for part in (source, as_of(reference.as_of)) if part)


def as_of(text: str) -> str:
    """A date that may lack its day or its month (YYYY, YYYY-MM, YYYY-MM-DD), in words."""
    try:
        if len(text) == 7:
            return formats.date_format(date.fromisoformat(f"{text}-01"), "YEAR_MONTH_FORMAT")
        return day(date.fromisoformat(text)) if len(text) == 10 else text
    except ValueError:
        return text


def day(value: date) -> str:
    return formats.date_format(value, "DATE_FORMAT")


def _deadline(value: str) -> str:
    return gettext("Open until filled") if value == vocabulary.OPEN_UNTIL_FILLED else as_of(value)


def _span_of_fact(fact: Fact) -> list[str]:
    numbers = [int(value) if value.isdecimal() else None for value in (*fact.values, "", "")]
    span = years(numbers[0], numbers[1])
    return [span] if span else [value for value in fact.values if value]
