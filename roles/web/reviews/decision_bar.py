"""What a reader of a review may decide, why not, and what comes of what they decided."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from roles.comparison import approval_hashes
from roles.models import Decision, Review, User
from roles.models.review import APPROVING, ReviewQuerySet
from roles.reviews import approval_eligibility, decisions, requests
from roles.reviews.approval_status import ApprovalStatus, Assignment
from roles.reviews.review_access import Reader
from roles.web.reviews.reader_view import ReaderView

WAITING_SHOWN = 5  # other reviews that wait for the person


@dataclass(frozen=True)
class DecisionBar:
    """`kinds` are the decisions open to the person, `why` says why others are not."""

    assignment: Assignment | None
    kinds: tuple[str, ...]
    why: str = ""

    @property
    def decision(self) -> Decision | None:
        return self.assignment.decision if self.assignment else None

    @property
    def is_approver(self) -> bool:
        return self.assignment is not None and self.assignment.reviewer.is_approver

    @property
    def is_done(self) -> bool:
        """Whether nothing more is asked of them."""
        return self.assignment is not None and (
            self.decision is not None or not self.assignment.lacking
        )

    @property
    def may_delegate(self) -> bool:
        return (
            bool(self.kinds)
            and self.assignment is not None
            and not self.assignment.reviewer.is_guest
        )


def decision_bar(reader: Reader, found: ApprovalStatus) -> DecisionBar:
    """What the person may decide about the present round."""
    assignment = found.assignment(reader.reviewer) if reader.reviewer else None
    if assignment is None or not reader.may("review.decide"):
        return DecisionBar(None, ())
    review = reader.review
    if not review.is_open:
        return DecisionBar(assignment, (), _ended(review))
    if review.is_expired:
        return DecisionBar(
            assignment, (), _("This review has expired. Its author can give it another date.")
        )
    if not assignment.is_turn:
        return DecisionBar(
            assignment, (), _("Others are asked first. You get a mail when it is your turn.")
        )
    kinds = decisions.KINDS[assignment.reviewer.role]
    if (
        assignment.reviewer.is_approver
        and assignment.reviewer.user_id in approval_eligibility.authors(found.round.version)
    ):
        why = _("You saved this version or changed its draft: somebody else has to approve it.")
        return DecisionBar(assignment, tuple(kind for kind in kinds if kind not in APPROVING), why)
    return DecisionBar(assignment, kinds)


def _ended(review: Review) -> str:
    if review.state == "withdrawn":
        return _("This review was withdrawn.")
    return _("This review has ended: the version is approved.")


# --- who else is asked


@dataclass(frozen=True)
class OtherReviewer:
    """A seat as others see it: `state` is a key, `text` what its holder wrote to a decision,
    where the reader may read all that it is about."""

    assignment: Assignment
    state: str
    text: str
    replaces: str


def others(reader: Reader, found: ApprovalStatus, view: ReaderView) -> list[OtherReviewer]:
    """All seats, with how far each is."""
    readable = _readable(view)
    names = _names(found)
    return [
        OtherReviewer(
            assignment,
            _state(assignment),
            assignment.decision.text
            if assignment.decision and {section.key for section in assignment.sections} <= readable
            else "",
            names.get(assignment.reviewer.replaces_id or 0, ""),
        )
        for assignment in found.assignments
    ]


def _state(assignment: Assignment) -> str:
    if assignment.decision is not None:
        return str(assignment.decision.kind)
    if not assignment.lacking:
        return "stands"
    return "waiting" if assignment.is_turn else "later"


def _names(found: ApprovalStatus) -> dict[int, str]:
    """Those for whom somebody else stands now, by seat."""
    keys = [
        assignment.reviewer.replaces_id
        for assignment in found.assignments
        if assignment.reviewer.replaces_id
    ]
    if not keys:
        return {}
    assignments = found.review.reviewers.filter(pk__in=keys).select_related("user")
    return {assignment.pk: str(assignment) for assignment in assignments}


def _readable(view: ReaderView) -> set[str]:
    """The parts of the version that the reader sees whole."""
    whole, cut = view.version.document, view.new
    keys = {section.uid for section in cut.sections}
    if len(cut.facts) == len(whole.facts):
        keys.add(approval_hashes.FACTS)
    if len(cut.sections) == len(whole.sections):
        keys.add(approval_hashes.OUTLINE)
    return keys


# --- what the person is told


def asked_about(assignment: Assignment, view: ReaderView) -> list[str]:
    """The names of the parts that they are asked about; none: everything."""
    if not assignment.reviewer.sections:
        return []
    shown = {section.uid for section in view.new.sections}
    shown |= {approval_hashes.FACTS, approval_hashes.OUTLINE}
    return requests.in_words([section for section in assignment.sections if section.key in shown])


def waiting_elsewhere(user: User | None, review: Review) -> list[Review]:
    """Other reviews that wait for this person."""
    if user is None:
        return []
    found = Review.objects.all()
    assert isinstance(found, ReviewQuerySet)  # noqa: S101  # narrows the type
    found = found.waiting_for(user).exclude(pk=review.pk).with_round()
    return list(found.order_by("due", "pk")[:WAITING_SHOWN])
