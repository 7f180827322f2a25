"""The preview, downloads of the draft, stored files of versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from roles import assembly
from roles.editions import Edition
from roles.exporters import FORMATS, CannotExport, Format, file_names
from roles.models import JobDescription
from roles.quality import unprintable
from roles.versions import rendered_files
from roles.web.shared.access import audience_of, get_description, get_version, person
from roles.web.shared.document_html import ADVERTISED, article, export_choices, send_stored
from roles.web.shared.fragments import is_fragment, page_or_fragment


@require_safe
@page_or_fragment
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """The draft as it will be printed; htmx gets the document only."""
    description = get_description(request, reference, "description.view")
    audience = audience_of(request, description)
    whole = assembly.assemble(description)
    document = whole.for_audience(audience)
    paper = article(document, assembly.draft_edition(description))
    if is_fragment(request):
        return HttpResponse(paper)
    context = {
        "description": description,
        "paper": paper,
        "audience": audience,
        "exports": export_choices(request, description, whole),
        "open_count": document.open_count(),
        "font_note": unprintable.export_note(document),
    }
    return render(request, "exports/preview.html", context)


@require_safe
def draft_file(request: HttpRequest, reference: str, format: str) -> HttpResponse:
    """The draft in a format, made for this request and not stored."""
    description = get_description(request, reference, "description.export")
    form = _format(format, description)
    document = assembly.assemble(description).for_audience(_audience(request, description, form))
    edition = assembly.draft_edition(description)
    try:
        content = form.render(document, edition)
    except CannotExport as problem:
        return _cannot_export(request, description, problem)
    response = HttpResponse(content, form.content_type)
    title = document.filled().title
    name = file_names.file_name(
        title, edition, form.extension, _chosen_audience(request, description)
    )
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
    audience = _audience(request, description, form)
    try:
        stored = rendered_files.download(
            version=version,
            format=format,
            audience=audience,
            by=person(request),
            during_outages=True,
        )
    except CannotExport as problem:
        return _cannot_export(request, description, problem)
    edition = Edition(description.reference, version.number)
    return send_stored(request, stored, form, edition, _chosen_audience(request, description))


def _format(code: str, description: JobDescription) -> Format:
    """Return the format; raise Http404 where the job description isn't offered in it today."""
    form = FORMATS.get(code)
    if form is None or (form.needs_posting and not description.posting(timezone.localdate())):
        raise Http404
    return form


def _audience(request: HttpRequest, description: JobDescription, form: Format) -> str:
    """Return the audience of the file: the public for an advertisement, else the chosen one."""
    return ADVERTISED if form.needs_posting else audience_of(request, description)


def _cannot_export(
    request: HttpRequest, description: JobDescription, problem: CannotExport
) -> HttpResponse:
    """Redirect to the job description with the reason why there is no file."""
    messages.error(request, problem.message)
    return redirect(description)


def _chosen_audience(request: HttpRequest, description: JobDescription) -> str:
    """Return the audience for the file name; "" where the URL doesn't name one."""
    return audience_of(request, description) if "audience" in request.GET else ""
