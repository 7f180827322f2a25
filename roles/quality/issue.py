"""The result of a check."""

from __future__ import annotations

from dataclasses import dataclass

from roles.document import DocumentSection


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue. `section` is where it is, or None for the whole document."""

    check: str
    section: DocumentSection | None
    why: str
    fix: str
