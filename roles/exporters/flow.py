"""A document as one stream of paragraphs and tables, in the order in which it is read: what a
word processor holds. It says what `html` says, in the same words and order.

Every paragraph, table and row has a key that stays the same from version to version (uids of
sections and lines), so that two streams can be compared. Callers activate the language.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from roles import wording
from roles.document import Document, Edition, Line, Section
from roles.exporters import blocks, html, labels

Key = tuple[Hashable, ...]
Answers = Mapping[str, str | None]

MARKS_LIMIT = 100  # placeholders marked in one text
_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_SPACES = re.compile(r"[ \t]+")
_AROUND_BREAK = re.compile(r" ?\n ?")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a paragraph: its words and what marks them. A line feed breaks the line."""

    text: str
    mark: str = ""  # "" | open | term | tags
    state: str = "same"  # same | added | removed


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and its part in the document. Entries of one numbered list share `series`."""

    # title | subtitle | heading | group | question | text | lead | bullets | numbers | plain |
    # sub | detail | sub_detail | signature | empty | cell | cell_sub | cell_head | caption
    role: str
    spans: Spans
    key: Key = ()
    series: str = ""
    state: str = "same"
    note: str = ""  # what is said about it beside the text

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: each cell holds paragraphs."""

    cells: tuple[tuple[Paragraph, ...], ...]
    key: Key = ()
    state: str = "same"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head that repeats on every page; facts have no head, there the first cell
    of each row is what the second is called. `shape` tells how wide the columns are."""

    shape: str  # facts | entries | ranges | references
    rows: tuple[Row, ...]
    head: tuple[str, ...] = ()
    key: Key = ()
    state: str = "same"


Block = Paragraph | Table


def of(document: Document, edition: Edition) -> list[Block]:
    """The whole document: title, subtitle, and its sections; empty ones only in drafts."""
    document = blocks.with_few_breaks(document)
    shared = document.answers_for()
    title = spans(document.title or edition.reference, shared)
    found: list[Block] = [Paragraph("title", title, ("title",))]
    subtitle = " · ".join(wording.fill(part, shared) for part in labels.subtitle(document))
    if subtitle:
        found.append(Paragraph("subtitle", spans(subtitle, {}), ("subtitle",)))
    for section in document.sections:
        body = list(_Section(document, section).body())
        if not body and edition.is_draft:
            body = [Paragraph("empty", _plain(gettext("Nothing here yet")), (section.uid, "empty"))]
        if body:
            heading = spans(section.heading, shared)
            found += [Paragraph("heading", heading, (section.uid, "heading")), *body]
    return found


# --- texts


def spans(text: str, answers: Answers, *, after: str = "", mark: str = "") -> Spans:
    """The text cut at its placeholders: answers put in, open ones marked."""
    if text.count("[") > MARKS_LIMIT:
        return _tidy([Span(wording.fill(text, answers, after=after), mark)])
    return _tidy(
        Span(
            " ".join(segment.text.split()) if segment.state == "answered" else segment.text,
            "open" if segment.state == "open" else mark,
        )
        for segment in wording.segments(text, answers, after=after)
    )


def cut(parts: Spans, start: int, stop: int) -> Spans:
    """The stretch of these spans between two offsets."""
    found = []
    position = 0
    for span in parts:
        words = span.text[max(start - position, 0) : max(stop - position, 0)]
        position += len(span.text)
        if words:
            found.append(replace(span, text=words))
    return tuple(found)


def _plain(text: str, mark: str = "") -> Spans:
    return (Span(text, mark),) if text else ()


def _tidy(parts: Iterable[Span]) -> Spans:
    """With neighbours of one mark joined, and spaces as a page shows them: one for many, none
    beside a line break."""
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


def _paragraphs(parts: Spans) -> list[Spans]:
    """Cut at blank lines, as html does."""
    text = "".join(span.text for span in parts)
    found = []
    start = 0
    for stop, following in [*(m.span() for m in _BLANK_LINE.finditer(text)), (len(text), 0)]:
        piece = _stripped(cut(parts, start, stop))
        if piece:
            found.append(piece)
        start = following
    return found


def _stripped(parts: Spans) -> Spans:
    text = "".join(span.text for span in parts)
    start = len(text) - len(text.lstrip())
    return cut(parts, start, len(text.rstrip()))


# --- sections


class _Section:
    """One section's paragraphs and tables."""

    def __init__(self, document: Document, section: Section) -> None:
        self.document, self.section = document, section
        self.with_requirement = blocks.mixes_requirements(section)
        self.shared = document.answers_for()

    def body(self) -> Iterator[Block]:
        before, after = blocks.introduction(self.section)
        yield from self._groups(before)
        yield from self._facts()
        yield from self._pay()
        yield from self._groups(after)

    def _groups(self, lines: tuple[Line, ...]) -> Iterator[Block]:
        for group in blocks.groups(lines, self.section):
            if group.name:
                name = _stripped(spans(group.name, self.document.answers_for(group.first)))
                key = (self.section.uid, "group", group.name)
                yield Paragraph("group", name, key)
            for run in group.runs:
                if run.shape == "table":
                    yield self._entry_table(run)
                    continue
                for line in run.lines:
                    yield from self._line(line, run.shape, is_in_group=bool(group.name))

    def _line(self, line: Line, shape: str, *, is_in_group: bool) -> Iterator[Paragraph]:
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

    def _text(self, line: Line) -> Spans:
        return spans(line.text, self.document.answers_for(line))

    def _detail(self, line: Line) -> list[Spans]:
        answers = self.document.answers_for(line)
        return _paragraphs(spans(line.detail, answers, after=line.text))

    def _tags(self, line: Line) -> Spans:
        tags = " · ".join(labels.line_tags(line, with_requirement=self.with_requirement))
        return _plain(f" ({tags})" if tags else "", "tags")

    def _entry(self, line: Line, role: str, below: str, series: str = "") -> Iterator[Paragraph]:
        text, detail = _stripped(self._text(line)), self._detail(line)
        if self.section.kind == "skills" and detail:
            joint = "" if line.text.rstrip().endswith(html.ENDS_SENTENCE) else ":"
            term = tuple(replace(span, mark=span.mark or "term") for span in text)
            text = (*term, Span(joint, "term"), Span(" "), *detail.pop(0))
        words = tuple(span for span in (*text, *self._tags(line)) if span.text)
        yield Paragraph(role, words, (line.uid, "text"), series)
        for number, part in enumerate(detail):
            yield Paragraph(below, part, (line.uid, "detail", number))

    def _paragraph(self, line: Line) -> Iterator[Paragraph]:
        parts = _paragraphs(self._text(line))
        is_lead = line.text.rstrip().endswith(":")
        for number, part in enumerate(parts):
            is_last = number == len(parts) - 1
            words = (*part, *self._tags(line)) if is_last else part
            yield Paragraph("lead" if is_lead else "text", words, (line.uid, "text", number))
        for number, part in enumerate(self._detail(line)):
            yield Paragraph("text", part, (line.uid, "detail", number))

    def _question(self, line: Line, role: str) -> Iterator[Paragraph]:
        yield Paragraph(role, _stripped(self._text(line)), (line.uid, "text"))
        detail = self._detail(line)
        for number, part in enumerate(detail):
            words = (*part, *self._tags(line)) if number == len(detail) - 1 else part
            yield Paragraph("text", words, (line.uid, "detail", number))

    def _signature(self, line: Line) -> Paragraph:
        words = list(_stripped(self._text(line)))
        for part in self._detail(line):
            words += [Span("\n"), *part]
        return Paragraph("signature", tuple(words), (line.uid, "text"))

    # --- tables

    def _entry_table(self, run: blocks.Run) -> Table:
        head: tuple[str, ...] = html.columns(self.section.kind)
        has_detail = any(line.detail or line.lines for line in run.lines)
        rows = tuple(self._entry_row(line, has_detail=has_detail) for line in run.lines)
        head = head if has_detail else head[:1]
        return Table("entries", rows, head, (self.section.uid, "entries", run.start))

    def _entry_row(self, line: Line, *, has_detail: bool) -> Row:
        words = (*_stripped(self._text(line)), *self._tags(line))
        first = (Paragraph("cell", words, (line.uid, "text")),)
        if not has_detail:
            return Row((first,), (line.uid,))
        below = [
            Paragraph("cell", part, (line.uid, "detail", number))
            for number, part in enumerate(self._detail(line))
        ]
        for sub in line.lines:
            below += self._entry(sub, "cell_sub", "cell")
        return Row((first, tuple(below) or _cell(())), (line.uid,))

    def _facts(self) -> Iterator[Block]:
        rows = []
        for fact, values in html.stated(self.document, self.section):
            label = labels.fact_label(fact)
            key = (self.section.uid, "fact", fact.name)
            shown = [_stripped(spans(value, self.shared)) for value in values]
            if self.section.style == "table":
                value = Paragraph("cell", _joined(shown, "\n"), key)
                rows.append(Row((_cell(_plain(label), "cell_head"), (value,)), key))
            else:
                words = (Span(f"{label}:", "term"), Span(" "), *_joined(shown, "; "))
                yield Paragraph("plain", words, key)
        if rows:
            yield Table("facts", tuple(rows), key=(self.section.uid, "facts"))

    def _pay(self) -> Iterator[Block]:
        heads = {"figure": gettext("Pay range"), "period": gettext("Period")}
        yield from self._pay_table("ranges", html.ranges(self.section), heads)
        heads = {"figure": gettext("Figure"), "source": gettext("Source")}
        found = list(self._pay_table("references", html.references(self.section), heads))
        if found:
            caption = _plain(gettext("Market references"))
            yield Paragraph("caption", caption, (self.section.uid, "caption"))
        yield from found

    def _pay_table(
        self, shape: str, table: Mapping[str, Any], heads: Mapping[str, str]
    ) -> Iterator[Block]:
        if not table:
            return
        common = {
            "role": gettext("Role"),
            "location": gettext("Location"),
            "level": gettext("Level"),
            "years": gettext("Experience"),
        }
        names = {n: head for n, head in {**common, **heads}.items() if n in table["rows"][0]}
        used = [n for n in names if n not in _OPTIONAL or any(r[n] for r in table["rows"])]
        rows = (
            Row(tuple(_cell(_plain(row[n])) for n in used), (*_identity(row, used),))
            for row in table["rows"]
        )
        head = tuple(names[n] for n in used)
        yield Table(shape, tuple(rows), head, (self.section.uid, shape))


_OPTIONAL = ("location", "level", "years")


def _identity(row: Mapping[str, str], used: Iterable[str]) -> Iterator[Hashable]:
    """A pay range has a uid; a market figure is what it says."""
    if "uid" in row:
        yield row["uid"]
    else:
        yield from (row[name] for name in used)


def _cell(words: Spans, role: str = "cell") -> tuple[Paragraph, ...]:
    return (Paragraph(role, words),)


def _joined(values: list[Spans], between: str) -> Spans:
    found: list[Span] = []
    for value in values:
        found += [Span(between), *value] if found else value
    return tuple(found)
