"""Notes on changed lines, sections, and facts in the active language. Returns plain text, which
callers escape."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _

from roles import physical_demands, vocabulary
from roles.comparison import Change, LineNode, Move, SectionNode
from roles.document import Fact
from roles.exporters import fact_labels
from roles.exporters.blocks import ListMarks

_QUOTE_LIMIT = 60  # characters of a line in a note

# Labels of the codes of these fields, and of fields whose values need a label.
_CODES = {
    "requirement": vocabulary.REQUIREMENTS,
    "essential": vocabulary.ESSENTIALS,
    "frequency": vocabulary.FREQUENCIES,
    "proficiency": vocabulary.PROFICIENCIES,
    "how_often": physical_demands.FREQUENCIES,
    "category": vocabulary.LINE_CATEGORIES,
    "form": vocabulary.FORMS,
    "audience": vocabulary.AUDIENCES,
    "style": vocabulary.STYLES,
    "heading_display": vocabulary.HEADING_DISPLAYS,
    "kind": {code: kind.label for code, kind in vocabulary.SECTION_KINDS.items()},
}
_NUMBERS = ("percent", "amount")  # fields that are None where nothing is stated
_HOW_MUCH = ("amount", "unit")  # fields that are one note
_FIELDS = {
    "category": _("category %s"),
    "audience": _("visible to %s"),
    "kind": _("type %s"),
    "heading_display": _("heading: %s"),
}


def line_tags(node: LineNode, marks: ListMarks) -> list[str]:
    """Returns the tags of the line, with old values where they changed, and where it moved from."""
    apart: dict[str, Any] = {c.name: None if c.name in _NUMBERS else "" for c in node.changes}
    if "unit" in apart:
        apart["amount"] = None
    shown = {name: value for name, value in marks.of_line(node.any).items() if name not in apart}
    found = fact_labels.line_tags(replace(node.any, **apart), shown)
    return [*found, *line_notes(node)]


def line_notes(node: LineNode) -> list[str]:
    """Returns the changed attributes of the line, and where it moved from."""
    found = [_changed(change) for change in node.changes if change.name not in _HOW_MUCH]
    if node.old and node.new and len(found) < len(node.changes):
        amounts = (fact_labels.how_much(line) or gettext("none") for line in (node.old, node.new))
        found.append(became(*amounts))
    return [*found, moved(node.move)] if node.move else found


def section_notes(node: SectionNode) -> list[str]:
    """Returns the changed settings of the section, and where it moved from."""
    found = [_changed(change) for change in node.changes]
    return [*found, _direction(node.steps)] if node.state == "moved" else found


def fact_notes(old: Fact | None, new: Fact | None) -> list[str]:
    """Returns changes of a fact other than its values: its label and its audience."""
    if old is None or new is None:
        return []
    found = []
    if fact_labels.fact_label(old) != fact_labels.fact_label(new):
        words = gettext("previously %s")
        found.append(words % quoted(fact_labels.fact_label(old)))
    if old.audience != new.audience:
        found.append(_changed(Change("audience", old.audience, new.audience)))
    is_shown = found or fact_labels.fact_values(old) != fact_labels.fact_values(new)
    return found if is_shown else [gettext("formatted differently")]


def moved(move: Move) -> str:
    """Returns where a line moved from, for its new place."""
    if not move.is_within_section:
        return gettext("moved from %s") % quoted(move.old.heading)
    if move.old.parent != move.new.parent:
        if not move.old.parent:
            return gettext("moved from the top level")
        return gettext("moved from under %s") % quoted(move.old.parent)
    if move.old.group != move.new.group:
        if not move.old.group:
            return gettext("moved into this group")
        return gettext("moved from the group %s") % quoted(move.old.group)
    return _direction(move.steps)


def moved_to(move: Move) -> str:
    """Returns where a line moved to, for its old place."""
    if not move.is_within_section:
        return gettext("moved to %s") % quoted(move.new.heading)
    if move.old.parent != move.new.parent and move.new.parent:
        return gettext("moved under %s") % quoted(move.new.parent)
    if move.old.group != move.new.group and move.new.group:
        return gettext("moved to the group %s") % quoted(move.new.group)
    return _direction(move.steps)


def _changed(change: Change) -> str:
    words = became(_stated(change.name, change.old), _stated(change.name, change.new))
    return str(_FIELDS[change.name] % words) if change.name in _FIELDS else words


def _stated(name: str, value: Any) -> str:
    if value in ("", None):
        return gettext("none")
    if name == "percent":
        return gettext("%(percent)d%% of time") % {"percent": value}
    codes = _CODES.get(name, {})
    return gettext(codes[value]) if value in codes else str(value)


def _direction(steps: int) -> str:
    if not steps:
        return gettext("moved")
    return gettext("moved up") if steps < 0 else gettext("moved down")


def became(old: str, new: str) -> str:
    """Returns `old → new`, with the arrow in reading direction."""
    return f"{old} ← {new}" if get_language_bidi() else f"{old} → {new}"


def quoted(text: str) -> str:
    flat = " ".join(text.split())
    short = flat if len(flat) <= _QUOTE_LIMIT else f"{flat[: _QUOTE_LIMIT - 1].rstrip()}…"
    return gettext("“%s”") % short
