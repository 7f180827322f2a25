"""Erasing an account: its row stays under a pseudonym, so its activity stays complete, but nothing
links it to a person."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import people
from roles.models import Event, IdempotencyKey, Invitation, Notification, Review, Reviewer, User
from roles.people import offboarding


def erase(*, account: User, by: User | None, reason: str = "") -> User:
    """Replaces the name of the account with a pseudonym everywhere, and removes its email address
    and other personal data. The event chains stay valid. Names that people typed into text, notes
    or comments stay. Raises people.AccountChangeRefused for an account that is active, owns a job
    description or is already erased."""
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
    """Returns a username that no other account has."""
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
    """Anonymizes the reviews to which the person was invited by email, without an account."""
    if not account.email:
        return
    nowhere = f"{_pseudonym(account)}@erased.invalid"
    invited = Reviewer.objects.filter(user=None, email__iexact=account.email)
    reviews = list(invited.values_list("review", flat=True))
    invited.update(email=nowhere, name=_pseudonym(account), link_key="", code="")
    Review.objects.filter(pk__in=reviews).store_waiting()  # no one is left to decide


def _replace_copies(account: User) -> None:
    """Replaces the copies of the name that are stored next to the account's id."""
    Event.objects.filter(actor_id=account.pk).update(actor=account.username)
    Reviewer.objects.filter(user=account).exclude(name="").update(name=account.username)
    account_type = ContentType.objects.get_for_model(User)
    logged = LogEntry.objects.filter(content_type=account_type, object_id=str(account.pk))
    logged.update(object_repr=account.username)
    Notification.objects.filter(user=account).delete()
    IdempotencyKey.objects.filter(user=account).delete()
    Invitation.objects.filter(user=account).delete()
    account.saved_filters.all().delete()
    for model in (EmailAddress, SocialAccount, Authenticator, UserSession):
        model.objects.filter(user=account).delete()
