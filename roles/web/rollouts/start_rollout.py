"""Starting a rollout: the form, and the preview of one job description."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from roles import drafts, permissions, tasks
from roles.models import JobDescription, Snippet, SnippetRevision, Version
from roles.rollouts import apply_rollout, impact
from roles.web.rollouts import rollout_redline
from roles.web.rollouts.rollout_forms import RolloutFilter, RolloutForm
from roles.web.shared import dates, references
from roles.web.shared.access import get_description, person, requires
from roles.web.shared.fragments import page_or_fragment
from roles.web.shared.idempotency import form_data, form_page, run_once


@require_http_methods(["GET", "HEAD", "POST"])
@requires("rollout.start")
def new(request: HttpRequest) -> HttpResponseBase:
    """Starts a rollout of the latest revision of ?snippet=, with job descriptions and approver."""
    key = request.GET.get("snippet", "")
    if not (key.isdecimal() and len(key) < 10):
        return redirect("rollouts")
    revision = get_object_or_404(Snippet, pk=int(key)).latest()
    user = person(request)
    concerned = impact.affected(revision, user)
    filtered = RolloutFilter(request.GET, concerned)
    form = RolloutForm(form_data(request), by=user, revision=revision.pk)
    if form.is_valid():
        try:
            address = run_once(request, lambda: _ask(request, revision, form))
        except drafts.ActionRefused as refused:
            form.add_error(None, refused.message)
        else:
            return redirect(address)
    count = filtered.results.count()
    found = impact.candidates(
        revision=revision,
        user=user,
        within=impact.likely_first(filtered.results)[: apply_rollout.MAX_DESCRIPTIONS],
    )
    fit = [one for one in found if not one.reason]
    context = {
        "revision": revision,
        "wording": rollout_redline.wording(impact.replaced(revision, _newest(concerned)), revision),
        "filter": filtered,
        "plain": [one for one in fit if not one.is_reworded],
        "reworded": [one for one in fit if one.is_reworded],
        "out": [one for one in found if one.reason],
        "picked": set(request.POST.getlist("jd")) if form.is_bound else None,
        "replaced": set(request.POST.getlist("reworded")),
        "clear_url": f"{reverse('rollout_new')}?snippet={key}",
        "more": max(count - apply_rollout.MAX_DESCRIPTIONS, 0),
    }
    return form_page(request, "rollouts/new.html", form, context)


@require_safe
@page_or_fragment
def preview(request: HttpRequest, snippet: int, reference: str) -> HttpResponse:
    """Shows the changes that the snippet's latest revision would make to a draft; only the redline
    for htmx."""
    description = get_description(request, reference, "description.edit")
    if not permissions.may(person(request), "rollout.start"):
        raise PermissionDenied
    revision = get_object_or_404(Snippet, pk=snippet).latest()
    found = impact.preview(revision=revision, description=description)
    user = person(request)
    audience = permissions.audience(user, description.relations_of(user))
    old, new = found.old.for_audience(audience), found.new.for_audience(audience)
    context = {
        "reference": reference,
        "title": description.title,
        "reason": found.reason,
        "sections": rollout_redline.changed(old, new, found.sections),
        "snippet": revision.snippet,
    }
    return rollout_redline.section(request, context)


def _ask(request: HttpRequest, revision: SnippetRevision, form: RolloutForm) -> str:
    if form.cleaned_data["revision"] != revision.pk:
        raise drafts.ActionRefused(
            _("This snippet has a newer revision. Review it before you roll it out.")
        )
    replaced = references.valid(request.POST.getlist("reworded"))
    chosen = references.valid([*request.POST.getlist("jd"), *replaced])
    visible = impact.affected(revision, person(request)).filter(reference__in=chosen)
    rollout = tasks.start_rollout(
        revision=revision,
        descriptions=list(visible),
        by=person(request),
        replacing={one.pk for one in visible if one.reference in replaced},
        **{name: form.cleaned_data[name] for name in ("approver", "note", "due")},
    )
    if note := dates.weekend_note(form.cleaned_data["due"]):
        messages.info(request, note)
    return rollout.get_absolute_url()


def _newest(found: QuerySet[JobDescription]) -> QuerySet[Version]:
    """Returns the latest version of each of these."""
    return Version.objects.filter(pk__in=found.values("newest"))  # type: ignore[misc]
