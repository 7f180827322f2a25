"""The job descriptions in effect, for everybody inside the organisation: the list, the page of
one, its files. Nobody reads anything restricted here, whoever they are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from roles.document import Edition
from roles.exporters import FORMATS, Format, Unfit
from roles.forms.jobs import JobsFilter
from roles.models import Effective, JobDescription, User
from roles.models.versions import EffectiveQuerySet
from roles.versioning import files
from roles.versioning.listing import AUDIENCE
from roles.views.access import person, requires
from roles.views.addresses import absolute
from roles.views.exports import article, send_stored

ON_A_PAGE = 25
TO_READ = ("pdf", "docx", "html", "md", "txt")  # not what is for machines and archives


def readable(user: User) -> EffectiveQuerySet:
    """What holds today, of what this person may read."""
    found = Effective.objects.all()
    assert isinstance(found, EffectiveQuerySet)  # noqa: S101  # narrows the type
    return found.readable_by(user, timezone.localdate())


@require_safe
@requires("effective.read")
def jobs(request: HttpRequest) -> HttpResponse:
    """Those in effect today: filters, order and page are in the URL."""
    chosen = JobsFilter(request.GET, readable(person(request)))
    page = Paginator(chosen.found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"filter": chosen, "page": page, "sort": chosen.sort}
    return render(request, "roles/jobs/list.html", context)


@require_safe
@requires("effective.read")
def job(request: HttpRequest, reference: str) -> HttpResponse:
    """What holds today, on paper."""
    found = _get(request, reference)
    shown = found.version.document.for_audience(AUDIENCE)
    visible = JobDescription.objects.visible_to(person(request))
    context: dict[str, Any] = {
        "effective": found,
        "title": shown.filled().title,
        "paper": article(shown, files.edition(found.version)),
        "formats": _formats(),
        "verify_url": absolute(request, "verify_copy", found.version.sha256),
        "is_visible": visible.filter(pk=found.description_id).exists(),
    }
    return render(request, "roles/jobs/job.html", context)


@require_safe
@requires("effective.read")
def job_file(request: HttpRequest, reference: str, format: str) -> HttpResponseBase:
    """The stored file of what holds today."""
    found = _get(request, reference, alone=True)
    form = _formats().get(format)
    if form is None:
        raise Http404
    by = person(request)
    try:
        stored = files.take(version=found.version, format=format, audience=AUDIENCE, by=by)
    except Unfit as problem:
        messages.error(request, problem.message)
        return redirect("job", reference)
    return send_stored(request, stored, form, Edition(reference, found.version.number))


def _get(request: HttpRequest, reference: str, *, alone: bool = False) -> Effective:
    """The row that says which version holds. `alone`: its text is not read before it is asked
    for."""
    rows = readable(person(request)).select_related("version", "description")
    rows = rows.defer("description__search_text", *(["version__text"] if alone else []))
    found = get_object_or_404(rows, description__reference=reference)
    found.version.description = found.description  # the same row; do not ask for it again
    return found


def _formats() -> dict[str, Format]:
    """The files that are offered, by their code."""
    return {code: FORMATS[code] for code in TO_READ if code in FORMATS}
