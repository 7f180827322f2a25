"""The values typed on the start page, kept in the URL while the person looks at a template."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.http import urlencode

OF_THE_JOB = ("title", "family", "level", "structure_only")


def carried(query: QueryDict) -> str:
    """Returns the fields of OF_THE_JOB in a request as a query string."""
    return urlencode({name: str(query[name]) for name in OF_THE_JOB if query.get(name)})
