"""Numbering before a text: `1.`, `2)`, `(3)`, `1.2.3`, `a)`, `iv.`

A number with its point may belong to the sentence, as a letter may be somebody's initial. So
most count only beside one that they follow, or that follows them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from roles.importers import pasted_lines

# Bounded on purpose: four digits are a year, and nothing is tried twice at length.
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
_PLACES = {
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


@dataclass(frozen=True, slots=True)
class Number:
    """One way to read what stands before a text."""

    style: str  # how it is written: `1.`, `(a)`, `iv)`; `1.1` for any of two parts
    value: tuple[int, ...]
    length: int  # of itself, so that the text can be cut
    chain: str  # only numbers of one chain follow each other
    is_bare: bool = False  # no point or bracket behind it


def found(written: list[pasted_lines.RawLine], *, is_alone: bool) -> list[Number | None]:
    """The numbering of each line, or None. `is_alone` says that no line has bullets: then
    `5. Manage` is numbering even by itself."""
    chains = _chains(written)
    result: list[Number | None] = [None] * len(written)
    for name in sorted(chains, key=_order):
        chain = [
            (place, number) for place, number in chains[name] if _may_be(number, result[place])
        ]
        numbers = [None, *(number for _place, number in chain), None]
        for at, (place, number) in enumerate(chain, start=1):
            rest = written[place].text[number.length :]
            if _follows(numbers[at - 1], number, rest) or _precedes(number, numbers[at + 1], rest):
                result[place] = number
    known = {number.style for number in result if number}
    for place, number in (pair for chain in chains.values() for pair in chain):
        rest = written[place].text[number.length :]
        is_restart = number.value == (1,) and number.style in known
        if result[place] is None and (is_restart or _stands_alone(number, rest, is_alone)):
            result[place] = number
    return result


def _chains(written: list[pasted_lines.RawLine]) -> dict[str, list[tuple[int, Number]]]:
    """The numbers that could follow each other: all of one kind, and those that have the same
    indentation too, for sub-entries may be numbered like what they are below."""
    chains: dict[str, list[tuple[int, Number]]] = defaultdict(list)
    for place, line in enumerate(written):
        for number in _readings(line.text):
            chains[number.chain].append((place, number))
            chains[f"{number.chain} {line.indent}"].append((place, number))
    return chains


def _may_be(number: Number, settled: Number | None) -> bool:
    return settled is None or settled.style == number.style


def _order(chain: str) -> tuple[bool, bool]:
    """Roman numbers before letters: an `i` between an `a` and a `b` is one."""
    return not chain.startswith("roman"), " " in chain.removeprefix("roman ")


def _readings(text: str) -> Iterator[Number]:
    start = len(text) - len(text.lstrip(pasted_lines.DIRECTIONS))
    match = _DECIMAL.match(text, start)
    if match and (not match[1] or match[3] in _CLOSING):
        yield from _decimals(match)
    match = _LETTER.match(text, start)
    if match and (not match[1] or match[3] in _CLOSING):
        yield from _letters(match)


def _decimals(match: re.Match[str]) -> Iterator[Number]:
    """`2.` may be the next after `1.`, and the parent of `2.1`: it is in two chains."""
    value = tuple(int(part) for part in match[2].split("."))
    style = f"{match[1]}1{match[3]}"
    if len(value) == 1 and match[3]:
        yield Number(style, value, match.end(), style)
    if not match[1] and (len(value) > 1 or match[3] in ("", ".")):
        style = style if len(value) == 1 else ".".join("1" * len(value))
        yield Number(style, value, match.end(), "1.1", is_bare=not match[3])


def _letters(match: re.Match[str]) -> Iterator[Number]:
    """`i.` may be a letter or a Roman number; the chain tells."""
    around = match[1], match[3]
    alphabet, place = _PLACES.get(match[2], ("", 0))
    if place:
        style = alphabet.join(around)
        yield Number(style, (place,), match.end(), style)
    value = _ROMAN.get(match[2].lower())
    if value:
        style = ("i" if match[2].islower() else "I").join(around)
        yield Number(style, (value,), match.end(), f"roman {style}")


def _stands_alone(number: Number, rest: str, is_alone: bool) -> bool:
    """Whether it counts without a neighbour: `1. Manage`, and a first `a)`."""
    if not rest[:1].isspace() or number.is_bare or len(number.value) > 1:
        return False
    if number.value == (1,) and number.style.endswith(_CLOSING):
        return True
    first = rest.lstrip()[:1]
    is_sentence = number.style.endswith("-") or first.islower() or not first.isalpha()
    return "1" in number.style and not is_sentence and (is_alone or number.value == (1,))


def _follows(before: Number | None, number: Number, rest: str) -> bool:
    return before is not None and _is_next(before, number, number.is_bare and _is_lower(rest))


def _precedes(number: Number, after: Number | None, rest: str) -> bool:
    return after is not None and _is_next(number, after, number.is_bare and _is_lower(rest))


def _is_lower(rest: str) -> bool:
    return pasted_lines.starts_lower(rest.lstrip())


def _is_next(one: Number, other: Number, is_doubtful: bool) -> bool:
    """Whether one number comes after the other in a list: 2 or 1.1 after 1; 1.2, 2 or 2.1 after
    1.1. `1. 1. 1.` is a list of Markdown. In doubt (`1.1 million`), only 1.2 after 1.1."""
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
