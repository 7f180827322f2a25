"""The lines of a paste: each text with its indentation, without what nobody sees."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TAB = 4  # columns

# A form feed is a page break in text from a PDF. A vertical tab (Word's manual line break) and
# U+2028 are breaks inside one paragraph: white space.
_BREAK = re.compile(r"\f?(?:\r\n|[\r\n\u2029])\f?|\f")
_CONTROLS = {code: " " for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r\f"}
_SOFT_HYPHEN = "\u00ad"
_UNSEEN = dict.fromkeys(map(ord, f"{_SOFT_HYPHEN}\u200b\ufeff"))

# Marks of direction; the opening and closing ones come in pairs.
_MARKS = "\u200e\u200f\u061c"
_OPENING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_CLOSING = "\u202c\u2069"
DIRECTIONS = _MARKS + _OPENING + _CLOSING
_SPACE = re.compile(r"\s+")
_BEFORE = re.compile(rf"[\s{_MARKS}]*+")
_QUOTED = re.compile(r"(?:\s*+>)*+")
_NOTHING = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_OPENERS = "(\"'“‘«‹¿¡"
_FIRST_WORD = re.compile(rf"[{re.escape(_OPENERS)}]*+(\w{{1,40}})")


@dataclass(frozen=True, slots=True)
class RawLine:
    """One line that is not blank; after joining, one entry."""

    text: str
    indent: int = 0  # columns before it
    is_after_blank: bool = False
    is_hyphenated: bool = False  # a soft hyphen at its end: the word goes on
    style: str = ""  # the kind of bullet or numbering taken from it, if any
    is_row: bool = False  # tabs between its words


def read(text: str) -> list[RawLine]:
    """The lines that hold something, with bullets and numbering still in their texts."""
    found: list[RawLine] = []
    is_after_blank = False
    for written in _unquoted(_BREAK.split(text.translate(_CONTROLS))):
        seen = written.translate(_UNSEEN)
        if is_blank(seen):
            is_after_blank = bool(found)
            continue
        start = _BEFORE.match(seen).end()  # type: ignore[union-attr]  # it matches anything
        is_hyphenated = written.rstrip().endswith(_SOFT_HYPHEN)
        text = _unwrapped(seen[start:])
        found.append(RawLine(text, _columns(seen[:start]), is_after_blank, is_hyphenated))
        is_after_blank = False
    return found


def is_blank(text: str) -> bool:
    """Whether there is nothing to see."""
    return all(unicodedata.category(character) in _NOTHING for character in text)


def starts_lower(text: str) -> bool:
    """Whether the first word is in lower case: not iOS, not [industry], not 3rd."""
    match = _FIRST_WORD.match(text)
    return bool(match) and match[1][0].islower() and match[1].islower()  # type: ignore[index]


def starts_upper(text: str) -> bool:
    """Whether the first word begins with a capital; scripts without case have none."""
    return text.lstrip(_OPENERS)[:1].isupper()


def starts_with_symbol(text: str) -> bool:
    """Whether an emoji or the like stands first."""
    return unicodedata.category(text[0]) == "So"


def tidy(text: str) -> str:
    """On one line, with single spaces, without marks of direction at its ends."""
    return _unwrapped(_SPACE.sub(" ", text).strip(f" {_MARKS}")).strip(f" {_MARKS}")


def _unwrapped(text: str) -> str:
    """Without a pair of directions around the whole, or half a pair: those around single words
    say how to read them."""
    inside = text.strip(f" {DIRECTIONS}")
    return text if any(character in inside for character in _OPENING + _CLOSING) else inside


def _unquoted(written: list[str]) -> list[str]:
    """Without the `>` that mail puts before each line; it stays where only some have it."""
    quotes = [_QUOTED.match(line)[0].count(">") for line in written if not is_blank(line)]  # type: ignore[index]
    common = min(quotes, default=0)
    if not common:
        return written
    return [line.split(">", common)[-1].removeprefix(" ") for line in written]


def _columns(before: str) -> int:
    count = 0
    for character in before:
        if character == "\t":
            count += TAB - count % TAB
        elif character not in _MARKS:
            count += 1
    return count
