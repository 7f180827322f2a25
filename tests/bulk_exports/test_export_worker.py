"""Interrupted, killed and failing workers, and the email at the end."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core import mail

from roles import exporters, tasks
from roles.bulk_exports import (
    export_worker,
    orders,
    retention,
    zip_archive,
)
from roles.models import BulkExport, User
from roles.models.bulk_export import TRIES
from tests import builders
from tests.bulk_exports.archives import (
    documents,
    expire_lease,
    finished_export,
    order_export,
    rows,
)

pytestmark = pytest.mark.django_db


class TestResuming:
    def test_rendered_files_are_not_rendered_again(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A process is killed after two files: the next renders only the third."""
        count: list[str] = []

        def counting(_document: Any, edition: Any) -> bytes:
            count.append(edition.reference)
            return b"text"

        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(counting))
        every = [builders.description(author) for _ in range(3)]
        export = order_export(author, *every)
        done = iter([False, False, True])
        assert not export_worker.run(export.pk, stopping=lambda: next(done))
        expire_lease(export)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert len(documents(export)) == 3
        assert sorted(count) == sorted(one.reference for one in every)

    def test_a_valid_lease_is_respected(self, author: User) -> None:
        export = order_export(author, builders.description(author))
        BulkExport.objects.update(state="working", lease="alive")
        assert export_worker.run(export.pk)
        assert export.files.get().state == "waiting"

    def test_a_process_that_lost_its_lease_does_no_harm(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While it renders slowly, another process takes over and finishes."""

        def slow(_document: Any, edition: Any) -> bytes:
            if not taken:
                taken.append(True)
                expire_lease(export)
                export_worker.run(export.pk)
            return b"text"

        taken: list[bool] = []
        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(slow))
        export = order_export(author, builders.description(author), builders.description(author))
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "done"
        assert len(documents(export)) == 2
        assert len(mail.outbox) == 1

    @pytest.mark.slow
    @pytest.mark.django_db(transaction=True)
    def test_the_lease_is_renewed_during_a_slow_document(
        self, author: User, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        """Another process tries to claim it while one document takes longer than LEASE_SECONDS."""
        settings.LEASE_SECONDS = 0.8

        def slow(_document: Any, _edition: Any) -> bytes:
            for _ in range(8):
                time.sleep(0.3)
                assert export_worker.run(export.pk)
                tasks.resume()
            return b"text"

        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(slow))
        export = order_export(author, builders.description(author))
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "done"
        assert export.files.get().tries == 1

    @pytest.mark.slow
    @pytest.mark.django_db(transaction=True)
    def test_the_lease_of_a_stuck_process_expires(
        self, author: User, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        settings.LEASE_SECONDS = 0.4
        monkeypatch.setattr("roles.leases.STUCK_SECONDS", 0)
        taken: list[bool] = []

        def stuck(_document: Any, _edition: Any) -> bytes:
            if not taken:
                taken.append(True)
                time.sleep(0.8)
                export_worker.run(export.pk)
            return b"text"

        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(stuck))
        export = order_export(author, builders.description(author))
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "done"
        assert export.files.get().tries == 2

    def test_a_document_that_kills_its_process_is_left_out(self, author: User) -> None:
        deadly, good = builders.description(author), builders.description(author)
        export = order_export(author, deadly, good)
        export.files.filter(reference=deadly.reference).update(tries=TRIES)
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert [name.split()[0] for name in documents(export)] == [good.reference]
        assert f"{TRIES} times" in next(r["Left out"] for r in rows(export) if r["Left out"])

    def test_a_lost_part_is_rendered_again(self, author: User) -> None:
        export = order_export(author, builders.description(author), builders.description(author))
        done = iter([False, True])
        export_worker.run(export.pk, stopping=lambda: next(done))
        (part,) = retention.folder(export).iterdir()
        part.unlink()
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert len(documents(export)) == 2

    def test_an_export_that_failed_for_a_full_disk_can_be_retried(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_args: Any) -> str:
            raise OSError(28, "No space left on device")

        export = order_export(author, builders.description(author))
        with monkeypatch.context() as patch:
            patch.setattr("roles.bulk_exports.render_file._write", full)
            export_worker.run(export.pk)
        export.refresh_from_db()
        assert (export.state, export.reason) == ("failed", "disk")
        assert orders.retry(export=export)
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert len(documents(export)) == 1
        assert not orders.retry(export=export)

    def test_an_unexpected_error_fails_the_export(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_args: Any) -> None:
            raise KeyError("no")

        export = order_export(author, builders.description(author))
        with monkeypatch.context() as patch:
            patch.setattr(zip_archive, "_page", broken)
            export_worker.run(export.pk)
        export.refresh_from_db()
        assert (export.state, export.reason) == ("failed", "broken")
        orders.retry(export=export)
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert (export.state, export.is_there) == ("done", True)
        assert export.files.get().tries == 1


class TestEmail:
    def test_it_has_the_address_of_the_export(self, author: User, settings: Any) -> None:
        export = finished_export(
            author, builders.description(author), site="https://jd.example.org/"
        )
        (sent,) = mail.outbox
        assert sent.to == [author.email]
        assert f"https://jd.example.org/exports/{export.pk}/" in sent.body
        assert "a ZIP with 1 file" in sent.body
        html = sent.alternatives[0][0]  # type: ignore[attr-defined]
        assert f'href="https://jd.example.org/exports/{export.pk}/"' in html
        settings.SITE_URL = "https://roles.example.org"
        finished_export(author, builders.description(author), site="https://jd.example.org/")
        assert "https://roles.example.org/exports/" in mail.outbox[1].body

    def test_it_counts_files_that_were_left_out(self, author: User) -> None:
        jd = builders.description(author)
        export = order_export(author, jd, formats=["pdf", "docx", "txt"])
        export.files.exclude(format="txt").update(state="left_out")
        export_worker.run(export.pk)
        (sent,) = mail.outbox
        assert "a ZIP with 1 file." in sent.body
        assert "2 files were left out." in sent.body
        assert "2 files were left out." in sent.alternatives[0][0]  # type: ignore[attr-defined]

    def test_a_mail_server_that_fails_does_not_fail_the_export(
        self, author: User, settings: Any
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        assert finished_export(author, builders.description(author)).state == "done"

    def test_none_where_the_person_wants_none(self, author: User) -> None:
        finished_export(author, builders.description(author), wants_email=False)
        assert not mail.outbox

    def test_once_after_a_process_was_killed_before_it_sent_it(self, author: User) -> None:
        export = finished_export(author, builders.description(author), wants_email=False)
        BulkExport.objects.filter(pk=export.pk).update(wants_email=True)
        export_worker.send_finished_email()
        export_worker.send_finished_email()
        assert len(mail.outbox) == 1
