"""Backups: the database and the stored files in one archive, written while the product runs, and
restored into an empty installation.

The database is read as of one moment (`sqlite_copy`, `postgresql_copy`), then each stored file that
it names. A file is stored before its row and never changed; during a backup none is removed
(`stored_files`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from roles import outages, stored_files
from roles.backups import postgresql_copy, sqlite_copy, stored_media
from roles.backups.backup_archive import (
    FORMAT,
    ArchiveReader,
    ArchiveWriter,
    BackupRefused,
    Manifest,
)

DATABASES: dict[str, ModuleType] = {"sqlite": sqlite_copy, "postgresql": postgresql_copy}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup has, and the stored files that were lost before."""

    file_count: int
    missing: list[str]


def write(path: Path) -> Backup:
    """Writes a backup to a new file, which only its owner can read. Raises BackupRefused, and the
    errors of the database and of the file system; then there is no file."""
    if path.exists():
        raise BackupRefused(f"{path} exists. Choose another name.")
    if not path.parent.is_dir():
        raise BackupRefused(f"{path.parent} is not a directory.")
    with TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        part = Path(folder) / "archive"
        with stored_files.kept():
            backup = _write(part, Path(folder))
        _publish(part, path)
    return backup


def restore(path: Path) -> Manifest:
    """Restores a backup into this installation, which must be empty. The database is still to be
    migrated to this version. Raises BackupRefused, and the errors of the database and of the file
    system; then nothing is restored."""
    _refuse_existing()
    with ArchiveReader(path) as archive:
        _refuse_unfit(archive.manifest)
        place = Path(settings.DATA_DIR)
        with TemporaryDirectory(dir=place, prefix=".restore-") as folder:
            archive.extract(Path(folder))  # and compares each hash, before anything is changed
            with _moved_media(Path(folder) / "media"):
                DATABASES[connection.vendor].load(Path(folder) / "database", archive.manifest)
    return archive.manifest


def words_for(error: Error | OSError) -> str:
    """Returns a sentence for an error of `write` or `restore`."""
    if outages.reason_of(error) == outages.FULL:
        return "The disk is full."
    if isinstance(error, OSError):
        return f"{error.strerror}: {error.filename}." if error.filename else f"{error.strerror}."
    return "The database can’t be read or written."


def _write(part: Path, folder: Path) -> Backup:
    """Writes an archive. The folder is for a copy of the database."""
    missing = []
    with ArchiveWriter(part) as archive:
        with DATABASES[connection.vendor].snapshot(folder) as snapshot:
            migrations = snapshot.query("SELECT app, name FROM django_migrations ORDER BY id")
            names = stored_media.names(snapshot.query)
            details = snapshot.write(archive)
        for name in sorted(names):
            try:
                archive.add(f"media/{name}", Path(settings.MEDIA_ROOT) / name)
            except FileNotFoundError:
                missing.append(name)
        archive.finish(
            Manifest(
                format=FORMAT,
                created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                database=connection.vendor,
                migrations=[[app, name] for app, name in migrations],
                missing=missing,
                details=details,
            )
        )
    return Backup(len(names) - len(missing), missing)


def _publish(part: Path, path: Path) -> None:
    """Gives the finished archive its name, unless there is such a file by now."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise BackupRefused(f"{path} exists. Choose another name.") from None
    except OSError:  # a file system without links
        part.rename(path)


def _refuse_existing() -> None:
    if DATABASES[connection.vendor].has_tables():
        raise BackupRefused(
            "The database is not empty. Restore into a new one: move the file away, or change"
            " DATABASE_URL."
        )
    if any(path.name != "bulk" for path in Path(settings.MEDIA_ROOT).glob("*")):
        raise BackupRefused(f"{settings.MEDIA_ROOT} is not empty. Move its content away.")


def _refuse_unfit(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise BackupRefused(
            f"This is a backup of {NAMES.get(manifest.database, 'another database')}, and this"
            f" installation uses {NAMES[connection.vendor]}. A backup can only be restored into the"
            " same kind of database."
        )
    known = MigrationLoader(None).disk_migrations
    for app, name in manifest.migrations:
        if (app, name) not in known:
            raise BackupRefused(
                f"This backup is from a newer version of JD Builder (migration {app}.{name})."
                " Install that version first."
            )


@contextmanager
def _moved_media(source: Path) -> Iterator[None]:
    """Moves the stored files to their place, and removes them again after an error."""
    place = Path(settings.MEDIA_ROOT)
    place.mkdir(parents=True, exist_ok=True)
    moved: list[Path] = []
    try:
        for path in sorted(source.glob("*")):
            moved.append(place / path.name)
            shutil.move(path, place / path.name)
        yield
    except BaseException:
        for path in moved:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        raise


__all__ = ["Backup", "BackupRefused", "Manifest", "restore", "words_for", "write"]
