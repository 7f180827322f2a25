"""The rows of a rollout's page, one for each job description."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import OuterRef, Prefetch, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from roles.models import (
    Decision,
    EffectivePeriod,
    JobDescription,
    Review,
    Reviewer,
    Rollout,
    RolloutEntry,
    Round,
    User,
)
from roles.rollouts import batch_approval, impact

# Icons by state; the texts are in `_state`.
ICONS = {
    "left_out": "dash-circle",
    "waiting": "hourglass",
    "asked": "hourglass-split",
    "changes": "arrow-repeat",
    "moved_on": "arrow-right-circle",
    "held": "exclamation-circle",
    "expired": "calendar-x",
    "approved": "check-circle",
    "current": "check-circle-fill",
    "withdrawn": "x-circle",
}


@dataclass(frozen=True)
class RolloutRow:
    """One job description: its state, whether the person can also see it outside the rollout, and
    whether their decision is pending."""

    entry: RolloutEntry
    title: str
    state: str
    text: str
    is_seen: bool
    is_asked: bool

    @property
    def reference(self) -> str:
        return self.entry.description.reference

    @property
    def advice(self) -> str:
        """What to do if it was skipped."""
        return impact.advice(self.entry.reason)

    @property
    def icon(self) -> str:
        return ICONS[self.state]


def rows(rollout: Rollout, user: User) -> list[RolloutRow]:
    """Returns the rows that the person can see. The number of queries is constant."""
    entries = list(_loaded(rollout, user))
    about = [entry.description_id for entry in entries]
    visible = JobDescription.objects.visible_to(user).filter(pk__in=about)
    seen = set(visible.order_by().values_list("pk", flat=True))
    asked = set(
        batch_approval.awaiting_decision(rollout, user, "approve").values_list("review", flat=True)
    )
    return [
        RolloutRow(
            entry,
            entry.description.title if entry.description_id in seen else entry.title,  # type: ignore[attr-defined]
            *_state(entry, user),
            is_seen=entry.description_id in seen,
            is_asked=entry.review_id in asked,
        )
        for entry in entries
    ]


def change_requests(rows: Iterable[RolloutRow]) -> list[tuple[str, str]]:
    """Returns the open change requests as pairs of reviewer and text, without duplicates."""
    found = [
        (str(reviewer), decision.text)
        for row in rows
        if row.state == "changes"
        for reviewer, decision in _last_decisions(row.entry)
        if decision.kind == "ask_for_changes"
    ]
    return list(dict.fromkeys(found))


def _last_decisions(entry: RolloutEntry) -> list[tuple[Reviewer, Decision]]:
    reviewers: list[Reviewer] = entry.review.current_reviewers  # type: ignore[union-attr]
    decided = ((reviewer, list(reviewer.decisions.all())) for reviewer in reviewers)
    return [(reviewer, decisions[-1]) for reviewer, decisions in decided if decisions]


def _loaded(rollout: Rollout, user: User) -> models.QuerySet[RolloutEntry]:
    title = KeyTextTransform("title", Cast("version__text", models.JSONField()))
    newest = Round.objects.filter(review=OuterRef("review")).order_by("-number")
    periods = EffectivePeriod.objects.filter(version=OuterRef("version")).order_by("-since")
    decisions = Decision.objects.order_by("created_at", "pk")
    reviewers = Reviewer.objects.current().with_is_awaited().select_related("user")
    reviewers = reviewers.prefetch_related(Prefetch("decisions", decisions))
    found = batch_approval.shown_to(rollout, user).select_related("review", "version")
    found = found.defer("version__text", "version__brand", "description__search_text")
    return found.annotate(
        title=title,
        current_number=Subquery(newest.values("version__number")[:1]),
        since=Subquery(periods.values("since")[:1]),
    ).prefetch_related(Prefetch("review__reviewers", reviewers, "current_reviewers"))


def _state(entry: RolloutEntry, user: User) -> tuple[str, str]:
    """Returns the state of an entry (a key of ICONS) and its text."""
    review, version = entry.review, entry.version
    if review is None or version is None:
        return ("left_out", entry.reason) if entry.reason else ("waiting", _("In progress"))
    if review.state == "withdrawn":
        return "withdrawn", _("Withdrawn")
    since = entry.since  # type: ignore[attr-defined]
    if since:
        day = formats.date_format(since, "DATE_FORMAT")
        is_over = since <= timezone.localdate()
        text = _("Current since %s") if is_over else _("Scheduled for %s")
        return "current", text % day
    if review.state == "approved":
        return "approved", _("Approved")
    return _open(entry, review, user)


def _open(entry: RolloutEntry, review: Review, user: User) -> tuple[str, str]:
    assert entry.version is not None  # noqa: S101  # narrows the type
    current_number: int = entry.current_number  # type: ignore[attr-defined]
    if current_number != entry.version.number:
        return "moved_on", _("Replaced by version %d") % current_number
    if review.is_expired:
        return "expired", _("Review expired")
    reviewers: list[Reviewer] = review.current_reviewers  # type: ignore[attr-defined]
    pending = [one for one in reviewers if one.waiting_since and one.is_approver]
    waiting = [
        _("you") if reviewer.user_id == user.pk else str(reviewer)
        for reviewer in pending
        if reviewer.is_awaited  # type: ignore[attr-defined]
    ]
    if pending and not waiting:
        return "held", _("Needs another approver")
    if waiting:
        return "asked", _("Awaiting %s") % ", ".join(waiting)
    if any(last.kind == "ask_for_changes" for _reviewer, last in _last_decisions(entry)):
        return "changes", _("Changes requested")
    return "held", _("Approved, but the review is still open")
