"""Events of sign-in in the organization's chain, from the signals of django-allauth. They have no
addresses of computers and nothing that was typed: the chain can't forget."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from roles.models import Event, User
from roles.people import invitations

UNKNOWN = "unknown account"
FACTOR_NAMES = {
    Authenticator.Type.TOTP: "app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


def connect() -> None:
    """Connects the signals; once, when Django has loaded the models."""
    account_signals.user_logged_in.connect(_signed_in)
    account_signals.password_changed.connect(_record_as("account.password_changed"), weak=False)
    account_signals.password_set.connect(_record_as("account.password_changed"), weak=False)
    account_signals.password_reset.connect(_record_as("account.password_reset"), weak=False)
    account_signals.email_changed.connect(_record_as("account.email_changed"), weak=False)
    factor_signals.authenticator_added.connect(_record_as("account.factor_added"), weak=False)
    factor_signals.authenticator_removed.connect(_record_as("account.factor_removed"), weak=False)
    factor_signals.authenticator_reset.connect(_record_as("account.factor_added"), weak=False)
    factor_signals.authentication_failed.connect(_factor_failed)


def record_failure(name: str, method: str) -> None:
    """Records a failed sign-in with this username or email address, which can be unknown."""
    record(None, "account.sign_in_failed", account_named(name), method=method)


def account_named(name: str) -> User | None:
    """Returns the account with this username or email address."""
    user: User | None = get_user_by_username(name) if name else None
    if user is None and "@" in name:
        user = next(iter(filter_users_by_email(name, for_login=True)), None)
    return user


def record(by: Any, verb: str, user: Any, **what: Any) -> None:
    """Records an event about an account, or about an unknown one."""
    with transaction.atomic():
        Event.objects.record(by=by, verb=verb, about=user or UNKNOWN, **what)


def is_recent(records: Iterable[dict[str, Any]], seconds: int) -> bool:
    """Whether one of allauth's records of authentication is at most this old."""
    return any(time.time() - entry.get("at", 0) < seconds for entry in records)


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    methods = request.session.get("account_authentication_methods") or []
    used = sorted({_method(entry) for entry in methods})
    record(user, "account.signed_in", user, methods=used)
    invitations.accept_by_sign_in(user)


def _method(entry: dict[str, Any]) -> str:
    if entry["method"] == "socialaccount":
        return f"single sign-on: {entry.get('provider', '')}"
    if entry["method"] == "mfa":
        return FACTOR_NAMES.get(entry.get("type", ""), "second factor")
    return str(entry["method"]).replace("_", " ")


def _record_as(verb: str) -> Any:
    def receive(user: User, authenticator: Authenticator | None = None, **_: Any) -> None:
        what = {"factor": FACTOR_NAMES[authenticator.type]} if authenticator else {}
        record(user, verb, user, **what)

    return receive


def _factor_failed(user: User, authenticator: Authenticator, **_: Any) -> None:
    method = FACTOR_NAMES.get(authenticator.type, "second factor")
    record(None, "account.sign_in_failed", user, method=method)
