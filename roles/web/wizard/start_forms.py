"""The forms of the start page: the new job description, and the search for what it starts from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import limits
from roles.models import JobFamily, JobLevel
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import LevelField, OneLineField
from roles.web.wizard.facts_form import adds_to

if TYPE_CHECKING:
    Choices = ModelChoiceIterator[JobFamily]
    Families = forms.ModelChoiceField[JobFamily]
else:
    Choices, Families = ModelChoiceIterator, forms.ModelChoiceField

NO_FAMILY = "none"


class FamilyChoices(Choices):
    """The job families, and an answer for none of them."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield from super().__iter__()
        yield NO_FAMILY, gettext_lazy("No family")


class FamilyField(Families):
    """A job family. No family is an answer of its own, unlike no answer."""

    iterator = FamilyChoices

    def to_python(self, value: Any) -> JobFamily | None:
        family: JobFamily | None = None if value == NO_FAMILY else super().to_python(value)
        return family


class StartForm(EmbeddedForm):
    """The title, family and level of a new job description. The view reads `source` itself:
    blank, template:CODE or copy:REFERENCE. `source_family` is the family of the source: if it
    wasn't proposed, the person must say whether the new job is in it, because it gives the
    reference."""

    error_summary = gettext_lazy(
        "Not created. Fix the errors below. Your changes are still on the page."
    )

    title = OneLineField(
        max_length=limits.TITLE_LIMIT,
        label=gettext_lazy("Job title"),
        help_text=gettext_lazy("Use the title that candidates would search for."),
    )
    family = FamilyField(
        JobFamily.objects.all(),
        required=False,
        label=gettext_lazy("Job family"),
        empty_label=gettext_lazy("Not set"),
    )
    level = LevelField(
        JobLevel.objects.all(),
        required=False,
        label=gettext_lazy("Job level"),
        empty_label=gettext_lazy("Not set"),
    )

    structure_only = forms.BooleanField(
        required=False,
        label=gettext_lazy("Structure only"),
        help_text=gettext_lazy(
            "Takes the headings, facts, and guidance of a template, without its text."
        ),
    )

    def __init__(self, *args: Any, source_family: JobFamily | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source_family = source_family

    def clean_family(self) -> JobFamily | None:
        family: JobFamily | None = self.cleaned_data["family"]
        if self.source_family is not None and not self.data.get("family"):
            question = _("Is this job in “%s”? Choose it, another family, or “No family”.")
            raise forms.ValidationError(question % self.source_family)
        return family

    def layout(self) -> Layout:
        return Layout("title", Row(Column("family", adds_to("families")), Column("level")))


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
