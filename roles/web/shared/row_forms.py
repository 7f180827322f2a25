"""The forms of families, departments, and locations, which authors in HR can add as well."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from roles import languages, limits, places
from roles.models.organization import PREFIX
from roles.web.shared.fields import OneLineField
from roles.web.shared.settings_form import RowForm


class DepartmentForm(RowForm):
    list_name = "departments"
    name = OneLineField(label=_("Name"), max_length=limits.NAME_LIMIT)


class PrefixField(OneLineField):
    """Two to six letters; small ones become capitals."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocapitalize": "characters", "autocomplete": "off", "class": "form-control"}
        kwargs.setdefault("widget", forms.TextInput(attrs))
        super().__init__(max_length=6, validators=[PREFIX], **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()


class FamilyForm(RowForm):
    list_name = "families"
    name = OneLineField(label=_("Name"), max_length=limits.NAME_LIMIT)
    prefix = PrefixField(  # type: ignore[assignment]  # the class doesn't keep its fields
        label=_("Reference prefix"),
        help_text=_("Two to six letters, such as ACC for references like ACC-0001."),
    )


class LocationForm(RowForm):
    """A city; the regions of the chosen country are suggested (templates/shared/_regions.html)."""

    list_name = "locations"
    city = OneLineField(label=_("City"), max_length=limits.NAME_LIMIT)
    country = forms.ChoiceField(label=_("Country"))
    region = OneLineField(
        label=_("State or region"),
        max_length=limits.NAME_LIMIT,
        required=False,
        widget=forms.TextInput({"list": "region-options", "autocomplete": "off"}),
        help_text=_("Choose a suggestion, or enter another name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = places.country_names(get_language() or languages.DEFAULT)
        known = self.initial.get("country", "")
        if known and known not in names:  # stored before the list was closed
            names = {known: known, **names}
        self.set_choices("country", [("", _("Choose a country")), *names.items()])

    def layout(self) -> Layout:
        return Layout("base", "city", Row(Column("country"), Column("region")))

    @property
    def region_options(self) -> tuple[str, ...]:
        """The regions to suggest for the country that the page shows."""
        return places.regions(str(self["country"].value() or ""))


ADDED_FORMS: dict[str, type[RowForm]] = {
    "families": FamilyForm,
    "departments": DepartmentForm,
    "locations": LocationForm,
}
