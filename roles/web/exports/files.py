"""Documents going out: the preview, files of the draft, stored files of versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from roles import assembly
from roles.document import Edition
from roles.exporters import FORMATS, CannotExport, Format, file_names
from roles.models import JobDescription
from roles.versions import rendered_files
from roles.web.shared.access import audience_of, get_description, get_version, person
from roles.web.shared.document_html import ADVERTISED, article, export_choices, send_stored


@require_safe
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """The draft as it will be printed: for htmx the paper's content alone."""
    description = get_description(request, reference, "description.view")
    audience = audience_of(request, description)
    document = assembly.assemble(description).for_audience(audience)
    paper = article(document, assembly.draft_edition(description))
    if getattr(request, "htmx", False):
        return HttpResponse(paper)
    context = {
        "description": description,
        "paper": paper,
        "audience": audience,
        "exports": export_choices(request, description),
        "open_count": len(document.open_placeholders()),
    }
    return render(request, "exports/preview.html", context)


@require_safe
def draft_file(request: HttpRequest, reference: str, format: str) -> HttpResponse:
    """The draft in a format, made at the moment and not stored."""
    description = get_description(request, reference, "description.export")
    form = _format(format, description)
    document = assembly.assemble(description).for_audience(_reader(request, description, form))
    edition = assembly.draft_edition(description)
    try:
        content = form.render(document, edition)
    except CannotExport as problem:
        return _unfit(request, description, problem)
    response = HttpResponse(content, form.content_type)
    title = document.filled().title
    name = file_names.file_name(title, edition, form.extension, _chosen(request, description))
    response["Content-Disposition"] = file_names.attachment(name)
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def version_file(
    request: HttpRequest, reference: str, number: int, format: str
) -> HttpResponseBase:
    """A version's stored file."""
    description = get_description(request, reference, "description.export", alone=True)
    form = _format(format, description)
    version = get_version(description, number, alone=True)
    audience = _reader(request, description, form)
    try:
        stored = rendered_files.get_or_render(
            version=version, format=format, audience=audience, by=person(request)
        )
    except CannotExport as problem:
        return _unfit(request, description, problem)
    edition = Edition(description.reference, version.number)
    return send_stored(request, stored, form, edition, _chosen(request, description))


def _format(code: str, description: JobDescription) -> Format:
    """The format, if there is one and the job description can be had in it today."""
    form = FORMATS.get(code)
    if form is None or (form.needs_posting and not description.posting(timezone.localdate())):
        raise Http404
    return form


def _reader(request: HttpRequest, description: JobDescription, form: Format) -> str:
    """For whom the file is made: an advertisement for the public, others as they were asked
    for."""
    return ADVERTISED if form.needs_posting else audience_of(request, description)


def _unfit(
    request: HttpRequest, description: JobDescription, problem: CannotExport
) -> HttpResponse:
    """Back to the job description, with the reason why there is no file."""
    messages.error(request, problem.message)
    return redirect(description)


def _chosen(request: HttpRequest, description: JobDescription) -> str:
    """The audience for the file's name: only where it was asked for."""
    return audience_of(request, description) if "audience" in request.GET else ""
