"""Where a review stands, in words for those who keep it going."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from roles import comparison, permissions
from roles.exporters import change_messages
from roles.models import Decision, Review, Reviewer, Round, Suggestion, User, Version
from roles.reviews import approval_eligibility, approval_status, section_names
from roles.reviews.approval_status import ReviewerProgress
from roles.reviews.review_access import Reader
from roles.versions import effective_periods
from roles.web.reviews.request_review import is_changed


@dataclass(frozen=True)
class ReviewerStatus:
    """A seat as a page tells of it."""

    reviewer: Reviewer
    progress: ReviewerProgress | None = None  # None: removed
    decisions: Sequence[Decision] = ()  # all of theirs in this review, the newest first
    is_author: bool = False  # of this version, so that they cannot approve it
    round: Round | None = None  # the present one

    @property
    def decision(self) -> Decision | None:
        return self.decisions[0] if self.decisions else None

    @property
    def about(self) -> list[str]:
        """What they are asked about; nothing: everything."""
        progress = self.progress
        return section_names.names(progress.sections) if progress and self.reviewer.sections else []

    @property
    def is_all(self) -> bool:
        """Whether everything is still open with them."""
        return (
            self.progress is not None and not self.reviewer.sections and not self.progress.completed
        )

    @property
    def lacking(self) -> list[str]:
        return section_names.names(self.progress.pending_sections) if self.progress else []

    @property
    def is_gone(self) -> bool:
        """Whether it waits for somebody whose account is closed."""
        user = self.reviewer.user
        return user is not None and not user.is_active and bool(self.lacking)

    @property
    def code(self) -> str:
        """How it stands with them: changes, done, stands, waits or later."""
        if self.progress is None:
            return "left"
        if self.progress.asks_for_changes:
            return "changes"
        if not self.progress.pending_sections:
            return "done" if self.progress.decision else "stands"
        return "waits" if self.progress.is_turn else "later"


@dataclass(frozen=True)
class ReturningReviewer:
    """Somebody who would be asked, or would not, were a newer version sent."""

    reviewer: Reviewer
    about: list[str]
    is_all: bool
    is_author: bool


@dataclass(frozen=True)
class NextRound:
    """What sending a newer version would do."""

    version: Version
    sentences: list[str]  # what changed since the version that the reviewers have
    people: list[ReturningReviewer]
    uncovered: list[str]
    open_words: list[str]


@dataclass(frozen=True)
class ReviewStatus:
    """All of it. `for_author` are sentences: what the review waits for beside its reviewers."""

    version: Version
    rounds: Sequence[Round]
    entries: Sequence[ReviewerStatus]
    removed: Sequence[ReviewerStatus]
    for_author: list[str]
    is_changed: bool  # the draft says something that no version says
    newest: Version | None = None
    ahead: NextRound | None = None
    may_hold: bool = False  # approved, and may be made effective by who looks
    suggestions: int = 0
    waiting: list[ReviewerStatus] = field(default_factory=list)


def review_status(reader: Reader, user: User) -> ReviewStatus:
    """Where a review stands, for an author."""
    review = reader.review
    found = approval_status.status_of(review)
    version = found.round.version
    newest = review.description.versions.order_by("-number")[0]
    newest.description = review.description
    entries, removed = _entries(found)
    suggestions = Suggestion.objects.filter(thread__review=review, state="open").count()
    rounds = list(review.rounds.select_related("version", "by").order_by("-number"))
    may = permissions.may(user, "version.make_current", reader.relations - {"reviewer"})
    is_open = review.is_open
    return ReviewStatus(
        version=version,
        rounds=rounds,
        entries=entries,
        removed=removed,
        for_author=_for_author(found, entries) if is_open else [],
        is_changed=is_open and is_changed(newest),
        newest=newest,
        ahead=_ahead(review, version, newest) if is_open and newest.pk != version.pk else None,
        may_hold=may and review.state == "approved" and _may_hold(version),
        suggestions=suggestions,
        waiting=[one for one in entries if is_open and one.reviewer.waiting_since],
    )


def reviewer_status(review: Review, reviewer: Reviewer) -> ReviewerStatus:
    """One seat alone."""
    entries, removed = _entries(approval_status.status_of(review))
    return next(one for one in [*entries, *removed] if one.reviewer.pk == reviewer.pk)


def newest_round(review: Review) -> Round:
    """The present one."""
    return review.rounds.select_related("version").order_by("-number")[0]


def _entries(
    found: approval_status.ApprovalStatus,
) -> tuple[list[ReviewerStatus], list[ReviewerStatus]]:
    """Those who take part, and those who left."""
    review = found.review
    said: dict[int, list[Decision]] = {}
    every = Decision.objects.filter(reviewer__review=review).order_by("-created_at", "-pk")
    for decision in every.select_related("round__version", "by", "recorded_by"):
        said.setdefault(decision.reviewer_id, []).append(decision)
    may_not = approval_eligibility.authors(found.round.version)
    entries = [
        ReviewerStatus(
            progress.reviewer,
            progress,
            said.get(progress.reviewer.pk, []),
            _is_stuck(progress, may_not),
            found.round,
        )
        for progress in found.reviewers
    ]
    left = review.reviewers.exclude(removal_reason="").select_related("user", "removed_by")
    by_key = {one.reviewer.pk: one.reviewer for one in entries} | {one.pk: one for one in left}
    for one in by_key.values():
        if one.replaces_id in by_key:
            one.replaces = by_key[one.replaces_id]
    return entries, [ReviewerStatus(one, None, said.get(one.pk, [])) for one in left]


def _is_stuck(progress: ReviewerProgress, may_not: set[int]) -> bool:
    """Whether they are to approve what they worked on."""
    is_to = progress.reviewer.is_approver and bool(progress.pending_sections)
    return is_to and progress.reviewer.user_id in may_not


def _for_author(
    found: approval_status.ApprovalStatus, entries: Iterable[ReviewerStatus]
) -> list[str]:
    """What only the author can do about it, one sentence each."""
    said = []
    for one in entries:
        if one.code == "changes":
            said.append(_("%s asks for changes.") % one.reviewer)
        if one.is_gone:
            words = _("%s can no longer sign in. Put somebody else there.")
            said.append(words % one.reviewer)
        if one.is_author:
            words = _("%s worked on this version, and cannot approve it. Put somebody else there.")
            said.append(words % one.reviewer)
    if found.open_words:
        words = _("Open placeholders: %s. Such a version can never be approved.")
        said.append(words % ", ".join(found.open_words))
    if found.uncovered:
        words = _("Nobody is asked to approve: %s. Add an approver.")
        said.append(words % ", ".join(section_names.names(found.uncovered)))
    return said


def _ahead(review: Review, version: Version, newest: Version) -> NextRound:
    found = approval_status.status_of(review, newest)
    may_not = approval_eligibility.authors(newest)
    compared = comparison.compare(version.document, newest.document)
    return NextRound(
        version=newest,
        sentences=change_messages.sentences(compared),
        people=[
            ReturningReviewer(
                progress.reviewer,
                section_names.names(progress.pending_sections),
                is_all=not progress.reviewer.sections and not progress.completed,
                is_author=_is_stuck(progress, may_not),
            )
            for progress in found.reviewers
        ],
        uncovered=section_names.names(found.uncovered),
        open_words=found.open_words,
    )


def _may_hold(version: Version) -> bool:
    """Whether it can be made effective, and is not."""
    known = effective_periods.statuses(version.description, timezone.localdate()).get(version.pk)
    return known is None and not effective_periods.obstacle(version, version.description)
