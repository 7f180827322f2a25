"""Changing the name, the email address and the access of an account."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from roles import people
from roles.models import Event, Invitation, User
from roles.people import account_access, addresses, invitations, offboarding, sign_in_policy
from roles.people.account_access import Access

NAMING_FIELDS = ("first_name", "last_name", "email")


class ChangedSince(people.AccountChangeRefused):
    """Someone else changed the account since its form was opened."""


@dataclass(frozen=True, slots=True)
class Details:
    """What the form of an account changes."""

    first_name: str
    last_name: str
    email: str
    access: Access

    def fingerprint(self) -> str:
        """Returns a hash, to notice a change by someone else."""
        values = asdict(self) | {"access": self.access.as_values()}
        text = json.dumps(values, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def details_of(account: User) -> Details:
    """Returns what is stored."""
    return Details(account.first_name, account.last_name, account.email, account_access.of(account))


def change(*, account: User, details: Details, base: str, by: User) -> Invitation | None:
    """Stores the details. `base` is the fingerprint of those that the form showed. Returns an open
    invitation whose address changed: it has a new link, which must be sent. Raises ChangedSince,
    and people.AccountChangeRefused for the last administrator, the person's own flag, and an
    address that is taken."""
    with transaction.atomic():
        locked = account_access.lock_with_administrators([account, by])
        target = locked[account.pk]
        stored = details_of(target)
        if stored.fingerprint() != base:
            raise ChangedSince(_("Someone changed this account after you opened this page."))
        _refuse(target, details, locked[by.pk])
        if "admin" not in details.access.kinds:
            account_access.refuse_without_administrator(target, locked.values())
        fields = [name for name in NAMING_FIELDS if getattr(stored, name) != getattr(details, name)]
        _store_names(target, details, fields)
        if fields:
            Event.objects.record(by=by, verb="account.changed", about=target, fields=fields)
        has_new_access = account_access.change(target, details.access, by=by)
        if has_new_access and sign_in_policy.lacks_factor(target):
            offboarding.sign_out(target)  # they set up a second factor at the next sign-in
        pending = Invitation.objects.pending().filter(user=target).exists()
        if "email" in fields and pending:
            return invitations.renew(account=target, by=by)
    return None


def _refuse(account: User, details: Details, by: User) -> None:
    if account.erased_at:
        raise people.AccountChangeRefused(_("This account was erased. Create a new one instead."))
    if account == by and by.is_staff and "admin" not in details.access.kinds:
        raise people.AccountChangeRefused(
            _("You can’t remove yourself as an administrator. Ask another administrator.")
        )
    if details.email != account.email and addresses.taken([details.email], besides=account):
        raise people.AccountChangeRefused(_("Another account has this email address."))


def _store_names(account: User, details: Details, fields: list[str]) -> None:
    for name in fields:
        setattr(account, name, getattr(details, name))
    try:
        with transaction.atomic():
            account.save(update_fields=fields)
    except IntegrityError:  # user_email_unique
        message = _("Another account has this email address.")
        raise people.AccountChangeRefused(message) from None
    if "email" in fields and not Invitation.objects.pending().filter(user=account).exists():
        addresses.confirm(account)
