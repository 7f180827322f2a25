"""Permissions for documents: checked when one is ordered, rendered, zipped, and downloaded."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from roles import permissions, vocabulary
from roles.models import BulkExport, JobDescription, User


def audiences(user: User, references: Collection[str]) -> dict[str, str]:
    """Returns the widest audience for which the person can export each of these job descriptions,
    without those that they can't export."""
    found: dict[str, str] = {}
    if not user.is_active:
        return found
    for description in visible(user, references).prefetch_related("hiring_managers"):
        relations = description.relations_of(user)
        if permissions.may(user, "description.export", relations):
            found[description.reference] = permissions.audience(user, relations)
    return found


def visible(user: User, references: Collection[str]) -> QuerySet[JobDescription]:
    """Returns those of these job descriptions that the person can see."""
    return JobDescription.objects.visible_to(user).filter(reference__in=references)


def narrower(ordered: str, widest: str) -> str:
    """Returns the narrower of the ordered and the widest allowed audience."""
    return min(ordered, widest, key=vocabulary.AUDIENCE_ORDER.index)


def withdrawn(export: BulkExport, user: User) -> list[str]:
    """Returns the references in the archive that the person has no access to (anymore)."""
    made = export.files.filter(state="made").order_by()
    pairs = set(made.values_list("reference", "audience").distinct())
    allowed = audiences(user, {reference for reference, _audience in pairs})
    return sorted(
        {
            reference
            for reference, audience in pairs
            if reference not in allowed or narrower(audience, allowed[reference]) != audience
        }
    )
