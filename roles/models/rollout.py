"""Roll-outs: a new wording of one snippet brought to many job descriptions in one deed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roles.models.review import COMMENT_LIMIT, Review
from roles.models.text_fields import ParagraphTextField
from roles.models.version import Version


class Rollout(models.Model):
    """The revision that was rolled out, who did it, and who approves it for the whole batch."""

    revision = models.ForeignKey(
        "roles.SnippetRevision", on_delete=models.PROTECT, related_name="rollouts"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    note = ParagraphTextField(blank=True, max_length=COMMENT_LIMIT)
    due = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{_('Roll-out')} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("rollout", args=[self.pk])


class RolloutEntryQuerySet(models.QuerySet["RolloutEntry"]):
    def waiting(self) -> RolloutEntryQuerySet:
        """Those that have neither got their version nor been left out."""
        return self.filter(version=None, reason="")


class RolloutEntry(models.Model):
    """One job description of a roll-out: the version that it got and its review, or the reason
    why it was left out."""

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
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager[RolloutEntry]] = RolloutEntryQuerySet.as_manager()

    class Meta:
        ordering = ["rollout", "description__reference"]
        constraints = [
            models.UniqueConstraint(fields=["rollout", "description"], name="rollout_entry_unique")
        ]

    def __str__(self) -> str:
        return f"{self.rollout} {self.description.reference}"
