"""The approval status of a review: the approvals of each section, and the pending decisions.
Read-only; `approval` acts on it.

An approval counts for a section as long as the section keeps its normalized hash (see
comparison.approval_hashes) and the same person has not requested changes to it since, in any
review of the job description. A section without an approver in this review must be the same as in
the last approved version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from roles.comparison import approval_hashes
from roles.comparison.approval_hashes import SectionHash
from roles.models import DecidedSection, Decision, Review, Reviewer, Round, Version
from roles.vocabulary import APPROVING

# The decisions that complete a section, by role.
COMPLETING = {"approver": APPROVING, "commenter": (*APPROVING, "read")}


@dataclass(frozen=True, slots=True)
class Vote:
    """One decision of a person about one section."""

    person: str
    kind: str
    section: str
    content_hash: str
    normalized_hash: str


@dataclass(frozen=True)
class ReviewerProgress:
    """A reviewer, their sections, and their progress with the current version."""

    reviewer: Reviewer
    sections: tuple[SectionHash, ...]  # assigned to them, in the order of the document
    completed: frozenset[str]  # keys of those they approved (commenters: approved or reviewed)
    decision: Decision | None  # their last in the current round
    is_turn: bool

    @property
    def pending_sections(self) -> tuple[SectionHash, ...]:
        """The sections that they still have to review or approve."""
        return tuple(section for section in self.sections if section.key not in self.completed)

    @property
    def asks_for_changes(self) -> bool:
        return self.decision is not None and self.decision.kind == "ask_for_changes"

    @property
    def is_pending(self) -> bool:
        """Whether their decision is pending."""
        return self.is_turn and bool(self.pending_sections) and not self.asks_for_changes


@dataclass(frozen=True)
class ApprovalStatus:
    """The status of one review in its current round."""

    review: Review
    round: Round
    sections: Mapping[str, SectionHash]
    reviewers: tuple[ReviewerProgress, ...]  # without removed reviewers, in order
    uncovered: tuple[SectionHash, ...]  # without an approver, and changed since the last approval

    @cached_property
    def open_words(self) -> list[str]:
        """Blank placeholders: a version with any of them can't be approved."""
        return self.round.version.document.open_words()

    @property
    def has_all_approvals(self) -> bool:
        """Whether every section has every approval it needs."""
        return not self.uncovered and not any(
            progress.pending_sections
            for progress in self.reviewers
            if progress.reviewer.is_approver
        )

    @property
    def is_complete(self) -> bool:
        """Whether the version can be approved."""
        return self.has_all_approvals and not self.open_words

    @property
    def pending_reviewers(self) -> list[ReviewerProgress]:
        return [progress for progress in self.reviewers if progress.is_pending]

    def progress_of(self, reviewer: Reviewer | None) -> ReviewerProgress | None:
        """Returns the progress of one reviewer, or None if they were removed."""
        key = reviewer.pk if reviewer else None
        return next((one for one in self.reviewers if one.reviewer.pk == key), None)


def status_of(review: Review, version: Version | None = None) -> ApprovalStatus:
    """Returns the status of a review, in a constant number of queries; with a newer `version`, the
    status if that version were sent now."""
    round = review.current_round()
    if version is not None:
        round = Round(review=review, number=round.number + 1, version=version)
    round.version.description = review.description
    sections = approval_hashes.section_hashes(round.version.document)
    all_reviewers = list(review.reviewers.select_related("user"))
    current = [reviewer for reviewer in all_reviewers if not reviewer.removal_reason]
    in_round = Decision.objects.filter(round=round.pk).order_by("created_at", "pk")
    return ApprovalStatus(
        review=review,
        round=round,
        sections=sections,
        reviewers=_progress(
            current,
            sections,
            votes(review.description_id),
            _people_by_reviewer(all_reviewers),
            {decision.reviewer_id: decision for decision in in_round},
            in_order=review.in_order,
        ),
        uncovered=_uncovered(review, current, sections),
    )


def person(reviewer: Reviewer) -> str:
    """Returns a key of the person that is the same in every review."""
    return f"user {reviewer.user_id}" if reviewer.user_id else reviewer.email


def completed(
    votes: Iterable[Vote], sections: Mapping[str, SectionHash], role: str
) -> frozenset[str]:
    """Returns the keys of the sections that these votes complete in that role. A request for
    changes cancels earlier votes on the same section."""
    found: set[str] = set()
    for vote in votes:
        section = sections.get(vote.section)
        if vote.kind == "ask_for_changes":
            found.discard(vote.section)
        elif (
            section is not None
            and section.is_approved_by(vote.content_hash, vote.normalized_hash)
            and vote.kind in COMPLETING[role]
        ):
            found.add(vote.section)
    return frozenset(found)


def votes(description_id: int) -> list[Vote]:
    """Returns all votes on the sections of a job description, oldest first."""
    decided = DecidedSection.objects.filter(
        decision__reviewer__review__description=description_id
    ).select_related("decision__reviewer")
    return [
        Vote(
            person(row.decision.reviewer),
            row.decision.kind,
            row.section,
            row.content_hash,
            row.normalized_hash,
        )
        for row in decided.order_by("decision__created_at", "decision_id")
    ]


def unapproved(description_id: int, sections: Iterable[SectionHash]) -> tuple[SectionHash, ...]:
    """Returns the sections that differ from the last approved version."""
    last = last_approved(description_id)
    approved = approval_hashes.section_hashes(last.document) if last else {}
    return approval_hashes.changed(approved, sections)


def last_approved(description_id: int, *, before: int | None = None) -> Version | None:
    """Returns the approved version with the highest number, lower than `before` if given."""
    approved = Version.objects.filter(description=description_id, approval__isnull=False)
    if before is not None:
        approved = approved.filter(number__lt=before)
    return approved.order_by("-number").first()


def _people_by_reviewer(reviewers: Iterable[Reviewer]) -> dict[int, set[str]]:
    """Returns, for each reviewer, the people whose votes count for them: themselves and those who
    delegated to them."""
    by_key = {reviewer.pk: reviewer for reviewer in reviewers}
    found: dict[int, set[str]] = {}
    for reviewer in by_key.values():
        current, people = reviewer, {person(reviewer)}
        while current.replaces_id in by_key:
            current = by_key[current.replaces_id]
            if current.removal_reason != "delegated":
                break
            people.add(person(current))
        found[reviewer.pk] = people
    return found


def _progress(
    reviewers: Sequence[Reviewer],
    sections: Mapping[str, SectionHash],
    votes: Sequence[Vote],
    people: Mapping[int, set[str]],
    decisions: Mapping[int, Decision],
    *,
    in_order: bool,
) -> tuple[ReviewerProgress, ...]:
    found: list[ReviewerProgress] = []
    is_turn = True
    for reviewer in reviewers:
        own = (vote for vote in votes if vote.person in people[reviewer.pk])
        done = completed(own, sections, reviewer.role)
        covered = tuple(section for key, section in sections.items() if reviewer.covers(key))
        progress = ReviewerProgress(reviewer, covered, done, decisions.get(reviewer.pk), is_turn)
        found.append(progress)
        if in_order and reviewer.is_approver and progress.pending_sections:
            is_turn = False
    return tuple(found)


def _uncovered(
    review: Review, reviewers: Iterable[Reviewer], sections: Mapping[str, SectionHash]
) -> tuple[SectionHash, ...]:
    approvers = [reviewer for reviewer in reviewers if reviewer.is_approver]
    uncovered = [
        section
        for key, section in sections.items()
        if not any(reviewer.covers(key) for reviewer in approvers)
    ]
    return unapproved(review.description_id, uncovered) if uncovered else ()
