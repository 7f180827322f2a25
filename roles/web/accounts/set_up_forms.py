"""The form of the first run."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from roles import languages
from roles.first_run import FirstAdministrator
from roles.library import starter
from roles.models import Organization, User
from roles.models.organization import PAPERS
from roles.web.accounts.password_forms import PASSWORD_RULES
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField

STORED = ("name", "brand_color", "paper", "language", "families")
CODE_LIMIT = 40  # characters
NEW_PASSWORD = {"autocomplete": "new-password"}


class SetUpForm(EmbeddedForm):
    code = OneLineField(
        label=_("Code"),
        max_length=CODE_LIMIT,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    first_name = OneLineField(label=_("First name"), max_length=150)
    last_name = OneLineField(label=_("Last name"), max_length=150)
    email = forms.EmailField(label=_("Email address"))
    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "username"}),
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(NEW_PASSWORD),
        help_text=PASSWORD_RULES,
    )
    password2 = forms.CharField(
        label=_("Password, again"), strip=False, widget=forms.PasswordInput(NEW_PASSWORD)
    )
    name = OneLineField(label=_("Name of the organization"), max_length=200)
    brand_color = forms.RegexField(
        r"\A#[0-9a-fA-F]{6}\Z",
        label=_("Color"),
        initial=Organization._meta.get_field("brand_color").default,
        widget=forms.TextInput({"type": "color"}),
        error_messages={"invalid": _("Enter a color such as #1f4e79.")},
    )
    paper = forms.ChoiceField(label=_("Paper"), choices=list(PAPERS.items()))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: languages.names().items(),
        initial=languages.DEFAULT,
        help_text=_("Of most job descriptions. Each can have another."),
    )
    families = forms.MultipleChoiceField(
        label=_("Starter library"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Snippets and templates for these job families. Choose none to start empty."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        families = starter.families()
        self.set_choices("families", families)
        self.fields["families"].initial = [code for code, _name in families]

    def layout(self) -> Layout:
        person = ("first_name", "last_name", "email", "username", "password1", "password2")
        return Layout(
            "code",
            Fieldset(_("Administrator"), *person),
            Fieldset(_("Organization"), "name", "brand_color", "paper", "language"),
            Fieldset(_("Library"), "families"),
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        password = values.get("password1")
        if not password:
            return values
        if password != values.get("password2") and "password2" not in self.errors:
            self.add_error("password2", _("You must type the same password each time."))
        names = ("username", "first_name", "last_name", "email")
        person = User(**{name: values.get(name, "") for name in names})
        try:
            validate_password(password, person)
        except ValidationError as error:
            self.add_error("password1", error)
        return values

    def values(self) -> dict[str, Any]:
        """Returns the arguments of first_run.complete."""
        values = self.cleaned_data
        names = ("username", "email", "first_name", "last_name")
        administrator = FirstAdministrator(
            **{name: values[name] for name in names}, password=values["password1"]
        )
        stored = {name: values[name] for name in STORED}
        return {"administrator": administrator, **stored}
