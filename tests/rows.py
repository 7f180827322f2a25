"""The rows of the test database as plain data, to be put back without running actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from roles.models import version

Rows = dict[str, Any]  # by table: what COPY writes on PostgreSQL, tuples on SQLite


def taken(connection: BaseDatabaseWrapper) -> Rows:
    """The rows of every table that has any."""
    with connection.cursor() as cursor:
        found = {table: _read(connection, cursor, table) for table in _tables(connection)}
    return {table: rows for table, rows in found.items() if rows}


def written_by(connection: BaseDatabaseWrapper, action: Callable[[], Any]) -> Rows:
    """What an action writes into tables that are empty; nothing of it stays."""
    with transaction.atomic(using=connection.alias):
        before = taken(connection)
        action()
        after = taken(connection)
        transaction.set_rollback(True, using=connection.alias)
    return {table: found for table, found in after.items() if found != before.get(table)}


def put(connection: BaseDatabaseWrapper, rows: Rows) -> None:
    """These rows beside those that stand already; no key may be there twice."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table, values in rows.items():
            _write(connection, cursor, table, values)


def put_back(connection: BaseDatabaseWrapper, rows: Rows) -> None:
    """These rows and no others. Versions are immutable, so their triggers are lifted for it."""
    with transaction.atomic(using=connection.alias):
        version.drop_triggers(connection)
        with connection.cursor() as cursor:
            for table in _tables(connection):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608
        put(connection, rows)
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
