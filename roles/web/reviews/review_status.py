"""The status of a review as its authors see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from roles import assembly, comparison, permissions
from roles.exporters import change_messages
from roles.models import Decision, Review, Reviewer, Round, Suggestion, User, Version
from roles.reviews import approval_eligibility, approval_status, section_names
from roles.reviews.approval_status import ReviewerProgress
from roles.reviews.review_access import Reader
from roles.versions import effective_periods


@dataclass(frozen=True)
class ReviewerStatus:
    """A reviewer as a page shows them."""

    reviewer: Reviewer
    progress: ReviewerProgress | None = None  # None: removed
    decisions: Sequence[Decision] = ()  # all of theirs in this review, the newest first
    is_author: bool = False  # of this version, so they can't approve it
    round: Round | None = None  # the current one

    @property
    def decision(self) -> Decision | None:
        return self.decisions[0] if self.decisions else None

    @property
    def about(self) -> list[str]:
        """The names of their sections; empty: all sections."""
        progress = self.progress
        return section_names.names(progress.sections) if progress and self.reviewer.sections else []

    @property
    def is_all(self) -> bool:
        """Whether all sections are still pending."""
        return (
            self.progress is not None and not self.reviewer.sections and not self.progress.completed
        )

    @property
    def pending_sections(self) -> list[str]:
        return section_names.names(self.progress.pending_sections) if self.progress else []

    @property
    def is_gone(self) -> bool:
        """Whether a decision is pending from a reviewer with a deactivated account."""
        user = self.reviewer.user
        return user is not None and not user.is_active and bool(self.pending_sections)

    @property
    def code(self) -> str:
        """The state: removed, changes, done, approved_before, pending or later."""
        if self.progress is None:
            return "removed"
        if self.progress.asks_for_changes:
            return "changes"
        if not self.progress.pending_sections:
            return "done" if self.progress.decision else "approved_before"
        return "pending" if self.progress.is_turn else "later"


@dataclass(frozen=True)
class ReturningReviewer:
    """A reviewer of the next round and their pending sections."""

    reviewer: Reviewer
    about: list[str]
    is_all: bool
    is_author: bool


@dataclass(frozen=True)
class NextRound:
    """The effects of sending a newer version."""

    version: Version
    sentences: list[str]  # the changes since the version under review
    people: list[ReturningReviewer]
    uncovered: list[str]
    open_words: list[str]


@dataclass(frozen=True)
class ReviewStatus:
    """The whole status. `for_author` are the tasks of the authors, as sentences."""

    version: Version
    rounds: Sequence[Round]
    entries: Sequence[ReviewerStatus]
    removed: Sequence[ReviewerStatus]
    for_author: list[str]
    is_changed: bool  # the draft differs from the newest version
    newest: Version | None = None
    next_round: NextRound | None = None
    may_make_current: bool = False  # approved, and the reader may make it current
    suggestions: int = 0
    waiting: list[ReviewerStatus] = field(default_factory=list)

    @property
    def is_author_next(self) -> bool:
        """Whether the approval waits for no approver who can still decide."""
        return not any(one.reviewer.is_approver and not one.is_gone for one in self.waiting)


def review_status(reader: Reader, user: User) -> ReviewStatus:
    """Returns the status of a review for an author."""
    review = reader.review
    status = approval_status.status_of(review)
    version = status.round.version
    newest = review.description.versions.order_by("-number")[0]
    newest.description = review.description
    entries, removed = _entries(status)
    suggestions = Suggestion.objects.filter(thread__review=review, state="open").count()
    rounds = list(review.rounds.select_related("version", "by").order_by("-number"))
    may = permissions.may(user, "version.make_current", reader.relations - {"reviewer"})
    is_open = review.is_open
    return ReviewStatus(
        version=version,
        rounds=rounds,
        entries=entries,
        removed=removed,
        for_author=_for_author(status, entries) if is_open else [],
        is_changed=is_open and is_changed(newest),
        newest=newest,
        next_round=_next_round(review, version, newest)
        if is_open and newest.pk != version.pk
        else None,
        may_make_current=may and review.state == "approved" and _may_make_current(version),
        suggestions=suggestions,
        waiting=[one for one in entries if is_open and one.reviewer.waiting_since],
    )


def reviewer_status(review: Review, reviewer: Reviewer) -> ReviewerStatus:
    """Returns the status of one reviewer."""
    entries, removed = _entries(approval_status.status_of(review))
    return next(one for one in [*entries, *removed] if one.reviewer.pk == reviewer.pk)


def is_changed(version: Version) -> bool:
    """Whether the draft differs from the version."""
    return not version.has(assembly.assemble(version.description))


def newest_round(review: Review) -> Round:
    """Returns the current round."""
    return review.rounds.select_related("version").order_by("-number")[0]


def _entries(
    status: approval_status.ApprovalStatus,
) -> tuple[list[ReviewerStatus], list[ReviewerStatus]]:
    """The current reviewers, and the removed ones."""
    review = status.review
    decisions: dict[int, list[Decision]] = {}
    every = Decision.objects.filter(reviewer__review=review).order_by("-created_at", "-pk")
    for decision in every.select_related("round__version", "by", "recorded_by"):
        decisions.setdefault(decision.reviewer_id, []).append(decision)
    authors = approval_eligibility.authors(status.round.version)
    entries = [
        ReviewerStatus(
            progress.reviewer,
            progress,
            decisions.get(progress.reviewer.pk, []),
            _is_stuck(progress, authors),
            status.round,
        )
        for progress in status.reviewers
    ]
    left = review.reviewers.exclude(removal_reason="").select_related("user", "removed_by")
    by_key = {one.reviewer.pk: one.reviewer for one in entries} | {one.pk: one for one in left}
    for one in by_key.values():
        if one.replaces_id in by_key:
            one.replaces = by_key[one.replaces_id]
    return entries, [ReviewerStatus(one, None, decisions.get(one.pk, [])) for one in left]


def _is_stuck(progress: ReviewerProgress, authors: set[int]) -> bool:
    """Whether they would have to approve their own work."""
    is_to = progress.reviewer.is_approver and bool(progress.pending_sections)
    return is_to and progress.reviewer.user_id in authors


def _for_author(
    status: approval_status.ApprovalStatus, entries: Iterable[ReviewerStatus]
) -> list[str]:
    """Returns the tasks of the authors, one sentence each."""
    sentences = []
    for one in entries:
        if one.code == "changes":
            sentences.append(_("%s requested changes.") % one.reviewer)
        if one.is_gone:
            message = _("%s can no longer sign in. Replace them.")
            sentences.append(message % one.reviewer)
        if one.is_author:
            message = _("%s worked on this version, so they can’t approve it. Replace them.")
            sentences.append(message % one.reviewer)
    if status.open_words:
        message = _("Still to fill in: %s. A version with blanks can’t be approved.")
        sentences.append(message % ", ".join(status.open_words))
    if status.uncovered:
        message = _("No approver is assigned to: %s. Add one.")
        sentences.append(message % ", ".join(section_names.names(status.uncovered)))
    return sentences


def _next_round(review: Review, version: Version, newest: Version) -> NextRound:
    status = approval_status.status_of(review, newest)
    authors = approval_eligibility.authors(newest)
    compared = comparison.compare(version.document, newest.document)
    return NextRound(
        version=newest,
        sentences=change_messages.sentences(compared),
        people=[
            ReturningReviewer(
                progress.reviewer,
                section_names.names(progress.pending_sections),
                is_all=not progress.reviewer.sections and not progress.completed,
                is_author=_is_stuck(progress, authors),
            )
            for progress in status.reviewers
        ],
        uncovered=section_names.names(status.uncovered),
        open_words=status.open_words,
    )


def _may_make_current(version: Version) -> bool:
    """Whether the version can be made current and isn't yet."""
    known = effective_periods.statuses(version.description, timezone.localdate()).get(version.pk)
    return known is None and not effective_periods.obstacle(version, version.description)
