"""Accounts."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from roles import permissions
from roles.models import sort_keys

EMAIL_FREQUENCIES = {"now": _("Immediately"), "daily": _("Daily digest"), "none": _("Never")}


class User(AbstractUser):
    """A person who can sign in. Accounts are deactivated, never deleted, except those that were
    invited and never used. An erased account keeps its row, under a pseudonym."""

    departments = models.ManyToManyField(
        "roles.Department",
        blank=True,
        related_name="members",
        help_text=_("Limits what this person can see to these departments. Leave blank for all."),
    )

    email_frequency = models.CharField(
        _("email frequency"),
        max_length=5,
        choices=list(EMAIL_FREQUENCIES.items()),
        default="now",
    )
    erased_at = models.DateTimeField(null=True, editable=False)  # by roles.people.erasure

    class Meta(AbstractUser.Meta):
        indexes = [
            models.Index(sort_keys.PERSON_NAME, "id", name="user_by_name"),
            models.Index(sort_keys.LAST_SIGN_IN, "id", name="user_by_last_sign_in"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_unique",
                violation_error_message=_("Another account has this email address."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()  # as django-allauth compares addresses
        super().save(*args, **kwargs)

    @property
    def is_invited(self) -> bool:
        """Whether no one has signed in yet with an active account that was invited. Lists load the
        invitation with the account."""
        return self.is_active and hasattr(self, "invitation") and self.invitation.is_pending

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of this account: keys of permissions.GROUPS, and "admin"; one query."""
        if not self.is_active:
            return frozenset()
        names = set(self.groups.values_list("name", flat=True))
        kinds = {key for key, name in permissions.GROUPS.items() if name in names}
        return frozenset(kinds | {"admin"} if self.is_staff else kinds)

    @cached_property
    def department_ids(self) -> frozenset[int]:
        """Ids of the departments that limit what this person can see; empty means no limit."""
        return frozenset(self.departments.values_list("pk", flat=True))
