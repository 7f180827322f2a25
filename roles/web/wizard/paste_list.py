"""A pasted list becomes lines: shown for confirmation here, added by the wizard."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from roles import search, vocabulary
from roles.web.shared.access import get_description
from roles.web.shared.wizard_steps import step_of
from roles.web.wizard import paste_list_forms


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The pasted text as lines, with what the library and the job description have of them.
    Changes nothing. A page, or the part of it that htmx asks for."""
    description = get_description(request, reference, "description.edit")
    place = description.sections.filter(uid=section, locked=False).first()
    if place is None:
        raise Http404
    form = (
        paste_list_forms.PasteForm(request.POST)
        if request.method == "POST"
        else paste_list_forms.PasteForm()
    )
    context: dict[str, Any] = {
        "description": description,
        "section": place,
        "step": step_of(place.kind),
        "form": form,
    }
    if form.is_bound and form.is_valid():
        lines = paste_list_forms.flat(form.entries)
        known = search.in_library(
            [line.text for line in lines], vocabulary.SECTION_KINDS[place.kind].offers
        )
        paste_list_forms.compare(
            lines, known, list(description.lines.values_list("text", flat=True))
        )
        context["pasted"] = lines
    whole = "wizard/paste.html"
    part = "wizard/_pasted.html" if getattr(request, "htmx", False) else whole
    return render(request, part, context, status=422 if form.errors else 200)
