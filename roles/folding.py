"""Plain text: clean it, fold and stem it for search, and tell how alike two texts are.

Nothing of Django and nothing of the document: functions over strings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_SPACE = re.compile(r"\s+")


def forbidden_character(text: str) -> str | None:
    """The first character no text may hold (control characters other than line feed and
    tab, lone surrogates, non-characters) as U+XXXX, or None."""
    for character in text:
        category = unicodedata.category(character)
        if (category == "Cc" and character not in "\n\t") or category == "Cs":
            return f"U+{ord(character):04X}"
        if ord(character) & 0xFFFE == 0xFFFE:
            return f"U+{ord(character):04X}"
    return None


def tidy(text: str, *, one_line: bool) -> str:
    """Line ends as line feeds and no space at the ends; on one line where asked."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SPACE.sub(" ", text).strip() if one_line else text.strip()


def fold(text: str) -> str:
    """The text without regard to case, accents and runs of white space."""
    plain = text
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACE.sub(" ", plain).strip().casefold()


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # snowballstemmer has no types
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def stems(text: str) -> tuple[str, ...]:
    """The stemmed words of a text in order, for search that is the same on every database."""
    return tuple(_stem(word.replace("’", "'")) for word in _WORD.findall(fold(text)))


def search_text(*texts: str) -> str:
    """What is stored for search: distinct stems, each with a space before it, and one at
    the end, so that ` manag` finds a word's beginning and nothing inside another."""
    seen = dict.fromkeys(stem for text in texts for stem in stems(text))
    return " " + " ".join(seen) + " " if seen else ""


LIKE = 88  # of 100: two texts say nearly the same


def likeness_key(text: str) -> str:
    """What `nearest` compares: the text's words, folded and sorted, so that neither their
    order nor case nor punctuation counts."""
    return " ".join(sorted(_WORD.findall(fold(text))))


def nearest(text: str, keys: Sequence[str], *, least: float = LIKE) -> tuple[int, float] | None:
    """The place among the keys (of likeness_key) of the one most like the text, and how like
    they are (0 to 100); None where none reaches `least`. The score is rapidfuzz's ratio of
    the sorted words: its token_sort_ratio."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(likeness_key(text), keys, scorer=fuzz.ratio, score_cutoff=least)
    return None if found is None else (int(found[2]), float(found[1]))
