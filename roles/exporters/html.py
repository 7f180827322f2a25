"""A document as HTML: the fragment that the preview and the PDF share, and the PDF's whole page.

All text is escaped here, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override

from roles import folding, placeholders
from roles.document import (
    Document,
    DocumentLine,
    DocumentSection,
    Fact,
)
from roles.editions import Edition
from roles.exporters import (
    apply_link,
    blocks,
    demand_table,
    fact_labels,
    footer,
    grids,
    inline_html,
    localized,
    pay_tables,
)
from roles.exporters.spans import Answers

LISTS = {"bullets": "ul", "numbers": "ol", "plain": "ul"}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line for the template: escaped texts, tags, and sub-lines."""

    uid: str
    text: SafeString
    paragraphs: tuple[SafeString, ...]  # the text split at blank lines
    detail: tuple[SafeString, ...]
    is_lead: bool  # ends in a colon: stays on the page with what follows
    joint: str  # between a term and its explanation
    tags: SafeString  # its tags as HTML, to append to the text
    lines: tuple[ShownLine, ...]


def document_html(document: Document, edition: Edition, *, logo_url: str) -> str:
    """Returns the `<article class="jd">` of the preview and the PDF, styled by
    `static/css/document.css`. Without `logo_url`, it has the organization's name instead."""
    with override(document.language):
        return render_to_string(
            "document/document.html", _document_context(document, edition, logo_url)
        )


def page_html(document: Document, edition: Edition, *, logo_url: str) -> str:
    """Returns a whole HTML page around the fragment, with title, language, author, and dates. The
    caller adds a style sheet."""
    context = {
        "title": document.filled().title or edition.reference,
        "language": document.language,
        "direction": localized.direction(document.language),
        "edition": edition,
        "article": mark_safe(document_html(document, edition, logo_url=logo_url)),  # noqa: S308
    }
    return render_to_string("document/page.html", context)


def _document_context(document: Document, edition: Edition, logo_url: str) -> dict[str, Any]:
    document = apply_link.with_default(blocks.with_few_breaks(document), edition)
    sections = [_section(document, section) for section in document.sections]
    shared = document.answers_for()
    return {
        "document": document,
        "direction": localized.direction(document.language),
        "edition": edition,
        "edition_line": footer.edition_line(edition),
        "logo_url": logo_url,
        "title": inline_html.text_html(document.title or edition.reference, shared),
        "subtitle": [
            inline_html.text_html(part, shared) for part in fact_labels.subtitle(document)
        ],
        "sections": [s for s in sections if edition.is_draft or not s["is_empty"]],
    }


def _paragraphs(html: SafeString) -> tuple[SafeString, ...]:
    """Returns the text split at blank lines; a single line feed breaks the line."""
    if "\n" not in html:
        return (html,) if html else ()
    parts = (html[start:end].strip() for start, end in folding.paragraph_offsets(html))
    return tuple(SafeString(part.replace("\n", "<br>")) for part in parts)


# --- sections


def sections(document: Document) -> list[dict[str, Any]]:
    """Returns the sections for a template that adds something to their lines."""
    document = blocks.with_few_breaks(document)
    return [_section(document, section) for section in document.sections]


def facts(document: Document) -> list[dict[str, Any]]:
    """Returns all facts of the document, wherever they are shown."""
    names = tuple(fact.name for fact in document.facts)
    return _facts(document, DocumentSection(uid="", kind="facts", heading="", facts=names))


def _section(document: Document, section: DocumentSection) -> dict[str, Any]:
    before, after = blocks.introduction(section)
    show = _line_shower(document, section)
    tables = {
        "facts": _facts(document, section),
        "ranges": pay_tables.ranges(section),
        "references": _with_links(pay_tables.references(section)),
    }
    groups = [_groups(document, section, lines, show) for lines in (before, after)]
    marks = blocks.list_marks(section).section
    said = inline_html.tags_html(fact_labels.list_tags(marks, section.heading))
    return tables | {
        "uid": section.uid,
        "kind": section.kind,
        "has_heading": section.has_heading,
        "heading": inline_html.text_html(section.heading, document.answers_for()) + said,
        "as_table": section.style == "table",
        "before": groups[0],
        "groups": groups[1],
        "is_empty": not any((*groups, *tables.values())),
    }


def _line_shower(
    document: Document, section: DocumentSection
) -> Callable[[DocumentLine], ShownLine]:
    marks = blocks.list_marks(section)

    def show(line: DocumentLine) -> ShownLine:
        answers = document.answers_for(line)
        as_html = inline_html.formatted_html if line.is_paragraph else inline_html.linked_html
        text = as_html(line.text, answers)
        return ShownLine(
            uid=line.uid,
            text=SafeString(text.strip().replace("\n", "<br>")),
            paragraphs=_paragraphs(text),
            detail=_paragraphs(inline_html.linked_html(line.detail, answers, after=line.text)),
            is_lead=line.plain_text.rstrip().endswith(":"),
            joint=blocks.joint(line.text),
            tags=inline_html.tags_html(fact_labels.line_tags(line, marks.of_line(line))),
            lines=tuple(show(sub) for sub in line.lines),
        )

    return show


def _groups(
    document: Document,
    section: DocumentSection,
    lines: tuple[DocumentLine, ...],
    show: Callable[[DocumentLine], ShownLine],
) -> list[dict[str, Any]]:
    found = []
    marks = blocks.list_marks(section)
    for group in blocks.groups(lines, section):
        name = inline_html.text_html(group.name, document.answers_for(group.first))
        if name:
            name += inline_html.tags_html(
                fact_labels.list_tags(marks.groups[group.name], group.name)
            )
        runs = [_run(run, section, show) for run in group.runs]
        found.append({"name": name, "level": "h4" if group.name else "h3", "runs": runs})
    return found


def _run(
    run: blocks.LineRun, section: DocumentSection, show: Callable[[DocumentLine], ShownLine]
) -> dict[str, Any]:
    lines = [show(line) for line in run.lines]
    return {
        "shape": run.shape,
        "list": LISTS.get(run.shape, ""),
        "start": run.start,
        "lines": lines,
        "grid": _grid(run, section, show),
        "has_detail": any(line.detail or line.lines for line in run.lines),
        "is_terms": section.kind == "skills",
        "columns": columns(section.kind),
    }


def _grid(
    run: blocks.LineRun, section: DocumentSection, show: Callable[[DocumentLine], ShownLine]
) -> dict[str, Any]:
    """Returns the cells of a run that is a table of three or more columns."""
    if run.shape == blocks.DEMANDS:
        head, cells = demand_table.columns(run.lines)
        lines = [show(demand_table.what(line)) for line in run.lines]
        return demand_table.shown(head, list(zip(lines, cells, strict=True)))
    titles = grids.head(section)
    return grids.shown(show(titles), [show(line) for line in run.lines]) if titles else {}


def columns(kind: str) -> tuple[str, str]:
    """Returns the column headings of a section's table of entries."""
    if kind == "collaborators":
        return gettext("Role"), gettext("Collaboration")
    if kind == "skills":
        return gettext("Skill"), gettext("In this role")
    return gettext("Item"), gettext("Details")


def _facts(document: Document, section: DocumentSection) -> list[dict[str, Any]]:
    shared = document.answers_for()
    return [
        {
            "name": fact.name,
            "label": fact_labels.fact_label(fact),
            "values": [inline_html.linked_html(value, shared) for value in values],
        }
        for fact, values in stated(document, section)
    ]


def stated(document: Document, section: DocumentSection) -> list[tuple[Fact, list[str]]]:
    """Returns the facts that the section shows and that have values. Placeholders keep their
    brackets."""
    shared = document.answers_for()
    facts = [fact for name in section.facts if (fact := document.fact(name)) is not None]
    rows = [(fact, fact_labels.fact_values(_answered(fact, shared))) for fact in facts]
    return [(fact, values) for fact, values in rows if values]


def _answered(fact: Fact, shared: Answers) -> Fact:
    """Returns the fact with placeholders filled in, where its value determines how it is shown."""
    if fact.name not in ("years", "apply_by"):
        return fact
    return replace(fact, values=tuple(placeholders.fill(value, shared) for value in fact.values))


def _with_links(table: dict[str, Any]) -> dict[str, Any]:
    """Returns the table of market figures with the addresses of its sources as links."""
    if not table:
        return {}
    rows = [row | {"source": inline_html.linked_html(row["source"], {})} for row in table["rows"]]
    return table | {"rows": rows, "source": inline_html.linked_html(table["source"], {})}
