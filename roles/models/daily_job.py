"""The daily jobs: until which day each one is done, and with what result."""

from __future__ import annotations

from django.db import models

from roles import leases


class DailyJob(leases.LeasedModel):
    """One job of tasks.daily_jobs.JOBS, by name. `last_day` is the day that it was last done for,
    and `tries` counts the attempts since then. The next one isn't before `try_at`. `result` is what
    the last finished run said, and `has_problem` whether someone must act on it."""

    name = models.CharField(max_length=40, unique=True)
    last_day = models.DateField()
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=300, blank=True)
    has_problem = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
