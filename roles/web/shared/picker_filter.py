"""The filters of a search for snippets that fit a section."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from roles import search, vocabulary
from roles.models import JobFamily, JobLevel
from roles.models.section_content import SectionContent
from roles.models.snippet import SnippetQuerySet
from roles.web.shared import filters

ALL_KINDS = "all"


class PickerFilter(filters.BaseSnippetFilter):
    """The snippets for a section. Where no kind is chosen, those of the kind and category that
    the section holds."""

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

    def __init__(
        self, data: QueryDict, queryset: SnippetQuerySet, *, section: SectionContent
    ) -> None:
        kind, category = search.kind_and_category(section.kind, section.heading)
        self.own_kind = kind
        sent: dict[str, Any] = data.dict()
        if "kind" not in sent:
            sent = {"kind": kind or ALL_KINDS, "category": category, **sent}
        super().__init__(sent, queryset)

    def filter_kind(self, snippets: SnippetQuerySet, name: str, kind: str) -> SnippetQuerySet:
        return snippets if kind == ALL_KINDS else snippets.of_kind(kind)
