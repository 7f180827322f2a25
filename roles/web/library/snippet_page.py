"""The library on screen: the list, a snippet's page, and what curators do to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roles import library, permissions, vocabulary
from roles.models import JobDescription, Snippet, SnippetRevision, User
from roles.models.snippet import STATUSES
from roles.rollouts import impact
from roles.web.library import snippet_forms
from roles.web.shared import idempotency
from roles.web.shared.access import person, requires

PAGE = 50
HEADING = 250  # characters of a text that may stand as its page's heading
USES_SHOWN = 30  # drafts and versions that a snippet's page names; the rest is a count

# status -> the words and the look of the button that leads there
STEPS = {
    "active": (_lazy("Activate"), "check-circle"),
    "retired": (_lazy("Retire"), "archive"),
    "proposed": (_lazy("Propose"), "hourglass-split"),
}
require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires("library.view")
def snippets(request: HttpRequest) -> HttpResponse:
    """The list, filtered and sorted as the URL says."""
    filters = snippet_forms.SnippetFilter(request.GET, Snippet.objects.all())
    page = Paginator(filters.found, PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "rows": _rows(list(page.object_list)),
        "sort": filters.sort,
    }
    return render(request, "library/snippets.html", context)


def _rows(found: list[Any]) -> list[Snippet]:
    """The snippets of one page (rows or keys) in order, with their tags and `used`."""
    keys = [one if isinstance(one, int) else one.pk for one in found]
    rows = Snippet.objects.filter(pk__in=keys).with_usage().prefetch_related("families", "levels")
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


@require_form
@requires("library.change")
def add(request: HttpRequest) -> HttpResponseBase:
    """A new snippet."""
    kind = request.GET.get("kind", "")
    initial = {"place": f"{kind}:"} if kind in vocabulary.SNIPPET_KINDS else {}
    form = snippet_forms.NewSnippetForm(idempotency.form_data(request), initial=initial)

    def action() -> str:
        snippet = library.add(**form.chosen(), by=person(request))
        return _address(snippet)

    done = idempotency.submit(request, form, action, _("The snippet is in the library."))
    return done or _form_page(request, "library/new.html", {"form": form})


@require_safe
@requires("library.view")
def snippet(request: HttpRequest, pk: int) -> HttpResponse:
    """One snippet: its words, its history, where it is used."""
    found = _get(pk)
    user = person(request)
    revisions = found.revisions.select_related("author")
    context: dict[str, Any] = {
        "snippet": found,
        "is_long": len(found.text) > HEADING,
        "status_label": STATUSES[found.status],
        "revisions": revisions,
        "newest": revisions[0],
    }
    if permissions.may(user, "library.change"):
        context["steps"] = [(to, *STEPS[to]) for to in library.TRANSITIONS[found.status]]
    if permissions.may(user, "library.usage"):
        context["usage"] = _usage(found, user)
    if permissions.may(user, "rollout.start") and found.is_offered:
        before = impact.affected(revisions[0], user).exclude(status="archived")
        context["before"] = before.count()
    return render(request, "library/snippet.html", context)


def _usage(found: Snippet, user: User) -> dict[str, Any]:
    """Where the snippet is used: what this person may see by name, the rest as counts."""
    usage = library.usage(snippet=found)
    visible = JobDescription.objects.visible_to(user).order_by().values("pk")
    drafts = list(usage.drafts.filter(pk__in=visible)[:USES_SHOWN])
    versions = list(usage.versions.filter(description__in=visible)[:USES_SHOWN])
    return {
        "drafts": drafts,
        "versions": versions,
        "other_drafts": usage.drafts.count() - len(drafts),
        "other_versions": usage.versions.count() - len(versions),
        "templates": list(usage.templates),
    }


@require_form
@requires("library.change")
def revise(request: HttpRequest, pk: int) -> HttpResponseBase:
    """New words for a snippet; 409 with both texts where someone was quicker."""
    found = _get(pk)
    newest = found.latest()
    initial = {"text": newest.text, "detail": newest.detail, "based_on": newest.number}
    form = snippet_forms.RevisionForm(idempotency.form_data(request), initial=initial)

    def action() -> str:
        library.revise(snippet=found, by=person(request), **form.cleaned_data)
        return _address(found)

    try:
        done = idempotency.submit(request, form, action, _("The snippet has its new words."))
    except library.StaleSnippet as stale:
        return _stale_page(request, found, form, stale.latest)
    return done or _form_page(request, "library/revise.html", {"form": form, "snippet": found})


def _stale_page(
    request: HttpRequest, found: Snippet, form: snippet_forms.RevisionForm, latest: SnippetRevision
) -> HttpResponse:
    """Both texts; what was typed is in a form that is based on the newest revision."""
    mine = {**form.cleaned_data, "based_on": latest.number}
    context = {"snippet": found, "latest": latest, "mine": snippet_forms.RevisionForm(initial=mine)}
    return render(request, "library/stale.html", context, status=409)


@require_form
@requires("library.change")
def tags(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Category, families and levels; who looks after it, and until when."""
    found = _get(pk)
    form = snippet_forms.TagsForm(idempotency.form_data(request), snippet=found)

    def action() -> str:
        chosen = form.cleaned_data
        kept = {name: getattr(found, name) for name in ("language", "source", "license")}
        kept |= {name: chosen[name] for name in ("owner", "review_by")}
        library.set_particulars(snippet=found, by=person(request), **kept)
        tags = {name: chosen[name] for name in ("category", "families", "levels")}
        library.retag(snippet=found, by=person(request), **tags)
        return _address(found)

    done = idempotency.submit(request, form, action, _("The tags are saved."))
    return done or _form_page(request, "library/tags.html", {"form": form, "snippet": found})


@require_POST
@requires("library.change")
def status(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Retire, activate, propose."""
    found = _get(pk)
    wanted = request.POST.get("status", "")

    def action() -> str:
        library.set_status(snippet=found, status=wanted, by=person(request))
        return _address(found)

    try:
        address = idempotency.run_once(request, action)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_address(found))
    messages.success(request, _("Its status is now: %s.") % STATUSES[wanted])
    return redirect(address)


def _get(pk: int) -> Snippet:
    snippets = Snippet.objects.select_related("owner").prefetch_related("families", "levels")
    return get_object_or_404(snippets, pk=pk)


def _address(snippet: Snippet) -> str:
    return reverse("snippet", args=[snippet.pk])


def _form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A form's page: 422 where it comes back with messages."""
    code = 422 if context["form"].is_bound else 200
    return render(request, template, context, status=code)
