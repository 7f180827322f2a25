"""Who has a draft open."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class DraftPresence(models.Model):
    """Where a person last was in a draft: the slug of the wizard's step, the uid of the section (or
    ""), and when. One row for each person and draft (see drafts.presence)."""

    description = models.ForeignKey(
        "roles.JobDescription", on_delete=models.CASCADE, related_name="presences"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=20)
    section = models.CharField(max_length=32, blank=True)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["description", "user"], name="draft_presence_unique")
        ]

    def __str__(self) -> str:
        return f"{self.description_id} {self.user_id} {self.step}"
