"""Bullets before a text: what is one, and what only looks like one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from roles.importers import pasted_lines

# Nobody begins a sentence with these. U+F020 to U+F0FF are what the fonts Symbol and Wingdings
# leave in plain text.
_SURE = "•◦∙·・･‣⁃▪▫■□◼◻●○◆◇❖❑❒❏❐➢➤►▶▸▹✓✔✗✘☐☑☒✅🔹🔸🔷🔶①-⑳❶-❿\uf020-\uf0ff"
# These need white space after them.
_SPACED = r"\-‐‑–—−*+→⇒➔➜➡★☆✦✧✪👉"
# These count only where several lines have them: what wrong fonts make of Wingdings' bullets.
_GARBLED = "§ØüŸ"
_BEFORE = rf"[\s{pasted_lines.DIRECTIONS}]*+"
_BULLET = re.compile(
    rf"{_BEFORE}(?:([{_SURE}])[\ufe0e\ufe0f]?(?![{_SURE}])"
    rf"|([{_SPACED}]|\*{{2,5}})[\ufe0e\ufe0f]?(?!\S)"
    r"|(o)(?=\t|\s\s)|([0-9]\ufe0f?\u20e3)|(\[\s{0,3}\])(?!\S))"
)
_ONLY_BULLETS = re.compile(rf"(?:[\s{pasted_lines.DIRECTIONS}]*+[{_SURE}{_SPACED}]){{2,}}+\s*+$")
_WEAK = re.compile(rf"([o{_GARBLED}])(?!\S)|([\-–—*])(?=[^\W\d_])")
_LAST = re.compile(rf"[{_SURE}]$")
_TICKED_BOX = re.compile(rf"{_BEFORE}\[[xX]\](?!\S)")

_INLINE = frozenset("•●▪◦‣■➢\uf0b7\uf0a7\uf0d8")
_CIRCLED = frozenset(map(chr, (*range(0x2460, 0x2474), *range(0x2776, 0x2780))))
_DASHES = dict.fromkeys("‐‑–—−", "-")
_BOXES = dict.fromkeys("✓✔✗✘☐☑☒✅", "✓")
_KINDS = {**_DASHES, **_BOXES}


@dataclass(frozen=True, slots=True)
class Marked:
    """What kind of bullet or numbering stands before a text ("" for none), and the text."""

    style: str
    text: str
    has_empty_box: bool = False


def is_rule(text: str) -> bool:
    """Whether a line is nothing but bullets: drawn across the page."""
    return bool(_ONLY_BULLETS.match(text))


def apart(text: str) -> list[str]:
    """The pieces of a line that lost its breaks: `• One • Two`."""
    bullet = text[0]
    if bullet not in _INLINE or not text[1:2].isspace():
        return [text]
    return re.split(rf"\s(?={re.escape(bullet)}\s)", text)


def taken(texts: list[str]) -> list[Marked]:
    """Each text without its bullets. Their lines tell together what is one."""
    found = [take(text) for text in texts]
    weak = _weak_ones(found)
    found = [_take_weak(mark, weak) for mark in found]
    has_boxes = any(mark.has_empty_box for mark in found)
    return [_take_ticked(mark) for mark in found] if has_boxes else found


def take(text: str, style: str = "") -> Marked:
    """A text without the bullets and empty check boxes before it; the first gives the style,
    unless it has one."""
    place, has_empty_box = 0, False
    while match := _BULLET.match(text, place):
        sure, spaced, second, number, box = match.groups()
        style = style or _kind(sure or spaced or second or ("①" if number else "✓"))
        has_empty_box = has_empty_box or bool(box)
        place = match.end()
    rest = "" if _ONLY_BULLETS.match(text, place) else text[place:].rstrip(" ")
    if not style and _ends_in_bullet(rest):
        return Marked(_kind(rest[-1]), rest[:-1])
    return Marked(style, rest, has_empty_box)


def _kind(bullet: str) -> str:
    """Bullets of one kind look different by chance: what was typed, what was ticked."""
    return "①" if bullet in _CIRCLED else _KINDS.get(bullet, bullet)


def _ends_in_bullet(text: str) -> bool:
    """Some programs put the bullet of a text from right to left after it."""
    if not _LAST.match(text[-1:]) or not text[-2:-1].isspace():
        return False
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((d for d in directions if d in ("L", "R", "AL")), "L") != "L"


def _weak_ones(found: list[Marked]) -> frozenset[str]:
    """The doubtful bullets that count: those of several lines, and Word's `o` among others."""
    counted = Counter(_kind(_weak_bullet(mark)) for mark in found)
    has_others = any(mark.style for mark in found)
    return frozenset(
        bullet for bullet, count in counted.items() if count > 1 or (bullet == "o" and has_others)
    ) - {""}


def _weak_bullet(mark: Marked) -> str:
    match = None if mark.style else _WEAK.match(mark.text)
    if not match or (match[2] == "*" and mark.text.count("*") > 1):  # *emphasis*
        return ""
    if match[1] and pasted_lines.starts_lower(mark.text[1:].lstrip()):  # a word of its language
        return ""
    return match[0]


def _take_weak(mark: Marked, weak: frozenset[str]) -> Marked:
    kind = _kind(_weak_bullet(mark))
    return take(mark.text[1:], kind) if kind in weak else mark


def _take_ticked(mark: Marked) -> Marked:
    """Without a ticked box, in a list that has empty ones. Before a word in lower case it is a
    placeholder: `[X] years`."""
    match = _TICKED_BOX.match(mark.text)
    if not match or pasted_lines.starts_lower(mark.text[match.end() :].lstrip()):
        return mark
    return take(mark.text[match.end() :], mark.style or "✓")
