"""Runs background work: in `manage.py work` if BACKGROUND is "worker", otherwise in threads of the
web process, which end when nothing is left to do.

Several processes can work at the same time: each task, export, rollout and email is claimed by one
of them. If a process is killed, its tasks stay marked as running; `tasks.resume` finds the rows
with an expired lease and enqueues them again. Email and daily jobs have their own threads, so they
don't wait for a long export.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from roles import tasks
from roles.drafts import presence
from roles.models import BulkExport
from roles.notifications import delivery, email_bundles
from roles.tasks import daily_jobs

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0  # between checks for work
DAILY_SECONDS = 60.0  # between checks for daily jobs
RETRY_SECONDS = 60.0  # at most, between attempts after errors
STOP_SECONDS = 10.0  # for the current step of a thread, at the end of the process
# A timer can be late: its clock stops while the machine sleeps.
LONGEST_SLEEP = timedelta(minutes=15)


def run_tasks() -> bool:
    """Runs all waiting tasks, and those of killed processes. Returns whether an export is still
    unfinished, possibly in another process, so another check is due."""
    tasks.resume()
    while not tasks.stopping.is_set() and DBTaskResult.objects.ready().exists():
        Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=POLL_SECONDS,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=f"{threading.get_ident():x}-{time.time_ns():x}",
        ).run()
    presence.remove_expired()
    return BulkExport.objects.unfinished().exists()


def send_email() -> bool:
    """Sends all email that is due. Returns whether another check is due soon; for later email, this
    process wakes up by itself (with BACKGROUND=worker, `manage.py work` checks all the time)."""
    is_due_soon = delivery.send_waiting(stopping=tasks.stopping.is_set)
    if settings.BACKGROUND == "web":
        _email.wake_at(email_bundles.next_attempt())
    return is_due_soon


def run_daily_jobs() -> bool:
    """Runs the daily jobs that are due. Returns False: for the next ones, this process wakes up by
    itself (with BACKGROUND=worker, `manage.py work` checks all the time)."""
    daily_jobs.run_due()
    if settings.BACKGROUND == "web":
        _daily.wake_at(min(daily_jobs.next_due(), timezone.now() + LONGEST_SLEEP))
    return False


def work(is_over: Callable[[bool], bool]) -> None:
    """Runs tasks, email and daily jobs in this process until `is_over` (see `run`)."""
    email = threading.Thread(target=run, args=(send_email, is_over), name="email")
    daily = threading.Thread(
        target=run, args=(run_daily_jobs, is_over, DAILY_SECONDS), name="daily", daemon=True
    )
    for thread in (email, daily):
        thread.start()
    run(run_tasks, is_over)
    email.join()
    while daily.is_alive() and not tasks.stopping.is_set():
        daily.join(POLL_SECONDS)
    daily.join(STOP_SECONDS)  # another process does a longer job again


def run(
    look: Callable[[], bool], is_over: Callable[[bool], bool], seconds: float = POLL_SECONDS
) -> None:
    """Calls `look` every so many seconds until `is_over` returns True or the process must stop.
    `look` returns whether work is unfinished, which is the argument of `is_over`. Errors are logged
    and retried, less and less often."""
    failures = 0
    while not tasks.stopping.is_set():
        try:
            is_unfinished = look()
            failures = 0
        except Exception:
            log.exception("background work failed")
            is_unfinished = True
            failures += 1
        finally:
            connections.close_all()
        if is_over(is_unfinished):
            return
        wait = min(POLL_SECONDS * 2 ** min(failures, 10), RETRY_SECONDS) if failures else seconds
        tasks.stopping.wait(wait)


class BackgroundThread:
    """Runs at most one thread, which ends when nothing is left to do."""

    def __init__(self, name: str, look: Callable[[], bool]) -> None:
        self.name = name
        self.look = look
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        self.timer: threading.Timer | None = None
        self.is_woken = False

    def wake(self) -> None:
        with self.lock:
            self.is_woken = True
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self.thread.start()

    def wake_at(self, at: datetime | None) -> None:
        """Wakes at that time instead of the time set before (None: doesn't)."""
        with self.lock:
            if self.timer is not None:
                self.timer.cancel()
            self.timer = None
            if at is not None and not tasks.stopping.is_set():
                seconds = max((at - timezone.now()).total_seconds(), 0)
                self.timer = threading.Timer(seconds, self.wake)
                self.timer.daemon = True
                self.timer.start()

    def stop(self) -> None:
        """Stops at the end of the process: finishes the current file, releases other work."""
        tasks.stopping.set()
        self.wake_at(None)
        if self.thread is not None:
            self.thread.join(timeout=STOP_SECONDS)

    def _run(self) -> None:
        run(self.look, self._is_over)

    def _is_over(self, is_unfinished: bool) -> bool:
        with self.lock:
            is_over = not (is_unfinished or self.is_woken)
            self.is_woken = False
            if is_over:
                self.thread = None
            return is_over


_tasks = BackgroundThread("background", run_tasks)
_email = BackgroundThread("email", send_email)
_daily = BackgroundThread("daily", run_daily_jobs)
for _thread in (_tasks, _email, _daily):
    atexit.register(_thread.stop)


def wake_tasks() -> None:
    """Starts waiting tasks in this process, unless BACKGROUND is "worker"."""
    if settings.BACKGROUND == "web":
        _tasks.wake()


def wake_email() -> None:
    """Starts sending email in this process, unless BACKGROUND is "worker"."""
    if settings.BACKGROUND == "web":
        _email.wake()


def wake_all() -> None:
    """Looks for all kinds of work in this process, unless BACKGROUND is "worker". The process that
    serves pages calls it when it starts, because it might get no request for days."""
    wake_tasks()
    wake_email()
    if settings.BACKGROUND == "web":
        _daily.wake()
