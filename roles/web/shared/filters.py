"""What the filters of lists share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from roles.models import Department, JobDescription, JobFamily, JobLevel
from roles.models.job_description import JobDescriptionQuerySet


class ListFilter:
    """What the page of a list asks of its filter. Needs `form`, the fields of the filter filled
    in with the parameters of the URL; a FilterSet has one."""

    form: forms.Form

    @property
    def said(self) -> list[tuple[str, Any, Any]]:
        """The filters that no field shows (links of the home page set them): name, value,
        words."""
        chosen: dict[str, Any] = self.form.cleaned_data if self.form.is_valid() else {}
        fields: dict[str, Any] = {field.name: field.field for field in self.form.hidden_fields()}
        return [
            (name, chosen[name], dict(field.choices)[chosen[name]])
            for name, field in fields.items()
            if chosen.get(name)
        ]

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set, so that an empty list means that nothing matches."""
        return any(self.form.cleaned_data.values()) if self.form.is_valid() else True

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter that the form folds away is set: any but the search."""
        chosen = self.form.cleaned_data if self.form.is_valid() else {}
        return any(
            chosen.get(field.name) for field in self.form.visible_fields() if field.name != "q"
        )


class SortedFilter(ListFilter):
    """The same for a list whose reader chooses its order. Needs `data` too, the parameters of
    the URL, `sort_words`, each order (`-` for descending) with its words, and `default_sort`,
    the one where the URL names none of them. Which columns they are is `found`'s to know."""

    data: Any
    sort_words: ClassVar[Mapping[str, Any]]
    default_sort: ClassVar[str]

    @property
    def sorts(self) -> list[tuple[str, Any]]:
        """What the list can be sorted by, with its words."""
        return list(self.sort_words.items())

    @property
    def sort(self) -> str:
        """What the list is sorted by, `-` for descending."""
        asked = str(self.data.get("sort", ""))
        return asked if asked in self.sort_words else self.default_sort


class PlacedFilter(SortedFilter, django_filters.FilterSet):  # type: ignore[misc]
    """Job descriptions by their words and by where they belong; what else there is to filter
    by is behind it."""

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=200)
    family = django_filters.ModelChoiceFilter(
        field_name="job_family",
        queryset=JobFamily.objects.all(),
        label=_("Family"),
        empty_label=_("All"),
    )
    level = django_filters.ModelChoiceFilter(
        field_name="job_level",
        queryset=JobLevel.objects.all(),
        label=_("Level"),
        empty_label=_("All"),
    )
    department = django_filters.ModelChoiceFilter(
        queryset=Department.objects.all(), label=_("Department"), empty_label=_("All")
    )

    class Meta:
        model = JobDescription
        fields: list[str] = []

    def search(
        self, found: JobDescriptionQuerySet, name: str, words: str
    ) -> JobDescriptionQuerySet:
        return found.matching(words)
