"""The formatting of paragraphs: bold, italic, and links, written as in Markdown.

    **bold**   *italic*   ***both***   [text](https://example.org)

Other text, such as list items and headings, has no formatting: its marks are ordinary characters.
So are marks without a counterpart in the same paragraph, marks inside a word or a number (5*8*2),
and marks after a backslash. Marks are read in the text with its placeholders filled in.

These functions work on strings only, without Django or the document model.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

from roles import folding, placeholders, text_links

_TOKEN = re.compile(
    rf"""
    (?P<escape>\\(?=\*))\*
    | (?P<stars>\*+)
    | (?P<blank>\n[ \t]*\n)
    | (?P<link>\[)(?=[^\[\]\n]+\]\({placeholders.LINK_TARGET}\))
    | \]\((?P<target>{placeholders.LINK_TARGET})\)
    | \[[^\[\]\n]*\]
    """,
    re.VERBOSE,
)
_WORD = re.compile(rf"(?![{folding.UNSPACED}])\w")
_OPENING, _CLOSING = frozenset("([{“‘«"), frozenset(")]}”’»,.;:!?")
_LONGEST = 3  # asterisks in a row that are a mark


class TextStyle(NamedTuple):
    """How a stretch of a paragraph looks. `url` is what it links to, if anything."""

    bold: bool = False
    italic: bool = False
    url: str = ""


class Stretch(NamedTuple):
    """A part of a paragraph in one style, with its offsets in the text. Marks are in none."""

    start: int
    end: int
    style: TextStyle


PLAIN = TextStyle()


def stretches(text: str) -> list[Stretch]:
    """Returns the stretches of a paragraph, in order."""
    if "*" not in text and "](" not in text:
        return [Stretch(0, len(text), PLAIN)] if text else []
    read = _Looks(text)
    found: list[Stretch] = []
    for (is_hidden, style), together in groupby(range(len(text)), key=read.look):
        start, *others = together
        if not is_hidden:
            found.append(Stretch(start, (others or [start])[-1] + 1, style))
    return found


def plain(text: str) -> str:
    """Returns the paragraph without marks. The address of a link is in parentheses behind it,
    unless that is what the link says."""
    parts = []
    for url, together in groupby(stretches(text), key=lambda found: found.style.url):
        words = "".join(text[start:end] for start, end, _style in together)
        address = url.removeprefix("mailto:")
        parts.append(f"{words} ({address})" if url and words not in (url, address) else words)
    return "".join(parts)


class _Looks:
    """The look of each character of a paragraph."""

    def __init__(self, text: str) -> None:
        self.text = text
        size = len(text)
        self.is_hidden, self.is_bold, self.is_italic = (bytearray(size) for _ in range(3))
        self.links: dict[int, str] = {}
        self.open: list[tuple[int, int]] = []  # marks: start, and number of asterisks
        self.link_start: int | None = None
        for token in _TOKEN.finditer(text):
            self._read(token)

    def look(self, place: int) -> tuple[bool, TextStyle]:
        """Returns whether the character is part of a mark, and its style."""
        style = TextStyle(
            bool(self.is_bold[place]), bool(self.is_italic[place]), self.links.get(place, "")
        )
        return bool(self.is_hidden[place]), style

    def _read(self, token: re.Match[str]) -> None:
        if token["escape"]:
            self._hide(token.start(), token.start() + 1)
        elif token["blank"]:
            self.open.clear()
        elif token["stars"]:
            self._read_stars(*token.span())
        elif token["link"]:
            self.link_start = token.start()
        elif token["target"] and self.link_start is not None:
            self._link(self.link_start, token)
            self.link_start = None

    def _link(self, start: int, token: re.Match[str]) -> None:
        target = token["target"]
        found = text_links.find_links(target)
        if found and (found[0].start, found[0].end) == (0, len(target)):
            self.links |= dict.fromkeys(range(start + 1, token.start()), found[0].url)
            self._hide(start, start + 1)
            self._hide(*token.span())

    def _read_stars(self, start: int, end: int) -> None:
        count = end - start
        if count > _LONGEST:
            return
        before, after = self.text[start - 1 : start] if start else "", self.text[end : end + 1]
        if not (_WORD.match(after) or before.isspace() or before in _OPENING or not before):
            start = self._close(start, count)
        if start < end and not (_WORD.match(before) or after.isspace() or after in _CLOSING):
            self.open.append((start, end - start))

    def _close(self, start: int, count: int) -> int:
        """Closes marks with that many asterisks from `start` on. Returns where those begin that
        closed none."""
        while count and self.open:
            fitting = [number for number, (_, size) in enumerate(self.open) if size <= count]
            if not fitting:
                break
            opened, size = self.open[fitting[-1]]
            del self.open[fitting[-1] :]
            self._set(opened, size, start)
            start, count = start + size, count - size
        return start

    def _set(self, opened: int, size: int, closed: int) -> None:
        """Sets the style between two marks of `size` asterisks each."""
        inner = slice(opened + size, closed)
        ones = b"\x01" * (closed - opened - size)
        if size != 1:
            self.is_bold[inner] = ones
        if size != 2:
            self.is_italic[inner] = ones
        self._hide(opened, opened + size)
        self._hide(closed, closed + size)

    def _hide(self, start: int, end: int) -> None:
        self.is_hidden[start:end] = b"\x01" * (end - start)
