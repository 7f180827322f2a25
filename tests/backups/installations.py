"""Installations that tests back up and restore: each has a database and a DATA_DIR of its own, and
commands run in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

PATIENCE = 300  # seconds


@dataclass
class Installation:
    """Where an installation has its data. `variables` are those of its environment."""

    directory: Path
    variables: dict[str, str]
    limits: list[str] = field(default_factory=list)  # a command that starts others with limits

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts Python with these arguments."""
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return subprocess.Popen(
            [*self.limits, sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env={**environment, "BACKGROUND": "worker", **self.variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        """Returns the output of Python, which must succeed."""
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors
        return output

    def manage(self, *arguments: str) -> str:
        """Returns the output of a command of manage.py, which must succeed."""
        return self.run("manage.py", *arguments)

    def refusal(self, *arguments: str) -> str:
        """Returns the message of a command, which must fail without a traceback."""
        process = self.start("manage.py", *arguments)
        _output, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1, errors
        assert "Traceback" not in errors
        return errors.strip().removeprefix("CommandError: ")

    @property
    def media(self) -> Path:
        return self.directory / "media"

    def files(self) -> dict[str, bytes]:
        """Returns the stored files, by name."""
        return {
            path.relative_to(self.media).as_posix(): path.read_bytes()
            for path in self.media.rglob("*")
            if path.is_file()
        }


@contextmanager
def installation(directory: Path) -> Iterator[Installation]:
    """An installation without tables, on the kind of database that the tests use."""
    directory.mkdir(exist_ok=True)
    variables = {
        "DJANGO_SETTINGS_MODULE": "jdbuilder.settings",
        "DEBUG": "1",
        "DATA_DIR": str(directory),
    }
    if connection.vendor == "sqlite":
        yield Installation(directory, variables)
        return
    import psycopg

    server = connection.settings_dict
    name = f"{server['NAME']}_{directory.name}"
    account = {"user": server["USER"], "password": server["PASSWORD"] or None}
    address = {"host": server["HOST"], "port": server["PORT"] or None}
    user = f"{quote(server['USER'])}:{quote(server['PASSWORD'] or '')}"
    host = quote(server["HOST"], safe="") + (f":{server['PORT']}" if server["PORT"] else "")
    url = {"DATABASE_URL": f"postgres://{user}@{host}/{name}"}
    with psycopg.connect(dbname="postgres", autocommit=True, **account, **address) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield Installation(directory, variables | url)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
