"""Single sign-on providers: storing and removing them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from roles import people
from roles.models import ClaimRule, Department, Event, SignInPolicy, User

OPENID_CONNECT, SAML = "openid_connect", "saml"
KINDS = {OPENID_CONNECT: "OpenID Connect", SAML: "SAML 2.0"}

# The attributes of SAML that carry a name or an address, as the common providers call them.
ATTRIBUTES = {
    "email": [
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "urn:oid:0.9.2342.19200300.100.1.3",
        *("email", "mail", "emailAddress", "Email"),
    ],
    "first_name": [
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
        "urn:oid:2.5.4.42",
        *("givenName", "firstName", "first_name", "given_name"),
    ],
    "last_name": [
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
        "urn:oid:2.5.4.4",
        *("surname", "sn", "lastName", "last_name", "family_name"),
    ],
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a value of the groups claim grants: a key of models.sign_in_rules.GRANTS, a department,
    or both."""

    value: str
    grants: str = ""
    department: Department | None = None


def saml_settings(entity_id: str, sign_on_url: str, certificate: str) -> dict[str, Any]:
    """Returns allauth's settings for a SAML provider. Only signed assertions are accepted, in
    answer to a sign-in that began here, so that none can be replayed."""
    return {
        "idp": {"entity_id": entity_id, "sso_url": sign_on_url, "x509cert": certificate},
        "attribute_mapping": ATTRIBUTES,
        "advanced": {
            "want_assertion_signed": True,
            "want_attribute_statement": False,
            "reject_idp_initiated_sso": True,
            "allow_single_label_domains": True,  # intranets
        },
    }


def save(*, by: User, app: SocialApp, grants: Iterable[Grant]) -> SocialApp:
    """Stores a new or changed provider with the rules of its groups claim."""
    with transaction.atomic():
        is_new = app.pk is None
        if is_new:
            app.provider_id = _unused_slug(app.name)
        if app.provider == SAML:
            app.client_id = app.provider_id  # allauth finds a SAML provider by it
        app.save()
        ClaimRule.objects.filter(provider=app).delete()
        rules = {
            (one.value, one.grants, one.department.pk if one.department else None): one
            for one in grants
        }
        ClaimRule.objects.bulk_create(
            ClaimRule(provider=app, value=one.value, grants=one.grants, department=one.department)
            for one in rules.values()
        )
        Event.objects.record(
            by=by,
            verb="provider.added" if is_new else "provider.changed",
            about=app.name,
            provider=app.pk,
            rules=len(rules),
        )
    return app


def remove(*, by: User, app: SocialApp) -> None:
    """Removes a provider. Its people keep their accounts. Raises people.AccountChangeRefused if
    no one could sign in anymore."""
    with transaction.atomic():
        policy = SignInPolicy.objects.select_for_update().filter(pk=1).first()
        is_last = not SocialApp.objects.exclude(pk=app.pk).exists()
        if is_last and policy is not None and not policy.has_password_sign_in:
            raise people.AccountChangeRefused(
                _("This is the only way to sign in. Allow passwords first.")
            )
        SocialAccount.objects.filter(provider=app.provider_id).delete()
        Event.objects.record(by=by, verb="provider.removed", about=app.name, provider=app.pk)
        app.delete()


def _unused_slug(name: str) -> str:
    slug = base = slugify(name)[:40] or "provider"
    number = 1
    while SocialApp.objects.filter(provider_id=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
