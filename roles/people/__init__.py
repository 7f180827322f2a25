"""People and what they answer for: `ownership` gives job descriptions another owner,
`offboarding` deactivates accounts and takes them back, `erasure` forgets who someone was.

Actions that rest on an account being active lock it (`lock`) before anything else, so that none of
them meets its deactivation half-way.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from roles import permissions
from roles.models import JobDescription, Snippet, User


class AccountChangeRefused(Exception):  # noqa: N818  # it names an outcome
    """It is not allowed as things stand; the message is for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def possible_owners() -> QuerySet[User]:
    """Who may be given job descriptions, by name."""
    authors = Q(groups__name=permissions.GROUPS["hr"]) | Q(is_staff=True)
    return _by_name(User.objects.filter(authors, is_active=True))


def possible_curators() -> QuerySet[User]:
    """Who may be given library texts to look after, by name."""
    curators = Q(groups__name=permissions.GROUPS["curator"]) | Q(is_staff=True)
    return _by_name(User.objects.filter(curators, is_active=True))


def owned_by(account: User) -> QuerySet[JobDescription]:
    """What needs another owner before they leave."""
    return JobDescription.objects.filter(owner=account).exclude(status="archived")


def hiring_manager_of(account: User) -> QuerySet[JobDescription]:
    """What names them as hiring manager, archived or not."""
    return JobDescription.objects.filter(pk__in=account.manages.values("pk"))


def curated_by(account: User) -> QuerySet[Snippet]:
    """The library texts that they look after, but for those out of use."""
    return Snippet.objects.filter(owner=account).exclude(status="retired")


def lock(accounts: Iterable[User]) -> dict[int, User]:
    """These accounts as they are now, by key, unchanged until the transaction ends. No stronger
    than it must be: rows that name them may be written in the meantime."""
    keys = {account.pk for account in accounts}
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


def refuse_as_owner(account: User) -> None:
    """Raise Refused for an account that cannot own job descriptions."""
    if not account.is_active:
        raise AccountChangeRefused(_("%s’s account is deactivated. Choose someone else.") % account)
    if not permissions.may(account, "description.own"):
        message = _("%s can’t own job descriptions. Choose someone from HR or an administrator.")
        raise AccountChangeRefused(message % account)


def _by_name(found: QuerySet[User]) -> QuerySet[User]:
    return found.distinct().order_by("first_name", "last_name", "username")
