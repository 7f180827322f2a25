"""Outages: what a failed save or read says about the database and the disk, and what reads do then.

An outage is a state of the surroundings that passes without a change of the code: the same request
succeeds later. `reason_of` tells it from errors of the code.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.db import Error, connection, transaction

log = logging.getLogger(__name__)

FULL, READ_ONLY, UNREACHABLE, BUSY = "full", "read-only", "unreachable", "busy"

# Of SQLite: the primary result codes.
_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    **dict.fromkeys(
        [
            *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM),
            *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PROTOCOL),
        ],
        UNREACHABLE,
    ),
}
# Of PostgreSQL: SQLSTATEs, or the classes that they begin with.
_SQLSTATES = {
    "53100": FULL,
    "25006": READ_ONLY,
    "40001": BUSY,  # serialization failure
    "40P01": BUSY,  # deadlock
    "55P03": BUSY,  # lock not available
    "53": BUSY,  # too many connections, out of memory
    "57": UNREACHABLE,  # shut down, or starting up
    "58": UNREACHABLE,  # its own files
    "08": UNREACHABLE,  # connection
    "3D": UNREACHABLE,  # no such database
    "28": UNREACHABLE,  # it refuses our account
    "XX": UNREACHABLE,  # damaged
    "42P01": UNREACHABLE,  # no tables: another database is in its place
}
_ERRNOS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EIO: UNREACHABLE,
    errno.ESTALE: UNREACHABLE,
}

FREE_BYTES = 1024 * 1024  # with less, the disk counts as full
REMEMBERED_SECONDS = 30


class LastOutage(NamedTuple):
    """The last outage that this process met."""

    reason: str
    moment: float  # of time.monotonic


_last = LastOutage("", 0)
_held: list[sqlite3.Connection] = []  # see hold_wal_index


def hold_wal_index() -> None:
    """Keeps one idle connection of this process to a SQLite database. Without any, SQLite removes
    the index of its write-ahead log, and can't create it again on a full disk: then pages couldn't
    be read either. Call it after the process has forked."""
    if _held or connection.vendor != "sqlite":
        return
    with suppress(sqlite3.Error):
        address = f"file:{quote(str(connection.settings_dict['NAME']))}?mode=rw"
        held = sqlite3.connect(address, uri=True, check_same_thread=False)
        held.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        _held.append(held)


def reason_of(error: BaseException) -> str:
    """Returns the reason of an outage (FULL, READ_ONLY, UNREACHABLE or BUSY), or "" if the error
    is not one. Takes errors of Django, of the database's driver and of the file system."""
    if isinstance(error, Error):
        return _reason_of_driver(error.__cause__ or error)
    if isinstance(error, OSError):
        return _ERRNOS.get(error.errno or 0, "")
    return ""


def _reason_of_driver(error: BaseException) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        is_missing = code == sqlite3.SQLITE_ERROR and str(error).startswith("no such table")
        return UNREACHABLE if is_missing else _SQLITE.get(code & 0xFF, "")
    state = getattr(error, "sqlstate", None)
    if state:
        return _SQLSTATES.get(state) or _SQLSTATES.get(state[:2], "")
    # Without a code, the driver never reached the server or lost it.
    return UNREACHABLE if type(error).__name__ in ("OperationalError", "InterfaceError") else ""


def remember(reason: str) -> None:
    """Keeps the reason of a failed request for `current`."""
    global _last
    if reason != BUSY:
        _last = LastOutage(reason, time.monotonic())


def current() -> str:
    """Returns the reason of the outage that lasts, or "". Changes nothing."""
    try:
        if _is_read_only():
            return READ_ONLY
        free = shutil.disk_usage(settings.DATA_DIR).free
    except (Error, OSError) as error:
        return reason_of(error) or UNREACHABLE
    if free < FREE_BYTES:
        return FULL
    is_recent = time.monotonic() - _last.moment < REMEMBERED_SECONDS
    return _last.reason if is_recent else ""


def raise_current() -> None:
    """Raises OSError with the reason of the outage that lasts, if there is one."""
    reason = current()
    if reason:
        number = next(number for number, named in _ERRNOS.items() if named == reason)
        raise OSError(number, os.strerror(number))


def _is_read_only() -> bool:
    """Asks the database. Raises its errors if it doesn't answer or has no tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        if connection.vendor == "postgresql":
            cursor.execute("SHOW transaction_read_only")
            return bool(cursor.fetchone() == ("on",))
        cursor.execute("PRAGMA query_only")
        if cursor.fetchone() == (1,):
            return True
        cursor.execute("PRAGMA database_list")
        path = cursor.fetchone()[2]
    # Not by opening the file: closing it again would drop SQLite's locks on it.
    return bool(path) and not os.access(path, os.W_OK)


def tolerate(what: str, store: Callable[[], object], *, only_if: bool = True) -> bool:
    """Calls `store`, which stores something while a page is read, in a transaction. During an
    outage nothing is stored, and the log says `what`, so that the page is served all the same. If
    `only_if` is False, the error is raised. Returns whether it is stored."""
    try:
        with transaction.atomic():
            store()
    except (Error, OSError) as error:
        reason = reason_of(error) if only_if else ""
        if not reason:
            raise
        remember(reason)
        log.warning("Not stored: %s (%s)", what, reason)
        return False
    return True
