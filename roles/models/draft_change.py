"""Changes to a draft since its last version, for undo."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class DraftChange(models.Model):
    """One action on a draft: the changed rows before and after (see drafts.row_values). `token` is
    the draft's edit token after the action. Deleted when a version is saved."""

    description = models.ForeignKey(
        "roles.JobDescription", on_delete=models.CASCADE, related_name="changes"
    )
    token = models.PositiveBigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(encoder=DjangoJSONEncoder)
    after = models.JSONField(encoder=DjangoJSONEncoder)
    undone = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["description", "token"]
        constraints = [
            models.UniqueConstraint(fields=["description", "token"], name="draft_change_unique")
        ]

    def __str__(self) -> str:
        return f"{self.description_id} {self.token}"
