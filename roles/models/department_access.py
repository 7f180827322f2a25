"""Limits an account to the job descriptions of its departments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from roles.models.user import User


def is_limited(user: User) -> bool:
    """Whether the person's departments limit what they can see."""
    return bool(user.department_ids) and "admin" not in user.kinds


def open_to(user: User, prefix: str = "") -> Q:
    """Returns the condition for job descriptions (at the path `prefix`) that the person's
    departments allow: those of these departments and those without one. Accounts without
    departments and administrators have no limit. Owners and hiring managers see their job
    descriptions in any department; the querysets add those. The job description's present
    department counts."""
    if not is_limited(user):
        return Q()
    within = {f"{prefix}department__in": user.department_ids}
    return Q(**within) | Q(**{f"{prefix}department": None})
