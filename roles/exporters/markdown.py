"""A document as Markdown: CommonMark with the tables of GitHub Flavored Markdown.

All text is escaped: it can't become a heading, a list, or HTML. Web and email addresses are links,
and paragraphs have their formatting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from roles import text_formatting, text_links
from roles.document import Document
from roles.editions import Edition
from roles.exporters import blocks, reading_order, render_fingerprint

_SPACES = re.compile(r"[ \t]+")
_MARKS = re.compile(r"[\\`*_{}\[\]<>|~]|&(?=[#\w])")
_AT_START = re.compile(r"[-+=#]|\d+[.)](?=\s|$)")
_AT_END = re.compile(r"(?<=\s)#+$")  # of a heading: these marks would be read as its syntax
# GitHub turns these into links: URLs and email addresses.
_LINKED = re.compile(r":(?=//)|(?<=mailto):|(?<=xmpp):|(?<=\w)@(?=\w)|(?<=www)\.", re.IGNORECASE)


def render(document: Document, edition: Edition) -> bytes:
    """Returns the document as UTF-8 Markdown with line feeds."""
    shown = reading_order.read(document, edition, is_formatted=True)
    page = _MarkdownPage()
    if shown.organization:
        page.add(inline(shown.organization))
    page.add(_heading(1, shown.title))
    if shown.subtitle:
        page.add(inline(shown.subtitle))
    for part in shown.parts:
        page.add(_heading(2, part.heading) if part.heading else "")
        page.in_group = False
        for block in part.blocks:
            _add(page, block)
            page.in_group |= isinstance(block, reading_order.ReadingName)
        if not part.blocks:
            page.add(f"*{inline(shown.nothing)}*")
    page.add("---")
    page.add(inline(shown.edition_line))
    return page.text().encode()


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns a hash that changes when the same document would give a different text."""
    return render_fingerprint.fingerprint()


class _MarkdownPage:
    """Blocks with a blank line between them. Consecutive lists get different marks, so that they
    stay separate."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._mark = ""
        self.in_group = False

    def add(self, block: str) -> None:
        if block:
            self._blocks.append(block)
            self._mark = ""

    def add_items(self, items: list[str]) -> None:
        """Add a list of items whose continuation lines are not indented yet."""
        if items:
            mark = "*" if self._mark == "-" else "-"
            self._blocks.append("\n".join(_item(mark, item) for item in items))
            self._mark = mark

    def add_numbered(self, items: list[str], start: int) -> None:
        self.add("\n".join(_item(f"{n}.", item) for n, item in enumerate(items, start)))

    def text(self) -> str:
        return "\n\n".join(self._blocks) + "\n"


def _add(page: _MarkdownPage, block: reading_order.Block) -> None:
    if isinstance(block, reading_order.ReadingName):
        page.add(_heading(3, block.text))
    elif isinstance(block, reading_order.ReadingTable):
        _add_table(page, block)
    elif block.shape == "paragraphs":
        for entry in block.entries:
            texts = map(_formatted if entry.is_formatted else broken, entry.paragraphs)
            _add_paragraphs(page, entry, [*texts, *map(broken, entry.detail)])
    elif block.shape == "questions":
        for entry in block.entries:
            page.add(_heading(4 if page.in_group else 3, entry.text))
            _add_paragraphs(page, entry, list(map(broken, entry.detail)))
    elif block.shape == "signatures":
        for entry in block.entries:
            name = reading_order.tagged(inline(entry.text), inline(entry.tags))
            page.add(_broken((f"{name}: {'_' * 30}", *map(broken, entry.detail))))
            page.add_items([_item_text(sub) for sub in entry.entries])
    elif block.shape == "numbers":
        page.add_numbered([_item_text(entry) for entry in block.entries], block.start)
    else:
        page.add_items([_item_text(entry) for entry in block.entries])


# --- lines


def _add_paragraphs(
    page: _MarkdownPage, entry: reading_order.ReadingEntry, paragraphs: list[str]
) -> None:
    """Add the paragraphs of a line (Markdown), with tags after the last, and its sub-lines."""
    *first, last = paragraphs or [""]
    for text in (*first, reading_order.tagged(last, inline(entry.tags)).strip()):
        page.add(text)
    page.add_items([_item_text(sub) for sub in entry.entries])


def _item_text(entry: reading_order.ReadingEntry) -> str:
    """Returns an entry with its explanation and sub-lines as the content of a list item."""
    tags = inline(entry.tags)
    if entry.is_term:
        explanation, *rest = (broken(part) for part in entry.detail)
        term = f"**{inline(entry.text + blocks.joint(entry.text))}** {explanation}"
        parts = [reading_order.tagged(term, tags), *rest]
    else:
        parts = [reading_order.tagged(broken(entry.text), tags), *map(broken, entry.detail)]
    subs = [_item("-", _item_text(sub)) for sub in entry.entries]
    return "\n".join((_broken(parts), *subs))


def _item(mark: str, content: str) -> str:
    return f"{mark} " + content.replace("\n", "\n" + " " * (len(mark) + 1))


# --- tables


def _add_table(page: _MarkdownPage, table: reading_order.ReadingTable) -> None:
    if table.caption:
        page.add(f"**{inline(table.caption)}**")
    if table.as_list:
        page.add_items([f"**{inline(label)}:** {_cell(value)}" for label, value in table.rows])
        return
    columns = [inline(name) for name in table.columns] or [" "] * len(table.rows[0])
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    if not table.columns:
        rows = [[f"**{label}**", *values] for label, *values in rows]
    rule = ["---"] * len(columns)
    page.add("\n".join(f"| {' | '.join(row)} |" for row in (columns, rule, *rows)))


def _cell(text: str) -> str:
    """Returns the text on one line, as required in table cells."""
    return "; ".join(filter(None, map(inline, text.split("\n"))))


# --- texts


def _heading(level: int, text: str) -> str:
    shown = _AT_END.sub(lambda end: "\\" + "\\".join(end[0]), inline(text))
    return f"{'#' * level} {shown}"


def broken(text: str) -> str:
    """Returns the text escaped, with its line breaks."""
    return _broken(line for row in text.split("\n") if (line := inline(row)))


def _formatted(text: str) -> str:
    """Returns a paragraph escaped, with its line breaks and its formatting."""
    rows = [""]
    for start, end, style in text_formatting.stretches(text):
        for number, words in enumerate(text[start:end].split("\n")):
            if number:
                rows.append("")
            rows[-1] += _styled(_SPACES.sub(" ", words), style)
    return _broken(_unlike_a_block(row.strip(" ")) for row in rows if row.strip(" "))


def _styled(words: str, style: text_formatting.TextStyle) -> str:
    """Returns the words escaped, in their style. Spaces at both ends stay outside of its marks."""
    core = words.strip(" ")
    if not core:
        return words
    mark = "*" * (2 * style.bold + style.italic)
    inner = _named_link(core, style.url) if style.url else _linked(core)
    before, behind = words.split(core, 1)
    return f"{before}{mark}{inner}{mark}{behind}"


def _broken(lines: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    return "\\\n".join(lines)


def inline(text: str) -> str:
    """Returns the text on one line, escaped wherever it could be Markdown, with its addresses as
    links."""
    flat = _SPACES.sub(" ", text.replace("\n", " ")).strip(" ")
    return _unlike_a_block(_linked(flat))


def _linked(text: str) -> str:
    pieces, position = [], 0
    for link in text_links.find_links(text):
        pieces += [_marks_escaped(text[position : link.start]), _link(link, text)]
        position = link.end
    return "".join((*pieces, _marks_escaped(text[position:])))


def _unlike_a_block(row: str) -> str:
    """Returns the Markdown of a line so that it isn't a list item, a heading, or a rule."""
    return _AT_START.sub(_escaped, row, count=1) if _AT_START.match(row) else row


def _marks_escaped(text: str) -> str:
    return _LINKED.sub(r"\\\g<0>", _MARKS.sub(r"\\\g<0>", text))


def _link(link: text_links.TextLink, text: str) -> str:
    """Returns the address in angle brackets or, if its URL is another text, as a named link."""
    shown = text[link.start : link.end]
    if shown in (link.url, link.url.removeprefix("mailto:")):
        return f"<{shown}>"
    return _named_link(shown, link.url)


def _named_link(name: str, url: str) -> str:
    escaped = _MARKS.sub(r"\\\g<0>", name)
    return f"[{escaped}]({url.replace('(', '%28').replace(')', '%29')})"


def _escaped(start: re.Match[str]) -> str:
    """Returns a mark at the start of a line with a backslash before its non-digit."""
    return f"{start[0][:-1]}\\{start[0][-1]}"
