"""A pasted list as entries: from Word, a web page, mail, a spreadsheet, Markdown, a PDF.

Nothing of the text is lost but bullets, numbering, quote marks of mail, white space and
characters that nobody sees. Every step takes time in proportion to the length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from roles import vocabulary
from roles.importers import bullets, nesting, numbering, pasted_lines, wraps

PASTE_LIMIT = 200_000  # characters
ENTRIES_LIMIT = vocabulary.LINES_LIMIT  # sub-entries included
_WRAPPED = 20  # lines that an entry has at most, on average, or nobody wrote this


@dataclass(frozen=True, slots=True)
class PastedEntry:
    """One entry of a list, on one line, with its sub-entries: one level, deeper ones are
    lifted to it."""

    text: str
    entries: tuple[PastedEntry, ...] = ()


class TooLong(ValueError):  # noqa: N818  # it says what is wrong with the paste
    """The paste has more characters than PASTE_LIMIT, or more entries than ENTRIES_LIMIT (or
    so many lines that they were not even joined to entries)."""

    def __init__(self, limit: int, length: int) -> None:
        super().__init__(f"{length} is more than {limit}")
        self.limit = limit
        self.length = length


def entries(text: str) -> tuple[PastedEntry, ...]:
    """The entries of a list, in their order."""
    if len(text) > PASTE_LIMIT:
        raise TooLong(PASTE_LIMIT, len(text))
    pieces = list(_pieces(text))
    if len(pieces) > ENTRIES_LIMIT * _WRAPPED:
        raise TooLong(ENTRIES_LIMIT, len(pieces))
    read = _marked(pieces)
    found = read if _is_table(read) else wraps.joined(list(_with_lone_marks(read)))
    found = [line for line in found if not pasted_lines.is_blank(line.text)]
    if len(found) > ENTRIES_LIMIT:
        raise TooLong(ENTRIES_LIMIT, len(found))
    return _tree(found, [0] * len(found) if _is_table(read) else nesting.depths(found))


def _pieces(text: str) -> Iterator[pasted_lines.RawLine]:
    """The lines of a paste, and each bullet of one line as a line; a rule parts like a blank."""
    is_after_rule = False
    for line in pasted_lines.read(text):
        if bullets.is_rule(line.text):
            is_after_rule = True
            continue
        if is_after_rule:
            line = replace(line, is_after_blank=True)
        first, *others = bullets.apart(line.text)
        yield replace(line, text=first) if others else line
        for other in others:
            yield replace(line, text=other, is_after_blank=False)
        is_after_rule = False


def _marked(read: list[pasted_lines.RawLine]) -> list[pasted_lines.RawLine]:
    """The lines with bullet or numbering taken from each text and kept as its style."""
    bulleted = bullets.taken([line.text for line in read])
    plain = [place for place, mark in enumerate(bulleted) if not mark.style]
    numbers = numbering.found(
        [replace(read[place], text=bulleted[place].text) for place in plain],
        is_alone=len(plain) == len(read),
    )
    for place, number in zip(plain, numbers, strict=True):
        if number is not None:
            rest = bulleted[place].text[number.length :]
            bulleted[place] = bullets.take(rest, number.style)
    return [
        replace(line, text=pasted_lines.tidy(mark.text), style=mark.style, is_row="\t" in mark.text)
        for line, mark in zip(read, bulleted, strict=True)
    ]


def _is_table(read: list[pasted_lines.RawLine]) -> bool:
    """Whether these are the rows of a spreadsheet: cells with tabs between them, no bullets.
    A row is an entry; an empty first cell is no indentation."""
    return any(line.is_row for line in read) and not any(line.style for line in read)


def _with_lone_marks(read: list[pasted_lines.RawLine]) -> Iterator[pasted_lines.RawLine]:
    """Some programs put a bullet on a line of its own: it belongs to the text after it."""
    waiting: pasted_lines.RawLine | None = None
    for line in read:
        if not line.text:
            waiting = line
        elif waiting is None or line.style:
            waiting = None
            yield line
        else:
            yield replace(waiting, text=line.text, is_hyphenated=line.is_hyphenated)
            waiting = None


def _tree(found: list[pasted_lines.RawLine], depths: list[int]) -> tuple[PastedEntry, ...]:
    below: list[tuple[str, list[PastedEntry]]] = []
    for line, depth in zip(found, depths, strict=True):
        if depth and below:
            below[-1][1].append(PastedEntry(line.text))
        else:
            below.append((line.text, []))
    return tuple(PastedEntry(text, tuple(inside)) for text, inside in below)
