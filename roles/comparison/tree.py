"""Builds the tree of a comparison from two documents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from roles.comparison import line_text, matching, word_diff
from roles.comparison.matching import Key
from roles.comparison.nodes import (
    Change,
    Comparison,
    FactNode,
    LineNode,
    Move,
    PayNode,
    Pieces,
    ReferenceNode,
    SectionNode,
    ShownFact,
    Spot,
)
from roles.document import Document, DocumentLine, DocumentSection

# Fields with pieces or nodes of their own; all others are listed in `changes`.
_DOCUMENT = {"title", "facts", "sections", "answers"}
_SECTION = {"uid", "heading", "facts", "lines", "pay_ranges", "pay_references"}
_LINE = {"uid", "text", "detail", "group", "answers", "lines"}

_NOTHING = DocumentSection(uid="", kind="", heading="")  # for added or removed sections
_NO_LINE = DocumentLine(uid="", text="")

_Container = tuple[str, Key]  # "section" or "line", and its key


def build(old: Document, new: Document) -> Comparison:
    """Returns the comparison of two filled-in documents, without its summary."""
    facts = tuple(_facts(old, new))
    return Comparison(
        old=old,
        new=new,
        title=word_diff.pieces(old.title, new.title),
        changes=_changes(old, new, _DOCUMENT),
        facts=facts,
        sections=tuple(_Reader(old, new, facts).sections()),
    )


def _changes(old: Any, new: Any, apart: set[str]) -> tuple[Change, ...]:
    """Returns the fields that differ, except those in `apart`."""
    if old is None or new is None:
        return ()
    values = ((f.name, getattr(old, f.name), getattr(new, f.name)) for f in fields(old))
    return tuple(
        Change(name, earlier, later)
        for name, earlier, later in values
        if name not in apart and earlier != later
    )


def _facts(old: Document, new: Document) -> Iterator[FactNode]:
    for state, earlier, later, _steps in matching.pairs(
        old.facts, new.facts, lambda fact: fact.name
    ):
        yield FactNode(
            state=state, changes=_changes(earlier, later, {"name"}), old=earlier, new=later
        )


@dataclass(frozen=True, slots=True)
class _PlacedLine:
    """A line in one document, with its section and parent line."""

    line: DocumentLine
    section: DocumentSection
    above: DocumentLine | None
    container: _Container

    @property
    def spot(self) -> Spot:
        parent = self.above.text if self.above else ""
        return Spot(self.section.uid, self.section.heading, self.line.group, parent)


class _Side:
    """One document by key: its sections, its lines, and the lines in each container."""

    def __init__(self, document: Document) -> None:
        self.sections = matching.keyed(document.sections, lambda section: section.uid)
        self.lines: dict[Key, _PlacedLine] = {}
        self.below: dict[_Container, list[Key]] = defaultdict(list)
        self._seen: Counter[str] = Counter()
        for key, section in self.sections.items():
            self._read(section.lines, section, None, ("section", key))

    def _read(
        self,
        lines: Iterable[DocumentLine],
        section: DocumentSection,
        above: DocumentLine | None,
        container: _Container,
    ) -> None:
        for line in lines:
            key = (line.uid, self._seen[line.uid])
            self._seen[line.uid] += 1
            self.lines[key] = _PlacedLine(line, section, above, container)
            self.below[container].append(key)
            self._read(line.lines, section, line, ("line", key))

    def groups(self, container: _Container) -> set[str]:
        return {self.lines[key].line.group for key in self.below.get(container, ())}


class _Reader:
    """Reads both documents together."""

    def __init__(self, old: Document, new: Document, facts: Iterable[FactNode]) -> None:
        self.old, self.new = _Side(old), _Side(new)
        self.facts = {fact.name: fact for fact in facts}

    def sections(self) -> Iterator[SectionNode]:
        earlier, later = list(self.old.sections), list(self.new.sections)
        stable = matching.unmoved(earlier, later)
        steps = matching.steps(earlier, later)
        for key, is_new in matching.merged(earlier, later, stable):
            state = _state(
                is_new, key in stable, key in (self.old if is_new else self.new).sections
            )
            yield self._section(key, state, steps.get(key, 0) if state == "moved" else 0)

    def _section(self, key: Key, state: str, steps: int) -> SectionNode:
        old, new = self.old.sections.get(key), self.new.sections.get(key)
        if state == "left":
            gone = word_diff.whole(old.heading if old else "", "removed")
            return SectionNode(state, (), uid=str(key[0]), old=old, new=new, heading=gone)
        container: _Container = ("section", key)
        renamed = self._renamed(container)
        earlier, later = old or _NOTHING, new or _NOTHING
        return SectionNode(
            state=state,
            changes=_changes(old, new, _SECTION),
            uid=str(key[0]),
            old=old,
            new=new,
            heading=word_diff.in_state(state, earlier.heading, later.heading),
            groups=tuple(Change("group", *names) for names in renamed.items()),
            steps=steps,
            facts=tuple(self._shown_facts(earlier, later)),
            lines=tuple(self._lines(container)),
            pay_ranges=tuple(_pay_ranges(earlier, later)),
            pay_references=tuple(_pay_references(earlier, later)),
        )

    def _shown_facts(self, old: DocumentSection, new: DocumentSection) -> Iterator[ShownFact]:
        for state, earlier, later, _steps in matching.pairs(
            old.facts, new.facts, lambda name: name
        ):
            name = later or earlier or ""
            yield ShownFact(state, (), name=name, fact=self.facts.get(name))

    def _renamed(self, container: _Container) -> dict[str, str]:
        """Returns the old and new names of groups that were renamed and kept their lines."""
        became, came = defaultdict(set), defaultdict(set)
        for key in self.new.below.get(container, ()):
            placed = self.old.lines.get(key)
            if placed and placed.container == container:
                later = self.new.lines[key].line.group
                became[placed.line.group].add(later)
                came[later].add(placed.line.group)
        earlier, new_there = self.old.groups(container), self.new.groups(container)
        pairs = ((name, *found) for name, found in became.items() if len(found) == 1)
        return {
            old: new
            for old, new in pairs
            if len(came[new]) == 1 and old not in new_there and new not in earlier
        }

    def _lines(self, container: _Container) -> Iterator[LineNode]:
        earlier, later = self.old.below.get(container, []), self.new.below.get(container, [])
        renamed = self._renamed(container)
        stable = matching.unmoved(*self._in_their_groups(earlier, later, renamed))
        steps = matching.steps(earlier, later)
        group = _group_namer(self.old.groups(container), self.new.groups(container), renamed)
        for key, is_new in matching.merged(earlier, later, stable):
            side, other = (self.new, self.old) if is_new else (self.old, self.new)
            state = _state(is_new, key in stable, key in other.lines)
            name = group(side.lines[key].line.group, is_new)
            yield self._line(key, state, name, self._move(key, steps.get(key, 0), renamed))

    def _in_their_groups(
        self, earlier: list[Key], later: list[Key], renamed: Mapping[str, str]
    ) -> tuple[list[Key], list[Key]]:
        """Returns the keys of lines that stayed in their group; all others have moved."""
        here = set(earlier) & set(later)
        names = {key: self.old.lines[key].line.group for key in here}
        stayed = {
            key
            for key, name in names.items()
            if renamed.get(name, name) == self.new.lines[key].line.group
        }
        return [key for key in earlier if key in stayed], [key for key in later if key in stayed]

    def _move(self, key: Key, steps: int, renamed: Mapping[str, str]) -> Move | None:
        """Returns the old and new position; a renamed group counts as the same group."""
        earlier, later = self.old.lines.get(key), self.new.lines.get(key)
        if earlier is None or later is None:
            return None
        old, new = earlier.spot, later.spot
        if earlier.container == later.container and renamed.get(old.group) == new.group:
            old = replace(old, group=new.group)
        return Move(old, new, steps)

    def _line(self, key: Key, state: str, group: Pieces, move: Move | None) -> LineNode:
        earlier, later = self.old.lines.get(key), self.new.lines.get(key)
        old, new = earlier.line if earlier else None, later.line if later else None
        before, after = old or _NO_LINE, new or _NO_LINE
        return LineNode(
            state=state,
            changes=_changes(old, new, _LINE) if state != "left" else (),
            uid=str(key[0]),
            old=old,
            new=new,
            text=line_text.pieces(state, before, after),
            detail=word_diff.in_state(state, before.detail, after.detail),
            group=group,
            move=move if state in ("moved", "left") else None,
            lines=tuple(self._lines(("line", key))) if state != "left" else (),
        )


def _state(is_new: bool, is_stable: bool, is_in_other: bool) -> str:
    """Returns the state of a key (see nodes.STATES)."""
    if is_new:
        return "kept" if is_stable else "moved" if is_in_other else "added"
    return "left" if is_in_other else "removed"


def _group_namer(
    old: set[str], new: set[str], renamed: Mapping[str, str]
) -> Callable[[str, bool], Pieces]:
    """Returns a function from a group's name (new or old) to its pieces."""
    previous = {later: earlier for earlier, later in renamed.items()}

    def name(group: str, is_new: bool) -> Pieces:
        if is_new and group in previous:
            return word_diff.pieces(previous[group], group)
        if not is_new and group in renamed:
            return word_diff.pieces(group, renamed[group])
        state = "same" if group in old and group in new else "added" if is_new else "removed"
        return word_diff.whole(group, state)

    return name


def _pay_ranges(old: DocumentSection, new: DocumentSection) -> Iterator[PayNode]:
    found = matching.pairs(old.pay_ranges, new.pay_ranges, lambda pay: pay.uid)
    for state, earlier, later, _steps in found:
        yield PayNode(state, _changes(earlier, later, {"uid"}), old=earlier, new=later)


def _pay_references(old: DocumentSection, new: DocumentSection) -> Iterator[ReferenceNode]:
    found = matching.pairs(old.pay_references, new.pay_references, lambda reference: reference)
    for state, earlier, later, _steps in found:
        reference = later or earlier
        assert reference is not None  # noqa: S101  # narrows the type
        yield ReferenceNode(state, (), reference=reference)
