"""What an account can see and do: its groups, its departments, and whether it is an administrator.

Kinds are the keys of permissions.GROUPS, and "admin"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from roles import people, permissions
from roles.models import Department, Event, User


@dataclass(frozen=True, slots=True)
class Access:
    """The kinds of an account, and the ids of the departments that limit it."""

    kinds: frozenset[str] = frozenset()
    departments: frozenset[int] = frozenset()

    def as_values(self) -> dict[str, Any]:
        """Returns JSON values for an event, with the names of the groups."""
        return {
            "groups": sorted(permissions.GROUPS[kind] for kind in self.kinds - {"admin"}),
            "departments": sorted(self.departments),
            "administrator": "admin" in self.kinds,
        }


def of(account: User) -> Access:
    """Returns the access that is stored, also of an account that isn't active."""
    names = set(account.groups.values_list("name", flat=True))
    kinds = {kind for kind, name in permissions.GROUPS.items() if name in names}
    departments = frozenset(account.departments.values_list("pk", flat=True))
    return Access(frozenset(kinds | {"admin"} if account.is_staff else kinds), departments)


def store(account: User, access: Access) -> None:
    """Stores groups, departments and the flag of a locked account, without an event."""
    names = [permissions.GROUPS[kind] for kind in access.kinds - {"admin"}]
    account.groups.set(Group.objects.filter(name__in=names))
    account.departments.set(Department.objects.filter(pk__in=access.departments))
    is_staff = "admin" in access.kinds
    if account.is_staff != is_staff:
        account.is_staff = is_staff
        account.is_superuser = account.is_superuser and is_staff
        account.save(update_fields=["is_staff", "is_superuser"])


def change(account: User, access: Access, *, by: User, **what: Any) -> bool:
    """Stores the access of a locked account and records the change with what was before. Returns
    whether anything changed."""
    before = of(account)
    if before == access:
        return False
    store(account, access)
    Event.objects.record(
        by=by,
        verb="account.access_changed",
        about=account,
        before=before.as_values(),
        **access.as_values(),
        **what,
    )
    return True


def lock_with_administrators(accounts: Iterable[User]) -> dict[int, User]:
    """Locks these accounts and all administrators until the transaction ends, so that no two
    changes can take away the last one. Returns the current rows by id."""
    return people.lock([*accounts, *User.objects.filter(is_staff=True, is_active=True)])


def is_last_administrator(account: User, locked: Collection[User]) -> bool:
    """Whether no other locked account is an active administrator."""
    others = [one for one in locked if one.is_active and one.is_staff and one.pk != account.pk]
    return account.is_staff and not others


def refuse_without_administrator(account: User, locked: Collection[User]) -> None:
    """Raises AccountChangeRefused if the account is the last administrator."""
    if is_last_administrator(account, locked):
        raise people.AccountChangeRefused(
            _("This is the last administrator. Make someone else an administrator first.")
        )
