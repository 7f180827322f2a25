"""System checks: they name what is missing and how to fix it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import connection

from roles import system_checks
from roles.models import unreleased_database, version

DATABASES = ["default"]


def ids(databases: list[str] | None = None) -> set[str]:
    return {message.id for message in run_checks(databases=databases) if message.id}


def test_a_machine_with_everything_passes() -> None:
    assert not {"roles.E001", "roles.E002", "roles.W001"} & ids()


@pytest.mark.parametrize(
    ("names", "expected", "package"),
    [
        ("PANGO", "roles.E001", "libpango-1.0-0"),
        ("PANGOFT2", "roles.E002", "libpangoft2-1.0-0"),
        ("HARFBUZZ_SUBSET", "roles.W001", "libharfbuzz-subset0"),
    ],
)
def test_a_missing_library_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, names: str, expected: str, package: str
) -> None:
    missing = getattr(system_checks, names)
    loads = system_checks.loads
    monkeypatch.setattr(
        system_checks, "loads", lambda files, name: files != missing and loads(files, name)
    )
    [message] = system_checks.pdf_libraries(None)
    assert message.id == expected
    assert package in str(message.hint)


@pytest.mark.django_db(transaction=True)
def test_missing_triggers_are_reported_until_restored() -> None:
    assert "roles.W002" not in ids(DATABASES)
    version.drop_triggers(connection)
    assert "roles.W002" in ids(DATABASES)
    version.install_triggers(connection)
    assert "roles.W002" not in ids(DATABASES)


def test_links_in_email_need_site_url(settings: Any) -> None:
    """Only with --deploy."""
    settings.SITE_URL = ""
    assert "roles.W003" in {message.id for message in run_checks(include_deployment_checks=True)}
    assert "roles.W003" not in ids()
    settings.SITE_URL = "https://jd.example.org"
    assert "roles.W003" not in {
        message.id for message in run_checks(include_deployment_checks=True)
    }


@pytest.fixture
def unreleased(transactional_db: None) -> Iterator[None]:
    """A database with a table that only versions before 0.2 had."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {unreleased_database.TABLE} (id integer)")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {unreleased_database.TABLE}")


def test_migrate_refuses_a_database_from_before_the_first_release(unreleased: None) -> None:
    assert "roles.E003" in ids(DATABASES)
    with pytest.raises(SystemCheckError, match="export each job description"):
        call_command("migrate", verbosity=0, skip_checks=False)


def test_prepare_explains_what_to_do_with_such_a_database(
    unreleased: None,
) -> None:
    with pytest.raises(CommandError, match="import the files here") as raised:
        call_command("prepare")
    assert str(raised.value).count("\n") == 0


@pytest.mark.django_db
def test_a_current_database_is_accepted() -> None:
    assert "roles.E003" not in ids(DATABASES)
