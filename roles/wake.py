"""Wakes the background workers from layers below them, once the transaction is committed.

A process that serves pages registers how (`roles.middleware`); in any other process, and with
BACKGROUND=worker, nothing happens: `manage.py work` looks for work every second.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

_starters: dict[str, Callable[[], None]] = {}


def register(*, tasks: Callable[[], None], email: Callable[[], None]) -> None:
    """Set the functions that start the workers for tasks and for email. They must not raise."""
    _starters.update(tasks=tasks, email=email)


def task_worker() -> None:
    """A task was enqueued in this transaction."""
    transaction.on_commit(lambda: _start("tasks"), robust=True)


def email_worker() -> None:
    """Email to send immediately was written in this transaction."""
    transaction.on_commit(lambda: _start("email"), robust=True)


def _start(worker: str) -> None:
    if worker in _starters:
        _starters[worker]()
