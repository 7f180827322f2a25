"""Exports as tasks of a worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from roles import exporters, tasks
from roles.models import BulkExport, User
from roles.tasks import background
from tests import builders
from tests.bulk_exports.archives import (
    documents,
    expire_lease,
)

pytestmark = pytest.mark.django_db(transaction=True)


class TestTasks:
    def test_a_worker_processes_an_order(self, author: User) -> None:
        jd = builders.description(author)
        export = tasks.order_export(by=author, references=[jd.reference], formats=["plain"])
        assert background.run_tasks() is False
        export.refresh_from_db()
        assert export.state == "done"
        assert DBTaskResult.objects.get().status == "SUCCESSFUL"

    def test_the_export_of_a_killed_process_is_enqueued_again_once(self, author: User) -> None:
        jd = builders.description(author)
        export = tasks.order_export(by=author, references=[jd.reference], formats=["plain"])
        DBTaskResult.objects.update(status="RUNNING")
        tasks.resume()
        assert DBTaskResult.objects.ready().count() == 0  # it may still run
        expire_lease(export)
        tasks.resume()
        tasks.resume()
        assert DBTaskResult.objects.ready().count() == 1
        background.run_tasks()
        export.refresh_from_db()
        assert export.state == "done"

    def test_an_export_that_was_never_claimed_is_enqueued_again(self, author: User) -> None:
        jd = builders.description(author)
        export = tasks.order_export(by=author, references=[jd.reference], formats=["plain"])
        DBTaskResult.objects.update(status="RUNNING")
        BulkExport.objects.update(lease_expires_at=timezone.now() - timedelta(hours=1))
        background.run_tasks()
        export.refresh_from_db()
        assert export.state == "done"

    def test_a_waiting_task_is_not_enqueued_again(self, author: User) -> None:
        jd = builders.description(author)
        tasks.order_export(by=author, references=[jd.reference], formats=["plain"])
        BulkExport.objects.update(lease_expires_at=timezone.now() - timedelta(hours=1))
        tasks.resume()
        assert DBTaskResult.objects.count() == 1

    def test_a_process_that_stops_releases_its_export(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The next process need not wait until the lease expires."""

        def stopping(_document: Any, _edition: Any) -> bytes:
            tasks.stopping.set()
            return b"text"

        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(stopping))
        every = [builders.description(author).reference for _ in range(2)]
        export = tasks.order_export(by=author, references=every, formats=["plain"])
        try:
            assert background.run_tasks() is True
        finally:
            tasks.stopping.clear()
        export.refresh_from_db()
        assert (export.state, export.lease) == ("waiting", "")
        assert export.files.filter(state="made").count() == 1
        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(lambda _d, _e: b"text"))
        assert background.run_tasks() is False
        export.refresh_from_db()
        assert len(documents(export)) == 2
