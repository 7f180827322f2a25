"""Feedback on a draft: open suggestions and unresolved threads, each at its place in the current
draft. It outlives its review, because comments given with an approval are meant for the next
version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Prefetch

from roles.assembly import DraftRows
from roles.models import Comment, JobDescription, Line, Review, Section, Suggestion, Thread
from roles.reviews import suggestion_changes


@dataclass(frozen=True)
class FeedbackNote:
    """A thread about the draft. `line` and `section` are the current ones of the draft, or None
    if they were removed; a line that moved has its new section."""

    thread: Thread
    suggestion: Suggestion | None
    line: Line | None
    section: Section | None
    subs: int = 0  # sub-lines of the line

    @property
    def is_about_line(self) -> bool:
        return bool(self.thread.line)

    @property
    def is_line_gone(self) -> bool:
        return self.is_about_line and self.line is None

    @property
    def is_locked(self) -> bool:
        return self.section is not None and self.section.locked

    @property
    def is_changed(self) -> bool:
        """Whether the line that a suggestion would change has changed since it was made."""
        if self.suggestion is None or self.line is None or self.suggestion.kind == "add":
            return False
        return suggestion_changes.is_changed(self.suggestion, self.line)

    @property
    def proposed(self) -> tuple[str, str]:
        """The text and detail if the suggestion is accepted without changes."""
        assert self.suggestion is not None  # noqa: S101  # narrows the type
        return suggestion_changes.proposed(self.suggestion, self.line)


@dataclass(frozen=True)
class DraftFeedback:
    """The notes on one draft, in the order of the document: general ones first, those of a section
    before those of its lines, then those of removed lines; those of removed sections last."""

    review: Review
    notes: list[FeedbackNote] = field(default_factory=list)

    def fitting(self) -> list[FeedbackNote]:
        """Returns the suggestions whose lines are unchanged since they were made, one for each
        line."""
        taken = set()
        fits = []
        for note in self.notes:
            if note.suggestion is None or note.section is None or note.is_locked:
                continue
            is_add = note.suggestion.kind == "add"
            if not is_add and (note.line is None or note.is_changed or note.line.uid in taken):
                continue
            if note.line is not None and not is_add:
                taken.add(note.line.uid)
            fits.append(note)
        return fits


def for_draft(description: JobDescription, rows: DraftRows) -> DraftFeedback | None:
    """Returns the feedback on a draft, in a constant number of queries (one if it was never under
    review), or None if no review is open and nothing is unanswered."""
    threads = list(_unresolved_threads(description))
    review = threads[-1].review if threads else None
    if description.status == "in_review":
        found = Review.objects.open().filter(description=description)
        review = found.select_related("requested_by").first() or review
    if review is None:
        return None
    review.description = description
    return _feedback(review, threads, rows)


def for_review(review: Review, rows: DraftRows) -> DraftFeedback:
    """Returns the unanswered feedback of this review and of earlier ones."""
    return _feedback(review, _unresolved_threads(review.description), rows)


def _feedback(review: Review, threads: Iterable[Thread], rows: DraftRows) -> DraftFeedback:
    lines = {line.uid: line for line in _all_lines(rows)}
    sections = {section.uid: section for section in rows.sections}
    by_pk = {section.pk: section for section in rows.sections}
    notes = []
    for thread in threads:
        thread.description = review.description
        line = lines.get(thread.line)
        section = by_pk[line.section_id] if line else sections.get(thread.section)
        subs = len(rows.sub_lines.get(line.pk, ())) if line else 0
        notes.append(FeedbackNote(thread, _suggestion(thread), line, section, subs))
    places = {uid: number for number, uid in enumerate(_in_order(rows))}
    return DraftFeedback(review, sorted(notes, key=lambda note: _sort_key(note, places)))


def _unresolved_threads(description: JobDescription) -> Iterable[Thread]:
    comments = Comment.objects.select_related("by", "reviewer__user")
    return (
        Thread.objects.filter(description=description)
        .unanswered()
        .select_related("review__requested_by", "suggestion", "by", "reviewer__user", "version")
        .defer("version__text")
        .prefetch_related(Prefetch("comments", comments))
    )


def _suggestion(thread: Thread) -> Suggestion | None:
    found = getattr(thread, "suggestion", None)
    if found is not None:
        found.thread = thread
    return found


def _all_lines(rows: DraftRows) -> Iterator[Line]:
    for group in (rows.lines, rows.sub_lines):
        for lines in group.values():
            yield from lines


def _in_order(rows: DraftRows) -> Iterator[str]:
    """Yields the uids of sections and lines in reading order, and after the lines of each section a
    key for removed ones."""
    for section in rows.sections:
        yield section.uid
        for line in rows.lines.get(section.pk, ()):
            yield line.uid
            yield from (sub.uid for sub in rows.sub_lines.get(line.pk, ()))
        yield f"{section.uid}/gone"


def _sort_key(note: FeedbackNote, places: dict[str, int]) -> tuple[int, int]:
    if note.line is not None:
        return places[note.line.uid], note.thread.pk
    if note.section is not None:
        uid = note.section.uid
        return places[f"{uid}/gone" if note.is_line_gone else uid], note.thread.pk
    is_whole = not note.thread.section and not note.thread.line
    return -1 if is_whole else len(places), note.thread.pk
