"""What a comparison is made of: a tree to be read once, and the points of its summary.

The tree is in the order of the new document; what it no longer has is where it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from roles.document import (
    Document,
    DocumentLine,
    DocumentPayRange,
    DocumentPayReference,
    DocumentSection,
    Fact,
)

# Where a node is. `left` is the place that a moved one left: it carries the words that
# were there, and the node itself is elsewhere as `moved`.
STATES = ("kept", "moved", "added", "removed", "left")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: same, removed or added. Same and removed ones make the old text,
    same and added ones the new."""

    text: str
    state: str = "same"


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A named value before and after, as the document holds it (codes, numbers, amounts)."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in one of the two documents: a section, a group, below a line or not."""

    section: str  # uid
    heading: str
    group: str = ""
    parent: str = ""  # the text of the line that it is below


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where; `steps` is how far among its neighbors, up (negative) or down, and
    0 where the neighbors are others."""

    old: Spot
    new: Spot
    steps: int = 0

    @property
    def is_within_section(self) -> bool:
        return self.old.section == self.new.section


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of the documents. Added ones have no old value, removed ones no new one."""

    state: str  # of STATES
    changes: tuple[Change, ...]  # of everything that has no pieces of its own

    @property
    def is_plain(self) -> bool:
        """Whether it is where it was and says what it said."""
        return self.state == "kept" and not self.changes

    @property
    def is_new_or_gone(self) -> bool:
        return self.state in ("added", "removed")


@dataclass(frozen=True, slots=True)
class FactNode(Node):
    """A fact of the document: values, places, audience and label are named changes."""

    old: Fact | None
    new: Fact | None

    @property
    def name(self) -> str:
        return self.any.name

    @property
    def any(self) -> Fact:
        found = self.new or self.old
        assert found is not None  # noqa: S101  # narrows the type
        return found


@dataclass(frozen=True, slots=True)
class ShownFact(Node):
    """A fact's row in a section: whether it is shown there, and the fact, where one is
    stated in either document."""

    name: str
    fact: FactNode | None

    @property
    def is_plain(self) -> bool:
        is_same = self.fact is None or (
            self.fact.state in ("kept", "moved") and not self.fact.changes
        )
        return self.state == "kept" and is_same

    @property
    def row(self) -> str:
        """The state of the row: it also comes and goes with the fact itself."""
        if self.state in ("kept", "moved") and self.fact and self.fact.is_new_or_gone:
            return self.fact.state
        return self.state


@dataclass(frozen=True, slots=True)
class PayNode(Node):
    """A pay range: every field but its uid is a named change."""

    old: DocumentPayRange | None
    new: DocumentPayRange | None

    @property
    def any(self) -> DocumentPayRange:
        found = self.new or self.old
        assert found is not None  # noqa: S101  # narrows the type
        return found


@dataclass(frozen=True, slots=True)
class ReferenceNode(Node):
    """A market reference. It has no identity: another figure is another reference."""

    reference: DocumentPayReference


@dataclass(frozen=True, slots=True)
class LineNode(Node):
    """A line or sub-line. Its text, detail and group have pieces; form, requirement, percent
    and the rest are named changes; sub-lines are nodes below it."""

    uid: str
    old: DocumentLine | None
    new: DocumentLine | None
    text: Pieces
    detail: Pieces
    group: Pieces  # the name of the group that it is shown under
    move: Move | None = None  # of a moved one, and of the place that it left
    lines: tuple[LineNode, ...] = ()

    @property
    def any(self) -> DocumentLine:
        """The line as it is now, or as it was last."""
        found = self.new if self.state != "left" else self.old
        found = found or self.old
        assert found is not None  # noqa: S101  # narrows the type
        return found

    @property
    def is_reworded(self) -> bool:
        """Whether it is in both documents in other words."""
        return self.state in ("kept", "moved") and differs(self.text, self.detail)

    @property
    def is_plain(self) -> bool:
        own = self.state == "kept" and not self.changes and not self.is_reworded
        return own and all(line.is_plain for line in self.lines)


@dataclass(frozen=True, slots=True)
class SectionNode(Node):
    """A section: kind, audience and style are named changes, `groups` the groups that were
    renamed as a whole (their lines did not move)."""

    uid: str
    old: DocumentSection | None
    new: DocumentSection | None
    heading: Pieces
    groups: tuple[Change, ...] = ()
    steps: int = 0  # of a moved one: how far up (negative) or down
    facts: tuple[ShownFact, ...] = ()
    lines: tuple[LineNode, ...] = ()
    pay_ranges: tuple[PayNode, ...] = ()
    pay_references: tuple[ReferenceNode, ...] = ()

    @property
    def any(self) -> DocumentSection:
        found = self.new or self.old
        assert found is not None  # noqa: S101  # narrows the type
        return found

    @property
    def is_reworded(self) -> bool:
        """Whether it is in both documents under another heading."""
        return self.state in ("kept", "moved") and differs(self.heading)

    @property
    def is_marked_otherwise(self) -> bool:
        """Whether it has other readers, another style or kind, or shows other facts."""
        shown = any(fact.state != "kept" for fact in self.facts) and not self.is_new_or_gone
        return bool(self.changes or shown)

    @property
    def is_plain(self) -> bool:
        own = self.state == "kept" and not (self.changes or self.groups or self.is_reworded)
        below = (*self.facts, *self.lines, *self.pay_ranges, *self.pay_references)
        return own and all(node.is_plain for node in below)

    def every_line(self) -> Iterator[LineNode]:
        """Lines and their sub-lines, in reading order."""
        for line in self.lines:
            yield line
            yield from line.lines


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the summary, from which a sentence is made: how many of a kind, or what a
    named value was and is (see summary.py for the kinds)."""

    kind: str
    count: int = 0
    name: str = ""
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents with their placeholders filled in, and what is between them."""

    old: Document
    new: Document
    title: Pieces
    changes: tuple[Change, ...]  # of the document itself: its language
    facts: tuple[FactNode, ...]
    sections: tuple[SectionNode, ...]
    summary: tuple[Point, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both say the same, word for word and in everything that they carry."""
        nodes = (*self.facts, *self.sections)
        return not (self.changes or differs(self.title)) and all(n.is_plain for n in nodes)

    def every_line(self) -> Iterator[LineNode]:
        """All lines and sub-lines, in reading order."""
        for section in self.sections:
            yield from section.every_line()

    def fact(self, name: str) -> FactNode | None:
        """What became of the fact of that name."""
        return next((fact for fact in self.facts if fact.name == name), None)


def differs(*texts: Pieces) -> bool:
    """Whether any of these texts is not the same in both documents."""
    return any(piece.state != "same" for pieces in texts for piece in pieces)
