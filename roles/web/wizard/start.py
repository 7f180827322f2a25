"""The start page of a new job description: its title, similar ones, and a template or copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles import assembly, drafts, limits, permissions, search
from roles.drafts.load_document import get_template_fields
from roles.exporters import thumbnail
from roles.library import template_gallery
from roles.models import JobDescription, JobFamily, Organization, Template
from roles.models.job_description import JobDescriptionQuerySet
from roles.organization import list_access
from roles.web.shared.access import person, requires
from roles.web.shared.idempotency import run_once
from roles.web.shared.start_query import OF_THE_JOB, carried
from roles.web.wizard.start_forms import GalleryForm, StartForm

COPIES_LIMIT = 6  # job descriptions to copy that are shown
POST_ONLY = ("csrfmiddlewaretoken", "nonce")


@dataclass(frozen=True)
class Choice:
    """The chosen `source`: a template, a job description to copy, or neither for a blank page.
    `problem` is the error if it is not available."""

    source: str
    template: Template | None = None
    original: JobDescription | None = None
    problem: str = ""

    @property
    def title(self) -> str:
        """The title of the source, or ""."""
        if self.original is not None:
            return self.original.title
        return self.template.proposed_title if self.template is not None else ""

    @property
    def family(self) -> JobFamily | None:
        """The family of the source."""
        if self.original is not None:
            return self.original.job_family
        return self.template.family if self.template is not None else None

    def proposals(self, typed_title: str) -> dict[str, str]:
        """Values for the fields that the person leaves empty. A copy has its own level and years,
        which a level proposed here would replace. A template can be the nearest one for a job of
        another family, so with a title of the person's own the page asks (see StartForm)."""
        found = {"title": self.title}
        is_own_title = typed_title.strip().casefold() not in ("", self.title.casefold())
        if self.family is not None and not (is_own_title and self.template is not None):
            found["family"] = str(self.family.pk)
        if self.original is None and self.template is not None and self.template.level_id:
            found["level"] = str(self.template.level_id)
        return found


@require_http_methods(["GET", "HEAD", "POST"])
@requires("description.create")
def start(request: HttpRequest) -> HttpResponse:
    """Enter the title, see similar roles, choose a template, a copy or a blank page."""
    sent = request.POST if request.method == "POST" else request.GET
    if any(name in request.GET for name in POST_ONLY):
        return redirect(_clean_address(request.GET))
    choice = _choice(request, sent.get("source", "").replace("\0", ""))
    typed = _with_proposals(sent, choice)
    if request.method != "POST":
        words = {name: typed.get(name, "").replace("\0", "") for name in OF_THE_JOB}
        problem = choice.problem if sent.get("source") else ""
        return _page(request, sent, StartForm(initial=words), choice, problem=problem)
    form = StartForm(typed, source_family=choice.family)
    if not form.is_valid() or choice.problem:
        return _page(request, sent, form, choice, problem=choice.problem, status=422)
    try:
        return redirect(run_once(request, lambda: _create(request, form, choice)))
    except drafts.ActionRefused as refused:
        return _page(request, sent, form, choice, problem=refused.message, status=422)


def _clean_address(sent: QueryDict) -> str:
    """The URL without the tokens of the form, which a search without scripts sends along."""
    query = sent.copy()
    for name in POST_ONLY:
        query.pop(name, None)
    return f"{reverse('description_new')}?{query.urlencode()}"


def _with_proposals(sent: QueryDict, choice: Choice) -> QueryDict:
    typed = sent.copy()
    for name, value in choice.proposals(sent.get("title", "")).items():
        if not typed.get(name, "").strip():
            typed[name] = value
    return typed


def _create(request: HttpRequest, form: StartForm, choice: Choice) -> str:
    description = drafts.start(
        by=person(request),
        title=form.cleaned_data["title"],
        family=form.cleaned_data["family"],
        level=form.cleaned_data["level"],
        template=choice.template,
        structure_only=form.cleaned_data["structure_only"],
        **_copied(request, choice.original),
    )
    return reverse("wizard_step", args=[description.reference, "details"])


def _copied(request: HttpRequest, original: JobDescription | None) -> dict[str, Any]:
    """The original as this person can see it, with the snippet revisions of its lines."""
    if original is None:
        return {}
    user = person(request)
    audience = permissions.audience(user, original.relations_of(user))
    linked = original.lines.filter(revision__isnull=False).values_list("uid", "revision")
    return {
        "copy_of": assembly.assemble(original).for_audience(audience),
        "revisions": dict(linked),
        "template_fields": get_template_fields(original),
        "confidential": original.confidential,  # a copy has the same text
    }


def _choice(request: HttpRequest, source: str) -> Choice:
    kind, _colon, name = source.partition(":")
    if kind == "template":
        template = Template.objects.filter(code=name).select_related("family").first()
        if template is None:
            problem = _("This template no longer exists. Choose another one.")
            return Choice(source, problem=problem)
        if not template.is_offered:
            return Choice(source, problem=_("This template has been retired. Choose another one."))
        return Choice(source, template=template)
    if kind == "copy":
        original = _visible(request).filter(reference=name).select_related("job_family").first()
        if original is None:
            problem = _("That job description can’t be copied. Choose another starting point.")
            return Choice(source, problem=problem)
        return Choice(source, original=original)
    return Choice(source, problem="" if kind == "blank" else _("Choose a starting point."))


def _visible(request: HttpRequest) -> JobDescriptionQuerySet:
    return JobDescription.objects.visible_to(person(request))


# --- the page


def _page(
    request: HttpRequest,
    sent: QueryDict,
    form: StartForm,
    choice: Choice,
    *,
    problem: str,
    status: int = 200,
) -> HttpResponse:
    filters = GalleryForm(sent)
    filters.is_valid()
    title = str(form["title"].value() or "")
    similar = search.similar_roles(_visible(request), title[: limits.SEARCH_LIMIT])
    width, height = thumbnail.size(Organization.objects.the().brand())
    context: dict[str, Any] = {
        "form": form,
        "filters": filters,
        "title": title,
        "similar_roles": similar,
        **_gallery(form, filters.cleaned_data, choice),
        **_copies(request, filters.cleaned_data.get("find", ""), choice, similar),
        "carried": carried(sent),
        "addable": list_access.addable(person(request)),
        "picture": {"width": width, "height": height},
        "chosen": choice.source,
        "problem": problem,
    }
    return render(request, "wizard/start.html", context, status=status)


def _gallery(form: StartForm, filters: Mapping[str, Any], choice: Choice) -> dict[str, Any]:
    """The templates that match the filters, those that fit the job first. The chosen one is
    always shown, because the choice is its radio button."""
    rows = Template.objects.offered().select_related("family", "level")
    offered = list(rows.prefetch_related("sections"))
    found = template_gallery.matching(offered, filters.get("q", ""))
    for name in ("family", "level"):
        tag = filters.get(f"for_{name}")
        if tag is not None:
            found = [t for t in found if getattr(t, f"{name}_id") in (None, tag.pk)]
    chosen = [t for t in offered if t == choice.template and t not in found]
    ordered = template_gallery.fitting_first(
        found,
        title=str(form["title"].value() or ""),
        family=_key(form["family"].value()),
        level=_key(form["level"].value()),
    )
    return {"templates": chosen + ordered, "found": len(found), "offered": len(offered)}


def _key(value: Any) -> int | None:
    """A chosen id from the form, or None."""
    return int(value) if str(value).isdecimal() and len(str(value)) < 18 else None


def _copies(
    request: HttpRequest, words: str, choice: Choice, similar: list[JobDescription]
) -> dict[str, Any]:
    """Job descriptions to copy: search results or the latest, without the similar roles above."""
    found = _visible(request).matching(words)
    if not words:
        found = found.exclude(status="archived")
    rows = list(
        found.exclude(pk__in=[role.pk for role in similar])
        .select_related("owner", "job_level")
        .defer("search_text")
        .order_by("-changed_at", "-pk")[: COPIES_LIMIT + 1]
    )
    chosen = choice.original
    is_listed = chosen in (*similar, *rows[:COPIES_LIMIT])
    pinned = [chosen] if chosen is not None and not is_listed else []
    return {"copies": pinned + rows[:COPIES_LIMIT], "more_copies": len(rows) > COPIES_LIMIT}
