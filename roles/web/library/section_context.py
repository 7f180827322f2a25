"""The context of the page of a section: its lines, the search in the library, the preview."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from roles import physical_demands, vocabulary
from roles.library import template_content, template_samples
from roles.library.template_content import SectionValue
from roles.models import Snippet, TemplateSection
from roles.models.snippet import categories
from roles.search.snippet_search import Fit
from roles.web.library import section_rows
from roles.web.library.section_rows import LineRow, Rows
from roles.web.library.section_state import SectionEditor
from roles.web.shared.document_html import article
from roles.web.shared.picker_filter import PickerFilter, best_snippets

SHOWN_LIMIT = 30  # snippets found


def editor_context(editor: SectionEditor) -> dict[str, Any]:
    """Returns the context of the page."""
    value = editor.value
    kind = vocabulary.SECTION_KINDS[editor.kind]
    document = template_samples.document_of(editor.template, _whole(editor, value))
    return {
        "editor": editor,
        "template": editor.template,
        "form": editor.form,
        "section": value,
        "kind": editor.kind,
        "entries": _entries(editor.rows, editor),
        "line_count": len(list(section_rows.every_row(editor.rows))),
        "groups": list(dict.fromkeys(line.group for line in value.lines if line.group)),
        "categories": vocabulary.line_categories(editor.kind),
        "words": vocabulary,
        "demand_words": physical_demands,
        "percent": sum(line.percent or 0 for line in value.lines),
        "has_percent": any(line.percent is not None for line in value.lines),
        "default_form": kind.form,
        "paper": article(document, template_samples.edition()),
        **_search(editor),
    }


def _whole(editor: SectionEditor, value: SectionValue) -> tuple[SectionValue, ...]:
    """Returns the sections of the template with what was typed; blank lines aren't shown."""
    present = template_content.stored(editor.template)
    if all(one.uid != value.uid for one in present):
        return (*present, value)
    return tuple(value if one.uid == value.uid else one for one in present)


def _entries(rows: Rows, editor: SectionEditor, parent: LineRow | None = None) -> list[Any]:
    return [_entry(row, place, rows, editor, parent) for place, row in enumerate(rows)]


def _entry(
    row: LineRow, place: int, beside: Rows, editor: SectionEditor, parent: LineRow | None
) -> dict[str, Any]:
    """Returns the context of a line; its labels name it for screen readers."""
    name = (_("sub-line %d") if parent else _("line %d")) % (place + 1)
    if editor.kind == "table":
        name = _("column %d") % (place + 3) if parent else _("row %d") % (place + 1)
    inline, more = row.fields(editor.kind, is_sub=parent is not None)
    before = beside[place - 1] if place else None
    return {
        "row": row,
        "prefix": f"line-{row.uid}",
        "parent": parent.uid if parent else "",
        "label": capfirst(name),
        "name": name,
        "inline": inline,
        "more": more,
        "is_open": bool(row.errors.keys() & set(more)),
        "tags": _tags(row, inline),
        "is_first": place == 0,
        "is_last": place == len(beside) - 1,
        "can_nest": parent is None and before and not row.subs and not before.is_paragraph,
        "can_have_subs": parent is None and not row.is_paragraph,
        "is_focused": editor.focus == f"line-{row.uid}-text",
        "subs": _entries(row.subs, editor, row),
    }


def _tags(row: LineRow, inline: tuple[str, ...]) -> list[str]:
    """Returns the values that are set under "More", a word for each."""
    words = {
        "category": vocabulary.LINE_CATEGORIES,
        "proficiency": vocabulary.PROFICIENCIES,
        "frequency": vocabulary.FREQUENCIES,
    }
    codes = {name: row.values.get(name, "") for name in words if name not in inline}
    group = row.values.get("group", "")
    found = [_(words[name][code]) for name, code in codes.items() if code in words[name]]
    return [*([group] if group else []), *found]


# --- the search in the library


def _search(editor: SectionEditor) -> dict[str, Any]:
    """Returns what the search found, best first, if it was asked for, and its fields."""
    section = TemplateSection(kind=editor.kind, heading=str(editor.form["heading"].value() or ""))
    post = editor.request.POST
    names = {"q": "q", "kind": "pick-kind", "category": "pick-category"}
    sent = {name: post[key] for name, key in names.items() if key in post}
    filter = PickerFilter(_query(sent), section=section)
    is_asked = post.get("action") == "snippets-search" or bool(sent.get("q", "").strip())
    here = {row.snippet.pk for row in section_rows.every_row(editor.rows) if row.snippet}
    fit = Fit(family_id=editor.template.family_id, level_id=editor.template.level_id)
    words, corrected = filter.value("q") or "", ""
    found: list[Snippet] = []
    if is_asked:
        found, corrected = best_snippets(words, filter.chosen(["active"]), fit, SHOWN_LIMIT)
    return {
        "filter": filter,
        "is_searched": is_asked,
        "query": words,
        "corrected": corrected,
        "picked_kind": filter.value("kind") or "",
        "picked_category": filter.value("category") or "",
        "snippet_categories": {
            _(label): (code, categories(code)) for code, label in vocabulary.SNIPPET_KINDS.items()
        },
        "found": [(snippet, snippet.pk in here) for snippet in found[:SHOWN_LIMIT]],
        "has_more": len(found) > SHOWN_LIMIT,
        "limit": SHOWN_LIMIT,
    }


def _query(sent: dict[str, Any]) -> Any:
    query = QueryDict(mutable=True)
    query.update(sent)
    return query
