"""A page as a tree of elements that WeasyPrint can lay out fast. The result looks the same.

Measured on two pages with 40 bullets: parsing as XML instead of HTML saves 5% of the time, removing
white space at the end of blocks another 5% (such lines are measured twice), and bullets in the
text a third.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

# The label of entries by class of the list; document.css sets its width. The space is an ordinary
# one: another character would share its glyph and appear in copied text.
BULLETS = {"jd-list-bullets": "• ", "jd-sublist": "– "}

_VOID = re.compile(r"<(br|img|meta)\b([^>]*?)/?>")
_SHORT_ROW = 300  # characters
_BLOCKS = frozenset({"li", "p", "h1", "h2", "h3", "h4", "td", "th", "caption"})


def parse(page: str) -> Element:
    """Returns the root element of a page of our templates. Raises ElementTree.ParseError if it
    isn't XML, except for void elements."""
    _doctype, _, markup = page.partition("<html")
    root = ElementTree.fromstring(_VOID.sub(r"<\1\2/>", f"<html{markup}"))  # noqa: S314  # ours
    _trim(root)
    _write_bullets(root)
    _mark_short_rows(root)
    return root


def _trim(root: Element) -> None:
    """Remove white space from the end of blocks."""
    for element in root.iter():
        if element.tag not in _BLOCKS:
            continue
        if len(element):
            last = element[-1]
            last.tail = (last.tail or "").rstrip(" \n") or None
        elif element.text:
            element.text = element.text.rstrip(" \n")


def _mark_short_rows(root: Element) -> None:
    """Mark the rows that always fit on a page, so that document.css keeps them whole."""
    for row in root.iter("tr"):
        if sum(map(len, row.itertext())) <= _SHORT_ROW:
            row.set("class", f"{row.get('class', '')} jd-short-row".strip())


def _write_bullets(root: Element) -> None:
    """Write bullets into left-to-right texts. In others they remain markers, because they would be
    at the end of the drawn line."""
    for article in root.iter("article"):
        if article.get("dir") == "rtl":
            continue
        article.set("class", f"{article.get('class', '')} jd-written".strip())
        for found in article.iter("ul"):
            label = next((BULLETS[c] for c in found.get("class", "").split() if c in BULLETS), "")
            for entry in found.findall("li") if label else ():
                entry.text = label + (entry.text or "").lstrip(" \n")
