"""Forms of a person's own password and email address: allauth's, with the product's words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from roles.web.shared.embedded_form import EmbeddedForm

REQUIRED = {
    "email": _("Enter your email address."),
    "password": _("Enter your password."),
    "oldpassword": _("Enter your current password."),
    "password1": _("Enter a new password."),
    "password2": _("Enter the new password again."),
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


class RequestResetForm(AccountForm, account_forms.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": (_("Email address"), "")}


class NewPasswordForm(AccountForm, account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    words = NEW


class ChangeEmailForm(AccountForm, account_forms.AddEmailForm):  # type: ignore[misc]
    words = {"email": (_("New email address"), _("We’ll send a link there to confirm it."))}
