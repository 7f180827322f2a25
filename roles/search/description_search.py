"""Job descriptions in the order of how well they fit a query: those with its words in the title,
then those with the query as a phrase, then the others."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Q

from roles import search_query
from roles.models.job_description import JobDescriptionQuerySet
from roles.models.version import EffectivePeriodQuerySet
from roles.models.word_search import has_any

# Texts in which a phrase is looked for. Of more, only the titles are ranked, so that time doesn't
# grow with the number of job descriptions.
LOOKED_THROUGH = 1000

Rows = TypeVar("Rows", JobDescriptionQuerySet, EffectivePeriodQuerySet)


def drafts_by_fit(found: JobDescriptionQuerySet, words: str) -> list[JobDescriptionQuerySet]:
    """Returns the job descriptions in parts, the best ones first. Each matches the words."""
    in_title = Q()
    for word in search_query.parse(words).words:
        in_title &= has_any("search_text", tuple(term.in_stored for term in word))
    return _parts(found, words, in_title, "draft_text__search_text")


def periods_by_fit(found: EffectivePeriodQuerySet, words: str) -> list[EffectivePeriodQuerySet]:
    """Returns the periods of current versions in the same way."""
    in_title = Q(title__icontains=words.strip())
    return _parts(found, words, in_title, "version__index__search_text")


def _parts(found: Rows, words: str, in_title: Q, text: str) -> list[Rows]:
    together = search_query.parse(words).together
    rest = found.exclude(in_title)
    parts = [found.filter(in_title), rest]
    if together and found.order_by()[: LOOKED_THROUGH + 1].count() <= LOOKED_THROUGH:
        has_phrase = has_any(text, together)
        parts[1:] = [rest.filter(has_phrase), rest.exclude(has_phrase)]
    return parts
