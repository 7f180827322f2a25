"""The content of a section in reading order, as plain values.

Exporters iterate over these blocks and decide how each one looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from roles.document import Document, DocumentLine, DocumentSection

BREAKS_LIMIT = 3_000  # line breaks shown in a whole document

# The shape of lines in sections of these kinds, whatever their style.
_FIXED_SHAPES = {"faq": "questions", "acknowledgment": "signatures"}
_ENDS_SENTENCE = (".", "!", "?", ":", "…")


@dataclass(frozen=True, slots=True)
class LineRun:
    """Consecutive lines that are shown together."""

    shape: str  # paragraphs | bullets | numbers | plain | table | questions | signatures
    lines: tuple[DocumentLine, ...]
    start: int = 1  # number of the first entry; numbering continues through groups


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Consecutive lines with the same group name, or with none."""

    name: str
    runs: tuple[LineRun, ...]

    @property
    def first(self) -> DocumentLine:
        return self.runs[0].lines[0]


def groups(lines: tuple[DocumentLine, ...], section: DocumentSection) -> tuple[LineGroup, ...]:
    """Returns the lines of a section split into groups of runs."""
    shape = _FIXED_SHAPES.get(section.kind, section.style)
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
    """Returns the section's lines split at its table of facts or pay: a leading paragraph comes
    before the table, all others after it."""
    head = section.lines[:1]
    if head and head[0].form == "paragraph":
        return head, section.lines[1:]
    return (), section.lines


def joint(term: str) -> str:
    """Returns what follows a term before its explanation: a colon, or "" if it ends in
    punctuation."""
    return "" if term.rstrip().endswith(_ENDS_SENTENCE) else ":"


def mixes_requirements(section: DocumentSection) -> bool:
    """Returns whether entries have different requirements, so that each must show its own."""
    return len({line.requirement for line in _entries(section)}) > 1


def _entries(section: DocumentSection) -> Iterator[DocumentLine]:
    return (line for line in section.every_line() if line.form == "entry")


def with_few_breaks(document: Document) -> Document:
    """Returns the document with line breaks replaced by spaces if there are more than BREAKS_LIMIT:
    a paragraph of nothing but breaks would fill endless pages."""
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
