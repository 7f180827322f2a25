"""Invitations: an account for a new person at once, and their first sign-in later."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import folding, people
from roles.models import Event, Invitation, User
from roles.people import account_access, addresses
from roles.people.account_access import Access

USERNAME_LIMIT = 150  # characters
ATTEMPTS = 3  # to find a username while others are invited
# What may refer to an account that is deleted with its invitation.
_BELONGING = {Invitation, User.groups.through, User.departments.through}


class InvitationClosed(Exception):  # noqa: N818  # an outcome
    """The invitation was accepted, revoked or replaced since its page was opened."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """A person to invite, with an address in lower case."""

    email: str
    first_name: str = ""
    last_name: str = ""
    access: Access = field(default_factory=Access)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def invite(*, invitee: Invitee, by: User) -> Invitation:
    """Creates an active account that has no password yet, and its invitation. Raises
    people.AccountChangeRefused if the address has an account."""
    for _attempt in range(ATTEMPTS):
        if addresses.taken([invitee.email]):
            break
        try:
            with transaction.atomic():
                return _create(invitee, by)
        except IntegrityError:  # the address or the username was taken at the same time
            continue
    raise people.AccountChangeRefused(_("%s already has an account.") % invitee.email)


def _create(invitee: Invitee, by: User) -> Invitation:
    account = User(
        username=_unused_username(invitee.email),
        email=invitee.email,
        first_name=invitee.first_name,
        last_name=invitee.last_name,
    )
    account.set_unusable_password()
    account.save()
    account_access.store(account, invitee.access)
    invitation = Invitation(user=account)
    invitation.renew(by)
    invitation.save()
    granted = invitee.access.as_values()
    Event.objects.record(by=by, verb="account.invited", about=account, **granted)
    return invitation


def renew(*, account: User, by: User) -> Invitation:
    """Gives the invitation a new link; the old one stops working. Raises
    people.AccountChangeRefused if there is nothing to accept."""
    with transaction.atomic():
        locked = people.lock([account])[account.pk]
        invitation = Invitation.objects.pending().filter(user=locked).first()
        if invitation is None or not locked.email:
            raise people.AccountChangeRefused(_("%s has no open invitation.") % account)
        invitation.renew(by)
        invitation.save()
        Event.objects.record(by=by, verb="account.invitation_renewed", about=locked)
    return invitation


def cancel(*, account: User, by: User) -> None:
    """Deletes an invited account. Raises people.AccountChangeRefused if it was used, or if anything
    refers to it: then it can be deactivated."""
    with transaction.atomic():
        locked = people.lock([account]).get(account.pk)
        if locked is None:
            return
        if not can_cancel(locked):
            message = _("%s’s account is in use. Deactivate it instead.")
            raise people.AccountChangeRefused(message % account)
        Event.objects.record(by=by, verb="account.invitation_canceled", about=locked)
        locked.delete()


def can_cancel(account: User) -> bool:
    """Whether the account was invited and never used, and nothing but its invitation, groups and
    departments refers to it."""
    is_pending = Invitation.objects.pending().filter(user=account).exists()
    if not is_pending or account.last_login:
        return False
    return not any(
        relation.related_model._base_manager.filter(**{relation.field.name: account}).exists()
        for relation in _references()
        if relation.related_model not in _BELONGING
    )


def _references() -> list[Any]:
    """Returns the relations of other models to accounts, those of many-to-many fields by their
    tables."""
    relations = User._meta.get_fields(include_hidden=True)
    return [one for one in relations if isinstance(one, ForeignObjectRel) and not one.many_to_many]


def accept(*, invitation: Invitation, first_name: str, last_name: str, password: str) -> User:
    """Completes the account with the person's name and password. Raises InvitationClosed."""
    with transaction.atomic():
        account = people.lock([invitation.user]).get(invitation.user_id)
        open_one = Invitation.objects.pending().filter(pk=invitation.pk, key=invitation.key).first()
        if account is None or open_one is None or open_one.has_expired:
            raise InvitationClosed
        account.first_name, account.last_name = first_name, last_name
        account.set_password(password)
        account.save(update_fields=["first_name", "last_name", "password"])
        addresses.confirm(account)
        _close(open_one, account)
    return account


def accept_by_sign_in(account: User) -> None:
    """Closes the invitation of a person who signed in another way, such as by single sign-on."""
    with transaction.atomic():
        pending = Invitation.objects.pending().select_for_update(of=("self",))
        for invitation in pending.filter(user=account):
            _close(invitation, account)


def _close(invitation: Invitation, account: User) -> None:
    invitation.key = ""
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["key", "accepted_at"])
    Event.objects.record(by=account, verb="account.invitation_accepted", about=account)


def _unused_username(email: str) -> str:
    """Returns a username from the part of the address before the @ that no account has."""
    local = folding.fold(email.partition("@")[0])
    base = re.sub(r"[^a-z0-9._+-]+", "-", local).strip("-.")[: USERNAME_LIMIT - 6] or "person"
    name, number = base, 1
    while User.objects.filter(username__iexact=name).exists():
        number += 1
        name = f"{base}{number}"
    return name
