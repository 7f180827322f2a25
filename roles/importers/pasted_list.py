"""A pasted list as entries: from Word, a web page, an email, a spreadsheet, Markdown, a PDF.

The steps: remove marks of HTML and Markdown (`pasted_markup`), read the lines (`pasted_lines`),
repair the breaks in cells and between lines (`pasted_breaks`), remove bullets and numbering
(`list_bullets`, `list_numbers`), join wrapped lines (`pasted_lines`), find details and percentages
(`pasted_pairs`), find the sub-entries. Only marks, numbering, page numbers, quote marks of emails,
white space and invisible characters are removed. Every step takes linear time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from roles import limits
from roles.importers import (
    list_bullets,
    list_numbers,
    pasted_breaks,
    pasted_lines,
    pasted_markup,
    pasted_pairs,
    pasted_requirements,
)
from roles.importers.pasted_lines import RawLine
from roles.limits import PASTE_LIMIT

ENTRIES_LIMIT = limits.LINES_LIMIT  # sub-entries included
BLANK_CELL = "–"  # of a table
_LINES_PER_ENTRY = 20  # on average, at most
_SLACK = 1  # columns that are ignored: numbers are aligned right, copies are inexact
_HEADING_BULLETS = frozenset("■◆●▼★")  # beside "・", as in Japanese
_SECOND_LEVEL = frozenset("o◦○‣⁃")  # as in Word and browsers


@dataclass(frozen=True, slots=True)
class PastedEntry:
    """One entry of a list, on one line, with its sub-entries. These have one level: deeper ones
    are raised to it. `detail` has several lines if its cell had. `percent` is a share of working
    time, from 1 to 100."""

    text: str
    entries: tuple[PastedEntry, ...] = ()
    detail: str = ""
    percent: int | None = None
    requirement: str = ""  # a key of vocabulary.REQUIREMENTS


class TooLong(ValueError):  # noqa: N818  # named for the problem with the paste
    """The text has more characters than PASTE_LIMIT, or more entries than ENTRIES_LIMIT (or so
    many lines that they were not joined to entries)."""

    def __init__(self, limit: int, length: int) -> None:
        super().__init__(f"{length} is more than {limit}")
        self.limit = limit
        self.length = length


def entries(
    text: str, *, has_percent: bool = True, has_requirement: bool = False, columns: int = 2
) -> tuple[PastedEntry, ...]:
    """The entries of a pasted text, in order; raises TooLong. Without `has_percent`, a percentage
    is a part of the text; without `has_requirement`, so is what says *required*. Rows of a table
    have up to so many `columns`: text, detail, and sub-entries; the cells after them are part of
    the last one."""
    if len(text) > PASTE_LIMIT:
        raise TooLong(PASTE_LIMIT, len(text))
    lines = list(_read_lines(text))
    if len(lines) > ENTRIES_LIMIT * _LINES_PER_ENTRY:
        raise TooLong(ENTRIES_LIMIT, len(lines))
    lines = _remove_markers(lines)
    is_table = _is_table(lines)
    if is_table and columns > 2:
        found = [line for line in lines if line.cells or not pasted_lines.is_blank(line.text)]
        return tuple(_row(line, columns) for line in _limited(found))
    if is_table or all(line.style and len(line.cells) > 1 for line in lines):
        lines = pasted_pairs.read_rows(lines, has_percent=has_percent)
    else:
        lines = pasted_lines.join_wrapped(list(_join_lone_markers(lines)))
    found = [line for line in lines if not pasted_lines.is_blank(line.text)]
    found = pasted_pairs.read_paragraphs(found)
    if has_percent:
        found = pasted_pairs.read_percents(found)
    if has_requirement:
        found = pasted_requirements.read(found)
    found = _limited(found)
    return _nested(found, [0] * len(found) if is_table else _depths(found))


def _limited(lines: list[RawLine]) -> list[RawLine]:
    if len(lines) > ENTRIES_LIMIT:
        raise TooLong(ENTRIES_LIMIT, len(lines))
    return lines


def _row(line: RawLine, columns: int) -> PastedEntry:
    """The cells of a row; a blank one before others is a dash, because lines have a text. The tabs
    of blank cells at the start count as indentation."""
    cells = [*[""] * (line.indent // pasted_lines.TAB), *(line.cells or [line.text])]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    if len(cells) > columns:
        cells[columns - 1 :] = [" ".join(filter(None, cells[columns - 1 :]))]
    text, detail, *others = cells if len(cells) > 1 else (*cells, "")
    subs = tuple(PastedEntry(cell.replace("\n", " ") or BLANK_CELL) for cell in others)
    return PastedEntry(text.replace("\n", " ") or BLANK_CELL, subs, detail)


def _read_lines(text: str) -> Iterator[RawLine]:
    """The lines of a text; one with several bullets becomes several, and a rule counts as a
    blank line."""
    is_after_rule = False
    lines = pasted_lines.read(pasted_breaks.join_cells(pasted_markup.to_plain_text(text)))
    for line in pasted_breaks.without_page_numbers(lines):
        if list_bullets.is_rule(line.text):
            is_after_rule = True
            continue
        if is_after_rule:
            line = replace(line, is_after_blank=True)
        heading = pasted_markup.heading(line.text)
        if heading is not None:
            line = replace(line, text=heading, is_heading=True)
        first, *others = pasted_breaks.split_inline(line.text)
        yield replace(line, text=first) if others else line
        for other in others:
            yield replace(line, text=other, is_after_blank=False)
        is_after_rule = False


def _remove_markers(lines: list[RawLine]) -> list[RawLine]:
    """The lines without bullets and numbering, which become their style."""
    marked = list_bullets.remove_bullets([line.text for line in lines])
    plain = [index for index, mark in enumerate(marked) if not mark.style]
    numbers = list_numbers.find_numbers(
        [replace(lines[index], text=marked[index].text) for index in plain],
        is_alone=len(plain) == len(lines),
    )
    for index, number in zip(plain, numbers, strict=True):
        if number is not None:
            rest = marked[index].text[number.length :]
            marked[index] = list_bullets.remove_bullet(rest, number.style)
    return [
        replace(line, text=_words(mark.text), style=mark.style, cells=_cells(mark.text))
        for line, mark in zip(lines, marked, strict=True)
    ]


def _cells(text: str) -> tuple[str, ...]:
    """The cells of a row, each with its lines; bullets inside a cell are removed."""
    if "\t" not in text:
        return ()
    cells = (cell.split(pasted_breaks.BREAK_IN_CELL) for cell in text.split("\t"))
    return tuple("\n".join(filter(None, map(_words, _unmarked(lines)))) for lines in cells)


def _unmarked(lines: list[str]) -> list[str]:
    if len(lines) == 1:
        return lines
    return [mark.text for mark in list_bullets.remove_bullets([line.strip() for line in lines])]


def _words(text: str) -> str:
    return pasted_lines.tidy(pasted_markup.without_emphasis(text))


def _is_table(lines: list[RawLine]) -> bool:
    """Whether the lines are rows of a spreadsheet: cells with tabs between them, no bullets.
    Each row is an entry, and an empty first cell is no indentation."""
    return any(line.cells for line in lines) and not any(line.style for line in lines)


def _join_lone_markers(lines: list[RawLine]) -> Iterator[RawLine]:
    """The lines, with each bullet on a line of its own joined to the text after it: some programs
    write them so."""
    lone: RawLine | None = None
    for line in lines:
        if not line.text:
            lone = line
        elif lone is None or line.style:
            lone = None
            yield line
        else:
            yield replace(lone, text=line.text, is_hyphenated=line.is_hyphenated)
            lone = None


# --- nesting


def _depths(found: list[RawLine]) -> list[int]:
    """The depth of each line: 0 for an entry, 1 and more for a sub-entry."""
    styles = _Styles([line.style for line in found])
    is_loose = all(line.is_after_blank for line in found[1:])
    above: list[RawLine] = []
    result: list[int] = []
    for index, line in enumerate(found):
        while above and not styles.is_inside(line, above, index):
            above.pop()
        result.append(len(above))
        after = found[index + 1] if index + 1 < len(found) else line
        has_own = line.style or is_loose or not after.is_after_blank  # a heading has nothing below
        if has_own and not line.is_heading:
            above.append(line)
    return _without_headings(found, result)


def _without_headings(found: list[RawLine], result: list[int]) -> list[int]:
    """The depths without the outermost level if it has only headings: then the lines below them
    are the list. A first line without bullet above bulleted ones is a heading, and so is a first
    line that lost its indentation when it was copied."""
    outer = [line.style for line, depth in zip(found, result, strict=True) if depth == 0]
    inner = [line.style for line, depth in zip(found, result, strict=True) if depth == 1]
    if not inner:
        return result
    has_one_outer, has_deeper = len(outer) == 1, max(result) > 1
    is_headings = not any(outer) and all(inner) and (has_one_outer or has_deeper)
    is_cut = has_one_outer and has_deeper and outer[0] == inner[0]
    if is_headings or is_cut:
        return [max(0, depth - 1) for depth in result]
    return result


class _Styles:
    """The kinds of bullets and numbering of a text, and which are below which."""

    def __init__(self, styles: list[str]) -> None:
        self.last = {style: index for index, style in enumerate(styles)}
        self.pairs: set[tuple[str, str]] = set()  # (outer, inner)

    def is_inside(self, line: RawLine, above: list[RawLine], index: int) -> bool:
        """Whether a line is a sub-entry of the last one above it."""
        outer = above[-1]
        if outer.style == "・" and line.style in _HEADING_BULLETS:
            return False
        if abs(line.indent - outer.indent) > _SLACK:
            return line.indent > outer.indent
        if not line.style or not outer.style or line.style == outer.style:
            return False
        if any(line.style == other.style for other in above[:-1]):
            return False
        return self._is_below(outer.style, line.style, index)

    def _is_below(self, outer: str, inner: str, index: int) -> bool:
        """Whether a line with another bullet at the same indentation is a level below: if the
        outer bullet comes again, if the inner is a usual second level, or if it has more parts."""
        if outer[0] == inner[0] == "1" and "." in inner[:-1]:
            return inner.count("1") > outer.count("1")
        if not (outer + inner).strip("*"):  # ** below * in a wiki
            return inner.startswith(outer)
        is_second = inner in _SECOND_LEVEL and outer not in _SECOND_LEVEL
        if is_second or self.last[outer] > index:
            self.pairs.add((outer, inner))
        return (outer, inner) in self.pairs


def _nested(found: list[RawLine], depths: list[int]) -> tuple[PastedEntry, ...]:
    nested: list[tuple[RawLine, list[RawLine]]] = []
    for line, depth in zip(found, depths, strict=True):
        if depth and nested:
            nested[-1][1].append(line)
        else:
            nested.append((line, []))
    return tuple(_entry(line, tuple(map(_entry, inside))) for line, inside in nested)


def _entry(line: RawLine, inside: tuple[PastedEntry, ...] = ()) -> PastedEntry:
    return PastedEntry(line.text, inside, line.detail, line.percent, line.requirement)
