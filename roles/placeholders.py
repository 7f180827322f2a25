"""Placeholders: find the bracketed blanks in a text, give each a key, and fill them in.

These functions work on strings only, without Django or the document model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from roles.folding import fold

# What a link of a paragraph has in parentheses (text_formatting): its text is no placeholder.
LINK_TARGET = r"(?:https?://|www\.|mailto:|[^\s()<>@]+@)(?:[^\s()<>]|\([^\s()<>]*\))+"
_PLACEHOLDER = re.compile(rf"\[([^\[\]\n]{{1,80}})\](?!\({LINK_TARGET}\))")
_BRITISH = re.compile(r"\borgani[sz]ation\b")
_HINT = re.compile(r"[,;]?\s*\b(?:e\.\s?g\.|for example|such as)[,:]?\s*", re.IGNORECASE)

# Different words for the same placeholder. Keys and values are folded.
ALIASES = {
    "company": "company name",
    "our company": "company name",
    "employer": "company name",
    "employer name": "company name",
    "organization": "company name",
    "organization name": "company name",
    "email": "email address",
    "e-mail": "email address",
    "e-mail address": "email address",
    "company website": "website",
}
KEY_LIMIT = 80  # characters; folding can make a text longer

# Placeholders with a different value in each line: they are filled in line by line.
LOCAL = frozenset({"x", "xx", "redacted", "number", "n"})


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One bracketed text: its offsets, its key, and the choices or hint in the brackets."""

    start: int
    end: int
    raw: str  # the words inside the brackets
    key: str  # folded, aliases resolved; a repeated local one is numbered: "x", "x#2"
    choices: tuple[str, ...] = ()
    hint: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it is filled in for each line instead of once for the document."""
        return self.key.split("#")[0] in LOCAL


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text: plain, a filled-in placeholder, or a blank one."""

    text: str
    state: str = "plain"  # plain | answered | open
    key: str = ""


def placeholder_key(raw: str) -> str:
    """Returns the key of a bracketed text, with aliases resolved and without its hint."""
    words = _HINT.split(fold(raw), maxsplit=1)[0][:KEY_LIMIT].strip(" :;,")
    return ALIASES.get(_BRITISH.sub("organization", words), words)


def find_placeholders(text: str, *, after: str = "") -> list[Placeholder]:
    """Returns the placeholders of a text, in order. `after` is the text before it in the same
    line: the numbers of local placeholders continue from there."""
    seen: dict[str, int] = {}
    for earlier in find_placeholders(after) if after else ():
        _count(seen, earlier.key.split("#")[0])
    found = []
    for match in _PLACEHOLDER.finditer(text):
        raw = match[1].strip()
        key = placeholder_key(raw).replace("#", " ")  # which numbers local ones, below
        if not any(c.isalpha() for c in key):
            continue
        if key in LOCAL:
            number = _count(seen, key)
            key = key if number == 1 else f"{key}#{number}"
        words, *hint = _HINT.split(raw, maxsplit=1)
        parts = tuple(part.strip() for part in words.split(",") if part.strip())
        found.append(
            Placeholder(
                match.start(),
                match.end(),
                raw,
                key,
                choices=parts if len(parts) > 1 else (),
                hint=hint[0].strip() if hint else "",
            )
        )
    return found


def _count(seen: dict[str, int], key: str) -> int:
    seen[key] = seen.get(key, 0) + 1
    return seen[key]


def segments(text: str, answers: Mapping[str, str | None], *, after: str = "") -> Iterator[Segment]:
    """Yields the text split at its placeholders. `answers` maps keys to values; None means that
    the brackets are plain text."""
    position = 0
    for placeholder in find_placeholders(text, after=after):
        if placeholder.start > position:
            yield Segment(text[position : placeholder.start])
        brackets = text[placeholder.start : placeholder.end]
        answer = answers.get(placeholder.key, "")
        if answer is None:
            yield Segment(brackets)
        elif answer:
            yield Segment(answer, "answered", placeholder.key)
        else:
            yield Segment(brackets, "open", placeholder.key)
        position = placeholder.end
    if position < len(text):
        yield Segment(text[position:])


def fill(text: str, answers: Mapping[str, str | None], *, after: str = "") -> str:
    """Returns the text with its placeholders filled in; blank ones keep their brackets."""
    if "[" not in text:
        return text
    return "".join(segment.text for segment in segments(text, answers, after=after))
