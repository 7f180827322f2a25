"""Importing market figures: the file is checked first, and stored only after confirmation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from roles.models import PayReference
from roles.organization import pay_figures
from roles.web.settings import figure_file
from roles.web.shared import idempotency
from roles.web.shared.access import person, requires
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.settings_navigation import navigation


class FigureFileForm(EmbeddedForm):
    """A CSV file, or on the second page the text of one that was checked."""

    error_summary = ""

    file = forms.FileField(
        label=_lazy("CSV file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    rows: list[figure_file.ReadFigure]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            if upload := cleaned.get("file"):
                cleaned["text"] = figure_file.decoded(upload.read(figure_file.BYTES_LIMIT + 1))
            if not cleaned.get("text"):
                raise ValidationError(_("Choose a file."))
            self.rows = figure_file.read(cleaned["text"])
        except ValidationError as error:
            self.add_error("file", error)
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@requires("settings.change")
def import_page(request: HttpRequest) -> HttpResponse:
    """Checks an uploaded file and shows what an import would do, or imports a confirmed one."""
    files = request.FILES if request.method == "POST" else None
    form = FigureFileForm(idempotency.form_data(request), files)
    context = {"columns": figure_file.COLUMNS, **navigation(request)}
    template = "settings/figures_import.html"
    if request.method != "POST" or not form.is_valid():
        return idempotency.form_page(request, template, form, context)
    wrong = [row for row in form.rows if row.errors]
    if "confirm" in request.POST and not wrong:
        return _import(request, form)
    context |= {
        "form": form,
        "text": form.cleaned_data["text"],
        "wrong": wrong,
        "count": len(form.rows),
        "added": sum(row.is_new for row in form.rows),
    }
    return render(request, template, context, status=422 if wrong else 200)


def _import(request: HttpRequest, form: FigureFileForm) -> HttpResponse:
    def action() -> str:
        rows = [row.to_import() for row in form.rows]
        result = pay_figures.import_figures(rows=rows, by=person(request))
        message = _("Market figures: %(added)d added, %(changed)d changed, %(same)d as before.")
        messages.success(request, message % vars(result))
        return reverse("settings_list", args=["market-figures"])

    try:
        return redirect(idempotency.run_once(request, action))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("settings_figures_import")


@require_safe
@requires("settings.change")
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The stored figures as CSV, or with ?template an example of the columns."""
    stored = PayReference.objects.all()
    text = figure_file.written([] if "template" in request.GET else stored)
    response = HttpResponse(text, "text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="market-figures.csv"'
    return response
