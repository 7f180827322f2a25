"""The confirmed email address of an account, as django-allauth keeps it."""

from __future__ import annotations

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
