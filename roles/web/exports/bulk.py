"""Many job descriptions at once: order an export, follow its progress, download it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from roles import bulk_exports, outages, tasks
from roles.bulk_exports import file_access, orders, retention
from roles.exporters import FORMATS, file_names
from roles.models import BulkExport, BulkFile, JobDescription
from roles.web.exports.bulk_forms import ExportForm
from roles.web.shared import key_pages, references
from roles.web.shared.access import person, requires
from roles.web.shared.description_filter import DescriptionFilter
from roles.web.shared.fragments import is_fragment, page_or_fragment
from roles.web.shared.idempotency import form_data, form_page, run_once
from roles.web.shared.sort_order import SortOrder

PAGE_SIZE = 50
NEWEST_FIRST = SortOrder("", ("created_at",), is_descending=True)
SHOWN = 50  # selected or omitted files on a page; the rest is counted


@require_safe
@requires("export.many")
def exports(request: HttpRequest) -> HttpResponse:
    """The exports that the person ordered, the newest first."""
    own = BulkExport.objects.filter(by=person(request))
    page = key_pages.page_of(request, own, NEWEST_FIRST, PAGE_SIZE)
    page.object_list = [(export, _formats(export)) for export in page.object_list]
    return render(request, "exports/list.html", {"page": page, "file_days": retention.FILE_DAYS})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("export.many")
def new(request: HttpRequest) -> HttpResponseBase:
    """Order an export of the job descriptions that the URL selects."""
    selected = _selected(request)
    draft_count = selected.filter(versions=None).count()
    form = ExportForm(form_data(request), draft_count=draft_count, email=person(request).email)
    if form.is_valid():
        try:
            address = run_once(request, lambda: _order(request, selected, form))
        except bulk_exports.ExportRefused as refused:
            form.add_error(None, refused.message)
        else:
            return redirect(address)
    count = selected.count()
    context = {
        "count": count,
        "shown": selected.only("reference", "title")[:SHOWN],
        "more": max(count - SHOWN, 0),
        "missing": _missing(request, count),
        "most": orders.MAX_FILES,
    }
    return form_page(request, "exports/new.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_or_fragment
def export(request: HttpRequest, export: int) -> HttpResponseBase:
    """The progress of an export, its ZIP, the omitted files; htmx gets the progress only."""
    found = _get(request, export)
    if request.method == "POST":
        return _change(request, found)
    if found.is_unfinished and found.is_expired:  # its process was killed
        outages.tolerate("Resumed background work", tasks.resume)
    counts = found.files.aggregate(
        made=Count("pk", Q(state="made")), omitted=Count("pk", Q(state="left_out"))
    )
    finished = counts["made"] + counts["omitted"]
    context = {
        "export": found,
        "is_own": found.by_id == person(request).pk,
        "formats": _formats(found),
        **counts,
        "finished": finished,
        "quarters": 4 * finished // max(found.total, 1),
        "minutes": _minutes_left(found, finished),
        "omitted_files": _omitted(found),
        "more": max(counts["omitted"] - SHOWN, 0),
        "withdrawn": file_access.withdrawn(found, person(request)) if found.is_there else [],
        "is_fragment": is_fragment(request),
        "file_days": retention.FILE_DAYS,
    }
    template = "exports/_progress.html" if is_fragment(request) else "exports/export.html"
    response = render(request, template, context)
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def export_file(request: HttpRequest, export: int) -> HttpResponseBase:
    """The ZIP, for the person who ordered it and administrators, while they can read all of it."""
    found = _get(request, export)
    if not found.is_there:
        raise Http404
    if file_access.withdrawn(found, person(request)):
        raise PermissionDenied
    response = FileResponse(found.file.open("rb"), content_type="application/zip")
    day = timezone.localdate(found.created_at).isoformat()
    name = f"{_('Job descriptions')} {day}.zip"
    response["Content-Disposition"] = file_names.attachment(name)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _get(request: HttpRequest, pk: int) -> BulkExport:
    return get_object_or_404(BulkExport.objects.visible_to(person(request)), pk=pk)


def _selected(request: HttpRequest) -> QuerySet[JobDescription]:
    """Return the job descriptions of ?jd=, or with ?all= those that pass the list's filters."""
    visible = JobDescription.objects.visible_to(person(request))
    if "all" in request.GET:
        filtered = DescriptionFilter(request.GET, visible, person(request))
        return filtered.ordered if filtered.form.is_valid() else visible.none()
    chosen = references.valid(request.GET.getlist("jd"))[: orders.MAX_FILES]
    return visible.filter(reference__in=chosen).order_by("reference")


def _missing(request: HttpRequest, count: int) -> int:
    """Return how many of the references in the URL were not found. The page doesn't say which,
    nor whether they are hidden or don't exist."""
    chosen = set() if "all" in request.GET else set(request.GET.getlist("jd")) - {""}
    return max(len(chosen) - count, 0)


def _order(request: HttpRequest, selected: QuerySet[JobDescription], form: ExportForm) -> str:
    export = tasks.order_export(
        by=person(request),
        references=list(selected.values_list("reference", flat=True)),
        site=request.build_absolute_uri("/"),
        **form.cleaned_data,
    )
    return export.get_absolute_url()


def _change(request: HttpRequest, found: BulkExport) -> HttpResponse:
    if request.POST.get("action") == "again":
        tasks.retry_export(found)
    elif request.POST.get("action") == "cancel":
        if orders.cancel(export=found):
            messages.success(request, _("Export canceled."))
        else:
            messages.info(request, _("The export had already finished."))
    return redirect(found)


def _formats(export: BulkExport) -> str:
    return ", ".join(str(FORMATS[code].label) for code in export.formats if code in FORMATS)


def _omitted(export: BulkExport) -> list[tuple[BulkFile, str]]:
    """Return the first omitted files, each with the label of its format (its code where the
    format no longer exists)."""
    files = export.files.filter(state="left_out")[:SHOWN]
    return [(f, str(FORMATS[f.format].label) if f.format in FORMATS else f.format) for f in files]


def _minutes_left(export: BulkExport, finished: int) -> int | None:
    """Return an estimate from the time that the first files took; None where there is none."""
    if export.state != "working" or export.started_at is None or finished < 5:
        return None
    each: timedelta = (timezone.now() - export.started_at) / finished
    return round((each * (export.total - finished)).total_seconds() / 60)
