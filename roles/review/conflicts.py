"""Nobody approves their own work: who saved a version, or changed its draft since the version
before, may not approve it."""

from __future__ import annotations

from roles.models import Event, Reviewer, Version
from roles.review import links

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
    saved = events.filter(verb="version.saved")
    end = saved.filter(what__number=version.number).values_list("number", flat=True).first()
    before = saved.filter(what__number__lt=version.number).order_by("-number")
    start = before.values_list("number", flat=True).first() or 0
    changed = events.filter(verb__in=CHANGING, number__gt=start)
    if end is not None:
        changed = changed.filter(number__lt=end)
    ids = set(changed.exclude(actor_id=None).values_list("actor_id", flat=True).distinct())
    return {key for key in ids if key is not None} | {version.author_id}


def is_own_work(reviewer: Reviewer, version: Version) -> bool:
    """Whether they may not approve the version; who was asked by mail address is the account
    that has it by now."""
    account = reviewer.user or links.account(reviewer)
    return account is not None and account.pk in authors(version)
