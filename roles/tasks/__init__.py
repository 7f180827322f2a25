"""Background work: thin calls of actions. `background` runs them, in a thread of the process
that serves pages or by `manage.py work`."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from roles import encryption, leases, wake
from roles.bulk_exports import export_worker, orders
from roles.models import BulkExport, BulkFile, Rollout
from roles.notifications import account_email
from roles.rollouts import apply_rollout

log = logging.getLogger(__name__)

HELPER_PRIORITY = -10  # other tasks have 0, files rendered in advance -50
ACCOUNT_EMAIL_RETRY_MINUTES = (1, 10)  # before the second attempt, and before the third

stopping = threading.Event()  # set when this process must stop, after the current file


@task()
def process_export(export_id: int) -> None:
    """Processes an export. If this process must stop before it is done, another continues."""
    _invite_helper(export_id)
    if not export_worker.run(export_id, stopping=stopping.is_set):
        _enqueue(process_export, BulkExport.objects.all(), export_id)


@task(priority=HELPER_PRIORITY)
def help_export(export_id: int) -> None:
    """Processes an export together with other processes, until it's done or something else
    waits."""
    if _invite_helper(export_id):
        export_worker.run(export_id, stopping=_has_better_to_do)


def _invite_helper(export_id: int) -> bool:
    """If more than one file is left, enqueues a task for the next process that has nothing else to
    do, and returns True. As each helper invites another, any number of processes can work on an
    export, while one task waits for it."""
    left = BulkFile.objects.filter(export=export_id, state="waiting")
    is_worth_it = left.filter(export__in=BulkExport.objects.unfinished()).count() > 1
    if is_worth_it:
        help_export.enqueue(export_id)
    return is_worth_it


def _has_better_to_do() -> bool:
    return stopping.is_set() or DBTaskResult.objects.ready().filter(priority__gte=0).exists()


@task()
def process_rollout(rollout_id: int) -> None:
    """Processes a rollout. If this process must stop before it is done, another continues."""
    if not apply_rollout.run(rollout_id, stopping=stopping.is_set):
        _enqueue(process_rollout, Rollout.objects.all(), rollout_id)


@task()
def send_account_email(sealed: str, failures: int = 0) -> None:
    """Sends an email of account_email.sealed. If the server fails, it is tried again later."""
    try:
        is_sent = account_email.send(sealed)
    except encryption.CannotDecrypt:
        log.error("an email about an account can't be read; was SECRET_KEY changed?")
        return
    if not is_sent and failures < len(ACCOUNT_EMAIL_RETRY_MINUTES):
        later = timezone.now() + timedelta(minutes=ACCOUNT_EMAIL_RETRY_MINUTES[failures])
        send_account_email.using(run_after=later).enqueue(sealed, failures + 1)


def email_account(address: str, template: str, **context: Any) -> None:
    """Enqueues an email about an account (account_email.SUBJECTS)."""
    with transaction.atomic():
        send_account_email.enqueue(account_email.sealed(address, template, **context))
        wake.task_worker()


def order_export(**fields: Any) -> BulkExport:
    """Orders an export (orders.order) and enqueues its task."""
    with transaction.atomic():
        export = orders.order(**fields)
        _enqueue(process_export, BulkExport.objects.all(), export.pk)
    return export


def retry_export(export: BulkExport) -> None:
    """Retries an export (orders.retry) and enqueues its task."""
    with transaction.atomic():
        if orders.retry(export=export):
            _enqueue(process_export, BulkExport.objects.all(), export.pk)


def start_rollout(**fields: Any) -> Rollout:
    """Starts a rollout (apply_rollout.start) and enqueues its task."""
    with transaction.atomic():
        rollout = apply_rollout.start(**fields)
        continue_rollout(rollout)
    return rollout


def continue_rollout(rollout: Rollout) -> None:
    """Enqueues a task for the rollout, which does nothing if another process works on it."""
    _enqueue(process_rollout, Rollout.objects.all(), rollout.pk)


def resume() -> None:
    """Enqueues the work of killed processes again: exports and rollouts with an expired lease and
    no waiting task. Also sends their unsent email."""
    with transaction.atomic():
        exports = BulkExport.objects.unfinished().exclude(queued_as__in=_waiting())
        exports = exports.exclude(pk__in=leases.held(BulkFile.objects.all()).values("export"))
        for export_id in leases.reclaim(exports, state="waiting"):
            _enqueue(process_export, BulkExport.objects.all(), export_id)
        rollouts = Rollout.objects.unfinished().exclude(queued_as__in=_waiting())
        for rollout_id in leases.reclaim(rollouts):
            _enqueue(process_rollout, Rollout.objects.all(), rollout_id)
    export_worker.send_finished_email()


def _waiting() -> QuerySet[Any, Any]:
    return DBTaskResult.objects.ready().values("pk")


def _enqueue(task: Any, rows: QuerySet[BulkExport] | QuerySet[Rollout], key: int) -> None:
    queued = task.enqueue(key)
    rows.filter(pk=key).update(queued_as=queued.id)
    wake.task_worker()
