"""The filters of the catalog."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.models import EffectivePeriod, JobLevel, sort_keys
from roles.models.version import EffectivePeriodQuerySet
from roles.web.shared import filters

# Columns of the index of a version: one value each, but `locations`, which has one a line.
INDEX_COLUMNS = ("family", "level", "department", "work_mode", "locations")


class CatalogFilter(filters.ListFilter):
    """The filters of the catalog. The choices come from the job descriptions that the person
    can read, so that they don't reveal others."""

    sort_columns = {
        "title": sort_keys.CATALOG_TITLE,
        "reference": "reference",
        "since": "since",
    }
    sort_labels = {
        "title": _("Title, A to Z"),
        "-title": _("Title, Z to A"),
        "-since": _("Current since, newest first"),
        "since": _("Current since, oldest first"),
        "reference": _("Reference, ascending"),
        "-reference": _("Reference, descending"),
    }
    default_sort = "title"
    is_empty_when_invalid = True

    q = filters.search_filter(_("Title, reference, or text"))
    family = django_filters.ChoiceFilter(
        field_name="version__index__family", label=_("Family"), empty_label=_("All")
    )
    level = django_filters.ChoiceFilter(
        field_name="version__index__level", label=_("Level"), empty_label=_("All")
    )
    department = django_filters.ChoiceFilter(
        field_name="version__index__department", label=_("Department"), empty_label=_("All")
    )
    location = django_filters.ChoiceFilter(
        method="filter_location", label=_("Location"), empty_label=_("All")
    )
    mode = django_filters.ChoiceFilter(
        field_name="version__index__work_mode", label=_("Work mode"), empty_label=_("All")
    )

    class Meta:
        model = EffectivePeriod
        fields: list[str] = []

    def __init__(self, data: Any, readable: EffectivePeriodQuerySet) -> None:
        super().__init__(data, readable.listed())
        for name, values in _choices(self.queryset).items():
            labels = vocabulary.WORK_MODES if name == "mode" else {}
            choices = [(value, labels.get(value, value)) for value in values]
            self.filters[name].extra["choices"] = choices

    def search(
        self, periods: EffectivePeriodQuerySet, name: str, words: str
    ) -> EffectivePeriodQuerySet:
        return periods.matching(words)

    def filter_location(
        self, periods: EffectivePeriodQuerySet, name: str, location: str
    ) -> EffectivePeriodQuerySet:
        return periods.filter(version__index__locations__contains=f"\n{location}\n")

    @property
    def results(self) -> QuerySet[EffectivePeriod]:
        """The current job descriptions that pass the filters, in no order."""
        periods: QuerySet[EffectivePeriod] = self.qs
        return periods


def _choices(readable: EffectivePeriodQuerySet) -> dict[str, list[str]]:
    """Return the values to choose from by filter: levels in their order, others by alphabet."""
    columns = [f"version__index__{name}" for name in INDEX_COLUMNS]
    rows = list(readable.order_by().values_list(*columns).distinct())
    families, levels, departments, modes, locations = (
        {line for row in rows for line in row[column].split("\n") if line} for column in range(5)
    )
    ranks = {
        name: rank for rank, name in enumerate(JobLevel.objects.values_list("name", flat=True))
    }
    return {
        "family": sorted(families, key=str.casefold),
        "level": sorted(levels, key=lambda name: (ranks.get(name, len(ranks)), name)),
        "department": sorted(departments, key=str.casefold),
        "location": sorted(locations, key=str.casefold),
        "mode": [code for code in vocabulary.WORK_MODES if code in modes],
    }
