"""Where the files of exports are kept, and when they are removed."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from roles.models import BulkExport, BulkFile

DAYS = 7  # a ZIP can be fetched, or one that failed tried again
ROWS_DAYS = 90  # after that, nothing remains but the event


def folder(export: BulkExport) -> Path:
    """Where its finished parts wait; `<folder>.zip` is the archive."""
    return Path(settings.MEDIA_ROOT) / "bulk" / str(export.pk)


def archive(export: BulkExport) -> Path:
    return folder(export).with_suffix(".zip")


def remove_parts(export: BulkExport) -> None:
    shutil.rmtree(folder(export), ignore_errors=True)


def remove_files(export: BulkExport) -> None:
    """Its parts and its archive."""
    remove_parts(export)
    archive(export).unlink(missing_ok=True)


def forget(reference: str) -> None:
    """No copy of this job description stays in an archive, nor its title in a row: for one that
    was deleted for good."""
    holding = BulkFile.objects.filter(reference=reference)
    done = BulkExport.objects.filter(pk__in=holding.values("export"), state="done")
    for export in done.exclude(file=""):
        remove_files(export)
        BulkExport.objects.filter(pk=export.pk).update(file="", expires_at=None)
    holding.update(title="", family="", name="")


def clean() -> None:
    """Remove the archives that have expired, and the rows that have told their story."""
    now = timezone.now()
    for export in BulkExport.objects.filter(expires_at__lt=now).exclude(file="", state="done"):
        remove_files(export)
        changed: dict[str, object] = {"file": "", "expires_at": None}
        BulkExport.objects.filter(pk=export.pk, expires_at__lt=now).update(**changed)
    old = BulkExport.objects.exclude(state__in=("waiting", "working"))
    old.filter(finished_at__lt=now - timedelta(days=ROWS_DAYS)).delete()
