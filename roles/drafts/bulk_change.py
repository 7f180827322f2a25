"""One change of many job descriptions: department, family, people, review date, archiving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from roles import drafts
from roles.drafts import changes, lifecycle
from roles.models import JobDescription, User


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What to change; the defaults change nothing.

    `facts` are new values of fields of JobDescription (`department`, `job_family`).
    `removes_review_date` wins over `review_by`.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    added_managers: frozenset[User] = frozenset()
    removed_managers: frozenset[User] = frozenset()
    review_by: date | None = None
    removes_review_date: bool = False
    archives: bool = False
    restores: bool = False

    @property
    def changes_people(self) -> bool:
        """Whether it changes what `lifecycle.assign_people` sets: people and the review date."""
        managers = self.added_managers or self.removed_managers
        return bool(managers or self.review_by or self.removes_review_date)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A job description that was left as it is, and why, as a sentence for the person."""

    description: JobDescription
    message: str


def change_many(
    *, descriptions: Iterable[JobDescription], change: BulkChange, by: User
) -> list[Refusal]:
    """Makes the change in each job description, all of it or none. Returns those that refused it;
    the others are changed."""
    refused = []
    for description in descriptions:
        try:
            with transaction.atomic():
                _change_one(description, change, by)
        except drafts.ActionRefused as error:
            refused.append(Refusal(description, error.message))
    return refused


def _change_one(description: JobDescription, change: BulkChange, by: User) -> None:
    if change.restores:
        lifecycle.unarchive(description=description, by=by)
    locked = JobDescription.objects.lock(description.pk)
    facts = {name: new for name, new in change.facts.items() if getattr(locked, name) != new}
    if facts:
        edit = changes.ChangeFacts(facts)
        token = locked.edit_token
        drafts.apply(description=locked, by=by, token=token, changes=[edit], is_step=True)
    if change.changes_people:
        _change_people(locked, change, by)
    if change.archives:
        lifecycle.archive(description=locked, by=by)


def _change_people(locked: JobDescription, change: BulkChange, by: User) -> None:
    if locked.status == "archived":
        raise drafts.ActionRefused(drafts.ARCHIVED)
    managers = {user.pk: user for user in locked.hiring_managers.all()}
    managers |= {user.pk: user for user in change.added_managers}
    for user in change.removed_managers:
        managers.pop(user.pk, None)
    review_by = change.review_by or locked.review_by
    lifecycle.assign_people(
        description=locked,
        owner=locked.owner,
        hiring_managers=managers.values(),
        confidential=locked.confidential,
        review_by=None if change.removes_review_date else review_by,
        by=by,
    )
