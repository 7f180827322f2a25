"""Forms of second factors: allauth's, with the product's words."""

from __future__ import annotations

from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

from roles.limits import NAME_LIMIT
from roles.web.accounts.password_forms import AccountForm

CODE = {"code": (_("Code"), _("From your authenticator app, or a recovery code."))}


class FactorCodeForm(AccountForm, factor_forms.AuthenticateForm):  # type: ignore[misc]
    words = CODE


class ConfirmCodeForm(AccountForm, factor_forms.ReauthenticateForm):  # type: ignore[misc]
    words = CODE


class ActivateAppForm(AccountForm, ActivateTOTPForm):  # type: ignore[misc]
    words = {"code": (_("Code from the app"), _("Six digits. They change every 30 seconds."))}


class _NamedKeyForm(AccountForm):
    words = {
        "name": (_("Name"), _("Where the passkey is, such as Work laptop.")),
        "passwordless": (
            _("Sign in with this passkey alone"),
            _("The device asks for its PIN, your fingerprint, or your face."),
        ),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = NAME_LIMIT  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["maxlength"] = NAME_LIMIT


class AddPasskeyForm(_NamedKeyForm, AddWebAuthnForm):  # type: ignore[misc]
    pass


class RenamePasskeyForm(_NamedKeyForm, EditWebAuthnForm):  # type: ignore[misc]
    pass
