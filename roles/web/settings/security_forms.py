"""Forms of sign-in settings: the policy, and single sign-on providers with their rules."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialApp
from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from roles import permissions
from roles.limits import NAME_LIMIT
from roles.models import Department, SignInPolicy
from roles.models.sign_in_rules import GRANTS, SESSION_HOURS_LIMIT
from roles.people import single_sign_on
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField

URL_LIMIT = 500
CERTIFICATE_LIMIT = 20_000
METADATA_LIMIT = 200_000
NO_BLANK_RULES = 3  # blank rows below the rules


class PolicyForm(EmbeddedForm):
    has_password_sign_in = forms.BooleanField(
        label=_("Allow passwords and passkeys"),
        required=False,
        help_text=_("Without this, people sign in only with a provider below."),
    )
    factor_groups = forms.ModelMultipleChoiceField(
        queryset=Group.objects.none(),
        label=_("Require a second factor of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    do_administrators_need_factor = forms.BooleanField(
        label=_("Require a second factor of administrators"),
        required=False,
        help_text=_(
            "An authenticator app or a passkey, besides the password. Whoever has none is signed"
            " out and sets one up at the next sign-in. For single sign-on, the provider decides."
        ),
    )
    session_hours = forms.IntegerField(
        label=_("Sign out after (hours)"), min_value=1, max_value=SESSION_HOURS_LIMIT
    )

    def __init__(self, data: Any, *, policy: SignInPolicy) -> None:
        initial = {
            "has_password_sign_in": policy.has_password_sign_in,
            "do_administrators_need_factor": policy.do_administrators_need_factor,
            "session_hours": policy.session_hours,
            "factor_groups": [] if policy._state.adding else policy.factor_groups.all(),
        }
        super().__init__(data, initial=initial)
        groups = Group.objects.filter(name__in=permissions.GROUPS.values()).order_by("pk")
        self.set_queryset("factor_groups", groups)


class ProviderForm(EmbeddedForm):
    """What both kinds of provider have."""

    name = OneLineField(
        label=_("Name"),
        max_length=40,
        help_text=_("On the sign-in page: “Sign in with …”"),
    )
    creates_accounts = forms.BooleanField(
        label=_("Create accounts"),
        required=False,
        initial=True,
        help_text=_("Whoever the provider lets in gets an account at the first sign-in."),
    )
    trusts_email = forms.BooleanField(
        label=_("Trust its email addresses"),
        required=False,
        initial=True,
        help_text=_(
            "Connects people to their accounts by address. Turn it off for a provider where"
            " people can enter any address."
        ),
    )
    groups_claim = OneLineField(
        label=_("Claim with the groups"),
        required=False,
        max_length=NAME_LIMIT,
        initial="groups",
        help_text=_("The claim or attribute whose values the rules below use."),
    )

    kind = ""

    def __init__(self, data: Any, *, app: SocialApp | None) -> None:
        self.app = app
        settings = app.settings if app else {}
        initial = {"name": app.name, **self.stored(app)} if app else {}
        for field, key in (
            ("creates_accounts", "creates_accounts"),
            ("trusts_email", "verified_email"),
            ("groups_claim", "groups_claim"),
        ):
            if app:
                initial[field] = settings.get(key)
        super().__init__(data, initial=initial)

    def stored(self, app: SocialApp) -> dict[str, Any]:
        """Returns the initial values of the fields of this kind."""
        return {}

    def own_settings(self) -> dict[str, Any]:
        """Returns allauth's settings of this kind."""
        return {}

    def provider(self) -> SocialApp:
        """Returns the provider with the values of the form, not stored."""
        app = self.app or SocialApp(provider=self.kind)
        values = self.cleaned_data
        app.name = values["name"]
        app.settings = {
            **self.own_settings(),
            "creates_accounts": values["creates_accounts"],
            "verified_email": values["trusts_email"] or None,
            "email_authentication": True,
            "groups_claim": values["groups_claim"],
        }
        return app


class OpenIDConnectForm(ProviderForm):
    kind = single_sign_on.OPENID_CONNECT

    server_url = forms.URLField(
        label=_("Address of the provider"),
        max_length=URL_LIMIT,
        assume_scheme="https",
        help_text=_("The issuer, such as https://login.example.com/realms/staff."),
    )
    client_id = OneLineField(label=_("Client ID"), max_length=191)
    secret = OneLineField(
        label=_("Client secret"),
        max_length=191,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    field_order = ("name", "server_url", "client_id", "secret")

    def __init__(self, data: Any, *, app: SocialApp | None) -> None:
        super().__init__(data, app=app)
        if app and app.secret:
            self.fields["secret"].help_text = _("Leave blank to keep the stored one.")

    def stored(self, app: SocialApp) -> dict[str, Any]:
        return {"server_url": app.settings.get("server_url", ""), "client_id": app.client_id}

    def clean_server_url(self) -> str:
        address = str(self.cleaned_data["server_url"]).rstrip("/")
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
            raise ValidationError(_("The address must begin with https://."))
        return address

    def own_settings(self) -> dict[str, Any]:
        return {"server_url": self.cleaned_data["server_url"], "fetch_userinfo": True}

    def provider(self) -> SocialApp:
        app = super().provider()
        app.client_id = self.cleaned_data["client_id"]
        app.secret = self.cleaned_data["secret"] or app.secret
        return app


class SamlForm(ProviderForm):
    kind = single_sign_on.SAML

    metadata = forms.CharField(
        label=_("Metadata"),
        required=False,
        max_length=METADATA_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("Paste the provider’s XML. It fills in the next three fields."),
    )
    entity_id = OneLineField(label=_("Entity ID"), max_length=URL_LIMIT, required=False)
    sign_on_url = forms.URLField(
        label=_("Sign-on address"), max_length=URL_LIMIT, required=False, assume_scheme="https"
    )
    certificate = forms.CharField(
        label=_("Certificate (X.509)"),
        required=False,
        max_length=CERTIFICATE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    field_order = ("name", "metadata", "entity_id", "sign_on_url", "certificate")

    def stored(self, app: SocialApp) -> dict[str, Any]:
        stored = app.settings.get("idp", {})
        return {
            "entity_id": stored.get("entity_id", ""),
            "sign_on_url": stored.get("sso_url", ""),
            "certificate": stored.get("x509cert", ""),
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("metadata"):
            values |= self._read(values["metadata"])
        for name, message in (
            ("entity_id", _("Enter the entity ID, or paste the metadata.")),
            ("sign_on_url", _("Enter the sign-on address, or paste the metadata.")),
            ("certificate", _("Enter the certificate, or paste the metadata.")),
        ):
            if not values.get(name) and not self.errors.get(name):
                self.add_error(name, message)
        if values.get("certificate"):
            self._check_certificate(values["certificate"])
        return values

    def _read(self, metadata: str) -> dict[str, str]:
        """Returns the fields that the metadata has."""
        from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

        try:
            parsed = OneLogin_Saml2_IdPMetadataParser.parse(metadata.encode()).get("idp", {})
        except Exception:  # the parser raises whatever its XML library does
            self.add_error("metadata", _("This isn’t the metadata of a SAML provider."))
            return {}
        certificates = parsed.get("x509certMulti", {}).get("signing", [])
        found = {
            "entity_id": parsed.get("entityId", ""),
            "sign_on_url": parsed.get("singleSignOnService", {}).get("url", ""),
            "certificate": parsed.get("x509cert", "") or next(iter(certificates), ""),
        }
        if not any(found.values()):
            self.add_error("metadata", _("This isn’t the metadata of a SAML provider."))
        return {name: value for name, value in found.items() if value}

    def _check_certificate(self, text: str) -> None:
        from cryptography.x509 import load_pem_x509_certificate

        body = re.sub(r"-----[A-Z ]+-----|\s", "", text)
        pem = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
        try:
            load_pem_x509_certificate(pem.encode())
        except ValueError:
            self.add_error("certificate", _("This isn’t a certificate in PEM format."))

    def own_settings(self) -> dict[str, Any]:
        values = self.cleaned_data
        return single_sign_on.saml_settings(
            values["entity_id"], values["sign_on_url"], values["certificate"]
        )


PROVIDER_FORMS: dict[str, type[ProviderForm]] = {
    form.kind: form for form in (OpenIDConnectForm, SamlForm)
}


class RuleForm(EmbeddedForm):
    """A value of the groups claim, and what it grants. A row without a value is left out."""

    value = OneLineField(label=_("Value of the claim"), required=False, max_length=NAME_LIMIT)
    grants = forms.ChoiceField(
        label=_("Group"), required=False, choices=[("", "–"), *GRANTS.items()]
    )
    department = forms.ModelChoiceField(
        queryset=Department.objects.none(),
        label=_("Department"),
        required=False,
        empty_label=_("–"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_queryset("department", Department.objects.all())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_granting = values.get("grants") or values.get("department")
        if values.get("value") and not is_granting:
            self.add_error("grants", _("Choose a group, a department, or both."))
        elif is_granting and not values.get("value") and "value" not in self.errors:
            self.add_error("value", _("Enter the value."))
        return values

    def grant(self) -> single_sign_on.Grant | None:
        """Returns what the row grants, or None for a blank one."""
        values = self.cleaned_data
        if not values.get("value"):
            return None
        return single_sign_on.Grant(values["value"], values["grants"], values["department"])


RuleFormSet = forms.formset_factory(RuleForm, extra=NO_BLANK_RULES, max_num=200)
