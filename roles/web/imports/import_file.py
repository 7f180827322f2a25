"""A new job description from a file."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles.drafts import document_import
from roles.web.imports.import_file_forms import ImportForm
from roles.web.shared.access import person, requires
from roles.web.shared.idempotency import run_once


@require_http_methods(["GET", "HEAD", "POST"])
@requires("description.create")
def from_file(request: HttpRequest) -> HttpResponse:
    """Upload a file and create a job description from its document."""
    if request.method != "POST":
        return render(request, "imports/file.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect(run_once(request, lambda: _create(request, form)))
        except ValidationError as error:
            form.add_error("file", error.messages)
    return render(request, "imports/file.html", {"form": form}, status=422)


def _create(request: HttpRequest, form: ImportForm) -> str:
    result = document_import.create_from_document(
        document=form.imported.document, by=person(request)
    )
    _add_messages(request, result)
    return reverse("wizard_step", args=[result.description.reference, "details"])


def _add_messages(request: HttpRequest, result: document_import.ImportResult) -> None:
    """Report the new reference, and what could not be imported."""
    made = _("Job description imported. Its reference number is %s.")
    messages.success(request, made % result.description.reference)
    if result.left_out:
        words = _("Not imported because they don’t exist in your organization: %s.")
        messages.warning(request, words % ", ".join(result.left_out))
    for difference in result.different:
        messages.warning(request, difference)
