"""A SQLite database in a backup: its file, copied by SQLite itself."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from roles.backups.backup_archive import DAMAGED, ArchiveWriter, BackupRefused, Manifest

NAME = "db.sqlite3"


class SqliteSnapshot:
    """A copy of the database as of one moment."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path = path
        self.database = database

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.database.execute(sql).fetchall()

    def write(self, archive: ArchiveWriter) -> dict[str, Any]:
        archive.add(f"database/{NAME}", self.path)
        return {}


@contextmanager
def snapshot(folder: Path) -> Iterator[SqliteSnapshot]:
    """Copies the database into the folder. Writers don't wait, because of the write-ahead log."""
    if not has_tables():
        raise BackupRefused("There is no database. Run manage.py prepare first.")
    path = folder / NAME
    address = f"file:{quote(str(_path()))}?mode=rw"
    with closing(sqlite3.connect(path)) as copy:
        with connection.wrap_database_errors:
            with closing(sqlite3.connect(address, uri=True, timeout=60)) as source:
                source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log next to it
        if not _is_whole(copy):
            raise BackupRefused("The database is damaged. Restore an earlier backup.")
        yield SqliteSnapshot(path, copy)
    path.unlink()


def has_tables() -> bool:
    """Whether there is a database. Creates no file."""
    return _path().exists() and bool(connection.introspection.table_names())


def load(folder: Path, manifest: Manifest) -> None:
    """Puts the extracted file in the place of the database."""
    if not (folder / NAME).exists():
        raise BackupRefused(DAMAGED.format("it has no database"))
    with closing(sqlite3.connect(folder / NAME)) as copy:
        if not _is_whole(copy):
            raise BackupRefused(DAMAGED.format("its database can't be read"))
    connection.close()
    place = _path()
    place.parent.mkdir(parents=True, exist_ok=True)
    for ending in ("-wal", "-shm"):
        Path(f"{place}{ending}").unlink(missing_ok=True)
    part = Path(f"{place}.restored")
    shutil.move(folder / NAME, part)
    os.replace(part, place)


def _is_whole(database: sqlite3.Connection) -> bool:
    try:
        checked = database.execute("PRAGMA quick_check(1)").fetchone()
        has_migrations = database.execute("SELECT 1 FROM django_migrations LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        return False
    return checked == ("ok",) and has_migrations is not None


def _path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))
