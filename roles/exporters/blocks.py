"""What is under a section's heading, in reading order, as plain values.

Every exporter that prints lines walks these; how a block looks is the exporter's affair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from roles.document import Document, DocumentLine, DocumentSection

BREAKS_LIMIT = 3_000  # line breaks that a whole document may show

# Entries of these kinds are shown in their own way, whatever the section's style.
_OWN_WAY = {"faq": "questions", "acknowledgment": "signatures"}


@dataclass(frozen=True, slots=True)
class LineRun:
    """Neighbouring lines that are shown together."""

    shape: str  # paragraphs | bullets | numbers | plain | table | questions | signatures
    lines: tuple[DocumentLine, ...]
    start: int = 1  # the number of the first entry: numbering goes on through groups


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Neighbouring lines under one name, or under none."""

    name: str
    runs: tuple[LineRun, ...]

    @property
    def first(self) -> DocumentLine:
        return self.runs[0].lines[0]


def groups(lines: tuple[DocumentLine, ...], section: DocumentSection) -> tuple[LineGroup, ...]:
    """The lines of a section cut into groups, and those into runs."""
    shape = _OWN_WAY.get(section.kind, section.style)
    count = 0
    found = []
    for name, members in groupby(lines, key=lambda line: line.group):
        runs = []
        for is_entry, run in groupby(members, key=lambda line: line.form == "entry"):
            together = tuple(run)
            runs.append(LineRun(shape if is_entry else "paragraphs", together, count + 1))
            count += len(together) if is_entry else 0
        found.append(LineGroup(name, tuple(runs)))
    return tuple(found)


def introduction(
    section: DocumentSection,
) -> tuple[tuple[DocumentLine, ...], tuple[DocumentLine, ...]]:
    """The section's lines, cut where its table of facts or pay is: a first paragraph
    introduces the table, all else follows it."""
    head = section.lines[:1]
    if head and head[0].form == "paragraph":
        return head, section.lines[1:]
    return (), section.lines


def mixes_requirements(section: DocumentSection) -> bool:
    """Whether required and not required entries stand side by side, so that each must say
    which it is."""
    return len({line.requirement for line in _entries(section)}) > 1


def _entries(section: DocumentSection) -> Iterator[DocumentLine]:
    return (line for line in section.every_line() if line.form == "entry")


def with_few_breaks(document: Document) -> Document:
    """The same, with every line break turned into a space where there are more of them than
    BREAKS_LIMIT: a paragraph of nothing but breaks would fill pages without end."""
    lines = [line for section in document.sections for line in section.every_line()]
    if sum(line.text.count("\n") + line.detail.count("\n") for line in lines) <= BREAKS_LIMIT:
        return document

    def flat(line: DocumentLine) -> DocumentLine:
        return replace(
            line,
            text=" ".join(line.text.split()),
            detail=" ".join(line.detail.split()),
            lines=tuple(flat(sub) for sub in line.lines),
        )

    return replace(
        document,
        sections=tuple(
            replace(section, lines=tuple(flat(line) for line in section.lines))
            for section in document.sections
        ),
    )
