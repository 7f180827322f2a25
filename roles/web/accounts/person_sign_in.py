"""How another person signs in, and what an administrator can do about it."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from roles.models import SignInPolicy, User
from roles.people import offboarding, sign_in_policy
from roles.web.accounts import sign_in_events
from roles.web.accounts.security_page import device
from roles.web.shared.access import confirms_identity, person, requires


def sign_in_state(request: HttpRequest, account: User) -> dict[str, Any]:
    """Return the context of the part about sign-in on the page of an account."""
    types = list(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    identities = SocialAccount.objects.filter(user=account)
    return {
        "invitation": getattr(account, "invitation", None),
        "has_app": Authenticator.Type.TOTP in types,
        "passkeys": types.count(Authenticator.Type.WEBAUTHN),
        "identities": [one.get_provider(request).name for one in identities],
        "sessions": _sessions(account),
        "can_reset_password": _can_reset_password(account),
    }


@require_POST
@requires("people.manage")
@confirms_identity
def end_sessions(request: HttpRequest, key: int) -> HttpResponse:
    """Sign another person out everywhere."""
    account = _other(request, key)
    with transaction.atomic():
        offboarding.sign_out(account)
        sign_in_events.record(person(request), "account.sessions_ended", account)
    messages.success(request, _("%s is signed out everywhere.") % account)
    return redirect("person", key)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.manage")
@confirms_identity
def remove_factors(request: HttpRequest, key: int) -> HttpResponse:
    """Remove the second factors that another person lost."""
    account = _other(request, key)
    if not sign_in_policy.has_factor(account):
        messages.info(request, _("%s has no second factor.") % account)
        return redirect("person", key)
    if request.method != "POST":
        return render(request, "accounts/remove_factors.html", {"account": account})
    with transaction.atomic():
        sign_in_policy.remove_factors(account, by=person(request))
        offboarding.sign_out(account)
    messages.success(request, _("Second factors of %s removed.") % account)
    return redirect("person", key)


@require_POST
@requires("people.manage")
@confirms_identity
def send_password_reset(request: HttpRequest, key: int) -> HttpResponse:
    """Email another person a link to choose a new password."""
    account = _other(request, key)
    if _can_reset_password(account):
        with transaction.atomic():
            request_password_reset(request, account.email, [account], None)
            sign_in_events.record(person(request), "account.reset_sent", account)
        messages.success(request, _("Password reset sent to %s.") % account.email)
    else:
        messages.error(request, _("%s can’t get a password reset.") % account)
    return redirect("person", key)


def _other(request: HttpRequest, key: int) -> User:
    """Return the account of someone else; one's own has its own page."""
    return get_object_or_404(User.objects.exclude(pk=person(request).pk), pk=key)


def _can_reset_password(account: User) -> bool:
    """Whether the account can sign in with a password. Those with an open invitation can't yet."""
    if not (account.is_active and account.email) or account.is_invited:
        return False
    return SignInPolicy.objects.the().has_password_sign_in


def _sessions(account: User) -> list[dict[str, Any]]:
    """Return where the account is signed in, the latest first. Reads only."""
    current = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    found = UserSession.objects.filter(user=account, session_key__in=current)
    return [
        {"device": device(session.user_agent), "since": session.created_at}
        for session in found.order_by("-created_at", "-pk")
    ]
