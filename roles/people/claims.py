"""Groups and departments from single sign-on: what a provider states about a person, and what the
organization's rules (ClaimRule) make of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from roles.models import ClaimRule, User
from roles.people import account_access

VALUES_LIMIT = 500  # of a claim that are read; directories state at most a few hundred


class NoKnownGroup(Exception):  # noqa: N818  # an outcome
    """The provider has rules, and none of them fits the person."""


def values(claim: Any) -> list[str]:
    """Returns the values of a claim, which providers state as a list, a text, or not at all."""
    if isinstance(claim, str):
        return [claim.strip()] if claim.strip() else []
    if not isinstance(claim, (list, tuple)):
        return []
    return [str(value).strip() for value in claim[:VALUES_LIMIT] if isinstance(value, (str, int))]


def fitting_rules(provider_id: int, stated: Iterable[str]) -> list[ClaimRule] | None:
    """Returns the rules that fit the stated values, or None if the provider has no rules; then
    groups and departments are managed here. Raises NoKnownGroup."""
    rules = list(ClaimRule.objects.filter(provider=provider_id).select_related("department"))
    if not rules:
        return None
    known = set(stated)
    fitting = [rule for rule in rules if rule.value in known]
    if not any(rule.grants for rule in fitting):
        raise NoKnownGroup
    return fitting


def apply(*, user: User, rules: list[ClaimRule], provider: str) -> None:
    """Gives the account exactly the groups and departments of the rules, and records a change. The
    last active administrator stays one."""
    with transaction.atomic():
        locked = account_access.lock_with_administrators([user])
        account = locked[user.pk]
        kinds = {rule.grants for rule in rules if rule.grants}
        if account_access.is_last_administrator(account, locked.values()):
            kinds.add("admin")
        departments = {rule.department_id for rule in rules if rule.department_id}
        granted = account_access.Access(frozenset(kinds), frozenset(departments))
        account_access.change(account, granted, by=account, provider=provider)
