"""Decisions of reviewers: approve, approve with comments, request changes, mark as reviewed; and
decisions given outside the product that an author records."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from roles import drafts
from roles.comparison.approval_hashes import SectionHash
from roles.models import DecidedSection, Decision, Review, Reviewer, User
from roles.reviews import (
    approval,
    approval_status,
    decision_options,
    notify,
    review_events,
    review_lock,
)
from roles.reviews.actor import Actor
from roles.reviews.approval_status import ApprovalStatus, ReviewerProgress


class Superseded(drafts.ActionRefused):
    """The decision is about an earlier round; `current_round` is the number of the current."""

    def __init__(self, message: str, current_round: int) -> None:
        super().__init__(message)
        self.current_round = current_round


def decide(
    *,
    reviewer: Reviewer,
    round: int,
    kind: str,
    text: str = "",
    by: Actor,
    should_notify: bool = True,
) -> Decision:
    """Records a reviewer's decision on the version of a round (its number): approves all
    their sections, or requests changes to those they have not approved (to all if they approved
    all). `should_notify`: whether the authors and the next reviewers are
    notified. Raises Superseded if there is a newer round, drafts.ActionRefused if the review is
    closed, the reviewer was removed, it is not their turn, it is their own work, or the text is
    missing."""
    with transaction.atomic():
        status = approval_status.status_of(review_lock.lock_open(reviewer.review))
        progress = status.progress_of(reviewer)
        if progress is None or not _is_reviewer(progress.reviewer, by):
            raise drafts.ActionRefused(_("You’re no longer a reviewer."))
        _check_round(status, round)
        _check(status, progress, kind, text)
        decision = Decision(
            reviewer=progress.reviewer, round=status.round, kind=kind, text=text, by=by.user
        )
        actor = Actor(by.user, progress.reviewer)
        _save(status, progress, decision, actor)
        if should_notify:
            _notify_authors(status, decision, actor)
        asked_by = Actor(user=status.round.by)
        approval.update(status.review, by, asked_by=asked_by, should_notify=should_notify)
    return decision


def record_elsewhere(
    *, reviewer: Reviewer, round: int, kind: str, reason: str, by: User
) -> Decision:
    """Records a decision that a reviewer gave outside the product; the audit record shows who
    recorded it and the reason (how they know). Raises as `decide` does."""
    if not reason.strip():
        raise drafts.ActionRefused(_("Enter when and how they decided."))
    with transaction.atomic():
        status = approval_status.status_of(review_lock.lock_open(reviewer.review))
        progress = status.progress_of(reviewer)
        if progress is None:
            raise drafts.ActionRefused(_("%s is no longer a reviewer.") % reviewer)
        _check_round(status, round)
        _check(status, progress, kind, reason, is_recorded=True)
        decision = Decision(
            reviewer=progress.reviewer,
            round=status.round,
            kind=kind,
            text=reason,
            recorded_by=by,
        )
        actor = Actor(user=by)
        _save(status, progress, decision, actor)
        number = status.round.version.number  # so that the reviewer can object
        notify.notify(status.review, "review.recorded", [progress.reviewer], actor, number=number)
        _notify_authors(status, decision, actor)
        approval.update(status.review, actor, asked_by=Actor(user=status.round.by))
    return decision


def _is_reviewer(reviewer: Reviewer, by: Actor) -> bool:
    """Whether the person is this reviewer."""
    if by.user is not None:
        return reviewer.user_id == by.user.pk
    return by.reviewer is not None and by.reviewer.pk == reviewer.pk


def _check_round(status: ApprovalStatus, round: int) -> None:
    if round < status.round.number:
        raise Superseded(
            _(
                "Version %d was sent after you opened this page."
                " Check the changes before you decide."
            )
            % status.round.version.number,
            current_round=status.round.number,
        )
    if round > status.round.number:
        raise drafts.ActionRefused(_("This round doesn’t exist. Reload the page."))


def _check(
    status: ApprovalStatus,
    progress: ReviewerProgress,
    kind: str,
    text: str,
    *,
    is_recorded: bool = False,
) -> None:
    """Raises drafts.ActionRefused with a message for the reviewer, or for the author who records
    the decision."""
    if kind not in decision_options.KINDS_BY_ROLE[progress.reviewer.role]:
        raise drafts.ActionRefused(_("Choose a decision."))
    kinds, reason = decision_options.open_kinds(progress, status.round.version)
    if kind not in kinds:
        raise drafts.ActionRefused(_reason_for_author(progress) if is_recorded else reason)
    if kind in decision_options.KINDS_WITH_TEXT and not text.strip():
        raise drafts.ActionRefused(_("Enter a comment."))


def _reason_for_author(progress: ReviewerProgress) -> str:
    """Returns, for the author, why the reviewer can't take the decision."""
    if not progress.is_turn:
        message = _("Other reviewers come before %s. Record their decisions first.")
    else:
        message = _("%s worked on this version, so they can’t approve it.")
    return message % progress.reviewer


def _save(
    status: ApprovalStatus, progress: ReviewerProgress, decision: Decision, actor: Actor
) -> None:
    """Saves the decision with its sections and records an event."""
    sections = _decided_sections(progress, decision.kind)
    decision.full_clean(validate_unique=False, validate_constraints=False)
    decision.save()
    DecidedSection.objects.bulk_create(
        DecidedSection(
            decision=decision,
            section=section.key,
            content_hash=section.content_hash,
            normalized_hash=section.normalized_hash,
        )
        for section in sections
    )
    review_events.record(
        actor,
        "review.decided",
        status.review,
        decision,
        kind=decision.kind,
        reviewer=progress.reviewer.pk,
        user=progress.reviewer.user_id,
        number=status.round.version.number,
        round=status.round.number,
        recorded=decision.recorded_by is not None,
        sections={section.key: section.content_hash for section in sections},
        text=review_events.digest(decision.text),
    )


def _decided_sections(progress: ReviewerProgress, kind: str) -> tuple[SectionHash, ...]:
    """Returns the sections that a decision of that kind covers. A request for changes to new
    sections doesn't cancel earlier approvals."""
    if kind == "ask_for_changes":
        return progress.pending_sections or progress.sections
    return progress.sections


def _notify_authors(status: ApprovalStatus, decision: Decision, actor: Actor) -> None:
    notify.notify(
        status.review,
        "review.decided",
        notify.authors(status.review),
        actor,
        kind=decision.kind,
        reviewer=decision.reviewer.pk,
        number=status.round.version.number,
    )


def with_feedback(review: Review) -> list[Decision]:
    """Returns the last decision of each reviewer in the current round, where it has a text for the
    authors: a request for changes, or an approval with comments."""
    current = Decision.objects.filter(round=review.current_round(), reviewer__removal_reason="")
    last = {row.reviewer_id: row for row in current.select_related("reviewer__user")}
    return [row for row in last.values() if row.kind in decision_options.KINDS_WITH_TEXT]
