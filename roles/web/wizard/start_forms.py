"""The forms of the start page: the new job description, and the search for what it starts from."""

from __future__ import annotations

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy

from roles import limits
from roles.models import JobFamily, JobLevel
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField


class StartForm(EmbeddedForm):
    """The title, family and level of a new job description. The view reads `source` itself:
    blank, template:CODE or copy:REFERENCE."""

    error_summary = gettext_lazy(
        "Not created. Fix the errors below. Your changes are still on the page."
    )

    title = OneLineField(
        max_length=limits.TITLE_LIMIT,
        label=gettext_lazy("Job title"),
        help_text=gettext_lazy("Use the title that candidates would search for."),
    )
    family = forms.ModelChoiceField(
        JobFamily.objects.all(), required=False, label=gettext_lazy("Job family")
    )
    level = forms.ModelChoiceField(
        JobLevel.objects.all(), required=False, label=gettext_lazy("Job level")
    )

    def layout(self) -> Layout:
        return Layout("title", Row(Column("family"), Column("level")))


class GalleryForm(forms.Form):
    """The searches and filters of the start page. An invalid value is ignored, with an error
    beside its field."""

    q = OneLineField(
        max_length=limits.SEARCH_LIMIT,
        required=False,
        label=gettext_lazy("Search templates"),
        widget=forms.SearchInput({"autocomplete": "off"}),
    )
    for_family = forms.ModelChoiceField(
        JobFamily.objects.all(),
        required=False,
        label=gettext_lazy("Family"),
        empty_label=gettext_lazy("All"),
    )
    for_level = forms.ModelChoiceField(
        JobLevel.objects.all(),
        required=False,
        label=gettext_lazy("Level"),
        empty_label=gettext_lazy("All"),
    )
    find = OneLineField(
        max_length=limits.SEARCH_LIMIT,
        required=False,
        label=gettext_lazy("Search job descriptions"),
        widget=forms.SearchInput({"autocomplete": "off"}),
    )
