"""Spans of text with their marks: blank placeholders, terms, tags, and changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from roles import folding, placeholders

Answers = Mapping[str, str | None]

MARKS_LIMIT = 100  # placeholders marked in one text; each is a box in the layout
_SPACES = re.compile(r"[ \t]+")
_AROUND_BREAK = re.compile(r" ?\n ?")


@dataclass(frozen=True, slots=True)
class Span:
    """A span of a paragraph: its text and mark. A line feed breaks the line."""

    text: str
    mark: str = ""  # "" | open | term | tags
    state: str = "same"  # same | added | removed


Spans = tuple[Span, ...]


def marked(text: str, answers: Answers, *, after: str = "") -> Spans:
    """Returns the text split at its placeholders: values filled in, blanks marked."""
    if text.count("[") > MARKS_LIMIT:
        return _tidied([Span(placeholders.fill(text, answers, after=after))])
    return _tidied(
        Span(
            " ".join(segment.text.split()) if segment.state == "answered" else segment.text,
            "open" if segment.state == "open" else "",
        )
        for segment in placeholders.segments(text, answers, after=after)
    )


def cut(parts: Spans, start: int, stop: int) -> Spans:
    """Returns the part of these spans between two offsets."""
    found = []
    position = 0
    for span in parts:
        words = span.text[max(start - position, 0) : max(stop - position, 0)]
        position += len(span.text)
        if words:
            found.append(replace(span, text=words))
    return tuple(found)


def plain(text: str, mark: str = "") -> Spans:
    """Returns a text without marks as spans."""
    return (Span(text, mark),) if text else ()


def _tidied(parts: Iterable[Span]) -> Spans:
    """Returns the spans with neighbors of the same mark joined, and spaces collapsed as in HTML."""
    joined: list[Span] = []
    for span in parts:
        if joined and joined[-1].mark == span.mark:
            joined[-1] = replace(joined[-1], text=joined[-1].text + span.text)
        elif span.text:
            joined.append(span)
    tidied = (
        replace(span, text=_AROUND_BREAK.sub("\n", _SPACES.sub(" ", span.text))) for span in joined
    )
    return tuple(tidied)


def paragraphs(parts: Spans) -> list[Spans]:
    """Returns the spans split at blank lines, as in `html`."""
    text = "".join(span.text for span in parts)
    return [stripped(cut(parts, start, end)) for start, end in folding.paragraph_offsets(text)]


def stripped(parts: Spans) -> Spans:
    """Returns the spans without white space at both ends."""
    text = "".join(span.text for span in parts)
    start = len(text) - len(text.lstrip())
    return cut(parts, start, len(text.rstrip()))


def joined(values: Iterable[Spans], between: str) -> Spans:
    """Returns all of them, joined by the same text."""
    found: list[Span] = []
    for value in values:
        found += [Span(between), *value] if found else value
    return tuple(found)
