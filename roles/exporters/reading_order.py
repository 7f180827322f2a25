"""A document in reading order as plain text, for text formats.

The text and order are the same as in `html`. Each format does its own escaping. Callers don't
need to activate a language: the document's is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext, override

from roles import folding, placeholders, text_formatting
from roles.document import Document, DocumentLine, DocumentSection
from roles.editions import Edition
from roles.exporters import (
    apply_link,
    blocks,
    demand_table,
    fact_labels,
    footer,
    grids,
    html,
    pay_tables,
)


@dataclass(frozen=True, slots=True)
class ReadingEntry:
    """A line: its paragraphs, tags, and sub-lines. `is_term`: the text is a term, the detail its
    explanation. `is_formatted`: the paragraphs have marks of formatting (text_formatting)."""

    paragraphs: tuple[str, ...]
    detail: tuple[str, ...] = ()
    tags: str = ""
    is_term: bool = False
    is_formatted: bool = False
    entries: tuple[ReadingEntry, ...] = ()

    @property
    def text(self) -> str:
        """Returns the paragraphs joined by line feeds."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class ReadingName:
    """The heading of a group within a section."""

    text: str


@dataclass(frozen=True, slots=True)
class ReadingLines:
    """Consecutive lines of one shape (see blocks.LineRun). `start` is the number of the first."""

    shape: str
    entries: tuple[ReadingEntry, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class ReadingTable:
    """Rows of cells with column names. Without names, the first cell of a row is the label of the
    second (facts)."""

    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...] = ()
    caption: str = ""
    as_list: bool = False  # facts that the section shows as a list


Block = ReadingName | ReadingLines | ReadingTable


@dataclass(frozen=True, slots=True)
class ReadingSection:
    """A section: its heading, if it's printed, and its blocks, if any."""

    kind: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole document with its edition."""

    title: str
    organization: str
    subtitle: str
    parts: tuple[ReadingSection, ...]
    edition_line: str
    nothing: str  # text of empty sections in drafts


def read(document: Document, edition: Edition, *, is_formatted: bool = False) -> Reading:
    """Returns the document in reading order, in its own language. Empty sections are included only
    in drafts. With `is_formatted`, paragraphs keep the marks of their formatting; otherwise they
    are plain, with the addresses of links in parentheses."""
    with override(document.language):
        document = apply_link.with_default(blocks.with_few_breaks(document), edition)
        shared = answers(document)
        parts = (_part(document, section, is_formatted) for section in document.sections)
        words = [placeholders.fill(part, shared) for part in fact_labels.subtitle(document)]
        return Reading(
            title=placeholders.fill(document.title, shared) or edition.reference,
            organization=edition.brand.name,
            subtitle=" · ".join(words),
            parts=tuple(part for part in parts if part.blocks or edition.is_draft),
            edition_line=footer.edition_line(edition),
            nothing=gettext("No content yet"),
        )


def answers(document: Document, line: DocumentLine | None = None) -> dict[str, str | None]:
    """Returns the printed text by placeholder key, on one line, for a line or outside lines."""
    known = document.answers_for(line)
    return {key: value and " ".join(value.split()) for key, value in known.items()}


def _part(document: Document, section: DocumentSection, is_formatted: bool) -> ReadingSection:
    before, after = blocks.introduction(section)
    found = [
        *_blocks(document, section, before, is_formatted),
        *_facts(document, section),
        *ranges(section),
        *references(section),
        *_blocks(document, section, after, is_formatted),
    ]
    heading = placeholders.fill(section.heading, answers(document))
    marks = blocks.list_marks(section).section
    heading = tagged(heading, " · ".join(fact_labels.list_tags(marks, section.heading)))
    return ReadingSection(section.kind, heading if section.has_heading else "", tuple(found))


def _blocks(
    document: Document,
    section: DocumentSection,
    lines: tuple[DocumentLine, ...],
    is_formatted: bool,
) -> Iterator[Block]:
    show = shower(document, section, is_formatted=is_formatted)
    marks = blocks.list_marks(section)
    for group in blocks.groups(lines, section):
        if group.name:
            name = placeholders.fill(group.name, answers(document, group.first))
            said = fact_labels.list_tags(marks.groups[group.name], group.name)
            yield ReadingName(tagged(name, " · ".join(said)))
        for run in group.runs:
            entries = tuple(show(line) for line in run.lines)
            if run.shape == blocks.DEMANDS:
                yield _demands(run.lines, show)
            elif run.shape == "table":
                yield _entry_table(section.kind, entries)
            elif run.shape == "grid" and (head := grids.head(section)):
                below = [show(line) for line in run.lines if line is not head]
                yield _grid(show(head), below)
            else:
                yield ReadingLines(run.shape, entries, run.start)


def shower(
    document: Document, section: DocumentSection, *, is_formatted: bool = False
) -> Callable[[DocumentLine], ReadingEntry]:
    """Returns a function that turns a line of this section into an entry. For `is_formatted`, see
    `read`."""
    marks = blocks.list_marks(section)
    is_terms = section.kind == "skills"

    def show(line: DocumentLine) -> ReadingEntry:
        known = answers(document, line)
        detail = paragraphs(placeholders.fill(line.detail, known, after=line.text))
        text = placeholders.fill(line.text, known)
        if line.is_paragraph and not is_formatted:
            text = text_formatting.plain(text)
        return ReadingEntry(
            paragraphs=paragraphs(text),
            detail=detail,
            tags=" · ".join(fact_labels.line_tags(line, marks.of_line(line))),
            is_term=is_terms and line.form == "entry" and bool(detail),
            is_formatted=line.is_paragraph and is_formatted,
            entries=tuple(map(show_sub, line.lines)),
        )

    # Sub-lines are in items and cells, which no format reads marks of.
    show_sub = shower(document, section) if is_formatted else show
    return show


def paragraphs(text: str) -> tuple[str, ...]:
    """Returns the text split at blank lines, as in `html`."""
    return tuple(text[start:end].strip() for start, end in folding.paragraph_offsets(text))


def _entry_table(kind: str, entries: tuple[ReadingEntry, ...]) -> ReadingTable:
    columns = html.columns(kind)
    rows = tuple((tagged(entry.text, entry.tags), _below(entry)) for entry in entries)
    if any(below for _text, below in rows):
        return ReadingTable(rows, columns)
    return ReadingTable(tuple((text,) for text, _below in rows), columns[:1])


def _grid(head: ReadingEntry, below: list[ReadingEntry]) -> ReadingTable:
    columns, *rows = grids.padded([_cells(entry) for entry in (head, *below)], "")
    return ReadingTable(tuple(rows), columns)


def _demands(
    lines: tuple[DocumentLine, ...], show: Callable[[DocumentLine], ReadingEntry]
) -> ReadingTable:
    head, cells = demand_table.columns(lines)
    entries = [show(demand_table.what(line)) for line in lines]
    first = ("\n".join(filter(None, (tagged(e.text, e.tags), _below(e)))) for e in entries)
    return ReadingTable(tuple((f, *row) for f, row in zip(first, cells, strict=True)), head)


def _cells(entry: ReadingEntry) -> list[str]:
    subs = ("\n".join((sub.text, *sub.detail)) for sub in entry.entries)
    return [tagged(entry.text, entry.tags), "\n".join(entry.detail), *subs]


def tagged(text: str, tags: str) -> str:
    """Returns the text with its tags in brackets."""
    return f"{text} ({tags})" if tags else text


def _below(entry: ReadingEntry) -> str:
    """Returns the detail and the sub-lines of a row, each on its own line."""
    subs = ("– " + tagged(" ".join((sub.text, *sub.detail)), sub.tags) for sub in entry.entries)
    return "\n".join((*entry.detail, *subs))


def _facts(document: Document, section: DocumentSection) -> Iterator[ReadingTable]:
    shared = answers(document)
    rows = tuple(
        (
            fact_labels.fact_label(fact),
            "\n".join(placeholders.fill(value, shared) for value in values),
        )
        for fact, values in html.stated(document, section)
    )
    if rows:
        yield ReadingTable(rows, as_list=section.style != "table")


def ranges(section: DocumentSection) -> Iterator[ReadingTable]:
    """Yields the table of pay ranges, if there is one."""
    columns = {
        "location": gettext("Location"),
        "level": gettext("Level"),
        "years": gettext("Experience"),
        "figure": gettext("Pay range"),
        "period": gettext("Period"),
    }
    table = pay_tables.ranges(section)
    if table:
        yield _pay_table(table["rows"], columns)


def references(section: DocumentSection) -> Iterator[ReadingTable]:
    """Yields the table of market figures, if there is one."""
    columns = {
        "role": gettext("Role"),
        "location": gettext("Location"),
        "level": gettext("Level"),
        "years": gettext("Experience"),
        "figure": gettext("Figure"),
        "source": gettext("Source"),
    }
    table = pay_tables.references(section)
    if table:
        shown = {n: column for n, column in columns.items() if table.get(f"has_{n}", True)}
        caption = gettext("Market references")
        if table["shared"]:
            caption = f"{caption}: {', '.join(table['shared'])}"
        if table["source"]:
            caption = f"{caption}. {gettext('Source')}: {table['source']}"
        yield replace(_pay_table(table["rows"], shown), caption=caption)


def _pay_table(rows: list[dict[str, str]], columns: dict[str, str]) -> ReadingTable:
    """Returns the table with only the columns in use."""
    used = [name for name in columns if any(row[name] for row in rows)]
    cells = tuple(tuple(row[name] for name in used) for row in rows)
    return ReadingTable(cells, tuple(columns[name] for name in used))
