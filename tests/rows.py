"""Rows of the test database as plain data, to insert them again without the actions that created
them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from roles.models import version

# By table: its columns, and what COPY writes on PostgreSQL or tuples on SQLite. A test of a
# migration can leave a table with its columns in another order.
Rows = dict[str, tuple[list[str], Any]]


def read(connection: BaseDatabaseWrapper) -> Rows:
    """Returns the rows of every table that has any."""
    with connection.cursor() as cursor:
        tables = {table: _read(connection, cursor, table) for table in _tables(connection)}
    return {table: (columns, rows) for table, (columns, rows) in tables.items() if rows}


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
        for table, (columns, values) in rows.items():
            _write(connection, cursor, table, columns, values)


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


def _read(connection: BaseDatabaseWrapper, cursor: Any, table: str) -> tuple[list[str], Any]:
    name = connection.ops.quote_name(table)
    cursor.execute(f"SELECT * FROM {name}")  # noqa: S608
    columns = [connection.ops.quote_name(column[0]) for column in cursor.description]
    if connection.vendor == "sqlite":
        return columns, cursor.fetchall()
    with cursor.copy(f"COPY {name} ({', '.join(columns)}) TO STDOUT") as copy:
        return columns, b"".join(bytes(block) for block in copy)


def _write(
    connection: BaseDatabaseWrapper, cursor: Any, table: str, columns: list[str], rows: Any
) -> None:
    place = f"{connection.ops.quote_name(table)} ({', '.join(columns)})"
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {place} FROM STDIN") as copy:
            copy.write(rows)
    else:
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {place} VALUES ({marks})", rows)  # noqa: S608
