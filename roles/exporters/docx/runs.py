"""Text for Word: runs with their marks, tracked changes, and writing direction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from roles.exporters import spans

_MARKS = {
    "open": '<w:rStyle w:val="Placeholder"/>',
    "term": '<w:rStyle w:val="Strong"/>',
    "tags": '<w:rStyle w:val="Tags"/>',
}
_BOLD, _ITALIC = "<w:b/><w:bCs/>", "<w:i/><w:iCs/>"
_LINK = '<w:rStyle w:val="Hyperlink"/>'
_HIGHLIGHT = '<w:highlight w:val="yellow"/>'  # styles can't highlight
_RIGHT_TO_LEFT = ("R", "AL", "RLE", "RLO", "RLI")
_ANY_RIGHT = re.compile(
    "[\u0590-\u08ff\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]"
)
_HEBREW = re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]")


class RunChanges:
    """Author and numbers of the tracked changes."""

    def __init__(self, author: str, moment: str) -> None:
        self._by = f"w:author={quoteattr(author)} w:date={quoteattr(moment)}"
        self._number = 0

    def attributes(self) -> str:
        """Returns the attributes of one tracked change."""
        self._number += 1
        return f'w:id="{self._number}" {self._by}'

    def comment(self, number: int) -> str:
        """Returns the attributes of one comment. Comments have their own numbers."""
        return f'w:id="{number}" {self._by} w:initials="JD"'


class RunLinks:
    """The addresses that the document links to, each with the id of its relationship."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    def start(self, url: str) -> str:
        """Returns the start tag of a link."""
        number = self.ids.setdefault(url, f"rIdLink{len(self.ids) + 1}")
        return f'<w:hyperlink r:id="{number}" w:history="1">'


def runs(parts: spans.Spans, base: str, changes: RunChanges, links: RunLinks) -> str:
    """Returns the spans of a paragraph with the direction `base` as runs and links."""
    made = []
    for url, together in groupby(parts, key=lambda span: span.style.url):
        inner = _changed_runs(tuple(together), base, changes)
        made.append(f"{links.start(url)}{inner}</w:hyperlink>" if url else inner)
    return "".join(made)


def _changed_runs(parts: spans.Spans, base: str, changes: RunChanges) -> str:
    made = []
    for state, together in groupby(parts, key=lambda span: span.state):
        inner = "".join(_span(span, base) for span in together)
        if state == "added":
            inner = f"<w:ins {changes.attributes()}>{inner}</w:ins>"
        elif state == "removed":
            inner = f"<w:del {changes.attributes()}>{inner}</w:del>"
        made.append(inner)
    return "".join(made)


def plain(text: str, base: str) -> str:
    """Returns a text without marks as runs."""
    return _span(spans.Span(text), base) if text else ""


def _span(span: spans.Span, base: str) -> str:
    is_open = span.mark == "open"
    word = "delText" if span.state == "removed" else "t"
    is_term_in_link = bool(span.style.url) and span.mark == "term"
    mark = _LINK if span.style.url else _MARKS.get(span.mark, "")
    mark += _BOLD if span.style.bold or is_term_in_link else ""
    mark += _ITALIC if span.style.italic else ""
    return "".join(
        _run(text, word, mark, is_open=is_open, is_right=is_right)
        for text, is_right in directed(span.text, base)
    )


def _run(text: str, word: str, mark: str, *, is_open: bool, is_right: bool) -> str:
    language = "he-IL" if _HEBREW.search(text) else "ar-SA"
    properties = (
        mark
        + (_HIGHLIGHT if is_open else "")
        + (f'<w:rtl/><w:lang w:bidi="{language}"/>' if is_right else "")
    )
    pieces = (
        f'<w:{word} xml:space="preserve">{escape(piece)}</w:{word}>' if piece else ""
        for piece in text.split("\n")
    )
    inner = "<w:br/>".join(pieces)
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inner}</w:r>"


def direction(text: str, base: str) -> str:
    """Returns the direction of a paragraph: the document's, or right to left if most of its letters
    are."""
    if base == "rtl" or not _ANY_RIGHT.search(text):
        return base
    right = sum(_side(character) == "rtl" for character in text)
    left = sum(_side(character) == "ltr" for character in text)
    return "rtl" if right > left else "ltr"


def directed(text: str, base: str) -> Iterator[tuple[str, bool]]:
    """Returns the text split into spans, each with whether it's written from right to left. Neutral
    characters (digits, spaces, punctuation) take the direction of both neighbors, or else of the
    paragraph."""
    if base == "ltr" and not _ANY_RIGHT.search(text):
        yield text, False
        return
    sides = [_side(character) for character in text]
    position = 0
    for side, together in groupby(_resolved(sides, base)):
        length = len(list(together))
        yield text[position : position + length], side == "rtl"
        position += length


def _resolved(sides: list[str], base: str) -> Iterator[str]:
    before = base
    stretches = [(side, len(list(together))) for side, together in groupby(sides)]
    for number, (side, length) in enumerate(stretches):
        if not side:
            behind = stretches[number + 1][0] if number + 1 < len(stretches) else base
            side = before if before == behind else base
        yield from (side for _ in range(length))
        before = side


@lru_cache(maxsize=4_096)
def _side(character: str) -> str:
    """Returns `ltr`, `rtl`, or "" for neutral characters."""
    kind = unicodedata.bidirectional(character)
    if kind == "L":
        return "ltr"
    return "rtl" if kind in _RIGHT_TO_LEFT else ""
