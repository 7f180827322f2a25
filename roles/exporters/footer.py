"""The line at the foot of every export: reference, version, day and fingerprint."""

from __future__ import annotations

from django.utils.translation import gettext

from roles.editions import Edition
from roles.exporters.localized import day


def edition_line(edition: Edition) -> str:
    """Reference, version, DRAFT or Template, date, and the beginning of the SHA-256: what the
    foot of each page says."""
    state = edition_state(edition)
    of = day(edition.day) if edition.day else ""
    parts = (edition.reference, state, of, edition.short_sha256)
    return " · ".join(part for part in parts if part)


def edition_state(edition: Edition) -> str:
    """Version 3, DRAFT or Template."""
    if edition.is_template:
        return gettext("Template")
    if edition.is_draft:
        return gettext("DRAFT")
    return gettext("Version %(number)d") % {"number": edition.number}
