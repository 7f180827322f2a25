"""Removing stored files. A backup reads the database and then the files that it names, so none of
them is removed in between, by whatever process. The lock is one of the data directory; a network
file system without locks of directories does without."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings


@contextmanager
def kept() -> Iterator[None]:
    """Keeps all stored files from being removed. Waits until those that are being removed are
    gone."""
    with _data_directory() as directory:
        with suppress(OSError):
            fcntl.flock(directory, fcntl.LOCK_EX)
        yield


@contextmanager
def removal() -> Iterator[bool]:
    """Yields whether stored files can be removed now. During a backup they can't: those without a
    record are removed by the next `manage.py prune`."""
    with _data_directory() as directory:
        is_possible = True
        try:
            fcntl.flock(directory, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            is_possible = False
        except OSError:
            pass
        yield is_possible


@contextmanager
def _data_directory() -> Iterator[int]:
    directory = os.open(settings.DATA_DIR, os.O_RDONLY)
    try:
        yield directory
    finally:
        os.close(directory)
