"""Rules of signing in, and what a single sign-on provider's groups mean here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from roles import permissions
from roles.limits import NAME_LIMIT
from roles.models.text_fields import OneLineTextField, choices

if TYPE_CHECKING:
    from roles.models.user import User

SESSION_HOURS = 24 * 14
SESSION_HOURS_LIMIT = 24 * 90
# What a value of a claim can grant: a group (keys of permissions.GROUPS), or administration.
GRANTS = {**permissions.GROUPS, "admin": "Administrators"}


class SignInPolicyManager(models.Manager["SignInPolicy"]):
    def the(self) -> SignInPolicy:
        """Returns the only row, or the defaults before it is first changed."""
        return self.filter(pk=1).first() or SignInPolicy(pk=1)


class SignInPolicy(models.Model):
    """How people of the organization sign in; a table with one row."""

    has_password_sign_in = models.BooleanField(_("passwords and passkeys"), default=True)
    factor_groups = models.ManyToManyField(Group, blank=True, related_name="+")
    do_administrators_need_factor = models.BooleanField(default=False)
    session_hours = models.PositiveSmallIntegerField(
        default=SESSION_HOURS,
        validators=[MinValueValidator(1), MaxValueValidator(SESSION_HOURS_LIMIT)],
    )

    objects: ClassVar[SignInPolicyManager] = SignInPolicyManager()

    class Meta:
        verbose_name = _("sign-in policy")
        verbose_name_plural = _("sign-in policy")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="sign_in_policy_is_one_row")
        ]

    def __str__(self) -> str:
        return str(_("Sign-in policy"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    def requires_factor(self, user: User) -> bool:
        """Whether the policy requires a second factor of this account."""
        if self._state.adding:
            return False
        if user.is_staff and self.do_administrators_need_factor:
            return True
        return self.factor_groups.filter(pk__in=user.groups.values("pk")).exists()


class ClaimRule(models.Model):
    """A value of a single sign-on provider's groups claim. It grants a group, limits access to a
    department, or both."""

    provider = models.ForeignKey(
        "socialaccount.SocialApp", on_delete=models.CASCADE, related_name="claim_rules"
    )
    value = OneLineTextField(max_length=NAME_LIMIT)
    grants = models.CharField(max_length=10, choices=choices(GRANTS), blank=True)
    department = models.ForeignKey(
        "roles.Department", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "value", "grants", "department"], name="claim_rule_unique"
            ),
            models.CheckConstraint(
                condition=~models.Q(grants="", department=None), name="claim_rule_grants_something"
            ),
        ]

    def __str__(self) -> str:
        return self.value
