"""Rollouts: a snippet's new revision, applied to many job descriptions at once."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roles import leases, limits
from roles.limits import LEFT_OUT_REASON_LIMIT
from roles.models.review import Review
from roles.models.text_fields import ParagraphTextField
from roles.models.version import Version


class RolloutQuerySet(models.QuerySet["Rollout"]):
    def unfinished(self) -> RolloutQuerySet:
        return self.filter(finished_at=None)


class Rollout(leases.LeasedModel):
    """The revision, who started the rollout, and who approves it for all job descriptions.
    `queued_as` is the id of the queued task."""

    revision = models.ForeignKey(
        "roles.SnippetRevision", on_delete=models.PROTECT, related_name="rollouts"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    note = ParagraphTextField(blank=True, max_length=limits.COMMENT_LIMIT)
    due = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    queued_as = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager[Rollout]] = RolloutQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["created_at", "id"], name="rollout_by_time")]

    def __str__(self) -> str:
        return f"{_('Rollout')} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("rollout", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.finished_at is None


class RolloutEntryQuerySet(models.QuerySet["RolloutEntry"]):
    def waiting(self) -> RolloutEntryQuerySet:
        """Returns the entries that are neither done nor skipped."""
        return self.filter(version=None, reason="")


class RolloutEntry(models.Model):
    """One job description of a rollout: its new version and review, or the reason why it was
    skipped."""

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="entries")
    description = models.ForeignKey(
        "roles.JobDescription", on_delete=models.PROTECT, related_name="rollout_entries"
    )
    version = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="rollout_entries"
    )
    review = models.ForeignKey(
        Review, null=True, blank=True, on_delete=models.PROTECT, related_name="rollout_entries"
    )
    reason = models.CharField(max_length=LEFT_OUT_REASON_LIMIT, blank=True)

    objects: ClassVar[models.Manager[RolloutEntry]] = RolloutEntryQuerySet.as_manager()

    class Meta:
        ordering = ["rollout", "description__reference"]
        constraints = [
            models.UniqueConstraint(fields=["rollout", "description"], name="rollout_entry_unique")
        ]

    def __str__(self) -> str:
        return f"{self.rollout} {self.description.reference}"
