"""The placeholder panel of the wizard: each placeholder of the draft, and its answer."""

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
from roles.web.wizard import placeholder_inputs
from roles.web.wizard.post_parser import PostedPage
from roles.web.wizard.row_fields import answer_view


@require_safe
def panel(request: HttpRequest, reference: str) -> HttpResponse:
    """The current placeholder panel."""
    description = get_description(request, reference, "description.edit")
    rows = assembly.load_rows(description)
    found = placeholders(assembly.assemble(description, rows), rows, PostedPage())
    context = {"description": description, "placeholders": found, "open_count": count_open(found)}
    return render(request, "wizard/_placeholders.html", context)


def count_open(placeholders: Iterable[dict[str, Any]]) -> int:
    """How many placeholders are blank."""
    return sum(placeholder["is_open"] for placeholder in placeholders)


def placeholders(
    document: Document, rows: DraftRows, submitted: PostedPage
) -> list[dict[str, Any]]:
    """Each placeholder once (local ones for each line), with its sections and the row of its
    answer; blank ones first."""
    by_place: dict[str, list[OpenPlaceholder]] = {}
    for found in document.placeholders():
        at = found.line.uid if found.line is not None and found.placeholder.is_local else ""
        by_place.setdefault(f"{at}/{found.placeholder.key}", []).append(found)
    items = [_item(places, rows, submitted) for places in by_place.values()]
    return sorted(items, key=lambda item: not item["is_open"])


def _item(places: list[OpenPlaceholder], rows: DraftRows, submitted: PostedPage) -> dict[str, Any]:
    first = places[0]
    own = {answer.placeholder for answer in rows.answers.get(None, ())}
    return {
        "view": submitted.show(answer_view(first, rows.description.edit_token)),
        "placeholder": first.placeholder,
        "input": placeholder_inputs.input_for(first),
        "suggestions": placeholder_inputs.suggestions(first, rows.description, rows.organization),
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
