"""The form of the sign-in page."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import perform_password_login
from crispy_forms.helper import FormHelper
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

LOGIN_LIMIT = 254  # characters of an email address


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's form. Both fields refer to the general error, which the page shows."""

    GENERAL_ERROR_ID = "sign-in-error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["remember"]  # the organization decides how long a session lasts
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("Username or email address")
        login.max_length = LOGIN_LIMIT
        login.error_messages["required"] = _("Enter your username or email address.")
        login.widget.attrs = {
            "autocapitalize": "none",
            "spellcheck": "false",
            "autocomplete": "username webauthn",
        }
        password.help_text = ""
        password.error_messages["required"] = _("Enter your password.")
        password.widget.attrs.pop("placeholder", None)
        first_empty = password if self["login"].value() else login
        first_empty.widget.attrs["autofocus"] = True

    def _login_with_password(
        self, request: HttpRequest, redirect_url: str | None, credentials: dict[str, Any]
    ) -> HttpResponse:
        """Signs in. allauth's form also sets how long the session lasts, which the organization
        decides (AccountAdapter.login)."""
        self._login.redirect_url = redirect_url
        response: HttpResponse = perform_password_login(request, credentials, self._login)
        return response

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
