"""The search in the header of each page: job descriptions, snippets, and templates, each as far as
the person can see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from roles import folding, limits, permissions, search_query
from roles.library import template_gallery
from roles.models import JobDescription, Snippet, Template, User
from roles.models.snippet import NOT_RETIRED
from roles.search import description_search
from roles.search.snippet_search import SCANNED, Count, SnippetSearch
from roles.search.typing_errors import forgiving
from roles.versions.effective_periods import readable_today
from roles.web.shared import search_passages
from roles.web.shared.access import person

SHOWN = 5  # of each group


@dataclass(frozen=True)
class Found:
    """What was found in one group: the first rows, how many there are, and the list of all."""

    rows: list[Any]
    count: Count
    url: str


@dataclass(frozen=True)
class Group:
    """Something that is searched, for people with a permission."""

    permission: str
    label: str | Promise
    template: str
    find: Callable[[User, str], Found]


@require_safe
def search_everything(request: HttpRequest) -> HttpResponse:
    """Shows the best matches of each group; words with a typing error find what was meant if
    nothing else matches."""
    user = person(request)
    words = folding.tidy(request.GET.get("q", ""), one_line=True)[: limits.SEARCH_LIMIT]
    groups = [group for group in GROUPS if permissions.may(user, group.permission)]
    if not groups:
        raise PermissionDenied
    if permissions.may(user, "description.list"):
        groups = [group for group in groups if group.permission != "catalog.view"]

    def find(query: str) -> list[tuple[Group, Found]]:
        return [(group, group.find(user, query)) for group in groups]

    found, corrected = forgiving(find, words, is_empty=_is_empty) if words else ([], "")
    context = {
        "query": words,
        "groups": found,
        "corrected": corrected,
        "is_empty": bool(words) and _is_empty(found),
    }
    return render(request, "search/results.html", context)


def _is_empty(found: list[tuple[Group, Found]]) -> bool:
    return not any(some.rows for _group, some in found)


def _drafts(user: User, words: str) -> Found:
    matching = JobDescription.objects.visible_to(user).matching(words)
    parts = description_search.drafts_by_fit(matching, words)
    rows = _first(
        part.select_related("job_family", "job_level")
        .defer("search_text")
        .order_by("-changed_at", "-pk")
        for part in parts
    )
    search_passages.annotate_descriptions(rows, words)
    return Found(rows, _count(matching), _list("descriptions", words))


def _current(user: User, words: str) -> Found:
    matching = readable_today(user).listed().matching(words)
    parts = description_search.periods_by_fit(matching, words)
    rows = _first(part.order_by("-since", "-pk") for part in parts)
    search_passages.annotate_periods(rows, words)
    return Found(rows, _count(matching), _list("catalog", words))


def _snippets(user: User, words: str) -> Found:
    search = SnippetSearch(search_query.parse(words), {"status": NOT_RETIRED})
    keys = search.best(SHOWN)
    found = Snippet.objects.defer("search_text").with_category_names().in_bulk(keys)
    rows = [found[key] for key in keys if key in found]
    return Found(rows, search.count(), _list("library", words))


def _templates(user: User, words: str) -> Found:
    offered = Template.objects.offered().select_related("family", "level")
    rows = template_gallery.matching(offered.prefetch_related("sections"), words)
    may_start = permissions.may(user, "description.create")
    url = _list("description_new", words) if may_start else reverse("templates")
    return Found(rows[:SHOWN], Count(len(rows)), url)


def _first(parts: Iterable[QuerySet[Any]]) -> list[Any]:
    rows: list[Any] = []
    for part in parts:
        rows += part[: SHOWN - len(rows)]
        if len(rows) == SHOWN:
            break
    return rows


def _count(matching: Any) -> Count:
    number = matching.order_by()[: SCANNED + 1].count()
    return Count(min(number, SCANNED), number > SCANNED)


def _list(name: str, words: str) -> str:
    return f"{reverse(name)}?{urlencode({'q': words})}"


GROUPS = (
    Group("description.list", _("Job descriptions"), "search/_drafts.html", _drafts),
    Group("catalog.view", _("Job descriptions"), "search/_current.html", _current),
    Group("library.view", _("Snippets"), "search/_snippets.html", _snippets),
    Group("template.view", _("Templates"), "search/_templates.html", _templates),
)
