"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass

from roles.document import Section


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `section` is where it applies, or None for the whole document."""

    check: str
    section: Section | None
    why: str
    mend: str
