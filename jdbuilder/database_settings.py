"""Django's settings of a database."""

from typing import Any
from urllib.parse import unquote, urlsplit

import environ

SQLITE_OPTIONS = {
    # Writers queue at BEGIN; a deferred transaction could fail half-way as "locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL: with NORMAL, a power failure could undo saves that were already confirmed.
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
}


def database(url: str) -> dict[str, Any]:
    """Returns Django's settings for a DATABASE_URL, with the options of its kind of database."""
    config: dict[str, Any] = environ.Env.db_url_config(url)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # Kept for good: opening the file costs as much as a light page.
        kept = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
        return config | {"ENGINE": "jdbuilder.sqlite", "OPTIONS": SQLITE_OPTIONS, **kept}
    host = urlsplit(url).netloc.rpartition("@")[2]
    if host.lower().startswith("%2f"):
        # The path of a Unix socket, which environ leaves quoted and in lower case.
        socket, _, port = host.partition(":")
        config |= {"HOST": unquote(socket), "PORT": port}
    # A server that doesn't answer must not hold a request for minutes.
    options = {"connect_timeout": 5} | config.get("OPTIONS", {})
    return config | {"OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
