"""The forms of the lists that only administrators change."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from roles import languages, limits, placeholders, places, vocabulary
from roles.models import PayReference
from roles.models.pay_range import AS_OF
from roles.models.text_fields import validate_currency
from roles.web.shared import money
from roles.web.shared.fields import OneLineField
from roles.web.shared.settings_form import RowForm

AMOUNTS = ("amount", "low", "high")


def years_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=limits.EXPERIENCE_LIMIT
    )


class LevelForm(RowForm):
    list_name = "levels"
    name = OneLineField(label=_lazy("Name"), max_length=limits.NAME_LIMIT)
    track = forms.ChoiceField(
        label=_lazy("Track"),
        choices=list(vocabulary.TRACKS.items()),
        initial="individual",
        widget=forms.RadioSelect,
        help_text=_lazy("People levels lead others. Authors choose from levels by track."),
    )
    years_from = years_field(_lazy("Years of experience, from"))
    years_to = years_field(_lazy("to"))

    def layout(self) -> Layout:
        return Layout("base", "name", "track", Row(Column("years_from"), Column("years_to")))


class PayGradeForm(RowForm):
    list_name = "pay-grades"
    name = OneLineField(label=_lazy("Name"), max_length=limits.CODE_LIMIT)


class CategoryForm(RowForm):
    list_name = "categories"
    name = OneLineField(label=_lazy("Name"), max_length=limits.NAME_LIMIT)


class CustomFactForm(RowForm):
    list_name = "custom-facts"
    label = OneLineField(
        label=_lazy("Label"),
        max_length=limits.NAME_LIMIT,
        help_text=_lazy("Such as “Union” or “Cost center”. It’s printed with its value."),
    )
    audience = forms.ChoiceField(
        label=_lazy("Visible to"),
        choices=list(vocabulary.AUDIENCES.items()),
        initial="internal",
        help_text=_lazy("Restricted facts are for HR, the owner, and hiring managers."),
    )


class PlaceholderForm(RowForm):
    list_name = "placeholders"
    placeholder = OneLineField(
        label=_lazy("Placeholder"),
        max_length=limits.PLACEHOLDER_LIMIT,
        help_text=_lazy("The words between the brackets, such as “industry” for [Industry]."),
    )
    value = OneLineField(label=_lazy("Value"), max_length=limits.ANSWER_LIMIT, required=False)
    plain = forms.BooleanField(
        label=_lazy("Keep the brackets"),
        required=False,
        help_text=_lazy("Select it if the brackets are part of the text."),
    )

    def clean_placeholder(self) -> str:
        key = placeholders.placeholder_key(self.cleaned_data["placeholder"].strip("[] "))
        if not any(character.isalpha() for character in key):
            raise ValidationError(_("Enter the words between the brackets."))
        return key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "value" in cleaned and not (cleaned["value"] or cleaned.get("plain")):
            self.add_error("value", _("Enter the value, or keep the brackets."))
        return cleaned


class FigureForm(RowForm):
    """A market figure, typed on a page or read from a row of a CSV file."""

    list_name = "market-figures"
    role = OneLineField(
        label=_lazy("Role"),
        max_length=limits.MARKET_ROLE_LIMIT,
        help_text=_lazy("Offered to job descriptions whose title contains these words."),
    )
    country = forms.ChoiceField(label=_lazy("Country"), required=False)
    location = OneLineField(label=_lazy("City"), max_length=limits.NAME_LIMIT, required=False)
    level = OneLineField(label=_lazy("Level"), max_length=limits.NAME_LIMIT, required=False)
    years_from = years_field(_lazy("Years of experience, from"))
    years_to = years_field(_lazy("to"))
    amount = money.MoneyField(label=_lazy("Amount"), required=False)
    low = money.MoneyField(label=_lazy("Lowest"), required=False)
    high = money.MoneyField(label=_lazy("Highest"), required=False)
    currency = OneLineField(
        label=_lazy("Currency"),
        max_length=10,
        initial="USD",
        help_text=_lazy("A code such as USD or EUR."),
    )
    period = forms.ChoiceField(
        label=_lazy("Period"), choices=list(vocabulary.PERIODS.items()), initial="year"
    )
    statistic = forms.ChoiceField(
        label=_lazy("Statistic"), choices=list(vocabulary.STATISTICS.items()), initial="average"
    )
    source = OneLineField(label=_lazy("Source"), max_length=200, required=False)
    as_of = OneLineField(
        label=_lazy("As of"),
        max_length=10,
        required=False,
        validators=[AS_OF],
        help_text=_lazy("A date such as 2026, 2026-02, or 2026-02-28."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = places.country_names(get_language() or languages.DEFAULT)
        known = self.initial.get("country", "")
        if known and known not in names:
            names = {known: known, **names}
        self.set_choices("country", [("", _("Any")), *names.items()])
        for name in AMOUNTS:
            currency = money.currency_code(str(self["currency"].value() or ""))
            self.fields[name].currency = currency  # type: ignore[attr-defined]
            if not self.is_bound:
                self.initial[name] = money.written(self.initial.get(name))

    def layout(self) -> Layout:
        return Layout(
            "base",
            "role",
            Row(Column("country"), Column("location")),
            "level",
            Row(Column("years_from"), Column("years_to")),
            Row(Column("amount"), Column("low"), Column("high")),
            Row(Column("currency"), Column("period"), Column("statistic")),
            Row(Column("source"), Column("as_of")),
        )

    def clean_currency(self) -> str:
        code = money.currency_code(self.cleaned_data["currency"])
        validate_currency(code)
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = ("years_from", "years_to", *AMOUNTS)
        if not self.errors.keys() & {*names}:
            try:
                PayReference(**{name: cleaned[name] for name in names}).clean()
            except ValidationError as error:
                self.refuse(error)
        for name in AMOUNTS:
            if amount := money.read_amount(str(self.data.get(name) or "")):
                chosen = (cleaned.get("currency"), cleaned.get("period"))
                for message in money.mismatches(amount, *chosen):
                    self.add_error(name, message)
        return cleaned
