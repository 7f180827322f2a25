"""The threads of a review as its reader sees them, each with the possible actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roles import comparison, vocabulary
from roles.document import Document
from roles.exporters import change_marks
from roles.models import Comment, Suggestion, Thread, Version
from roles.reviews import comments
from roles.reviews.actor import Actor
from roles.reviews.review_access import Reader


@dataclass(frozen=True)
class ThreadView:
    """A thread ready for its template."""

    thread: Thread
    suggestion: Suggestion | None
    change: list[SafeString]  # the suggestion as a redline
    may_comment: bool
    may_resolve: bool
    may_withdraw: bool
    may_answer: bool
    is_gone: bool = False  # its line or section is not on the page
    is_new: bool = False  # just started

    @property
    def author(self) -> str:
        return self.thread.author


def found(reader: Reader, version: Version, **where: Any) -> list[Thread]:
    """Returns the threads that the person can see on the page of a version: those of the review,
    and unresolved ones of earlier reviews. Threads on content that is now hidden from them are
    left out."""
    written = Comment.objects.select_related("by", "reviewer__user").prefetch_related("mentions")
    here = Q(review=reader.review) | Q(resolved_at=None)
    threads = reader.threads().filter(here, version__number__lte=version.number)
    threads = (
        threads.filter(**where)
        .select_related("by", "reviewer__user", "resolved_by", "resolved_reviewer__user")
        .select_related("suggestion__answered_by", "version")
        .defer("version__text")
        .prefetch_related(Prefetch("comments", written))
    )
    hidden = _hidden(reader, version)
    return [t for t in threads if t.section not in hidden and t.line not in hidden]


def _hidden(reader: Reader, version: Version) -> set[str]:
    """Returns the uids that are hidden from the reader in the newest version that has them, so
    removed restricted content stays hidden."""
    known: set[str] = set()
    hidden: set[str] = set()
    if reader.audience == "restricted":
        return hidden
    rounds = reader.review.rounds.filter(version__number__lte=version.number)
    for round in rounds.select_related("version").order_by("-number"):
        here = _uids(round.version.document)
        hidden |= here - _uids(reader.document(round.version)) - known
        known |= here
    return hidden


def _uids(document: Document) -> set[str]:
    """Returns the uids of its sections and lines."""
    lines = {line.uid for section in document.sections for line in section.every_line()}
    return lines | {section.uid for section in document.sections}


def shown(
    reader: Reader, threads: Iterable[Thread], *, is_closed: bool, gone: bool = False, new: int = 0
) -> list[ThreadView]:
    """Returns these threads for their template; `new` is the id of a thread just started."""
    return [_shown(reader, thread, is_closed, gone, new) for thread in threads]


class PlacedThreads:
    """The threads of a page by place; each is returned once."""

    def __init__(self, reader: Reader, threads: Iterable[Thread], is_closed: bool) -> None:
        self.reader = reader
        self.is_closed = is_closed
        self.by_line: dict[str, list[Thread]] = {}
        self.by_section: dict[str, list[Thread]] = {}
        for thread in threads:
            by_place = self.by_line if thread.line else self.by_section
            by_place.setdefault(thread.line or thread.section, []).append(thread)

    def at_line(self, uid: str) -> list[ThreadView]:
        """The threads at a line, whichever section it is in now."""
        return self._shown(self.by_line.pop(uid, []))

    def at_section(self, uid: str) -> list[ThreadView]:
        """The threads at a section itself; without a uid, general ones."""
        return self._shown(self.by_section.pop(uid, []))

    def gone(self, section: str) -> list[ThreadView]:
        """The threads about lines of a section that were not returned yet."""
        lines = [uid for uid, them in self.by_line.items() if them[0].section == section]
        return self._shown([t for uid in lines for t in self.by_line.pop(uid)], is_gone=True)

    def remaining(self) -> list[ThreadView]:
        """All threads that were not returned yet."""
        rest = [*self.by_line.values(), *self.by_section.values()]
        return self._shown([thread for them in rest for thread in them], is_gone=True)

    def _shown(self, threads: list[Thread], *, is_gone: bool = False) -> list[ThreadView]:
        return shown(self.reader, threads, is_closed=self.is_closed, gone=is_gone)


def _shown(reader: Reader, thread: Thread, is_closed: bool, gone: bool, new: int) -> ThreadView:
    thread.review = reader.review
    suggestion: Suggestion | None = getattr(thread, "suggestion", None)
    may_comment = not is_closed and reader.may("review.comment")
    is_own = Actor(reader.user, reader.reviewer).is_author_of(thread)
    is_open = suggestion is not None and suggestion.is_open
    return ThreadView(
        thread=thread,
        suggestion=suggestion,
        change=_change(suggestion) if suggestion else [],
        may_comment=may_comment,
        may_resolve=may_comment and not is_open and comments.may_resolve(reader, thread),
        may_withdraw=may_comment and is_open and is_own,
        may_answer=not is_closed and is_open and reader.may("review.answer"),
        is_gone=gone,
        is_new=thread.pk == new,
    )


def _change(suggestion: Suggestion) -> list[SafeString]:
    """The suggested change as a redline of the line."""
    if suggestion.kind == "requirement":
        return [
            change_marks.marked(comparison.pieces(_requirement(suggestion.old_requirement), ""))
            + change_marks.marked(comparison.pieces("", _requirement(suggestion.requirement)))
        ]
    old = (suggestion.old_text, suggestion.old_detail)
    if suggestion.kind == "add":
        old = ("", "")
    new = ("", "") if suggestion.kind == "remove" else (suggestion.text, suggestion.detail)
    pairs = zip(old, new, strict=True)
    return [change_marks.marked(comparison.pieces(*pair)) for pair in pairs if any(pair)]


def _requirement(code: str) -> str:
    return _(vocabulary.REQUIREMENTS.get(code, "Not stated"))
