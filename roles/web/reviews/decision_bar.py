"""What a reader of a review may decide, why not, and what comes of what they decided."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from roles.comparison import approval_hashes
from roles.models import Decision, Review, User
from roles.models.review import APPROVING, ReviewQuerySet
from roles.reviews import approval_eligibility, decisions, requests
from roles.reviews.approval_status import Seat, Standing
from roles.reviews.review_access import Reader
from roles.web.reviews.reader_view import Look

WAITING_SHOWN = 5  # other reviews that wait for the person


@dataclass(frozen=True)
class Bar:
    """`kinds` are the decisions open to the person, `why` says why others are not."""

    seat: Seat | None
    kinds: tuple[str, ...]
    why: str = ""

    @property
    def decision(self) -> Decision | None:
        return self.seat.decision if self.seat else None

    @property
    def is_approver(self) -> bool:
        return self.seat is not None and self.seat.reviewer.is_approver

    @property
    def is_done(self) -> bool:
        """Whether nothing more is asked of them."""
        return self.seat is not None and (self.decision is not None or not self.seat.lacking)

    @property
    def may_delegate(self) -> bool:
        return bool(self.kinds) and self.seat is not None and not self.seat.reviewer.is_guest


def bar(reader: Reader, found: Standing) -> Bar:
    """What the person may decide about the present round."""
    seat = found.seat(reader.reviewer) if reader.reviewer else None
    if seat is None or not reader.may("review.decide"):
        return Bar(None, ())
    review = reader.review
    if not review.is_open:
        return Bar(seat, (), _ended(review))
    if review.is_expired:
        return Bar(seat, (), _("This review has expired. Its author can give it another date."))
    if not seat.is_turn:
        return Bar(seat, (), _("Others are asked first. You get a mail when it is your turn."))
    kinds = decisions.KINDS[seat.reviewer.role]
    if seat.reviewer.is_approver and seat.reviewer.user_id in approval_eligibility.authors(
        found.round.version
    ):
        why = _("You saved this version or changed its draft: somebody else has to approve it.")
        return Bar(seat, tuple(kind for kind in kinds if kind not in APPROVING), why)
    return Bar(seat, kinds)


def _ended(review: Review) -> str:
    if review.state == "withdrawn":
        return _("This review was withdrawn.")
    return _("This review has ended: the version is approved.")


# --- who else is asked


@dataclass(frozen=True)
class Other:
    """A seat as others see it: `state` is a key, `text` what its holder wrote to a decision,
    where the reader may read all that it is about."""

    seat: Seat
    state: str
    text: str
    stands_for: str


def others(reader: Reader, found: Standing, look: Look) -> list[Other]:
    """All seats, with how far each is."""
    readable = _readable(look)
    names = _names(found)
    return [
        Other(
            seat,
            _state(seat),
            seat.decision.text
            if seat.decision and {part.key for part in seat.parts} <= readable
            else "",
            names.get(seat.reviewer.stands_for_id or 0, ""),
        )
        for seat in found.seats
    ]


def _state(seat: Seat) -> str:
    if seat.decision is not None:
        return str(seat.decision.kind)
    if not seat.lacking:
        return "stands"
    return "waiting" if seat.is_turn else "later"


def _names(found: Standing) -> dict[int, str]:
    """Those for whom somebody else stands now, by seat."""
    keys = [seat.reviewer.stands_for_id for seat in found.seats if seat.reviewer.stands_for_id]
    if not keys:
        return {}
    seats = found.review.reviewers.filter(pk__in=keys).select_related("user")
    return {seat.pk: str(seat) for seat in seats}


def _readable(look: Look) -> set[str]:
    """The parts of the version that the reader sees whole."""
    whole, cut = look.version.document, look.new
    keys = {section.uid for section in cut.sections}
    if len(cut.facts) == len(whole.facts):
        keys.add(approval_hashes.FACTS)
    if len(cut.sections) == len(whole.sections):
        keys.add(approval_hashes.OUTLINE)
    return keys


# --- what the person is told


def asked_about(seat: Seat, look: Look) -> list[str]:
    """The names of the parts that they are asked about; none: everything."""
    if not seat.reviewer.sections:
        return []
    shown = {section.uid for section in look.new.sections}
    shown |= {approval_hashes.FACTS, approval_hashes.OUTLINE}
    return requests.in_words([part for part in seat.parts if part.key in shown])


def waiting_elsewhere(user: User | None, review: Review) -> list[Review]:
    """Other reviews that wait for this person."""
    if user is None:
        return []
    found = Review.objects.all()
    assert isinstance(found, ReviewQuerySet)  # noqa: S101  # narrows the type
    found = found.waiting_for(user).exclude(pk=review.pk).with_round()
    return list(found.order_by("due", "pk")[:WAITING_SHOWN])
