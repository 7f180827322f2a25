"""Processes an export, file by file. Several processes can do so at the same time: each claims one
file after another, and one of them writes the ZIP at the end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from roles import leases, mail
from roles.bulk_exports import render_file, retention, zip_archive
from roles.models import BulkExport, BulkFile

log = logging.getLogger(__name__)


def run(export_id: int, *, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Renders files of the export until none is left, then writes the ZIP unless another process
    still renders a file: the last one does it. Returns False if `stopping` interrupted it and files
    are left; True if nothing is left to do here. Raises the database's OperationalError and
    InterfaceError: the lease expires, and another attempt follows."""
    if not _unfinished(export_id).exists():
        return True
    try:
        while True:
            if not _render_files(export_id, stopping):
                return False
            if _write_zip(export_id):
                break
    except render_file.ExportClosed:
        _stop(export_id, "cancelled", "closed")
    except OSError:
        log.exception("export %d could not be written", export_id)
        _stop(export_id, "failed", "disk")
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("export %d failed", export_id)
        _stop(export_id, "failed", "broken")
    _clean_up(export_id)
    return True


def send_finished_email() -> None:
    """Send the email of finished exports whose process was killed before it could."""
    finished = BulkExport.objects.filter(state__in=("done", "failed"), emailed_at=None)
    for export in finished.filter(wants_email=True).select_related("by"):
        _send_email(export)


def _unfinished(export_id: int) -> QuerySet[BulkExport]:
    return BulkExport.objects.unfinished().filter(pk=export_id)


def _render_files(export_id: int, stopping: Callable[[], bool]) -> bool:
    """Returns False if `stopping` interrupted it. Raises render_file.ExportClosed and what the disk
    raises."""
    export = BulkExport.objects.get(pk=export_id)
    waiting = export.files.filter(state="waiting").order_by("position")
    while True:
        if stopping() and waiting.exists():
            _pause(export)
            return False
        lease = _claim_file(export, waiting)
        if lease is None:
            return True
        try:
            with leases.Heartbeat(lease):
                render_file.render(export, lease)
        except leases.LeaseLost:
            log.info("export %d: another process took over a file", export_id)


def _claim_file(export: BulkExport, waiting: QuerySet[BulkFile]) -> leases.Lease[BulkFile] | None:
    """Claims the next file, unless the export is finished or its ZIP is being written. Locks the
    export first, as everywhere."""
    now = timezone.now()
    with transaction.atomic():
        is_open = leases.free(_unfinished(export.pk)).update(
            state="working",
            started_at=Coalesce("started_at", now),
            lease="",
            lease_expires_at=leases.new_expiry(),  # someone works on it
        )
        if not is_open:
            return None
        return leases.claim_first(waiting, tries=F("tries") + 1)


def _pause(export: BulkExport) -> None:
    """The export waits again, unless another process works on it."""
    if not leases.held(export.files.all()).exists():
        rows = _unfinished(export.pk).filter(lease="")
        rows.update(state="waiting", lease_expires_at=leases.new_expiry())


def _write_zip(export_id: int) -> bool:
    """Writes the ZIP if no file waits or is being rendered. Returns False if parts were lost, so
    that files have to be rendered again. Raises what the disk raises."""
    lease = leases.claim(_unfinished(export_id).exclude(files__state="waiting"))
    export = lease.rows().select_related("by").first() if lease else None
    if lease is None or export is None:
        return True
    try:
        with leases.Heartbeat(lease) as heartbeat:
            if zip_archive.requeue_lost_parts(export):
                lease.release()
                return False
            zip_archive.write(export, heartbeat.renew)
        _finish(export, lease)
    except leases.LeaseLost:
        log.info("export %d: another process took over, or it was canceled", export_id)
    return True


def _finish(export: BulkExport, lease: leases.Lease[BulkExport]) -> None:
    has_files = export.files.filter(state="made").exists()
    state, reason = ("done", "") if has_files else ("failed", "nothing")
    if not _end(export, lease.rows(), state, reason):
        raise leases.LeaseLost
    if has_files:
        retention.remove_parts(export)
    else:
        retention.remove_files(export)


def _stop(export_id: int, state: str, reason: str) -> None:
    """Ends the export whoever works on it. Other processes notice before their next file."""
    export = BulkExport.objects.select_related("by").get(pk=export_id)
    _end(export, _unfinished(export_id), state, reason)


def _end(export: BulkExport, rows: QuerySet[BulkExport], state: str, reason: str) -> bool:
    """Write the outcome and send the email; False where another process was first."""
    now = timezone.now()
    export.state, export.reason, export.finished_at = state, reason, now
    kept_for = timedelta(days=retention.FILE_DAYS)
    export.expires_at = None if state == "cancelled" else now + kept_for
    export.file.name = zip_archive.stored_name(export) if state == "done" else ""
    fields = ("state", "reason", "finished_at", "expires_at", "file")
    values = {name: getattr(export, name) for name in fields}
    ended = rows.update(lease="", lease_expires_at=leases.new_expiry(), **values)
    if ended and state != "cancelled":
        _send_email(export)
    return bool(ended)


def _clean_up(export_id: int) -> None:
    """Removes what this process still rendered of a canceled export."""
    export = BulkExport.objects.filter(pk=export_id, state="cancelled").first()
    if export is not None:
        retention.remove_files(export)


def _send_email(export: BulkExport) -> None:
    """At most once; a failure of the email is no failure of the export."""
    unsent = BulkExport.objects.filter(pk=export.pk, emailed_at=None, wants_email=True)
    if unsent.update(emailed_at=timezone.now()):
        mail.export_finished(export)
