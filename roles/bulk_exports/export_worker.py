"""An export being made: claimed by one process, file by file, so that another can carry on."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from roles import mail
from roles.bulk_exports import heartbeat, render_file, retention, zip_archive
from roles.models import BulkExport

log = logging.getLogger(__name__)


class LeaseLost(Exception):  # noqa: N818  # an answer, not a fault
    """The export is no longer this process's: cancelled, or taken over by another."""


def run(export_id: int, *, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Make the export as far as it is not made yet. False where it was interrupted
    (`stopping`) and waits again; True where nothing is left to do here: it is finished, or
    somebody else works at it."""
    export = _claim(export_id)
    if export is None:
        return True
    try:
        with heartbeat.Heartbeat(export) as beat:
            if not _make(export, beat, stopping):
                return False
            zip_archive.pack(export, lambda: _hold(export, beat))
        _finish(export)
    except LeaseLost:
        if BulkExport.objects.filter(pk=export.pk, state="cancelled").exists():
            retention.remove_files(export)
    except render_file.ExportClosed:
        _end(export, "cancelled", "closed")
        retention.remove_files(export)
    except OSError:
        log.exception("export %d could not be written", export.pk)
        _end(export, "failed", "disk")
    except (OperationalError, InterfaceError):
        raise  # of the database: another turn, when it answers again
    except Exception:
        log.exception("export %d broke", export.pk)
        _end(export, "failed", "broken")
    return True


def release_claim(export: BulkExport) -> bool:
    """Let one wait again whose process was killed; False where it is no longer so."""
    silent = BulkExport.objects.silent().filter(pk=export.pk)
    return bool(silent.update(state="waiting", claim="", alive_at=timezone.now()))


def send_finished_email() -> None:
    """Send the mail of finished exports whose process was killed before it could."""
    done = BulkExport.objects.filter(state__in=("done", "failed"), emailed_at=None)
    for export in done.filter(wants_email=True).select_related("by"):
        _tell(export)


def _claim(export_id: int) -> BulkExport | None:
    """The export, if it may be taken up, with a claim of our own."""
    claim, now = uuid.uuid4().hex, timezone.now()
    free = BulkExport.objects.free().filter(pk=export_id)
    if not free.update(state="working", claim=claim, alive_at=now):
        return None
    mine = BulkExport.objects.filter(pk=export_id, claim=claim)
    mine.filter(started_at=None).update(started_at=now)
    return mine.select_related("by").first()


def _hold(export: BulkExport, beat: heartbeat.Heartbeat) -> None:
    """A sign of life; raises Lost where the claim no longer holds."""
    beat.got_on()
    mine = BulkExport.objects.filter(pk=export.pk, claim=export.claim, state="working")
    if not mine.update(alive_at=timezone.now()):
        raise LeaseLost


def _make(export: BulkExport, beat: heartbeat.Heartbeat, stopping: Callable[[], bool]) -> bool:
    """Every file that is not made yet; False where it was interrupted."""
    zip_archive.look_for_parts(export)
    waiting = export.files.filter(state="waiting")
    while file := waiting.order_by("position").first():
        if stopping():
            mine = BulkExport.objects.filter(pk=export.pk, claim=export.claim, state="working")
            mine.update(state="waiting", claim="", alive_at=timezone.now())
            return False
        render_file.make(export, file, lambda: _hold(export, beat))
    return True


def _finish(export: BulkExport) -> None:
    is_something = export.files.filter(state="made").exists()
    if not (_end(export, "done") if is_something else _end(export, "failed", "nothing")):
        raise LeaseLost
    if is_something:
        retention.remove_parts(export)
    else:
        retention.remove_files(export)


def _end(export: BulkExport, state: str, reason: str = "") -> bool:
    """Write down how it ended, and tell; False where it is not this process's any more."""
    now = timezone.now()
    export.state, export.reason, export.finished_at = state, reason, now
    export.expires_at = None if state == "cancelled" else now + timedelta(days=retention.DAYS)
    export.file.name = zip_archive.stored_name(export) if state == "done" else ""
    fields = ("state", "reason", "finished_at", "expires_at", "file")
    mine = BulkExport.objects.filter(pk=export.pk, claim=export.claim, state="working")
    ended = mine.update(claim="", **{name: getattr(export, name) for name in fields})
    if ended and state != "cancelled":
        _tell(export)
    return bool(ended)


def _tell(export: BulkExport) -> None:
    """Mail to the person who asked, once; nothing that goes wrong with it is the export's."""
    untold = BulkExport.objects.filter(pk=export.pk, emailed_at=None, wants_email=True)
    if untold.update(emailed_at=timezone.now()):
        mail.export_finished(export)
