"""The snippets that fit a query best, and how many there are of each kind, category, and so on.

The index of the database finds the rows; how they are ranked is decided here, so that it is the
same on both databases. Up to SCANNED rows are ranked in Python. If more match, the best ones are
read in the order of their usage, for one rank after another: time doesn't grow with the library.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any

from django.db import connection
from django.db.models import Q, TextField, Value
from django.db.models.functions import Concat
from django.utils import formats

from roles import search_words
from roles.models import Snippet, search_index
from roles.models.snippet import STATUSES, SnippetQuerySet, tagged
from roles.models.word_search import has_any
from roles.search_query import SearchQuery, Term

SCANNED = 1000  # rows that are ranked and counted in Python; more are "1,000+"
RANKED = 1000  # snippets that can be paged through
FACETS = {"kind": ":k", "category": ":c", "status": ":s", "family": ":f", "level": ":l"}
MARKS = frozenset(FACETS.values())
ALL = "0"  # the tag of snippets for all families, or all levels

Filters = Mapping[str, Collection[str]]  # values by facet, of which a snippet has one


@dataclass(frozen=True, slots=True)
class Fit:
    """A job description: snippets for its title, its family, and its level come first."""

    of_title: frozenset[int] = frozenset()
    family_id: int | None = None
    level_id: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A number of snippets, or the least that there are if `is_more`."""

    number: int
    is_more: bool = False

    def __str__(self) -> str:
        number = formats.number_format(self.number, force_grouping=True)
        return f"{number}+" if self.is_more else number


@dataclass(frozen=True, slots=True)
class Row:
    """What ranks and counts a snippet."""

    key: int
    used_lines: int
    kind: str
    category: str
    status: str
    tags: str
    has_phrase: bool = False

    def values(self, facet: str) -> list[str]:
        """Returns what the snippet has of a facet."""
        if facet in ("family", "level"):
            return tagged(self.tags, facet)
        return [getattr(self, facet)]


@dataclass(frozen=True)
class SnippetSearch:
    """A search in the library; `filters` narrow it, and `fit` ranks it."""

    query: SearchQuery
    filters: Filters = field(default_factory=dict)
    fit: Fit = Fit()

    def best(self, stop: int) -> list[int]:
        """Returns the ids of the best snippets, at most `stop`: first those with the query as a
        phrase, then for the title, the family and the level of the job description, then the most
        used ones, then the newest. Snippets without tags come before those tagged for others."""
        if len(self._rows) <= SCANNED:
            return self._ranked(self._rows)[:stop]
        found: dict[int, None] = {}
        for query, tags in self._ranks():
            found.update(dict.fromkeys(self._rank(query, tags, stop + len(found))))
            if len(found) >= stop:
                break
        return list(found)[:stop]

    def count(self) -> Count:
        """Returns the number of snippets that match."""
        number = len(self._rows)
        return Count(min(number, SCANNED), number > SCANNED)

    def facets(self) -> dict[str, dict[str, Count]]:
        """Returns by facet the number of snippets with each value, if that value was chosen and
        the other filters stayed."""
        counts = _counts(self._rows, FACETS)
        for facet in self.filters:
            others = {name: values for name, values in self.filters.items() if name != facet}
            counts |= _counts(self._scan(others), [facet])
        return counts

    def all(self) -> SnippetQuerySet:
        """Returns the snippets that match, in no order."""
        narrowed = _narrowed(self.query, self.filters)
        if not self.query.words and not self.filters.keys() & {"family", "level"}:
            return _by_columns(self.filters)
        found: SnippetQuerySet = Snippet.objects.all()
        if narrowed.words:
            found = found.filter(
                pk__in=search_index.keys(search_index.SNIPPETS, _indexed(narrowed))
            )
        for phrase in self.query.phrases:
            found = found.filter(has_any("search_text", phrase))
        return found

    @cached_property
    def _unfiltered(self) -> list[Row]:
        return _scanned(self.query)

    @cached_property
    def _rows(self) -> list[Row]:
        return self._scan(self.filters)

    def _scan(self, filters: Filters) -> list[Row]:
        """Returns the rows that pass the filters, in the order of their ids; at most one more than
        SCANNED."""
        if filters and len(self._unfiltered) > SCANNED:
            return _scanned(_narrowed(self.query, filters))
        return [
            row
            for row in self._unfiltered
            if all(
                not set(row.values(facet)).isdisjoint(values) for facet, values in filters.items()
            )
        ]

    def _ranks(self) -> Iterator[tuple[SearchQuery, dict[str, Collection[str]]]]:
        """Yields the query and the tags of each rank, the best rank first. Each may have the rows
        of those before as well."""
        query = _narrowed(self.query, self.filters)
        phrases = (*query.phrases, query.together)
        queries = [replace(query, phrases=phrases), query] if query.together else [query]
        families = _tiers("family", self.fit.family_id)
        levels = _tiers("level", self.fit.level_id)
        for one, family, level in product(queries, families, levels):
            yield one, {**family, **level}

    def _rank(self, query: SearchQuery, tags: dict[str, Collection[str]], stop: int) -> list[int]:
        of_title = self._ranked(_of_title(query, self.fit.of_title))
        narrowed = _narrowed(query, tags)
        is_whole = narrowed == _narrowed(self.query, self.filters)
        rows = self._rows if is_whole else _scanned(narrowed)
        if len(rows) <= SCANNED:
            return [*of_title, *self._ranked(rows)]
        most_used = _matching(narrowed).order_by("-used_lines", "-pk")
        return [*of_title, *most_used.values_list("pk", flat=True)[:stop]]

    def _ranked(self, rows: list[Row]) -> list[int]:
        fit = self.fit

        def rank(row: Row) -> tuple[Any, ...]:
            return (
                not row.has_phrase,
                row.key not in fit.of_title,
                _distance(row.values("family"), fit.family_id),
                _distance(row.values("level"), fit.level_id),
                -row.used_lines,
                -row.key,
            )

        return [row.key for row in sorted(rows, key=rank)]


def _distance(tags: list[str], wanted: int | None) -> int:
    """Returns 0 for a snippet tagged for the wanted one, 1 for one without tags, 2 for others."""
    if wanted is None or str(wanted) in tags:
        return 0
    return 1 if tags == [ALL] else 2


def _tiers(facet: str, wanted: int | None) -> list[dict[str, Collection[str]]]:
    """Returns the tags of snippets at each `_distance`."""
    return [{}] if wanted is None else [{facet: [str(wanted)]}, {facet: [ALL]}, {}]


def _indexed(query: SearchQuery) -> SearchQuery:
    """Returns the query with the neighbors in its phrases as further words, which the index of
    snippets has as well; not for phrases with several ways to join words."""
    words = [*query.words]
    for phrase in query.phrases:
        pairs = search_words.neighbors(phrase[0]) if len(phrase) == 1 else []
        is_open = not phrase[0].endswith(" ")
        words += ((Term(pair, is_open and pair is pairs[-1]),) for pair in pairs)
    return replace(query, words=tuple(words))


def _narrowed(query: SearchQuery, filters: Filters) -> SearchQuery:
    """Returns the query with the filters as further words, which the index has as well."""
    words = [
        tuple(Term(FACETS[facet] + value) for value in values) for facet, values in filters.items()
    ]
    return replace(query, words=(*query.words, *words))


def _counts(rows: list[Row], facets: Collection[str]) -> dict[str, dict[str, Count]]:
    is_cut = len(rows) > SCANNED
    return {
        facet: {
            value: Count(number - (number > SCANNED), is_cut)
            for value, number in Counter(v for row in rows for v in row.values(facet)).items()
        }
        for facet in facets
    }


# --- rows

_COLUMNS = ("id", "used_lines", "kind", "category", "status", "tags")
_CONTAINS = {"sqlite": "instr", "postgresql": "strpos"}


def _scanned(query: SearchQuery) -> list[Row]:
    """Returns the rows that match, in the order of their ids; at most one more than SCANNED."""
    if not query.words:
        rows = Snippet.objects.order_by("id").values_list(*_COLUMNS)
        return [Row(*row) for row in rows[: SCANNED + 1]]
    matches = search_index.match_sql(search_index.SNIPPETS)
    columns = ", ".join(f"s.{name}" for name in _COLUMNS)
    conditions = ["s.id = f.key", *map(_any_of, query.phrases)]
    sql = (
        f"SELECT {columns}, {_any_of(query.together)} FROM ({matches}) f CROSS JOIN roles_snippet s"  # noqa: S608  # names only
        f" WHERE {' AND '.join(conditions)} ORDER BY f.key LIMIT {SCANNED + 1}"
    )
    phrases = [text for phrase in query.phrases for text in phrase]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*query.together, search_index.match_value(_indexed(query)), *phrases])
        return [Row(*row) for row in cursor.fetchall()]


def _any_of(phrase: tuple[str, ...]) -> str:
    """Returns the condition that the stored text contains one of these texts."""
    contains = f"{_CONTAINS[connection.vendor]}(s.search_text, %s) > 0"
    return f"({' OR '.join([contains] * len(phrase)) or '1 = 0'})"


def _of_title(query: SearchQuery, keys: Collection[int]) -> list[Row]:
    if not keys:
        return []
    return [Row(*row) for row in _matching(query).filter(pk__in=keys).values_list(*_COLUMNS)]


def _matching(query: SearchQuery) -> SnippetQuerySet:
    """Returns the rows that match, without an index for the conditions: the database then reads
    few of many rows in the order of an index."""
    facets = (Value(" :k"), "kind", Value(" :c"), "category", Value(" :s"), "status", "tags")
    found: SnippetQuerySet = Snippet.objects.alias(facets=Concat(*facets, output_field=TextField()))
    for word in query.words:
        condition = Q()
        for term in word:
            column = "facets" if term.text[:2] in MARKS else "search_text"
            condition |= Q(**{f"{column}__contains": term.in_stored})
        found = found.filter(condition)
    for phrase in query.phrases:
        found = found.filter(has_any("search_text", phrase))
    return found


def _by_columns(filters: Filters) -> SnippetQuerySet:
    """Returns the rows of a search without words. They can be most rows, so the conditions leave
    the database to read the index of an order: it doesn't look up what isn't in a list."""
    found: SnippetQuerySet = Snippet.objects.all()
    for facet, values in filters.items():
        if facet == "status":
            found = found.exclude(status__in=[code for code in STATUSES if code not in values])
        else:
            found = found.filter(**{f"{facet}__in": values})
    return found
