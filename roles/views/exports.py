"""Documents going out: the preview, files of the draft, stored files of versions."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from roles import assembly, permissions, vocabulary
from roles.document import Document, Edition
from roles.exporters import FORMATS, Format, Unfit, naming
from roles.exporters import html as html_exporter
from roles.models import JobDescription, RenderedFile
from roles.versioning import files
from roles.views.access import audience_of, get_description, get_version, person

ADVERTISED = "public"  # whom an advertisement is for


@dataclass(frozen=True)
class ExportChoice:
    """A part of the export menu: the formats in which an audience's document is offered, by
    their code."""

    audience: str
    label: str
    formats: dict[str, Format]


def export_choices(request: HttpRequest, description: JobDescription) -> list[ExportChoice]:
    """What this person may export: for each audience within their own, the formats that there
    are (those of an advertisement only while the vacancy is open)."""
    user = person(request)
    widest = permissions.audience(user, description.relations_of(user))
    is_open = description.posting(timezone.localdate()) is not None

    def offered(audience: str) -> dict[str, Format]:
        advertised = is_open and audience == ADVERTISED
        return {c: form for c, form in FORMATS.items() if advertised or not form.needs_posting}

    return [
        ExportChoice(audience, vocabulary.AUDIENCES[audience], offered(audience))
        for audience in permissions.audiences_within(widest)
    ]


def article(document: Document, edition: Edition) -> SafeString:
    """The document as it stands on paper."""
    html = html_exporter.document_html(document, edition, logo_url=logo_address(edition))
    return mark_safe(html)  # noqa: S308  # the exporter escapes


def logo_address(edition: Edition) -> str:
    """Where the edition's logo is found on the screen; empty where it has none."""
    digest = edition.brand.logo_digest if edition.logo else ""
    return reverse("logo", args=[digest]) if digest else ""


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
    return render(request, "roles/export/preview_page.html", context)


@require_safe
def draft_file(request: HttpRequest, reference: str, format: str) -> HttpResponse:
    """The draft in a format, made at the moment and not stored."""
    description = get_description(request, reference, "description.export")
    form = _format(format, description)
    document = assembly.assemble(description).for_audience(_reader(request, description, form))
    edition = assembly.draft_edition(description)
    try:
        content = form.render(document, edition)
    except Unfit as problem:
        return _unfit(request, description, problem)
    response = HttpResponse(content, form.content_type)
    title = document.filled().title
    name = naming.file_name(title, edition, form.extension, _chosen(request, description))
    response["Content-Disposition"] = naming.attachment(name)
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
        stored = files.take(version=version, format=format, audience=audience, by=person(request))
    except Unfit as problem:
        return _unfit(request, description, problem)
    edition = Edition(description.reference, version.number)
    return send_stored(request, stored, form, edition, _chosen(request, description))


def send_stored(
    request: HttpRequest, stored: RenderedFile, form: Format, edition: Edition, audience: str = ""
) -> HttpResponseBase:
    """A stored file, unless the browser has it already; `audience` is for its name."""
    etag = f'"{stored.digest}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = FileResponse(stored.file.open("rb"), content_type=form.content_type)
        name = naming.file_name(stored.title, edition, form.extension, audience)
        response["Content-Disposition"] = naming.attachment(name)
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


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


def _unfit(request: HttpRequest, description: JobDescription, problem: Unfit) -> HttpResponse:
    """Back to the job description, with the reason why there is no file."""
    messages.error(request, problem.message)
    return redirect(description)


def _chosen(request: HttpRequest, description: JobDescription) -> str:
    """The audience for the file's name: only where it was asked for."""
    return audience_of(request, description) if "audience" in request.GET else ""
