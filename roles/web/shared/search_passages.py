"""The passages that a search finds in the texts of the listed job descriptions."""

from __future__ import annotations

from collections.abc import Iterable

from roles import search_query, search_words
from roles.models import DraftText, EffectivePeriod, JobDescription, JobDescriptionIndex


def annotate_descriptions(rows: Iterable[JobDescription], query: str | None) -> None:
    """Set `passage` of each row to what the search found in its draft, by one query if there is a
    search."""
    rows = list(rows) if query else []
    texts = DraftText.objects.only("text").in_bulk([row.pk for row in rows]) if rows else {}
    for row in rows:
        row.passage = _passage(row.title, texts.get(row.pk), query or "")  # type: ignore[attr-defined]


def annotate_periods(rows: Iterable[EffectivePeriod], query: str | None) -> None:
    """Set `passage` of each row to what the search found in its version, by one query if there is
    a search."""
    rows = list(rows) if query else []
    keys = [row.version_id for row in rows]
    found = JobDescriptionIndex.objects.only("text").in_bulk(keys) if rows else {}
    for row in rows:
        index = row.version.index
        row.passage = _passage(index.title, found.get(row.version_id), query or "")  # type: ignore[attr-defined]


def _passage(
    title: str, stored: DraftText | JobDescriptionIndex | None, query: str
) -> search_query.Passage:
    """Returns the passage; none if the title has all the words already."""
    asked = search_query.parse(query)
    if stored is None or asked.matches(search_words.search_text(title)):
        return []
    return search_query.passage(stored.text, asked)
