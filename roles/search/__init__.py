"""Ranked search: similar job descriptions, snippets that match a pasted line, and those for a job
title or a section. (Plain search is `matching` on the querysets.)"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q

from roles import folding, search_words, vocabulary
from roles.models import JobDescription, Snippet, SnippetRevision, Template, TemplateLine
from roles.models.job_description import JobDescriptionQuerySet

CANDIDATES = 200  # job descriptions that are ranked, the last changed ones
SIMILAR_LIMIT = 5  # job descriptions that are returned
SAME = 92  # similarity of 100, from which texts count as the same


def similar_roles(descriptions: JobDescriptionQuerySet, title: str) -> list[JobDescription]:
    """Returns the job descriptions whose titles share the most words with `title`, best first."""
    words = set(search_words.stems(title))
    if not words:
        return []
    shares = Q()
    for stem in words:
        shares |= Q(search_text__contains=f" {stem} ")
    candidates = descriptions.filter(shares).order_by("-changed_at")
    texts = candidates.values_list("pk", "search_text")[:CANDIDATES]
    ranked = sorted(texts, key=lambda row: len(words.intersection(row[1].split())), reverse=True)
    keys = [pk for pk, _text in ranked[:SIMILAR_LIMIT]]
    rows = descriptions.select_related("owner", "job_level", "job_family").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]  # one may have been deleted just now


def in_library(texts: Sequence[str], kinds: Collection[str]) -> list[SnippetRevision | None]:
    """Returns for each text the newest revision of the active snippet with the same text, or None.
    `kinds` limits the snippets; empty means all."""
    offered = Snippet.objects.offered()
    if kinds:
        offered = offered.filter(kind__in=kinds)
    known = list(offered.order_by("pk").values_list("pk", "text"))
    keys = [folding.likeness_key(text) for _pk, text in known]
    hits = [folding.nearest(text, keys, least=SAME) for text in texts]
    snippets = {known[hit[0]][0] for hit in hits if hit}
    revisions = SnippetRevision.objects.filter(snippet__in=snippets).order_by("number")
    newest = {revision.snippet_id: revision for revision in revisions}
    return [newest[known[hit[0]][0]] if hit else None for hit in hits]


def snippets_for_title(title: str) -> set[int]:
    """Returns the ids of the snippets in templates for this job title: all words of one are in
    the other, as in "Account Manager" and "Senior Account Manager"."""
    words = set(search_words.stems(title))
    templates = []
    for key, name, role in Template.objects.offered().values_list("pk", "title", "role"):
        own = set(search_words.stems(role or name))
        if own and words and (own <= words or words <= own):
            templates.append(key)
    lines = TemplateLine.objects.filter(section__template__in=templates, snippet__isnull=False)
    return {key for key in lines.values_list("snippet", flat=True) if key is not None}


def kind_and_category(kind: str, heading: str) -> tuple[str, str]:
    """Returns the kind and the category of the snippets that fit a section; empty for any. A
    heading that names one category, such as "Technical skills", is more exact than the section's
    `kind`."""
    section_kind = vocabulary.SECTION_KINDS[kind]
    words = set(search_words.stems(heading))
    kinds = section_kind.offers or tuple(vocabulary.CATEGORIES)
    named = [
        (snippet_kind, code)
        for snippet_kind in kinds
        for code, label in vocabulary.CATEGORIES[snippet_kind].items()
        if code != "other" and set(search_words.stems(label)) <= words
    ]
    if len(named) == 1:
        return named[0]
    return (section_kind.offers[0] if section_kind.offers else "", section_kind.snippet_category)
