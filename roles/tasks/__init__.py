"""Work in the background: thin calls of deeds. `background` has it done, in a thread of the
process that serves pages or by `manage.py work`."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from roles.bulk_exports import export_worker, orders
from roles.models import BulkExport, Rollout, RolloutEntry
from roles.rollouts import apply_rollout

SILENT = timedelta(minutes=2)  # for which a task at a roll-out may say nothing
stopping = threading.Event()  # set where this process is asked to end: finish the file at hand


@task()
def make_export(export_id: int) -> None:
    """Make an export; where this process has to stop before the end, it waits for another."""
    if not export_worker.run(export_id, stopping=stopping.is_set):
        _enqueue(export_id)


def order_export(**asked: Any) -> BulkExport:
    """asking.ask, and its task."""
    with transaction.atomic():
        export = orders.order(**asked)
        _enqueue(export.pk)
    return export


def try_again(export: BulkExport) -> None:
    """asking.try_again, and its task."""
    with transaction.atomic():
        if orders.try_again(export=export):
            _enqueue(export.pk)


@task()
def make_rollout(rollout_id: int) -> None:
    """Go on with a roll-out; where this process has to stop before the end, another does."""
    if not apply_rollout.run(rollout_id, stopping=stopping.is_set):
        make_rollout.enqueue(rollout_id)


def order_rollout(**asked: Any) -> Rollout:
    """rolling_out.start, and its task."""
    with transaction.atomic():
        rollout = apply_rollout.start(**asked)
        make_rollout.enqueue(rollout.pk)
    return rollout


def resume() -> None:
    """Take up what a killed process left: an export without a sign of life whose task does
    not wait any more, and roll-outs."""
    ready = DBTaskResult.objects.ready().values("pk")
    for export in BulkExport.objects.silent().exclude(queued_as__in=ready):
        with transaction.atomic():
            if export_worker.release_claim(export):
                _enqueue(export.pk)
    export_worker.send_finished_email()
    _resume_rollouts()


def _resume_rollouts() -> None:
    """Take up roll-outs that no task is at, or whose task fell silent: several may be at one."""
    begun = Q(status=TaskResultStatus.READY) | Q(started_at__gt=timezone.now() - SILENT)
    at_work = DBTaskResult.objects.filter(begun, task_path=make_rollout.module_path)
    waiting = RolloutEntry.objects.filter(version=None, reason="").order_by()
    if not at_work.exists():
        for rollout_id in waiting.values_list("rollout", flat=True).distinct():
            make_rollout.enqueue(rollout_id)


def _enqueue(export_id: int) -> None:
    queued = make_export.enqueue(export_id)
    BulkExport.objects.filter(pk=export_id).update(queued_as=queued.id)
