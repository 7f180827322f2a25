"""Plain text: clean it, fold it, and measure how similar two texts are.

These functions work on strings only, without Django or the document model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
# Letters of scripts without spaces between words, as a class of a regular expression: Chinese,
# Japanese, Thai, Lao, Tibetan, Burmese, Khmer, Javanese and the Tai scripts.
UNSPACED = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0ece\u0edc-\u0edf\u0f40-\u0fbc\u1000-\u103f\u1050-\u108f"
    "\u109a-\u109f\u1780-\u17d3\u17d7\u17dc\u17dd\u1950-\u19cf\u1a20-\u1a7f\ua980-\ua9c0"
    "\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f\uaa80-\uaadf"
)
# With Korean: it has spaces, but its words are compounds.
UNSPACED_OR_KOREAN = rf"{UNSPACED}\uac00-\ud7af"
_VOWELS_BEFORE = frozenset("เแโใไເແໂໃໄ")  # written before the consonant that they follow
_AFTER_LETTER = frozenset("ำຳ\u200c\u200d")
_STACKING = frozenset("\u1039\u17d2\u1a60\ua9c0\u200d")  # the next letter is below this one
_ENDING = "\u103a"  # the consonant with this mark ends the Burmese syllable before it
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


def clusters(text: str) -> list[str]:
    """Returns the text of a script without spaces cut into letters as people see them: each with
    its marks, the letters below it, a vowel before it and, in Burmese, a consonant that ends it."""
    found: list[str] = []
    for character in text:
        if found and is_of_letter(character, found[-1][-1]):
            found[-1] += character
        else:
            found.append(character)
        if character == _ENDING and len(found) > 1:
            found[-2:] = ["".join(found[-2:])]
    return found


def is_of_letter(character: str, before: str) -> bool:
    """Whether the character is part of the letter that the character `before` it is of, as people
    see it. White space is between letters."""
    if character.isspace() or before.isspace():
        return False
    return (
        character in _AFTER_LETTER
        or unicodedata.category(character)[0] == "M"
        or before in _STACKING
        or before in _VOWELS_BEFORE
    )


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
