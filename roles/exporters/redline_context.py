"""A comparison as the context of the redline's template: sections, lines, facts, and pay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from roles import comparison
from roles.comparison import Comparison, LineNode, Pieces, SectionNode, ShownFact
from roles.document import DocumentLine, Fact
from roles.editions import Edition
from roles.exporters import (
    blocks,
    change_messages,
    change_notes,
    demand_table,
    fact_labels,
    footer,
    grids,
    html,
    inline_html,
    localized,
    pay_tables,
)
from roles.exporters.change_marks import TAGS, marked
from roles.exporters.html import ShownLine


@dataclass(frozen=True, slots=True)
class _Folded:
    """Consecutive lines of one group that are the same in both documents."""

    count: int
    group: Pieces


@dataclass(frozen=True)
class RedlineContext:
    found: Comparison
    only_changed: bool

    @cached_property
    def _is_flat(self) -> bool:
        """Returns whether line breaks become spaces (see blocks.BREAKS_LIMIT)."""
        sides = (self.found.old, self.found.new)
        return any(blocks.with_few_breaks(side) is not side for side in sides)

    def context(self, old: Edition, new: Edition, logo_url: str) -> dict[str, Any]:
        found = self.found
        subtitle = [" · ".join(fact_labels.subtitle(side)) for side in (found.old, found.new)]
        return {
            "document": found.new,
            "direction": localized.direction(found.new.language),
            "edition": new,
            "edition_line": change_messages.compared(old, new),
            "plain_title": found.new.title or new.reference,
            "sides": [footer.edition_line(old), footer.edition_line(new)],
            "logo_url": logo_url,
            "title": self.marked(found.title or comparison.pieces("", new.reference)),
            "subtitle": [self.marked(comparison.pieces(*subtitle))] if any(subtitle) else [],
            "summary": change_messages.sentences(found),
            "sections": list(self._sections()),
        }

    # --- texts

    def marked(self, pieces: Pieces, *, with_links: bool = False) -> SafeString:
        return marked(pieces, is_flat=self._is_flat, with_links=with_links)

    def _paragraphs(self, pieces: Pieces) -> tuple[SafeString, ...]:
        if self._is_flat:
            return (self.marked(pieces, with_links=True),) if pieces else ()
        parts = comparison.paragraphs(pieces)
        return tuple(self.marked(part, with_links=True) for part in parts)

    def cell(self, state: str, old: str, new: str, joint: str = "") -> SafeString:
        """Returns a short text, marked as a whole if it changed."""
        if state == "removed" or not new:
            return self.marked(_whole(old, "removed"))
        if state == "added" or not old:
            return self.marked(_whole(new, "added"))
        if old == new:
            return escape(new)
        gone, come = (self.marked(_whole(old, "removed")), self.marked(_whole(new, "added")))
        return SafeString(f"{gone}{joint}{come}")

    # --- sections

    def _sections(self) -> Iterator[dict[str, Any]]:
        shown = [node for node in self.found.sections if node.state != "left"]
        for is_folded, nodes in groupby(shown, lambda n: self.only_changed and n.is_plain):
            if is_folded:
                names = ", ".join(node.any.heading for node in nodes)
                yield {"folded": gettext("Unchanged: %s") % names}
            else:
                for node in nodes:
                    section = self.section_context(node)
                    if not section["is_empty"] or node.state != "kept":
                        yield section

    def section_context(self, node: SectionNode) -> dict[str, Any]:
        lines = _Lines(self, node)
        groups = [lines.groups(part) for part in blocks.introduction(lines.section)]
        said = fact_labels.list_tags(lines.marks.section, node.any.heading)
        tables = {
            "facts": list(self.facts_context(node.facts)),
            "ranges": pay_tables.pay_table(list(self._ranges(node))),
            "references": pay_tables.figure_table(list(self._references(node))),
        }
        return tables | {
            "uid": node.uid,
            "kind": node.any.kind,
            "has_heading": node.any.has_heading,
            "heading": self.marked(node.heading) + inline_html.tags_html(said),
            "notes": change_notes.section_notes(node),
            "as_table": node.any.style == "table",
            "before": groups[0],
            "groups": groups[1],
            "is_empty": not any((*groups, *tables.values())),
        }

    def line(self, node: LineNode, marks: blocks.ListMarks) -> ShownLine:
        """Returns a line for the template."""
        text = node.any.plain_text.rstrip()
        return ShownLine(
            uid=node.uid,
            text=self.marked(node.text, with_links=True),
            paragraphs=self._paragraphs(node.text),
            detail=self._paragraphs(node.detail),
            is_lead=text.endswith(":"),
            joint=blocks.joint(text),
            tags=inline_html.tags_html(change_notes.line_tags(node, marks)),
            lines=tuple(self.line(sub, marks) for sub in node.lines if sub.state != "left"),
        )

    def folded(self, uid: str, count: int) -> ShownLine:
        """Returns the replacement for lines that are left out."""
        words = ngettext("%d unchanged line", "%d unchanged lines", count) % count
        text = SafeString(f'<span class="jd-folded">{escape(words)}</span>')
        return ShownLine(uid, text, (text,), (), False, "", SafeString(""), ())

    # --- facts and pay

    def facts_context(self, nodes: Iterable[ShownFact]) -> Iterator[dict[str, Any]]:
        for node in nodes:
            fact = node.fact
            if fact is None:
                continue
            old, new = (_read(node.row, side) for side in (fact.old, fact.new))
            values = list(self._values(node.row, old[1], new[1]))
            if values:
                notes = [gettext("moved")] if node.state == "moved" else []
                notes += change_notes.fact_notes(fact.old, fact.new) if fact.changes else []
                label = self.cell(node.row, old[0], new[0])
                tail = escape(f" ({' · '.join(notes)})") if notes else ""
                noted = SafeString(f'{values[-1]}<span class="jd-tags">{tail}</span>')
                last = noted if notes else values[-1]
                yield {"name": fact.name, "label": label, "values": [*values[:-1], last]}

    def _values(self, state: str, old: list[str], new: list[str]) -> Iterator[SafeString]:
        """Returns one value with its changed words marked, or several marked as wholes."""
        if len(old) == len(new) == 1 and state not in TAGS:
            yield self.marked(comparison.pieces(old[0], new[0]), with_links=True)
            return
        if state != "removed":
            for value in new:
                is_same = value in old and state != "added"
                piece = comparison.Piece(value, "same" if is_same else "added")
                yield self.marked((piece,), with_links=True)
        if state != "added":
            for value in old:
                if value not in new or state == "removed":
                    yield self.marked(_whole(value, "removed"))

    def _ranges(self, node: SectionNode) -> Iterator[dict[str, Any]]:
        for pay in node.pay_ranges:
            old, new = (pay_tables.range_cells(side) if side else {} for side in (pay.old, pay.new))
            yield self._row(pay.state, old, new) | {"uid": pay.any.uid}

    def _references(self, node: SectionNode) -> Iterator[dict[str, Any]]:
        for row in node.pay_references:
            cells = pay_tables.reference_cells(row.reference)
            yield self._row(row.state, cells, cells)

    def _row(self, state: str, old: dict[str, str], new: dict[str, str]) -> dict[str, Any]:
        row = {
            name: self.cell(state, old.get(name, ""), new.get(name, ""), "<br>")
            for name in new or old
        }
        if state == "moved":
            note = escape(gettext("moved"))
            row["figure"] = SafeString(f'{row["figure"]}<span class="jd-tags"> ({note})</span>')
        return row


class _Lines:
    """The lines of a section as a pseudo section, to split into groups and runs like any other.
    Each of its lines represents a node."""

    def __init__(self, redline: RedlineContext, node: SectionNode) -> None:
        self.redline = redline
        self.node = node
        self.names: list[Pieces] = [()]  # of the groups; a pseudo line has the index
        self.of: dict[str, LineNode | _Folded] = {}
        self.number: dict[str, int] = {}  # of an entry in the new document
        self.section = replace(node.any, lines=tuple(self._pseudo()))
        # Groups don't say their marks here: their names can have changed.
        self.marks = replace(blocks.list_marks(node.any), groups={})

    def _pseudo(self) -> Iterator[DocumentLine]:
        count = 0
        for what in self._shown():
            uid = str(len(self.of))
            self.of[uid] = what
            self.number[uid] = count + 1
            if isinstance(what, _Folded):
                count += what.count
                yield DocumentLine(uid, "", form="paragraph", group=self._group(what.group))
            else:
                count += what.any.form == "entry" and what.state != "removed"
                yield replace(what.any, uid=uid, group=self._group(what.group), lines=())

    def _shown(self) -> Iterator[LineNode | _Folded]:
        lines = [line for line in self.node.lines if line.state != "left"]
        if not self.redline.only_changed:
            yield from lines
            return
        for (is_plain, group), together in groupby(lines, lambda x: (x.is_plain, x.group)):
            if is_plain:
                yield _Folded(len(list(together)), group)
            else:
                yield from together

    def _group(self, name: Pieces) -> str:
        if name not in self.names:
            self.names.append(name)
        number = self.names.index(name)
        return str(number) if number else ""

    def groups(self, lines: tuple[DocumentLine, ...]) -> list[dict[str, Any]]:
        found = []
        for group in blocks.groups(lines, replace(self.section, lines=lines)):
            name = self.redline.marked(self.names[int(group.name or 0)])
            runs = [self._run(run) for run in group.runs]
            found.append({"name": name, "level": "h4" if name else "h3", "runs": runs})
        return found

    def _run(self, run: blocks.LineRun) -> dict[str, Any]:
        lines = [self._line(line.uid) for line in run.lines]
        kind = self.node.any.kind
        return {
            "shape": run.shape,
            "list": html.LISTS.get(run.shape, ""),
            "start": self.number[run.lines[0].uid],
            "lines": lines,
            "grid": self._grid(run, lines),
            "has_detail": any(line.detail or line.lines for line in lines),
            "is_terms": kind == "skills",
            "columns": html.columns(kind),
        }

    def _grid(self, run: blocks.LineRun, lines: list[ShownLine]) -> dict[str, Any]:
        if run.shape == blocks.DEMANDS:
            return self._demands([self.of[line.uid] for line in run.lines])
        head = grids.head(self.node.any)
        found = (node for node in self.node.lines if head and node.uid == head.uid)
        titles = next(found, None)  # the row with the column headings
        return grids.shown(self.redline.line(titles, self.marks), lines) if titles else {}

    def _demands(self, nodes: list[Any]) -> dict[str, Any]:
        """Returns the table of physical demands, with old values where they changed."""
        head, pairs = demand_table.compared(nodes)
        rows = []
        for node, cells in zip(nodes, pairs, strict=True):
            line = self.redline.line(demand_table.what_changed(node), self.marks)
            rows.append((line, [self.redline.cell(node.state, *p, "<br>") for p in cells]))
        return demand_table.shown(head, rows)

    def _line(self, uid: str) -> ShownLine:
        what = self.of[uid]
        if isinstance(what, _Folded):
            return self.redline.folded(uid, what.count)
        return self.redline.line(what, self.marks)


def _whole(text: str, state: str) -> Pieces:
    return (comparison.Piece(text, state),) if text else ()


def _read(state: str, fact: Fact | None) -> tuple[str, list[str]]:
    return (fact_labels.fact_label(fact), fact_labels.fact_values(fact)) if fact else ("", [])
