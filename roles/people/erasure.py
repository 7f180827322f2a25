"""An account is to be forgotten: its row stays under a pseudonym, so that what it did stays
whole, and nothing says any more whose it was."""

from __future__ import annotations

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import people
from roles.models import Event, IdempotencyKey, Notification, Reviewer, User
from roles.people import offboarding


def erase(*, account: User, by: User | None, reason: str = "") -> User:
    """Put a pseudonym in the place of the name, the mail address and all that belongs to the
    account, wherever they stand; the chains of events stay whole. What people typed into a text,
    a note or a comment stays as they typed it. Raises people.AccountChangeRefused for an
    account that is active, owns something, or was erased before."""
    with transaction.atomic():
        erased = people.lock([account])[account.pk]
        _refuse(erased)
        offboarding.remove_as_hiring_manager(erased, by=by)
        people.curated_by(erased).update(owner=None)
        _forget_guest(erased)
        _blank(erased)
        _replace_copies(erased)
        offboarding.sign_out(erased)
        Event.objects.record(by=by, verb="account.erased", about=erased, note=reason)
    return erased


def _refuse(account: User) -> None:
    if account.erased_at:
        raise people.AccountChangeRefused(_("This account has already been erased."))
    if account.is_active:
        raise people.AccountChangeRefused(
            _("Only a deactivated account can be erased. Deactivate it first.")
        )
    if people.owned_by(account).exists():
        raise people.AccountChangeRefused(
            _("%s still owns job descriptions. Transfer them to someone else first.") % account
        )


def _pseudonym(account: User) -> str:
    """One that no one has, whatever names people chose."""
    name = f"erased-{account.pk}"
    while User.objects.filter(username__iexact=name).exclude(pk=account.pk).exists():
        name += "-"
    return name


def _blank(account: User) -> None:
    account.username = _pseudonym(account)
    account.first_name = account.last_name = account.email = ""
    account.set_unusable_password()
    account.last_login = None
    account.is_staff = account.is_superuser = False
    account.email_frequency = "none"
    account.erased_at = timezone.now()
    account.save()
    for others in (account.groups, account.departments, account.user_permissions):
        others.clear()


def _forget_guest(account: User) -> None:
    """Reviews that asked them by mail, before they had an account or after it was closed."""
    if not account.email:
        return
    nowhere = f"{_pseudonym(account)}@erased.invalid"
    asked = Reviewer.objects.filter(user=None, email__iexact=account.email)
    asked.update(email=nowhere, name=_pseudonym(account), link_key="", code="")


def _replace_copies(account: User) -> None:
    """Wherever the name was written down beside the account's key."""
    Event.objects.filter(actor_id=account.pk).update(actor=account.username)
    Reviewer.objects.filter(user=account).exclude(name="").update(name=account.username)
    of_accounts = ContentType.objects.get_for_model(User)
    logged = LogEntry.objects.filter(content_type=of_accounts, object_id=str(account.pk))
    logged.update(object_repr=account.username)
    Notification.objects.filter(user=account).delete()
    IdempotencyKey.objects.filter(user=account).delete()
