"""The snippet picker: snippets of the library that fit a section."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles import folding, search
from roles.models import JobDescription, Snippet
from roles.search.snippet_search import ALL, Fit
from roles.web.shared.access import get_description
from roles.web.shared.fragments import is_fragment, page_or_fragment
from roles.web.shared.picker_filter import ALL_KINDS, PickerFilter, best_snippets
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
    filter = PickerFilter(request.GET, section=target)
    words, chosen, fit = filter.value("q") or "", filter.chosen(), _fit(description)
    snippets, corrected = best_snippets(words, chosen, fit, SHOWN_LIMIT)
    is_widened = not snippets and bool(words)
    if is_widened:
        widened = {name: chosen[name] for name in chosen if name not in ("kind", "category")}
        snippets, corrected = best_snippets(words, widened, fit, SHOWN_LIMIT)
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
