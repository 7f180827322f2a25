"""Groups and departments from single sign-on: what a provider states about a person, and what the
organization's rules (ClaimRule) make of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from roles import people, permissions
from roles.models import ClaimRule, Event, User

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
        administrators = User.objects.filter(is_staff=True, is_active=True)
        locked = people.lock([user, *administrators])
        account = locked[user.pk]
        grants = {rule.grants for rule in rules if rule.grants}
        names = {permissions.GROUPS[key] for key in grants - {"admin"}}
        departments = {rule.department_id for rule in rules if rule.department_id}
        is_last = not any(one.is_staff and one.pk != account.pk for one in locked.values())
        is_staff = "admin" in grants or (account.is_staff and is_last)
        before = _access(account)
        account.groups.set(Group.objects.filter(name__in=names))
        account.departments.set(departments)
        if account.is_staff != is_staff:
            account.is_staff = is_staff
            account.save(update_fields=["is_staff"])
        if before != _access(account):
            _record(account, provider)


def _access(account: User) -> tuple[set[str], set[int], bool]:
    names = set(account.groups.values_list("name", flat=True))
    return names, set(account.departments.values_list("pk", flat=True)), account.is_staff


def _record(account: User, provider: str) -> None:
    names, departments, is_staff = _access(account)
    Event.objects.record(
        by=account,
        verb="account.access_changed",
        about=account,
        groups=sorted(names),
        departments=sorted(departments),
        administrator=is_staff,
        provider=provider,
    )
