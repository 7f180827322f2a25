"""Numbering before a text: `1.`, `(a)`, `iv.`, `一、`, and what only looks alike.

A number can belong to the sentence, and a letter can be an initial. So most of them count only
beside one that they follow, or that follows them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from roles.importers.pasted_lines import DIRECTIONS, RawLine, starts_lower

# Bounded, because four digits are a year and so that matching takes linear time.
_DECIMAL = re.compile(
    r"([(（]?)(\d{1,3}(?:\.\d{1,3}){0,5})"
    r"(\.\)|\.-|[.)．）、](?![.)])|-(?=\s)|(?=\s))(?=\s|$|[^\W\d_])"
)
_CJK = re.compile(r"([(（]?)([一二三四五六七八九十]{1,3})([)）]|[、．.](?!\d))")
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
_CJK_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}


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
    match = _CJK.match(text, start)
    if match and (not match[1] or match[3] in _CLOSING):
        style = f"{match[1]}一{match[3]}"
        yield ListNumber(style, (_cjk_value(match[2]),), match.end(), style)


def _decimals(match: re.Match[str]) -> Iterator[ListNumber]:
    """`2.` can follow `1.` and can be the parent of `2.1`, so it is in two chains."""
    value = tuple(int(part) for part in match[2].split("."))
    style = f"{match[1]}1{match[3]}"
    if len(value) == 1 and match[3]:
        yield ListNumber(style, value, match.end(), style)
    if not match[1] and (len(value) > 1 or match[3] in ("", ".")):
        style = style if len(value) == 1 else ".".join("1" * len(value))
        yield ListNumber(style, value, match.end(), "1.1", is_bare=not match[3])


def _cjk_value(numeral: str) -> int:
    tens, has_ten, ones = numeral.rpartition("十")
    return (_CJK_DIGITS.get(tens, 1) * 10 if has_ten else 0) + _CJK_DIGITS.get(ones[:1], 0)


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
    if "一" in number.style:
        return number.value == (1,)
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
