"""The result of a check."""

from __future__ import annotations

from dataclasses import dataclass

from roles.document import DocumentSection


@dataclass(frozen=True, slots=True)
class IssueAction:
    """What the button of an issue does, as plain data: a key of `FIXES` in
    `roles/web/wizard/issue_fixes.py`, and its arguments (uids, names of facts, or texts)."""

    key: str
    arguments: tuple[str, ...] = ()


GO_TO_SECTION = IssueAction("go_to_section")


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue. `section` is where it is, or None for the whole document. `action` fixes it, or
    leads to the place where a person can. `is_hint`: nothing is wrong, it could be better."""

    check: str
    section: DocumentSection | None
    why: str
    fix: str
    action: IssueAction = GO_TO_SECTION
    is_hint: bool = False
