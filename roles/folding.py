"""Plain text: clean it, fold it, and measure how similar two texts are.

These functions work on strings only, without Django or the document model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_SPACE = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def forbidden_character(text: str) -> str | None:
    """Returns the first character that isn't allowed, as U+XXXX, or None. Control characters other
    than line feed and tab, lone surrogates and noncharacters aren't allowed."""
    for character in text:
        category = unicodedata.category(character)
        if (category == "Cc" and character not in "\n\t") or category == "Cs":
            return f"U+{ord(character):04X}"
        if ord(character) & 0xFFFE == 0xFFFE:
            return f"U+{ord(character):04X}"
    return None


def tidy(text: str, *, one_line: bool) -> str:
    """Returns the text trimmed, with line feeds as line ends; with `one_line`, on a single line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SPACE.sub(" ", text).strip() if one_line else text.strip()


def paragraph_offsets(text: str) -> list[tuple[int, int]]:
    """Returns the start and end of each paragraph: the text between blank lines, unless it is only
    white space."""
    blanks = [match.span() for match in _BLANK_LINES.finditer(text)]
    starts = [0, *(end for _start, end in blanks)]
    ends = [*(start for start, _end in blanks), len(text)]
    offsets = zip(starts, ends, strict=True)
    return [(start, end) for start, end in offsets if text[start:end].strip()]


def fold(text: str) -> str:
    """Returns the text in lower case, without accents and repeated white space."""
    plain = text
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACE.sub(" ", plain).strip().casefold()


LIKE = 88  # of 100; texts with this score are almost the same


def likeness_key(text: str) -> str:
    """Returns the text that `nearest` compares: the folded words in sorted order, so that order,
    case and punctuation don't matter."""
    return " ".join(sorted(_WORD.findall(fold(text))))


def nearest(text: str, keys: Sequence[str], *, least: float = LIKE) -> tuple[int, float] | None:
    """Returns the index of the key (from likeness_key) that is most similar to the text, and its
    score (0 to 100), or None if no score reaches `least`. The score is rapidfuzz's ratio of the
    sorted words (token_sort_ratio)."""
    from rapidfuzz import fuzz, process

    match = process.extractOne(likeness_key(text), keys, scorer=fuzz.ratio, score_cutoff=least)
    return None if match is None else (int(match[2]), float(match[1]))


def nearest_repeat(text: str, keys: Sequence[str]) -> int | None:
    """Returns the index of the key that the text seems to repeat, or None. With other numbers, it
    is another line, however similar."""
    match = nearest(text, keys)
    if match is None or _numbers(keys[match[0]]) != _numbers(likeness_key(text)):
        return None
    return match[0]


def _numbers(key: str) -> list[str]:
    return [word for word in key.split() if any(map(str.isnumeric, word))]
