"""The filters of the list of job descriptions in effect."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.models import EffectivePeriod, JobLevel
from roles.models.version import EffectivePeriodQuerySet
from roles.web.shared import filters

# What the list can be sorted by: name in the URL -> order.
SORTS: dict[str, Lower | F] = {
    "title": Lower("version__index__title"),
    "reference": F("description__reference"),
    "since": F("since"),
}
DEFAULT_SORT = "title"
SORT_WORDS = {
    "title": _("Title, A to Z"),
    "-title": _("Title, Z to A"),
    "-since": _("In effect, newest first"),
    "since": _("In effect, oldest first"),
    "reference": _("Reference, up"),
    "-reference": _("Reference, down"),
}
OF_VERSION = ("family", "level", "department", "work_mode", "locations")


class CatalogForm(forms.Form):
    """Each field a parameter of the list's URL; offered is what some job description has."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    family = forms.ChoiceField(label=_("Family"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    location = forms.ChoiceField(label=_("Location"), required=False)
    mode = forms.ChoiceField(label=_("Work mode"), required=False)

    def __init__(self, data: Any, offered: dict[str, list[str]]) -> None:
        super().__init__(data)
        for name, values in offered.items():
            words = vocabulary.WORK_MODES if name == "mode" else {}
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # narrows the type
            field.choices = [
                ("", _("All")),
                *((value, words.get(value, value)) for value in values),
            ]


class CatalogFilter(filters.SortedFilter):
    """The job descriptions in effect that pass the filters of the URL, in its order. What is
    offered to filter by tells no more than the list does: it comes from the same rows."""

    sort_words = SORT_WORDS
    default_sort = DEFAULT_SORT

    def __init__(self, data: Any, readable: EffectivePeriodQuerySet) -> None:
        self.data = data
        self.readable = readable.listed()
        self.form = CatalogForm(data, _offered(self.readable))

    @property
    def found(self) -> QuerySet[EffectivePeriod]:
        column = SORTS[self.sort.removeprefix("-")]
        order = column.desc() if self.sort.startswith("-") else column.asc()
        return self._matching().order_by(order, "description__reference")

    def _matching(self) -> EffectivePeriodQuerySet:
        if not self.form.is_valid():
            return self.readable.none()
        chosen = self.form.cleaned_data
        found = self.readable.matching(chosen["q"])
        wanted = {
            "family": chosen["family"],
            "level": chosen["level"],
            "department": chosen["department"],
            "work_mode": chosen["mode"],
            "locations__contains": chosen["location"] and f"\n{chosen['location']}\n",
        }
        return found.filter(**{f"version__index__{n}": v for n, v in wanted.items() if v})


def _offered(readable: EffectivePeriodQuerySet) -> dict[str, list[str]]:
    """What the filters offer, by field: levels in their order, the rest by the alphabet."""
    columns = [f"version__index__{name}" for name in OF_VERSION]
    rows = list(readable.order_by().values_list(*columns).distinct())
    families, levels, departments, modes, places = (
        {line for row in rows for line in row[place].split("\n") if line} for place in range(5)
    )
    order = {
        name: place for place, name in enumerate(JobLevel.objects.values_list("name", flat=True))
    }
    return {
        "family": sorted(families, key=str.casefold),
        "level": sorted(levels, key=lambda name: (order.get(name, len(order)), name)),
        "department": sorted(departments, key=str.casefold),
        "location": sorted(places, key=str.casefold),
        "mode": [code for code in vocabulary.WORK_MODES if code in modes],
    }
