"""Queries with one word as it was probably meant, for one that finds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db.models.functions import Length

from roles import search_query, search_words
from roles.models import SearchWord
from roles.models.search_word import LEAST_LETTERS

TRIED = 10  # queries
_WORD = re.compile(r"[^\W\d_]+")

Result = TypeVar("Result")


def forgiving(
    find: Callable[[str], Result], query: str, *, is_empty: Callable[[Result], bool]
) -> tuple[Result, str]:
    """Returns what `find` returns for the query, or for the first one with a word corrected that
    finds something if the query itself doesn't; and that query, empty if none was corrected."""
    found = find(query)
    if is_empty(found) and search_query.parse(query).words:
        for corrected in corrections(query):
            other = find(corrected)
            if not is_empty(other):
                return other, corrected
    return found, ""


def corrections(query: str) -> Iterator[str]:
    """Yields at most TRIED queries in which one word that no text has is replaced by a known one
    that differs by one letter: missing, added, another one, or two swapped."""
    tried = 0
    for match in _WORD.finditer(query):
        word, is_open = search_words.whole_word(match[0]), match.end() == len(query)
        if len(match[0]) < LEAST_LETTERS or _is_known(word, is_open=is_open):
            continue
        for other in _neighbors(word, is_open=is_open):
            yield f"{query[: match.start()]}{other}{query[match.end() :]}"
            tried += 1
            if tried == TRIED:
                return


def _is_known(word: str, *, is_open: bool) -> bool:
    """Returns whether a text has the word, or has had it; with `is_open`, one that begins so."""
    lookup = "startswith" if is_open else "exact"
    return SearchWord.objects.filter(**{f"text__{lookup}": word}).exists()


def _neighbors(word: str, *, is_open: bool) -> list[str]:
    """Returns the known words that differ from this one by one letter; with `is_open`, also those
    whose beginning does, after the others."""
    from rapidfuzz.distance import OSA

    length = Length("text")
    known = SearchWord.objects.annotate(length=length).filter(length__gte=len(word) - 1)
    if not is_open:
        known = known.filter(length__lte=len(word) + 1)
    whole: list[str] = []
    begun: list[str] = []
    for other in known.order_by("text").values_list("text", flat=True):
        if other == word:
            continue
        if OSA.distance(word, other, score_cutoff=1) <= 1:
            whole.append(other)
        elif is_open and OSA.distance(word, other[: len(word)], score_cutoff=1) <= 1:
            begun.append(other)
    return [*whole, *begun]
