"""Who may do what: the whole matrix as one table, and pure functions over it.

A person has kinds (their groups, and admin for Django staff); toward one job description
they may also have relations (owner, named hiring manager). No models are imported here.
Which job descriptions a person gets to see at all, departments and confidential ones, the query
sets know: JobDescription.objects.visible_to for the draft and the versions of one,
Effective.objects.readable_by for what is effective.
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
# named: a hiring manager of this job description; reviewer: asked in the review at hand.
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
    "description.own": _HR,  # be given one
    "description.transfer": _HR,  # several at once; each must be theirs to edit
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
    "admin": frozenset({"admin"}),
}


class Person(Protocol):
    @property
    def kinds(self) -> frozenset[str]: ...


def allows(action: str, kinds: Collection[str], relations: Collection[str] = ()) -> bool:
    """Whether someone of these kinds, with these relations to the object, may do it."""
    return not TABLE[action].isdisjoint({*kinds, *relations})


def may(person: Person, action: str, relations: Collection[str] = ()) -> bool:
    """`allows` for an account; KeyError for an action that the table does not know."""
    return allows(action, person.kinds, relations)


def audience(person: Person, relations: Collection[str] = ()) -> str:
    """The widest audience this person reads a job description as."""
    return "restricted" if may(person, "description.restricted", relations) else "internal"


def audiences_within(widest: str) -> tuple[str, ...]:
    """The audiences as which someone with this widest one may read or export."""
    return AUDIENCE_ORDER[: AUDIENCE_ORDER.index(widest) + 1]
