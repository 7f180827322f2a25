"""Hashes of the parts of a document that an approval covers.

Each section is a part; the facts (with title and language) and the outline (order and headings
of the sections) are two more. An editorial change leaves the `normalized_hash` as it is: white
space, letter case, and punctuation outside numbers. Every other change alters it.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from roles.document import Document
from roles.vocabulary import PARTS

FACTS, OUTLINE = PARTS

# Fields with text that people write; all others are codes, numbers, amounts, and ids.
_WORDS = frozenset(
    {"title", "heading", "text", "detail", "group", "values", "city", "region", "label", "role"}
)
# Characters that always carry meaning, although Unicode classifies them as punctuation.
_MEANING = frozenset("%‰&@*#/\\§[]{}")
# Units after a number (feet and inches, minutes and seconds) in all their spellings.
_UNITS = dict.fromkeys("'’′", "′") | dict.fromkeys('"”″', "″")
_PUNCTUATION = frozenset({"Pd", "Pi", "Pf", "Ps", "Pe", "Po"})


@dataclass(frozen=True, slots=True)
class SectionHash:
    """The hashes of one part, SHA-256 in hexadecimal. `key` is a section's uid, FACTS, or OUTLINE;
    `heading` is empty for the last two."""

    key: str
    heading: str
    content_hash: str
    normalized_hash: str


def section_hashes(document: Document) -> dict[str, SectionHash]:
    """Returns the hashes of a document by key: its sections in order, then facts and outline.
    Line uids aren't hashed, so retyping the same text doesn't change a part."""
    filled = document.filled().to_dict()
    sections = filled.get("sections", [])
    found = {s["uid"]: _section(s["uid"], s["heading"], _content(s)) for s in sections}
    facts = {name: filled.get(name) for name in ("title", "language", "facts")}
    found[FACTS] = _section(FACTS, "", facts)
    outline = [{"uid": s["uid"], "heading": s["heading"]} for s in sections]
    found[OUTLINE] = _section(OUTLINE, "", outline)
    return found


def changed(old: Mapping[str, SectionHash], new: Iterable[SectionHash]) -> tuple[SectionHash, ...]:
    """Returns the new sections whose normalized hash isn't the same in `old`."""
    return tuple(
        section
        for section in new
        if section.key not in old or old[section.key].normalized_hash != section.normalized_hash
    )


def normalize(text: str) -> str:
    """Returns the text in lower case, with single spaces, and with a space for each punctuation
    mark that isn't part of a number."""
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    characters = (_normalized_character(folded, place) for place in range(len(folded)))
    return " ".join("".join(characters).split())


def _normalized_character(text: str, place: int) -> str:
    """Returns the character at that index, or the space that replaces it."""
    char = text[place]
    category = unicodedata.category(char)
    if category not in _PUNCTUATION or char in _MEANING:
        return char
    dash = "-" if category == "Pd" else char
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if char in _UNITS and before.isnumeric():
        return _UNITS[char]
    if dash == "-" and _is_span(text, place):
        return dash
    if not after.isnumeric():
        return " "
    is_sign = dash in "-." and not before.isalnum()
    return dash if before.isnumeric() or is_sign else " "


def _is_span(text: str, place: int) -> bool:
    """Whether the dash has a number on both sides, with or without a space."""
    before, after = text[max(place - 2, 0) : place].rstrip(), text[place + 1 : place + 3].lstrip()
    return before[-1:].isnumeric() and after[:1].isnumeric()


def _content(value: Any) -> Any:
    """Returns the value without any uids."""
    if isinstance(value, dict):
        return {name: _content(item) for name, item in value.items() if name != "uid"}
    return [_content(item) for item in value] if isinstance(value, list) else value


def _folded(value: Any, name: str = "") -> Any:
    """Returns the value with every text that people write normalized."""
    if isinstance(value, dict):
        return {key: _folded(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_folded(item, name) for item in value]
    return normalize(value) if isinstance(value, str) and name in _WORDS else value


def _section(key: str, heading: str, content: Any) -> SectionHash:
    return SectionHash(key, heading, _hash(content), _hash(_folded(content)))


def _hash(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
