"""The footer of every export: reference, version, date, and fingerprint."""

from __future__ import annotations

from django.utils.translation import gettext

from roles.editions import Edition
from roles.exporters.localized import day


def edition_line(edition: Edition) -> str:
    """Returns the page footer: reference, version (or DRAFT or Template), date, and the short
    SHA-256."""
    state = edition_state(edition)
    of = day(edition.day) if edition.day else ""
    parts = (edition.reference, state, of, edition.short_sha256)
    return " · ".join(part for part in parts if part)


def edition_state(edition: Edition) -> str:
    """Returns `Version 3`, `DRAFT`, or `Template`."""
    if edition.is_template:
        return gettext("Template")
    if edition.is_draft:
        return gettext("DRAFT")
    return gettext("Version %(number)d") % {"number": edition.number}
