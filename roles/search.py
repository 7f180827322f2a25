"""Ranked search: similar job descriptions, and snippets that match a pasted line. (Plain search is
`matching` on the querysets.)"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q

from roles import folding, search_words
from roles.models import JobDescription, Snippet, SnippetRevision
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
