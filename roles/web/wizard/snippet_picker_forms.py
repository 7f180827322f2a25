"""The filters of the snippet picker."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from roles import search, vocabulary
from roles.models import JobFamily, JobLevel, Section, Snippet
from roles.models.snippet import OFFERED
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

    def __init__(self, data: QueryDict, *, section: Section) -> None:
        kind, category = search.kind_and_category(section.kind, section.heading)
        self.own_kind = kind
        sent: dict[str, Any] = data.dict()
        if "kind" not in sent:
            sent = {"kind": kind or ALL_KINDS, "category": category, **sent}
        super().__init__(sent, Snippet.objects.all())

    def chosen(self) -> dict[str, list[str]]:
        """Returns the chosen values by facet, for the search."""
        values = {name: self.value(name) for name in ("kind", "category", "family", "level")}
        found = {name: [str(getattr(v, "pk", v))] for name, v in values.items() if v}
        if found.get("kind") == [ALL_KINDS]:
            del found["kind"]
        return {"status": [*OFFERED], **found}
