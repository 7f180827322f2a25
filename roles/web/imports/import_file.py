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
    """Ask for the file; make a job description of what it holds."""
    if request.method != "POST":
        return render(request, "imports/file.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect(run_once(request, lambda: _bring(request, form)))
        except ValidationError as error:
            form.add_error("file", error.messages)
    return render(request, "imports/file.html", {"form": form}, status=422)


def _bring(request: HttpRequest, form: ImportForm) -> str:
    done = document_import.create_from_document(document=form.brought.document, by=person(request))
    _tell(request, done)
    return reverse("wizard_step", args=[done.description.reference, "details"])


def _tell(request: HttpRequest, done: document_import.ImportResult) -> None:
    """That it worked, and what could not be kept."""
    made = _("This draft was made from the file. It has a reference of its own: %s.")
    messages.success(request, made % done.description.reference)
    if done.left_out:
        words = _("Your organization does not have these, so they were left out: %s.")
        messages.warning(request, words % ", ".join(done.left_out))
    for difference in done.different:
        messages.warning(request, difference)
