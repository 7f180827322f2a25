"""The job descriptions that fit a query best: those with its words in the title come first, then
those with the query as a phrase, then the last changed ones."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from roles import search_query
from roles.models import EffectivePeriod, JobDescription
from roles.models.word_search import has_any
from roles.search_query import SearchQuery

LOOKED_THROUGH = 1000  # texts in which a phrase is looked for; of more, only the titles are ranked
RANKED = 1000  # job descriptions that can be paged through

Rows = TypeVar("Rows", bound="QuerySet[Any]")


def best_drafts(found: QuerySet[JobDescription], words: str) -> QuerySet[JobDescription]:
    """Returns the job descriptions, of which each must match the words, in the order of how well
    they fit; at most RANKED."""
    query = search_query.parse(words)
    in_title = Q()
    for word in query.words:
        in_title &= has_any("search_text", tuple(term.in_stored for term in word))
    ranked = _ranked(found, query, in_title, "draft_text__search_text")
    return ranked.order_by("rank", "-changed_at", "-pk")[:RANKED]


def best_periods(found: QuerySet[EffectivePeriod], words: str) -> QuerySet[EffectivePeriod]:
    """Returns the periods of current versions in the same way; each must match the words."""
    in_title = Q(version__index__title__icontains=words.strip())
    ranked = _ranked(found, search_query.parse(words), in_title, "version__index__search_text")
    return ranked.order_by("rank", "-since", "-pk")[:RANKED]


def _ranked(found: Rows, query: SearchQuery, in_title: Q, text: str) -> Rows:
    """Annotates `rank`: 0 if the title fits, 1 if the text has the phrase, else 2."""
    ranks = [When(in_title, Value(0))] if in_title else []
    if query.together and found.order_by()[: LOOKED_THROUGH + 1].count() <= LOOKED_THROUGH:
        ranks.append(When(has_any(text, query.together), Value(1)))
    return found.annotate(rank=Case(*ranks, default=Value(2), output_field=IntegerField()))
