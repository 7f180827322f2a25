"""A document as a stream of paragraphs and tables in reading order, as in a word processor. The
text and order are the same as in `html`.

Every paragraph, table and row has a key that stays the same from version to version (uids of
sections and lines), so that two streams can be compared. Callers activate the language.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from roles.document import Document, DocumentLine, DocumentSection
from roles.editions import Edition
from roles.exporters import (
    apply_link,
    blocks,
    demand_table,
    fact_labels,
    grids,
    html,
    reading_order,
    spans,
)
from roles.exporters.spans import Spans

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class FlowParagraph:
    """A paragraph and its role in the document. Entries of one numbered list share `series`."""

    # title | subtitle | heading | group | question | text | lead | bullets | numbers | plain |
    # sub | detail | sub_detail | signature | empty | cell | cell_sub | cell_head | caption
    role: str
    spans: Spans
    key: Key = ()
    series: str = ""
    state: str = "same"
    note: str = ""  # comments on it

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A row of a table: each cell has paragraphs."""

    cells: tuple[tuple[FlowParagraph, ...], ...]
    key: Key = ()
    state: str = "same"


@dataclass(frozen=True, slots=True)
class FlowTable:
    """Rows below a head that repeats on every page. Facts have no head: the first cell of each row
    is the label of the second. `shape` determines the column widths."""

    shape: str  # facts | entries | grid | demands | ranges | references
    rows: tuple[FlowRow, ...]
    head: tuple[str, ...] = ()
    key: Key = ()
    state: str = "same"


Block = FlowParagraph | FlowTable


def of(document: Document, edition: Edition) -> list[Block]:
    """Returns the whole document: title, subtitle, and sections; empty ones only in drafts."""
    document = apply_link.with_default(blocks.with_few_breaks(document), edition)
    shared = document.answers_for()
    title = spans.marked(document.title or edition.reference, shared)
    found: list[Block] = [FlowParagraph("title", title, ("title",))]
    subtitle = spans.joined(
        (spans.marked(p, shared) for p in fact_labels.subtitle(document)), " · "
    )
    if subtitle:
        found.append(FlowParagraph("subtitle", subtitle, ("subtitle",)))
    for section in document.sections:
        body = list(_Section(document, section).body())
        if not body and edition.is_draft:
            body = [
                FlowParagraph(
                    "empty", spans.plain(gettext("No content yet")), (section.uid, "empty")
                )
            ]
        if body:
            said = fact_labels.list_tags(blocks.list_marks(section).section, section.heading)
            heading = (*spans.marked(section.heading, shared), *_tags(said))
            head = FlowParagraph("heading", heading, (section.uid, "heading"))
            found += [head, *body] if section.has_heading else body
    return found


# --- sections


class _Section:
    """One section's paragraphs and tables."""

    def __init__(self, document: Document, section: DocumentSection) -> None:
        self.document, self.section = document, section
        self.marks = blocks.list_marks(section)
        self.shared = document.answers_for()

    def body(self) -> Iterator[Block]:
        before, after = blocks.introduction(self.section)
        yield from self._groups(before)
        yield from self._facts()
        yield from self._pay()
        yield from self._groups(after)

    def _groups(self, lines: tuple[DocumentLine, ...]) -> Iterator[Block]:
        for group in blocks.groups(lines, self.section):
            if group.name:
                name = spans.stripped(
                    spans.marked(group.name, self.document.answers_for(group.first))
                )
                said = fact_labels.list_tags(self.marks.groups[group.name], group.name)
                key = (self.section.uid, "group", group.name)
                yield FlowParagraph("group", (*name, *_tags(said)), key)
            for run in group.runs:
                if run.shape == "table":
                    yield self._entry_table(run)
                elif run.shape == blocks.DEMANDS:
                    yield self._demands(run)
                elif run.shape == "grid" and (head := grids.head(self.section)):
                    yield self._grid(head, run)
                else:
                    for line in run.lines:
                        yield from self._line(line, run.shape, is_in_group=bool(group.name))

    def _line(
        self, line: DocumentLine, shape: str, *, is_in_group: bool
    ) -> Iterator[FlowParagraph]:
        if shape == "paragraphs":
            yield from self._paragraph(line)
        elif shape == "questions":
            yield from self._question(line, "question" if is_in_group else "group")
        elif shape == "signatures":
            yield self._signature(line)
            return
        else:
            series = self.section.uid if shape == "numbers" else ""
            below = "plain" if shape == "plain" else "detail"
            yield from self._entry(line, shape, below, series)
        for sub in line.lines:
            yield from self._entry(sub, "sub", "sub_detail")

    def _text(self, line: DocumentLine) -> Spans:
        text = spans.marked(line.text, self.document.answers_for(line))
        return spans.with_links(spans.formatted(text) if line.is_paragraph else text)

    def _detail(self, line: DocumentLine) -> list[Spans]:
        marked = spans.marked(line.detail, self.document.answers_for(line), after=line.text)
        return spans.paragraphs(spans.with_links(marked))

    def _tags(self, line: DocumentLine) -> Spans:
        return _tags(fact_labels.line_tags(line, self.marks.of_line(line)))

    def _entry(
        self, line: DocumentLine, role: str, below: str, series: str = ""
    ) -> Iterator[FlowParagraph]:
        text, detail = spans.stripped(self._text(line)), self._detail(line)
        if self.section.kind == "skills" and detail:
            term = tuple(replace(span, mark=span.mark or "term") for span in text)
            joint = spans.Span(blocks.joint(line.text), "term")
            text = (*term, joint, spans.Span(" "), *detail.pop(0))
        words = tuple(span for span in (*text, *self._tags(line)) if span.text)
        yield FlowParagraph(role, words, (line.uid, "text"), series)
        for number, part in enumerate(detail):
            yield FlowParagraph(below, part, (line.uid, "detail", number))

    def _paragraph(self, line: DocumentLine) -> Iterator[FlowParagraph]:
        parts = spans.paragraphs(self._text(line))
        is_lead = line.plain_text.rstrip().endswith(":")
        for number, part in enumerate(parts):
            is_last = number == len(parts) - 1
            words = (*part, *self._tags(line)) if is_last else part
            yield FlowParagraph("lead" if is_lead else "text", words, (line.uid, "text", number))
        for number, part in enumerate(self._detail(line)):
            yield FlowParagraph("text", part, (line.uid, "detail", number))

    def _question(self, line: DocumentLine, role: str) -> Iterator[FlowParagraph]:
        yield FlowParagraph(role, spans.stripped(self._text(line)), (line.uid, "text"))
        detail = self._detail(line)
        for number, part in enumerate(detail):
            words = (*part, *self._tags(line)) if number == len(detail) - 1 else part
            yield FlowParagraph("text", words, (line.uid, "detail", number))

    def _signature(self, line: DocumentLine) -> FlowParagraph:
        words = list(spans.stripped(self._text(line)))
        for part in self._detail(line):
            words += [spans.Span("\n"), *part]
        return FlowParagraph("signature", tuple(words), (line.uid, "text"))

    # --- tables

    def _entry_table(self, run: blocks.LineRun) -> FlowTable:
        head: tuple[str, ...] = html.columns(self.section.kind)
        has_detail = any(line.detail or line.lines for line in run.lines)
        rows = tuple(self._entry_row(line, has_detail=has_detail) for line in run.lines)
        head = head if has_detail else head[:1]
        return FlowTable("entries", rows, head, (self.section.uid, "entries", run.start))

    def _entry_row(self, line: DocumentLine, *, has_detail: bool) -> FlowRow:
        first, below = self._first_cell(line), self._cell_below(line)
        return FlowRow((first, below or _cell(())) if has_detail else (first,), (line.uid,))

    def _first_cell(self, line: DocumentLine) -> tuple[FlowParagraph, ...]:
        words = (*spans.stripped(self._text(line)), *self._tags(line))
        return (FlowParagraph("cell", words, (line.uid, "text")),)

    def _cell_below(self, line: DocumentLine) -> tuple[FlowParagraph, ...]:
        """Returns the detail and the sub-lines of a row."""
        below = [
            FlowParagraph("cell", part, (line.uid, "detail", number))
            for number, part in enumerate(self._detail(line))
        ]
        for sub in line.lines:
            below += self._entry(sub, "cell_sub", "cell")
        return tuple(below)

    def _demands(self, run: blocks.LineRun) -> FlowTable:
        head, others = demand_table.columns(run.lines)
        rows = []
        for line, cells in zip(map(demand_table.what, run.lines), others, strict=True):
            first = (*self._first_cell(line), *self._cell_below(line))
            rows.append(FlowRow((first, *(_cell(spans.plain(c)) for c in cells)), (line.uid,)))
        key = (self.section.uid, blocks.DEMANDS, run.start)
        return FlowTable(blocks.DEMANDS, tuple(rows), head, key)

    def _grid(self, head: DocumentLine, run: blocks.LineRun) -> FlowTable:
        below = [line for line in run.lines if line is not head]
        columns, *rows = grids.padded([self._cells(line) for line in (head, *below)], _cell(()))
        titles = tuple(" ".join(part.text for part in cell) for cell in columns)
        found = tuple(FlowRow(cells, (line.uid,)) for line, cells in zip(below, rows, strict=True))
        return FlowTable("grid", found, titles, (self.section.uid, "grid", run.start))

    def _cells(self, line: DocumentLine) -> list[tuple[FlowParagraph, ...]]:
        detail = tuple(
            FlowParagraph("cell", part, (line.uid, "detail", number))
            for number, part in enumerate(self._detail(line))
        )
        subs = (tuple(self._entry(sub, "cell", "cell")) for sub in line.lines)
        return [self._first_cell(line), detail or _cell(()), *subs]

    def _facts(self) -> Iterator[Block]:
        rows = []
        for fact, values in html.stated(self.document, self.section):
            label = fact_labels.fact_label(fact)
            key = (self.section.uid, "fact", fact.name)
            shown = [
                spans.with_links(spans.stripped(spans.marked(value, self.shared)))
                for value in values
            ]
            if self.section.style == "table":
                value = FlowParagraph("cell", spans.joined(shown, "\n"), key)
                rows.append(FlowRow((_cell(spans.plain(label), "cell_head"), (value,)), key))
            else:
                words = (
                    spans.Span(f"{label}:", "term"),
                    spans.Span(" "),
                    *spans.joined(shown, "; "),
                )
                yield FlowParagraph("plain", words, key)
        if rows:
            yield FlowTable("facts", tuple(rows), key=(self.section.uid, "facts"))

    def _pay(self) -> Iterator[Block]:
        uids: list[Hashable] = [pay.uid for pay in self.section.pay_ranges]
        for table in reading_order.ranges(self.section):
            yield self._pay_table("ranges", table, uids)
        for table in reading_order.references(self.section):
            caption = spans.plain(table.caption)
            yield FlowParagraph("caption", caption, (self.section.uid, "caption"))
            yield self._pay_table("references", table, table.rows)  # each is a label

    def _pay_table(
        self, shape: str, table: reading_order.ReadingTable, identities: Sequence[Hashable]
    ) -> FlowTable:
        rows = (
            FlowRow(tuple(_cell(spans.with_links(spans.plain(cell))) for cell in row), (identity,))
            for row, identity in zip(table.rows, identities, strict=True)
        )
        return FlowTable(shape, tuple(rows), table.columns, (self.section.uid, shape))


def _tags(tags: list[str]) -> Spans:
    return spans.plain(f" ({' · '.join(tags)})" if tags else "", "tags")


def _cell(words: Spans, role: str = "cell") -> tuple[FlowParagraph, ...]:
    return (FlowParagraph(role, words),)
