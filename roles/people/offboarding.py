"""Deactivating accounts of people who leave, and reactivating them."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from roles import people, permissions
from roles.models import DraftPresence, Event, Invitation, JobDescription, Review, User
from roles.people import account_access, ownership


def deactivate(
    *,
    account: User,
    by: User,
    new_owner: User | None = None,
    new_curator: User | None = None,
    is_removed_as_hiring_manager: bool = False,
    note: str = "",
) -> User:
    """Deactivates the account and ends its sessions. Its job descriptions go to `new_owner`, its
    snippets to `new_curator` (None: no owner). `is_removed_as_hiring_manager` removes it as hiring
    manager everywhere. Raises people.AccountChangeRefused if a new owner is missing, for the
    person's own account, and for the last administrator."""
    with transaction.atomic():
        successors = [one for one in (new_owner, new_curator) if one is not None]
        accounts = account_access.lock_with_administrators([account, by, *successors])
        leaver = accounts[account.pk]
        if not leaver.is_active:
            return leaver
        _refuse(leaver, accounts[by.pk], accounts.values())
        transferred = _transfer_descriptions(leaver, new_owner and accounts[new_owner.pk], by, note)
        snippets = _transfer_snippets(leaver, new_curator and accounts[new_curator.pk])
        left = remove_as_hiring_manager(leaver, by=by) if is_removed_as_hiring_manager else 0
        leaver.is_active = False
        leaver.save(update_fields=["is_active"])
        _store_reviews(leaver)
        Invitation.objects.filter(user=leaver).update(key="")
        sign_out(leaver)
        Event.objects.record(
            by=by,
            verb="account.deactivated",
            about=leaver,
            transferred=transferred,
            to=new_owner.pk if new_owner and transferred else None,
            library_texts=snippets,
            to_curator=new_curator.pk if new_curator and snippets else None,
            left=left,
            note=note,
        )
    return leaver


def reactivate(*, account: User, by: User) -> User:
    """Lets the person sign in again, with the permissions of their groups. What was transferred
    stays with its new owner. Does nothing for an active account. Raises people.AccountChangeRefused
    for an erased one."""
    with transaction.atomic():
        returner = people.lock([account])[account.pk]
        if returner.erased_at:
            raise people.AccountChangeRefused(
                _("This account was erased. Create a new one instead.")
            )
        if not returner.is_active:
            returner.is_active = True
            returner.save(update_fields=["is_active"])
            _store_reviews(returner)
            Event.objects.record(by=by, verb="account.reactivated", about=returner)
    return returner


def remove_as_hiring_manager(account: User, *, by: User | None) -> int:
    """Removes the account as hiring manager everywhere, each with an event. Returns the number."""
    keys = list(people.hiring_manager_of(account).values_list("pk", flat=True))
    hiring_for = ownership.locked(keys)
    for description in hiring_for:
        description.hiring_managers.remove(account)
        Event.objects.record(
            by=by,
            verb="description.manager_left",
            about=description,
            chain=description.reference,
            manager=account.pk,
        )
    return len(hiring_for)


def _store_reviews(account: User) -> None:
    """An approval doesn't wait for a deactivated account."""
    Review.objects.open().filter(reviewers__user=account).store_waiting()


def sign_out(account: User) -> None:
    """Ends all sessions of the account, so reactivating it doesn't revive them. It no longer has
    any draft open."""
    key = str(account.pk)
    for session in Session.objects.iterator(chunk_size=1000):
        if session.get_decoded().get(SESSION_KEY) == key:
            session.delete()
    DraftPresence.objects.filter(user=account).delete()


def _refuse(leaver: User, by: User, accounts: Collection[User]) -> None:
    if leaver == by:
        raise people.AccountChangeRefused(
            _("You can’t deactivate your own account. Ask another administrator.")
        )
    if not by.is_active:
        raise people.AccountChangeRefused(_("Your own account was just deactivated."))
    account_access.refuse_without_administrator(leaver, accounts)


def _transfer_snippets(leaver: User, to: User | None) -> int:
    if to is not None and not permissions.may(to, "library.change"):
        raise people.AccountChangeRefused(
            _("%s can’t manage the library. Choose someone else.") % to
        )
    return people.curated_by(leaver).update(owner=to)


def _transfer_descriptions(leaver: User, new_owner: User | None, by: User, note: str) -> int:
    """Transfers the job descriptions of the account to its new owner. Returns the number."""
    keys = list(people.owned_by(leaver).values_list("pk", flat=True))
    owned: list[JobDescription] = ownership.locked(keys)
    if owned and (new_owner is None or new_owner == leaver):
        raise people.AccountChangeRefused(
            _("%s still owns job descriptions. Choose a new owner for them.") % leaver
        )
    if not owned or new_owner is None:
        return 0
    people.refuse_as_owner(new_owner)
    return len(ownership.set_owner(owned, to=new_owner, by=by, note=note))
