"""Connections to SQLite that stay open between requests."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
from django.db import close_old_connections, connection

from jdbuilder.sqlite.base import DatabaseWrapper
from tests import servers

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
THREADS = 8  # of tests.servers


def _database(path: Path, text: str) -> Path:
    made = sqlite3.connect(path)
    made.execute("CREATE TABLE note (text)")
    made.execute("INSERT INTO note VALUES (?)", [text])
    made.commit()
    made.close()
    return path


@pytest.fixture
def kept(db: None, tmp_path: Path):
    """A connection with the settings of the product, to a file of its own."""
    path = _database(tmp_path / "db.sqlite3", "old")
    made = DatabaseWrapper({**connection.settings_dict, "NAME": str(path)}, "kept")
    yield made
    made.close()


def _next_request(kept: DatabaseWrapper) -> None:
    kept.close_if_unusable_or_obsolete()  # what Django does before and after each


def _text(kept: DatabaseWrapper) -> str:
    with kept.cursor() as cursor:
        return str(cursor.execute("SELECT text FROM note").fetchone()[0])


def test_a_connection_is_kept_between_requests(kept) -> None:
    assert _text(kept) == "old"
    opened = kept.connection
    _next_request(kept)
    assert _text(kept) == "old"
    assert kept.connection is opened


def test_a_connection_is_opened_again_if_the_file_was_replaced(kept, tmp_path) -> None:
    assert _text(kept) == "old"
    os.replace(_database(tmp_path / "restored", "new"), kept.settings_dict["NAME"])
    _next_request(kept)
    assert _text(kept) == "new"


def test_a_file_that_was_moved_away_gets_no_more_writes(kept, tmp_path) -> None:
    assert _text(kept) == "old"
    shutil.move(kept.settings_dict["NAME"], tmp_path / "away")
    _next_request(kept)
    with pytest.raises(Exception, match="no such table"), kept.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES ('late')")


@pytest.mark.django_db
def test_the_product_keeps_its_connection() -> None:
    assert connection.settings_dict["CONN_MAX_AGE"] is None
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]
    opened = connection.connection
    close_old_connections()
    assert connection.connection is opened


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_requests_open_no_more_files_than_there_are_threads(tmp_path) -> None:
    with servers.serving(tmp_path) as server:
        opened = []
        for _round in range(3):
            for _request in range(4 * THREADS):
                assert server.get("/healthz")[0] == 200
            opened.append(_open_files(server.process.pid, "db.sqlite3"))
    assert 0 < opened[-1] <= THREADS + 2  # one outside of requests, one of outages.hold_wal_index


def _open_files(parent: int, name: str) -> int:
    """The open files of this name, of all children of the process."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    count = 0
    for child in children:
        for link in Path(f"/proc/{child}/fd").iterdir():
            try:
                count += Path(os.readlink(link)).name == name
            except OSError:
                continue
    return count
