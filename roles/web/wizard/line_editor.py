"""The line editor: sections and lines as the wizard shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from roles import assembly, vocabulary
from roles.assembly import DraftRows
from roles.document import Document
from roles.models import Line, Section, Suggestion
from roles.quality import repeated_lines
from roles.reviews import suggestions
from roles.web.shared.access import get_description
from roles.web.shared.feedback_items import FeedbackItems
from roles.web.wizard import pay_step
from roles.web.wizard.post_parser import PostedPage
from roles.web.wizard.row_fields import RowView, line_view, more_view, section_view

OPEN_LIMIT = 12  # lines that stay open when the page is drawn again


@dataclass
class Editor:
    """What the sections of one page share. `opened` are the uids of lines whose fields under
    "More" are shown, `repeated` maps a line's uid to the text that it nearly repeats. `items`
    hold what reviewers said, `origins` the suggestions that opened lines came of, by uid."""

    rows: DraftRows
    submitted: PostedPage
    opened: frozenset[str] = frozenset()
    repeated: dict[str, str] = field(default_factory=dict)
    items: FeedbackItems = field(default_factory=FeedbackItems)
    origins: dict[str, list[Suggestion]] = field(default_factory=dict)

    @property
    def token(self) -> int:
        return self.rows.description.edit_token


def editor(
    rows: DraftRows,
    whole: Document,
    submitted: PostedPage,
    opened: frozenset[str],
    items: FeedbackItems,
) -> Editor:
    typed = {p.partition("-")[2] for p in submitted.typed if p.startswith("more-")}
    failed = {p.partition("-")[2] for p in submitted.errors if p.startswith("newsub-")}
    found = repeated_lines.repeats(whole)
    repeated = {uid: earlier.text for uid, (_line, earlier) in found.items()}
    opened = opened | typed | failed
    origins = suggestions.origins(rows.description, opened)
    return Editor(rows, submitted, opened, repeated, items, origins)


def opened_lines(request: HttpRequest) -> frozenset[str]:
    """The lines that the page's address keeps open."""
    return frozenset(request.GET.get("open", "").split(",")[:OPEN_LIMIT]) - {""}


@require_safe
def more(request: HttpRequest, reference: str, uid: str) -> HttpResponse:
    """What stands under "More" of a line, fetched when it is opened."""
    description = get_description(request, reference, "description.edit")
    rows = assembly.load_rows(description)
    here = Editor(rows, PostedPage(), frozenset({uid}))
    here.origins = suggestions.origins(description, {uid})
    for part in rows.sections:
        shown = section(part, here)
        for entry in shown["lines"]:
            for each in (entry, *entry["subs"]):
                if each["line"].uid == uid:
                    context = {"entry": each, "item": shown, "words": vocabulary}
                    return render(request, "wizard/_line_more.html", context)
    raise Http404


def section(part: Section, here: Editor) -> dict[str, Any]:
    """A section's card: its own fields, its lines, and what can be added."""
    rows, submitted = here.rows, here.submitted
    lines = rows.lines.get(part.pk, [])
    kind = vocabulary.SECTION_KINDS[part.kind]
    shown: dict[str, Any] = {
        "section": part,
        "view": submitted.show(section_view(part, here.token)),
        "kind": kind,
        "lines": [_line(line, n, lines, part, here) for n, line in enumerate(lines)],
        "groups": list(dict.fromkeys(line.group for line in lines if line.group)),
        "places": [s for s in rows.sections if s.pk != part.pk and not s.locked],
        "categories": vocabulary.line_categories(part.kind),
        "percent": sum(line.percent or 0 for line in lines),
        "has_percent": any(line.percent is not None for line in lines),
        "new": new(submitted, f"new-{part.uid}"),
        "pasted": submitted.pasted.get(part.uid),
        "is_locked": part.locked,
        "head_feedback": here.items.at_head(part),
        "foot_feedback": here.items.at_foot(part),
    }
    if part.kind == "pay":
        fresh = new(submitted, f"newpay-{part.uid}")
        shown |= pay_step.section(rows.description, part, rows.sections, submitted, fresh)
    return shown


def _line(
    line: Line, number: int, beside: list[Line], part: Section, here: Editor, parent: str = ""
) -> dict[str, Any]:
    """A line's entry; its words name it, for those who hear the page."""
    name = (_("sub-line %d") if parent else _("line %d")) % (number + 1)
    subs = here.rows.sub_lines.get(line.pk, [])
    return {
        "line": line,
        "parent": parent,
        "view": here.submitted.show(line_view(line, part.kind, here.token)),
        "more": _more(line, part, here),
        "label": capfirst(name) if parent else f"{capfirst(name)} {_('of')} {part.heading}",
        "about": _("about %s") % name,
        "move_up": _("Move %s up") % name,
        "move_down": _("Move %s down") % name,
        "remove": _("Remove %s") % name,
        "is_first": number == 0 and not line.group,
        "is_last": number == len(beside) - 1 and not line.group,
        "can_indent": not subs
        and line.form == "entry"
        and any(other.form == "entry" for other in beside[:number]),
        "tags": _tags(line),
        "repeats": here.repeated.get(line.uid, ""),
        "feedback": here.items.at_line(line.uid),
        "origins": here.origins.get(line.uid, []),
        "subs": [_line(sub, n, subs, part, here, line.uid) for n, sub in enumerate(subs)],
        "new_sub": new(here.submitted, f"newsub-{line.uid}"),
    }


def _more(line: Line, part: Section, here: Editor) -> RowView | None:
    if line.uid not in here.opened:
        return None
    return here.submitted.show(more_view(line, part.kind, here.token))


def _tags(line: Line) -> list[str]:
    """What is set under "More", in a word each."""
    words = (
        (vocabulary.LINE_CATEGORIES, line.category),
        (vocabulary.PROFICIENCIES, line.proficiency),
        (vocabulary.FREQUENCIES, line.frequency),
    )
    return [_(labels[code]) for labels, code in words if code]


def new(submitted: PostedPage, prefix: str) -> RowView:
    """Empty fields for something new, or what was typed into them and refused."""
    kind, _dash, uid = prefix.partition("-")
    errors = submitted.errors.get(prefix, {})
    typed = submitted.typed.get(prefix, {}) if submitted.refused else {}
    return RowView(kind, uid, typed, 0, errors=errors)
