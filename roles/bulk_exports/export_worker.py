"""Processes an export: one process has its lease, and commits file by file, so that another can
continue."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from roles import leases, mail
from roles.bulk_exports import render_file, retention, zip_archive
from roles.models import BulkExport

log = logging.getLogger(__name__)


def run(export_id: int, *, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Render the files that are still missing, then write the ZIP. Returns False where
    `stopping` interrupted it and it waits again; True where nothing is left to do here: it is
    finished, or another process works on it. Raises the database's OperationalError and
    InterfaceError: the lease expires, and another attempt follows."""
    unfinished = BulkExport.objects.unfinished().filter(pk=export_id)
    lease = leases.claim(unfinished, state="working")
    if lease is None:
        return True
    lease.rows().filter(started_at=None).update(started_at=timezone.now())
    export = lease.rows().select_related("by").first()
    if export is None:
        return True
    try:
        return _process(export, lease, stopping)
    except leases.LeaseLost:
        if BulkExport.objects.filter(pk=export.pk, state="cancelled").exists():
            retention.remove_files(export)
    except render_file.ExportClosed:
        _end(export, lease, "cancelled", "closed")
        retention.remove_files(export)
    except OSError:
        log.exception("export %d could not be written", export.pk)
        _end(export, lease, "failed", "disk")
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("export %d failed", export.pk)
        _end(export, lease, "failed", "broken")
    return True


def send_finished_email() -> None:
    """Send the email of finished exports whose process was killed before it could."""
    finished = BulkExport.objects.filter(state__in=("done", "failed"), emailed_at=None)
    for export in finished.filter(wants_email=True).select_related("by"):
        _send_email(export)


def _process(
    export: BulkExport, lease: leases.Lease[BulkExport], stopping: Callable[[], bool]
) -> bool:
    """Raises LeaseLost, render_file.ExportClosed and what the disk raises."""
    with leases.Heartbeat(lease) as heartbeat:
        zip_archive.requeue_lost_parts(export)
        waiting = export.files.filter(state="waiting")
        while file := waiting.order_by("position").first():
            if stopping():
                lease.release(state="waiting")
                return False
            render_file.render(export, file, heartbeat.renew)
        zip_archive.write(export, heartbeat.renew)
    _finish(export, lease)
    return True


def _finish(export: BulkExport, lease: leases.Lease[BulkExport]) -> None:
    has_files = export.files.filter(state="made").exists()
    state, reason = ("done", "") if has_files else ("failed", "nothing")
    if not _end(export, lease, state, reason):
        raise leases.LeaseLost
    if has_files:
        retention.remove_parts(export)
    else:
        retention.remove_files(export)


def _end(export: BulkExport, lease: leases.Lease[BulkExport], state: str, reason: str) -> bool:
    """Write the outcome and send the email; False where the lease was lost."""
    now = timezone.now()
    export.state, export.reason, export.finished_at = state, reason, now
    kept_for = timedelta(days=retention.FILE_DAYS)
    export.expires_at = None if state == "cancelled" else now + kept_for
    export.file.name = zip_archive.stored_name(export) if state == "done" else ""
    fields = ("state", "reason", "finished_at", "expires_at", "file")
    ended = lease.release(**{name: getattr(export, name) for name in fields})
    if ended and state != "cancelled":
        _send_email(export)
    return ended


def _send_email(export: BulkExport) -> None:
    """At most once; a failure of the email is no failure of the export."""
    unsent = BulkExport.objects.filter(pk=export.pk, emailed_at=None, wants_email=True)
    if unsent.update(emailed_at=timezone.now()):
        mail.export_finished(export)
