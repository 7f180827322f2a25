"""Bullets before a text: `•`, `-`, `[ ]`, and what only looks alike."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from roles.importers.pasted_lines import DIRECTIONS, starts_lower

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
_ONLY_BULLETS = re.compile(
    rf"(?:[\s{DIRECTIONS}]*+[{_ALWAYS}{_BEFORE_SPACE}]){{2,}}+\s*+$|={{3,}}+\s*+$"
)
_DOUBTFUL = re.compile(rf"([o{_GARBLED}])(?!\S)|([\-–—*])(?=[^\W\d_])")
_AT_END = re.compile(rf"[{_ALWAYS}]$")
_TICKED_BOX = re.compile(rf"{_INVISIBLE}\[[xX]\](?!\S)")

_CIRCLED = frozenset(map(chr, (*range(0x2460, 0x2474), *range(0x2776, 0x2780))))
_DASHES = dict.fromkeys("‐‑–—−", "-")
_BOXES = dict.fromkeys("✓✔✗✘☐☑☒✅", "✓")
_KINDS = {**_DASHES, **_BOXES}


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text without its bullet or numbering, and the kind of that ("" for none)."""

    style: str
    text: str
    has_empty_box: bool = False


def has_bullet(text: str) -> bool:
    """Whether a line begins with a bullet that no sentence begins with."""
    return bool(_BULLET.match(text))


def is_rule(text: str) -> bool:
    """Whether a line is a rule: nothing but bullets or `=`, across the page."""
    return bool(_ONLY_BULLETS.match(text))


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
