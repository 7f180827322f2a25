"""Views of snippets: list, page, add, revise, tags, and status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
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
from roles.search.snippet_search import ALL, RANKED
from roles.web.library import snippet_forms
from roles.web.shared import idempotency, key_pages
from roles.web.shared.access import person, requires
from roles.web.shared.filters import BEST

PAGE_SIZE = 50
HEADING_LIMIT = 250  # characters; longer wordings are cut off in the heading
USES_SHOWN = 30  # drafts and versions listed on the page of a snippet; others are counted

# Status: label and icon of the button that sets it.
STATUS_BUTTONS = {
    "active": (_lazy("Activate"), "check-circle"),
    "retired": (_lazy("Retire"), "archive"),
    "proposed": (_lazy("Propose"), "hourglass-split"),
}
STATUS_MESSAGES = {
    "active": _lazy("Snippet activated."),
    "retired": _lazy("Snippet retired."),
    "proposed": _lazy("Snippet proposed."),
}
require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires("library.view")
def snippets(request: HttpRequest) -> HttpResponse:
    """Lists snippets; filters, sort order, and page are in the URL."""
    filtered = snippet_forms.SnippetFilter(request.GET, Snippet.objects.all())
    page = _page(request, filtered)
    page.object_list = _with_tags(page.object_list, filtered.labels)
    if not filtered.is_due:  # the search doesn't count by review date
        count = filtered.found.count()
        page.count, page.is_capped = count.number, count.is_more
        filtered.show_counts()
    context = {"filter": filtered, "page": page}
    return render(request, "library/snippets.html", context)


def _page(request: HttpRequest, filtered: snippet_forms.SnippetFilter) -> key_pages.KeyPage:
    if filtered.sort == BEST:
        return key_pages.page_of_best(request, filtered.found.best, PAGE_SIZE, most=RANKED)
    rows, is_counted = filtered.results, filtered.is_due
    return key_pages.page_of(request, rows, filtered.order, PAGE_SIZE, is_counted=is_counted)


def _with_tags(
    snippets: Iterable[int | Snippet], labels: dict[str, dict[str, Any]]
) -> list[Snippet]:
    """Returns the snippets of a page (given as rows or ids) with the names of their families and
    levels."""
    ids = [one if isinstance(one, int) else one.pk for one in snippets]
    found = Snippet.objects.filter(pk__in=ids).defer("search_text").with_category_names()
    by_id = {row.pk: row for row in found}
    rows = [by_id[id] for id in ids if id in by_id]
    for row in rows:
        row.families_named = _names(row, "family", labels)  # type: ignore[attr-defined]
        row.levels_named = _names(row, "level", labels)  # type: ignore[attr-defined]
    return rows


def _names(snippet: Snippet, facet: str, labels: dict[str, dict[str, Any]]) -> str:
    return ", ".join(str(labels[facet][tag]) for tag in snippet.tagged(facet) if tag != ALL)


@require_form
@requires("library.change")
def add(request: HttpRequest) -> HttpResponseBase:
    """Adds a snippet."""
    kind = request.GET.get("kind", "")
    initial = {"place": f"{kind}:"} if kind in vocabulary.SNIPPET_KINDS else {}
    form = snippet_forms.NewSnippetForm(idempotency.form_data(request), initial=initial)

    def action() -> str:
        snippet = library.add(**form.chosen(), by=person(request))
        return _address(snippet)

    done = idempotency.submit(request, form, action, _("Snippet added."))
    return done or idempotency.form_page(request, "library/new.html", form, {})


@require_safe
@requires("library.view")
def snippet(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows a snippet: wording, usage, and history."""
    snippet = _get(pk)
    user = person(request)
    revisions = snippet.revisions.select_related("author")
    context: dict[str, Any] = {
        "snippet": snippet,
        "is_long": len(snippet.text) > HEADING_LIMIT,
        "status_label": STATUSES[snippet.status],
        "revisions": revisions,
        "newest": revisions[0],
    }
    if permissions.may(user, "library.change"):
        context["status_buttons"] = [
            (to, *STATUS_BUTTONS[to]) for to in library.TRANSITIONS[snippet.status]
        ]
    if permissions.may(user, "library.usage"):
        context["usage"] = _usage(snippet, user)
    if permissions.may(user, "rollout.start") and snippet.is_offered:
        outdated = impact.affected(revisions[0], user).exclude(status="archived")
        context["outdated_count"] = outdated.count()
    return render(request, "library/snippet.html", context)


def _usage(snippet: Snippet, user: User) -> dict[str, Any]:
    """Returns where the snippet is used: rows that the person can see, and counts of the rest."""
    usage = library.usage(snippet=snippet)
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
    """Saves a new revision; 409 with both wordings if someone else revised the snippet."""
    found = _get(pk)
    newest = found.latest()
    initial = {"text": newest.text, "detail": newest.detail, "based_on": newest.number}
    form = snippet_forms.RevisionForm(
        idempotency.form_data(request), kind=found.kind, initial=initial
    )

    def action() -> str:
        if library.revise(snippet=found, by=person(request), **form.cleaned_data):
            messages.success(request, _("Revision saved."))
        else:
            messages.info(request, _("No revision saved. The wording is unchanged."))
        return _address(found)

    try:
        done = idempotency.submit(request, form, action)
    except library.StaleSnippet as stale:
        return _conflict_page(request, found, form, stale.latest)
    return done or idempotency.form_page(request, "library/revise.html", form, {"snippet": found})


def _conflict_page(
    request: HttpRequest, found: Snippet, form: snippet_forms.RevisionForm, latest: SnippetRevision
) -> HttpResponse:
    """Shows both wordings, with a form to save the entered one on top of the latest revision."""
    mine = {**form.cleaned_data, "based_on": latest.number}
    form = snippet_forms.RevisionForm(kind=found.kind, initial=mine)
    context = {"snippet": found, "latest": latest, "mine": form}
    return render(request, "library/conflict.html", context, status=409)


@require_form
@requires("library.change")
def tags(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Changes the category, families, levels, owner, and review date."""
    found = _get(pk)
    form = snippet_forms.TagsForm(idempotency.form_data(request), snippet=found)

    def action() -> str:
        chosen = form.cleaned_data
        preserved = {name: getattr(found, name) for name in ("language", "source", "license")}
        preserved |= {name: chosen[name] for name in ("owner", "review_by")}
        library.set_particulars(snippet=found, by=person(request), **preserved)
        tags = {name: chosen[name] for name in ("category", "families", "levels")}
        library.retag(snippet=found, by=person(request), **tags)
        return _address(found)

    done = idempotency.submit(request, form, action, _("Tags saved."))
    return done or idempotency.form_page(request, "library/tags.html", form, {"snippet": found})


@require_POST
@requires("library.change")
def status(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Retires, activates, or proposes a snippet."""
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
    found.refresh_from_db(fields=["status"])  # a repeated form might ask for another one
    messages.success(request, STATUS_MESSAGES[found.status])
    return redirect(address)


def _get(pk: int) -> Snippet:
    snippets = Snippet.objects.with_category_names().select_related("owner")
    snippets = snippets.prefetch_related("families", "levels")
    return get_object_or_404(snippets, pk=pk)


def _address(snippet: Snippet) -> str:
    return reverse("snippet", args=[snippet.pk])
