"""Data of versions for the catalog list, so that it doesn't read their text."""

from __future__ import annotations

from django.db import models

from roles import vocabulary
from roles.models.version import Version


class CatalogChoice(models.Model):
    """A value that the catalog can be filtered by: `name` is that of a filter. Rows stay when no
    version has the value any more."""

    name = models.CharField(max_length=10)
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "value"], name="catalog_choice_unique")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class JobDescriptionIndex(models.Model):
    """The data of a version that the catalog lists, searches, and filters by, without restricted
    content. Created when the version is first made current, and never changed. `locations` has one
    location per line, with line feeds at both ends; `text` has the texts one per line. `choices`
    are the values of these columns that the catalog filters by."""

    version = models.OneToOneField(
        Version, on_delete=models.CASCADE, primary_key=True, related_name="index"
    )
    title = models.TextField()
    family = models.TextField(blank=True)
    level = models.TextField(blank=True)
    department = models.TextField(blank=True)
    work_mode = models.CharField(max_length=10, blank=True)
    locations = models.TextField(blank=True)
    text = models.TextField(blank=True)
    search_text = models.TextField(blank=True)
    choices = models.ManyToManyField(CatalogChoice, related_name="indexes")

    def __str__(self) -> str:
        return self.title

    @property
    def work_mode_words(self) -> str:
        return vocabulary.WORK_MODES.get(self.work_mode, self.work_mode)

    @property
    def places(self) -> list[str]:
        return self.locations.strip("\n").split("\n") if self.locations else []
