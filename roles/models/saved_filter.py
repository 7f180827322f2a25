"""Filters of the list of job descriptions that a person saved under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from roles import limits
from roles.models.text_fields import OneLineTextField


class SavedFilter(models.Model):
    """The filters and the sort order of a list, as the query of its URL."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters"
    )
    name = OneLineTextField(max_length=limits.NAME_LIMIT)
    query = models.CharField(max_length=limits.QUERY_LIMIT)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_unique")
        ]

    def __str__(self) -> str:
        return self.name
