"""The document on the page of a review: its sections, each open or folded, with the threads beside
every line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from roles import comparison
from roles.comparison import Comparison, SectionNode, approval_hashes
from roles.document import Document
from roles.exporters import (
    change_marks,
    change_messages,
    change_notes,
    html,
    inline_html,
    localized,
    redline,
)
from roles.exporters.html import ShownLine
from roles.reviews import section_names
from roles.reviews.reader_view import ReaderView
from roles.reviews.review_access import Reader
from roles.web.shared import review_threads
from roles.web.shared.review_threads import PlacedThreads, ThreadView


@dataclass
class SectionRow:
    """A line with its threads. `name` is in the label of its comment link."""

    line: ShownLine
    name: str
    is_here: bool  # in the version, so it takes comments
    threads: list[ThreadView]
    rows: list[SectionRow] = field(default_factory=list)


@dataclass
class ReviewSection:
    """A section as the page shows it, or one of the two pseudo-sections, facts and outline."""

    key: str
    heading: SafeString
    name: str  # the heading without markup
    state: str = ""  # a short label
    notes: list[str] = field(default_factory=list)
    is_open: bool = True
    is_asked: bool = False  # assigned to the reader by name
    is_here: bool = True  # in the version, so it takes comments
    groups: list[dict[str, Any]] = field(default_factory=list)
    tables: str = ""  # facts and pay, between the first group and the others
    is_empty: bool = False
    outline: list[dict[str, Any]] = field(default_factory=list)
    threads: list[ThreadView] = field(default_factory=list)
    gone: list[ThreadView] = field(default_factory=list)  # of lines that are no longer shown
    unresolved: int = 0  # threads


@dataclass
class ReviewContent:
    """The document of a review for its reader."""

    title: SafeString
    sections: list[ReviewSection]
    summary: list[str]
    general: list[ThreadView]  # about no section
    gone: list[ThreadView]  # of sections that are no longer shown
    language: str
    direction: str


def content(
    reader: Reader, view: ReaderView, *, is_everything: bool, is_closed: bool
) -> ReviewContent:
    """Returns the document of a view; `is_everything`: nothing is folded."""
    threads = review_threads.found(reader, view.version)
    with override(view.new.language):
        found = comparison.compare(view.old, view.new) if view.old is not None else None
        sections = list(_sections(view, found))
    for section in sections:
        section.is_open = section.is_open or is_everything
    placed = PlacedThreads(reader, threads, is_closed)
    filled = view.new.filled()
    for section in sections:
        _place_threads(section, filled, placed)
    title = (
        change_marks.marked(found.title)
        if found
        else inline_html.text_html(view.new.title, view.new.answers_for())
    )
    return ReviewContent(
        title=title,
        sections=sections,
        summary=change_messages.sentences(found) if found else [],
        general=placed.at_section(""),
        gone=placed.remaining(),
        language=view.new.language,
        direction=localized.direction(view.new.language),
    )


# --- sections


def _sections(view: ReaderView, found: Comparison | None) -> Iterator[ReviewSection]:
    """Facts first, then the sections in their order, and the outline last."""
    yield _facts(view, found)
    if found is None:
        for section in html.sections(view.new):
            yield _section(view, section, None)
    else:
        nodes = [node for node in found.sections if node.state != "left"]
        for node, section in zip(nodes, redline.sections(found), strict=True):
            yield _section(view, section, node)
    yield _outline(view, found)


def _section(view: ReaderView, shown: dict[str, Any], node: SectionNode | None) -> ReviewSection:
    section = ReviewSection(shown["uid"], shown["heading"], _plain(shown["heading"]))
    section.groups = [
        {"is_before": is_before, **group}
        for is_before, name in ((True, "before"), (False, "groups"))
        for group in shown[name]
    ]
    section.tables = _tables(shown)
    section.is_empty = bool(shown["is_empty"])
    if node is not None:
        section.name = node.any.heading
        section.notes = change_notes.section_notes(node)
        section.is_here = node.new is not None
    is_same = node is not None and node.state in ("kept", "moved") and _is_plain(node)
    states = {"added": _("New"), "removed": _("Removed")}
    return _stated(section, view, is_same, states.get(node.state, "") if node else "")


def _facts(view: ReaderView, found: Comparison | None) -> ReviewSection:
    title = section_names.facts_name()
    rows = redline.facts(found) if found else html.facts(view.new)
    section = ReviewSection(approval_hashes.FACTS, SafeString(title), title, is_here=False)
    if found and comparison.differs(found.title):
        title_row = {
            "name": "title",
            "label": _("Title"),
            "values": [change_marks.marked(found.title)],
        }
        rows = [title_row, *rows]
    about = {"facts": rows, "as_table": True}
    section.tables = SafeString(render_to_string("document/_facts.html", {"section": about}))
    section.is_empty = not rows
    is_same = found is not None and not (
        found.changes
        or comparison.differs(found.title)
        or any(fact.changes or fact.is_new_or_gone for fact in found.facts)
    )
    there = {name for section in view.new.sections for name in section.facts}
    is_repeated = bool(rows) and {fact.name for fact in view.new.facts} <= there
    return _stated(section, view, is_same, is_quiet=is_repeated)


def _outline(view: ReaderView, found: Comparison | None) -> ReviewSection:
    title = section_names.outline_name()
    section = ReviewSection(approval_hashes.OUTLINE, SafeString(title), title, is_here=False)
    if found is None:
        shared = view.new.answers_for()
        section.outline = [
            {"heading": inline_html.text_html(section.heading, shared)}
            for section in view.new.sections
        ]
        return _stated(section, view, False, is_quiet=True)
    nodes = [node for node in found.sections if node.state != "left"]
    for node in nodes:
        moved = change_notes.section_notes(node)[-1:] if node.state == "moved" else []
        section.outline.append({"heading": change_marks.marked(node.heading), "notes": moved})
    is_same = all(node.state == "kept" and not node.is_reworded for node in nodes)
    return _stated(section, view, is_same)


def _stated(
    section: ReviewSection,
    view: ReaderView,
    is_same: bool,
    state: str = "",
    *,
    is_quiet: bool = False,
) -> ReviewSection:
    """Sets whether the section is open and its state. `is_quiet`: it only repeats other sections,
    so it is open only for reviewers that it is assigned to."""
    section.is_asked = section.key in view.asked
    is_pending = section.key in view.pending
    if view.kind == "again":
        section.is_open = not is_same
        section.state = _("Unchanged") if is_same else state or _("Changed")
        if is_same and is_pending:
            section.state = _("Unchanged, awaiting your decision")
    elif view.kind == "asked":
        section.is_open = is_pending
        done = _("You approved this") if view.is_approver else _("You reviewed this")
        section.state = _("Needs your review") if is_pending else done
    else:
        section.is_open = section.is_asked or not (is_quiet or view.asked)
    return section


def _is_plain(node: SectionNode) -> bool:
    """Whether the section itself is unchanged, wherever it is."""
    own = not (node.changes or node.groups or node.is_reworded)
    below = (*node.facts, *node.lines, *node.pay_ranges, *node.pay_references)
    return own and all(one.is_plain for one in below)


def _tables(section: dict[str, Any]) -> SafeString:
    found = []
    if section["facts"]:
        found.append(render_to_string("document/_facts.html", {"section": section}))
    for name in ("ranges", "references"):
        if section[name]:
            template = f"document/_{name}.html"
            found.append(render_to_string(template, {"table": section[name]}))
    return SafeString("".join(found))


def _plain(heading: SafeString) -> str:
    """The heading without markup."""
    return unescape(strip_tags(heading))


# --- threads


def _place_threads(section: ReviewSection, document: Document, placed: PlacedThreads) -> None:
    """Places the threads at the lines of a section; `document` has its placeholders filled in."""
    if section.key in (approval_hashes.FACTS, approval_hashes.OUTLINE):
        return
    here = {line.uid: line.plain_text for one in document.sections for line in one.every_line()}
    threads: list[ThreadView] = []
    for group in section.groups:
        for run in group["runs"]:
            run["rows"] = [_row(line, here, placed, threads) for line in run["lines"]]
    section.threads = placed.at_section(section.key)
    section.gone = placed.gone(section.key)
    threads += [*section.threads, *section.gone]
    section.unresolved = sum(shown.thread.resolved_at is None for shown in threads)


def _row(
    line: ShownLine, here: dict[str, str], placed: PlacedThreads, all_threads: list[ThreadView]
) -> SectionRow:
    name = Truncator(here.get(line.uid, "")).words(7)
    threads = placed.at_line(line.uid)
    all_threads += threads
    subs = [_row(sub, here, placed, all_threads) for sub in line.lines]
    return SectionRow(line, name, line.uid in here, threads, subs)
