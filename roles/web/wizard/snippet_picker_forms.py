"""The filters of the snippet picker."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.models import JobFamily, JobLevel
from roles.models.snippet import SnippetQuerySet
from roles.web.shared import filters

ALL_KINDS = "all"


class PickerFilter(filters.BaseSnippetFilter):
    """The snippets for a section. Where no kind is chosen, those that the section's kind offers
    first."""

    kind = django_filters.ChoiceFilter(
        choices=[*vocabulary.SNIPPET_KINDS.items(), (ALL_KINDS, _("All types"))],
        method="filter_kind",
        label=_("Type"),
        empty_label=None,
    )
    family = django_filters.ModelChoiceFilter(
        field_name="families",
        queryset=JobFamily.objects.all(),
        label=_("Family"),
        empty_label=_("All"),
    )
    level = django_filters.ModelChoiceFilter(
        field_name="levels",
        queryset=JobLevel.objects.all(),
        label=_("Level"),
        empty_label=_("All"),
    )

    def __init__(self, data: QueryDict, queryset: SnippetQuerySet, *, section_kind: str) -> None:
        offers: tuple[str, ...] = vocabulary.SECTION_KINDS[section_kind].offers
        sent: dict[str, Any] = data.dict()
        super().__init__({"kind": offers[0] if offers else ALL_KINDS, **sent}, queryset)

    def filter_kind(self, snippets: SnippetQuerySet, name: str, kind: str) -> SnippetQuerySet:
        return snippets if kind == ALL_KINDS else snippets.of_kind(kind)
