"""Where a review stands: which parts of its version hold whose approval, and who is still asked.

An approval stands for a part as long as the part keeps its sense (see comparison.parts) and the
same person did not ask for changes of it since, in whatever review of the job description it
was given. A part that no approver of this review is asked about needs to read as it did in the
version that was approved last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from roles.comparison import approval_hashes
from roles.comparison.approval_hashes import SectionHash
from roles.models import Approval, DecidedSection, Decision, Review, Reviewer, Round, Version
from roles.models.review import APPROVING

# What settles a part: for those who approve, and for those who are only consulted.
CONSENTS = {"approver": APPROVING, "commenter": (*APPROVING, "read")}


@dataclass(frozen=True, slots=True)
class Vote:
    """What a person once said of one part, in the order in which it was said."""

    person: str
    kind: str
    section: str
    normalized_hash: str


@dataclass(frozen=True)
class Assignment:
    """A reviewer, and how far they are with the present version."""

    reviewer: Reviewer
    sections: tuple[SectionHash, ...]  # those they are asked about, in the order of the document
    agreed: frozenset[str]  # keys of those that hold their word
    decision: Decision | None  # their last in the present round
    is_turn: bool

    @property
    def lacking(self) -> tuple[SectionHash, ...]:
        """The parts that they have yet to read or to approve."""
        return tuple(section for section in self.sections if section.key not in self.agreed)

    @property
    def asks_for_changes(self) -> bool:
        return self.decision is not None and self.decision.kind == "ask_for_changes"

    @property
    def is_waited_for(self) -> bool:
        return self.is_turn and bool(self.lacking) and not self.asks_for_changes


@dataclass(frozen=True)
class ApprovalStatus:
    """Of one review, at its present round."""

    review: Review
    round: Round
    sections: Mapping[str, SectionHash]
    assignments: tuple[Assignment, ...]  # of those who did not leave, in order
    uncovered: tuple[
        SectionHash, ...
    ]  # that nobody approves and that are new since the last approval

    @cached_property
    def open_words(self) -> list[str]:
        """Placeholders still open: such a version can never be approved."""
        return self.round.version.document.open_words()

    @property
    def is_agreed(self) -> bool:
        """Whether every part holds every approval."""
        return not self.uncovered and not any(
            assignment.lacking for assignment in self.assignments if assignment.reviewer.is_approver
        )

    @property
    def is_complete(self) -> bool:
        return self.is_agreed and not self.open_words

    @property
    def waited_for(self) -> list[Assignment]:
        return [assignment for assignment in self.assignments if assignment.is_waited_for]

    def assignment(self, reviewer: Reviewer) -> Assignment | None:
        return next(
            (
                assignment
                for assignment in self.assignments
                if assignment.reviewer.pk == reviewer.pk
            ),
            None,
        )


def status_of(review: Review, version: Version | None = None) -> ApprovalStatus:
    """Where it stands, by a constant number of queries; with a newer `version`, where it would
    stand were that one sent now."""
    round = review.rounds.select_related("version", "by").order_by("-number")[0]
    if version is not None:
        round = Round(review=review, number=round.number + 1, version=version)
    round.version.description = review.description
    sections = approval_hashes.section_hashes(round.version.document)
    everybody = list(review.reviewers.select_related("user"))
    reviewers = [reviewer for reviewer in everybody if not reviewer.removal_reason]
    said = votes(review.description_id)
    own = Decision.objects.filter(round=round.pk).order_by("created_at", "pk")
    decisions = {decision.reviewer_id: decision for decision in own}
    return ApprovalStatus(
        review=review,
        round=round,
        sections=sections,
        assignments=_assignments(review, reviewers, sections, said, _chains(everybody), decisions),
        uncovered=_uncovered(review, reviewers, sections),
    )


def person(reviewer: Reviewer) -> str:
    """Who sits there, the same in every review."""
    return f"user {reviewer.user_id}" if reviewer.user_id else reviewer.email


def agreed(votes: Iterable[Vote], sections: Mapping[str, SectionHash], role: str) -> frozenset[str]:
    """The keys of the parts that hold the word of the people whose votes these are, in that
    role. Who asks for changes takes back what they said of those parts."""
    found: set[str] = set()
    for vote in votes:
        section = sections.get(vote.section)
        if vote.kind == "ask_for_changes":
            found.discard(vote.section)
        elif (
            section is not None
            and vote.normalized_hash == section.normalized_hash
            and vote.kind in CONSENTS[role]
        ):
            found.add(vote.section)
    return frozenset(found)


def votes(description_id: int) -> list[Vote]:
    """What everybody said of a job description's parts, in the order in which it was said."""
    said = DecidedSection.objects.filter(
        decision__reviewer__review__description=description_id
    ).select_related("decision__reviewer")
    return [
        Vote(person(row.decision.reviewer), row.decision.kind, row.section, row.normalized_hash)
        for row in said.order_by("decision__created_at", "decision_id")
    ]


def _chains(reviewers: Iterable[Reviewer]) -> dict[int, set[str]]:
    """By seat, the people whose word it carries: its own, and of those who delegated to it."""
    by_key = {reviewer.pk: reviewer for reviewer in reviewers}
    found: dict[int, set[str]] = {}
    for reviewer in by_key.values():
        here, people = reviewer, {person(reviewer)}
        while here.replaces_id in by_key:
            here = by_key[here.replaces_id]
            if here.removal_reason != "delegated":
                break
            people.add(person(here))
        found[reviewer.pk] = people
    return found


def _assignments(
    review: Review,
    reviewers: Sequence[Reviewer],
    sections: Mapping[str, SectionHash],
    votes: Sequence[Vote],
    chains: Mapping[int, set[str]],
    decisions: Mapping[int, Decision],
) -> tuple[Assignment, ...]:
    assignments: list[Assignment] = []
    is_turn = True
    for reviewer in reviewers:
        own = (vote for vote in votes if vote.person in chains[reviewer.pk])
        said = agreed(own, sections, reviewer.role)
        covered = tuple(section for key, section in sections.items() if reviewer.covers(key))
        assignment = Assignment(reviewer, covered, said, decisions.get(reviewer.pk), is_turn)
        assignments.append(assignment)
        if review.in_order and reviewer.is_approver and assignment.lacking:
            is_turn = False
    return tuple(assignments)


def _uncovered(
    review: Review, reviewers: Iterable[Reviewer], sections: Mapping[str, SectionHash]
) -> tuple[SectionHash, ...]:
    approvers = [reviewer for reviewer in reviewers if reviewer.is_approver]
    alone = [p for key, p in sections.items() if not any(r.covers(key) for r in approvers)]
    return unapproved(review.description_id, alone) if alone else ()


def unapproved(description_id: int, sections: Iterable[SectionHash]) -> tuple[SectionHash, ...]:
    """Those that do not read as they did in the version that was approved last."""
    approvals = Approval.objects.filter(version__description=description_id)
    last = approvals.select_related("version").order_by("-version__number").first()
    held = approval_hashes.section_hashes(last.version.document) if last else {}
    return tuple(
        section
        for section in sections
        if section.key not in held or held[section.key].normalized_hash != section.normalized_hash
    )
