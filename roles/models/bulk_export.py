"""Exports of many job descriptions at once: who ordered which, and their progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from roles import leases, limits, vocabulary
from roles.models.text_fields import OneLineTextField, choices

if TYPE_CHECKING:
    from roles.models.user import User

STATES = {
    "waiting": _("Waiting"),
    "working": _("In progress"),
    "done": _("Ready"),
    "cancelled": _("Canceled"),
    "failed": _("Failed"),
}
UNFINISHED = ("waiting", "working")
TEXTS = {
    "current": _("Current version"),
    "newest": _("Latest version"),
    "draft": _("Draft"),
}
TRIES = 3  # to render a file, each ended by the death of its process
# Why a file was left out, or why there is no archive at all.
REASONS = {
    "gone": _("It was deleted, or you no longer have access."),
    "no_posting": _("It isn’t open for applications, and this format is a job posting."),
    "unfit": _("It’s missing information that this format requires."),
    "failed": _("It couldn’t be exported in this format. See the server log."),
    "tries": format_lazy(_("The export stopped at this file {} times, so it was left out."), TRIES),
    "closed": _("The account that requested it is deactivated."),
    "disk": _("The server couldn’t write the files. Its disk might be full."),
    "broken": _("Something went wrong. See the server log."),
    "nothing": _("None of the files could be exported."),
}


class BulkExportQuerySet(models.QuerySet["BulkExport"]):
    def visible_to(self, user: User) -> BulkExportQuerySet:
        """One's own; administrators see all."""
        return self.all() if "admin" in user.kinds else self.filter(by=user)

    def unfinished(self) -> BulkExportQuerySet:
        return self.filter(state__in=UNFINISHED)


class BulkExport(leases.LeasedModel):
    """One ZIP that a person ordered. Several processes can render its files; the one that writes
    the ZIP has its lease. `site` is the address of the site, for the email; `queued_as` the task
    that waits for a worker."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_exports"
    )
    formats = models.JSONField(default=list)
    audience = models.CharField(max_length=10, choices=choices(vocabulary.AUDIENCES))
    text = models.CharField(max_length=10, choices=list(TEXTS.items()))
    total = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=list(STATES.items()), default="waiting")
    reason = models.CharField(max_length=20, choices=list(REASONS.items()), blank=True)
    queued_as = models.UUIDField(null=True)
    site = models.CharField(max_length=300, blank=True)
    wants_email = models.BooleanField(default=True)
    file = models.FileField(blank=True, max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, db_index=True)
    emailed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[BulkExport]] = BulkExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["by", "created_at", "id"], name="bulk_export_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[*STATES]), name="bulk_export_state_known")
        ]

    def __str__(self) -> str:
        return f"{_('Export')} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("export", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def is_there(self) -> bool:
        """Whether its ZIP can be downloaded: finished, and not removed since."""
        stored = self.file
        return self.state == "done" and bool(stored) and stored.storage.exists(str(stored.name))


class BulkFile(leases.LeasedModel):
    """One document in one format; the process that renders it has its lease. The version is set
    when it is ordered (none: the draft), the rest when it is rendered. `part` is the rendered file,
    until the ZIP has it as `name`; `sha256` is the version's, `digest` the file's own.
    `explanation` is the format's reason why it was left out."""

    export = models.ForeignKey(BulkExport, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=16)
    format = models.CharField(max_length=10)
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(
        max_length=10,
        choices=[("waiting", _("Waiting")), ("made", _("Exported")), ("left_out", _("Left out"))],
        default="waiting",
    )
    reason = models.CharField(max_length=20, choices=list(REASONS.items()), blank=True)
    explanation = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    title = OneLineTextField(max_length=limits.TITLE_LIMIT, blank=True)
    family = OneLineTextField(max_length=200, blank=True)
    audience = models.CharField(max_length=10, blank=True, choices=choices(vocabulary.AUDIENCES))
    day = models.DateField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    part = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["export", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["export", "reference", "format"], name="bulk_file_unique"
            ),
            models.UniqueConstraint(fields=["export", "position"], name="bulk_file_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}.{self.format}"

    @property
    def why(self) -> str:
        """Why it was left out, in words."""
        return self.explanation or self.get_reason_display()
