"""A document as plain text for email and forms: 78 columns, underlined headings, and bullets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from roles.document import Document
from roles.editions import Edition
from roles.exporters import blocks, reading_order, render_fingerprint

WIDTH = 78  # columns
_LABEL_LIMIT = 24  # columns of a table's labels; longer ones move their value
_BULLETS = {"bullets": "• ", "plain": ""}
_SPACES = re.compile(r"[ \t]+")
_LINE_BREAKS = re.compile(r"[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
# Not allowed at the start of a line (East Asian typesetting).
_CLOSING = frozenset("、。，．：；？！）］｝」』】〉》〕・ー々")


def render(document: Document, edition: Edition) -> bytes:
    """Returns the document as UTF-8 text with line feeds."""
    shown = reading_order.read(document, edition)
    pieces = [*_head(shown)]
    for part in shown.parts:
        pieces += [_underlined(part.heading, "-")] if part.heading else []
        pieces.extend(piece for block in part.blocks for piece in _block(block))
        if not part.blocks:
            pieces.append(shown.nothing)
    pieces.append("-" * WIDTH + "\n" + _wrapped(shown.edition_line))
    return ("\n\n".join(pieces) + "\n").encode()


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns a hash that changes when the same document would give a different text."""
    return render_fingerprint.fingerprint(more=unicodedata.unidata_version)


def _head(shown: reading_order.Reading) -> Iterator[str]:
    if shown.organization:
        yield _wrapped(shown.organization)
    yield _underlined(shown.title, "=")
    if shown.subtitle:
        yield _wrapped(shown.subtitle)


def _underlined(heading: str, with_: str) -> str:
    text = _wrapped(heading)
    widest = max(map(width, text.split("\n")))
    return f"{text}\n{with_ * min(max(widest, 1), WIDTH)}"


def _block(block: reading_order.Block) -> Iterator[str]:
    if isinstance(block, reading_order.ReadingName):
        yield _underlined(block.text, "~")
    elif isinstance(block, reading_order.ReadingTable):
        if block.caption:
            yield _wrapped(block.caption)
        yield _facts(block) if not block.columns else _rows(block)
    elif block.shape == "paragraphs":
        for entry in block.entries:
            yield _paragraph(entry)
    elif block.shape == "questions":
        for entry in block.entries:
            yield _question(entry)
    elif block.shape == "signatures":
        for entry in block.entries:
            yield _signature(entry)
    else:
        yield "\n".join(
            _item(entry, f"{number}. " if block.shape == "numbers" else _BULLETS[block.shape])
            for number, entry in enumerate(block.entries, block.start)
        )


# --- lines


def _paragraph(entry: reading_order.ReadingEntry) -> str:
    *first, last = entry.paragraphs or ("",)
    parts = [*first, reading_order.tagged(last, entry.tags), *entry.detail]
    return "\n\n".join(_wrapped(part) for part in parts) + _sub_items(entry, "")


def _item(entry: reading_order.ReadingEntry, bullet: str) -> str:
    indent = " " * width(bullet)
    head, *rest = _texts(entry)
    lines = [_wrapped(head, first=bullet, indent=indent)]
    lines += [_wrapped(part, first=indent, indent=indent) for part in rest]
    return "\n".join(lines) + _sub_items(entry, indent)


def _texts(entry: reading_order.ReadingEntry) -> list[str]:
    """Returns the paragraphs of an entry, with its tags."""
    if not entry.is_term:
        return [reading_order.tagged(entry.text, entry.tags), *entry.detail]
    explanation, *more = entry.detail
    term = f"{entry.text}{blocks.joint(entry.text)} {explanation}"
    return [reading_order.tagged(term, entry.tags), *more]


def _sub_items(entry: reading_order.ReadingEntry, indent: str) -> str:
    """Returns the sub-lines, indented one more level."""
    dash = f"{indent}– "
    found = []
    for sub in entry.entries:
        head, *rest = _texts(sub)
        found.append(_wrapped(head, first=dash, indent=f"{indent}  "))
        found += [_wrapped(part, first=f"{indent}  ", indent=f"{indent}  ") for part in rest]
    return "".join(f"\n{piece}" for piece in found)


def _question(entry: reading_order.ReadingEntry) -> str:
    answer = list(entry.detail)
    if entry.tags:
        answer[-1:] = [reading_order.tagged(answer[-1] if answer else "", entry.tags)]
    parts = [_wrapped(entry.text), *(_wrapped(part) for part in answer)]
    return "\n".join(parts) + _sub_items(entry, "")


def _signature(entry: reading_order.ReadingEntry) -> str:
    name = _wrapped(reading_order.tagged(entry.text, entry.tags))
    lines = ["", "_" * 40, name, *map(_wrapped, entry.detail)]
    return "\n".join(lines) + _sub_items(entry, "")


# --- tables


def _facts(table: reading_order.ReadingTable) -> str:
    return _labeled([(row[0], row[1]) for row in table.rows])


def _rows(table: reading_order.ReadingTable) -> str:
    """Returns each row as lines of column name and cell; a table of one column as a list."""
    if not table.rows:  # only column headings
        return _wrapped(" · ".join(table.columns))
    if len(table.columns) == 1:
        return "\n".join(_wrapped(row[0], first="• ", indent="  ") for row in table.rows)
    filled = (
        [pair for pair in zip(table.columns, row, strict=True) if pair[1]] for row in table.rows
    )
    return "\n\n".join(_labeled(pairs) for pairs in filled)


def _labeled(pairs: list[tuple[str, str]]) -> str:
    """Returns `label: value` lines with the values aligned."""
    column = min(max(width(label) for label, _value in pairs) + 2, _LABEL_LIMIT)
    lines = []
    for label, value in pairs:
        head = f"{_flat(label)}: "
        head += " " * (column - width(head))
        indent = " " * column
        if width(head) > column:
            lines.append(_wrapped(head))
            head = indent
        lines.append(_wrapped(value, first=head, indent=indent))
    return "\n".join(lines)


# --- wrapping


def _wrapped(text: str, *, first: str = "", indent: str = "") -> str:
    """Returns the text wrapped to WIDTH columns, with `first` before the first line and `indent`
    before the others. Line breaks are kept. A word that is too long gets its own line, so that
    URLs aren't broken."""
    lines = []
    before = first
    for row in _LINE_BREAKS.split(text):
        for line in _lines(_flat(row), WIDTH - width(indent)):
            lines.append((before + line).rstrip(" "))
            before = indent
    return "\n".join(lines)


def _flat(row: str) -> str:
    return _SPACES.sub(" ", row).strip(" ")


def _lines(row: str, available: int) -> Iterator[str]:
    line, length = "", 0
    for piece, gap in _pieces(row):
        wide = width(piece)
        if line and length + gap + wide > available:
            yield line
            line, length = piece, wide
        else:
            line += " " * (gap if line else 0) + piece
            length += wide + (gap if line else 0)
    yield line


def _pieces(row: str) -> Iterator[tuple[str, int]]:
    """Yields the unbreakable pieces, each with the number of spaces before it: words, and in East
    Asian text single characters."""
    for word in row.split(" "):
        gap = 1
        piece = ""
        for character in word:
            if piece and _may_part(piece[-1], character):
                yield piece, gap
                piece, gap = "", 0
            piece += character
        yield piece, gap


def _may_part(one: str, other: str) -> bool:
    """Returns whether a line can break between two characters of a word."""
    is_wide = "W" in (unicodedata.east_asian_width(one), unicodedata.east_asian_width(other))
    return is_wide and _is_letter(one) and _is_letter(other) and other not in _CLOSING


def _is_letter(character: str) -> bool:
    """Returns whether it's a letter, number, or punctuation: not an emoji or joiner."""
    return unicodedata.category(character)[0] in "LNP"


def width(text: str) -> int:
    """Returns the columns that the text takes: two for wide characters, none for combining and
    invisible ones."""
    return sum(map(_columns, text))


@lru_cache(maxsize=5_000)
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
