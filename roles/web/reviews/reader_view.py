"""What a reader of a review is shown: which round, against which earlier version, and of which
parts they are asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from roles.document import Document
from roles.models import Approval, Round, Version
from roles.reviews.approval_status import ApprovalStatus, Assignment
from roles.reviews.review_access import Reader


@dataclass(frozen=True)
class ReaderView:
    """`kind` is first (the whole document), again (what changed since they last looked), asked
    (what they have yet to approve) or earlier (a round that is over); `since` the version that
    `old` is of. `asked` and `lacking` are keys of parts."""

    kind: str
    round: Round
    rounds: list[Round]
    new: Document
    since: Version | None = None
    old: Document | None = None
    asked: frozenset[str] = frozenset()  # empty: everything
    lacking: frozenset[str] = frozenset()
    is_approver: bool = False

    @property
    def version(self) -> Version:
        return self.round.version


def reader_view(reader: Reader, found: ApprovalStatus, number: int | None) -> ReaderView | None:
    """What is shown of the round asked for (None: the present one), or None where the reader
    may not see it."""
    rounds = reader.rounds()
    for round in rounds:
        round.version.description = reader.review.description
    asked = rounds[-1].number if number is None else number
    shown = next((round for round in rounds if round.number == asked), None)
    if shown is None:
        return None
    if shown.pk != found.round.pk:
        return ReaderView("earlier", shown, rounds, reader.document(shown.version))
    assignment = found.assignment(reader.reviewer) if reader.reviewer else None
    kind, since = _against(reader, shown.version, assignment)
    return ReaderView(
        kind,
        shown,
        rounds,
        reader.document(shown.version),
        since,
        _former(reader, since, shown.version) if since else None,
        frozenset(reader.reviewer.sections if reader.reviewer else ()),
        frozenset(section.key for section in assignment.lacking) if assignment else frozenset(),
        bool(assignment and assignment.reviewer.is_approver),
    )


def _former(reader: Reader, since: Version, version: Version) -> Document:
    """An earlier version as the reader may see it, without what is kept from them now: that
    would look as if it were gone."""
    whole, now, old = version.document, reader.document(version), reader.document(since)
    hidden = {s.uid for s in whole.sections} - {s.uid for s in now.sections}
    facts = {fact.name for fact in whole.facts} - {fact.name for fact in now.facts}
    return replace(
        old,
        facts=tuple(fact for fact in old.facts if fact.name not in facts),
        sections=tuple(
            replace(one, facts=tuple(name for name in one.facts if name not in facts))
            for one in old.sections
            if one.uid not in hidden
        ),
    )


def _against(
    reader: Reader, version: Version, assignment: Assignment | None
) -> tuple[str, Version | None]:
    """How the reader looks at the version, and against which one."""
    since = reader.baseline(version)
    if since is not None:
        return "again", since
    if assignment is not None and 0 < len(assignment.lacking) < len(assignment.sections):
        approvals = Approval.objects.filter(
            version__description=version.description_id, version__number__lt=version.number
        )
        last = approvals.select_related("version").order_by("-version__number").first()
        return "asked", last.version if last else None
    return "first", None
