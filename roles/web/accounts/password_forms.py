"""Forms of a person's own password and email address: allauth's, with the product's words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from roles.limits import PERSON_NAME_LIMIT
from roles.models import User
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField

REQUIRED = {
    "email": _("Enter your email address."),
    "password": _("Enter your password."),
    "oldpassword": _("Enter your current password."),
    "password1": _("Enter a password."),
    "password2": _("Enter the password again."),
    "code": _("Enter the code."),
    "name": _("Enter a name."),
}


class AccountForm(EmbeddedForm):
    """Gives allauth's fields the product's labels and hints (`words`), without placeholders."""

    words: dict[str, tuple[Any, Any]] = {}  # field: label and help text

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label, field.help_text = self.words.get(name, (field.label, ""))
            field.widget.attrs.pop("placeholder", None)
            if name in REQUIRED:
                field.error_messages["required"] = REQUIRED[name]


PASSWORD_RULES = lazy(lambda: " ".join(password_validators_help_texts()), str)()
NEW = {
    "password1": (_("New password"), PASSWORD_RULES),
    "password2": (_("New password, again"), ""),
}


class ConfirmPasswordForm(AccountForm, account_forms.ReauthenticateForm):  # type: ignore[misc]
    words = {"password": (_("Password"), "")}


class ChangePasswordForm(AccountForm, account_forms.ChangePasswordForm):  # type: ignore[misc]
    words = {"oldpassword": (_("Current password"), ""), **NEW}


class SetPasswordForm(AccountForm, account_forms.SetPasswordForm):  # type: ignore[misc]
    words = NEW


class AcceptInvitationForm(AccountForm, account_forms.SetPasswordForm):  # type: ignore[misc]
    """The name and the password of an invited person. The address is shown, and lets password
    managers store it."""

    error_summary = _("Your account isn’t set up yet. Fix the errors below.")
    words = {
        "email": (_("Email address"), ""),
        "first_name": (_("First name"), ""),
        "last_name": (_("Last name"), ""),
        "password1": (_("Password"), PASSWORD_RULES),
        "password2": (_("Password, again"), ""),
    }
    email = forms.EmailField(
        required=False,
        widget=forms.EmailInput({"readonly": True, "autocomplete": "username"}),
    )
    first_name = OneLineField(
        max_length=PERSON_NAME_LIMIT, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = OneLineField(
        max_length=PERSON_NAME_LIMIT, widget=forms.TextInput({"autocomplete": "family-name"})
    )

    field_order = ("email", "first_name", "last_name", "password1", "password2")

    def __init__(self, user: User, data: Any) -> None:
        initial = {"first_name": user.first_name, "last_name": user.last_name, "email": user.email}
        super().__init__(user, data, initial=initial)

    def clean_email(self) -> str:
        """Ignores what was posted."""
        return str(self.user.email)

    def clean_first_name(self) -> str:
        self.user.first_name = self.cleaned_data["first_name"]  # a password can't be like it
        return str(self.user.first_name)

    def clean_last_name(self) -> str:
        self.user.last_name = self.cleaned_data["last_name"]
        return str(self.user.last_name)

    def values(self) -> dict[str, str]:
        names = {name: self.cleaned_data[name] for name in ("first_name", "last_name")}
        return names | {"password": self.cleaned_data["password1"]}


class RequestResetForm(AccountForm, account_forms.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": (_("Email address"), "")}


class NewPasswordForm(AccountForm, account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    words = NEW


class ChangeEmailForm(AccountForm, account_forms.AddEmailForm):  # type: ignore[misc]
    words = {"email": (_("New email address"), _("We’ll send a link there to confirm it."))}
