"""Accounts."""

from __future__ import annotations

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from roles import permissions

EMAIL_FREQUENCIES = {"now": _("At once"), "daily": _("Once a day"), "none": _("No mail")}


class User(AbstractUser):
    """A person who signs in. Leavers are deactivated, never deleted; one who is to be forgotten
    keeps the row under a pseudonym."""

    departments = models.ManyToManyField(
        "roles.Department",
        blank=True,
        related_name="members",
        help_text=_("Limits what this person sees to these departments. Empty: all."),
    )

    email_frequency = models.CharField(
        _("mail about reviews"),
        max_length=5,
        choices=list(EMAIL_FREQUENCIES.items()),
        default="now",
    )
    erased_at = models.DateTimeField(null=True, editable=False)  # by roles.people.erasure

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_unique",
                violation_error_message=_("Someone else has this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of person this account is (keys of permissions.KINDS); one query."""
        if not self.is_active:
            return frozenset()
        names = set(self.groups.values_list("name", flat=True))
        kinds = {key for key, name in permissions.GROUPS.items() if name in names}
        return frozenset(kinds | {"admin"} if self.is_staff else kinds)

    @cached_property
    def department_ids(self) -> frozenset[int]:
        """Departments that limit what this person sees; empty means no limit."""
        return frozenset(self.departments.values_list("pk", flat=True))
