"""Base classes for the filters and the sort order of lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from roles import limits, vocabulary
from roles.models import Department, JobDescription, JobFamily, JobLevel, Snippet
from roles.models.job_description import JobDescriptionQuerySet
from roles.models.snippet import SnippetQuerySet, categories
from roles.models.version import EffectivePeriodQuerySet
from roles.search import typing_errors
from roles.web.shared.sort_order import SortOrder


def search_filter(placeholder: str | Promise, label: str | Promise = "") -> Any:
    """Return the filter of the search field, `q`; the filter set's method `search` applies it."""
    return django_filters.CharFilter(
        method="search",
        label=label or _("Search"),
        max_length=limits.SEARCH_LIMIT,
        widget=forms.SearchInput(attrs={"placeholder": placeholder}),
    )


Searched = TypeVar("Searched", JobDescriptionQuerySet, EffectivePeriodQuerySet)
BEST = "best"  # the sort order of a search: the best matches first


class FilterSelect(forms.Select):
    """A list of choices, written without a template for each: a filter can have hundreds."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        groups = self.optgroups(name, self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (one["value"], mark_safe(" selected") if one["selected"] else "", one["label"])
                for _name, choices, _number in groups
                for one in choices
            ),
        )
        given = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(given), options)


class ListFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters and the sort order of a list, each a parameter of its URL.

    `sort_columns` maps a name in the URL to a column or a database expression, with an index and
    never null (the descending order of a name can have its own); `sort_labels` maps each choice
    (`-` for descending) to its label; `default_sort` applies without a choice in the URL. They are
    empty for lists that can't be sorted. If BEST is a choice, the best matches come first where
    words are searched.
    """

    sort_columns: ClassVar[Mapping[str, Any]] = {}
    sort_labels: ClassVar[Mapping[str, Any]] = {}
    default_sort: ClassVar[str] = ""
    corrected = ""  # what was searched for instead of words with a typing error
    # With an invalid value: whether the list is empty, or ignores that filter.
    is_empty_when_invalid: ClassVar[bool] = False

    @property
    def form(self) -> Any:
        """The form, made once."""
        is_new = not hasattr(self, "_form")
        form = super().form
        for field in form.fields.values() if is_new else ():
            if type(field.widget) is forms.Select:
                choices = field.widget.choices
                field.widget = FilterSelect(field.widget.attrs)
                field.widget.choices = choices
        return form

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.is_empty_when_invalid and not self.form.is_valid():
            return queryset.none()
        filtered: QuerySet[Any] = super().filter_queryset(queryset)
        return filtered

    def value(self, name: str) -> Any:
        """Return the value of a filter, or None if it isn't set or the form is invalid."""
        return self.form.cleaned_data[name] or None if self.form.is_valid() else None

    @property
    def hidden_filters(self) -> list[tuple[str, Any, Any]]:
        """The filters that links set and that have no visible field: name, value, label."""
        fields = {field.name: field.field for field in self.form.hidden_fields()}
        return [
            (name, value, dict(field.choices)[value])
            for name, field in fields.items()
            if (value := self.value(name))
        ]

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set: then an empty list means that nothing matches."""
        return any(self.form.cleaned_data.values()) if self.form.is_valid() else True

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter other than the search is set or invalid: then the filters are unfolded
        on a phone."""
        names = [field.name for field in self.form.visible_fields() if field.name != "q"]
        return bool(self.form.errors) or any(self.value(name) for name in names)

    @property
    def words(self) -> str:
        """The words that were searched for, with a typing error corrected."""
        return self.corrected or self.value("q") or ""

    def forgiving(self, rows: Searched, words: str) -> Searched:
        """Return the rows that match the words or, if none do, what was probably meant."""
        found, self.corrected = typing_errors.forgiving(
            rows.matching, words, is_empty=lambda some: not some.exists()
        )
        return found

    @property
    def sorts(self) -> list[tuple[str, Any]]:
        """The choices of the sort order, with their labels. Without words, no match is better than
        others."""
        return [one for one in self.sort_labels.items() if one[0] != BEST or self.value("q")]

    @property
    def usual_sort(self) -> str:
        """The sort order without a choice in the URL."""
        return BEST if BEST in dict(self.sorts) else self.default_sort

    @property
    def sort(self) -> str:
        """The chosen sort order, `-` for descending."""
        sort = str(self.data.get("sort", ""))
        return sort if sort in dict(self.sorts) else self.usual_sort

    @property
    def order(self) -> SortOrder:
        """The chosen sort order, for `key_pages`."""
        wanted = self.default_sort if self.sort == BEST else self.sort  # of each part
        name, is_descending = wanted.removeprefix("-"), wanted.startswith("-")
        key = self.sort_columns.get(wanted) or self.sort_columns[name]
        return SortOrder(self.sort, (key,), is_descending)


class BaseDescriptionFilter(ListFilter):
    """Job descriptions by search words, family, level and department."""

    q = search_filter(_("Title, reference, or text"))
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
        self, descriptions: JobDescriptionQuerySet, name: str, words: str
    ) -> JobDescriptionQuerySet:
        return self.forgiving(descriptions, words)


class BaseSnippetFilter(ListFilter):
    """Snippets by search words, kind and category. The categories are those of the chosen kind."""

    q = search_filter(_("Words in the snippet"))
    kind = django_filters.ChoiceFilter(
        choices=list(vocabulary.SNIPPET_KINDS.items()), label=_("Type"), empty_label=_("All")
    )
    category = django_filters.ChoiceFilter(choices=[], label=_("Category"), empty_label=_("All"))

    class Meta:
        model = Snippet
        fields: list[str] = []

    def __init__(self, data: Any, queryset: SnippetQuerySet) -> None:
        kind = data.get("kind", "")
        kinds = [kind] if kind in vocabulary.CATEGORIES else [*vocabulary.CATEGORIES]
        # Each category once: some kinds share one.
        offered = {code: word for one in kinds for code, word in categories(one).items()}
        if data.get("category") not in offered:
            # The person just changed the kind, and the category belongs to another one.
            data = {name: data[name] for name in data if name != "category"}
        super().__init__(data, queryset)
        self.filters["category"].extra["choices"] = list(offered.items())

    def search(self, snippets: SnippetQuerySet, name: str, words: str) -> SnippetQuerySet:
        return snippets.matching(words)
