"""How people sign in: changing the policy, and the way back in from the shell."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from roles.models import Event, SignInPolicy, User
from roles.people import offboarding

# Recovery codes alone are no second factor: they belong to one.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factor(user: User) -> bool:
    """Whether the account has a second factor."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def with_factor() -> QuerySet[Any]:
    """Returns the ids of the accounts that have a second factor."""
    factors: QuerySet[Any] = Authenticator.objects.filter(type__in=FACTORS)
    return factors.values("user")


def lacks_factor(user: User) -> bool:
    """Whether the account must set up a second factor before it can do anything else."""
    return SignInPolicy.objects.the().requires_factor(user) and not has_factor(user)


def change(
    *,
    by: User,
    has_password_sign_in: bool,
    factor_groups: Collection[Group],
    do_administrators_need_factor: bool,
    session_hours: int,
) -> None:
    """Changes the policy. Whoever now needs a second factor and has none is signed out, except
    `by`. Raises ValidationError if passwords are turned off while there is no single sign-on."""
    if not has_password_sign_in and not SocialApp.objects.exists():
        message = _("Set up single sign-on first. Otherwise no one could sign in.")
        raise ValidationError({"has_password_sign_in": message})
    with transaction.atomic():
        policy = SignInPolicy.objects.the()
        policy.has_password_sign_in = has_password_sign_in
        policy.do_administrators_need_factor = do_administrators_need_factor
        policy.session_hours = session_hours
        policy.save()
        policy.factor_groups.set(factor_groups)
        for user in _without_factor(policy).exclude(pk=by.pk):
            offboarding.sign_out(user)
        Event.objects.record(
            by=by,
            verb="sign_in.changed",
            about=policy,
            passwords=has_password_sign_in,
            factor_groups=sorted(group.name for group in factor_groups),
            administrators_need_factor=do_administrators_need_factor,
            session_hours=session_hours,
        )


def restore_passwords() -> None:
    """Turns passwords on again, from the shell, if single sign-on fails."""
    with transaction.atomic():
        policy = SignInPolicy.objects.the()
        if not policy.has_password_sign_in:
            policy.has_password_sign_in = True
            policy.save()
            Event.objects.record(by=None, verb="sign_in.restored", about=policy)


def remove_factors(user: User, *, by: User | None = None) -> int:
    """Removes the second factors of an account whose owner lost them, from the shell or by an
    administrator. Returns their number."""
    with transaction.atomic():
        found = Authenticator.objects.filter(user=user)
        count = int(found.filter(type__in=FACTORS).count())
        found.delete()
        Event.objects.record(by=by, verb="account.factors_removed", about=user, count=count)
    return count


def _without_factor(policy: SignInPolicy) -> QuerySet[User]:
    needs = Q(groups__in=policy.factor_groups.all())
    if policy.do_administrators_need_factor:
        needs |= Q(is_staff=True)
    return User.objects.filter(needs, is_active=True).exclude(pk__in=with_factor()).distinct()
