"""The filters of a search for snippets that fit a section."""

from __future__ import annotations

import operator
from collections.abc import Collection
from typing import Any

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from roles import search, search_query, vocabulary
from roles.models import JobFamily, JobLevel, Snippet
from roles.models.section_content import SectionContent
from roles.models.snippet import OFFERED
from roles.search.snippet_search import Filters, Fit, SnippetSearch
from roles.search.typing_errors import forgiving
from roles.web.shared import filters

ALL_KINDS = "all"


class PickerFilter(filters.BaseSnippetFilter):
    """The snippets for a section. Where no kind is chosen, those of the kind and category that
    the section holds."""

    kind = django_filters.ChoiceFilter(
        choices=[*vocabulary.SNIPPET_KINDS.items(), (ALL_KINDS, _("All types"))],
        label=_("Type"),
        empty_label=None,
    )
    family = django_filters.ModelChoiceFilter(
        queryset=JobFamily.objects.all(), label=_("Family"), empty_label=_("All")
    )
    level = django_filters.ModelChoiceFilter(
        queryset=JobLevel.objects.all(), label=_("Level"), empty_label=_("All")
    )

    def __init__(self, data: QueryDict, *, section: SectionContent) -> None:
        kind, category = search.kind_and_category(section.kind, section.heading)
        self.own_kind = kind
        sent: dict[str, Any] = data.dict()
        if "kind" not in sent:
            sent = {"kind": kind or ALL_KINDS, "category": category, **sent}
        super().__init__(sent, Snippet.objects.all())

    def chosen(self, statuses: Collection[str] = OFFERED) -> Filters:
        """Returns the chosen values by facet, for snippets with one of these statuses."""
        values = {name: self.value(name) for name in ("kind", "category", "family", "level")}
        found = {name: [str(getattr(v, "pk", v))] for name, v in values.items() if v}
        if found.get("kind") == [ALL_KINDS]:
            del found["kind"]
        return {"status": statuses, **found}


def best_snippets(words: str, chosen: Filters, fit: Fit, limit: int) -> tuple[list[Snippet], str]:
    """Returns the best snippets, one more than the limit if there are more; and the words with a
    typing error corrected if only that finds something."""
    keys, corrected = forgiving(
        lambda some: SnippetSearch(search_query.parse(some), chosen, fit).best(limit + 1),
        words,
        is_empty=operator.not_,
    )
    found = Snippet.objects.filter(pk__in=keys).defer("search_text").with_category_names()
    rows = {snippet.pk: snippet for snippet in found}
    return [rows[key] for key in keys if key in rows], corrected
