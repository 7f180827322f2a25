"""The one search: words of a query, in any of their forms, in the stored `search_text`."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

from roles import wording

Row = TypeVar("Row", bound=models.Model, covariant=True)
WORDS_LIMIT = 12  # words of a query that count
WORD_LIMIT = 60  # characters of each


class SearchedQuerySet(models.QuerySet[Row]):
    """Rows with a `search_text` made by wording.search_text."""

    def matching(self, query: str) -> Self:
        """Those that hold every word of the query; an empty query finds all."""
        found = self
        for stem in wording.stems(query)[:WORDS_LIMIT]:
            found = found.filter(search_text__contains=f" {stem[:WORD_LIMIT]}")
        return found
