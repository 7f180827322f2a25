"""What departments mean: the limit that an account's departments put on what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from roles.models.user import User


def is_limited(user: User) -> bool:
    """Whether the departments of the account limit what the person reads."""
    return bool(user.department_ids) and "admin" not in user.kinds


def open_to(user: User, prefix: str = "") -> Q:
    """The condition on job descriptions (`prefix` leads to them) that the person's departments
    put. It is for everyone whose account names departments, whatever kind they are, and leaves
    them the job descriptions of these and those of none. Administrators have no such limit. What
    a person owns, or is named by, is theirs in any department: the query sets see to that. The
    department that counts is the one that the job description has now."""
    if not is_limited(user):
        return Q()
    within = {f"{prefix}department__in": user.department_ids}
    return Q(**within) | Q(**{f"{prefix}department": None})
