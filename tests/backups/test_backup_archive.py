"""The file of a backup: what is read from it, what is refused, and which files it has."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from roles import backups, stored_files
from roles.backups import backup_archive, stored_media
from roles.backups.backup_archive import ArchiveReader, ArchiveWriter, BackupRefused, Manifest
from roles.models import JobDescription, RenderedFile
from roles.versions import purge, rendered_files
from tests import builders
from tests.threads import at_once

FILES = {"database/db.sqlite3": b"rows " * 500, "media/rendered/2026/12/ACC-0001.pdf": b"%PDF"}


def manifest(**changes: Any) -> dict[str, Any]:
    """The manifest of an archive with FILES."""
    hashes = {
        name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in FILES.items()
    }
    values = {"format": 1, "created_at": "2026-12-01", "database": "sqlite", "files": hashes}
    return {**values, "migrations": [], "missing": [], "details": {}, **changes}


def archive_of(files: dict[str, bytes], manifest: Any) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
        archive.writestr("manifest.json", json.dumps(manifest))
    return target.getvalue()


@pytest.fixture
def extract(tmp_path: Path) -> Callable[[bytes], None]:
    """Returns a function that extracts an archive into `tmp_path/here`."""

    def do(content: bytes) -> None:
        path = tmp_path / "backup.zip"
        path.write_bytes(content)
        (tmp_path / "here").mkdir(exist_ok=True)
        with ArchiveReader(path) as archive:
            archive.extract(tmp_path / "here")

    return do


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path, source = tmp_path / "backup.zip", tmp_path / "source"
    source.write_bytes(FILES["media/rendered/2026/12/ACC-0001.pdf"])
    with ArchiveWriter(path) as archive:
        archive.add("media/rendered/2026/12/ACC-0001.pdf", source)
        with archive.writing("database/db.sqlite3") as write:
            for _ in range(500):
                write(b"rows ")
        archive.finish(Manifest(**{**manifest(), "files": {}}))
    with ArchiveReader(path) as reader:
        reader.extract(tmp_path / "here")
        assert reader.manifest == Manifest(**manifest())
    for name, data in FILES.items():
        assert (tmp_path / "here" / name).read_bytes() == data


def test_an_archive_that_ends_early(extract: Callable[[bytes], None]) -> None:
    whole = archive_of(FILES, manifest())
    extract(whole)
    for length in range(0, len(whole), 7):
        with pytest.raises(BackupRefused, match="The backup is damaged"):
            extract(whole[:length])


@pytest.mark.slow
def test_a_changed_byte(extract: Callable[[bytes], None], tmp_path: Path) -> None:
    """Is found, or makes no difference: some bytes of a ZIP have no meaning."""
    whole = archive_of(FILES, manifest())
    refused = 0
    for position in range(0, len(whole), 3):
        content = bytearray(whole)
        content[position] ^= 0x55
        for path in sorted((tmp_path / "here").rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        try:
            extract(bytes(content))
        except BackupRefused:
            refused += 1
        else:
            for name, data in FILES.items():
                assert (tmp_path / "here" / name).read_bytes() == data
    assert refused > len(whole) / 3 * 0.5


@pytest.mark.parametrize(
    "name",
    [
        *("../evil", "media/../../evil", "/etc/evil", "media//evil", "media/./evil", "media/"),
        *("evil", "database", "other/evil", "media\\..\\evil", "C:\\evil", ""),
    ],
)
def test_a_file_outside_of_the_folders(
    extract: Callable[[bytes], None], tmp_path: Path, name: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    files = {name: b"evil"}
    digest = {"size": 4, "sha256": hashlib.sha256(b"evil").hexdigest()}
    with pytest.raises(BackupRefused, match="files"):
        extract(archive_of(files, manifest(files={name: digest})))
    assert {path.name for path in tmp_path.rglob("*")} <= {"backup.zip", "here", *before}


def test_files_that_differ_from_the_manifest(extract: Callable[[bytes], None]) -> None:
    more = {**FILES, "media/more": b""}
    fewer = {"media/rendered/2026/12/ACC-0001.pdf": b"%PDF"}
    for files in (more, fewer):
        with pytest.raises(BackupRefused, match="not those of its manifest"):
            extract(archive_of(files, manifest()))


@pytest.mark.parametrize("data", [b"%PD", b"%PDF-", b"%PDE", b"" * 4, b"%PDF" * 10_000])
def test_another_content(extract: Callable[[bytes], None], tmp_path: Path, data: bytes) -> None:
    name = "media/rendered/2026/12/ACC-0001.pdf"
    with pytest.raises(BackupRefused, match=rf"{name} was changed"):
        extract(archive_of({**FILES, name: data}, manifest()))
    assert (tmp_path / "here" / name).stat().st_size <= 5  # no more than was announced


@pytest.mark.parametrize(
    "values",
    [
        *([], None, "text", 7, {}, {"format": 1}, {"format": "1"}),
        *(manifest(files=[]), manifest(files={"media/a": {}}), manifest(files={"media/a": 7})),
        *(manifest(migrations=[["roles"]]), manifest(migrations=7), manifest(another="value")),
    ],
)
def test_an_unreadable_manifest(extract: Callable[[bytes], None], values: Any) -> None:
    with pytest.raises(BackupRefused, match="The backup is damaged"):
        extract(archive_of(FILES, values))


def test_a_backup_of_a_newer_format(extract: Callable[[bytes], None]) -> None:
    with pytest.raises(BackupRefused, match="from a newer version of JD Builder"):
        extract(archive_of(FILES, {"format": 2, "anything": "else"}))


@pytest.mark.django_db(transaction=True)
class TestInThisInstallation:
    @pytest.fixture
    def media(self, settings: Any, tmp_path: Path) -> Path:
        settings.MEDIA_ROOT = str(tmp_path / "media")
        settings.DATA_DIR = tmp_path
        return tmp_path / "media"

    @pytest.fixture
    def stored(self, media: Path) -> list[RenderedFile]:
        version = builders.version(builders.description())
        return [
            rendered_files.rendered(version=version, format=kind, audience="restricted")
            for kind in ("txt", "md")
        ]

    def names(self, path: Path) -> set[str]:
        with zipfile.ZipFile(path) as archive:
            return {n.removeprefix("media/") for n in archive.namelist() if n.startswith("media/")}

    def test_no_file_is_removed_meanwhile(
        self, stored: list[RenderedFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Purging keeps the files that the database named when the backup read it."""
        description = stored[0].version.description
        names = stored_media.names

        def purge_after(query: stored_media.Query) -> set[str]:
            found = names(query)
            # As another process, with its own connection.
            assert at_once(lambda: purge.purge(description=description, by=None)) == [1]
            return found

        JobDescription.objects.filter(pk=description.pk).update(status="archived")
        monkeypatch.setattr(stored_media, "names", purge_after)
        backup = backups.write(tmp_path / "backup.zip")
        assert backup == backups.Backup(2, [])
        assert self.names(tmp_path / "backup.zip") == {str(row.file.name) for row in stored}
        assert not RenderedFile.objects.exists()

        # The next daily job removes what the purge left.
        paths = [Path(row.file.path) for row in stored]
        for path in paths:
            os.utime(path, (0, 0))
        with stored_files.kept():
            assert rendered_files.remove_unrecorded() == 0
            assert rendered_files.remove_outdated() == 0
        assert rendered_files.remove_unrecorded() == 2
        assert not any(path.exists() for path in paths)

    def test_a_lost_file_is_reported(self, stored: list[RenderedFile], tmp_path: Path) -> None:
        Path(stored[0].file.path).unlink()
        out, errors = io.StringIO(), io.StringIO()
        call_command("backup", str(tmp_path / "backup.zip"), stdout=out, stderr=errors)
        assert "Stored files that are missing: 1." in errors.getvalue()
        assert "(1 stored files, " in out.getvalue()

    @pytest.mark.parametrize("step", ["write", "fsync", "link"])
    def test_a_full_disk(
        self, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        def fail(*_arguments: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        if step == "write":
            monkeypatch.setattr(zipfile._ZipWriteFile, "write", fail)  # type: ignore[attr-defined]
        elif step == "link":
            monkeypatch.setattr(os, "link", fail)
            monkeypatch.setattr(Path, "rename", fail)
        else:
            monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(CommandError) as refused:
            call_command("backup", str(tmp_path / "backup.zip"))
        assert str(refused.value) == "The disk is full. No backup was written."
        assert [path.name for path in tmp_path.iterdir()] == []

    def test_a_file_that_appears_meanwhile_is_not_overwritten(
        self, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "backup.zip"
        finish = ArchiveWriter.finish

        def finish_late(self: ArchiveWriter, manifest: Manifest) -> None:
            finish(self, manifest)
            path.write_text("another")

        monkeypatch.setattr(ArchiveWriter, "finish", finish_late)
        with pytest.raises(BackupRefused, match=r"exists\. Choose another name\."):
            backups.write(path)
        assert path.read_text() == "another"

    def test_a_file_system_without_links(
        self, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_arguments: Any) -> None:
            raise PermissionError

        monkeypatch.setattr(os, "link", fail)
        backups.write(tmp_path / "backup.zip")
        with ArchiveReader(tmp_path / "backup.zip") as archive:
            assert archive.manifest.format == backup_archive.FORMAT

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"database": "oracle"}, "A backup can only be restored into the same kind"),
            ({"migrations": [["roles", "9999_later"]]}, r"\(migration roles\.9999_later\)"),
        ],
    )
    def test_a_backup_that_does_not_fit(
        self,
        media: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        changes: dict[str, Any],
        message: str,
    ) -> None:
        monkeypatch.setattr(backups, "_refuse_existing", lambda: None)
        path = tmp_path / "backup.zip"
        values = manifest(**{"database": connection.vendor, **changes})
        path.write_bytes(archive_of(FILES, values))
        with pytest.raises(BackupRefused, match=message):
            backups.restore(path)
        assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]
