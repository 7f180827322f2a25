"""A document on a page: the paper, its logo, the formats on offer, and stored files."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.safestring import SafeString, mark_safe

from roles import permissions, vocabulary
from roles.document import Document
from roles.editions import Edition
from roles.exporters import FORMATS, Format, file_names, html
from roles.models import JobDescription, RenderedFile
from roles.web.shared.access import person

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
    """The document as it is on paper."""
    paper = html.document_html(document, edition, logo_url=logo_address(edition))
    return mark_safe(paper)  # noqa: S308  # the exporter escapes


def logo_address(edition: Edition) -> str:
    """Where the edition's logo is found on the screen; empty where it has none."""
    digest = edition.brand.logo_digest if edition.logo else ""
    return reverse("logo", args=[digest]) if digest else ""


def send_stored(
    request: HttpRequest, stored: RenderedFile, form: Format, edition: Edition, audience: str = ""
) -> HttpResponseBase:
    """A stored file, unless the browser has it already; `audience` is for its name."""
    etag = f'"{stored.digest}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = FileResponse(stored.file.open("rb"), content_type=form.content_type)
        name = file_names.file_name(stored.title, edition, form.extension, audience)
        response["Content-Disposition"] = file_names.attachment(name)
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response
