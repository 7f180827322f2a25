"""Who does the tasks: `manage.py work` where BACKGROUND is "worker", else a thread of the
process that serves pages, which is there while something is left to do.

Several processes may do so at once: a task, an export and a mail are claimed by one of them.
Tasks that run when their process is killed stay marked as running for good; `tasks.resume` finds
what they were about by its missing sign of life, and puts it into the queue again. Mail has
turns of its own, beside those of the tasks: it does not wait behind a long export.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from roles import tasks
from roles.bulk_exports import retention
from roles.models import BulkExport
from roles.notifications import delivery
from roles.reviews import notify

log = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two looks at the queue
DAYS = 7  # for which a finished task is kept


def run_due() -> bool:
    """Do every task that waits, and what killed processes left. Returns whether something is
    still unfinished, by another process perhaps, so that another turn is due."""
    tasks.resume()
    while not tasks.stopping.is_set() and DBTaskResult.objects.ready().exists():
        Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=PAUSE,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=f"{threading.get_ident():x}-{time.time_ns():x}",
        ).run()
    retention.clean()
    old = timezone.now() - timedelta(days=DAYS)
    DBTaskResult.objects.exclude(status="READY").filter(started_at__lt=old).delete()
    return BulkExport.objects.filter(state__in=("waiting", "working")).exists()


def send_due_email() -> bool:
    """Send the mail that waits. Returns whether another turn is due soon."""
    return delivery.send_waiting(stopping=tasks.stopping.is_set)


def work(until: Callable[[bool], bool]) -> None:
    """Tasks and mail, in a process of their own."""
    mail = threading.Thread(target=run, args=(until, send_due_email), name="mail")
    mail.start()
    run(until)
    mail.join()


def run(until: Callable[[bool], bool], run_due: Callable[[], bool] = run_due) -> None:
    """Turn after turn, until `until` (asked whether something is unfinished) says so or the
    process is asked to stop. What goes wrong in one turn is tried again in the next."""
    while not tasks.stopping.is_set():
        try:
            is_unfinished = run_due()
        except Exception:
            log.exception("work in the background failed")
            is_unfinished = True
        finally:
            connections.close_all()
        if notify.has_new_email():
            wake_mail()
        if until(is_unfinished):
            return
        tasks.stopping.wait(PAUSE)


class _Thread:
    """A thread of this process: there is at most one of a name, and it ends when all is done."""

    def __init__(self, name: str, run_due: Callable[[], bool]) -> None:
        self.name = name
        self.turn = run_due
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        self.is_asked = False

    def wake(self) -> None:
        with self.lock:
            self.is_asked = True
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self.thread.start()

    def _run(self) -> None:
        run(self._is_over, self.turn)

    def _is_over(self, is_unfinished: bool) -> bool:
        with self.lock:
            over = not (is_unfinished or self.is_asked)
            self.is_asked = False
            if over:
                self.thread = None
            return over

    def stop(self) -> None:
        """At the end of the process: let it finish the file at hand and give back the rest."""
        tasks.stopping.set()
        if self.thread is not None:
            self.thread.join(timeout=10)


_tasks = _Thread("background", run_due)
_mail = _Thread("mail", send_due_email)
for _thread in (_tasks, _mail):
    atexit.register(_thread.stop)


def wake() -> None:
    """Something waits: have it done in this process, unless workers are there for it."""
    if settings.BACKGROUND == "web":
        _tasks.wake()
    wake_mail()


def wake_mail() -> None:
    """`wake` for mail alone."""
    if settings.BACKGROUND == "web":
        _mail.wake()
