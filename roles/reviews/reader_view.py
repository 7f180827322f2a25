"""The view of a review for one reader: the round, the earlier version it is compared with, and
their sections."""

from __future__ import annotations

from dataclasses import dataclass, replace

from roles.comparison import approval_hashes
from roles.document import Document
from roles.models import Round, Version
from roles.reviews import approval_status, section_names
from roles.reviews.approval_status import ApprovalStatus, ReviewerProgress
from roles.reviews.review_access import Reader


@dataclass(frozen=True)
class ReaderView:
    """`kind` is first (the whole document), again (the changes since their last view), asked
    (the sections they still have to approve) or earlier (a round that has ended). `old` is the
    document of the version `since`. `asked` and `pending` are keys of sections."""

    kind: str
    round: Round
    rounds: list[Round]
    new: Document
    since: Version | None = None
    old: Document | None = None
    asked: frozenset[str] = frozenset()  # empty: all sections
    pending: frozenset[str] = frozenset()
    is_approver: bool = False

    @property
    def version(self) -> Version:
        return self.round.version

    @property
    def complete_sections(self) -> set[str]:
        """Keys of the sections of the version that the reader sees without omissions."""
        complete, visible = self.version.document, self.new
        keys = {section.uid for section in visible.sections}
        if len(visible.facts) == len(complete.facts):
            keys.add(approval_hashes.FACTS)
        if len(visible.sections) == len(complete.sections):
            keys.add(approval_hashes.OUTLINE)
        return keys

    def asked_about(self, progress: ReviewerProgress | None) -> list[str]:
        """Returns the names of the reviewer's sections; empty: all sections."""
        if progress is None or not progress.reviewer.sections:
            return []
        keys = {section.uid for section in self.new.sections}
        keys |= {approval_hashes.FACTS, approval_hashes.OUTLINE}
        return section_names.names(one for one in progress.sections if one.key in keys)


def reader_view(
    reader: Reader, status: ApprovalStatus, number: int | None = None
) -> ReaderView | None:
    """Returns the view of a round (by number; None: the current one), or None if there is no
    such round or the reader can't see it."""
    rounds = reader.rounds()
    for round in rounds:
        round.version.description = reader.review.description
    wanted = rounds[-1].number if number is None else number
    shown = next((round for round in rounds if round.number == wanted), None)
    if shown is None:
        return None
    if shown.pk != status.round.pk:
        return ReaderView("earlier", shown, rounds, reader.document(shown.version))
    progress = status.progress_of(reader.reviewer)
    kind, since = _baseline(reader, shown.version, progress)
    pending = progress.pending_sections if progress else ()
    return ReaderView(
        kind,
        shown,
        rounds,
        reader.document(shown.version),
        since,
        _baseline_document(reader, since, shown.version) if since else None,
        frozenset(reader.reviewer.sections if reader.reviewer else ()),
        frozenset(section.key for section in pending),
        bool(progress and progress.reviewer.is_approver),
    )


def _baseline_document(reader: Reader, since: Version, version: Version) -> Document:
    """Returns an earlier version as the reader can see it, without content that is hidden from them
    in the new one, which would look removed."""
    complete, new, old = version.document, reader.document(version), reader.document(since)
    hidden = {s.uid for s in complete.sections} - {s.uid for s in new.sections}
    facts = {fact.name for fact in complete.facts} - {fact.name for fact in new.facts}
    return replace(
        old,
        facts=tuple(fact for fact in old.facts if fact.name not in facts),
        sections=tuple(
            replace(one, facts=tuple(name for name in one.facts if name not in facts))
            for one in old.sections
            if one.uid not in hidden
        ),
    )


def _baseline(
    reader: Reader, version: Version, progress: ReviewerProgress | None
) -> tuple[str, Version | None]:
    """Returns the kind of view and the version to compare with."""
    since = reader.baseline(version)
    if since is not None:
        return "again", since
    if progress is not None and 0 < len(progress.pending_sections) < len(progress.sections):
        approved = approval_status.last_approved(version.description_id, before=version.number)
        return "asked", approved
    return "first", None
