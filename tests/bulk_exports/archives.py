"""Orders exports, and reads their archives."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

from django.utils import timezone

from roles.bulk_exports import (
    export_worker,
    orders,
)
from roles.models import BulkExport, JobDescription, User


def finished_export(by: User, *descriptions: JobDescription, **fields: Any) -> BulkExport:
    """A finished export of these."""
    export = order_export(by, *descriptions, **fields)
    assert export_worker.run(export.pk)
    export.refresh_from_db()
    return export


def order_export(by: User, *descriptions: JobDescription, **fields: Any) -> BulkExport:
    fields.setdefault("formats", ["plain"])
    references = [one.reference for one in descriptions]
    return orders.order(by=by, references=references, **fields)


def archive(export: BulkExport) -> dict[str, bytes]:
    """Name and content of all in the ZIP; the checksums are verified."""
    with export.file.open("rb") as file, zipfile.ZipFile(file) as opened:
        assert opened.testzip() is None
        listed = opened.namelist()
        assert len(listed) == len(set(listed))
        return {name: opened.read(name) for name in listed}


def documents(export: BulkExport) -> list[str]:
    return [name for name in archive(export) if not name.startswith("index.")]


def rows(export: BulkExport) -> list[dict[str, str]]:
    text = archive(export)["index.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def expire_lease(export: BulkExport) -> None:
    """As if its processes had been killed an hour ago."""
    an_hour_ago = timezone.now() - timedelta(hours=1)
    BulkExport.objects.filter(pk=export.pk).update(
        state="working", lease="dead", lease_expires_at=an_hour_ago
    )
    export.files.exclude(lease="").update(lease_expires_at=an_hour_ago)
