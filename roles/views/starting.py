"""The start of a job description: what it is called, what exists already, what it begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles import assembly, drafting, permissions, search
from roles.document import Document
from roles.drafting.loading import template_fields
from roles.forms.wizard import StartForm
from roles.models import JobDescription, Template
from roles.models.descriptions import JobDescriptionQuerySet
from roles.views.access import person, requires
from roles.views.submissions import once


@dataclass
class Source:
    """What the new job description is made from: at most one of these."""

    template: Template | None = None
    copy_of: Document | None = None
    revisions: dict[str, int] = field(default_factory=dict)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("description.create")
def start(request: HttpRequest) -> HttpResponse:
    """Name the job; see like ones; choose a template, a copy, or a blank page."""
    if request.method != "POST":
        form = StartForm(request.GET) if request.GET.get("title") else StartForm()
        return _page(request, form, request.GET.get("source", ""))
    form = StartForm(request.POST)
    chosen = request.POST.get("source", "").replace("\0", "")
    source, problem = _resolve(request, chosen)
    if not form.is_valid() or source is None:
        return _page(request, form, chosen, problem=problem, status=422)
    try:
        return redirect(once(request, lambda: _begin(request, form, source)))
    except drafting.Refused as refused:
        return _page(request, form, chosen, problem=refused.message, status=422)


def _begin(request: HttpRequest, form: StartForm, source: Source) -> str:
    description = drafting.start(
        by=person(request),
        title=form.cleaned_data["title"],
        family=form.cleaned_data["family"],
        level=form.cleaned_data["level"],
        template=source.template,
        copy_of=source.copy_of,
        revisions=source.revisions,
        kept=source.kept,
    )
    return reverse("wizard_step", args=[description.reference, "details"])


def _resolve(request: HttpRequest, chosen: str) -> tuple[Source | None, str]:
    """What `source` names, or None and what is wrong with it."""
    kind, _colon, name = chosen.partition(":")
    if kind == "blank":
        return Source(), ""
    if kind == "template":
        template = Template.objects.filter(code=name).first()
        if template is None:
            return None, _("This template does not exist any more. Choose another.")
        if template.status != "active":
            return None, _("This template is retired. Choose another.")
        return Source(template=template), ""
    if kind == "copy":
        original = _visible(request).filter(reference=name).first()
        if original is None:
            return None, _("That job description cannot be copied. Choose another start.")
        return _copy(request, original), ""
    return None, _("Choose what to begin with.")


def _copy(request: HttpRequest, original: JobDescription) -> Source:
    """The original as this person may read it, with the links of its lines to the library."""
    user = person(request)
    audience = permissions.audience(user, original.relations_of(user))
    linked = original.lines.filter(revision__isnull=False).values_list("uid", "revision")
    whole = assembly.assemble(original).for_audience(audience)
    return Source(copy_of=whole, revisions=dict(linked), kept=template_fields(original))


def _visible(request: HttpRequest) -> JobDescriptionQuerySet:
    found = JobDescription.objects.all()
    assert isinstance(found, JobDescriptionQuerySet)  # noqa: S101  # narrows the type
    return found.visible_to(person(request))


def _page(
    request: HttpRequest, form: StartForm, chosen: str, *, problem: str = "", status: int = 200
) -> HttpResponse:
    title = str(form.data.get("title", "")) if form.is_bound else ""
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "like": search.like_roles(_visible(request), title[:200]),
        "templates": Template.objects.offered()
        .select_related("family", "level")
        .prefetch_related("sections"),
        "chosen": chosen,
        "problem": problem,
    }
    if getattr(request, "htmx", False) and status == 200:
        return render(request, "roles/wizard/_like.html", context)
    return render(request, "roles/wizard/start.html", context, status=status)
