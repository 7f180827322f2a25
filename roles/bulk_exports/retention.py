"""The storage of export files, and their removal."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from roles.models import BulkExport, BulkFile

FILE_DAYS = 7  # to download a ZIP or retry a failed export
ROW_DAYS = 90  # until a finished export is removed from the list; its event stays


def folder(export: BulkExport) -> Path:
    """Returns the folder of its rendered files; `<folder>.zip` is the archive."""
    return Path(settings.MEDIA_ROOT) / "bulk" / str(export.pk)


def archive(export: BulkExport) -> Path:
    return folder(export).with_suffix(".zip")


def remove_part(export: BulkExport, name: str) -> None:
    """Remove a part that no row names, and the folder if nothing else is in it."""
    (folder(export) / name).unlink(missing_ok=True)
    with suppress(OSError):
        folder(export).rmdir()


def remove_parts(export: BulkExport) -> None:
    shutil.rmtree(folder(export), ignore_errors=True)


def remove_files(export: BulkExport) -> None:
    """Remove its parts and its archive."""
    remove_parts(export)
    archive(export).unlink(missing_ok=True)


def remove_description(reference: str) -> None:
    """Remove every archive with this job description, and its title from all rows: for one that
    was deleted permanently."""
    files = BulkFile.objects.filter(reference=reference)
    done = BulkExport.objects.filter(pk__in=files.values("export"), state="done")
    for export in done.exclude(file=""):
        remove_files(export)
        BulkExport.objects.filter(pk=export.pk).update(file="", expires_at=None)
    files.update(title="", family="", name="")


def remove_expired() -> int:
    """Remove the files of exports after FILE_DAYS and their rows after ROW_DAYS. Returns the number
    of exports."""
    now = timezone.now()
    count = 0
    for export in BulkExport.objects.filter(expires_at__lt=now).exclude(file="", state="done"):
        remove_files(export)
        expired = BulkExport.objects.filter(pk=export.pk, expires_at__lt=now)
        count += expired.update(file="", expires_at=None)
    old = BulkExport.objects.exclude(pk__in=BulkExport.objects.unfinished().values("pk"))
    _rows, deleted = old.filter(finished_at__lt=now - timedelta(days=ROW_DAYS)).delete()
    return count + deleted.get("roles.BulkExport", 0)
