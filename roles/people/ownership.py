"""Transferring job descriptions to another owner, one or many in one action."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from roles import people
from roles.models import Event, JobDescription, User


def transfer(
    *, descriptions: Iterable[JobDescription], to: User, by: User, note: str = ""
) -> list[str]:
    """Transfers job descriptions to another owner, each with an event. Returns the references of
    those transferred: what `to` already owns or what is deleted is left out. Raises
    people.AccountChangeRefused if `to` can't own job descriptions."""
    keys = [description.pk for description in descriptions]
    with transaction.atomic():
        owner = people.lock([to]).get(to.pk, to)
        people.refuse_as_owner(owner)
        return [one.reference for one in set_owner(locked(keys), to=owner, by=by, note=note)]


def locked(keys: Iterable[int]) -> list[JobDescription]:
    """Returns the rows, locked in the order of their ids, so concurrent actions don't deadlock."""
    rows = JobDescription.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk")
    return list(rows.defer("search_text"))


def set_owner(
    descriptions: Iterable[JobDescription], *, to: User, by: User, note: str = ""
) -> list[JobDescription]:
    """Transfers locked rows to an account that was checked. Returns those transferred."""
    transferred = [description for description in descriptions if description.owner_id != to.pk]
    for description in transferred:
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
    return transferred
