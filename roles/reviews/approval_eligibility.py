"""Finds who can't approve a version: people who saved it, or edited its draft since the previous
version. Versions with the same content count as one, so saving a version again makes no one
eligible."""

from __future__ import annotations

from roles.models import Event, Reviewer, Version
from roles.reviews import guest_links

CHANGING = (
    "description.started",
    "description.imported",
    "draft.changed",
    "draft.undone",
    "draft.redone",
    "version.restored",
)


def authors(version: Version) -> set[int]:
    """Returns the ids of the accounts that can't approve the version. An accepted suggestion
    counts for the author who accepted it: that action changed the draft."""
    events = Event.objects.filter(chain=version.description.reference)
    saved = events.filter(verb="version.saved", what__number__lte=version.number)
    ids: set[int | None] = {version.author_id}
    start, end = 0, None
    for number, actor, what in saved.order_by("-number").values_list("number", "actor_id", "what"):
        if what.get("sha256") != version.sha256:
            start = number
            break
        ids.add(actor)
        end = end or number
    changed = events.filter(verb__in=CHANGING, number__gt=start)
    if end is not None:
        changed = changed.filter(number__lt=end)
    ids |= set(changed.values_list("actor_id", flat=True).distinct())
    return {key for key in ids if key is not None}


def is_own_work(reviewer: Reviewer, version: Version) -> bool:
    """Whether the version is the reviewer's own work, so they can't approve it. A guest counts as
    the account that now has their address."""
    account = reviewer.user or guest_links.account(reviewer)
    return account is not None and account.pk in authors(version)
