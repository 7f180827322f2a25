"""The code of the first run."""

from __future__ import annotations

from django.db import models


class SetUpCode(models.Model):
    """The hash of the one-time code that opens the first run; a table with at most one row."""

    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="set_up_code_is_one_row")
        ]

    def __str__(self) -> str:
        return f"until {self.expires_at:%Y-%m-%d %H:%M}"
