"""A comparison as a Word file with tracked changes: accepting all gives the newer text, rejecting
all the older one. Comments describe other changes (moves, requirements); a summary is at the top.

Both documents are flows (`flow`). Paragraphs and rows are matched by key, and their words compared
as in `roles.comparison`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.utils.translation import gettext, override

from roles import comparison
from roles.comparison import Comparison, matching
from roles.editions import Edition
from roles.exporters import change_messages, change_notes, flow, footer, spans
from roles.exporters.docx import word_document
from roles.exporters.flow import Block, FlowParagraph, FlowRow, FlowTable
from roles.exporters.spans import Span, Spans

Thing = TypeVar("Thing", Block, FlowRow)


@dataclass(frozen=True, slots=True)
class _Notes:
    """Comments on paragraphs by key: at their new and at their old places."""

    here: dict[flow.Key, list[str]] = field(default_factory=dict)
    gone: dict[flow.Key, list[str]] = field(default_factory=dict)

    def about(self, paragraph: FlowParagraph, *, is_gone: bool) -> str:
        key = paragraph.key
        if key[1:] == ("text", 0):  # the first paragraph of a line gets its comment
            key = key[:2]
        return " · ".join((self.gone if is_gone else self.here).get(key, ()))


def render(found: Comparison, old: Edition, new: Edition) -> bytes:
    """Returns the redline as a Word file."""
    with override(found.new.language):
        sides = [_without_empty(side, new) for side in (old, new)]
        earlier = flow.of(found.old, sides[0])
        later = flow.of(found.new, sides[1])
        blocks = [*_summary(found, old, new), *_merged(earlier, later, _notes(found))]
        states = f"{footer.edition_state(old)} → {footer.edition_state(new)}"
        title = f"{found.new.title or new.reference}: {states}"
        foot = change_messages.compared(old, new)
        return word_document.write(blocks, found.new, new, title=title, foot=foot)


def _without_empty(side: Edition, new: Edition) -> Edition:
    """Returns the edition as a version, because only drafts show empty sections."""
    return replace(side, number=side.number or 0, reference=new.reference)


# --- summary and comments


def _summary(found: Comparison, old: Edition, new: Edition) -> Iterator[FlowParagraph]:
    sides = {"old": footer.edition_line(old), "new": footer.edition_line(new)}
    changed = gettext("Changes from %(old)s to %(new)s") % sides
    yield FlowParagraph("summary", (Span(changed, "term"),))
    sentences = change_messages.sentences(found)
    for sentence in sentences or [gettext("No changes. The text is the same.")]:
        yield FlowParagraph("summary", (Span(sentence),))
    about = gettext(
        "This box and the comments aren’t part of the text. Delete them when you’re done."
    )
    yield FlowParagraph("summary", (Span(about, "tags"),))


def _notes(found: Comparison) -> _Notes:
    """Returns the comments on sections, lines, and facts."""
    notes = _Notes()
    for section in found.sections:
        if section.state != "left":
            notes.here[section.uid, "heading"] = change_notes.section_notes(section)
        for line in section.every_line():
            if line.state == "left" and line.move:
                notes.gone[line.uid, "text"] = [change_notes.moved_to(line.move)]
            elif line.state != "left":
                notes.here[line.uid, "text"] = change_notes.line_notes(line)
        for shown in section.facts:
            if shown.fact and shown.fact.changes:
                key = (section.uid, "fact", shown.name)
                notes.here[key] = change_notes.fact_notes(shown.fact.old, shown.fact.new)
    return notes


# --- two flows as one


def _merged(old: Sequence[Block], new: Sequence[Block], notes: _Notes) -> Iterator[Block]:
    """Returns both flows merged: common blocks with compared words, added, and removed blocks."""
    for earlier, later in _pairs(old, new):
        if (
            isinstance(earlier, FlowParagraph)
            and isinstance(later, FlowParagraph)
            and _is_alike(earlier, later)
        ):
            yield replace(
                later,
                spans=_compared(earlier.spans, later.spans),
                note=notes.about(later, is_gone=False),
            )
        elif (
            isinstance(earlier, FlowTable)
            and isinstance(later, FlowTable)
            and _has_same_columns(earlier, later)
        ):
            yield replace(later, rows=tuple(_rows(earlier, later, notes)))
        else:
            if earlier:
                yield _whole(earlier, "removed", notes)
            if later:
                yield _whole(later, "added", notes)


def _pairs(
    old: Sequence[Thing], new: Sequence[Thing]
) -> Iterator[tuple[Thing | None, Thing | None]]:
    """Yields pairs of old and new in reading order. Moved items are alone at both places."""
    earlier, later = (matching.keyed(side, lambda thing: thing.key) for side in (old, new))
    stable = matching.unmoved(list(earlier), list(later))
    for key, is_new in matching.merged(list(earlier), list(later), stable):
        if key in stable:
            yield earlier[key], later[key]
        elif is_new:
            yield None, later[key]
        else:
            yield earlier[key], None


def _is_alike(earlier: FlowParagraph, later: FlowParagraph) -> bool:
    return (earlier.role, earlier.series) == (later.role, later.series)


def _has_same_columns(earlier: FlowTable, later: FlowTable) -> bool:
    return (earlier.shape, earlier.head) == (later.shape, later.head)


def _compared(old: Spans, new: Spans) -> Spans:
    """Returns the words of both, each with the mark that it has in its own text."""
    found: list[Span] = []
    before = behind = 0  # offsets in the old and the new text
    texts = ("".join(span.text for span in side) for side in (old, new))
    styles = ([span.style for span in side for _ in span.text] for side in (old, new))
    for piece in comparison.restyled(comparison.pieces(*texts), *styles):
        length = len(piece.text)
        if piece.state == "removed":
            words = spans.cut(old, before, before + length)
        else:
            words = spans.cut(new, behind, behind + length)
        found += [replace(span, state=piece.state) for span in words]
        before += length if piece.state != "added" else 0
        behind += length if piece.state != "removed" else 0
    return tuple(found)


def _rows(old: FlowTable, new: FlowTable, notes: _Notes) -> Iterator[FlowRow]:
    for earlier, later in _pairs(old.rows, new.rows):
        if earlier and later:
            cells = zip(earlier.cells, later.cells, strict=True)
            yield replace(later, cells=tuple(_cell(*pair, notes) for pair in cells))
        elif earlier:
            yield _whole_row(earlier, "removed", notes)
        elif later:
            yield _whole_row(later, "added", notes)


def _cell(
    old: tuple[FlowParagraph, ...], new: tuple[FlowParagraph, ...], notes: _Notes
) -> tuple[FlowParagraph, ...]:
    merged = _merged(old, new, notes)
    return tuple(block for block in merged if isinstance(block, FlowParagraph))


def _whole(block: Block, state: str, notes: _Notes) -> Block:
    if isinstance(block, FlowParagraph):
        return _whole_paragraph(block, state, notes)
    rows = tuple(_whole_row(row, state, notes) for row in block.rows)
    return replace(block, rows=rows, state=state)


def _whole_row(row: FlowRow, state: str, notes: _Notes) -> FlowRow:
    cells = tuple(
        tuple(_whole_paragraph(paragraph, state, notes) for paragraph in cell) for cell in row.cells
    )
    return replace(row, cells=cells, state=state)


def _whole_paragraph(paragraph: FlowParagraph, state: str, notes: _Notes) -> FlowParagraph:
    spans = tuple(replace(span, state=state) for span in paragraph.spans)
    note = notes.about(paragraph, is_gone=state == "removed")
    return replace(paragraph, spans=spans, state=state, note=note)
