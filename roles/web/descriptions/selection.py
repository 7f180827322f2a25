"""The job descriptions that someone selected in the list, for an action on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from roles import permissions
from roles.models import JobDescription, User
from roles.web.shared import references
from roles.web.shared.access import person

SHOWN = 50  # on the page; the rest is counted


@dataclass
class DescriptionSelection:
    """The selected job descriptions: `shown` ones, `hidden` ones that the person can't see, and the
    number of `missing` references. `of` is their owner, where all of one person are selected."""

    shown: list[JobDescription]
    hidden: Sequence[JobDescription] = ()
    missing: int = 0
    of: User | None = None

    @property
    def all(self) -> list[JobDescription]:
        """The shown and the hidden ones: an action is for all of them."""
        return [*self.shown, *self.hidden]

    @property
    def context(self) -> dict[str, object]:
        """The selection as context of a template."""
        return {
            "selection": self,
            "count": len(self.all),
            "shown": self.shown[:SHOWN],
            "more": max(len(self.shown) - SHOWN, 0),
        }


def selected(request: HttpRequest, of: User | None = None) -> DescriptionSelection:
    """Returns the job descriptions of ?jd= that the person can edit. The page doesn't say which of
    the others exist."""
    user = person(request)
    chosen = {one for one in request.GET.getlist("jd") if one}
    visible = JobDescription.objects.visible_to(user).filter(reference__in=references.valid(chosen))
    editable = [
        one
        for one in in_order(visible)
        if permissions.may(user, "description.edit", one.relations_of(user))
    ]
    return DescriptionSelection(editable, missing=len(chosen) - len(editable), of=of)


def in_order(descriptions: QuerySet[JobDescription]) -> list[JobDescription]:
    """Returns the job descriptions by reference, with what an action on them needs."""
    rows = descriptions.order_by("reference").select_related("owner").defer("search_text")
    return list(rows.prefetch_related("hiring_managers"))
