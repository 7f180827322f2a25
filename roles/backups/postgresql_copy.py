"""A PostgreSQL database in a backup: the rows of each table, as COPY writes them.

The tables come from the migrations, so that no program of PostgreSQL is needed, in whatever version
the server is. `pg_dump` refuses to read from a server that is newer than itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from roles.backups.backup_archive import CHUNK, DAMAGED, ArchiveWriter, BackupRefused, Manifest

_MIGRATIONS = MigrationRecorder.Migration._meta.db_table


class PostgresqlSnapshot:
    """The database as of one moment, in a transaction that only reads."""

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def write(self, archive: ArchiveWriter) -> dict[str, Any]:
        tables = _tables()
        columns = {table: self._columns(table) for table in tables}
        for table in tables:
            statement = f"COPY {_place(table, columns[table])} TO STDOUT"
            with archive.writing(f"database/{table}") as write, _copying(statement) as copy:
                for block in copy:
                    write(bytes(block))
        return {"columns": columns, "sequences": self._sequences(tables)}

    def _columns(self, table: str) -> list[str]:
        with connection.cursor() as cursor:
            description = connection.introspection.get_table_description(cursor, table)
        return [column.name for column in description]

    def _sequences(self, tables: list[str]) -> list[list[Any]]:
        """Returns table, column, and last value: keys of deleted rows must not come back."""
        found: list[list[Any]] = []
        for table in tables:
            with connection.cursor() as cursor:
                for sequence in connection.introspection.get_sequences(cursor, table):
                    cursor.execute(
                        f"SELECT last_value, is_called FROM {_quoted(sequence['name'])}"  # noqa: S608
                    )
                    found.append([table, sequence["column"], *cursor.fetchone()])
        return found


@contextmanager
def snapshot(folder: Path) -> Iterator[PostgresqlSnapshot]:
    if not has_tables():
        raise BackupRefused("There is no database. Run manage.py prepare first.")
    refuse_unapplied()
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield PostgresqlSnapshot()


def refuse_unapplied() -> None:
    """Raises BackupRefused if the tables aren't those of this version, which knows how to create
    them again."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BackupRefused(
            "The database is from an earlier version of JD Builder. Back it up with that version,"
            " or run manage.py prepare first."
        )


def has_tables() -> bool:
    return bool(connection.introspection.table_names())


def load(folder: Path, manifest: Manifest) -> None:
    """Creates the tables as they were and fills them, in one transaction."""
    try:
        with transaction.atomic(durable=True):
            # Data that waits for a check of its keys would block later changes of its table.
            _execute("SET CONSTRAINTS ALL IMMEDIATE")
            _migrate(manifest.migrations)
            _execute("SET CONSTRAINTS ALL DEFERRED")
            _fill(folder, manifest.details)
    except (DataError, IntegrityError, KeyError, TypeError, ValueError):
        raise BackupRefused(DAMAGED.format("its database can't be read")) from None


def _migrate(applied: list[list[str]]) -> None:
    """Runs these migrations, and no later ones."""
    executor = MigrationExecutor(connection)
    nodes = {(app, name) for app, name in applied}
    graph = executor.loader.graph
    last = [
        node
        for node in sorted(nodes)
        if not any(c.key in nodes and c.key[0] == node[0] for c in graph.node_map[node].children)
    ]
    executor.migrate(last)


def _fill(folder: Path, details: dict[str, Any]) -> None:
    columns = details["columns"]
    if sorted(columns) != _tables():
        raise BackupRefused(DAMAGED.format("it has other tables"))
    for table in columns:
        _execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608  # what migrations wrote
    for table, names in columns.items():
        statement = f"COPY {_place(table, names)} FROM STDIN"
        with (folder / table).open("rb") as source, _copying(statement) as copy:
            while block := source.read(CHUNK):
                copy.write(block)
    for table, column, value, is_called in details["sequences"]:
        sequence = "pg_get_serial_sequence(%s, %s)"
        _execute(f"SELECT setval({sequence}, %s, %s)", _quoted(table), column, value, is_called)


def _tables() -> list[str]:
    """Returns the tables of the product. Others might be in the same database."""
    own = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted([*own, _MIGRATIONS])


def _execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


@contextmanager
def _copying(statement: str) -> Iterator[Any]:
    cursor: Any  # psycopg's, which can COPY
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield copy


def _place(table: str, columns: list[str]) -> str:
    return f"{_quoted(table)} ({', '.join(map(_quoted, columns))})"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
