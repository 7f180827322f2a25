"""Recognizes a database made before version 0.2, whose tables had other names.

Version 0.2 starts the migrations again with one. A database made before it has the records of
eleven others, and no migration leads from it to the tables of today.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "roles_organisation"  # spelled so in every state before 0.2, and in none since

WHAT_TO_DO = (
    "This database was made by JD Builder before version 0.2: export each job description with"
    " that checkout (manage.py export REFERENCE --format json), move the database away, and"
    " import the files here (manage.py import FILE)."
)


def is_unreleased(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database was made before version 0.2."""
    return TABLE in connection.introspection.table_names()
