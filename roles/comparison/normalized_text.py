"""A text without what an editor can change and an approver need not see again.

Ignored: white space, quotation marks, hyphens in compounds, marks at both ends, and capitals at
the start of a word. Kept, because they can change the sense: marks between words (a comma makes a
list, a dash a span, a period a sentence), brackets, question marks, words in capitals ("the US
team", "the us team"), and everything about numbers. In doubt a difference counts: an approval is
never kept by mistake.
"""

from __future__ import annotations

import re
import unicodedata

# Increase this when `normalize` changes: approvals given before are then compared word by word.
VERSION = 2

# Characters that always carry meaning, although Unicode classifies them as punctuation.
_MEANING = frozenset("%‰&@*#/\\§[]{}()")
# Units after a number (feet and inches, minutes and seconds) in all their spellings.
_UNITS = dict.fromkeys("'’′", "′") | dict.fromkeys('"”″', "″")
_PUNCTUATION = frozenset({"Pd", "Pi", "Pf", "Ps", "Pe", "Po"})
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")

# Marks between words, with the one that stands for each. A dash and "·" have their own rules.
_MARKS = (
    dict.fromkeys(",;、，；،؛", ",") | dict.fromkeys(".!…。．！؞۔", ".") | dict.fromkeys(":：", ":")
)
_QUESTIONS = frozenset("?？؟")
_BRACKETS = {"（": "(", "）": ")"}
_BULLETS = frozenset("·•‧・")
_HYPHENS = frozenset("-\u2010\u2011")
_DASH = "–"
_BETWEEN = frozenset({",", ".", ":", _DASH})  # meaningless at both ends of a text

_WINDOW = 20  # characters around a mark or a word that are looked at, so that time is linear
_WORD = re.compile(r"\w+")
_TIME = re.compile(r"\d+[AP]M")
_LATIN = re.compile(r"\b(e)\.(g)\.,?|\b(i)\.(e)\.,?", re.IGNORECASE)  # a comma after it is a style
_SENTENCE_END = re.compile(r"[.!?:…。！？]\W*$")
# With a hyphen between two of these, as with a dash, a span is meant: "Mon-Fri".
_DAYS = (
    "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday"
    " sun sunday"
)
_MONTHS = (
    "jan january feb february mar march apr april may jun june jul july aug august"
    " sep sept september oct october nov november dec december"
)
_DAYS_AND_MONTHS = frozenset([*_DAYS.split(), *_MONTHS.split()])
# Words with another sense where they begin with a capital inside a sentence: "Polish reports".
_NAMES_TOO = (
    "access august bash china django excel flask go java march may notion outlook polish python"
    " reading ruby rust scala slack swift teams turkey word"
)
_NAMES = frozenset(_NAMES_TOO.split())


def normalize(text: str) -> str:
    """Returns the text with one space between words, marks and brackets. Two texts with the same
    result differ only editorially; `normalize` changes no result of its own."""
    plain = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())
    plain = _LATIN.sub(lambda match: "".join(filter(None, match.groups())), plain)
    marked = "".join(_character(plain, place) for place in range(len(plain)))
    kept = _without_idle_marks(marked.split())
    return _WORD.sub(_word, " ".join(kept))


# --- marks


def _character(text: str, place: int) -> str:
    """Returns the character at that index, or what replaces it."""
    char = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    category = unicodedata.category(char)
    if category not in _PUNCTUATION:
        return char
    if char in "()（）":
        return f" {_BRACKETS.get(char, char)} "
    if char in _MEANING:
        return char
    if char in _UNITS and before.isnumeric():
        return _UNITS[char]
    if category == "Pd":
        return _dash(text, place)
    if after.isnumeric() and (before.isnumeric() or (char == "." and not before.isalnum())):
        return char  # a part of a number
    if char in _QUESTIONS:
        return " ? "
    if char in _BULLETS:
        return " , " if before in ("", " ") and after in ("", " ") else " "
    is_inside_word = before.isalnum() and after.isalnum()
    return f" {_MARKS[char]} " if char in _MARKS and not (is_inside_word and char == ".") else " "


def _dash(text: str, place: int) -> str:
    """Returns a dash for a span or a break, a minus sign, or the space that a hyphen stands for."""
    before = text[max(0, place - _WINDOW) : place]
    after = text[place + 1 : place + 1 + _WINDOW]
    left, right = _last_word(before), _first_word(after)
    if after[:1].isnumeric() and not before.rstrip()[-1:].isalnum():
        return "-"
    is_compound = text[place] in _HYPHENS and before[-1:].isalnum() and after[:1].isalnum()
    if not is_compound:
        return f" {_DASH} "
    days = {left.casefold(), right.casefold()} <= _DAYS_AND_MONTHS
    numbers = any(map(str.isnumeric, left)) and any(map(str.isnumeric, right))
    return f" {_DASH} " if days or numbers else " "


def _last_word(text: str) -> str:
    found = re.search(r"\w+$", text)
    return found[0] if found else ""


def _first_word(text: str) -> str:
    found = _WORD.match(text)
    return found[0] if found else ""


def _without_idle_marks(tokens: list[str]) -> list[str]:
    """Returns the tokens without marks at both ends, beside brackets, and after other marks."""
    kept: list[str] = []
    for token in tokens:
        last = kept[-1] if kept else "("
        if token in _BETWEEN and last in _BETWEEN:
            if (last, token) == (".", ","):  # "etc., and"
                kept[-1] = token
            continue
        if token in _BETWEEN and last in ("(", "?"):
            continue
        if token in (")", "?") and last in _BETWEEN:
            kept.pop()
        kept.append(token)
    while kept and kept[-1] in _BETWEEN:
        kept.pop()
    return kept


# --- words


def _word(match: re.Match[str]) -> str:
    word, start = match[0], match.start()
    before = match.string[max(0, start - _WINDOW) : start]
    is_time = _TIME.fullmatch(before.rstrip()[-1:] + word) or _TIME.fullmatch(word)
    if len(word) > 1 and word.isupper() and not is_time:
        return word
    folded = word.casefold()
    is_name = folded in _NAMES and word == folded.capitalize()
    if is_name and before.strip() and not _SENTENCE_END.search(before):
        return word
    return folded
