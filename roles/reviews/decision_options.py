"""The decisions that a reviewer can take now, and why others are missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from roles.models import Decision, Review, Version
from roles.reviews import approval_eligibility, approval_status, review_lock
from roles.reviews.approval_status import ApprovalStatus, ReviewerProgress
from roles.reviews.review_access import Reader
from roles.vocabulary import APPROVING

KINDS_BY_ROLE = {
    "approver": (*APPROVING, "ask_for_changes"),
    "commenter": ("read", "ask_for_changes"),
}
KINDS_WITH_TEXT = ("approve_with_comments", "ask_for_changes")  # a text is required


@dataclass(frozen=True)
class DecisionOptions:
    """`kinds` are the decisions that a person can take in the current round (keys of
    vocabulary.DECISIONS), `reason` says why others are missing. `progress` is None for people who
    aren't reviewers of this review."""

    status: ApprovalStatus
    progress: ReviewerProgress | None
    kinds: tuple[str, ...] = ()
    reason: str = ""

    @property
    def decision(self) -> Decision | None:
        return self.progress.decision if self.progress else None

    @property
    def is_approver(self) -> bool:
        return self.progress is not None and self.progress.reviewer.is_approver

    @property
    def is_done(self) -> bool:
        """Whether no further decision is needed from them."""
        return self.progress is not None and (
            self.decision is not None or not self.progress.pending_sections
        )

    @property
    def may_delegate(self) -> bool:
        return (
            bool(self.kinds) and self.progress is not None and not self.progress.reviewer.is_guest
        )


def options(reader: Reader) -> DecisionOptions:
    """Returns the decisions that the person can take in the current round of the review."""
    review, status = reader.review, approval_status.status_of(reader.review)
    progress = status.progress_of(reader.reviewer)
    if progress is None or not reader.may("review.decide"):
        return DecisionOptions(status, None)
    if reason := _closed(review):
        return DecisionOptions(status, progress, (), reason)
    return DecisionOptions(status, progress, *open_kinds(progress, status.round.version))


def open_kinds(progress: ReviewerProgress, version: Version) -> tuple[tuple[str, ...], str]:
    """Returns the decisions that a reviewer can take on the version of an open review, and why
    others are missing."""
    if not progress.is_turn:
        return (), _("Other reviewers go first. We’ll email you when it’s your turn.")
    kinds = KINDS_BY_ROLE[progress.reviewer.role]
    if progress.reviewer.is_approver and approval_eligibility.is_own_work(
        progress.reviewer, version
    ):
        reason = _("You worked on this version, so someone else must approve it.")
        return tuple(kind for kind in kinds if kind not in APPROVING), reason
    return kinds, ""


def _closed(review: Review) -> str:
    """Returns why the review takes no decisions, or an empty string."""
    if not review.is_open:
        return str(review_lock.ENDED[review.state])
    if review.is_expired:
        return _("This review has expired. Its author can set a new due date.")
    return ""
