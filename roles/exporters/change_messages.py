"""Changes between two documents as a summary in the active language. Returns plain text, which
callers escape."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from roles.comparison import Comparison, Point
from roles.document import DocumentPayRange, Fact
from roles.editions import Edition
from roles.exporters import change_notes, fact_labels, footer, localized, pay_labels
from roles.exporters.change_notes import became, quoted

_NAMED = 3  # sections named for each type of change

_SECTIONS = {
    "sections_added": ngettext_lazy(
        "Section added: %(names)s", "Sections added: %(names)s", "count"
    ),
    "sections_removed": ngettext_lazy(
        "Section removed: %(names)s", "Sections removed: %(names)s", "count"
    ),
    "sections_moved": ngettext_lazy(
        "Section moved: %(names)s", "Sections moved: %(names)s", "count"
    ),
    "sections_renamed": ngettext_lazy("New heading: %(names)s", "New headings: %(names)s", "count"),
    "sections_changed": ngettext_lazy(
        "Settings changed: %(names)s", "Settings changed: %(names)s", "count"
    ),
}
# Only the first part of a sentence has a noun.
_LINES = {
    "lines_added": (ngettext_lazy("%d line added", "%d lines added"), _("%d added")),
    "lines_removed": (ngettext_lazy("%d line removed", "%d lines removed"), _("%d removed")),
    "lines_reworded": (ngettext_lazy("%d line reworded", "%d lines reworded"), _("%d reworded")),
    "lines_moved": (ngettext_lazy("%d line moved", "%d lines moved"), _("%d moved")),
    "lines_changed": (
        ngettext_lazy("%d line with changed settings", "%d lines with changed settings"),
        _("%d with changed settings"),
    ),
}
_REFERENCES = {
    "references_added": ngettext_lazy("%d market reference added", "%d market references added"),
    "references_removed": ngettext_lazy(
        "%d market reference removed", "%d market references removed"
    ),
    "references_moved": ngettext_lazy("%d market reference moved", "%d market references moved"),
    "facts_moved": ngettext_lazy("%d job detail moved", "%d job details moved"),
}
_REQUIREMENTS = {
    "qualifications.required": _("Required qualifications: %s"),
    "qualifications.preferred": _("Preferred qualifications: %s"),
    "skills.required": _("Required skills: %s"),
    "skills.preferred": _("Preferred skills: %s"),
}
_PAY = {
    "pay_added": _("%(whose)s added: %(new)s"),
    "pay_removed": _("%(whose)s removed: %(old)s"),
    "pay_raised": _("%(whose)s raised from %(old)s to %(new)s"),
    "pay_lowered": _("%(whose)s lowered from %(old)s to %(new)s"),
    "pay_changed": _("%(whose)s changed from %(old)s to %(new)s"),
    "pay_moved": _("%(whose)s moved in the table"),
}
# The same for ranges with one bound, which begin with "From" or "Up to".
_BOUND = {
    "pay_raised": _("%(whose)s raised: %(change)s"),
    "pay_lowered": _("%(whose)s lowered: %(change)s"),
    "pay_changed": _("%(whose)s changed: %(change)s"),
}
_FACTS = {
    "fact_added": _("%(label)s added: %(values)s"),
    "fact_removed": _("%(label)s removed: %(values)s"),
}


def sentences(comparison: Comparison) -> list[str]:
    """Returns the points of the summary as sentences without a period, most important first."""
    lines = [point for point in comparison.summary if point.kind in _LINES]
    result = [sentence for point in comparison.summary if (sentence := _sentence(point))]
    return [_lines(lines), *result] if lines else result


def _lines(points: list[Point]) -> str:
    """`3 lines added, 1 reworded, 2 moved`."""
    first, *others = points
    parts = [_LINES[first.kind][0] % first.count]
    return ", ".join([*parts, *(_LINES[point.kind][1] % point.count for point in others)])


def _sentence(point: Point) -> str:
    if point.kind in _PAY:
        return _pay(point)
    if point.kind.startswith("fact_"):
        return _fact(point)
    if point.kind in _SECTIONS:
        return _SECTIONS[point.kind] % {"names": _names(point.new), "count": point.count}
    if point.kind in _REFERENCES:
        return _REFERENCES[point.kind] % point.count
    if point.kind == "requirement":
        return str(_REQUIREMENTS[point.name] % became(str(point.old), str(point.new)))
    if point.kind == "group":
        return _group(point.old, point.new)
    if point.kind == "title":
        return gettext("Title: %s") % became(quoted(point.old), quoted(point.new))
    if point.kind == "language":
        names = [localized.language_name(code) for code in (point.old, point.new)]
        return gettext("Language: %s") % became(*names)
    return ""


def _group(old: str, new: str) -> str:
    if not old:
        return gettext("Group heading added: %s") % quoted(new)
    if not new:
        return gettext("Group heading removed: %s") % quoted(old)
    return gettext("Group heading: %s") % became(quoted(old), quoted(new))


def _names(headings: tuple[str, ...]) -> str:
    names = ", ".join(quoted(heading) for heading in headings[:_NAMED])
    more = len(headings) - _NAMED
    if more <= 0:
        return names
    return ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more) % {
        "names": names,
        "more": more,
    }


def _pay(point: Point) -> str:
    old, new = point.old, point.new
    apart: list[bool] = []
    if old and new:
        apart = [earlier != later for earlier, later in zip(_scope(old), _scope(new), strict=True)]
    figures = {name: _figure(pay, apart) for name, pay in (("old", old), ("new", new)) if pay}
    if old and new and old.period == new.period == "year" and not any(apart):
        figures = {"old": pay_labels.pay_range(old), "new": pay_labels.pay_range(new)}
    words = _PAY[point.kind]
    if old and new and None in (old.minimum, old.maximum, new.minimum, new.maximum):
        words = _BOUND.get(point.kind, words)
        figures["change"] = became(figures["old"], figures["new"])
    return str(words % {"whose": _whose_pay(old or new), **figures})


def _figure(pay: DocumentPayRange, apart: list[bool]) -> str:
    """Returns amounts, period, and what else differs between the two ranges."""
    figure = f"{pay_labels.pay_range(pay)} {pay_labels.period(pay.period)}"
    scope = (part for part, differs in zip(_scope(pay), apart, strict=False) if part and differs)
    return ", ".join([figure, *scope])


def _scope(pay: DocumentPayRange) -> tuple[str, ...]:
    return pay.location, pay.level, fact_labels.years(pay.years_from, pay.years_to)


def _whose_pay(pay: DocumentPayRange) -> str:
    place, *others = _scope(pay)
    rest = ", ".join(part for part in others if part)
    whose = gettext("Pay in %s") % place if place else gettext("Pay")
    return gettext("%(pay)s (%(group)s)") % {"pay": whose, "group": rest} if rest else whose


def _fact(point: Point) -> str:
    fact = point.new or point.old
    label = fact_labels.fact_label(fact)
    if point.kind in _FACTS:
        return str(_FACTS[point.kind] % {"label": label, "values": _values(fact)})
    notes = [*_value_notes(point.old, point.new), *change_notes.fact_notes(point.old, point.new)]
    return f"{label}: {'; '.join(notes)}"


def _value_notes(old: Fact, new: Fact) -> list[str]:
    """Returns notes on changed values; for several, which were added and removed."""
    earlier, later = fact_labels.fact_values(old), fact_labels.fact_values(new)
    if len(earlier) <= 1 and len(later) <= 1:
        return [became(_values(old), _values(new))] if earlier != later else []
    more, less = [v for v in later if v not in earlier], [v for v in earlier if v not in later]
    found = [gettext("%s added") % "; ".join(more)] if more else []
    found += [gettext("%s removed") % "; ".join(less)] if less else []
    return found or ([gettext("reordered")] if earlier != later else [])


def _values(fact: Fact) -> str:
    return ", ".join(fact_labels.fact_values(fact)) or gettext("none")


def compared(old: Edition, new: Edition) -> str:
    """Returns the page footer, such as `ACC-0007 · Version 1 (0f3a…) → DRAFT`."""
    sides = [footer.edition_state(side) for side in (old, new)]
    hashes = [f" ({side.short_sha256})" if side.sha256 else "" for side in (old, new)]
    return f"{new.reference} · {became(sides[0] + hashes[0], sides[1] + hashes[1])}"
