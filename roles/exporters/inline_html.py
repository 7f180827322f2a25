"""A text within a block as HTML: escaped, with its placeholders marked, its addresses as links, and
the tags of its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from django.utils.html import escape
from django.utils.safestring import SafeString

from roles import placeholders
from roles.exporters import spans
from roles.exporters.spans import MARKS_LIMIT, Answers, Item
from roles.text_formatting import TextStyle

_TAG_LENGTH = 30  # longer tags can break inside


def text_html(text: str, answers: Answers, *, after: str = "") -> SafeString:
    """Returns the text escaped, with placeholders marked as blank or filled in."""
    if "[" not in text:
        return escape(text)
    return _joined(_segments(text, answers, after))


def linked_html(text: str, answers: Answers, *, after: str = "") -> SafeString:
    """Returns the same as `text_html`, with web and email addresses as links."""
    return _linked(_segments(text, answers, after))


def formatted_html(text: str, answers: Answers | None = None) -> SafeString:
    """Returns the text of a paragraph: the same as `linked_html`, in its formatting. Without
    `answers`, placeholders are ordinary text."""
    segments = [placeholders.Segment(text)] if answers is None else _segments(text, answers, "")
    return styled_html(spans.styled(segments), _linked, _joined)


def styled_html(
    parts: Iterable[tuple[TextStyle, Item]],
    linked: Callable[[list[Item]], SafeString],
    joined: Callable[[list[Item]], SafeString],
) -> SafeString:
    """Returns parts of a paragraph in their styles. `joined` returns the parts of a link as HTML,
    `linked` others, with addresses as links."""
    html = ""
    for url, of_link in groupby(parts, key=lambda pair: pair[0].url):
        inner = ""
        for style, together in groupby(of_link, key=itemgetter(0)):
            words = [part for _style, part in together]
            inner += _in_style(style, joined(words) if url else linked(words))
        html += _link_html(url, SafeString(inner))
    return SafeString(html)


def _in_style(style: TextStyle, html: SafeString) -> str:
    if style.italic:
        html = SafeString(f"<em>{html}</em>")
    return f"<strong>{html}</strong>" if style.bold else html


def _linked(segments: list[placeholders.Segment]) -> SafeString:
    groups = spans.linked(
        segments, lambda found: spans.searchable(found.text, is_excluded=found.state == "open")
    )
    return SafeString("".join(_link_html(url, _joined(group)) for url, group in groups))


def _link_html(url: str, shown: SafeString) -> SafeString:
    """Returns the HTML as a link, or unchanged without a URL."""
    return SafeString(f'<a href="{escape(url)}">{shown}</a>') if url else shown


def _segments(text: str, answers: Answers, after: str) -> list[placeholders.Segment]:
    """Returns the text split at its placeholders, with values on one line."""
    if text.count("[") > MARKS_LIMIT:
        return [placeholders.Segment(placeholders.fill(text, answers, after=after))]
    return [
        replace(found, text=" ".join(found.text.split())) if found.state == "answered" else found
        for found in placeholders.segments(text, answers, after=after)
    ]


def _joined(segments: list[placeholders.Segment]) -> SafeString:
    return SafeString("".join(map(_segment_html, segments)))


def _segment_html(segment: placeholders.Segment) -> SafeString:
    words, key = escape(segment.text), escape(segment.key)
    if segment.state == "open":
        return SafeString(f'<mark class="jd-open" data-placeholder="{key}">{words}</mark>')
    if segment.state == "answered":
        return SafeString(f'<span class="jd-answered" data-placeholder="{key}">{words}</span>')
    return words


def tags_html(tags: list[str]) -> SafeString:
    """Returns the tags of a line in brackets, or "". Lines break between tags, not within short
    ones. The space is inside the box: before an inline box, WeasyPrint sometimes breaks a line
    that fits exactly after its first word."""
    whole = (t.replace(" ", "\N{NO-BREAK SPACE}") if len(t) <= _TAG_LENGTH else t for t in tags)
    words = escape(" · ".join(whole))
    return SafeString(f'<span class="jd-tags"> ({words})</span>') if tags else SafeString("")
