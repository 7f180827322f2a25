"""Statements of the organization: the boilerplate that new sections start with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roles import library, limits, vocabulary
from roles.library import statements
from roles.models import Snippet
from roles.web.shared import idempotency
from roles.web.shared.access import person, requires
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import ParagraphField
from roles.web.shared.post_data import single
from roles.web.shared.settings_navigation import navigation

LABELS = vocabulary.CATEGORIES["boilerplate"]
OFFERED_LIMIT = 30  # snippets of the library to choose from


class StatementForm(EmbeddedForm):
    """A new statement, which becomes boilerplate of the library."""

    text = ParagraphField(
        label=_lazy("Wording"),
        max_length=limits.PARAGRAPH_LIMIT,
        widget=forms.Textarea({"rows": 6, "data-formatted": True}),
        help_text=_lazy("[Company Name] is filled in. Authors can change the text in a draft."),
    )


@require_safe
@requires("settings.change")
def show_statements(request: HttpRequest) -> HttpResponse:
    """The statements by category, each with the kind of section that starts with them."""
    rows = Snippet.objects.statements().order_by("pk")
    groups: dict[str, list[Snippet]] = {code: [] for code in statements.CATEGORIES}
    for snippet in rows:
        groups.setdefault(snippet.category, []).append(snippet)
    kinds = {code: kind for kind, codes in vocabulary.STATEMENTS.items() for code in codes}
    shown = [
        {
            "code": code,
            "label": LABELS[code],
            "section": vocabulary.SECTION_KINDS[kinds[code]].label,
            "snippets": groups[code],
        }
        for code in statements.CATEGORIES
    ]
    return render(request, "settings/statements.html", {"groups": shown, **navigation(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("settings.change")
def add_statement(request: HttpRequest, category: str) -> HttpResponseBase:
    """Writes a new statement, or chooses boilerplate of the library."""
    if category not in statements.CATEGORIES:
        raise Http404
    form = StatementForm(idempotency.form_data(request))

    def action() -> str:
        library.add(
            kind="boilerplate",
            category=category,
            text=form.cleaned_data["text"],
            by=person(request),
            is_statement=True,
        )
        return reverse("settings_statements")

    offered = Snippet.objects.offered().filter(kind="boilerplate", category=category)
    context: dict[str, Any] = {
        "label": LABELS[category],
        "offered": offered.filter(is_statement=False).order_by("text", "pk")[:OFFERED_LIMIT],
        **navigation(request),
    }
    done = idempotency.submit(request, form, action, _("Statement added."))
    return done or idempotency.form_page(request, "settings/statement_add.html", form, context)


@require_POST
@requires("settings.change")
def set_statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes boilerplate a statement (`use` is "yes"), or no longer one."""
    snippet = get_object_or_404(Snippet, pk=pk)
    is_statement = single(request.POST, "use") == "yes"
    try:
        statements.set_statement(snippet=snippet, is_statement=is_statement, by=person(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        added, removed = _("Statement added."), _("Statement removed. It stays in the library.")
        messages.success(request, added if is_statement else removed)
    return redirect("settings_statements")
