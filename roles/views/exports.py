"""Documents going out: the preview, files of the draft, stored files of versions."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from roles import assembly, permissions, versioning, vocabulary
from roles.document import Document, Edition
from roles.exporters import FORMATS, Format, naming
from roles.exporters import html as html_exporter
from roles.models import JobDescription
from roles.views.access import audience_of, get_description, get_version, person


@dataclass(frozen=True)
class ExportChoice:
    """An entry of the export menu: a format for an audience."""

    format: str
    label: str | Promise
    audience: str
    audience_label: str


def export_choices(request: HttpRequest, description: JobDescription) -> list[ExportChoice]:
    """What this person may export: every format for each audience within their own."""
    user = person(request)
    widest = permissions.audience(user, description.relations_of(user))
    return [
        ExportChoice(code, form.label, audience, vocabulary.AUDIENCES[audience])
        for code, form in FORMATS.items()
        for audience in permissions.audiences_within(widest)
    ]


def article(document: Document, edition: Edition) -> SafeString:
    """The document as it stands on paper."""
    digest = edition.brand.logo_digest if edition.logo else ""
    logo_url = reverse("logo", args=[digest]) if digest else ""
    html = html_exporter.document_html(document, edition, logo_url=logo_url)
    return mark_safe(html)  # noqa: S308  # the exporter escapes


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
    form = _format(format)
    document = assembly.assemble(description).for_audience(audience_of(request, description))
    edition = assembly.draft_edition(description)
    response = HttpResponse(form.render(document, edition), form.content_type)
    name = naming.file_name(document, edition, form.extension, _chosen(request, description))
    response["Content-Disposition"] = naming.attachment(name)
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def version_file(
    request: HttpRequest, reference: str, number: int, format: str
) -> HttpResponseBase:
    """A version's stored file."""
    description = get_description(request, reference, "description.export")
    form = _format(format)
    version = get_version(description, number)
    audience = audience_of(request, description)
    stored = versioning.rendered(version=version, format=format, audience=audience)
    etag = f'"{stored.digest}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = FileResponse(stored.file.open("rb"), content_type=form.content_type)
        edition = Edition(description.reference, version.number)
        chosen = _chosen(request, description)
        name = naming.file_name(version.document, edition, form.extension, chosen)
        response["Content-Disposition"] = naming.attachment(name)
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _format(code: str) -> Format:
    if code not in FORMATS:
        raise Http404
    return FORMATS[code]


def _chosen(request: HttpRequest, description: JobDescription) -> str:
    """The audience for the file's name: only where it was asked for."""
    return audience_of(request, description) if "audience" in request.GET else ""
