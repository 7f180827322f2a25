"""Backups of real installations, restored elsewhere, on both databases."""

from __future__ import annotations

import hashlib
import json
import signal
import stat
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backups.installations import Installation, installation

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

RENDER = """
import os
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "jdbuilder.settings"
django.setup()
from roles.models import Version
from roles.versions import rendered_files
for version in Version.objects.all():
    for kind in ("txt", "md", "json"):
        rendered_files.rendered(version=version, format=kind, audience="restricted")
"""
# Backs up a database as an earlier version would have.
EARLIER = """
import os, sys
from pathlib import Path
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "jdbuilder.settings"
django.setup()
from django.core.management import call_command
from roles import backups
from roles.backups import postgresql_copy
call_command("migrate", "roles", "0010", verbosity=0)
postgresql_copy.refuse_unapplied = lambda: None
backups.write(Path(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def source(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[Installation]:
    """An installation with the demonstration data, and files of its versions."""
    with installation(tmp_path_factory.mktemp("backups") / "source") as made:
        made.manage("prepare")
        made.run("-c", RENDER)
        bulk = made.media / "bulk" / "1.zip"
        bulk.parent.mkdir()
        bulk.touch()
        yield made


@pytest.fixture(scope="module")
def archive(source: Installation) -> Path:
    """A backup of it."""
    path = source.directory.parent / "backup.zip"
    assert "Backup written" in source.manage("backup", str(path))
    return path


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Installation]:
    """An empty installation."""
    with installation(tmp_path / "target") as made:
        yield made


def contents(of: Installation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(of.run("-m", "tests.backups.contents"))
    return found


def assert_files_are_those_of_the_database(of: Installation) -> None:
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in of.files().items()}
    assert digests == contents(of)["files"]


def assert_empty(of: Installation) -> None:
    """Neither tables nor files, also no temporary ones: another restore would be refused."""
    assert of.files() == {}
    left = [
        p.name for p in of.directory.iterdir() if p.name.startswith((".restore", "db.sqlite3."))
    ]
    assert left == []
    assert "Run manage.py prepare first" in of.refusal("backup", str(of.directory / "new.zip"))


class TestRestored:
    def test_everything_is_as_it_was(
        self, source: Installation, archive: Path, target: Installation
    ) -> None:
        output = target.manage("restore", str(archive))
        assert "No problems found" in output
        before, after = contents(source), contents(target)
        assert after == before
        assert after["files"]
        assert after["missing_triggers"] == []
        stored = {name: d for name, d in source.files().items() if not name.startswith("bulk/")}
        assert target.files() == stored
        assert_files_are_those_of_the_database(target)
        # It can be used, backed up, and restored again.
        target.manage("prepare")
        target.manage("backup", str(target.directory / "again.zip"))

    def test_only_the_owner_can_read_it(self, archive: Path) -> None:
        assert stat.S_IMODE(archive.stat().st_mode) == 0o600

    def test_its_manifest(self, archive: Path) -> None:
        with zipfile.ZipFile(archive) as opened:
            manifest = json.loads(opened.read("manifest.json"))
            names = set(opened.namelist()) - {"manifest.json"}
            hashes = {name: hashlib.sha256(opened.read(name)).hexdigest() for name in names}
        assert {name: of["sha256"] for name, of in manifest["files"].items()} == hashes
        assert not [name for name in names if name.startswith("media/bulk")]
        assert ["roles", "0010_heading_display"] in manifest["migrations"]

    def test_a_backup_of_an_earlier_version_is_migrated(
        self, tmp_path: Path, archive: Path, target: Installation
    ) -> None:
        with installation(tmp_path / "earlier") as earlier:
            earlier.manage("restore", str(archive))
            before = contents(earlier)
            path = tmp_path / "earlier.zip"
            earlier.run("-c", EARLIER, str(path))
        assert "No problems found" in target.manage("restore", str(path))
        after = contents(target)
        assert after["events"] == before["events"]
        assert after["files"] == before["files"]
        assert "No changes" in target.manage("makemigrations", "--check", "--dry-run")
        assert "roles" not in target.manage("migrate", "--plan")


class TestUnderLoad:
    def test_two_processes_write_while_it_is_backed_up(self, tmp_path: Path, archive: Path) -> None:
        with installation(tmp_path / "busy") as busy:
            busy.manage("restore", str(archive))
            writers = [busy.start("-m", "tests.backups.writer") for _ in range(2)]
            for writer in writers:
                assert writer.stdout is not None
                assert writer.stdout.readline() == "started\n", writer.communicate()[1]
            paths = [tmp_path / f"backup-{number}.zip" for number in range(3)]
            for path in paths:
                busy.manage("backup", str(path))
                time.sleep(0.5)
            saved = []
            for writer in writers:
                output, errors = writer.communicate(timeout=60)
                assert writer.returncode == 0, errors
                saved.append(int(output))
            assert min(saved) >= 5, "they hardly wrote"
            end = contents(busy)
            for number, path in enumerate(paths):
                with installation(tmp_path / f"restored{number}") as restored:
                    self.assert_whole(restored, path, end)

    def assert_whole(self, restored: Installation, path: Path, end: dict[str, Any]) -> None:
        """Its history is a beginning of the history at the end, and no file is missing."""
        assert "No problems found" in restored.manage("restore", str(path))
        then = contents(restored)
        assert {tuple(event) for event in then["events"]} <= {
            tuple(event) for event in end["events"]
        }
        assert_files_are_those_of_the_database(restored)


class TestRefusedBackups:
    def test_an_existing_file(self, source: Installation, archive: Path) -> None:
        before = archive.read_bytes()
        assert "exists. Choose another name." in source.refusal("backup", str(archive))
        assert archive.read_bytes() == before

    def test_a_directory_that_does_not_exist(self, source: Installation, tmp_path: Path) -> None:
        refusal = source.refusal("backup", str(tmp_path / "none" / "backup.zip"))
        assert "is not a directory" in refusal

    def test_nothing_to_back_up(self, target: Installation) -> None:
        assert_empty(target)

    @pytest.mark.parametrize("blocks", [16, 128, 256])
    def test_a_disk_that_fills(self, source: Installation, tmp_path: Path, blocks: int) -> None:
        """A limit of the size of files, in blocks of 512 bytes or 1 KiB, stands in for it."""
        limited = Installation(source.directory, source.variables)
        limited.limits = ["sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh"]
        refusal = limited.refusal("backup", str(tmp_path / "backup.zip"))
        assert refusal.endswith("No backup was written.")
        assert list(tmp_path.iterdir()) == []

    def test_a_terminated_backup_leaves_nothing(self, source: Installation, tmp_path: Path) -> None:
        process = source.start("manage.py", "backup", str(tmp_path / "backup.zip"))
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".backup-*/*")):
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        if process.returncode:  # else it was done by then
            assert list(tmp_path.iterdir()) == []


class TestRefusedRestores:
    def test_a_database_with_tables(self, source: Installation, archive: Path) -> None:
        before = contents(source)
        assert "The database is not empty." in source.refusal("restore", str(archive))
        assert contents(source) == before

    def test_stored_files_that_exist(self, archive: Path, target: Installation) -> None:
        target.media.mkdir()
        (target.media / "someone's file").touch()
        assert "is not empty" in target.refusal("restore", str(archive))
        (target.media / "someone's file").unlink()
        assert_empty(target)

    def test_no_such_file(self, target: Installation, tmp_path: Path) -> None:
        refusal = target.refusal("restore", str(tmp_path / "none.zip"))
        assert "No such file" in refusal
        assert refusal.endswith("Nothing was restored.")

    def test_a_changed_file(self, archive: Path, target: Installation, tmp_path: Path) -> None:
        content = bytearray(archive.read_bytes())
        content[len(content) // 2] ^= 1
        path = tmp_path / "changed.zip"
        path.write_bytes(content)
        assert "The backup is damaged" in target.refusal("restore", str(path))
        assert_empty(target)

    def test_a_database_that_cannot_be_loaded(
        self, archive: Path, target: Installation, tmp_path: Path
    ) -> None:
        """With the right hash, as someone might make it by hand."""
        path = tmp_path / "forged.zip"
        with zipfile.ZipFile(archive) as old, zipfile.ZipFile(path, "w") as new:
            manifest = json.loads(old.read("manifest.json"))
            for name in manifest["files"]:
                data = old.read(name)
                if name in ("database/db.sqlite3", "database/roles_version"):
                    data = data[:5000] + b"?" * 5000 + data[10000:]
                    digest = hashlib.sha256(data).hexdigest()
                    manifest["files"][name] = {"size": len(data), "sha256": digest}
                new.writestr(name, data)
            new.writestr("manifest.json", json.dumps(manifest))
        assert "The backup is damaged" in target.refusal("restore", str(path))
        assert_empty(target)

    @pytest.mark.parametrize("blocks", [16, 128])
    def test_a_disk_that_fills(self, archive: Path, target: Installation, blocks: int) -> None:
        target.limits = ["sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh"]
        refusal = target.refusal("restore", str(archive))
        target.limits = []
        assert refusal.endswith("Nothing was restored.")
        assert_empty(target)
