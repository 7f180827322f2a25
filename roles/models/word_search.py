"""The one search: words of a query, in any of their forms, in the stored `search_text`."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models

from roles import folding

SearchedModel = TypeVar("SearchedModel", bound=models.Model, covariant=True)
Found = TypeVar("Found", bound="models.QuerySet[Any]")
SEARCH_WORDS_LIMIT = 12  # words of a query that count
SEARCH_WORD_LIMIT = 60  # characters of each


class SearchedQuerySet(models.QuerySet[SearchedModel]):
    """Rows with a `search_text` made by folding.search_text."""

    def matching(self, query: str) -> Self:
        """Those that hold every word of the query; an empty query finds all."""
        return searched(self, query)


def searched(found: Found, query: str, where: str = "search_text") -> Found:
    """Those of the rows whose stored text (`where` leads to it) holds every word."""
    for stem in folding.stems(query)[:SEARCH_WORDS_LIMIT]:
        found = found.filter(**{f"{where}__contains": f" {stem[:SEARCH_WORD_LIMIT]}"})
    return found
