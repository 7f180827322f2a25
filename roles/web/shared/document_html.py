"""A document on a page: its HTML, logo, export formats, and stored files."""

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
from roles.exporters import FORMATS, Format, fact_labels, file_names, html
from roles.models import JobDescription, RenderedFile
from roles.web.shared.access import person

ADVERTISED = "public"  # audience of job postings


@dataclass(frozen=True)
class ExportChoice:
    """A part of the export menu: an audience, its formats by code, and what it won't see."""

    audience: str
    label: str
    formats: dict[str, Format]
    hidden: list[str]


def export_choices(
    request: HttpRequest, description: JobDescription, document: Document | None = None
) -> list[ExportChoice]:
    """Return the audiences that this person can export for, each with its formats (those of a job
    posting only while the vacancy is open), and with what it won't see of `document`, the whole
    one."""
    user = person(request)
    widest = permissions.audience(user, description.relations_of(user))
    is_open = description.posting(timezone.localdate()) is not None

    def offered(audience: str) -> dict[str, Format]:
        advertised = is_open and audience == ADVERTISED
        return {c: form for c, form in FORMATS.items() if advertised or not form.needs_posting}

    return [
        ExportChoice(
            audience,
            vocabulary.AUDIENCES[audience],
            offered(audience),
            _hidden(document.for_audience(widest), audience) if document else [],
        )
        for audience in permissions.audiences_within(widest)
    ]


def _hidden(whole: Document, audience: str) -> list[str]:
    """Return what an audience won't see of a document: the headings of sections, and the labels of
    facts in the sections that it sees."""
    shown = whole.for_audience(audience)
    sections = {section.uid for section in shown.sections}
    facts = {fact.name for fact in shown.facts}
    printed = {name for s in whole.sections if s.uid in sections for name in s.facts}
    headings = [
        section.heading
        for section in whole.filled().sections
        if section.uid not in sections and not whole.is_empty(section)
    ]
    hidden = [fact for fact in whole.facts if fact.name in printed and fact.name not in facts]
    return [*headings, *map(fact_labels.fact_label, hidden)]


def article(document: Document, edition: Edition) -> SafeString:
    """Return the document as HTML."""
    paper = html.document_html(document, edition, logo_url=logo_address(edition))
    return mark_safe(paper)  # noqa: S308  # the exporter escapes


def logo_address(edition: Edition) -> str:
    """Return the URL of the edition's logo, or ""."""
    digest = edition.brand.logo_digest if edition.logo else ""
    return reverse("logo", args=[digest]) if digest else ""


def style_address(edition: Edition) -> str:
    """Return the URL of the style sheet with the edition's brand color."""
    return reverse("version_css", args=[edition.brand.color.removeprefix("#").lower()])


def send_stored(
    request: HttpRequest, stored: RenderedFile, form: Format, edition: Edition, audience: str = ""
) -> HttpResponseBase:
    """Return a stored file, or 304 if the browser has it. `audience` is for the file name."""
    etag = f'"{stored.digest}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = FileResponse(stored.file.open("rb"), content_type=form.content_type)
        name = file_names.file_name(stored.title, edition, form.extension, audience)
        response["Content-Disposition"] = file_names.attachment(name)
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response
