"""Several processes work on one export. A second worker starts while the first renders a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from roles import exporters, leases, tasks
from roles.bulk_exports import export_worker, orders, retention, zip_archive
from roles.models import BulkExport, BulkFile, User
from roles.tasks import background
from tests import builders
from tests.bulk_exports.archives import documents, expire_lease, order_export

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def export(author: User) -> BulkExport:
    return order_export(author, *(builders.description(author) for _ in range(3)))


@pytest.fixture
def during_first(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], list[str]]:
    """Sets what happens while the first file is rendered. Returns the list of rendered files."""

    def set_up(happens: Callable[[], Any]) -> list[str]:
        rendered: list[str] = []

        def render(_document: Any, edition: Any) -> bytes:
            rendered.append(edition.reference)
            if len(rendered) == 1:
                happens()
            return b"text"

        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(render))
        return rendered

    return set_up


def tries(export: BulkExport) -> set[int]:
    return set(export.files.values_list("tries", flat=True))


class TestSharing:
    def test_each_file_is_rendered_once_and_the_last_worker_writes_the_zip(
        self, export: BulkExport, during_first: Any
    ) -> None:
        def second() -> None:
            assert export_worker.run(export.pk)  # renders the two others
            assert export.files.filter(state="made").count() == 2
            export.refresh_from_db()
            assert export.state == "working"
            assert not retention.archive(export).exists()

        rendered = during_first(second)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "done"
        assert len(documents(export)) == len(rendered) == 3
        assert tries(export) == {1}
        assert len(mail.outbox) == 1
        assert not retention.folder(export).exists()

    def test_a_file_that_fails_fails_alone(
        self, export: BulkExport, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def render(_document: Any, _edition: Any) -> bytes:
            if not started:
                started.append(True)
                assert export_worker.run(export.pk)
                raise ValueError
            return b"text"

        started: list[bool] = []
        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(render))
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "done"
        assert len(documents(export)) == 2
        assert export.files.get(state="left_out").reason == "failed"

    def test_the_zip_is_written_by_one_worker(
        self, export: BulkExport, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def write(*arguments: Any) -> None:
            written.append(True)
            assert export_worker.run(export.pk)
            whole(*arguments)

        written: list[bool] = []
        whole = zip_archive.write
        monkeypatch.setattr(zip_archive, "write", write)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert (export.state, len(written)) == ("done", 1)

    def test_a_worker_that_must_stop_leaves_the_rest_to_the_other(
        self, export: BulkExport, during_first: Any
    ) -> None:
        def second() -> None:
            assert not export_worker.run(export.pk, stopping=lambda: True)
            export.refresh_from_db()
            assert export.state == "working"

        during_first(second)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "done"


class TestKilled:
    def test_the_file_of_a_killed_worker_is_taken_over(
        self, export: BulkExport, author: User
    ) -> None:
        """Not before its lease has expired; then by a task that `resume` enqueues."""
        dead = leases.claim_first(export.files.order_by("position"))
        assert dead is not None
        assert export_worker.run(export.pk)
        assert export.files.filter(state="made").count() == 2
        BulkExport.objects.update(lease_expires_at=export.created_at)
        tasks.resume()
        assert not DBTaskResult.objects.exists()  # its lease could be renewed
        expire_lease(export)
        background.run_tasks()
        export.refresh_from_db()
        assert export.state == "done"
        assert len(documents(export)) == 3

    def test_a_worker_that_was_late_leaves_no_part(
        self, export: BulkExport, during_first: Any
    ) -> None:
        def second() -> None:
            expire_lease(export)
            assert export_worker.run(export.pk)

        rendered = during_first(second)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "done"
        assert len(rendered) == 4
        assert not retention.folder(export).exists()

    def test_parts_that_are_lost_before_the_zip_are_rendered_again(
        self, export: BulkExport, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each time, until they are there."""

        def requeue(found: BulkExport) -> bool:
            if len(lost) < 2:
                lost.append(True)
                part = found.files.order_by("?").values_list("part", flat=True)[0]
                (retention.folder(found) / part).unlink()
            return whole(found)

        lost: list[bool] = []
        whole = zip_archive.requeue_lost_parts
        monkeypatch.setattr(zip_archive, "requeue_lost_parts", requeue)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert (len(lost), len(documents(export))) == (2, 3)


class TestEnds:
    def test_canceled_while_two_work(self, export: BulkExport, during_first: Any) -> None:
        """Both notice after their file, and nothing stays on the disk."""

        def second() -> None:
            orders.cancel(export=export)
            assert export_worker.run(export.pk)

        rendered = during_first(second)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert (export.state, len(rendered)) == ("cancelled", 1)
        assert not retention.folder(export).exists()
        assert not retention.archive(export).exists()

    def test_canceled_while_the_zip_is_written(
        self, export: BulkExport, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def write(*arguments: Any) -> None:
            orders.cancel(export=export)
            whole(*arguments)

        whole = zip_archive.write
        monkeypatch.setattr(zip_archive, "write", write)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "cancelled"
        assert not retention.folder(export).exists()
        assert not mail.outbox

    def test_one_outcome_if_the_account_is_deactivated(
        self, export: BulkExport, during_first: Any
    ) -> None:
        def second() -> None:
            User.objects.update(is_active=False)
            assert export_worker.run(export.pk)

        during_first(second)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert (export.state, export.reason) == ("cancelled", "closed")
        assert not retention.folder(export).exists()

    def test_a_retry_does_not_wait_for_leases(
        self, export: BulkExport, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_arguments: Any) -> str:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("roles.bulk_exports.render_file._write", full)
            export_worker.run(export.pk)
        assert orders.retry(export=export)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "done"
        assert tries(export) == {1}


class TestHelpers:
    @staticmethod
    def waiting() -> list[str]:
        ready = DBTaskResult.objects.ready()
        return [path.rpartition(".")[2] for path in ready.values_list("task_path", flat=True)]

    def order(self, by: User, files: int) -> BulkExport:
        references = [builders.description(by).reference for _ in range(files)]
        return tasks.order_export(by=by, references=references, formats=["plain"])

    def test_one_task_waits_for_the_next_worker(self, author: User, during_first: Any) -> None:
        """It invites another, until too little is left."""
        found: list[list[str]] = []

        def second() -> None:
            found.append(self.waiting())
            DBTaskResult.objects.ready().delete()  # another process took it
            tasks.help_export.call(ordered.pk)
            found.append(self.waiting())

        during_first(second)
        ordered = self.order(author, 3)
        assert self.waiting() == ["process_export"]
        background.run_tasks()
        assert found == [["help_export"], ["help_export"]]
        assert self.waiting() == []
        ordered.refresh_from_db()
        assert ordered.state == "done"

    def test_an_export_of_one_file_needs_none(self, author: User) -> None:
        export = self.order(author, 1)
        background.run_tasks()
        export.refresh_from_db()
        assert export.state == "done"
        assert DBTaskResult.objects.count() == 1

    def test_a_helper_goes_as_soon_as_something_else_waits(
        self, author: User, during_first: Any
    ) -> None:
        big, small = self.order(author, 4), self.order(author, 1)
        during_first(lambda: tasks.help_export.call(big.pk))  # sees the small one
        tasks.process_export.call(big.pk)
        assert set(BulkFile.objects.values_list("export", "tries")) == {(big.pk, 1), (small.pk, 0)}

    def test_a_finished_export_needs_none(self, export: BulkExport) -> None:
        orders.cancel(export=export)
        tasks.help_export.call(export.pk)
        assert self.waiting() == []
        assert tries(export) == {0}
