"""Versions: immutable snapshots, related rows, and the database triggers that protect them."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from roles import limits, vocabulary
from roles.document import Document, sha256
from roles.models import department_access, search_index, sort_keys
from roles.models.text_fields import OneLineTextField, choices
from roles.models.word_search import searched

if TYPE_CHECKING:
    from roles.models.user import User

# Fields of JobDescriptionIndex that the catalog shows.
INDEXED = ("title", "family", "level", "department", "work_mode", "locations")


class Version(models.Model):
    """A numbered snapshot. The row never changes; anything that can change is in other tables."""

    description = models.ForeignKey(
        "roles.JobDescription", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField()
    label = OneLineTextField(max_length=limits.VERSION_LABEL_LIMIT, blank=True)
    note = OneLineTextField(max_length=limits.VERSION_NOTE_LIMIT, blank=True)
    text = models.TextField()  # the canonical JSON
    # As in the text, which lists don't read.
    title = OneLineTextField(max_length=limits.TITLE_LIMIT, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    brand = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="versions"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revisions = models.ManyToManyField(
        "roles.SnippetRevision", through="roles.VersionUse", related_name="versions"
    )

    class Meta:
        ordering = ["description", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["description", "number"], name="version_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.description.reference} {_('version')} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("Versions can't be changed.")
        super().save(*args, **kwargs)

    @cached_property
    def document(self) -> Document:
        """The document of this version."""
        return Document.from_dict(json.loads(self.text))

    def has(self, other: Document) -> bool:
        """Returns whether the document of this version is exactly this one. Reads only the hash."""
        return self.sha256 == sha256(other.canonical_json())


class VersionUse(models.Model):
    """The snippet revision that a line of a version came from."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="uses")
    line_uid = models.CharField(max_length=32)
    revision = models.ForeignKey(
        "roles.SnippetRevision", on_delete=models.PROTECT, related_name="version_uses"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "line_uid"], name="version_use_unique")
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.line_uid}"


class EffectivePeriodQuerySet(models.QuerySet["EffectivePeriod"]):
    def on(self, day: date) -> EffectivePeriodQuerySet:
        """Returns the periods of that day, at most one for each job description."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def public_on(self, day: date) -> EffectivePeriodQuerySet:
        """Returns the periods of that day whose job descriptions are public, and neither
        confidential nor archived."""
        shown = self.on(day).filter(description__is_public=True, description__confidential=False)
        return shown.exclude(description__status="archived")

    def readable_by(self, user: User, day: date) -> EffectivePeriodQuerySet:
        """Returns the periods of that day that the person can read in the catalog: of their
        departments, or those they own or are hiring manager of. Leaves out confidential (even
        for the owner) and archived ones."""
        own_departments = Q(description__owner=user) | Q(description__in=user.manages.values("pk"))
        within = department_access.open_to(user, "description__")
        shown = self.on(day).filter(within | own_departments if within else Q())
        return shown.filter(description__confidential=False).exclude(description__status="archived")

    def listed(self) -> EffectivePeriodQuerySet:
        """Loads the columns that the list shows, without the text."""
        found = self.select_related("version__index", "description").exclude(title="")
        columns = (f"version__index__{name}" for name in INDEXED)
        return found.only("since", "version__number", "description__reference", *columns)

    def matching(self, words: str) -> EffectivePeriodQuerySet:
        """Returns the periods that match a search in the catalog."""
        return searched(
            self, words, search_index.VERSIONS, key="version", text="version__index__search_text"
        )


class EffectivePeriod(models.Model):
    """The period in which a version is current; `until` is the first day after it. `title` and
    `reference` are those that the catalog lists, so that it can sort by them."""

    description = models.ForeignKey(
        "roles.JobDescription", on_delete=models.PROTECT, related_name="effective_periods"
    )
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="effective_periods")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.TextField(editable=False)
    reference = models.CharField(max_length=16, editable=False)

    objects: ClassVar[models.Manager[EffectivePeriod]] = EffectivePeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        indexes = [
            models.Index(sort_keys.CATALOG_TITLE, "id", name="effective_period_by_title"),
            models.Index(fields=["reference", "id"], name="effective_period_by_reference"),
            models.Index(sort_keys.CURRENT_SINCE, "id", name="effective_period_by_since"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")),
                name="effective_period_in_order",
            ),
            models.UniqueConstraint(
                fields=["description", "since"], name="effective_period_since_unique"
            ),
            models.UniqueConstraint(
                fields=["description"], condition=Q(until=None), name="effective_period_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.since}"


class RenderedFile(models.Model):
    """A version's file in one format for one audience, rendered once. `key` identifies the renderer
    (library and font versions), `digest` is the SHA-256 of the content, and `title` that of the
    document, for the file name. `downloaded_by` are the people whose first download is recorded
    as an event."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=10)
    audience = models.CharField(max_length=10, choices=choices(vocabulary.AUDIENCES))
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    title = OneLineTextField(max_length=limits.TITLE_LIMIT, blank=True)
    file = models.FileField(upload_to="rendered/%Y/%m/", max_length=200)
    downloaded_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "format", "audience", "key"], name="rendered_file_unique"
            )
        ]
        indexes = [models.Index(fields=["digest"], name="rendered_file_digest")]

    def __str__(self) -> str:
        return f"{self.version}.{self.format}"


class Tombstone(models.Model):
    """The record of a version that was purged after its retention date."""

    version_id = models.BigIntegerField(unique=True)
    reference = models.CharField(max_length=16)
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    purged_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "number"], name="tombstone_unique")
        ]
        # Not db_index, because SQLite would rebuild the table that a trigger on versions uses.
        indexes = [models.Index(fields=["sha256"], name="tombstone_sha256")]

    def __str__(self) -> str:
        return f"{self.reference} {self.number}"


# Only versions with a tombstone can be deleted; the purge creates it first.
_SQLITE = {
    "roles_version_no_update": """
        CREATE TRIGGER IF NOT EXISTS roles_version_no_update BEFORE UPDATE ON roles_version
        BEGIN SELECT RAISE(ABORT, 'a version never changes'); END""",
    "roles_version_no_delete": """
        CREATE TRIGGER IF NOT EXISTS roles_version_no_delete BEFORE DELETE ON roles_version
        WHEN NOT EXISTS (SELECT 1 FROM roles_tombstone WHERE version_id = OLD.id)
        BEGIN SELECT RAISE(ABORT, 'a version is never deleted'); END""",
}
# SQLite's REPLACE deletes rows without firing delete triggers.
_SQLITE["roles_version_no_replace"] = """
    CREATE TRIGGER IF NOT EXISTS roles_version_no_replace BEFORE INSERT ON roles_version
    WHEN EXISTS (SELECT 1 FROM roles_version WHERE id = NEW.id
        OR (description_id = NEW.description_id AND number = NEW.number))
    BEGIN SELECT RAISE(ABORT, 'a version is never replaced'); END"""
_POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION roles_version_immutable() RETURNS trigger AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF EXISTS (SELECT 1 FROM roles_tombstone WHERE version_id = OLD.id) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'a version never changes (%)', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END $$ LANGUAGE plpgsql"""
_POSTGRESQL = {
    "roles_version_no_change": """
        CREATE OR REPLACE TRIGGER roles_version_no_change BEFORE UPDATE OR DELETE
        ON roles_version FOR EACH ROW EXECUTE FUNCTION roles_version_immutable()""",
    "roles_version_no_truncate": """
        CREATE OR REPLACE TRIGGER roles_version_no_truncate BEFORE TRUNCATE
        ON roles_version FOR EACH STATEMENT EXECUTE FUNCTION roles_version_immutable()""",
}


def _triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Creates the triggers that prevent changes to versions; safe to call again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for statement in _triggers(connection).values():
            cursor.execute(statement)


def missing_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """Returns the names of the triggers that are missing in this database."""
    table = "sqlite_master" if connection.vendor == "sqlite" else "pg_trigger"
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if table == "sqlite_master"
        else "SELECT tgname FROM pg_trigger WHERE tgrelid = 'roles_version'::regclass"
        " AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return _triggers(connection).keys() - present


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Drops the triggers; only for migrations, and for the test suite around flush."""
    with connection.cursor() as cursor:
        for name in _triggers(connection):
            on = "" if connection.vendor == "sqlite" else " ON roles_version"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
