"""System checks for the libraries, the database and the settings (`manage.py check`)."""

import ctypes
import ctypes.util
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from roles import mail
from roles.models import Version, unreleased_database, version

# The names that WeasyPrint looks for (weasyprint/text/ffi.py). Importing it would take longer than
# all other checks together.
PANGO = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0")
PANGOFT2 = ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0")
HARFBUZZ_SUBSET = (
    "libharfbuzz-subset.so.0",
    "libharfbuzz-subset.0.dylib",
    "libharfbuzz-subset-0",
)


@register
def pdf_libraries(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not loads(PANGO, "pango-1.0"):
        message = "Pango is missing. PDFs can't be created."
        found.append(Error(message, hint=how_to_install("libpango-1.0-0"), id="roles.E001"))
    if not loads(PANGOFT2, "pangoft2-1.0"):
        message = "PangoFT2 is missing. PDFs can't be created."
        found.append(Error(message, hint=how_to_install("libpangoft2-1.0-0"), id="roles.E002"))
    if not loads(HARFBUZZ_SUBSET, "harfbuzz-subset"):
        message = "harfbuzz-subset is missing. PDFs take ten times as long to create."
        hint = how_to_install("libharfbuzz-subset0", formula="harfbuzz")
        found.append(Warning(message, hint=hint, id="roles.W001"))
    return found


@register(Tags.database)
def unreleased_databases(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """A database from before version 0.2 can't be migrated. `migrate` runs this check."""
    return [
        Error(unreleased_database.WHAT_TO_DO, id="roles.E003")
        for alias in databases or ()
        if unreleased_database.is_unreleased(connections[alias])
    ]


@register(Tags.database)
def version_triggers(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Versions are immutable only with their triggers. `migrate` runs this check."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if Version._meta.db_table not in connection.introspection.table_names():
            continue
        missing = sorted(version.missing_triggers(connection))
        if missing:
            message = f"Versions are not protected: the trigger {', '.join(missing)} is missing."
            hint = "Run manage.py migrate to restore it."
            found.append(Warning(message, hint=hint, id="roles.W002"))
    return found


@register(Tags.security, deploy=True)
def address_in_mail(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Email is sent in the background, where no request provides the site's address."""
    if settings.SITE_URL:
        return []
    message = f"SITE_URL is not set. Links in email point to {mail.address('/')}"
    hint = "Set SITE_URL to the product's address, such as https://jd.example.org."
    return [Warning(message, hint=hint, id="roles.W003")]


def loads(file_names: Sequence[str], short_name: str) -> bool:
    for name in file_names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return ctypes.util.find_library(short_name) is not None


def how_to_install(package: str, formula: str = "pango") -> str:
    return (
        f"On Debian or Ubuntu: apt-get install {package}."
        f" On a Mac with Homebrew: brew install {formula}."
    )
