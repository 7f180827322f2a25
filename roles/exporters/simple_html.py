"""A document as simple HTML for job postings: only p, ul, and li."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.html import escape

from roles.document import Document
from roles.editions import Edition
from roles.exporters import blocks, reading_order

# Sections that a job posting doesn't include: signatures are for the employee.
_LEFT_OUT = {"acknowledgment"}


def page(document: Document, edition: Edition) -> str:
    """Returns the document as HTML; empty if it has no text."""
    shown = reading_order.read(document, edition)
    pieces = []
    for part in shown.parts:
        blocks = [piece for block in part.blocks for piece in _block(block)]
        if blocks and part.kind not in _LEFT_OUT:
            pieces += [*([_p(part.heading)] if part.heading else []), *blocks]
    return "".join(pieces)


def _block(block: reading_order.Block) -> Iterator[str]:
    if isinstance(block, reading_order.ReadingName):
        yield _p(block.text)
    elif isinstance(block, reading_order.ReadingTable):
        yield from ([_p(block.caption)] if block.caption else [])
        rows = [_row(block, row) for row in block.rows]
        yield _ul(rows) if rows else _p("; ".join(block.columns))
    elif block.shape in ("paragraphs", "questions"):
        for entry in block.entries:
            *first, last = (*entry.paragraphs, *entry.detail) or ("",)
            yield from map(_p, (*first, reading_order.tagged(last, entry.tags)))
            if entry.entries:
                yield _ul(map(_li, entry.entries))
    else:
        yield _ul(map(_li, block.entries))


def _row(table: reading_order.ReadingTable, row: tuple[str, ...]) -> str:
    """Returns a row of a table as an entry: facts with labels, others with column names."""
    if not table.columns:
        return escape(flat(f"{row[0]}: {row[1]}"))
    if len(row) == 1:
        return escape(flat(row[0]))
    pairs = zip(table.columns, row, strict=True)
    return escape("; ".join(flat(f"{name}: {cell}") for name, cell in pairs if cell))


def _li(entry: reading_order.ReadingEntry) -> str:
    joint = blocks.joint(entry.text) if entry.is_term else ""
    words = flat(f"{entry.text}{joint} {' '.join(entry.detail)}")
    below = _ul(map(_li, entry.entries)) if entry.entries else ""
    return escape(reading_order.tagged(words, entry.tags)) + below


def _p(text: str) -> str:
    return f"<p>{escape(flat(text))}</p>"


def _ul(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def flat(text: str) -> str:
    """Returns the text on one line."""
    return " ".join(text.split())
