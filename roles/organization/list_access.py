"""Who can add to the lists of the organization while writing a job description."""

from __future__ import annotations

from roles import permissions
from roles.models import Organization, User, department_access

ADDED_BY_AUTHORS = ("families", "departments", "locations")


def addable(user: User) -> frozenset[str]:
    """Returns the lists that this person can add to while writing: none if administrators have
    switched that off for HR, and no departments if the person sees only some of them."""
    if not permissions.may(user, "list.add"):
        return frozenset()
    if permissions.may(user, "settings.change"):
        return frozenset(ADDED_BY_AUTHORS)
    if not Organization.objects.the().hr_adds_to_lists:
        return frozenset()
    hidden = {"departments"} if department_access.is_limited(user) else set()
    return frozenset(ADDED_BY_AUTHORS) - hidden
