"""The nodes of a comparison, and the points of its summary.

The tree is in the order of the new document; removed parts are where they were.
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
from roles.text_formatting import PLAIN, TextStyle

# `left` marks the old position of a moved node: it has the old wording, and the node itself
# appears elsewhere as `moved`.
STATES = ("kept", "moved", "added", "removed", "left")


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text: same, removed, or added. Same and removed pieces make the old text, same
    and added pieces the new."""

    text: str
    state: str = "same"
    style: TextStyle = PLAIN  # of a paragraph: its formatting


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The old and new value of a field, as in the document (codes, numbers, amounts)."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in one of the documents: section, group, and parent line, if any."""

    section: str  # uid
    heading: str
    group: str = ""
    parent: str = ""  # text of the parent line


@dataclass(frozen=True, slots=True)
class Move:
    """Old and new position. `steps` is how far it moved among the same neighbors (up is negative),
    or 0 if it has other neighbors."""

    old: Spot
    new: Spot
    steps: int = 0

    @property
    def is_within_section(self) -> bool:
        return self.old.section == self.new.section


@dataclass(frozen=True, slots=True)
class Node:
    """One item of the documents. Added nodes have no old value, removed nodes no new one."""

    state: str  # of STATES
    changes: tuple[Change, ...]  # of all fields without pieces

    @property
    def is_plain(self) -> bool:
        """Whether neither its position nor its content changed."""
        return self.state == "kept" and not self.changes

    @property
    def is_new_or_gone(self) -> bool:
        return self.state in ("added", "removed")


@dataclass(frozen=True, slots=True)
class FactNode(Node):
    """A fact of the document. `changes` covers values, places, audience, and label."""

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
    """A fact's row in a section. `fact` is None if neither document states it."""

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
        """The state of the row, which is also added or removed along with its fact."""
        if self.state in ("kept", "moved") and self.fact and self.fact.is_new_or_gone:
            return self.fact.state
        return self.state


@dataclass(frozen=True, slots=True)
class PayNode(Node):
    """A pay range. `changes` covers every field except the uid."""

    old: DocumentPayRange | None
    new: DocumentPayRange | None

    @property
    def any(self) -> DocumentPayRange:
        found = self.new or self.old
        assert found is not None  # noqa: S101  # narrows the type
        return found


@dataclass(frozen=True, slots=True)
class ReferenceNode(Node):
    """A market figure. It has no identity, so a changed figure is another reference."""

    reference: DocumentPayReference


@dataclass(frozen=True, slots=True)
class LineNode(Node):
    """A line or sub-line. Text, detail, and group have pieces; `changes` covers the other fields;
    `lines` are the sub-lines."""

    uid: str
    old: DocumentLine | None
    new: DocumentLine | None
    text: Pieces
    detail: Pieces
    group: Pieces  # name of the group it appears under
    move: Move | None = None  # for the states moved and left
    lines: tuple[LineNode, ...] = ()

    @property
    def any(self) -> DocumentLine:
        """The new line, or the old one if it was removed or left."""
        found = self.new if self.state != "left" else self.old
        found = found or self.old
        assert found is not None  # noqa: S101  # narrows the type
        return found

    @property
    def is_reworded(self) -> bool:
        """Whether it is in both documents with different wording."""
        return self.state in ("kept", "moved") and differs(self.text, self.detail)

    @property
    def is_plain(self) -> bool:
        own = self.state == "kept" and not self.changes and not self.is_reworded
        return own and all(line.is_plain for line in self.lines)


@dataclass(frozen=True, slots=True)
class SectionNode(Node):
    """A section. `changes` covers kind, audience, and style; `groups` are renamed groups, whose
    lines don't count as moved."""

    uid: str
    old: DocumentSection | None
    new: DocumentSection | None
    heading: Pieces
    groups: tuple[Change, ...] = ()
    steps: int = 0  # if moved: how far, up is negative
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
        """Whether it is in both documents with different headings."""
        return self.state in ("kept", "moved") and differs(self.heading)

    @property
    def is_marked_otherwise(self) -> bool:
        """Whether its audience, style, kind, or list of facts changed."""
        shown = any(fact.state != "kept" for fact in self.facts) and not self.is_new_or_gone
        return bool(self.changes or shown)

    @property
    def is_plain(self) -> bool:
        own = self.state == "kept" and not (self.changes or self.groups or self.is_reworded)
        below = (*self.facts, *self.lines, *self.pay_ranges, *self.pay_references)
        return own and all(node.is_plain for node in below)

    def every_line(self) -> Iterator[LineNode]:
        """Yields lines and their sub-lines, in reading order."""
        for line in self.lines:
            yield line
            yield from line.lines


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the summary: a count, or the old and new value of a field. For the kinds, see
    summary.py."""

    kind: str
    count: int = 0
    name: str = ""
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents with their placeholders filled in, and the changes between them."""

    old: Document
    new: Document
    title: Pieces
    changes: tuple[Change, ...]  # of the document itself: its language
    facts: tuple[FactNode, ...]
    sections: tuple[SectionNode, ...]
    summary: tuple[Point, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the documents are identical."""
        nodes = (*self.facts, *self.sections)
        return not (self.changes or differs(self.title)) and all(n.is_plain for n in nodes)

    def every_line(self) -> Iterator[LineNode]:
        """Yields all lines and sub-lines, in reading order."""
        for section in self.sections:
            yield from section.every_line()

    def fact(self, name: str) -> FactNode | None:
        """Returns the node of the fact with that name, or None."""
        return next((fact for fact in self.facts if fact.name == name), None)


def differs(*texts: Pieces) -> bool:
    """Whether any of these texts changed."""
    return any(piece.state != "same" for pieces in texts for piece in pieces)
