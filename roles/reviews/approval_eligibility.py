"""Nobody approves their own work: who saved a version, or changed its draft since the version
before, may not approve it. Versions that say the same count as one: saving a text once more makes
nobody's work somebody else's."""

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
    """The ids of the accounts that may not approve the version. An accepted suggestion counts
    for the author who accepted it: the deed that brings it into the draft is theirs."""
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
    """Whether they may not approve the version; who was asked by mail address is the account
    that has it by now."""
    account = reviewer.user or guest_links.account(reviewer)
    return account is not None and account.pk in authors(version)
