"""A worker is killed in the middle of an export of 200 documents: after a restart the ZIP is
complete. Real processes (`manage.py work`), real files, on both databases."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as product
from django.db import connection

from roles import leases, tasks
from roles.models import BulkExport, BulkFile, JobDescription, User
from tests import builders, rows
from tests.databases import database_url

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PATIENCE = 120  # seconds
LEASE_SECONDS = "1.5"


class Workers:
    """Worker processes, killed at the end of the test if not before."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.mail = data / "mail"
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(self.data),
            "LEASE_SECONDS": LEASE_SECONDS,
            "EMAIL_URL": f"filemail:///{self.mail}",
        }
        started = subprocess.Popen(
            [sys.executable, "manage.py", "work", "--once"],
            cwd=product.BASE_DIR,
            env=environment,
        )
        self.running.append(started)
        return started

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.wait()


@pytest.fixture
def workers(tmp_path: Path, settings: Any) -> Iterator[Workers]:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    workers = Workers(tmp_path)
    yield workers
    workers.stop()


@pytest.fixture(scope="module")
def stored(django_db_setup: None, django_db_blocker: Any) -> tuple[User, list[str], rows.Rows]:
    """An author, the references of 100 job descriptions, every second one with a version, and
    the rows of all these: creating them takes longer than exporting them."""
    descriptions: list[JobDescription] = []

    def make() -> None:
        author = builders.user("hr", email="ada@example.org")
        descriptions.extend(
            builders.description(author, f"Account manager {n}") for n in range(100)
        )
        for one in descriptions[::2]:
            builders.version(one)

    with django_db_blocker.unblock():
        written = rows.written_by(connection, make)
    return descriptions[0].owner, [one.reference for one in descriptions], written


@pytest.fixture
def author(db: None, stored: tuple[User, list[str], rows.Rows]) -> User:
    author, _references, written = stored
    rows.insert(connection, written)
    return author


@pytest.fixture
def references(author: User, stored: tuple[User, list[str], rows.Rows]) -> list[str]:
    return stored[1]


def wait_for(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < deadline, "nothing happens"
        time.sleep(0.01)


def rendered_files() -> int:
    return BulkFile.objects.filter(state="made").count()


def assert_complete(export: BulkExport, references: list[str], workers: Workers) -> None:
    """Every document once and complete, the index, one email, no other file on the disk."""
    export.refresh_from_db()
    assert export.state == "done"
    with zipfile.ZipFile(export.file.path) as archive:
        assert archive.testzip() is None
        listed = [name for name in archive.namelist() if not name.startswith("index.")]
        table = io.StringIO(archive.read("index.csv").decode("utf-8-sig"), newline="")
        for name in listed:
            assert name.split()[0] in archive.read(name).decode()
    wanted = [(one, extension) for one in sorted(references) for extension in ("md", "txt")]
    assert sorted((n.split()[0], n.rpartition(".")[2]) for n in listed) == wanted
    assert sorted(row["File"] for row in csv.DictReader(table)) == sorted(listed)
    assert [path.name for path in (workers.data / "media" / "bulk").iterdir()] == [
        f"{export.pk}.zip"
    ]
    sent = [path.read_text() for path in workers.mail.iterdir()]
    assert sum(text.count("Subject: ") for text in sent) == 1


def order_export(author: User, references: list[str]) -> BulkExport:
    return tasks.order_export(by=author, references=references, formats=["md", "txt"])


def test_complete_after_two_kills_and_a_restart(
    author: User, references: list[str], workers: Workers
) -> None:
    """200 documents; no document is missing or doubled, and hardly any is rendered twice."""
    export = order_export(author, references)
    for enough in (40, 120):
        process = workers.start()
        wait_for(lambda: rendered_files() >= enough)  # noqa: B023
        process.send_signal(signal.SIGKILL)
        process.wait()
        export.refresh_from_db()
        assert export.state == "working"
        assert enough <= rendered_files() < 200
    assert workers.start().wait(PATIENCE) == 0
    assert_complete(export, references, workers)
    assert export.files.filter(tries__gt=1).count() <= 2


def test_killed_while_writing_the_zip(
    author: User, references: list[str], workers: Workers
) -> None:
    """All parts are there, and half a ZIP."""
    export = order_export(author, references)
    process = workers.start()
    folder = workers.data / "media" / "bulk" / str(export.pk)
    wait_for(lambda: rendered_files() == 200 and any(folder.glob("zip-*")))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert workers.start().wait(PATIENCE) == 0
    assert_complete(export, references, workers)


def test_two_workers_render_files_of_one_export_at_the_same_time(
    author: User, references: list[str], workers: Workers
) -> None:
    export = order_export(author, references)
    processes = [workers.start() for _ in range(2)]
    wait_for(lambda: leases.held(export.files.all()).count() == 2)
    for process in processes:
        assert process.wait(PATIENCE) == 0
    assert_complete(export, references, workers)
    assert not export.files.filter(tries__gt=1).exists()


def test_three_workers_share_the_work_without_duplicates(
    author: User, references: list[str], workers: Workers
) -> None:
    """Two exports, three processes, one of which is killed."""
    references = references[:20]
    other = builders.user("hr", email="")
    exports = [order_export(author, references), order_export(other, references)]
    processes = [workers.start() for _ in range(3)]
    wait_for(lambda: rendered_files() > 10)
    processes[0].send_signal(signal.SIGKILL)
    for process in processes[1:]:
        assert process.wait(PATIENCE) == 0
    for export in exports:
        export.refresh_from_db()
        assert export.state == "done"
        with zipfile.ZipFile(export.file.path) as archive:
            assert archive.testzip() is None
            assert len(set(archive.namelist())) == len(archive.namelist()) == 42
    assert BulkFile.objects.filter(tries__gt=1).count() <= 1


def test_a_terminated_worker_ends_soon_and_releases_its_export(
    author: User, references: list[str], workers: Workers
) -> None:
    """The next process need not wait until the lease expires."""
    export = order_export(author, references)
    process = workers.start()
    wait_for(lambda: rendered_files() > 5)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    export.refresh_from_db()
    assert export.state == "waiting"
    assert workers.start().wait(PATIENCE) == 0
    assert_complete(export, references, workers)
    assert not export.files.filter(tries__gt=1).exists()
