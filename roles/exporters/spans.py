"""Spans of text with their marks: blanks, terms, tags, formatting, links, and changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from roles import folding, placeholders, text_formatting, text_links
from roles.text_formatting import PLAIN, TextStyle

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
    style: TextStyle = PLAIN  # also has the URL of the address that it belongs to


Spans = tuple[Span, ...]
Item = TypeVar("Item", bound=Any)  # a dataclass with a text


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


def with_links(parts: Spans) -> Spans:
    """Returns the spans with web and email addresses as spans of their own, which have a URL."""

    def searched(span: Span) -> str:
        return searchable(span.text, is_excluded=span.mark == "open" or bool(span.style.url))

    return tuple(with_urls(parts, searched))


def with_urls(parts: Iterable[Item], searched: Callable[[Item], str]) -> Iterator[Item]:
    """Yields the parts of a text that have a `style`, cut at the ends of its addresses, with the
    URL of an address in the style. For `searched`, see `linked`."""
    for url, group in linked(parts, searched):
        for part in group:
            yield replace(part, style=part.style._replace(url=part.style.url or url))


def formatted(parts: Spans) -> Spans:
    """Returns the spans of a paragraph in its formatting, without the marks for it."""
    return tuple(replace(span, style=style) for style, span in styled(parts))


def styled(parts: Sequence[Item]) -> Iterator[tuple[TextStyle, Item]]:
    """Yields the parts of a paragraph, cut where its formatting changes, each with its style."""
    for start, end, style in text_formatting.stretches("".join(part.text for part in parts)):
        for part in cut(parts, start, end):
            yield style, part


def searchable(text: str, *, is_excluded: bool) -> str:
    """Returns the text to look for addresses in, of the same length. An excluded one, a blank or
    another link, becomes brackets, which no address has."""
    return "[" * len(text) if is_excluded else text


def linked(
    parts: Iterable[Item], searched: Callable[[Item], str]
) -> Iterator[tuple[str, list[Item]]]:
    """Yields the parts of a text in groups, cut at the ends of its addresses: each group with its
    URL, or "" outside addresses. `searched` returns the text of a part to look for addresses in,
    of the same length, or "" to leave the part out."""
    pairs = _at_links(list(parts), searched)
    for url, group in groupby(pairs, key=itemgetter(0)):
        yield url, [part for _url, part in group]


def _at_links(parts: list[Item], searched: Callable[[Item], str]) -> Iterator[tuple[str, Item]]:
    texts = [searched(part) for part in parts]
    links = text_links.find_links("".join(texts))
    position = 0
    for part, text in zip(parts, texts, strict=True):
        if not links or not text:
            yield "", part
            continue
        end = position + len(text)
        for url, start, stop in _stretches(links, position, end):
            yield url, replace(part, text=part.text[start - position : stop - position])
        position = end


def _stretches(
    links: list[text_links.TextLink], start: int, end: int
) -> Iterator[tuple[str, int, int]]:
    """Yields URL (or ""), start, and end of each stretch between two offsets."""
    for link in links:
        if link.end <= start:
            continue
        if link.start >= end:
            break
        if link.start > start:
            yield "", start, link.start
        stop = min(link.end, end)
        yield link.url, max(link.start, start), stop
        start = stop
    if start < end:
        yield "", start, end


def cut(parts: Iterable[Item], start: int, stop: int) -> tuple[Item, ...]:
    """Returns what is between two offsets of a text, given in parts."""
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
