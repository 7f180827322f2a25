"""Starts the background workers from lower layers, after the transaction is committed.

The web process registers the functions to call (`roles.middleware`). In other processes, and with
BACKGROUND=worker, nothing happens: `manage.py work` checks for work all the time.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

_starters: dict[str, Callable[[], None]] = {}


def register(*, tasks: Callable[[], None], email: Callable[[], None]) -> None:
    """Sets the functions that start the workers for tasks and email. They must not raise."""
    _starters.update(tasks=tasks, email=email)


def task_worker() -> None:
    """Starts the worker for tasks, after this transaction."""
    transaction.on_commit(lambda: _start("tasks"), robust=True)


def email_worker() -> None:
    """Starts the worker for email, after this transaction."""
    transaction.on_commit(lambda: _start("email"), robust=True)


def _start(worker: str) -> None:
    if worker in _starters:
        _starters[worker]()
