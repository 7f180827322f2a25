"""The library beside the editor: texts that fit a section."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles import folding, vocabulary
from roles.models import JobDescription, JobFamily, JobLevel, Snippet
from roles.models.snippet import SnippetQuerySet
from roles.web.shared.access import get_description
from roles.web.shared.fields import SearchForm
from roles.web.shared.wizard_steps import step_of

SHOWN = 30


@require_safe
def pick(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Up to SHOWN offered texts: those that fit the section's kind, the job family and the
    level before others, then the most used. A page, or the part of it that htmx asks for."""
    description = get_description(request, reference, "description.edit")
    place = description.sections.filter(uid=section).first()
    if place is None:
        raise Http404
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    found = Snippet.objects.all()
    assert isinstance(found, SnippetQuerySet)  # noqa: S101  # narrows the type
    found, chosen = _filtered(request, found.offered().matching(query), place.kind)
    context = {
        "description": description,
        "section": place,
        "step": step_of(place.kind),
        "found": _shown(_ranked(found, description), description),
        "shown": SHOWN,
        "query": query,
        "form": form,
        "chosen": chosen,
        "kinds": vocabulary.SNIPPET_KINDS,
        "categories": vocabulary.CATEGORIES.get(chosen["kind"], {}),
        "families": JobFamily.objects.all(),
        "levels": JobLevel.objects.all(),
    }
    part = "wizard/_picked.html" if getattr(request, "htmx", False) else "wizard/pick.html"
    return render(request, part, context)


def _filtered(
    request: HttpRequest, found: SnippetQuerySet, section_kind: str
) -> tuple[SnippetQuerySet, dict[str, Any]]:
    offers = vocabulary.SECTION_KINDS[section_kind].offers
    usual = offers[0] if offers else ""
    chosen = {name: request.GET.get(name, "")[:20] for name in ("category", "family", "level")} | {
        "kind": request.GET.get("kind", usual)
    }
    if chosen["kind"] in vocabulary.SNIPPET_KINDS:
        found = found.of_kind(chosen["kind"])
    if chosen["category"] in vocabulary.CATEGORIES.get(chosen["kind"], {}):
        found = found.filter(category=chosen["category"])
    for name, relation in (("family", "families"), ("level", "levels")):
        if chosen[name].isdecimal() and len(chosen[name]) < 10:
            found = found.filter(**{relation: int(chosen[name])})
    return found, chosen


def _ranked(found: SnippetQuerySet, description: JobDescription) -> list[Snippet]:
    """The first SHOWN of them and one more, which tells that there are more."""
    keys = found.most_used_first(
        family_id=description.job_family_id, level_id=description.job_level_id
    )[: SHOWN + 1]
    chosen = found.filter(pk__in=keys).with_usage().prefetch_related("families", "levels")
    rows = {snippet.pk: snippet for snippet in chosen}
    return [rows[key] for key in keys if key in rows]


def _shown(snippets: list[Snippet], description: JobDescription) -> list[dict[str, Any]]:
    """Each with what an author wants to know first: does it fit the role, is it here already,
    is there a line that says nearly the same."""
    lines = list(description.lines.values_list("revision__snippet_id", "text"))
    here = {snippet for snippet, _text in lines}
    keys = [folding.likeness_key(text) for _snippet, text in lines]
    entries = []
    for snippet in snippets:
        like = folding.nearest(snippet.text, keys)
        families = {family.pk for family in snippet.families.all()}
        levels = {level.pk for level in snippet.levels.all()}
        entries.append(
            {
                "snippet": snippet,
                "is_here": snippet.pk in here,
                "like": lines[like[0]][1] if like else "",
                "fits": description.job_family_id in families
                and description.job_level_id in levels,
            }
        )
    return entries
