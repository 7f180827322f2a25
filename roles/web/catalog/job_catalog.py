"""The catalog: current job descriptions for all employees, as a list, a page and files. It
never shows restricted sections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from roles.editions import Edition
from roles.exporters import FORMATS, CannotExport, Format
from roles.models import EffectivePeriod, JobDescription
from roles.versions import rendered_files
from roles.versions.description_index import AUDIENCE
from roles.versions.effective_periods import readable_today
from roles.web.catalog.job_catalog_forms import CatalogFilter
from roles.web.shared import key_pages, search_passages
from roles.web.shared.absolute_urls import absolute
from roles.web.shared.access import person, requires
from roles.web.shared.document_html import article, send_stored, style_address

PAGE_SIZE = 25
OFFERED_FORMATS = ("pdf", "docx", "html", "md", "txt")  # those made for people to read


@require_safe
@requires("catalog.view")
def catalog(request: HttpRequest) -> HttpResponse:
    """The current job descriptions; filters, sort order and page are in the URL."""
    filtered = CatalogFilter(request.GET, readable_today(person(request)))
    page = key_pages.page_of(
        request, filtered.results, filtered.order, PAGE_SIZE, parts=filtered.parts
    )
    search_passages.annotate_periods(page.object_list, filtered.words)
    return render(request, "catalog/list.html", {"filter": filtered, "page": page})


@require_safe
@requires("catalog.view")
def catalog_job(request: HttpRequest, reference: str) -> HttpResponse:
    """The version that is current today."""
    period = _get(request, reference)
    edition = rendered_files.edition(period.version)
    shown = period.version.document.for_audience(AUDIENCE)
    visible = JobDescription.objects.visible_to(person(request))
    context: dict[str, Any] = {
        "current": period,
        "title": shown.filled().title,
        "paper": article(shown, edition),
        "style_address": style_address(edition),
        "formats": _formats(),
        "verify_url": absolute(request, "verify_copy", period.version.sha256),
        "is_visible": visible.filter(pk=period.description_id).exists(),
    }
    return render(request, "catalog/job.html", context)


@require_safe
@requires("catalog.view")
def catalog_file(request: HttpRequest, reference: str, format: str) -> HttpResponseBase:
    """The stored file of the version that is current today."""
    period = _get(request, reference, without_text=True)
    form = _formats().get(format)
    if form is None:
        raise Http404
    by = person(request)
    try:
        stored = rendered_files.download(
            version=period.version,
            format=format,
            audience=AUDIENCE,
            by=by,
            during_outages=True,
        )
    except CannotExport as problem:
        messages.error(request, problem.message)
        return redirect("catalog_job", reference)
    return send_stored(request, stored, form, Edition(reference, period.version.number))


def _get(request: HttpRequest, reference: str, *, without_text: bool = False) -> EffectivePeriod:
    """Return today's period of a job description, or raise Http404. `without_text`: the text of
    the version is loaded only when it is used."""
    rows = readable_today(person(request)).select_related("version", "description")
    rows = rows.defer("description__search_text", *(["version__text"] if without_text else []))
    period = get_object_or_404(rows, description__reference=reference)
    period.version.description = period.description  # the same row: saves a query
    return period


def _formats() -> dict[str, Format]:
    """Return the offered formats by their code."""
    return {code: FORMATS[code] for code in OFFERED_FORMATS if code in FORMATS}
