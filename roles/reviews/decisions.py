"""Approve, approve with comments, ask for changes; and write down what was decided elsewhere."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from roles import drafts
from roles.comparison.approval_hashes import SectionHash
from roles.models import DecidedSection, Decision, Reviewer, Round, User
from roles.models.review import APPROVING
from roles.reviews import actors, approval, approval_eligibility, approval_status, notify
from roles.reviews.actors import Actor

KINDS = {
    "approver": (*APPROVING, "ask_for_changes"),
    "commenter": ("read", "ask_for_changes"),
}
WITH_WORDS = ("approve_with_comments", "ask_for_changes")


class Superseded(drafts.ActionRefused):
    """The decision is about a version that is no longer the one asked about."""


def decide(
    *,
    reviewer: Reviewer,
    round: Round,
    kind: str,
    text: str = "",
    by: Actor,
    is_told: bool = True,
) -> Decision:
    """A reviewer decides on the version of a round: approves every part that they are asked
    about, or asks for changes of those that do not hold their word (of all, where all do);
    `is_told`: whether the others are told. Raises Superseded where a newer round began,
    drafting.Refused where the review is closed, they left it, it is not their turn, they may
    not approve their own work, or words are missing."""
    return _decide(reviewer, round, kind, text, by, None, is_told=is_told)


def record_elsewhere(
    *, reviewer: Reviewer, round: Round, kind: str, reason: str, by: User
) -> Decision:
    """Write down what a reviewer decided outside the product; the record shows who did so and
    the reason (how they know). Raises as `decide` does."""
    if not reason.strip():
        raise drafts.ActionRefused(_("Say when and how it was given."))
    return _decide(reviewer, round, kind, reason, Actor(user=by), by)


def _decide(
    reviewer: Reviewer,
    round: Round,
    kind: str,
    text: str,
    by: Actor,
    recorder: User | None,
    *,
    is_told: bool = True,
) -> Decision:
    with transaction.atomic():
        review = actors.lock_review(reviewer.review)
        actors.refuse_closed(review, even_expired=False)
        found = approval_status.status_of(review)
        assignment = found.assignment(reviewer)
        if recorder and assignment is None:
            raise drafts.ActionRefused(_("%s no longer takes part in this review.") % reviewer)
        if assignment is None or not (recorder or _sits(assignment.reviewer, by)):
            raise drafts.ActionRefused(_("You do not take part in this review any more."))
        if found.round.pk != round.pk:
            raise Superseded(
                _("Version %d was sent meanwhile. See what changed before you decide.")
                % found.round.version.number
            )
        _refuse(found, assignment, kind, text, is_recorded=recorder is not None)
        decision = Decision(
            reviewer=assignment.reviewer,
            round=found.round,
            kind=kind,
            text=text,
            by=None if recorder else by.user,
            recorded_by=recorder,
        )
        decision.full_clean(validate_unique=False, validate_constraints=False)
        decision.save()
        DecidedSection.objects.bulk_create(
            DecidedSection(
                decision=decision,
                section=section.key,
                content_hash=section.content_hash,
                normalized_hash=section.normalized_hash,
            )
            for section in _about(assignment, kind)
        )
        actor = by if recorder else Actor(by.user, assignment.reviewer)
        _record(found, assignment, decision, actor)
        if is_told:
            _tell(found, decision, actor)
        approval.update_approval(review, by, asks=Actor(user=found.round.by), is_told=is_told)
    return decision


def _refuse(
    found: approval_status.ApprovalStatus,
    assignment: approval_status.Assignment,
    kind: str,
    text: str,
    *,
    is_recorded: bool,
) -> None:
    """Raise drafting.Refused, in words for the reviewer or for who writes down what they said."""
    reviewer = assignment.reviewer
    if kind not in KINDS[reviewer.role]:
        raise drafts.ActionRefused(_("Choose what you decide."))
    if not assignment.is_turn:
        words = _("Others are asked first. You get a mail when it is your turn.")
        if is_recorded:
            words = _("Others are asked before %s. Write down first what they decide.") % reviewer
        raise drafts.ActionRefused(words)
    if kind in WITH_WORDS and not text.strip():
        raise drafts.ActionRefused(_("Say in a few words what you mean."))
    if kind in APPROVING and approval_eligibility.is_own_work(reviewer, found.round.version):
        words = _("You saved this version or changed its draft: somebody else has to approve it.")
        if is_recorded:
            words = _("%s saved this version or changed its draft, and cannot approve it.")
            words %= reviewer
        raise drafts.ActionRefused(words)


def _sits(reviewer: Reviewer, by: Actor) -> bool:
    """Whether it is this person's own seat."""
    if by.user is not None:
        return reviewer.user_id == by.user.pk
    return by.reviewer is not None and by.reviewer.pk == reviewer.pk


def _record(
    found: approval_status.ApprovalStatus,
    assignment: approval_status.Assignment,
    decision: Decision,
    actor: Actor,
) -> None:
    actors.record(
        actor,
        "review.decided",
        found.review,
        decision,
        kind=decision.kind,
        reviewer=assignment.reviewer.pk,
        user=assignment.reviewer.user_id,
        number=found.round.version.number,
        round=found.round.number,
        recorded=decision.recorded_by is not None,
        sections={
            section.key: section.content_hash for section in _about(assignment, decision.kind)
        },
        text=actors.digest(decision.text),
    )


def _about(assignment: approval_status.Assignment, kind: str) -> tuple[SectionHash, ...]:
    """The parts that a decision of that kind is about. Who asks for changes of what is new does
    not take back what they approved before."""
    return (
        assignment.lacking or assignment.sections
        if kind == "ask_for_changes"
        else assignment.sections
    )


def _tell(found: approval_status.ApprovalStatus, decision: Decision, actor: Actor) -> None:
    if decision.recorded_by is not None:  # so that whose word it is can object
        notify.notify(
            found.review,
            "review.recorded",
            [decision.reviewer],
            actor,
            number=found.round.version.number,
        )
    notify.notify(
        found.review,
        "review.decided",
        notify.authors(found.review),
        actor,
        kind=decision.kind,
        reviewer=decision.reviewer.pk,
        number=found.round.version.number,
    )
