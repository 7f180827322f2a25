"""Permissions: one table, and pure functions over it.

A person has kinds (their groups, and admin for Django staff). For one job description they can
also have relations (owner, hiring manager). This module imports no models.
Querysets decide which job descriptions a person can see (departments, confidential ones):
JobDescription.objects.visible_to for drafts and versions, EffectivePeriod.objects.readable_by for
current versions.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from roles.vocabulary import AUDIENCE_ORDER

GROUPS = {
    "hr": "HR",
    "manager": "Hiring managers",
    "curator": "Curators",
    "employee": "Employees",
}
# To one job description; reviewer: of the review in question.
RELATIONS = ("owner", "hiring_manager", "reviewer")

_HR = frozenset({"hr", "admin"})
_AUTHORS = _HR | {"owner"}
_READERS = _AUTHORS | {"hiring_manager"}
_CURATORS = frozenset({"curator", "admin"})

# action -> the kinds and relations that allow it
TABLE: dict[str, frozenset[str]] = {
    "description.list": _HR | {"manager"},
    "description.create": _HR,
    "description.view": _READERS,
    "description.edit": _AUTHORS,
    "description.version": _AUTHORS,
    "description.archive": _AUTHORS,
    "description.own": _HR,  # become its owner
    # Several at once; they must be able to edit each.
    "description.transfer": _HR,
    "description.change_many": _HR,
    "description.export": _READERS,
    "version.make_current": frozenset({"owner", "admin"}),
    "description.publish": frozenset({"owner", "admin"}),
    "description.restricted": _READERS,
    "catalog.view": _HR | {"manager", "curator", "employee"},
    "audit_record.export": _READERS,
    "activity.view": _HR | {"manager"},
    "review.view": _READERS | {"reviewer"},
    "review.request": _AUTHORS,
    "review.record": _HR,
    "review.comment": _AUTHORS | {"reviewer"},
    "review.answer": _AUTHORS,
    "review.decide": frozenset({"reviewer"}),
    "rollout.start": _HR,
    "export.many": _HR | {"manager"},
    "library.view": _CURATORS | _HR,
    "library.change": _CURATORS,
    "library.usage": _CURATORS | _HR,
    "template.view": _CURATORS | _HR,
    "template.change": _CURATORS | _HR,
    "people.manage": frozenset({"admin"}),
    "sign_in.manage": frozenset({"admin"}),
    "settings.change": frozenset({"admin"}),
    # Add a family, department, or location; administrators can limit it to themselves.
    "list.add": _HR,
    "admin": frozenset({"admin"}),
}


class Person(Protocol):
    @property
    def kinds(self) -> frozenset[str]: ...


def allows(action: str, kinds: Collection[str], relations: Collection[str] = ()) -> bool:
    """Returns whether these kinds, with these relations to the object, allow the action."""
    return not TABLE[action].isdisjoint({*kinds, *relations})


def may(person: Person, action: str, relations: Collection[str] = ()) -> bool:
    """Returns whether an account can do the action. Raises KeyError for an unknown action."""
    return allows(action, person.kinds, relations)


def audience(person: Person, relations: Collection[str] = ()) -> str:
    """Returns the widest audience that this person belongs to."""
    return "restricted" if may(person, "description.restricted", relations) else "internal"


def audiences_within(widest: str) -> tuple[str, ...]:
    """Returns the audiences up to and including the widest one."""
    return AUDIENCE_ORDER[: AUDIENCE_ORDER.index(widest) + 1]
