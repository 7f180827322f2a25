"""Notifications: in the product, and by email immediately or once a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from roles import leases
from roles.models.review import Review
from roles.models.reviewer import Reviewer
from roles.models.user import EMAIL_FREQUENCIES

if TYPE_CHECKING:
    from roles.models.user import User

TRIES = 5  # to send an email


class NotificationQuerySet(models.QuerySet["Notification"]):
    def to(self, user: User) -> NotificationQuerySet:
        return self.filter(user=user)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def unsent(self, frequency: str) -> NotificationQuerySet:
        """Returns what to email now, with this frequency (a key of EMAIL_FREQUENCIES)."""
        due = Q(try_at__lte=timezone.now())
        return self.filter(due, email_frequency=frequency, emailed_at=None, tries__lt=TRIES)


class Notification(leases.LeasedModel):
    """One notification of one person: an account, or a reviewer without one (by email only).
    `verb` is a key of notification_messages.VERBS; `what` has JSON values and no text of the job
    description. `email_frequency` is the person's choice when it is written. The process that
    prepares the email has the lease. `emailed_at` is set before it is sent, and reset if that
    fails; then `try_at` is the time of the next attempt."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notifications",
    )
    reviewer = models.ForeignKey(
        Reviewer, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications"
    )
    verb = models.CharField(max_length=40)
    review = models.ForeignKey(
        Review, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications"
    )
    description = models.ForeignKey(
        "roles.JobDescription",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notifications",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_reviewer = models.ForeignKey(
        Reviewer, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    what = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    email_frequency = models.CharField(
        max_length=5, choices=list(EMAIL_FREQUENCIES.items()), default="now"
    )
    emailed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Notification]] = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email_frequency__in=[*EMAIL_FREQUENCIES]),
                name="notification_email_frequency_known",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(reviewer__isnull=False),
                name="notification_to_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["email_frequency"], condition=Q(emailed_at=None), name="notification_unsent"
            ),
            models.Index(fields=["user", "read_at"], name="notification_unread"),
            models.Index(fields=["user", "created_at", "id"], name="notification_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.reviewer}: {self.verb}"
