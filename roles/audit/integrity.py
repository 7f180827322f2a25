"""Compares the rows of versions and reviews with their events.

The chain of events shows changed or removed events (Event.objects.broken). Here each row is
compared with its event: the sections of decisions, the text of comments and suggestions, the
content of versions, approvals. Rows removed by a purge have an event for that, and are not
reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet

from roles import document
from roles.models import Approval, Comment, Decision, Event, JobDescription, Suggestion, Version
from roles.reviews import review_events

_UP = ("description", "version", "thread", "review", "reviewer")  # toward the job description


def problems() -> Iterator[str]:
    """Yields one sentence for each problem in the whole history: the chains, and what `broken`
    finds."""
    yield from Event.objects.broken()
    yield from broken()


def broken() -> Iterator[str]:
    """Yields one sentence for each row or event that does not match."""
    for verb, (rows, problem) in CHECKS.items():
        yield from _compared(verb, rows(), problem)


def _compared(
    verb: str, rows: QuerySet[Any], problem: Callable[[Any, dict[str, Any]], str]
) -> Iterator[str]:
    """Compares each row with the event of its creation, and each event with its row."""
    events: dict[int, Event] = {}
    for event in Event.objects.filter(verb=verb).order_by("pk").iterator(chunk_size=2000):
        if event.about_id is not None:
            events[event.about_id] = event
    seen = set()
    for row in rows.iterator(chunk_size=500):
        key = _key(row)
        seen.add(key)
        event = events.get(key)  # type: ignore[assignment]
        if event is None:
            yield f"{_chain(row)}: no event records {_name(row)}"
        elif wrong := problem(row, event.what):
            yield f"{event.chain}: {_name(row)} was changed: {wrong}"
    purged = set(Event.objects.filter(verb="description.purged").values_list("chain", flat=True))
    for key, event in events.items():
        if key not in seen and event.chain not in purged:
            yield f"{event.chain}: the row of event {event.number} ({event.verb}) is missing"


def _key(row: Any) -> int:
    return int(row.version_id if isinstance(row, Approval) else row.pk)


def _chain(row: Any) -> str:
    """The reference of the job description that the row belongs to."""
    while not isinstance(row, JobDescription):
        row = next(getattr(row, name) for name in _UP if hasattr(row, name))
    return row.reference


def _name(row: Any) -> str:
    return f"{type(row).__name__.lower()} {row.pk}"


def _version(row: Version, what: dict[str, Any]) -> str:
    if document.sha256(row.text.encode()) != row.sha256:
        return "its text does not match its hash"
    return "" if what.get("sha256") == row.sha256 else "its hash"


def _approval(row: Approval, what: dict[str, Any]) -> str:
    return "" if what.get("sha256") == row.version.sha256 else "the version's hash"


def _decision(row: Decision, what: dict[str, Any]) -> str:
    hashes = {section.section: section.content_hash for section in row.sections.all()}
    checks = {
        "its type": row.kind == what.get("kind"),
        "its reviewer": row.reviewer_id == what.get("reviewer"),
        "the sections it covers": hashes == what.get("sections"),
        "its text": review_events.digest(row.text) == what.get("text"),
        "who recorded it": (row.recorded_by_id is not None) == what.get("recorded"),
    }
    return ", ".join(name for name, fits in checks.items() if not fits)


def _comment(row: Comment, what: dict[str, Any]) -> str:
    return "" if review_events.digest(row.text) == what.get("text") else "its text"


def _suggestion(row: Suggestion, what: dict[str, Any]) -> str:
    wording = "\n".join([row.text, row.detail, row.requirement])
    return "" if review_events.digest(wording) == what.get("text") else "its text"


def _answer(row: Suggestion, what: dict[str, Any]) -> str:
    if row.state != what.get("state"):
        return "its answer"
    return "" if review_events.digest(row.answer) == what.get("text") else "the text of its answer"


# By verb: the rows that it created, and the function that returns what is wrong with one.
CHECKS: dict[str, tuple[Callable[[], QuerySet[Any]], Callable[[Any, dict[str, Any]], str]]] = {
    "version.saved": (lambda: Version.objects.select_related("description"), _version),
    "version.approved": (
        # An approval without a review was not given in the product.
        lambda: Approval.objects.exclude(review=None).select_related("version__description"),
        _approval,
    ),
    "review.decided": (
        lambda: Decision.objects.select_related("reviewer__review__description").prefetch_related(
            "sections"
        ),
        _decision,
    ),
    "review.commented": (lambda: Comment.objects.select_related("thread__description"), _comment),
    "review.suggested": (
        lambda: Suggestion.objects.select_related("thread__description"),
        _suggestion,
    ),
    "review.answered": (
        # One reopened by undo keeps its line (see reviews.sync_suggestions).
        lambda: Suggestion.objects.exclude(state="open", line="").select_related(
            "thread__description"
        ),
        _answer,
    ),
}
