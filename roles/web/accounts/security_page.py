"""A person's own sign-in: password, email address, second factors and sessions."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from roles.models import SignInPolicy
from roles.people import offboarding, sign_in_policy
from roles.web.accounts import sign_in_events
from roles.web.shared.access import person

# What a browser calls itself, in the order in which to look: most also name their ancestors.
BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@require_safe
def show_security(request: HttpRequest) -> HttpResponse:
    """How the person signs in, and where they are signed in."""
    user = person(request)
    if not sign_in_policy.lacks_factor(user):
        request.session.pop("lacks_factor", None)
    factors = [factor.wrap() for factor in Authenticator.objects.filter(user=user).order_by("pk")]
    by_type: dict[str, list[Any]] = {}
    for factor in factors:
        by_type.setdefault(factor.instance.type, []).append(factor)
    identities = SocialAccount.objects.filter(user=user)
    context = {
        "policy": SignInPolicy.objects.the(),
        "lacks_factor": request.session.get("lacks_factor", False),
        "app": next(iter(by_type.get(Authenticator.Type.TOTP, [])), None),
        "passkeys": by_type.get(Authenticator.Type.WEBAUTHN, []),
        "recovery": next(iter(by_type.get(Authenticator.Type.RECOVERY_CODES, [])), None),
        "identities": [one.get_provider(request).name for one in identities],
        "sessions": _sessions(request),
    }
    return render(request, "accounts/security.html", context)


@require_POST
def end_session(request: HttpRequest, key: int) -> HttpResponse:
    """End one other session of the person."""
    get_object_or_404(UserSession, pk=key, user=person(request)).end()
    messages.success(request, _("Signed out there."))
    return redirect("account_security")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of the person, this one included."""
    user = person(request)
    offboarding.sign_out(user)
    sign_in_events.record(user, "account.signed_out_everywhere", user)
    logout(request)
    messages.success(request, _("You’re signed out everywhere."))
    return redirect("account_login")


def device(user_agent: str) -> str:
    """Return a name for a browser, such as Firefox on Windows."""
    browser = next((name for part, name in BROWSERS.items() if part in user_agent), "")
    system = next((name for part, name in SYSTEMS.items() if part in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def _sessions(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the person's sessions, the latest first."""
    found = UserSession.objects.purge_and_list(person(request))
    return [
        {
            "key": session.pk,
            "device": device(session.user_agent),
            "address": session.ip,
            "since": session.created_at,
            "is_current": session.session_key == request.session.session_key,
        }
        for session in sorted(found, key=lambda session: session.created_at, reverse=True)
    ]
