"""The email addresses of accounts, as django-allauth keeps them."""

from __future__ import annotations

from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.db import transaction

from roles.models import User


def confirm(user: User) -> None:
    """Stores the address of the account as confirmed. Administrators enter addresses and
    invitations prove them, so those of accounts that sign in count as confirmed. An address to
    which the person wants to change stays until they confirm it."""
    if not user.email:
        return
    with transaction.atomic():
        EmailAddress.objects.filter(user=user, verified=True).exclude(email=user.email).delete()
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )


def taken(wanted: Collection[str], besides: User | None = None) -> set[str]:
    """Returns which of these addresses, in lower case, belong to an account other than `besides`,
    or are confirmed by one."""
    users = User.objects.filter(email__in=wanted)
    confirmed = EmailAddress.objects.filter(email__in=wanted, verified=True)
    if besides is not None:
        users, confirmed = users.exclude(pk=besides.pk), confirmed.exclude(user=besides)
    return {*users.values_list("email", flat=True), *confirmed.values_list("email", flat=True)}
