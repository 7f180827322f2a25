"""Summarizes a comparison as points: counts, and the figures that readers look for first.

`exporters/change_messages.py` turns each point into a sentence. The kinds:

- `title`, `language`: old and new value;
- `sections_added`, `sections_removed`, `sections_moved`, `sections_renamed`, `sections_changed`:
  the count, and the headings in `new`;
- `group`: old and new name of a group;
- `lines_added`, `lines_removed`, `lines_reworded`, `lines_moved`, `lines_changed`: the count; a
  line can count as both reworded and moved; "changed" means other fields (requirement, percent …);
- `requirement`: the name is `<section kind>.<requirement>`, old and new are counts;
- `pay_raised`, `pay_lowered`, `pay_changed`: old and new are the ranges;
  `pay_added`, `pay_removed`: the range in new or old;
  `pay_moved`: the order changed;
- `references_added`, `references_removed`, `references_moved`: the count;
- `fact_added`, `fact_removed`, `fact_changed`: the name, old and new are the facts;
  `facts_moved`: the count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from roles import vocabulary
from roles.comparison.nodes import Comparison, LineNode, PayNode, Point, SectionNode
from roles.document import Document, DocumentPayRange


def points(comparison: Comparison) -> Iterator[Point]:
    """Yields the points in reading order."""
    if comparison.old.title != comparison.new.title:
        yield Point("title", old=comparison.old.title, new=comparison.new.title)
    for change in comparison.changes:
        yield Point(change.name, old=change.old, new=change.new)
    yield from _sections(comparison.sections)
    yield from _lines(list(comparison.every_line()))
    yield from _requirements(comparison.old, comparison.new)
    yield from _pay(comparison)
    yield from _facts(comparison)


def _sections(sections: Iterable[SectionNode]) -> Iterator[Point]:
    kinds: dict[str, Callable[[SectionNode], bool]] = {
        "added": lambda section: section.state == "added",
        "removed": lambda section: section.state == "removed",
        "moved": lambda section: section.state == "moved",
        "renamed": lambda section: section.is_reworded,
        "changed": lambda section: section.is_marked_otherwise,
    }
    for kind, is_so in kinds.items():
        headings = tuple(section.any.heading for section in sections if is_so(section))
        if headings:
            yield Point(f"sections_{kind}", len(headings), new=headings)
    for change in (group for section in sections for group in section.groups):
        yield Point("group", old=change.old, new=change.new)


def _lines(lines: list[LineNode]) -> Iterator[Point]:
    yield from _count("lines_added", sum(line.state == "added" for line in lines))
    yield from _count("lines_removed", sum(line.state == "removed" for line in lines))
    yield from _count("lines_reworded", sum(line.is_reworded for line in lines))
    yield from _count("lines_moved", sum(line.state == "moved" for line in lines))
    yield from _count("lines_changed", sum(bool(line.changes) for line in lines))


def _count(kind: str, count: int) -> Iterator[Point]:
    if count:
        yield Point(kind, count)


def _requirements(old: Document, new: Document) -> Iterator[Point]:
    """Yields a point for each changed count of required or preferred lines."""
    for kind, about in vocabulary.SECTION_KINDS.items():
        if "requirement" not in about.asks:
            continue
        for code in vocabulary.REQUIREMENTS:
            earlier, later = _how_many(old, kind, code), _how_many(new, kind, code)
            if earlier != later:
                yield Point("requirement", name=f"{kind}.{code}", old=earlier, new=later)


def _how_many(document: Document, kind: str, requirement: str) -> int:
    lines = (line for s in document.sections if s.kind == kind for line in s.every_line())
    return sum(line.requirement == requirement for line in lines)


def _pay(comparison: Comparison) -> Iterator[Point]:
    for section in comparison.sections:
        for node in section.pay_ranges:
            if node.changes or node.is_new_or_gone or node.state == "moved":
                yield Point(_pay_kind(node), old=node.old, new=node.new)
    references = [r for section in comparison.sections for r in section.pay_references]
    for state in ("added", "removed", "moved"):
        yield from _count(f"references_{state}", sum(r.state == state for r in references))


def _pay_kind(node: PayNode) -> str:
    if node.old is None or node.new is None:
        return f"pay_{node.state}"
    names = {change.name for change in node.changes}
    if names & {"minimum", "maximum"} and not names & {"currency", "period"}:
        return _direction(node.old, node.new)
    return "pay_changed" if names else "pay_moved"


def _direction(old: DocumentPayRange, new: DocumentPayRange) -> str:
    bounds = ((old.minimum, new.minimum), (old.maximum, new.maximum))
    if any((earlier is None) != (later is None) for earlier, later in bounds):
        return "pay_changed"
    steps = [
        later - earlier for earlier, later in bounds if earlier is not None and later is not None
    ]
    if min(steps) >= 0:
        return "pay_raised"
    return "pay_lowered" if max(steps) <= 0 else "pay_changed"


def _facts(comparison: Comparison) -> Iterator[Point]:
    for fact in comparison.facts:
        if fact.is_new_or_gone:
            yield Point(f"fact_{fact.state}", name=fact.name, old=fact.old, new=fact.new)
        elif fact.changes:
            yield Point("fact_changed", name=fact.name, old=fact.old, new=fact.new)
    yield from _count("facts_moved", sum(fact.state == "moved" for fact in comparison.facts))
