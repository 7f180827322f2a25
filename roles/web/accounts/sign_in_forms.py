"""The form of the sign-in page."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Django's form. Both fields refer to the general error, which the page shows."""

    GENERAL_ERROR_ID = "sign-in-error"

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        username, password = self.fields["username"], self.fields["password"]
        self.error_messages = {
            **self.error_messages,
            "invalid_login": _("Incorrect username or password. Try again."),
        }
        username.label = _("Username")
        username.error_messages["required"] = _("Enter your username.")
        password.error_messages["required"] = _("Enter your password.")
        username.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        username.widget.attrs.pop("autofocus", None)
        first_empty = password if self["username"].value() else username
        first_empty.widget.attrs["autofocus"] = True

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        if self.non_field_errors():
            for field in self.fields.values():
                field.widget.attrs |= {
                    "class": "is-invalid",
                    "aria-invalid": "true",
                    "aria-describedby": self.GENERAL_ERROR_ID,
                }
        return helper
