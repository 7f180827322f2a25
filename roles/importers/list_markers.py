"""Bullets and numbering before a text: `•`, `-`, `1.`, `(a)`, `iv.` and what only looks alike.

A number can belong to the sentence, and a letter can be an initial. So most of them count only
beside one that they follow, or that follows them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from roles.importers.pasted_lines import DIRECTIONS, RawLine, starts_lower

# No sentence begins with these. The fonts Symbol and Wingdings become U+F020 to U+F0FF in plain
# text.
_ALWAYS = "•◦∙·・･‣⁃▪▫■□◼◻●○◆◇❖❑❒❏❐➢➤►▶▸▹✓✔✗✘☐☑☒✅🔹🔸🔷🔶①-⑳❶-❿\uf020-\uf0ff"
# These need white space after them.
_BEFORE_SPACE = r"\-‐‑–—−*+→⇒➔➜➡★☆✦✧✪👉"
# These count only where several lines have them: bullets of Wingdings in another font.
_GARBLED = "§ØüŸ"
_INVISIBLE = rf"[\s{DIRECTIONS}]*+"
_BULLET = re.compile(
    rf"{_INVISIBLE}(?:([{_ALWAYS}])[\ufe0e\ufe0f]?(?![{_ALWAYS}])"
    rf"|([{_BEFORE_SPACE}]|\*{{2,5}})[\ufe0e\ufe0f]?(?!\S)"
    r"|(o)(?=\t|\s\s)|([0-9]\ufe0f?\u20e3)|(\[\s{0,3}\])(?!\S))"
)
_ONLY_BULLETS = re.compile(rf"(?:[\s{DIRECTIONS}]*+[{_ALWAYS}{_BEFORE_SPACE}]){{2,}}+\s*+$")
_DOUBTFUL = re.compile(rf"([o{_GARBLED}])(?!\S)|([\-–—*])(?=[^\W\d_])")
_AT_END = re.compile(rf"[{_ALWAYS}]$")
_TICKED_BOX = re.compile(rf"{_INVISIBLE}\[[xX]\](?!\S)")

_INLINE = frozenset("•●▪◦‣■➢\uf0b7\uf0a7\uf0d8")
_CIRCLED = frozenset(map(chr, (*range(0x2460, 0x2474), *range(0x2776, 0x2780))))
_DASHES = dict.fromkeys("‐‑–—−", "-")
_BOXES = dict.fromkeys("✓✔✗✘☐☑☒✅", "✓")
_KINDS = {**_DASHES, **_BOXES}

# Bounded, because four digits are a year and so that matching takes linear time.
_DECIMAL = re.compile(
    r"([(（]?)(\d{1,3}(?:\.\d{1,3}){0,5})"
    r"(\.\)|\.-|[.)．）、](?![.)])|-(?=\s)|(?=\s))(?=\s|$|[^\W\d_])"
)
_LETTER = re.compile(r"(\(?)([^\W\d_]|[ivxl]{2,7}|[IVXL]{2,7})(\.\)|[.)])(?!\S)")

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "абвгдежзиклмнопрстуфхцчшщэюя",
    "אבגדהוזחטי",
    "أبجدهوزحطي",
)
_LETTER_VALUES = {
    letter: (alphabet[0], number)
    for alphabet in _ALPHABETS
    for number, letter in enumerate(alphabet, start=1)
}
_TENS = ("", "x", "xx", "xxx", "xl")
_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ROMAN = {
    tens + ones: 10 * _TENS.index(tens) + _ONES.index(ones) for tens in _TENS for ones in _ONES
}
_CLOSING = (")", "）")


# --- bullets


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text without its bullet or numbering, and the kind of that ("" for none)."""

    style: str
    text: str
    has_empty_box: bool = False


def is_rule(text: str) -> bool:
    """Whether a line is a rule: nothing but bullets, across the page."""
    return bool(_ONLY_BULLETS.match(text))


def split_inline(text: str) -> list[str]:
    """The entries of a line that lost its line breaks: `• One • Two`."""
    bullet = text[0]
    if bullet not in _INLINE or not text[1:2].isspace():
        return [text]
    return re.split(rf"\s(?={re.escape(bullet)}\s)", text)


def remove_bullets(texts: list[str]) -> list[MarkedText]:
    """The texts without their bullets. Doubtful bullets count only if other lines have them."""
    marked = [remove_bullet(text) for text in texts]
    doubtful = _doubtful_bullets(marked)
    marked = [_remove_doubtful(mark, doubtful) for mark in marked]
    has_boxes = any(mark.has_empty_box for mark in marked)
    return [_remove_ticked_box(mark) for mark in marked] if has_boxes else marked


def remove_bullet(text: str, style: str = "") -> MarkedText:
    """A text without the bullets and empty check boxes before it. `style` is the kind of its
    numbering, if any; else the first bullet gives the style."""
    start, has_empty_box = 0, False
    while match := _BULLET.match(text, start):
        always, spaced, second, number, box = match.groups()
        style = style or _kind(always or spaced or second or ("①" if number else "✓"))
        has_empty_box = has_empty_box or bool(box)
        start = match.end()
    rest = "" if _ONLY_BULLETS.match(text, start) else text[start:].rstrip(" ")
    if not style and _ends_in_bullet(rest):
        return MarkedText(_kind(rest[-1]), rest[:-1])
    return MarkedText(style, rest, has_empty_box)


def _kind(bullet: str) -> str:
    """The kind of a bullet: different dashes, and ticked and empty boxes, are one kind."""
    return "①" if bullet in _CIRCLED else _KINDS.get(bullet, bullet)


def _ends_in_bullet(text: str) -> bool:
    """Whether a right-to-left text has its bullet at the end, as some programs write it."""
    if not _AT_END.match(text[-1:]) or not text[-2:-1].isspace():
        return False
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((d for d in directions if d in ("L", "R", "AL")), "L") != "L"


def _doubtful_bullets(marked: list[MarkedText]) -> frozenset[str]:
    """The doubtful bullets that count: those of several lines, and Word's `o` if there are
    others."""
    counts = Counter(_kind(_doubtful_bullet(mark)) for mark in marked)
    has_others = any(mark.style for mark in marked)
    return frozenset(
        bullet for bullet, count in counts.items() if count > 1 or (bullet == "o" and has_others)
    ) - {""}


def _doubtful_bullet(mark: MarkedText) -> str:
    match = None if mark.style else _DOUBTFUL.match(mark.text)
    if not match or (match[2] == "*" and mark.text.count("*") > 1):  # *emphasis*
        return ""
    if match[1] and starts_lower(mark.text[1:].lstrip()):  # a word, as in Spanish
        return ""
    return match[0]


def _remove_doubtful(mark: MarkedText, doubtful: frozenset[str]) -> MarkedText:
    kind = _kind(_doubtful_bullet(mark))
    return remove_bullet(mark.text[1:], kind) if kind in doubtful else mark


def _remove_ticked_box(mark: MarkedText) -> MarkedText:
    """A text without its ticked box, in a list that has empty ones. Before a word in lower case,
    `[X]` is a placeholder: `[X] years`."""
    match = _TICKED_BOX.match(mark.text)
    if not match or starts_lower(mark.text[match.end() :].lstrip()):
        return mark
    return remove_bullet(mark.text[match.end() :], mark.style or "✓")


# --- numbering


@dataclass(frozen=True, slots=True)
class ListNumber:
    """One way to read the number or letter before a text."""

    style: str  # how it is written: `1.`, `(a)`, `iv)`; `1.1` for any of two parts
    value: tuple[int, ...]
    length: int  # of itself, in characters
    chain: str  # numbers follow each other only within a chain
    is_bare: bool = False  # no point or bracket after it


def find_numbers(lines: list[RawLine], *, is_alone: bool) -> list[ListNumber | None]:
    """The numbering of each line, or None. `is_alone` means that no line has bullets: then
    `5. Manage` is numbering even without a neighbor."""
    chains = _number_chains(lines)
    result: list[ListNumber | None] = [None] * len(lines)
    for name in sorted(chains, key=_roman_first):
        chain = [
            (index, number)
            for index, number in chains[name]
            if _is_compatible(number, result[index])
        ]
        numbers = [None, *(number for _place, number in chain), None]
        for at, (index, number) in enumerate(chain, start=1):
            rest = lines[index].text[number.length :]
            is_doubtful = number.is_bare and starts_lower(rest.lstrip())
            if _has_neighbor(numbers[at - 1], number, numbers[at + 1], is_doubtful):
                result[index] = number
    styles = {number.style for number in result if number}
    for index, number in (pair for chain in chains.values() for pair in chain):
        rest = lines[index].text[number.length :]
        is_restart = number.value == (1,) and number.style in styles
        if result[index] is None and (is_restart or _counts_alone(number, rest, is_alone)):
            result[index] = number
    return result


def _number_chains(lines: list[RawLine]) -> dict[str, list[tuple[int, ListNumber]]]:
    """The numbers that could follow each other, with their line's index: all of one kind, and
    those of one kind and indentation, because sub-entries can be numbered like their parents."""
    chains: dict[str, list[tuple[int, ListNumber]]] = defaultdict(list)
    for index, line in enumerate(lines):
        for number in _readings(line.text):
            chains[number.chain].append((index, number))
            chains[f"{number.chain} {line.indent}"].append((index, number))
    return chains


def _is_compatible(number: ListNumber, known: ListNumber | None) -> bool:
    return known is None or known.style == number.style


def _roman_first(chain: str) -> tuple[bool, bool]:
    """Sort key: Roman numbers before letters, because an `i` between `a` and `b` is Roman."""
    return not chain.startswith("roman"), " " in chain.removeprefix("roman ")


def _readings(text: str) -> Iterator[ListNumber]:
    start = len(text) - len(text.lstrip(DIRECTIONS))
    match = _DECIMAL.match(text, start)
    if match and (not match[1] or match[3] in _CLOSING):
        yield from _decimals(match)
    match = _LETTER.match(text, start)
    if match and (not match[1] or match[3] in _CLOSING):
        yield from _letters(match)


def _decimals(match: re.Match[str]) -> Iterator[ListNumber]:
    """`2.` can follow `1.` and can be the parent of `2.1`, so it is in two chains."""
    value = tuple(int(part) for part in match[2].split("."))
    style = f"{match[1]}1{match[3]}"
    if len(value) == 1 and match[3]:
        yield ListNumber(style, value, match.end(), style)
    if not match[1] and (len(value) > 1 or match[3] in ("", ".")):
        style = style if len(value) == 1 else ".".join("1" * len(value))
        yield ListNumber(style, value, match.end(), "1.1", is_bare=not match[3])


def _letters(match: re.Match[str]) -> Iterator[ListNumber]:
    """`i.` can be a letter or a Roman number; its neighbors in the chain decide."""
    around = match[1], match[3]
    alphabet, value = _LETTER_VALUES.get(match[2], ("", 0))
    if value:
        style = alphabet.join(around)
        yield ListNumber(style, (value,), match.end(), style)
    roman = _ROMAN.get(match[2].lower())
    if roman:
        style = ("i" if match[2].islower() else "I").join(around)
        yield ListNumber(style, (roman,), match.end(), f"roman {style}")


def _counts_alone(number: ListNumber, rest: str, is_alone: bool) -> bool:
    """Whether a number counts without a neighbor: `1. Manage`, and a first `a)`."""
    if not rest[:1].isspace() or number.is_bare or len(number.value) > 1:
        return False
    if number.value == (1,) and number.style.endswith(_CLOSING):
        return True
    first = rest.lstrip()[:1]
    is_sentence = number.style.endswith("-") or first.islower() or not first.isalpha()
    return "1" in number.style and not is_sentence and (is_alone or number.value == (1,))


def _has_neighbor(
    before: ListNumber | None, number: ListNumber, after: ListNumber | None, is_doubtful: bool
) -> bool:
    """Whether a number follows the one before it in its chain, or the one after follows it."""
    return (before is not None and _is_next(before, number, is_doubtful)) or (
        after is not None and _is_next(number, after, is_doubtful)
    )


def _is_next(one: ListNumber, other: ListNumber, is_doubtful: bool) -> bool:
    """Whether `other` comes after `one` in a list: 2 or 1.1 after 1; 1.2, 2 or 2.1 after 1.1.
    `1. 1. 1.` is a Markdown list. If doubtful (`1.1 million`), only 1.2 comes after 1.1."""
    a, b = one.value, other.value
    if a[:-1] == b[:-1] and a[-1] + 1 == b[-1]:
        return len(a) > 1 or not (is_doubtful or (one.is_bare and other.is_bare))
    if is_doubtful:
        return False
    if a == b == (1,):
        return "1" in one.style and not other.is_bare
    while len(b) > 1 and b[-1] == 1 and b != (*a, 1):
        b = b[:-1]
    last = len(b) - 1
    return b == (*a, 1) or (last < len(a) and b == (*a[:last], a[last] + 1) and len(a) > 1)
