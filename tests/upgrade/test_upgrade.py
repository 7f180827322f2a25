"""A database of an earlier release migrates to the current one without data loss."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FOLDER = Path(__file__).parent
STATES = sorted({path.name.split(".")[0] for path in FOLDER.glob("*.sql.gz")})


@pytest.fixture(params=STATES)
def stored(request: pytest.FixtureRequest) -> str:
    """The name of a stored state, such as 0001."""
    return str(request.param)


def script(state: str) -> str:
    return gzip.decompress((FOLDER / f"{state}.{connection.vendor}.sql.gz").read_bytes()).decode()


@pytest.fixture
def environment(stored: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a process whose database is the stored one."""
    own = {"DEBUG": "1", "DATA_DIR": str(tmp_path), "BACKGROUND": "worker"}
    rest = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if connection.vendor == "sqlite":
        file = sqlite3.connect(tmp_path / "db.sqlite3")
        file.executescript(script(stored))
        file.close()
        yield rest | own
        return
    import psycopg

    server = connection.settings_dict
    name = f"{server['NAME']}_upgrade"
    account = {"user": server["USER"], "password": server["PASSWORD"] or None}
    address = {"host": server["HOST"], "port": server["PORT"] or None}
    with psycopg.connect(dbname="postgres", autocommit=True, **account, **address) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(dbname=name, autocommit=True, **account, **address) as database:
                database.execute(script(stored).encode())
            user = f"{quote(server['USER'])}:{quote(server['PASSWORD'] or '')}"
            host = quote(server["HOST"], safe="") + (f":{server['PORT']}" if server["PORT"] else "")
            yield rest | own | {"DATABASE_URL": f"postgres://{user}@{host}/{name}"}
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_states_are_stored() -> None:
    assert STATES
    for state in STATES:
        for kind in ("sqlite", "postgresql"):
            assert (FOLDER / f"{state}.{kind}.sql.gz").exists()
            assert (FOLDER / f"{state}.{kind}.json").exists()


def test_a_stored_database_migrates_without_loss(stored: str, environment: dict[str, str]) -> None:
    """Versions and their hashes, approvals, effective periods and chains are as they were."""
    run(environment, "manage.py", "migrate", "--verbosity", "0")
    assert "No changes" in run(environment, "manage.py", "makemigrations", "--check", "--dry-run")
    expected = json.loads((FOLDER / f"{stored}.{connection.vendor}.json").read_text())
    assert json.loads(run(environment, "-m", "tests.upgrade.state")) == expected


def test_an_upgraded_database_is_usable(stored: str, environment: dict[str, str]) -> None:
    """`prepare`, which an update runs, changes nothing that is recorded; the record is whole."""
    run(environment, "manage.py", "prepare")
    run(environment, "manage.py", "verify_history")
    expected = json.loads((FOLDER / f"{stored}.{connection.vendor}.json").read_text())
    state = json.loads(run(environment, "-m", "tests.upgrade.state"))
    assert state["versions"] == expected["versions"]
    assert state["approvals"] == expected["approvals"]


PROFILE = """
from django.db import connection
connection.cursor().execute("UPDATE roles_organization SET profile = 'We are **Acme**.'")
"""
STATEMENT = """
from roles.models import Snippet
found = Snippet.objects.statements().matching("acme").get()
print(found.kind, found.category, found.latest().text)
"""


def test_the_profile_of_the_organization_becomes_a_statement(environment: dict[str, str]) -> None:
    """No document used the profile before."""
    run(environment, "manage.py", "shell", "--no-imports", "-c", PROFILE)
    run(environment, "manage.py", "migrate", "--verbosity", "0")
    stated = run(environment, "manage.py", "shell", "--no-imports", "-c", STATEMENT)
    assert stated.strip() == "boilerplate company We are **Acme**."
