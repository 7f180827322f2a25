"""Outages of the test database, on both kinds of database. The connection is in a transaction of
the test or not, as each says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

IS_SQLITE = connection.vendor == "sqlite"

FULL_DISK = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$;
"""


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def read_only() -> Iterator[None]:
    """No statement can write. Outside of a transaction on PostgreSQL."""
    execute("PRAGMA query_only = 1" if IS_SQLITE else "SET default_transaction_read_only = on")
    try:
        yield
    finally:
        execute("PRAGMA query_only = 0" if IS_SQLITE else "SET default_transaction_read_only = off")


@contextmanager
def full() -> Iterator[None]:
    """The database can't grow. PostgreSQL refuses new events: every save makes one."""
    if IS_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
        # Each change of a line needs more pages than there are.
        grow = "INSERT INTO filler VALUES (zeroblob(1000000))"
        execute(
            "CREATE TABLE filler (content)",
            f"CREATE TRIGGER growing AFTER UPDATE ON roles_line BEGIN {grow}; END",
            f"PRAGMA max_page_count = {pages + 10}",
        )
    else:
        trigger = "disk_is_full BEFORE INSERT ON roles_event"
        execute(FULL_DISK, f"CREATE TRIGGER {trigger} EXECUTE FUNCTION disk_is_full()")
    try:
        yield
    finally:
        if IS_SQLITE:
            execute("PRAGMA max_page_count = 1073741823", "DROP TRIGGER growing")
            execute("DROP TABLE filler")
        else:
            execute("DROP FUNCTION disk_is_full CASCADE")


@contextmanager
def gone() -> Iterator[None]:
    """The file isn't there, or no server listens. Outside of a transaction."""
    connection.close()
    where = "NAME" if IS_SQLITE else "HOST"
    before = connection.settings_dict[where]
    connection.settings_dict[where] = "/nowhere/at-all"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict[where] = before


OUTAGES = {"read-only": read_only, "full": full, "unreachable": gone}
