"""The snippet picker: snippets of the library that fit a section."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles import folding, search
from roles.models import JobDescription, Snippet
from roles.models.snippet import SnippetQuerySet
from roles.web.shared.access import get_description
from roles.web.shared.fragments import is_fragment, page_or_fragment
from roles.web.shared.picker_filter import ALL_KINDS, PickerFilter
from roles.web.shared.wizard_steps import step_of

SHOWN_LIMIT = 30


@require_safe
@page_or_fragment
def pick(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Up to SHOWN_LIMIT offered snippets: first those of templates for the job title, then those
    for the job family and the level, then the most used. Words without a match in the chosen type
    and category are searched in all. A page, or only the list for htmx."""
    description = get_description(request, reference, "description.edit")
    target = description.sections.filter(uid=section).first()
    if target is None:
        raise Http404
    offered = Snippet.objects.offered()
    filter = PickerFilter(request.GET, offered, section=target)
    snippets = _ranked(filter.qs, description)
    is_widened = not snippets and bool(filter.value("q"))
    if is_widened:
        snippets = _ranked(
            PickerFilter(_widened(request.GET), offered, section=target).qs, description
        )
    entries = _entries(snippets, description)
    category = filter.value("category") or ""
    context = {
        "description": description,
        "section": target,
        "step": step_of(target.kind),
        "entries": entries,
        "is_any_kind": filter.value("kind") == ALL_KINDS and not filter.own_kind,
        "is_widened": is_widened,
        "is_unfit": bool(entries) and not any(entry["is_possible"] for entry in entries),
        "category": dict(filter.filters["category"].extra["choices"]).get(category, ""),
        "limit": SHOWN_LIMIT,
        "query": filter.value("q") or "",
        "filter": filter,
    }
    name = "_snippets" if is_fragment(request) else "snippet_picker"
    return render(request, f"wizard/{name}.html", context)


def _widened(query: QueryDict) -> QueryDict:
    """The same search in all types and categories."""
    wide = query.copy()
    wide["kind"], wide["category"] = ALL_KINDS, ""
    return wide


def _ranked(snippets: SnippetQuerySet, description: JobDescription) -> list[Snippet]:
    """The first SHOWN_LIMIT snippets, and one more if there are more."""
    keys = snippets.best_first(
        of_title=search.snippets_for_title(description.title),
        family_id=description.job_family_id,
        level_id=description.job_level_id,
    )[: SHOWN_LIMIT + 1]
    found = snippets.filter(pk__in=keys).with_usage().with_category_names()
    chosen = found.prefetch_related("families", "levels")
    rows = {snippet.pk: snippet for snippet in chosen}
    return [rows[key] for key in keys if key in rows]


def _entries(snippets: list[Snippet], description: JobDescription) -> list[dict[str, Any]]:
    """The snippets with whether each fits the role and is used here already, and with the line
    that nearly repeats it, if any."""
    lines = list(description.lines.values_list("revision__snippet_id", "text"))
    used = {snippet for snippet, _text in lines}
    keys = [folding.likeness_key(text) for _snippet, text in lines]
    entries = []
    for snippet in snippets:
        like = folding.nearest(snippet.text, keys)
        families = {family.pk for family in snippet.families.all()}
        levels = {level.pk for level in snippet.levels.all()}
        entries.append(
            {
                "snippet": snippet,
                "is_here": snippet.pk in used,
                "like": lines[like[0]][1] if like else "",
                "fits": description.job_family_id in families
                and description.job_level_id in levels,
                "is_possible": (not families or description.job_family_id in families)
                and (not levels or description.job_level_id in levels),
            }
        )
    return entries
