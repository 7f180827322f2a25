"""The start of a job description: what it is called, what exists already, what it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles import assembly, drafts, permissions, search
from roles.drafts.load_document import get_template_fields
from roles.exporters import thumbnail
from roles.library import template_gallery
from roles.models import JobDescription, Organization, Template
from roles.models.job_description import JobDescriptionQuerySet
from roles.web.shared.access import person, requires
from roles.web.shared.idempotency import run_once
from roles.web.shared.start_query import OF_THE_JOB, carried
from roles.web.wizard.start_forms import SEARCH_LIMIT, GalleryForm, StartForm

COPIES = 6  # job descriptions offered for copying at a time
OF_ONE_POST = ("csrfmiddlewaretoken", "nonce")


@dataclass(frozen=True)
class Choice:
    """What `source` names: a template, a job description to copy, or neither for a blank
    page; where it names nothing that can be had, `problem` says why."""

    source: str
    template: Template | None = None
    original: JobDescription | None = None
    problem: str = ""

    def proposals(self) -> dict[str, str]:
        """What stands in the form where the person leaves it empty. A copy brings its level
        with it, and years of its own: a level chosen here would replace them."""
        keys: dict[str, int | None] = {}
        title = ""
        if self.original is not None:
            title = self.original.title
            keys = {"family": self.original.job_family_id}
        elif self.template is not None:
            title = self.template.proposed_title
            keys = {"family": self.template.family_id, "level": self.template.level_id}
        return {"title": title} | {name: str(key) for name, key in keys.items() if key is not None}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("description.create")
def start(request: HttpRequest) -> HttpResponse:
    """Name the job; see like ones; choose a template, a copy, or a blank page."""
    asked = request.POST if request.method == "POST" else request.GET
    if any(name in request.GET for name in OF_ONE_POST):
        return redirect(_clean_address(request.GET))
    choice = _choice(request, asked.get("source", "").replace("\0", ""))
    typed = _with_proposals(asked, choice)
    if request.method != "POST":
        words = {name: typed.get(name, "").replace("\0", "") for name in OF_THE_JOB}
        told = choice.problem if asked.get("source") else ""
        return _page(request, asked, StartForm(initial=words), choice, problem=told)
    form = StartForm(typed)
    if not form.is_valid() or choice.problem:
        return _page(request, asked, form, choice, problem=choice.problem, status=422)
    try:
        return redirect(run_once(request, lambda: _begin(request, form, choice)))
    except drafts.ActionRefused as refused:
        return _page(request, asked, form, choice, problem=refused.message, status=422)


def _clean_address(asked: QueryDict) -> str:
    """Without scripts a search sends the whole form: its tokens do not stay in the address."""
    kept = asked.copy()
    for name in OF_ONE_POST:
        kept.pop(name, None)
    return f"{reverse('description_new')}?{kept.urlencode()}"


def _with_proposals(asked: QueryDict, choice: Choice) -> QueryDict:
    typed = asked.copy()
    for name, value in choice.proposals().items():
        if not typed.get(name, "").strip():
            typed[name] = value
    return typed


def _begin(request: HttpRequest, form: StartForm, choice: Choice) -> str:
    description = drafts.start(
        by=person(request),
        title=form.cleaned_data["title"],
        family=form.cleaned_data["family"],
        level=form.cleaned_data["level"],
        template=choice.template,
        **_copied(request, choice.original),
    )
    return reverse("wizard_step", args=[description.reference, "details"])


def _copied(request: HttpRequest, original: JobDescription | None) -> dict[str, Any]:
    """The original as this person may read it, with the links of its lines to the library."""
    if original is None:
        return {}
    user = person(request)
    audience = permissions.audience(user, original.relations_of(user))
    linked = original.lines.filter(revision__isnull=False).values_list("uid", "revision")
    return {
        "copy_of": assembly.assemble(original).for_audience(audience),
        "revisions": dict(linked),
        "template_fields": get_template_fields(original),
        "confidential": original.confidential,  # a copy tells as much as what it is copied from
    }


def _choice(request: HttpRequest, source: str) -> Choice:
    kind, _colon, name = source.partition(":")
    if kind == "template":
        template = Template.objects.filter(code=name).first()
        if template is None:
            problem = _("This template does not exist any more. Choose another.")
            return Choice(source, problem=problem)
        if not template.is_offered:
            return Choice(source, problem=_("This template is retired. Choose another."))
        return Choice(source, template=template)
    if kind == "copy":
        original = _visible(request).filter(reference=name).first()
        if original is None:
            problem = _("That job description cannot be copied. Choose another start.")
            return Choice(source, problem=problem)
        return Choice(source, original=original)
    return Choice(source, problem="" if kind == "blank" else _("Choose what to begin with."))


def _visible(request: HttpRequest) -> JobDescriptionQuerySet:
    found = JobDescription.objects.all()
    assert isinstance(found, JobDescriptionQuerySet)  # noqa: S101  # narrows the type
    return found.visible_to(person(request))


# --- the page


def _page(
    request: HttpRequest,
    asked: QueryDict,
    form: StartForm,
    choice: Choice,
    *,
    problem: str,
    status: int = 200,
) -> HttpResponse:
    wanted = GalleryForm(asked)
    wanted.is_valid()
    title = str(form["title"].value() or "")
    like = search.similar_roles(_visible(request), title[:SEARCH_LIMIT])
    wide, high = thumbnail.size(Organization.objects.the().brand())
    context: dict[str, Any] = {
        "form": form,
        "wanted": wanted,
        "title": title,
        "like": like,
        **_gallery(form, wanted.cleaned_data, choice),
        **_copies(request, wanted.cleaned_data.get("find", ""), choice, like),
        "carried": carried(asked),
        "picture": {"width": wide, "height": high},
        "chosen": choice.source,
        "problem": problem,
    }
    return render(request, "wizard/start.html", context, status=status)


def _gallery(form: StartForm, wanted: Mapping[str, Any], choice: Choice) -> dict[str, Any]:
    """The templates that pass the filters, those that fit the job first. The one chosen
    stays in sight, or the choice would be lost with its card."""
    rows = Template.objects.offered().select_related("family", "level")
    offered = list(rows.prefetch_related("sections"))
    found = template_gallery.matching(offered, wanted.get("q", ""))
    for name in ("family", "level"):
        tag = wanted.get(f"for_{name}")
        if tag is not None:
            found = [one for one in found if getattr(one, f"{name}_id") in (None, tag.pk)]
    kept = [one for one in offered if one == choice.template and one not in found]
    ordered = template_gallery.fitting_first(
        found,
        title=str(form["title"].value() or ""),
        family=_key(form["family"].value()),
        level=_key(form["level"].value()),
    )
    return {"templates": kept + ordered, "found": len(found), "offered": len(offered)}


def _key(value: Any) -> int | None:
    """A chosen id, as it was typed or sent."""
    return int(value) if str(value).isdecimal() and len(str(value)) < 18 else None


def _copies(
    request: HttpRequest, words: str, choice: Choice, like: list[JobDescription]
) -> dict[str, Any]:
    """Job descriptions to copy: those that hold the words, or the latest; not those above."""
    found = _visible(request).matching(words)
    if not words:
        found = found.exclude(status="archived")
    rows = list(
        found.exclude(pk__in=[one.pk for one in like])
        .select_related("owner", "job_level")
        .defer("search_text")
        .order_by("-changed_at", "-pk")[: COPIES + 1]
    )
    chosen = choice.original
    kept = [chosen] if chosen and chosen not in like and chosen not in rows[:COPIES] else []
    return {"copies": kept + rows[:COPIES], "more_copies": len(rows) > COPIES}
