"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass

from roles.document import DocumentSection


@dataclass(frozen=True, slots=True)
class Issue:
    """One remark. `section` is where it applies, or None for the whole document."""

    check: str
    section: DocumentSection | None
    why: str
    fix: str
