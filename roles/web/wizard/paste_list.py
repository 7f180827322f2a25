"""A pasted list: this view shows its lines for confirmation, and the wizard adds them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from roles import vocabulary
from roles.web.shared.access import get_description
from roles.web.shared.fragments import is_fragment, page_or_fragment
from roles.web.shared.idempotency import form_data
from roles.web.shared.wizard_steps import step_of
from roles.web.wizard import paste_list_forms


@require_http_methods(["GET", "HEAD", "POST"])
@page_or_fragment
def paste(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The lines of the pasted text, with the snippets and the lines of the job description that
    they repeat. Changes nothing. A page, or only the list for htmx."""
    description = get_description(request, reference, "description.edit")
    target = description.sections.filter(uid=section, locked=False).first()
    if target is None:
        raise Http404
    form = paste_list_forms.PasteForm(form_data(request), section_kind=target.kind)
    context: dict[str, Any] = {
        "description": description,
        "section": target,
        "step": step_of(target.kind),
        "form": form,
        "words": vocabulary,
    }
    if form.is_valid():
        texts = list(description.lines.values_list("text", flat=True))
        context["pasted"] = paste_list_forms.to_confirm(form.entries, target.kind, texts)
    name = "_paste_list" if is_fragment(request) else "paste_list"
    status = 422 if form.errors else 200
    return render(request, f"wizard/{name}.html", context, status=status)
