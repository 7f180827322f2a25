"""Single sign-on: who may come in, with which groups, as hooks of django-allauth."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render

from roles.models import ClaimRule, User
from roles.people import claims
from roles.web.accounts import carried_form, sign_in_events
from roles.web.accounts.account_adapter import refuse

log = logging.getLogger(__name__)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return bool(sociallogin.provider.app.settings.get("creates_accounts"))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuses who can't come in, and gives known accounts the groups that the provider states.
        Raises allauth's ImmediateHttpResponse."""
        process = sociallogin.state.get("process")
        if process == AuthProcess.REDIRECT:
            self._confirm_identity(request, sociallogin)
            return
        carried_form.hold(request, sociallogin.state.get("next") or "")
        if process == AuthProcess.CONNECT:  # accounts are connected by their address
            raise refuse(request, "unknown")
        app = sociallogin.provider.app
        user = sociallogin.user if sociallogin.is_existing else None
        reason = self._refusal(sociallogin, user)
        if reason:
            self._record(user, app, reason)
            raise refuse(request, reason)
        if user is not None:
            self._apply(user, sociallogin)
            if not user.get_full_name():
                names = sociallogin.stated_names
                user.first_name, user.last_name = names["first_name"], names["last_name"]
                user.save(update_fields=list(names))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Keeps the names that the provider states, for an invited account without one."""
        user: User = super().populate_user(request, sociallogin, data)
        sociallogin.stated_names = {"first_name": user.first_name, "last_name": user.last_name}
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Creates the account of a person who signs in for the first time."""
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            provider = sociallogin.provider.app.name
            sign_in_events.record(None, "account.created", user, provider=provider)
            self._apply(user, sociallogin)
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Records an answer of a provider that can't be trusted, and says so without details."""
        details = (extra_context or {}).get("saml_last_error_reason") or exception
        log.warning("single sign-on failed: %s %s", error, type(exception).__name__)
        log.debug("%s", details)
        state = (extra_context or {}).get("state") or {}
        if "next" in state and state.get("process") != AuthProcess.REDIRECT:
            carried_form.hold(request, state["next"])
        if str(error) == "cancelled":
            context = {"sign_in_address": carried_form.sign_in_address(request)}
            page = render(request, "socialaccount/login_cancelled.html", context)
            raise ImmediateHttpResponse(page)
        self._record(None, provider.app, "invalid answer")
        raise refuse(request, "answer")

    # --- the parts

    def _confirm_identity(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Records that the person who is signed in has confirmed who they are."""
        is_same = sociallogin.is_existing and sociallogin.user == request.user
        if not is_same:
            raise refuse(request, "other")
        account = sociallogin.account
        record_authentication(
            request,
            request.user,
            "socialaccount",
            provider=account.provider,
            uid=account.uid,
            reauthenticated=True,
        )

    def _refusal(self, sociallogin: SocialLogin, user: User | None) -> str:
        """Returns why the person can't come in, or an empty string."""
        if user is not None and not user.is_active:
            return "inactive"
        if user is None:
            addresses = [address.email for address in sociallogin.email_addresses]
            if not addresses:
                return "no_email"
            if User.objects.filter(email__iexact=addresses[0]).exists():
                return "unverified"
            if not self.is_open_for_signup(self.request, sociallogin):
                return "no_account"
        try:
            self._rules(sociallogin)
        except claims.NoKnownGroup:
            return "no_group"
        return ""

    def _rules(self, sociallogin: SocialLogin) -> list[ClaimRule] | None:
        app: SocialApp = sociallogin.provider.app
        name = app.settings.get("groups_claim", "")
        stated = stated_claims(sociallogin.account.extra_data)
        return claims.fitting_rules(app.pk, claims.values(stated.get(name)))

    def _apply(self, user: User, sociallogin: SocialLogin) -> None:
        rules = self._rules(sociallogin)
        if rules is not None:
            claims.apply(user=user, rules=rules, provider=sociallogin.provider.app.name)

    def _record(self, user: User | None, app: SocialApp, reason: str) -> None:
        method = f"single sign-on: {app.name}"
        sign_in_events.record(
            None, "account.sign_in_failed", user, method=method, reason=reason.replace("_", " ")
        )


def stated_claims(data: dict[str, Any]) -> dict[str, Any]:
    """Returns what the provider states: attributes of SAML, or claims of OpenID Connect, of which
    the signed ones come first."""
    if "id_token" in data or "userinfo" in data:
        return {**(data.get("userinfo") or {}), **(data.get("id_token") or {})}
    return data
