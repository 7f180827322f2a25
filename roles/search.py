"""Search that ranks: job descriptions for a like role. (Plain search is `matching` on the
query sets.)"""

from __future__ import annotations

from django.db.models import Q

from roles import wording
from roles.models import JobDescription
from roles.models.descriptions import JobDescriptionQuerySet

CANDIDATES = 200


def like_roles(
    descriptions: JobDescriptionQuerySet, title: str, *, limit: int = 5
) -> list[JobDescription]:
    """Of these job descriptions, those whose titles share most words with the title."""
    words = set(wording.stems(title))
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
