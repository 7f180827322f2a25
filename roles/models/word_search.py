"""Full-text search by word stems in the stored `search_text`."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models

from roles import folding

SearchedModel = TypeVar("SearchedModel", bound=models.Model, covariant=True)
Found = TypeVar("Found", bound="models.QuerySet[Any]")
SEARCH_WORDS_LIMIT = 12  # words of a query; more are ignored
SEARCH_WORD_LIMIT = 60  # characters of each


class SearchedQuerySet(models.QuerySet[SearchedModel]):
    """A queryset of rows with a `search_text` from folding.search_text."""

    def matching(self, query: str) -> Self:
        """Returns the rows with every word of the query; all rows if it is empty."""
        return searched(self, query)


def searched(found: Found, query: str, where: str = "search_text") -> Found:
    """Returns the rows with every word of the query in the text field at the path `where`."""
    for stem in folding.stems(query)[:SEARCH_WORDS_LIMIT]:
        found = found.filter(**{f"{where}__contains": f" {stem[:SEARCH_WORD_LIMIT]}"})
    return found
