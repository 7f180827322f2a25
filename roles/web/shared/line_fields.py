"""Which fields of a line an editor shows: in its row, and under "More"."""

from __future__ import annotations

from roles import physical_demands, vocabulary
from roles.models import Line, TemplateLine

AnyLine = Line | TemplateLine
# Kinds of sections that can print facts.
WITH_FACTS = ("facts", *(code for code, kind in vocabulary.SECTION_KINDS.items() if kind.facts))
INLINE = ("requirement", "essential", "percent")  # shown in a line's row
UNDER_MORE = ("category", "proficiency", "frequency")  # shown under "More" only


def line_fields(line: AnyLine, kind: str) -> tuple[str, ...]:
    """The fields in a line's row: its text, and those that its section kind uses or that have
    a value."""
    if line.parent_id is not None:
        return ("text",)
    if has_demands(kind):
        return ("text", *_used(line, kind, (*INLINE, "category", *physical_demands.FIELDS)))
    return ("text", *_used(line, kind, (*INLINE, *physical_demands.FIELDS)))


def more_fields(line: AnyLine, kind: str) -> tuple[str, ...]:
    """The fields of a line that are under "More"."""
    if line.parent_id is not None:
        return ("detail",)
    shown = line_fields(line, kind)
    names = tuple(name for name in UNDER_MORE if name not in shown)
    return ("detail", "group", "form", *_used(line, kind, names))


def has_demands(kind: str) -> bool:
    """Whether lines of such a section can be physical demands; their category is in their row."""
    return physical_demands.CATEGORY in vocabulary.line_categories(kind)


def _used(line: AnyLine, kind: str, names: tuple[str, ...]) -> list[str]:
    stated = [n for n in names if getattr(line, n) not in ("", None)]
    used = vocabulary.SECTION_KINDS[kind].asks if line.form == "entry" else ()
    if (line.form == "entry" and has_demands(kind)) or set(stated) & set(physical_demands.FIELDS):
        used = (*used, *physical_demands.FIELDS)
    return [n for n in names if n in used or n in stated]
