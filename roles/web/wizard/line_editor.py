"""The line editor: the context of sections and lines in the wizard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from roles import assembly, limits, search, vocabulary
from roles.assembly import DraftRows
from roles.document import Document
from roles.library import newer_wording
from roles.models import Line, Section, SnippetRevision, Suggestion
from roles.quality import repeated_lines
from roles.reviews import suggestions
from roles.web.shared.access import get_description
from roles.web.shared.feedback_items import FeedbackItems
from roles.web.shared.line_fields import line_fields
from roles.web.wizard import line_keys, line_selection, pay_step
from roles.web.wizard.post_parser import PostedPage
from roles.web.wizard.row_fields import RowView, line_view, more_view, section_view
from roles.web.wizard.step_forms import facts_about_applying

OPEN_LIMIT = 12  # lines that stay open when the page is loaded again


@dataclass
class Editor:
    """The data that the sections of one page share. `opened` are the uids of lines whose fields
    under "More" are shown, `repeated` maps a line's uid to the text that it nearly repeats.
    `items` are the feedback, `origins` the suggestions that opened lines came from, and `newer`
    the newer wording of lines, by uid."""

    rows: DraftRows
    submitted: PostedPage
    opened: frozenset[str] = frozenset()
    repeated: dict[str, str] = field(default_factory=dict)
    items: FeedbackItems = field(default_factory=FeedbackItems)
    origins: dict[str, list[Suggestion]] = field(default_factory=dict)
    newer: dict[str, SnippetRevision] = field(default_factory=dict)
    known: frozenset[str] = frozenset()  # keys of what the page shows already

    @property
    def token(self) -> int:
        return self.rows.description.edit_token


def build(
    rows: DraftRows,
    document: Document,
    submitted: PostedPage,
    opened: frozenset[str],
    items: FeedbackItems,
    known: frozenset[str] = frozenset(),
) -> Editor:
    """The editor of a page; lines with errors or typed values under "More" are opened too."""
    typed = {p.partition("-")[2] for p in submitted.typed if p.startswith("more-")}
    failed = {p.partition("-")[2] for p in submitted.errors if p.startswith("newsub-")}
    repeats = repeated_lines.repeats(document)
    repeated = {uid: earlier.text for uid, (_line, earlier) in repeats.items()}
    opened = opened | typed | failed
    origins = suggestions.origins(rows.description, opened)
    lines = (line for group in (rows.lines, rows.sub_lines) for ls in group.values() for line in ls)
    newer = newer_wording.of_lines(lines)
    return Editor(rows, submitted, opened, repeated, items, origins, newer, known)


def opened_lines(query: QueryDict) -> frozenset[str]:
    """The uids of the lines that the query of the page's URL keeps open."""
    return frozenset(query.get("open", "").split(",")[:OPEN_LIMIT]) - {""}


@require_safe
def more(request: HttpRequest, reference: str, uid: str) -> HttpResponse:
    """The fields under "More" of a line, loaded when they are opened."""
    description = get_description(request, reference, "description.edit")
    rows = assembly.load_rows(description)
    editor = Editor(rows, PostedPage(), frozenset({uid}))
    editor.origins = suggestions.origins(description, {uid})
    for each in rows.sections:
        item = section_context(each, editor)
        for entry in (sub for line in item["lines"] for sub in (line, *line["subs"])):
            if entry["line"].uid == uid:
                context = {"entry": entry, "item": item, "words": vocabulary}
                return render(request, "wizard/_line_more.html", context)
    raise Http404


def section_context(section: Section, editor: Editor) -> dict[str, Any]:
    """The context of a section's card: its own fields, its lines, and the fields of new ones."""
    rows, submitted = editor.rows, editor.submitted
    lines = rows.lines.get(section.pk, [])
    kind = vocabulary.SECTION_KINDS[section.kind]
    key = line_keys.section_key(section)
    item: dict[str, Any] = {
        "key": key,
        "is_known": key in editor.known,
        "section": section,
        "view": submitted.show(section_view(section, editor.token)),
        "kind": kind,
        "lines": [_line_context(line, n, lines, section, editor) for n, line in enumerate(lines)],
        "groups": list(dict.fromkeys(line.group for line in lines if line.group)),
        "places": [s for s in rows.sections if s.pk != section.pk and not s.locked],
        "categories": vocabulary.line_categories(section.kind),
        "picks": search.kind_and_category(section.kind, section.heading),
        "marks": line_selection.choices(kind.asks),
        "percent": sum(line.percent or 0 for line in lines),
        "has_percent": any(line.percent is not None for line in lines),
        "new": new_row(submitted, f"new-{section.uid}"),
        "pasted": submitted.pasted.get(section.uid),
        "is_locked": section.locked,
        "head_feedback": editor.items.at_head(section),
        "foot_feedback": editor.items.at_foot(section),
    }
    if section.kind == "apply":
        item["fact_choices"] = facts_about_applying(section.facts)
        item["apply_to"] = rows.description.apply_to or rows.organization.apply_to
    if section.kind == "pay":
        fresh = new_row(submitted, f"newpay-{section.uid}")
        item |= pay_step.pay_context(rows.description, section, rows.sections, submitted, fresh)
    return item


def _line_context(
    line: Line, number: int, beside: list[Line], section: Section, editor: Editor, parent: str = ""
) -> dict[str, Any]:
    """The context of a line; its labels name it for screen readers."""
    name = (_("sub-line %d") if parent else _("line %d")) % (number + 1)
    if section.kind == "table":
        name = _("column %d") % (number + 3) if parent else _("row %d") % (number + 1)
    subs = editor.rows.sub_lines.get(line.pk, [])
    entry = {
        "line": line,
        "parent": parent,
        "view": editor.submitted.show(line_view(line, section.kind, editor.token)),
        "more": _more(line, section, editor),
        "label": capfirst(name) if parent else f"{capfirst(name)} {_('of')} {section.heading}",
        "about": _("about %s") % name,
        "select": _("Select %s") % name,
        "move_up": _("Move %s up") % name,
        "move_down": _("Move %s down") % name,
        "remove": _("Remove %s") % name,
        "is_first": number == 0 and not line.group,
        "is_last": number == len(beside) - 1 and not line.group,
        "can_indent": not subs
        and line.form == "entry"
        and any(other.form == "entry" for other in beside[:number]),
        "is_full": section.kind == "table" and len(subs) + 2 >= limits.TABLE_COLUMNS_LIMIT,
        "tags": _tags(line, section.kind),
        "repeats": editor.repeated.get(line.uid, ""),
        "newer": editor.newer.get(line.uid),
        "feedback": editor.items.at_line(line.uid),
        "origins": editor.origins.get(line.uid, []),
        "subs": [
            _line_context(sub, n, subs, section, editor, line.uid) for n, sub in enumerate(subs)
        ],
        "new_sub": new_row(editor.submitted, f"newsub-{line.uid}"),
    }
    key = line_keys.key(entry, section)
    return entry | {"key": key, "is_known": key in editor.known}


def _more(line: Line, section: Section, editor: Editor) -> RowView | None:
    is_row = section.kind == "table" and line.parent_id is None  # shows all its cells
    if line.uid not in editor.opened and not is_row:
        return None
    return editor.submitted.show(more_view(line, section.kind, editor.token))


def _tags(line: Line, kind: str) -> list[str]:
    """The values set under "More", a word for each."""
    is_category_shown = "category" in line_fields(line, kind)
    words = (
        (vocabulary.LINE_CATEGORIES, "" if is_category_shown else line.category),
        (vocabulary.PROFICIENCIES, line.proficiency),
        (vocabulary.FREQUENCIES, line.frequency),
    )
    return [_(labels[code]) for labels, code in words if code]


def new_row(submitted: PostedPage, prefix: str) -> RowView:
    """The fields of a new row: empty, or as typed if the page was refused."""
    kind, _dash, uid = prefix.partition("-")
    errors = submitted.errors.get(prefix, {})
    typed = submitted.typed.get(prefix, {}) if submitted.refused else {}
    return RowView(kind, uid, typed, 0, errors=errors)
