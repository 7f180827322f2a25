"""The database of a test, for processes that it starts."""

from __future__ import annotations

import os

from django.db import connection


def database_url() -> str:
    """The URL of the database of this test."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
