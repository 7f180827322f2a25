"""Rows of the test database as plain data, to insert them again without the actions that created
them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from roles.models import version

Rows = dict[str, Any]  # by table: what COPY writes on PostgreSQL, tuples on SQLite


def read(connection: BaseDatabaseWrapper) -> Rows:
    """Returns the rows of every table that has any."""
    with connection.cursor() as cursor:
        tables = {table: _read(connection, cursor, table) for table in _tables(connection)}
    return {table: rows for table, rows in tables.items() if rows}


def written_by(connection: BaseDatabaseWrapper, action: Callable[[], Any]) -> Rows:
    """Returns what `action` writes into empty tables, and rolls it back."""
    with transaction.atomic(using=connection.alias):
        before = read(connection)
        action()
        after = read(connection)
        transaction.set_rollback(True, using=connection.alias)
    return {
        table: table_rows for table, table_rows in after.items() if table_rows != before.get(table)
    }


def insert(connection: BaseDatabaseWrapper, rows: Rows) -> None:
    """Inserts rows beside the existing ones. Raises IntegrityError for a key that exists."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table, values in rows.items():
            _write(connection, cursor, table, values)


def restore(connection: BaseDatabaseWrapper, rows: Rows) -> None:
    """Replaces all rows with these. Versions are immutable, so their triggers are dropped first and
    installed again."""
    with transaction.atomic(using=connection.alias):
        version.drop_triggers(connection)
        with connection.cursor() as cursor:
            for table in _tables(connection):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608
        insert(connection, rows)
        version.install_triggers(connection)


def _tables(connection: BaseDatabaseWrapper) -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _read(connection: BaseDatabaseWrapper, cursor: Any, table: str) -> Any:
    name = connection.ops.quote_name(table)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {name} TO STDOUT") as copy:
            return b"".join(bytes(block) for block in copy)
    return cursor.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608


def _write(connection: BaseDatabaseWrapper, cursor: Any, table: str, rows: Any) -> None:
    name = connection.ops.quote_name(table)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {name} FROM STDIN") as copy:
            copy.write(rows)
    else:
        marks = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608
