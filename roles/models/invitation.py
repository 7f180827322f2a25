"""Invitations: the link with which the person of a new account signs in for the first time."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from roles.models.user import User

INVITATION_DAYS = 14  # until the link expires
_KEY_BYTES = 16


class InvitationManager(models.Manager["Invitation"]):
    def pending(self) -> models.QuerySet[Invitation]:
        """Returns those of active accounts with which no one has signed in yet."""
        return self.filter(accepted_at=None, user__is_active=True)


class Invitation(models.Model):
    """The latest invitation of an account. The account exists from the start, without a password.
    Without a `key`, the link is revoked."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitation"
    )
    key = models.CharField(max_length=32, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    objects: ClassVar[InvitationManager] = InvitationManager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_pending(self) -> bool:
        """Whether no one has signed in yet. The link might have expired."""
        return self.accepted_at is None

    @property
    def has_expired(self) -> bool:
        return not self.key or self.expires_at <= timezone.now()

    def renew(self, by: User) -> None:
        """Sets a new key and a new expiry, not stored."""
        self.key = secrets.token_urlsafe(_KEY_BYTES)
        self.sent_at = timezone.now()
        self.sent_by = by
        self.expires_at = self.sent_at + timedelta(days=INVITATION_DAYS)
