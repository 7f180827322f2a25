"""The snippet picker: snippets of the library that fit a section."""

from __future__ import annotations

import operator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles import folding, search, search_query
from roles.models import JobDescription, Snippet
from roles.search.snippet_search import ALL, Filters, Fit, SnippetSearch
from roles.search.typing_errors import forgiving
from roles.web.shared.access import get_description
from roles.web.shared.fragments import is_fragment, page_or_fragment
from roles.web.shared.wizard_steps import step_of
from roles.web.wizard.snippet_picker_forms import ALL_KINDS, PickerFilter

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
    filter = PickerFilter(request.GET, section=target)
    words, chosen, fit = filter.value("q") or "", filter.chosen(), _fit(description)
    snippets, corrected = _found(words, chosen, fit)
    is_widened = not snippets and bool(words)
    if is_widened:
        widened = {name: chosen[name] for name in chosen if name not in ("kind", "category")}
        snippets, corrected = _found(words, widened, fit)
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
        "query": words,
        "corrected": corrected,
        "filter": filter,
    }
    name = "_snippets" if is_fragment(request) else "snippet_picker"
    return render(request, f"wizard/{name}.html", context)


def _fit(description: JobDescription) -> Fit:
    return Fit(
        of_title=frozenset(search.snippets_for_title(description.title)),
        family_id=description.job_family_id,
        level_id=description.job_level_id,
    )


def _found(words: str, chosen: Filters, fit: Fit) -> tuple[list[Snippet], str]:
    """The first SHOWN_LIMIT snippets, and one more if there are more; and the words with a typing
    error corrected if only that finds something."""
    keys, corrected = forgiving(
        lambda some: SnippetSearch(search_query.parse(some), chosen, fit).best(SHOWN_LIMIT + 1),
        words,
        is_empty=operator.not_,
    )
    found = Snippet.objects.filter(pk__in=keys).defer("search_text").with_category_names()
    rows = {snippet.pk: snippet for snippet in found}
    return [rows[key] for key in keys if key in rows], corrected


def _entries(snippets: list[Snippet], description: JobDescription) -> list[dict[str, Any]]:
    """The snippets with whether each fits the role and is used here already, and with the line
    that nearly repeats it, if any."""
    lines = list(description.lines.values_list("revision__snippet_id", "text"))
    used = {snippet for snippet, _text in lines}
    keys = [folding.likeness_key(text) for _snippet, text in lines]
    entries = []
    for snippet in snippets:
        like = folding.nearest(snippet.text, keys)
        entries.append(
            {
                "snippet": snippet,
                "is_here": snippet.pk in used,
                "like": lines[like[0]][1] if like else "",
                "fits": all(_fits(snippet, description, [])),
                "is_possible": all(_fits(snippet, description, [ALL])),
            }
        )
    return entries


def _fits(snippet: Snippet, description: JobDescription, also: list[str]) -> list[bool]:
    """Whether the snippet is tagged for the family and the level of the job description, or as one
    of `also`."""
    of_job = {"family": description.job_family_id, "level": description.job_level_id}
    return [not {str(pk), *also}.isdisjoint(snippet.tagged(facet)) for facet, pk in of_job.items()]
