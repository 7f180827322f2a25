"""The indexes of the texts stored for search: FTS5 on SQLite, `tsvector` with GIN on PostgreSQL.

They have the terms that `search_words.search_text` stores, with no analysis by the database, so
that both find the same. Triggers keep them; `install` creates what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

from roles.search_query import SearchQuery, Term


@dataclass(frozen=True)
class SearchIndex:
    """The index of the rows of a table. `terms` is an expression of SQL for the terms, with spaces
    between them; `{row}` stands before each column."""

    table: str
    key: str
    terms: str = "{row}search_text"

    @property
    def name(self) -> str:
        return f"{self.table}_terms"


SNIPPETS = SearchIndex(
    "roles_snippet",
    "id",
    "{row}search_text || ' :k' || {row}kind || ' :c' || {row}category || ' :s' || {row}status"
    " || {row}tags",
)
DRAFTS = SearchIndex("roles_drafttext", "description_id")
VERSIONS = SearchIndex("roles_jobdescriptionindex", "version_id")
ALL = (SNIPPETS, DRAFTS, VERSIONS)

# `tokenize` cuts only at spaces: every other category of characters is part of a term.
_STATEMENTS = {
    "sqlite": (
        """
        CREATE VIRTUAL TABLE {name} USING fts5(
            terms, content='', detail='none', columnsize=0, prefix='2 3 4 5 6',
            tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
        )
        """,
        """
        CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN
            INSERT INTO {name}(rowid, terms) VALUES (NEW.{key}, {new});
        END
        """,
        """
        CREATE TRIGGER {name}_update AFTER UPDATE ON {table} WHEN {new} IS NOT {old} BEGIN
            INSERT INTO {name}({name}, rowid, terms) VALUES ('delete', OLD.{key}, {old});
            INSERT INTO {name}(rowid, terms) VALUES (NEW.{key}, {new});
        END
        """,
        """
        CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN
            INSERT INTO {name}({name}, rowid, terms) VALUES ('delete', OLD.{key}, {old});
        END
        """,
        "INSERT INTO {name}(rowid, terms) SELECT {key}, {own} FROM {table}",
    ),
    "postgresql": (
        "CREATE TABLE {name} (key bigint PRIMARY KEY, terms tsvector NOT NULL)",
        "CREATE INDEX {name}_gin ON {name} USING gin (terms) WITH (gin_pending_list_limit = 512)",
        """
        CREATE OR REPLACE FUNCTION {name}_keep() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                TRUNCATE {name};
            ELSIF TG_OP = 'DELETE' THEN
                DELETE FROM {name} WHERE key = OLD.{key};
            ELSIF TG_OP = 'INSERT' OR {new} IS DISTINCT FROM {old} THEN
                INSERT INTO {name} VALUES (NEW.{key}, {vector_new})
                ON CONFLICT (key) DO UPDATE SET terms = EXCLUDED.terms;
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER {name}_rows AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}_keep()
        """,
        """
        CREATE TRIGGER {name}_truncate AFTER TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}_keep()
        """,
        "INSERT INTO {name} SELECT {key}, {vector_own} FROM {table}",
    ),
}
_REMOVE = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS {name}_insert",
        "DROP TRIGGER IF EXISTS {name}_update",
        "DROP TRIGGER IF EXISTS {name}_delete",
        "DROP TABLE IF EXISTS {name}",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS {name}_rows ON {table}",
        "DROP TRIGGER IF EXISTS {name}_truncate ON {table}",
        "DROP TABLE IF EXISTS {name}",
    ),
}
_PRESENT = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE name LIKE %s AND (type = 'trigger'"
    " OR name = %s)",
    "postgresql": "SELECT count(*) FROM (SELECT tgname FROM pg_trigger WHERE tgname LIKE %s"
    " UNION ALL SELECT tablename FROM pg_tables WHERE tablename = %s"
    " AND schemaname = current_schema()) AS present",
}
_OBJECTS = {"sqlite": 4, "postgresql": 3}  # the table of the index and its triggers
_MATCH = {
    "sqlite": "SELECT rowid AS key FROM {name} WHERE {name} MATCH %s",
    "postgresql": "SELECT key FROM {name} WHERE terms @@ %s::tsquery",
}


def install(using: BaseDatabaseWrapper) -> None:
    """Creates and fills the indexes that aren't complete; safe to call again."""
    for index in ALL:
        if not is_complete(index, using):
            rebuild(index, using)


def is_complete(index: SearchIndex, using: BaseDatabaseWrapper) -> bool:
    """Returns whether the index is there with its triggers. Without them, it is outdated."""
    with using.cursor() as cursor:
        cursor.execute(_PRESENT[using.vendor], [f"{index.name}%", index.name])
        return bool(cursor.fetchone()[0] >= _OBJECTS[using.vendor])


def rebuild(index: SearchIndex, using: BaseDatabaseWrapper) -> None:
    """Creates the index again and fills it."""
    values = {"name": index.name, "table": index.table, "key": index.key}
    for prefix in ("new", "old", "own"):
        joined = index.terms.format(row="" if prefix == "own" else f"{prefix.upper()}.")
        values[prefix] = f"({joined})"
        terms = f"array_remove(string_to_array({joined}, ' '), '')"
        values[f"vector_{prefix}"] = f"array_to_tsvector({terms})"
    with transaction.atomic(using=using.alias), using.cursor() as cursor:
        for statement in (*_REMOVE[using.vendor], *_STATEMENTS[using.vendor]):
            cursor.execute(statement.format(**values))


def remove(using: BaseDatabaseWrapper) -> None:
    """Removes the indexes: their triggers prevent columns from being removed."""
    with using.cursor() as cursor:
        for index in ALL:
            for statement in _REMOVE[using.vendor]:
                cursor.execute(statement.format(name=index.name, table=index.table))


def keys(index: SearchIndex, query: SearchQuery) -> RawSQL:
    """Returns a subquery of the keys of the rows that have all words of the query, without regard
    to its phrases. The query must have words."""
    return RawSQL(match_sql(index), [match_value(query)])  # noqa: S611  # no text of a person


def match_sql(index: SearchIndex) -> str:
    """Returns a query of the keys of the rows that match; its parameter is `match_value`."""
    return _MATCH[connection.vendor].format(name=index.name)


def match_value(query: SearchQuery) -> str:
    """Returns the words of the query in the language of the database."""
    write = _fts5 if connection.vendor == "sqlite" else _tsquery
    either, both = (" OR ", " AND ") if connection.vendor == "sqlite" else (" | ", " & ")
    return both.join(f"({either.join(map(write, word))})" for word in query.words)


def _fts5(term: Term) -> str:
    quoted = term.text.replace('"', '""')
    return f'"{quoted}"*' if term.is_beginning else f'"{quoted}"'


def _tsquery(term: Term) -> str:
    quoted = term.text.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*" if term.is_beginning else f"'{quoted}'"
