"""The placeholders of a draft: each once, with where it stands and its answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles import assembly
from roles.assembly import DraftRows
from roles.document import Document, OpenPlaceholder
from roles.web.shared.access import get_description
from roles.web.wizard import placeholder_panel_forms
from roles.web.wizard.post_parser import PostedPage
from roles.web.wizard.row_fields import answer_view


@require_safe
def panel(request: HttpRequest, reference: str) -> HttpResponse:
    """The wizard's panel of placeholders, as it stands now."""
    description = get_description(request, reference, "description.edit")
    rows = assembly.load_rows(description)
    asked = questions(assembly.assemble(description, rows), rows, PostedPage())
    context = {"description": description, "questions": asked, "open_count": count_open(asked)}
    return render(request, "wizard/_placeholders.html", context)


def count_open(asked: Iterable[dict[str, Any]]) -> int:
    return sum(question["is_open"] for question in asked)


def questions(whole: Document, rows: DraftRows, submitted: PostedPage) -> list[dict[str, Any]]:
    """Each placeholder once (those of a line at each line), with where it stands and a row
    for its answer; open ones first."""
    asked: dict[str, list[OpenPlaceholder]] = {}
    for found in whole.placeholders():
        at = found.line.uid if found.line is not None and found.placeholder.is_local else ""
        asked.setdefault(f"{at}/{found.placeholder.key}", []).append(found)
    listed = [_question(places, rows, submitted) for places in asked.values()]
    return sorted(listed, key=lambda question: not question["is_open"])


def _question(
    places: list[OpenPlaceholder], rows: DraftRows, submitted: PostedPage
) -> dict[str, Any]:
    first = places[0]
    own = {answer.placeholder for answer in rows.answers.get(None, ())}
    return {
        "view": submitted.show(answer_view(first, rows.description.edit_token)),
        "placeholder": first.placeholder,
        "ask": placeholder_panel_forms.ask(first),
        "suggestions": placeholder_panel_forms.suggestions(
            first, rows.description, rows.organization
        ),
        "places": list(dict.fromkeys(p.section.heading for p in places if p.section)),
        "times": len(places),
        "words": "|".join(dict.fromkeys(p.placeholder.raw.lower() for p in places)),
        "is_open": first.answer is None,
        "is_local": first.placeholder.is_local,
        "is_shared": first.answer is not None
        and not first.placeholder.is_local
        and first.placeholder.key not in own,
        "line": first.line,
    }
