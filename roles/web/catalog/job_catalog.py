"""The job descriptions in effect, for everyone inside the organization: the list, the page of
one, its files. No one reads anything restricted here, whoever is signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from roles.document import Edition
from roles.exporters import FORMATS, CannotExport, Format
from roles.models import EffectivePeriod, JobDescription
from roles.versions import rendered_files
from roles.versions.description_index import AUDIENCE
from roles.versions.effective_periods import readable_today
from roles.web.catalog.job_catalog_forms import CatalogFilter
from roles.web.shared.absolute_urls import absolute
from roles.web.shared.access import person, requires
from roles.web.shared.document_html import article, send_stored

ON_A_PAGE = 25
TO_READ = ("pdf", "docx", "html", "md", "txt")  # not what is for machines and archives


@require_safe
@requires("catalog.view")
def catalog(request: HttpRequest) -> HttpResponse:
    """Those in effect today: filters, order and page are in the URL."""
    chosen = CatalogFilter(request.GET, readable_today(person(request)))
    page = Paginator(chosen.found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"filter": chosen, "page": page, "sort": chosen.sort}
    return render(request, "catalog/list.html", context)


@require_safe
@requires("catalog.view")
def catalog_job(request: HttpRequest, reference: str) -> HttpResponse:
    """What holds today, on paper."""
    found = _get(request, reference)
    shown = found.version.document.for_audience(AUDIENCE)
    visible = JobDescription.objects.visible_to(person(request))
    context: dict[str, Any] = {
        "current": found,
        "title": shown.filled().title,
        "paper": article(shown, rendered_files.edition(found.version)),
        "formats": _formats(),
        "verify_url": absolute(request, "verify_copy", found.version.sha256),
        "is_visible": visible.filter(pk=found.description_id).exists(),
    }
    return render(request, "catalog/job.html", context)


@require_safe
@requires("catalog.view")
def catalog_file(request: HttpRequest, reference: str, format: str) -> HttpResponseBase:
    """The stored file of what holds today."""
    found = _get(request, reference, alone=True)
    form = _formats().get(format)
    if form is None:
        raise Http404
    by = person(request)
    try:
        stored = rendered_files.get_or_render(
            version=found.version, format=format, audience=AUDIENCE, by=by
        )
    except CannotExport as problem:
        messages.error(request, problem.message)
        return redirect("catalog_job", reference)
    return send_stored(request, stored, form, Edition(reference, found.version.number))


def _get(request: HttpRequest, reference: str, *, alone: bool = False) -> EffectivePeriod:
    """The row that says which version holds. `alone`: its text is not read before it is asked
    for."""
    rows = readable_today(person(request)).select_related("version", "description")
    rows = rows.defer("description__search_text", *(["version__text"] if alone else []))
    found = get_object_or_404(rows, description__reference=reference)
    found.version.description = found.description  # the same row; do not ask for it again
    return found


def _formats() -> dict[str, Format]:
    """The files that are offered, by their code."""
    return {code: FORMATS[code] for code in TO_READ if code in FORMATS}
