"""What was typed about a new job, as a query for the way to a template and back."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.http import urlencode

OF_THE_JOB = ("title", "family", "level")


def carried(asked: QueryDict) -> str:
    """What was typed about the job, as a query for the way to a template and back."""
    return urlencode({name: str(asked[name]) for name in OF_THE_JOB if asked.get(name)})
