"""Recognizes databases from before version 0.2, whose tables had other names.

Version 0.2 restarts with a single migration. Older databases have eleven other migrations and
can't be migrated to the current tables.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "roles_organisation"  # this spelling exists only before 0.2

WHAT_TO_DO = (
    "This database was created by JD Builder before version 0.2. With the old version, export"
    " each job description (manage.py export REFERENCE --format json). Then move the database"
    " away and import the files here (manage.py import FILE)."
)


def is_unreleased(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database is from before version 0.2."""
    return TABLE in connection.introspection.table_names()
