"""Querysets of rows with texts that are stored for search."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from roles import search_query
from roles.models import search_index
from roles.models.search_index import SearchIndex

Found = TypeVar("Found", bound="models.QuerySet[Any]")


def searched(
    found: Found, query: str, index: SearchIndex, *, key: str = "pk", text: str = "search_text"
) -> Found:
    """Returns the rows with every word and phrase of the query; all rows if it is empty. `key` is
    the path to the key of the index, and `text` to its column."""
    parsed = search_query.parse(query)
    if parsed.words:
        found = found.filter(**{f"{key}__in": search_index.keys(index, parsed)})
    for phrase in parsed.phrases:
        found = found.filter(has_any(text, phrase))
    return found


def has_any(path: str, texts: tuple[str, ...]) -> Q:
    """Returns the condition that a stored text contains one of these texts."""
    condition = Q()
    for text in texts:
        condition |= Q(**{f"{path}__contains": text})
    return condition
