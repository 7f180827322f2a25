"""Reviews of generated versions, their notifications, and rollouts.

Decisions name no sections, which only the page of a review needs.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from bench.scale import words
from bench.scale.company_rows import Company
from bench.scale.description_rows import DescriptionBatch
from bench.scale.sampling import STATEMENT_ROWS, weighted
from bench.scale.times import own_times, random_time
from roles.models import (
    Approval,
    Decision,
    Notification,
    Review,
    Reviewer,
    Rollout,
    RolloutEntry,
    Round,
    SnippetRevision,
    User,
    Version,
)

ROLLOUT = 20  # job descriptions in one
KINDS = {"approve": 85, "approve_with_comments": 15}


@dataclass
class ReviewBatch:
    """Rows of the reviews of a batch of job descriptions."""

    rng: random.Random
    company: Company
    reviews: list[Review] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    reviewers: list[Reviewer] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)

    def add(self, versions: Sequence[Version], current: set[Version]) -> None:
        """Adds the reviews of one job description: of each version that was current, and of the
        last one if it is approved or in review. Some others were withdrawn."""
        for version in versions:
            status = version.description.status
            is_last = version is versions[-1]
            if version in current or (is_last and status == "approved"):
                self._review(version, "approved")
            elif is_last and status == "in_review":
                self._review(version, "open")
            elif self.rng.random() < 0.2:
                self._review(version, "withdrawn")

    def save(self) -> None:
        with own_times(
            *((model, "created_at") for model in (Review, Round, Reviewer, Decision, Notification))
        ):
            Review.objects.bulk_create(self.reviews, STATEMENT_ROWS)
            Round.objects.bulk_create(self.rounds, STATEMENT_ROWS)
            Reviewer.objects.bulk_create(self.reviewers, STATEMENT_ROWS)
            Decision.objects.bulk_create(self.decisions, STATEMENT_ROWS)
            Notification.objects.bulk_create(self.notifications, STATEMENT_ROWS)
        Approval.objects.bulk_create(self.approvals, STATEMENT_ROWS)

    def _review(self, version: Version, state: str) -> None:
        rng, description = self.rng, version.description
        asked_at = random_time(rng)
        review = Review(
            description=description,
            state=state,
            due=asked_at.date() + timedelta(days=14) if rng.random() < 0.7 else None,
            expires=asked_at.date() + timedelta(days=60),
            requested_by=description.owner,
            created_at=asked_at,
            version_number=version.number,
            title=version.title,
        )
        if state == "open":
            today = timezone.localdate()
            review.expires = today + timedelta(days=rng.randrange(1, 60))
            review.due = review.due and today + timedelta(days=rng.randrange(-20, 40))
        else:
            review.ended_at, review.ended_by = asked_at + timedelta(days=9), description.owner
        self.reviews.append(review)
        self.rounds.append(
            Round(review=review, number=1, version=version, by=review.requested_by,
                  created_at=asked_at)
        )  # fmt: skip
        asked = rng.sample(self.company.reviewers, rng.choice((1, 1, 2, 3)))
        waiting = [self._reviewer(review, person) for person in asked]
        review.awaits_author = state == "open" and not any(waiting)
        if state == "approved":
            self.approvals.append(Approval(version=version, review=review))
            self._notify(review, description.owner, "review.approved", asked_at)

    def _reviewer(self, review: Review, person: User) -> bool:
        """Adds a reviewer with a decision, unless the review was withdrawn. Returns whether they
        are pending."""
        rng = self.rng
        is_pending = review.state == "open" and rng.random() < 0.8
        reviewer = Reviewer(
            review=review,
            user=person,
            waiting_since=review.created_at if is_pending else None,
            seen=[] if is_pending else [review.version_number],
            created_at=review.created_at,
        )
        self.reviewers.append(reviewer)
        self._notify(review, person, "review.asked", review.created_at)
        if not is_pending and review.state != "withdrawn":
            kind = "ask_for_changes" if review.state == "open" else weighted(rng, KINDS)
            decided_at = review.created_at + timedelta(days=rng.randrange(1, 9))
            self.decisions.append(
                Decision(reviewer=reviewer, round=self.rounds[-1], kind=kind, by=person,
                         created_at=decided_at)
            )  # fmt: skip
            if kind == "ask_for_changes":
                asked_at = review.changes_requested_at
                review.changes_requested_at = max(asked_at or decided_at, decided_at)
            self._notify(review, review.requested_by, "review.decided", decided_at, reviewer)
        return is_pending

    def _notify(
        self, review: Review, to: User, verb: str, at: datetime, by: Reviewer | None = None
    ) -> None:
        """A tenth is still unread."""
        self.notifications.append(
            Notification(
                user=to,
                reviewer=by,
                verb=verb,
                review=review,
                description=review.description,
                by=review.requested_by if by is None else by.user,
                what={"round": 1, "number": review.version_number},
                created_at=at,
                read_at=None if self.rng.random() < 0.1 else at + timedelta(days=1),
                emailed_at=at,
            )
        )


def create_reviews(
    batch: DescriptionBatch,
    versions: Sequence[Sequence[Version]],
    current: set[Version],
) -> list[Decision]:
    """Creates the reviews of versions, by job description, and rollouts of some of those that are
    approved. `current` are the versions that are or were current. Returns the decisions."""
    made = ReviewBatch(batch.rng, batch.company)
    for of_description in versions:
        made.add(of_description, current)
    approved = [review for review in made.reviews if review.state == "approved"]
    _roll_out(batch, approved)
    made.save()
    _add_entries(made)
    return made.decisions


def _roll_out(batch: DescriptionBatch, approved: list[Review]) -> None:
    """Creates the rollouts that some of these reviews belong to."""
    rng = batch.rng
    once = list({review.description_id: review for review in approved}.values())
    pool = [line.revision for line in batch.lines if line.revision is not None]
    for first in range(0, len(once) // 2 - ROLLOUT, ROLLOUT):
        revision: SnippetRevision = rng.choice(pool)
        at = random_time(rng)
        rollout = Rollout(
            revision=revision,
            by=rng.choice(batch.company.authors),
            approver=rng.choice(batch.company.managers),
            note=rng.choice(words.NOTES),
            created_at=at,
            finished_at=at + timedelta(minutes=1),
        )
        with own_times((Rollout, "created_at")):
            rollout.save(force_insert=True)
        for review in once[first : first + ROLLOUT]:
            review.rollout = rollout


def _add_entries(made: ReviewBatch) -> None:
    versions = {round.review.pk: round.version for round in made.rounds}
    RolloutEntry.objects.bulk_create(
        (
            RolloutEntry(
                rollout=review.rollout,
                description=review.description,
                version=versions[review.pk],
                review=review,
            )
            for review in made.reviews
            if review.rollout is not None
        ),
        STATEMENT_ROWS,
    )
