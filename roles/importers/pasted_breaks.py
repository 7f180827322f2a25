"""Breaks that a copy lost or added: entries on one line, page numbers between lines, and lines
inside a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import ascii_lowercase, ascii_uppercase

from roles.folding import UNSPACED
from roles.importers.list_bullets import has_bullet
from roles.importers.pasted_lines import RawLine, starts_lower

_INLINE = frozenset("•●▪◦‣■➢✓✔·\uf0b7\uf0a7\uf0d8")
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
# How a line that lost its line breaks can begin, and the numbers that follow.
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii"
_CHINESE = "一 二 三 四 五 六 七 八 九 十 十一 十二"
_SEQUENCES = {
    "1": [str(number) for number in range(1, 100)],
    "a": list(ascii_lowercase),
    "A": list(ascii_uppercase),
    "i": _ROMAN.split(),
    "I": _ROMAN.upper().split(),
    "一": _CHINESE.split(),
}
_FIRST_OF_LINE = re.compile(rf"([(（]?)([1aAiI一])(\.\)|[.)）、．])(?=[\s{UNSPACED}])")
_FIRST_IN_CIRCLE = re.compile("[①❶]|1\ufe0f?\u20e3")


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
    if bullet == "•":
        return re.split(r"(?<=\w)\s?(?=•\w)", text)
    if bullet == "・":  # it is also inside names, without a space before
        return re.split(r"\s(?=・)", text)
    return list(_split_before(text, _following_marks(text)))


def _following_marks(text: str) -> Iterator[re.Pattern[str]]:
    """What comes before the second entry of a line, the third, and so on."""
    match = _FIRST_OF_LINE.match(text)
    circle = _FIRST_IN_CIRCLE.match(text)
    if match:
        before, after = re.escape(match[1]), re.escape(match[3])
        for number in _SEQUENCES[match[2]][1:]:
            mark = rf"{before}{number}{after}"
            yield re.compile(rf"\s(?={mark}\s+([^\W\d_]))|(?<!\d)(?={mark}\s*([{UNSPACED}]))")
    elif circle:
        keycap = "\ufe0f?\u20e3" if circle[0][1:] else ""
        for step in range(1, 9):
            mark = chr(ord(text[0]) + step) + keycap
            yield re.compile(rf"(?={mark}\s*([^\W\d_]))")


def _split_before(text: str, marks: Iterable[re.Pattern[str]]) -> Iterator[str]:
    """A line is split before each mark that a capital or an uncased letter follows."""
    start = 0
    for mark in marks:
        found = mark.search(text, start + 1)
        if not found or "".join(filter(None, found.groups())).islower():
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
