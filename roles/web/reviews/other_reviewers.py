"""The reviewers of a review as the others see them."""

from __future__ import annotations

from dataclasses import dataclass

from roles.reviews.approval_status import ApprovalStatus, ReviewerProgress
from roles.reviews.reader_view import ReaderView


@dataclass(frozen=True)
class OtherReviewer:
    """A reviewer as others see them. `state` is the kind of their decision, or approved_before,
    pending or later; `text` is the text of the decision if the reader can see all its sections;
    `replaces` is the name of the previous reviewer."""

    progress: ReviewerProgress
    state: str
    text: str
    replaces: str


def other_reviewers(status: ApprovalStatus, view: ReaderView) -> list[OtherReviewer]:
    """Returns the current reviewers with their progress."""
    visible = view.complete_sections
    replaced = _replaced_names(status)
    return [
        OtherReviewer(
            progress,
            _state(progress),
            _text(progress, visible),
            replaced.get(progress.reviewer.replaces_id or 0, ""),
        )
        for progress in status.reviewers
    ]


def _state(progress: ReviewerProgress) -> str:
    if progress.decision is not None:
        return str(progress.decision.kind)
    if not progress.pending_sections:
        return "approved_before"
    return "pending" if progress.is_turn else "later"


def _text(progress: ReviewerProgress, visible: set[str]) -> str:
    if progress.decision is None or not {one.key for one in progress.sections} <= visible:
        return ""
    return progress.decision.text


def _replaced_names(status: ApprovalStatus) -> dict[int, str]:
    """Returns the names of replaced reviewers, by reviewer id."""
    keys = [one.reviewer.replaces_id for one in status.reviewers if one.reviewer.replaces_id]
    if not keys:
        return {}
    replaced = status.review.reviewers.filter(pk__in=keys).select_related("user")
    return {reviewer.pk: str(reviewer) for reviewer in replaced}
