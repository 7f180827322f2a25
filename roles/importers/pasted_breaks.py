"""Breaks that a copy lost or added: entries on one line, page numbers between lines, and lines
inside a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from roles.importers.list_bullets import has_bullet
from roles.importers.pasted_lines import RawLine, starts_lower

_INLINE = frozenset("•●▪◦‣■➢\uf0b7\uf0a7\uf0d8")
# A line between the bullets of two pages: a page number.
_PAGE = re.compile(
    r"[-–—\s]*(?:(?:page|pg\.?|p\.|seite|s\.|página|pagina|стр\.?)\s*\d{1,4}"
    r"(?:\s*(?:of|/|von|sur|de|di|из)\s*\d{1,4})?|\d{1,4}\s*(?:of|/|von|sur)\s*\d{1,4}"
    r"|\d{1,4}\s*\|\s*(?:page|seite|página|pagina))[-–—\s]*",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"[-–—\s]*\d{1,3}[-–—\s]*")
BREAK_IN_CELL = "\u2028"
# A spreadsheet puts a cell with line breaks in quotation marks, and doubles those inside it.
_QUOTED_CELL = re.compile(r'(?:(?<=[\t\n])|\A)"((?:[^"\t]|"")*\n(?:[^"\t]|"")*)"(?=[\t\r\n]|\Z)')
# The first number of a line that lost its line breaks, and how the next ones are written.
_FIRST_OF_LINE = re.compile(r"([(（]?)(1|a|A)(\.\)|[.)）、])(?=\s)")


def join_cells(text: str) -> str:
    """Returns the text of a spreadsheet with BREAK_IN_CELL for each line break inside a cell. A
    text without tabs is unchanged."""
    if "\t" not in text or '"' not in text:
        return text
    return _QUOTED_CELL.sub(lambda match: _cell(match[1]), text)


def _cell(text: str) -> str:
    return BREAK_IN_CELL.join(text.replace('""', '"').splitlines())


def split_inline(text: str) -> list[str]:
    """The entries of a line that lost its line breaks: `• One • Two`, `1. One 2. Two`."""
    bullet = text[0]
    if bullet in _INLINE and text[1:2].isspace():
        return re.split(rf"\s(?={re.escape(bullet)}\s)", text)
    match = _FIRST_OF_LINE.match(text)
    return list(_split_numbers(text, match)) if match else [text]


def _split_numbers(text: str, match: re.Match[str]) -> Iterator[str]:
    """A line is split before each next number that a capital or an uncased letter follows."""
    before, first, after = map(re.escape, match.groups())
    start, value = 0, ord(first)
    while value < ord("z"):
        value += 1
        following = str(value - ord("0")) if first == "1" else chr(value)
        mark = re.compile(rf"\s(?={before}{following}{after}\s+([^\W\d_]))")
        found = mark.search(text, max(start, match.end()))
        if not found or found[1].islower():
            break
        yield text[start : found.start()]
        start = found.end()
    yield text[start:]


def without_page_numbers(lines: list[RawLine]) -> list[RawLine]:
    """The lines without `Page 2 of 4`, and without numbers that stand alone between two bulleted
    lines, if any line has a bullet."""
    bulleted = [has_bullet(line.text) for line in lines]
    first = bulleted.index(True) if True in bulleted else len(lines)
    return [
        line
        for index, line in enumerate(lines)
        if first == len(lines)
        or not (
            _PAGE.fullmatch(line.text)
            or (
                index > first
                and _PAGE_NUMBER.fullmatch(line.text)
                and _may_follow_a_page(lines[index + 1 : index + 2])
            )
        )
    ]


def _may_follow_a_page(after: list[RawLine]) -> bool:
    """Whether this line, or the end of the text, can come after a page number."""
    return not after or has_bullet(after[0].text) or starts_lower(after[0].text)
