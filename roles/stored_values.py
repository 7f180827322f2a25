"""Values that are stored so that lists don't count them: what each must be, and its repair.

The actions that change a value store it. A daily job (`tasks.daily_jobs`) compares what is stored
with what is counted, as do the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.db.models import Count, F, JSONField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from roles.models import (
    EffectivePeriod,
    JobDescription,
    JobDescriptionIndex,
    Line,
    Review,
    Round,
    Snippet,
    TemplateLine,
    Version,
)
from roles.models.review import awaits_author, changes_requested_at

ROWS = 200  # rows repaired in one transaction


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A column, and a function that returns the expression that counts it. Rows that never change
    (`is_permanent`) aren't repaired."""

    model: type[models.Model]
    column: str
    counted: Callable[[], Combinable]
    is_permanent: bool = False

    def wrong(self) -> QuerySet[Any]:
        """Returns the rows with another value than the counted one, which is their `counted`."""
        rows: QuerySet[Any] = self.model._default_manager.order_by("pk")
        column = self.column
        differs = Q(**{f"{column}__lt": F("counted")}) | Q(**{f"{column}__gt": F("counted")})
        one_is_null = Q(**{f"{column}__isnull": True, "counted__isnull": False}) | Q(
            **{f"{column}__isnull": False, "counted__isnull": True}
        )
        rows = rows.annotate(counted=self.counted()).filter(differs | one_is_null)
        return rows

    def repair(self, keys: list[int]) -> None:
        """Stores the counted values of these rows. They are locked first, so that an action that
        changes them comes before or after."""
        with transaction.atomic():
            rows = self.model._default_manager.filter(pk__in=keys).order_by()
            list(rows.select_for_update().values_list("pk"))
            rows.update(**{self.column: self.counted()})


def verify(step: Callable[[], None] = lambda: None) -> Iterator[tuple[str, int]]:
    """Repairs each wrong value. Yields the name of each value with the number of its wrong rows."""
    for name, value in STORED_VALUES.items():
        keys = list(value.wrong().values_list("pk", flat=True))
        step()
        rest = iter([] if value.is_permanent else keys)
        while some := list(islice(rest, ROWS)):
            value.repair(some)
            step()
        yield name, len(keys)


def _title_in_text() -> Combinable:
    return KeyTextTransform("title", Cast("text", JSONField()))


def _newest_number() -> Combinable:
    of_description = Version.objects.order_by().filter(description=OuterRef("pk"))
    newest = of_description.values("description").annotate(newest=Max("number"))
    return Coalesce(Subquery(newest.values("newest")), 0)


def _of_current_round(column: str) -> Callable[[], Combinable]:
    def counted() -> Combinable:
        last = Round.objects.filter(review=OuterRef("pk")).order_by("-number")
        return Subquery(last.values(column)[:1])

    return counted


def _catalog_title() -> Combinable:
    indexed = JobDescriptionIndex.objects.filter(version=OuterRef("version"))
    empty = models.Value("", output_field=models.TextField())
    return Coalesce(Subquery(indexed.values("title")), empty)


def _reference() -> Combinable:
    described = JobDescription.objects.order_by().filter(pk=OuterRef("description"))
    return Subquery(described.values("reference"))


def _uses(counted: str, of: type[models.Model], snippet: str) -> Callable[[], Combinable]:
    """Returns what counts the different values of a column in the rows of a snippet."""

    def count() -> Combinable:
        rows = of._default_manager.order_by().filter(**{snippet: OuterRef("pk")})
        number = rows.values(snippet).annotate(number=Count(counted, distinct=True))
        return Coalesce(Subquery(number.values("number")), 0)

    return count


STORED_VALUES = {
    "lines of snippets": StoredValue(Snippet, "used_lines", _uses("pk", Line, "revision__snippet")),
    "job descriptions of snippets": StoredValue(
        Snippet, "used_descriptions", _uses("description", Line, "revision__snippet")
    ),
    "templates of snippets": StoredValue(
        Snippet, "used_templates", _uses("section__template", TemplateLine, "snippet")
    ),
    "titles of versions": StoredValue(Version, "title", _title_in_text, is_permanent=True),
    "newest versions": StoredValue(JobDescription, "newest_number", _newest_number),
    "rounds of reviews": StoredValue(Review, "round_number", _of_current_round("number")),
    "versions of reviews": StoredValue(
        Review, "version_number", _of_current_round("version__number")
    ),
    "titles of reviews": StoredValue(Review, "title", _of_current_round("version__title")),
    "reviews that await their author": StoredValue(Review, "awaits_author", awaits_author),
    "requested changes": StoredValue(Review, "changes_requested_at", changes_requested_at),
    "titles of effective periods": StoredValue(EffectivePeriod, "title", _catalog_title),
    "references of effective periods": StoredValue(EffectivePeriod, "reference", _reference),
}
