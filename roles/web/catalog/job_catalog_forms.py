"""The filters of the catalog."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.models import CatalogChoice, EffectivePeriod, JobLevel, sort_keys
from roles.models.version import EffectivePeriodQuerySet
from roles.search import description_search
from roles.web.shared import filters


def _choice_filter(label: str | Promise) -> Any:
    """Return a filter by one of the values of `_choices`."""
    return django_filters.ChoiceFilter(method="filter_choice", label=label, empty_label=_("All"))


class CatalogFilter(filters.ListFilter):
    """The filters of the catalog. The choices come from the job descriptions that the person
    can read, so that they don't reveal others."""

    sort_columns = {
        "title": sort_keys.CATALOG_TITLE,
        "reference": "reference",
        "since": sort_keys.CURRENT_SINCE,
    }
    sort_labels = {
        filters.BEST: _("Best match"),
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
    family = _choice_filter(_("Family"))
    level = _choice_filter(_("Level"))
    department = _choice_filter(_("Department"))
    location = _choice_filter(_("Location"))
    mode = _choice_filter(_("Work mode"))

    class Meta:
        model = EffectivePeriod
        fields: list[str] = []

    def __init__(self, data: Any, readable: EffectivePeriodQuerySet) -> None:
        super().__init__(data, readable.listed())
        for name, values in _choices(readable).items():
            labels = vocabulary.WORK_MODES if name == "mode" else {}
            choices = [(value, labels.get(value, value)) for value in values]
            self.filters[name].extra["choices"] = choices

    def search(
        self, periods: EffectivePeriodQuerySet, name: str, words: str
    ) -> EffectivePeriodQuerySet:
        return self.forgiving(periods, words)

    def filter_choice(
        self, periods: EffectivePeriodQuerySet, name: str, value: str
    ) -> EffectivePeriodQuerySet:
        return periods.filter(
            version__index__choices__name=name, version__index__choices__value=value
        )

    @property
    def results(self) -> QuerySet[EffectivePeriod]:
        """The current job descriptions that pass the filters, in no order."""
        periods: QuerySet[EffectivePeriod] = self.qs
        return periods

    @property
    def parts(self) -> list[Any]:
        """The parts of the list: the best matches first, if words are searched."""
        if self.sort == filters.BEST:
            periods: EffectivePeriodQuerySet = self.qs  # which says what was corrected
            return description_search.periods_by_fit(periods, self.words)
        return [self.results]


def _choices(readable: EffectivePeriodQuerySet) -> dict[str, list[str]]:
    """Return the values to choose from by filter: levels in their order, others by alphabet. Each
    is looked up until one job description has it."""
    of_choice = readable.order_by().filter(version__index__choices=OuterRef("pk"))
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in CatalogChoice.objects.filter(Exists(of_choice)).values_list("name", "value"):
        found[name].append(value)
    ranks = {
        name: rank for rank, name in enumerate(JobLevel.objects.values_list("name", flat=True))
    }
    return {
        "family": sorted(found["family"], key=str.casefold),
        "level": sorted(found["level"], key=lambda name: (ranks.get(name, len(ranks)), name)),
        "department": sorted(found["department"], key=str.casefold),
        "location": sorted(found["location"], key=str.casefold),
        "mode": [code for code in vocabulary.WORK_MODES if code in found["mode"]],
    }
