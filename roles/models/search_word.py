"""The words of all texts that are searched, to find the one that was meant by a typing error."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from roles import search_words

LEAST_LETTERS = 4  # shorter words have too many neighbors


class SearchWord(models.Model):
    """A whole word, as search_words stores it. Words stay when the texts change."""

    text = models.CharField(max_length=60, primary_key=True)

    def __str__(self) -> str:
        return self.text


def remember(stored: Iterable[str], *, known: str = "") -> None:
    """Adds the words of texts from search_words.search_text, except those of the `known` one."""
    before = set(known.split())
    found = {term for text in stored for term in set(text.split()) - before}
    words = sorted(term[1:] for term in found if _is_kept(term))
    if words:
        rows = [SearchWord(text=word) for word in words]  # in one order: no deadlocks
        SearchWord.objects.bulk_create(rows, ignore_conflicts=True)


def _is_kept(term: str) -> bool:
    return term.startswith(search_words.WHOLE) and len(term) > LEAST_LETTERS and term[1:].isalpha()
