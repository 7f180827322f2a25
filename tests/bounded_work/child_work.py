"""Work that tests give to child processes."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.db import connection
from django.utils.translation import get_language

from roles import bounded_work
from roles.importers import Unreadable


def sleep(seconds: float, started: str = "") -> int:
    """Writes the process ID to the file `started`, then takes that long. Returns the ID."""
    if started:
        Path(started).write_text(str(os.getpid()), encoding="ascii")
    time.sleep(seconds)
    return os.getpid()


def spin() -> None:
    while True:
        pass


def grow() -> None:
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def refuse() -> None:
    raise Unreadable("This file is damaged.")


def break_down() -> None:
    raise ZeroDivisionError


def nested() -> tuple[int, int]:
    return os.getpid(), bounded_work.run(os.getpid)


def language() -> str | None:
    return get_language()


def count_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM roles_version")
