"""System checks: what is missing is named, with what to do about it."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection

from roles import system_checks
from roles.models import version

DATABASES = ["default"]


def ids(databases: list[str] | None = None) -> set[str]:
    return {found.id for found in run_checks(databases=databases) if found.id}


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
    gone = getattr(system_checks, names)
    loads = system_checks.loads
    monkeypatch.setattr(
        system_checks, "loads", lambda files, name: files != gone and loads(files, name)
    )
    [found] = system_checks.pdf_libraries(None)
    assert found.id == expected
    assert package in str(found.hint)


@pytest.mark.django_db(transaction=True)
def test_missing_triggers_are_named_until_they_stand_again() -> None:
    assert "roles.W002" not in ids(DATABASES)
    version.drop_triggers(connection)
    assert "roles.W002" in ids(DATABASES)
    version.install_triggers(connection)
    assert "roles.W002" not in ids(DATABASES)


def test_links_in_mail_need_an_address(settings: Any) -> None:
    """Only where it is served to others: asked with --deploy."""
    settings.SITE_URL = ""
    assert "roles.W003" in {found.id for found in run_checks(include_deployment_checks=True)}
    assert "roles.W003" not in ids()
    settings.SITE_URL = "https://jd.example.org"
    assert "roles.W003" not in {found.id for found in run_checks(include_deployment_checks=True)}
