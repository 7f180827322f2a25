"""Accounts and what they own: `ownership` transfers job descriptions, `offboarding` deactivates and
reactivates accounts, `erasure` anonymizes them.

Actions that need an active account lock it (`lock`) first, so a concurrent deactivation waits.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from roles import permissions
from roles.models import JobDescription, Snippet, User


class AccountChangeRefused(Exception):  # noqa: N818  # it names an outcome
    """The account can't be changed in this way; `message` is shown to the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def possible_owners() -> QuerySet[User]:
    """Returns the accounts that can own job descriptions, by name."""
    authors = Q(groups__name=permissions.GROUPS["hr"]) | Q(is_staff=True)
    return _by_name(User.objects.filter(authors, is_active=True))


def possible_curators() -> QuerySet[User]:
    """Returns the accounts that can own snippets, by name."""
    curators = Q(groups__name=permissions.GROUPS["curator"]) | Q(is_staff=True)
    return _by_name(User.objects.filter(curators, is_active=True))


def possible_hiring_managers() -> QuerySet[User]:
    """Returns the accounts that can be made hiring managers, by name."""
    return _by_name(User.objects.filter(groups__name=permissions.GROUPS["manager"], is_active=True))


def owned_by(account: User) -> QuerySet[JobDescription]:
    """Returns the job descriptions that need another owner before this one is deactivated."""
    return JobDescription.objects.not_archived().filter(owner=account)


def hiring_manager_of(account: User) -> QuerySet[JobDescription]:
    """Returns the job descriptions with this hiring manager, archived ones included."""
    return JobDescription.objects.with_hiring_manager(account)


def curated_by(account: User) -> QuerySet[Snippet]:
    """Returns the snippets with this owner, except retired ones."""
    return Snippet.objects.not_retired().filter(owner=account)


def lock(accounts: Iterable[User]) -> dict[int, User]:
    """Locks these accounts until the transaction ends, and returns their current rows by id. Rows
    that refer to them can still be written."""
    keys = {account.pk for account in accounts}
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


def refuse_as_owner(account: User) -> None:
    """Raises AccountChangeRefused for an account that can't own job descriptions."""
    if not account.is_active:
        raise AccountChangeRefused(_("%s’s account is deactivated. Choose someone else.") % account)
    if not permissions.may(account, "description.own"):
        message = _("%s can’t own job descriptions. Choose someone from HR or an administrator.")
        raise AccountChangeRefused(message % account)


def _by_name(accounts: QuerySet[User]) -> QuerySet[User]:
    return accounts.distinct().order_by("first_name", "last_name", "username")
