"""Many job descriptions as one ZIP: order, render, resume, cancel, zip, remove."""

from __future__ import annotations

import csv
import hashlib
import io
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from roles import bulk_exports, exporters, tasks
from roles.bulk_exports import (
    entry_names,
    export_worker,
    file_access,
    orders,
    retention,
    zip_archive,
)
from roles.drafts import lifecycle
from roles.models import BulkExport, BulkFile, Event, JobDescription, User
from roles.models.bulk_export import TRIES
from roles.tasks import background
from roles.versions import effective_periods
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _formats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three cheap formats: `plain` writes the edition, the title and the headings."""

    def said(document: Any, edition: Any) -> bytes:
        headings = ",".join(section.heading for section in document.sections)
        return f"{edition.reference} {edition.number} {document.filled().title} {headings}".encode()

    plain = builders.format(said)
    other = builders.format(lambda _document, edition: f"other {edition.reference}".encode())
    posting = builders.format(lambda _document, _edition: b"posting")
    other.label, other.extension = "Other", "oth"
    posting.label, posting.needs_posting = "Posting", True
    for code, form in (("plain", plain), ("other", other), ("posting", posting)):
        monkeypatch.setitem(exporters.FORMATS, code, form)


@pytest.fixture
def author() -> User:
    return builders.user("hr")


def finished_export(by: User, *descriptions: JobDescription, **fields: Any) -> BulkExport:
    """A finished export of these."""
    export = order_export(by, *descriptions, **fields)
    assert export_worker.run(export.pk)
    export.refresh_from_db()
    return export


def order_export(by: User, *descriptions: JobDescription, **fields: Any) -> BulkExport:
    fields.setdefault("formats", ["plain"])
    references = [one.reference for one in descriptions]
    return orders.order(by=by, references=references, **fields)


def archive(export: BulkExport) -> dict[str, bytes]:
    """Name and content of all in the ZIP; the checksums are verified."""
    with export.file.open("rb") as file, zipfile.ZipFile(file) as opened:
        assert opened.testzip() is None
        listed = opened.namelist()
        assert len(listed) == len(set(listed))
        return {name: opened.read(name) for name in listed}


def documents(export: BulkExport) -> list[str]:
    return [name for name in archive(export) if not name.startswith("index.")]


def rows(export: BulkExport) -> list[dict[str, str]]:
    text = archive(export)["index.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def expire_lease(export: BulkExport) -> None:
    """As if its process had been killed an hour ago."""
    BulkExport.objects.filter(pk=export.pk).update(
        state="working", lease="dead", lease_expires_at=timezone.now() - timedelta(hours=1)
    )


class TestOrdering:
    def test_the_version_of_each_is_set_with_the_order(self, author: User) -> None:
        """The current one, else the newest, else the draft."""
        holding, versioned, draft = (builders.description(author, t) for t in ("A", "B", "C"))
        first = builders.version(holding)
        effective_periods.make_effective(
            version=builders.approved(first), since=timezone.localdate(), by=author
        )
        builders.version(holding)
        builders.version(versioned)
        builders.version(versioned)

        def numbers(text: str) -> list[int | None]:
            export = order_export(author, holding, versioned, draft, text=text)
            return list(export.files.values_list("number", flat=True))

        assert numbers("current") == [1, 2, None]
        assert numbers("newest") == [2, 2, None]
        assert numbers("draft") == [None, None, None]

    def test_only_visible_job_descriptions_are_exported(self, author: User) -> None:
        """An order of none is refused."""
        manager = builders.user("manager")
        named = builders.description(author, named=(manager,))
        other = builders.description(author)
        assert [f.reference for f in order_export(manager, named, other).files.all()] == [
            named.reference
        ]
        with pytest.raises(bulk_exports.ExportRefused):
            order_export(manager, other)

    def test_too_much_is_refused_with_the_number(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(orders, "MAX_FILES", 1)
        made = builders.description(author)
        with pytest.raises(bulk_exports.ExportRefused, match="2 files"):
            order_export(author, made, formats=["plain", "other"])
        with pytest.raises(bulk_exports.ExportRefused, match="format"):
            order_export(author, made, formats=["unknown"])
        assert not BulkExport.objects.exists()

    def test_unfinished_exports_of_one_person_are_limited(self, author: User) -> None:
        made = builders.description(author)
        for _ in range(orders.MAX_UNFINISHED):
            order_export(author, made)
        with pytest.raises(bulk_exports.ExportRefused, match="still being made"):
            order_export(author, made)
        order_export(builders.user("hr"), made)

    def test_the_order_is_an_event(self, author: User) -> None:
        made = builders.description(author)
        order_export(author, made)
        event = Event.objects.get(verb="export.asked")
        assert event.what["references"] == [made.reference]
        assert not list(Event.objects.broken())


class TestZip:
    def test_names_contents_and_index(self, author: User) -> None:
        """Versions and drafts with tidy names, each with its row in the index."""
        first, second = builders.description(author), builders.description(author, "Clerk")
        version = builders.version(first)
        export = finished_export(author, first, second, formats=["plain", "other"])
        found = archive(export)
        stem, draft = f"{first.reference} Account manager (version 1)", f"{second.reference} Clerk"
        assert list(found) == [
            *(f"{stem}.txt", f"{stem}.oth", f"{draft} (draft).txt", f"{draft} (draft).oth"),
            *("index.html", "index.csv"),
        ]
        assert found[f"{stem}.txt"].startswith(f"{first.reference} 1 Account manager".encode())
        listed = rows(export)
        assert [row["File"] for row in listed] == documents(export)
        assert listed[0]["SHA-256"] == version.sha256
        assert listed[0]["Text"] == "Version 1"
        assert listed[2]["Text"] == "Draft"
        assert listed[0]["Audience"] == "Restricted"
        for row in listed:
            digest = hashlib.sha256(found[row["File"]]).hexdigest()
            assert row["SHA-256 of the file"] == digest
        page = found["index.html"].decode()
        assert f'href="{quote(stem)}.txt"' in page
        assert "<script" not in page

    def test_folders_by_family_where_there_is_more_than_one(self, author: User) -> None:
        one, two, none = (builders.description(author, f"T{n}") for n in range(3))
        two.job_family, none.job_family = builders.family("Aux", "AUX"), None
        two.save()
        none.save()
        folders = [
            name.split("/")[0] for name in documents(finished_export(author, one, two, none))
        ]
        assert sorted(folders) == ["Account management", "Aux_", "No family"]

    def test_titles_cannot_run_in_a_spreadsheet_or_a_browser(self, author: User) -> None:
        evil = builders.description(author, "=HYPERLINK(1)<script>alert(1)</script>")
        export = finished_export(author, evil)
        assert rows(export)[0]["Title"].startswith("'=")
        page = archive(export)["index.html"].decode()
        assert "<script" not in page

    @pytest.mark.parametrize(
        "title",
        ["a/b\\c:d*e?f", "x" * 150, "\N{ROBOT FACE}" * 120, "a\u202egpj.exe", "Cafe\u0301", "…"],
    )
    def test_names_are_safe_everywhere(self, author: User, title: str) -> None:
        (name,) = documents(finished_export(author, builders.description(author, title)))
        assert not set(name) & set('/\\:*?"<>|\u202e')
        assert len(name.encode()) < 255
        assert len(name) < 150
        assert name.endswith(" (draft).txt")

    def test_names_are_unique_on_every_file_system(self) -> None:
        """Regardless of case, Unicode normalization and formats that share an extension."""
        export = BulkExport(audience="restricted")
        titles = ["Café", "CAFE\u0301", "café", "café"]
        files = [
            BulkFile(reference="ACC-1", number=1, format=code, title=title)
            for title, code in zip(titles, ["plain", "plain", "posting", "other"], strict=True)
        ]
        entry_names.assign(export, files)
        assert [file.name for file in files] == [
            "ACC-1 Café (version 1).txt",
            "ACC-1 CAFÉ (version 1) plain.txt",
            "ACC-1 café (version 1) posting.txt",
            "ACC-1 café (version 1).oth",
        ]

    def test_a_document_that_fails_is_left_out_with_the_reason(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_document: Any, edition: Any) -> bytes:
            if edition.reference == bad.reference:
                raise ValueError("no")
            return b"good"

        good, bad = builders.description(author), builders.description(author)
        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(broken))
        export = finished_export(author, good, bad, formats=["plain", "posting"])
        assert export.state == "done"
        reasons = {(r["Reference"], r["Format"]): r["Left out"] for r in rows(export)}
        assert len(documents(export)) == 1
        assert "could not be made" in reasons[bad.reference, "Text"]
        assert "could not be made" in archive(export)["index.html"].decode()
        assert [r for r in rows(export) if "not open for applications" in r["Left out"]]

    def test_the_reason_of_a_format_is_in_the_index(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unfit(_document: Any, _edition: Any) -> bytes:
            raise exporters.CannotExport("It has no place of work.")

        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(unfit))
        export = finished_export(author, builders.description(author), formats=["plain", "other"])
        assert rows(export)[0]["Left out"] == "It has no place of work."

    def test_an_export_without_files_fails_and_sends_email(self, author: User) -> None:
        export = finished_export(author, builders.description(author), formats=["posting"])
        assert (export.state, export.reason) == ("failed", "nothing")
        assert not retention.archive(export).exists()
        assert mail.outbox[0].subject == "Your export of job descriptions could not be made"


class TestAudiences:
    def test_no_more_than_the_audience_ordered(self, author: User) -> None:
        made = builders.description(author)
        uid = builders.add_section(made, "pay", "Pay", "A lot")
        made.sections.filter(uid=uid).update(audience="restricted")
        builders.version(made)
        for audience, is_in in (("restricted", True), ("internal", False), ("public", False)):
            export = finished_export(author, made, audience=audience)
            (name,) = documents(export)
            assert (b",Pay" in archive(export)[name]) is is_in
            assert (audience in name) is not is_in
            assert rows(export)[0]["Audience"] == audience.capitalize()

    def test_no_more_than_the_widest_audience_allowed(self) -> None:
        assert file_access.narrower("restricted", "internal") == "internal"
        assert file_access.narrower("public", "restricted") == "public"


class TestPermissionWithdrawn:
    def test_during_the_export_rendered_files_are_left_out(self, author: User) -> None:
        manager = builders.user("manager")
        kept, lost = (builders.description(author, t, named=(manager,)) for t in ("A", "B"))
        export = order_export(manager, lost, kept, formats=["plain", "other"])
        done = iter([False, True])
        assert not export_worker.run(export.pk, stopping=lambda: next(done))
        assert export.files.filter(state="made").count() == 1
        lost.hiring_managers.clear()
        kept_before = export.files.get(state="made").reference
        assert kept_before == kept.reference or kept_before == lost.reference
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert {name.split()[0] for name in documents(export)} == {kept.reference}
        left = [row for row in rows(export) if row["Left out"]]
        assert {row["Reference"] for row in left} == {lost.reference}
        assert "may no longer read it" in left[0]["Left out"]
        assert not any(row["Title"] for row in left)

    def test_between_the_last_file_and_the_zip(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        manager = builders.user("manager")
        kept, lost = (builders.description(author, t, named=(manager,)) for t in ("A", "B"))
        export = order_export(manager, kept, lost)
        original = zip_archive.write

        def write(*args: Any) -> None:
            lost.hiring_managers.clear()
            original(*args)

        monkeypatch.setattr(zip_archive, "write", write)
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert {name.split()[0] for name in documents(export)} == {kept.reference}
        assert file_access.withdrawn(export, manager) == []
        kept.hiring_managers.clear()
        assert file_access.withdrawn(export, manager) == [kept.reference]

    def test_a_closed_account_gets_nothing(self, author: User) -> None:
        export = order_export(author, builders.description(author))
        author.is_active = False
        author.save()
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert (export.state, export.reason) == ("cancelled", "closed")
        assert not retention.folder(export).exists()
        assert not mail.outbox


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


class TestCancelling:
    def test_while_it_waits(self, author: User) -> None:
        export = order_export(author, builders.description(author))
        assert orders.cancel(export=export)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "cancelled"
        assert export.files.get().state == "waiting"
        assert not orders.cancel(export=export)

    def test_while_it_is_processed(self, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
        """No other document is rendered, no file stays on the disk, no email is sent."""

        def cancelling(_document: Any, _edition: Any) -> bytes:
            rendered.append(True)
            orders.cancel(export=export)
            return b"text"

        rendered: list[bool] = []
        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(cancelling))
        export = order_export(author, builders.description(author), builders.description(author))
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "cancelled"
        assert len(rendered) == 1
        assert not retention.folder(export).exists()
        assert not retention.archive(export).exists()
        assert not mail.outbox


class TestEmail:
    def test_it_has_the_address_of_the_export(self, author: User, settings: Any) -> None:
        export = finished_export(
            author, builders.description(author), site="https://jd.example.org/"
        )
        (sent,) = mail.outbox
        assert sent.to == [author.email]
        assert f"https://jd.example.org/exports/{export.pk}/" in sent.body
        assert "1 file in one ZIP" in sent.body
        html = sent.alternatives[0][0]  # type: ignore[attr-defined]
        assert f'href="https://jd.example.org/exports/{export.pk}/"' in html
        settings.SITE_URL = "https://roles.example.org"
        finished_export(author, builders.description(author), site="https://jd.example.org/")
        assert "https://roles.example.org/exports/" in mail.outbox[1].body

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


class TestWithdrawnBetweenTwoZips:
    def test_the_index_has_no_title_of_the_first_one(self, author: User) -> None:
        made = builders.description(title="Secret successor")
        kept = builders.description(author)
        export = order_export(author, made, kept)
        folder = retention.folder(export)
        folder.mkdir(parents=True)
        (folder / "part").write_text("made before")
        export.files.update(state="made", part="part", audience="public", title="Secret successor")
        zip_archive.write(export, lambda: None)  # then the process is killed
        JobDescription.objects.filter(pk=made.pk).update(confidential=True)
        zip_archive.write(export, lambda: None)
        with zipfile.ZipFile(retention.archive(export)) as archive:
            index = archive.read("index.csv").decode()
        assert f"{made.reference},," in index
        assert index.count("Secret successor") == index.count(kept.reference) == 2


class TestRetention:
    def test_parts_of_a_process_killed_after_the_cancellation_are_removed(
        self, author: User
    ) -> None:
        export = order_export(author, builders.description(author))
        orders.cancel(export=export)
        part = retention.folder(export) / "1-part"
        part.parent.mkdir(parents=True)
        part.write_text("what the killed process had in hand")
        retention.remove_expired()
        assert part.exists()  # the process may still write
        BulkExport.objects.filter(pk=export.pk, expires_at__gt=timezone.now()).update(
            expires_at=timezone.now()
        )
        retention.remove_expired()
        assert not part.exists()

    def test_only_expired_files_are_removed(self, author: User) -> None:
        old, new = (finished_export(author, builders.description(author)) for _ in range(2))
        BulkExport.objects.filter(pk=old.pk).update(expires_at=timezone.now())
        retention.remove_expired()
        old.refresh_from_db()
        assert not retention.archive(old).exists()
        assert (old.state, old.is_there) == ("done", False)
        assert retention.archive(new).exists()
        BulkExport.objects.update(
            finished_at=timezone.now() - timedelta(days=retention.ROW_DAYS + 1)
        )
        retention.remove_expired()
        assert not BulkExport.objects.exists()

    def test_a_purged_job_description_is_in_no_archive(self, author: User) -> None:
        gone, kept = builders.description(author), builders.description(author)
        with_it, without = finished_export(author, gone, kept), finished_export(author, kept)
        lifecycle.archive(description=gone, by=author)
        day = (timezone.localdate() + timedelta(days=1)).isoformat()
        call_command("purge_archived", "--before", day, "--yes", stdout=io.StringIO())
        with_it.refresh_from_db()
        assert not with_it.is_there
        assert not retention.archive(with_it).exists()
        assert retention.archive(without).exists()
        assert not BulkFile.objects.filter(reference=gone.reference).exclude(title="").exists()

    def test_parts_are_removed_once_the_archive_exists(self, author: User) -> None:
        export = finished_export(author, builders.description(author))
        assert not retention.folder(export).exists()
        assert Path(export.file.path) == retention.archive(export)


@pytest.mark.django_db(transaction=True)
class TestTasks:
    def test_a_worker_processes_an_order(self, author: User) -> None:
        made = builders.description(author)
        export = tasks.order_export(by=author, references=[made.reference], formats=["plain"])
        assert background.run_tasks() is False
        export.refresh_from_db()
        assert export.state == "done"
        assert DBTaskResult.objects.get().status == "SUCCESSFUL"

    def test_the_export_of_a_killed_process_is_enqueued_again_once(self, author: User) -> None:
        made = builders.description(author)
        export = tasks.order_export(by=author, references=[made.reference], formats=["plain"])
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
        made = builders.description(author)
        export = tasks.order_export(by=author, references=[made.reference], formats=["plain"])
        DBTaskResult.objects.update(status="RUNNING")
        BulkExport.objects.update(lease_expires_at=timezone.now() - timedelta(hours=1))
        background.run_tasks()
        export.refresh_from_db()
        assert export.state == "done"

    def test_a_waiting_task_is_not_enqueued_again(self, author: User) -> None:
        made = builders.description(author)
        tasks.order_export(by=author, references=[made.reference], formats=["plain"])
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
