"""Full-text search by words in stored texts."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from roles import search_words

SearchedModel = TypeVar("SearchedModel", bound=models.Model, covariant=True)
Found = TypeVar("Found", bound="models.QuerySet[Any]")
SEARCH_WORDS_LIMIT = 12  # words of a query; more are ignored
SEARCH_WORD_LIMIT = 60  # characters of each


class SearchedQuerySet(models.QuerySet[SearchedModel]):
    """A queryset of rows with a `search_text` from search_words.search_text."""

    def matching(self, query: str) -> Self:
        """Returns the rows with every word of the query; all rows if it is empty."""
        return searched(self, query)


def searched(found: Found, query: str, *where: str) -> Found:
    """Returns the rows with every word of the query in one of the stored texts at these paths,
    `search_text` if there are none."""
    paths = where or ("search_text",)
    for terms in search_words.query_words(query)[:SEARCH_WORDS_LIMIT]:
        anywhere = Q()
        for path in paths:
            for term in terms:
                anywhere |= Q(**{f"{path}__contains": term[:SEARCH_WORD_LIMIT]})
        found = found.filter(anywhere)
    return found
