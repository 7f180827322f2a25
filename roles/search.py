"""Search that ranks: job descriptions for a like role, library texts that say what a pasted
line says. (Plain search is `matching` on the query sets.)"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q

from roles import folding
from roles.models import JobDescription, Snippet, SnippetRevision
from roles.models.job_description import JobDescriptionQuerySet

CANDIDATES = 200


def similar_roles(
    descriptions: JobDescriptionQuerySet, title: str, *, limit: int = 5
) -> list[JobDescription]:
    """Of these job descriptions, those whose titles share most words with the title."""
    words = set(folding.stems(title))
    if not words:
        return []
    shares = Q()
    for stem in words:
        shares |= Q(search_text__contains=f" {stem} ")
    candidates = descriptions.filter(shares).order_by("-changed_at")
    found = candidates.values_list("pk", "search_text")[:CANDIDATES]
    ranked = sorted(found, key=lambda row: len(words.intersection(row[1].split())), reverse=True)
    keys = [pk for pk, _text in ranked[:limit]]
    rows = descriptions.select_related("owner", "job_level", "job_family").in_bulk(keys)
    return [rows[key] for key in keys]


SAME = 92  # of 100: the library has this text already


def in_library(texts: Sequence[str], kinds: Collection[str]) -> list[SnippetRevision | None]:
    """For each text the newest revision of the offered snippet (of one of the kinds; none:
    of any) that says the same, or None."""
    offered = Snippet.objects.offered()
    if kinds:
        offered = offered.filter(kind__in=kinds)
    known = list(offered.order_by("pk").values_list("pk", "text"))
    keys = [folding.likeness_key(text) for _pk, text in known]
    found = [folding.nearest(text, keys, least=SAME) for text in texts]
    wanted = {known[hit[0]][0] for hit in found if hit}
    revisions = SnippetRevision.objects.filter(snippet__in=wanted).order_by("number")
    newest = {revision.snippet_id: revision for revision in revisions}
    return [newest[known[hit[0]][0]] if hit else None for hit in found]
