"""The form of the facts of a job description, and the buttons that add to the lists it offers."""

from __future__ import annotations

from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import languages, limits, vocabulary
from roles.exporters import localized
from roles.models import CustomFact, JobDescription, JobLevel, Location, PayGrade
from roles.web.shared.dates import INVALID_DATE, DateInput
from roles.web.shared.fields import (
    LevelField,
    MultipleModelChoiceField,
    OneLineField,
    ParagraphField,
    name_blank_choice,
)
from roles.web.shared.required_messages import RequiredMessages
from roles.web.shared.typed_numbers import HoursField
from roles.web.wizard.step_forms import is_below

SIMILAR_LIMIT = 20


def adds_to(list_name: str) -> HTML:
    """The button below a field that adds to its list (templates/wizard/_add_to_list.html)."""
    return HTML(f'{{% include "wizard/_add_to_list.html" with list_name="{list_name}" %}}')


class FactsForm(RequiredMessages, forms.ModelForm):  # type: ignore[type-arg]
    """The facts of a job description. Hidden initial values show which ones this person changed;
    only those are saved."""

    title = OneLineField(max_length=limits.TITLE_LIMIT, label=gettext_lazy("Job title"))
    similar_titles = ParagraphField(
        max_length=SIMILAR_LIMIT * (limits.TITLE_LIMIT + 1),
        required=False,
        label=gettext_lazy("Similar titles"),
        help_text=gettext_lazy("One per line."),
        rows=3,
    )
    reports_to = OneLineField(
        max_length=limits.TITLE_LIMIT,
        required=False,
        label=gettext_lazy("Reports to"),
        help_text=gettext_lazy("A job title, not a person’s name."),
    )

    apply_to = OneLineField(
        max_length=limits.APPLY_LIMIT,
        required=False,
        label=gettext_lazy("Apply at"),
        help_text=gettext_lazy("A link or an email address."),
    )
    employment_types = forms.MultipleChoiceField(
        choices=list(vocabulary.EMPLOYMENT_TYPES.items()),
        required=False,
        label=gettext_lazy("Employment types"),
        widget=forms.CheckboxSelectMultiple,
    )
    shifts = forms.MultipleChoiceField(
        choices=list(vocabulary.SHIFTS.items()),
        required=False,
        label=gettext_lazy("Shifts"),
        widget=forms.CheckboxSelectMultiple,
    )
    weekly_hours = HoursField(
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=limits.WEEKLY_HOURS_LIMIT,
        required=False,
        label=gettext_lazy("Weekly hours"),
    )
    job_level = LevelField(JobLevel.objects.all(), required=False, label=gettext_lazy("Job level"))
    locations = MultipleModelChoiceField(
        queryset=Location.objects.all(),
        required=False,
        label=gettext_lazy("Locations"),
        widget=forms.CheckboxSelectMultiple,
    )

    language = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("Sets the labels, dates, and numbers in the document."),
    )

    class Meta:
        model = JobDescription
        fields = (
            *("title", "similar_titles", "job_family", "job_level", "years_from", "years_to"),
            *("department", "reports_to", "locations", "work_mode", "employment_types"),
            *("weekly_hours", "shifts", "apply_by", "open_until_filled", "apply_to"),
            *("pay_grade", "job_code", "soc_code", "flsa_status", "eeo_category"),
        )
        labels = {
            "years_from": gettext_lazy("Years of experience, from"),
            "years_to": gettext_lazy("to"),
            "soc_code": gettext_lazy("SOC code"),
            "flsa_status": gettext_lazy("FLSA status"),
            "eeo_category": gettext_lazy("EEO-1 category"),
            "apply_by": gettext_lazy("Apply by"),
        }
        widgets = {"apply_by": DateInput}
        error_messages = {"apply_by": {"invalid": INVALID_DATE}}

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        """`language` is the document's, to show what is detected."""
        super().__init__(*args, **{**kwargs, "prefix": "facts"})
        self._offer_languages(language)
        self._offer_pay_grades()
        self.initial["similar_titles"] = "\n".join(self.instance.similar_titles)
        self.own = list(CustomFact.objects.all())
        for own in self.own:
            self.fields[f"own-{own.code}"] = OneLineField(
                max_length=limits.FACT_LIMIT, required=False, label=own.label
            )
            self.initial[f"own-{own.code}"] = self.instance.custom_facts.get(own.code, "")
        for field in self.fields.values():
            field.show_hidden_initial = True
            name_blank_choice(field)
            field.widget.attrs.pop("maxlength", None)  # see LimitedField
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "title",
            Row(Column("job_family", adds_to("families")), Column("job_level")),
            Row(Column("years_from"), Column("years_to")),
            Row(Column("department", adds_to("departments")), Column("reports_to")),
            "similar_titles",
            "locations",
            adds_to("locations"),
            InlineCheckboxes("employment_types"),
            InlineCheckboxes("shifts"),
            Row(Column("work_mode"), Column("weekly_hours")),
            Row(Column("apply_by"), Column("open_until_filled")),
            "apply_to",
            "language",
            Row(Column("pay_grade"), Column("job_code"), Column("soc_code")),
            Row(Column("flsa_status"), Column("eeo_category")),
            *(f"own-{own.code}" for own in self.own),
        )

    def _offer_languages(self, language: str) -> None:
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # narrows the type
        chosen = self.instance.language
        automatic = _("Automatic")
        if language and not chosen:
            automatic = _("Automatic (%s)") % localized.language_name(language)
        offered = languages.names()
        if chosen:
            offered = {chosen: localized.language_name(chosen)} | offered
        field.choices = [("", automatic), *offered.items()]
        self.initial["language"] = chosen

    def _offer_pay_grades(self) -> None:
        """Makes the pay grade a choice if the organization has a list. What the draft has stays
        possible."""
        grades = list(PayGrade.objects.values_list("name", flat=True))
        if not grades:
            return
        stored = self.instance.pay_grade
        if stored and stored not in grades:
            grades.append(stored)
        choices = [("", _("Not set")), *((grade, grade) for grade in grades)]
        label = self.fields["pay_grade"].label
        self.fields["pay_grade"] = forms.ChoiceField(choices=choices, label=label, required=False)

    def hidden_initial(self) -> list[str]:
        """The hidden inputs that crispy does not render."""
        return [field.as_hidden(only_initial=True) for field in self]

    def clean_similar_titles(self) -> list[str]:
        titles = [t.strip() for t in self.cleaned_data["similar_titles"].splitlines() if t.strip()]
        if len(titles) > SIMILAR_LIMIT:
            raise ValidationError(_("Enter up to %d similar titles.") % SIMILAR_LIMIT)
        longest = max(map(len, titles), default=0)
        if longest > limits.TITLE_LIMIT:
            message = _("A title can have up to %(limit)d characters. One has %(length)d.")
            raise ValidationError(message % {"length": longest, "limit": limits.TITLE_LIMIT})
        return titles

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if is_below(cleaned, "years_from", "years_to"):
            self.add_error("years_to", _("The maximum years can’t be below the minimum."))
        return cleaned

    def changed_values(self) -> dict[str, Any]:
        """The facts that this person changed, as fields of JobDescription."""
        values = {name: self.cleaned_data[name] for name in self.changed_data}
        own = {o.code: values.pop(f"own-{o.code}") for o in self.own if f"own-{o.code}" in values}
        if own:
            values["custom_facts"] = self.instance.custom_facts | own
        return values
