"""Facts and the tags of lines as text in the active language.

Callers activate the document's language and escape the text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from django.utils.translation import gettext, ngettext

from roles import physical_demands, vocabulary
from roles.document import Document, DocumentLine, Fact
from roles.exporters import localized
from roles.exporters.blocks import LIST_MARKS, Marks
from roles.exporters.pay_labels import as_of

_SAID = 6  # letters of a mark that a heading says: requir(ements), essent(ial)


def fact_label(fact: Fact) -> str:
    """Returns the label of the fact: the organization's, or else the built-in one."""
    kind = vocabulary.FACTS.get(fact.name)
    return fact.label or (gettext(kind.label) if kind else fact.name)


def fact_values(fact: Fact) -> list[str]:
    """Returns the fact's values as text; empty if it has none."""
    if fact.places:
        return [str(place) for place in fact.places]
    values = [value for value in fact.values if value]
    if fact.name == "years":
        return _span_of_fact(fact)
    if fact.name == "apply_by":
        return [_deadline(value) for value in values]
    if fact.name == "weekly_hours":
        return [localized.number(value) for value in values]
    kind = vocabulary.FACTS.get(fact.name)
    choices = (kind.choices if kind else None) or {}
    return [gettext(choices[value]) if value in choices else value for value in values]


def subtitle(document: Document) -> list[str]:
    """Returns the facts below the title (vocabulary.FACTS_IN_SUBTITLE) that have values."""
    parts = []
    for name in vocabulary.FACTS_IN_SUBTITLE:
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
    more = len(cities) - vocabulary.PLACES_IN_SUBTITLE
    if more <= 0:
        return cities
    rest = ngettext("%(count)d more", "%(count)d more", more) % {"count": more}
    return [*cities[: vocabulary.PLACES_IN_SUBTITLE], rest]


def line_tags(line: DocumentLine, marks: Marks | None = None) -> list[str]:
    """Returns the attributes of the line as text, shortest first. `marks` are those that the line
    shows itself (see blocks.list_marks); without, it shows all."""
    shown = {name: getattr(line, name) for name in LIST_MARKS} if marks is None else marks
    found = _marks(shown, vocabulary.ESSENTIALS)
    if line.percent is not None:
        found.append(gettext("%(percent)d%% of time") % {"percent": line.percent})
    if line.frequency in vocabulary.FREQUENCIES:
        found.append(gettext(vocabulary.FREQUENCIES[line.frequency]))
    if line.proficiency in vocabulary.PROFICIENCIES:
        found.append(gettext(vocabulary.PROFICIENCIES[line.proficiency]))
    return [*found, *filter(None, (how_much(line), how_often(line)))]


def how_much(line: DocumentLine) -> str:
    """Returns the amount of a physical demand with its unit; empty if none is stated."""
    if line.amount is None:
        return ""
    number = localized.number(str(line.amount))
    if line.unit not in physical_demands.UNITS:
        return number
    unit = ngettext(*physical_demands.UNITS[line.unit], math.ceil(line.amount))
    return f"{number} {unit}"


def how_often(line: DocumentLine) -> str:
    """Returns how often a physical demand occurs; empty if it isn't stated."""
    frequency = physical_demands.FREQUENCIES.get(line.how_often, "")
    return gettext(frequency) if frequency else ""


def list_tags(marks: Marks, heading: str) -> list[str]:
    """Returns the marks of a list as text, to append to its heading; not those that the heading
    says already."""
    said = heading.casefold()
    unsaid = {n: value for n, value in marks.items() if value[:_SAID] not in said}
    return _marks(unsaid, vocabulary.ESSENTIALS_OF_LIST)


def _marks(marks: Marks, essentials: Mapping[str, str]) -> list[str]:
    labels = {"requirement": vocabulary.REQUIREMENTS, "essential": essentials}
    return [gettext(labels[name][value]) for name, value in marks.items() if value in labels[name]]


def years(start: int | None, end: int | None) -> str:
    """Returns a span of years as text; empty if it has neither start nor end."""
    if start is not None and end is not None:
        if start == end:
            return ngettext("%(years)d year", "%(years)d years", end) % {"years": end}
        return gettext("%(start)d to %(end)d years") % {"start": start, "end": end}
    if start is not None:
        text = ngettext("%(years)d+ years", "%(years)d+ years", start)
        return text % {"years": start}
    if end is not None:
        return ngettext("up to %(years)d year", "up to %(years)d years", end) % {"years": end}
    return ""


def _deadline(value: str) -> str:
    return gettext("Open until filled") if value == vocabulary.OPEN_UNTIL_FILLED else as_of(value)


def _span_of_fact(fact: Fact) -> list[str]:
    numbers = [int(value) if value.isdecimal() else None for value in (*fact.values, "", "")]
    span = years(numbers[0], numbers[1])
    return [span] if span else [value for value in fact.values if value]
