"""The list of job descriptions, the page of one, its people, archiving and deleting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from roles import assembly, drafts
from roles.document import Document, sha256
from roles.drafts import lifecycle
from roles.exporters import fact_labels
from roles.library import newer_wording
from roles.models import JobDescription, Version
from roles.quality import unprintable
from roles.versions import effective_periods
from roles.web.descriptions import review_summary, saved_filters
from roles.web.descriptions.description_forms import PeopleForm
from roles.web.shared import key_pages, pending_reviews, search_passages
from roles.web.shared.access import audience_of, get_description, person, requires
from roles.web.shared.description_filter import DescriptionFilter
from roles.web.shared.document_html import export_choices
from roles.web.shared.idempotency import form_data, form_page

PAGE_SIZE = 25


@require_safe
@requires("description.list")
def descriptions(request: HttpRequest) -> HttpResponse:
    """The job descriptions that the person can see; filters, sort order and page are in the
    URL."""
    visible = JobDescription.objects.visible_to(person(request))
    filtered = DescriptionFilter(request.GET, visible, person(request))
    related = ("owner", "job_family", "job_level", "department")
    page = key_pages.page_of(
        request,
        filtered.results,
        filtered.order,
        PAGE_SIZE,
        parts=[part.select_related(*related).defer("search_text") for part in filtered.parts],
    )
    pending_reviews.annotate_descriptions(page.object_list, person(request))
    context = {"filter": filtered, "page": page, "saved": saved_filters.context(request)}
    search_passages.annotate_descriptions(page.object_list, filtered.words)
    return render(request, "descriptions/list.html", context)


@require_safe
def description(request: HttpRequest, reference: str) -> HttpResponse:
    """One job description: facts, draft, review, versions."""
    found = get_description(request, reference, "description.view")
    versions = list(
        found.versions.select_related("author", "approval")
        .prefetch_related("rounds__review")
        .defer("text")
        .order_by("-number")
    )
    statuses = effective_periods.statuses(found, timezone.localdate())
    for version in versions:
        version.effective_status = statuses.get(version.pk)  # type: ignore[attr-defined]
    document = assembly.assemble(found)
    shown = document.for_audience(audience_of(request, found))
    current_and_planned = effective_periods.current_and_planned(statuses)
    is_changed = bool(versions) and not versions[0].has(document)
    context = {
        "description": found,
        "facts": _facts_in_short(shown),
        "versions": versions,
        **current_and_planned,
        "latest": versions[0] if versions else None,
        "is_changed": is_changed,
        "reviewing": review_summary.summary(
            found, versions, person(request), is_changed=is_changed
        ),
        "draft_version": _version_of_draft(versions, current_and_planned["current"], document),
        "open_count": document.open_count(),
        "exports": export_choices(request, found, document),
        "font_note": unprintable.export_note(shown),
        "newer_count": newer_wording.count_in_draft(found),
    }
    return render(request, "descriptions/description.html", context)


def _version_of_draft(
    versions: list[Version], current: effective_periods.EffectiveStatus | None, draft: Document
) -> Version | None:
    """Return the version with the text of the draft, to export instead of a copy marked as a
    draft: the current one, else the newest; None where the draft has changed."""
    candidates = [v for v in versions if current and v.number == current.number] + versions
    digest = sha256(draft.canonical_json())
    return next((v for v in candidates if v.sha256 == digest), None)


def _facts_in_short(document: Document) -> list[tuple[str, str]]:
    """Return label and value of each fact that is filled in."""
    filled = document.filled()
    shown = (
        (fact_labels.fact_label(f), ", ".join(fact_labels.fact_values(f))) for f in filled.facts
    )
    return [(label, value) for label, value in shown if value]


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, reference: str) -> HttpResponse:
    """Change the owner, the hiring managers and confidentiality."""
    found = get_description(request, reference, "description.edit")
    form = PeopleForm(form_data(request), description=found)
    if form.is_valid():
        try:
            lifecycle.assign_people(description=found, by=person(request), **form.cleaned_data)
        except drafts.ActionRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("People saved for %s.") % found.reference)
            visible = JobDescription.objects.visible_to(person(request))
            return redirect(found if visible.filter(pk=found.pk).exists() else "home")
    return form_page(request, "descriptions/people.html", form, {"description": found})


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, reference: str) -> HttpResponse:
    """Archive a job description, or restore an archived one."""
    found = get_description(request, reference, "description.archive")
    if request.method != "POST":
        return render(request, "descriptions/archive.html", {"description": found})
    if request.POST.get("action") == "unarchive":
        try:
            lifecycle.unarchive(description=found, by=person(request))
        except drafts.ActionRefused as refused:
            messages.error(request, refused.message)
            return redirect(found)
        messages.success(request, _("%s restored as a draft.") % found.reference)
    else:
        lifecycle.archive(description=found, by=person(request))
        messages.success(request, _("%s archived.") % found.reference)
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, reference: str) -> HttpResponse:
    """Delete a draft that has no version."""
    found = get_description(request, reference, "description.archive")
    if request.method == "POST":
        try:
            lifecycle.delete_draft(description=found, by=person(request))
        except drafts.ActionRefused as refused:
            messages.error(request, refused.message)
            return redirect(found)
        messages.success(request, _("%s deleted.") % found)
        return redirect("home")
    context = {"description": found, "has_versions": found.versions.exists()}
    return render(request, "descriptions/delete.html", context)
