"""The content of a section in reading order, as plain values.

Exporters iterate over these blocks and decide how each one looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from roles.document import Document, DocumentLine, DocumentSection

BREAKS_LIMIT = 3_000  # line breaks shown in a whole document

# The shape of lines in sections of these kinds, whatever their style.
_FIXED_SHAPES = {"faq": "questions", "acknowledgment": "signatures", "table": "grid"}
DEMANDS = "demands"  # the shape of physical demands, which are a table
_ENDS_SENTENCE = (".", "!", "?", ":", "…")


@dataclass(frozen=True, slots=True)
class LineRun:
    """Consecutive lines that are shown together."""

    shape: str  # paragraphs | bullets | numbers | plain | table | grid | demands | questions …
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
    """Returns the lines of a section split into groups of runs. The physical demands of a group
    come last, together."""
    has_demands = _has_demands(section)

    def shape(line: DocumentLine) -> str:
        if has_demands and line.is_physical:
            return DEMANDS
        usual = _FIXED_SHAPES.get(section.kind, section.style)
        return usual if line.form == "entry" else "paragraphs"

    count = 0
    found = []
    for name, members in groupby(lines, key=lambda line: line.group):
        runs = []
        ordered = sorted(members, key=lambda line: shape(line) == DEMANDS)
        for of_run, run in groupby(ordered, key=shape):
            together = tuple(run)
            runs.append(LineRun(of_run, together, count + 1))
            count += len(together) if of_run not in ("paragraphs", DEMANDS) else 0
        found.append(LineGroup(name, tuple(runs)))
    return tuple(found)


def _has_demands(section: DocumentSection) -> bool:
    """Returns whether the physical demands of the section are a table: one of them states how much
    or how often, and the section has no shape of its own."""
    return section.kind not in _FIXED_SHAPES and any(
        line.is_physical and (line.amount is not None or line.how_often) for line in section.lines
    )


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


# Marks of lines that are said once for a list.
LIST_MARKS = ("requirement", "essential")
Marks = Mapping[str, str]  # the values of fields of LIST_MARKS


@dataclass(frozen=True, slots=True)
class ListMarks:
    """The marks that are said once for all entries of a section, and of each group by its name."""

    section: Marks
    groups: Mapping[str, Marks]

    def of_line(self, line: DocumentLine) -> Marks:
        """Returns the marks that the line shows itself: those that its list doesn't say."""
        said = {**self.section, **self.groups.get(line.group, {})}
        return {
            name: value
            for name in LIST_MARKS
            if (value := getattr(line, name)) and value != said.get(name)
        }


def list_marks(section: DocumentSection) -> ListMarks:
    """Returns the marks that most entries of a list have, if all have one; the others show theirs.
    The heading of the section says those of all its entries, that of a group those of its own."""
    lists: dict[str, list[DocumentLine]] = {}
    for line in section.lines:
        lists.setdefault(line.group, []).extend(_entries(line))
    every = [entry for entries in lists.values() for entry in entries]
    of_section = _said(every, is_whole=len(lists) > 1) if section.has_heading else {}
    groups = {
        name: {n: value for n, value in _said(entries).items() if n not in of_section}
        for name, entries in lists.items()
        if name
    }
    return ListMarks(of_section, groups)


def _said(entries: Sequence[DocumentLine], *, is_whole: bool = False) -> dict[str, str]:
    """Returns the marks said once for these entries; with `is_whole`, only those that all have."""
    found = {}
    for name in LIST_MARKS:
        values = Counter(getattr(line, name) for line in entries)
        value, count = values.most_common(1)[0] if values else ("", 0)
        needed = len(entries) if is_whole else len(entries) // 2 + 1
        if value and len(entries) > 1 and not values[""] and count >= needed:
            found[name] = value
    return found


def _entries(line: DocumentLine) -> Iterator[DocumentLine]:
    return (one for one in (line, *line.lines) if one.form == "entry")


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
