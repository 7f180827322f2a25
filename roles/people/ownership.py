"""Job descriptions get another owner, one or many in one action."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from roles import people
from roles.models import Event, JobDescription, User


def transfer(
    *, descriptions: Iterable[JobDescription], to: User, by: User, note: str = ""
) -> list[str]:
    """Give these to another owner, each with an event of its own; the references of those that
    changed hands. What `to` owns already, or is gone, is left out. Raises
    people.AccountChangeRefused where `to` cannot own any."""
    keys = [description.pk for description in descriptions]
    with transaction.atomic():
        owner = people.lock([to]).get(to.pk, to)
        people.refuse_as_owner(owner)
        return [given.reference for given in set_owner(locked(keys), to=owner, by=by, note=note)]


def locked(keys: Iterable[int]) -> list[JobDescription]:
    """These, locked in an order that is the same for everyone who locks several."""
    rows = JobDescription.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk")
    return list(rows.defer("search_text"))


def set_owner(
    descriptions: Iterable[JobDescription], *, to: User, by: User, note: str = ""
) -> list[JobDescription]:
    """The same for rows that are locked and an account that was looked at; who changed hands."""
    given = [description for description in descriptions if description.owner_id != to.pk]
    for description in given:
        old, description.owner = description.owner_id, to
        description.save(update_fields=["owner"])
        Event.objects.record(
            by=by,
            verb="description.transferred",
            about=description,
            chain=description.reference,
            old=old,
            owner=to.pk,
            note=note,
        )
    return given
