"""The audit record of one job description as of the end of a day, as plain values for JSON and for
a page. Texts hidden from the audience are left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from roles.comparison import approval_hashes
from roles.models import (
    Approval,
    Comment,
    DecidedSection,
    Decision,
    Event,
    JobDescription,
    Review,
    Thread,
    Version,
)
from roles.models.discussion import ThreadQuerySet
from roles.reviews import section_names
from roles.reviews.comments import MENTION
from roles.versions import effective_periods

# Keys of events that are hidden from smaller audiences.
RESTRICTED_KEYS = ("note", "sections", "text", "old", "new")


@dataclass(frozen=True)
class AuditRecord:
    """The record of `description` for an `audience`, up to the end of `day`."""

    description: JobDescription
    day: date
    audience: str

    @cached_property
    def end(self) -> datetime:
        """The last moment of the day, in the server's time zone."""
        return timezone.make_aware(datetime.combine(self.day, time.max))

    @cached_property
    def versions(self) -> list[Version]:
        saved = self.description.versions.filter(created_at__lte=self.end)
        return list(saved.select_related("author").order_by("number"))

    @cached_property
    def version(self) -> Version | None:
        """The version of that day: the current one, otherwise the newest approved, otherwise the
        newest."""
        effective = effective_periods.current_on(self.description, self.day)
        by_key = {version.pk: version for version in self.versions}
        if effective is not None and effective.pk in by_key:
            return by_key[effective.pk]
        approved = [version for version in self.versions if version.pk in self.approvals]
        found = approved or self.versions
        return found[-1] if found else None

    @cached_property
    def approvals(self) -> dict[int, Approval]:
        """The approvals up to that day, by version."""
        found = Approval.objects.filter(
            version__description=self.description, created_at__lte=self.end
        )
        return {approval.version_id: approval for approval in found}

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """The chain of events up to that day, enough to recompute every hash. For smaller audiences
        without values that reveal the rest: notes, and hashes from which people who know the format
        could guess the pay."""
        rows = Event.objects.filter(chain=self.description.reference, at__lte=self.end)
        hidden = () if self.audience == "restricted" else RESTRICTED_KEYS
        return [_event(event, hidden) for event in rows.order_by("number")]

    @cached_property
    def reviews(self) -> list[dict[str, Any]]:
        """All reviews requested up to that day, with their comments and decisions."""
        found = Review.objects.filter(description=self.description, created_at__lte=self.end)
        found = found.select_related("requested_by", "ended_by").prefetch_related(
            "rounds__version",
            "rounds__by",
            "reviewers__user",
            "reviewers__removed_by",
            "reviewers__replaces__user",
            Prefetch("threads", self._threads, "readable_threads"),
        )
        return [self._review(review) for review in found.order_by("created_at", "pk")]

    @property
    def _threads(self) -> ThreadQuerySet:
        comments = Comment.objects.filter(created_at__lte=self.end)
        found = Thread.objects.filter(created_at__lte=self.end).select_related(
            "version", "by", "reviewer__user", "resolved_by", "suggestion__answered_by"
        )
        assert isinstance(found, ThreadQuerySet)  # noqa: S101  # narrows the type
        comments = comments.select_related("by", "reviewer__user").prefetch_related("mentions")
        return found.seen_by(self.audience).prefetch_related(Prefetch("comments", comments))

    @cached_property
    def headings(self) -> dict[int, dict[str, str]]:
        """The names of the sections of each version; restricted ones only for their audience."""
        found = {}
        for version in self.versions:
            seen = {s.uid for s in version.document.for_audience(self.audience).sections}
            fixed = (approval_hashes.FACTS, approval_hashes.OUTLINE)
            sections = approval_hashes.section_hashes(version.document)
            shown = [section for key, section in sections.items() if key in seen or key in fixed]
            names = zip((section.key for section in shown), section_names.names(shown), strict=True)
            found[version.pk] = dict(names)
        return found

    def restricted_text(self, text: str) -> str:
        """Returns the text, which might be about pay, only for the restricted audience."""
        return text if self.audience == "restricted" else ""

    def _review(self, review: Review) -> dict[str, Any]:
        ended = review.ended_at if self._is_included(review.ended_at) else None
        rounds = [r for r in review.rounds.all() if self._is_included(r.created_at)]
        return {
            "review": review.pk,
            "state": review.state if ended else "open",
            "requested_by": str(review.requested_by),
            "asked_at": _moment(review.created_at),
            "due": review.due.isoformat() if review.due else None,
            "in_order": review.in_order,
            "note": self.restricted_text(review.note),
            "ended_by": str(review.ended_by) if ended and review.ended_by else None,
            "ended_at": _moment(ended),
            "end_reason": self.restricted_text(review.end_reason) if ended else "",
            "rounds": [
                {
                    "round": round.number,
                    "version": round.version.number,
                    "sha256": round.version.sha256,
                    "by": str(round.by),
                    "at": _moment(round.created_at),
                    "note": self.restricted_text(round.note),
                }
                for round in rounds
            ],
            "reviewers": [
                self._reviewer(reviewer)
                for reviewer in review.reviewers.all()
                if self._is_included(reviewer.created_at)
            ],
            "decisions": self._decisions(review),
            "threads": [self._thread(t) for t in review.readable_threads],  # type: ignore[attr-defined]
        }

    def _is_included(self, moment: datetime | None) -> bool:
        """Whether something happened by the end of the day."""
        return moment is not None and moment <= self.end

    def _reviewer(self, reviewer: Any) -> dict[str, Any]:
        is_removed = self._is_included(reviewer.removed_at)
        removal_reason = reviewer.removal_reason if is_removed else ""
        names = {k: v for known in self.headings.values() for k, v in known.items()}
        return {
            "reviewer_id": reviewer.pk,
            "name": str(reviewer),
            "account": not reviewer.is_guest,
            "role": reviewer.role,
            "sections": [names[key] for key in reviewer.sections if key in names],
            "asked_about_everything": not reviewer.sections,
            "replaces": str(reviewer.replaces) if reviewer.replaces else None,
            "removal_reason": removal_reason or None,
            "removed_by": str(reviewer.removed_by)
            if removal_reason and reviewer.removed_by
            else None,
            "removal_note": self.restricted_text(reviewer.removal_note) if removal_reason else "",
        }

    def _decisions(self, review: Review) -> list[dict[str, Any]]:
        found = Decision.objects.filter(reviewer__review=review, created_at__lte=self.end)
        found = found.select_related("reviewer__user", "round__version", "by", "recorded_by")
        found = found.prefetch_related(Prefetch("sections", DecidedSection.objects.order_by("pk")))
        return [self._decision(decision) for decision in found.order_by("created_at", "pk")]

    def _decision(self, decision: Decision) -> dict[str, Any]:
        names = self.headings.get(decision.round.version_id, {})
        return {
            "decision": decision.pk,
            "kind": decision.kind,
            "reviewer": str(decision.reviewer),
            "reviewer_id": decision.reviewer_id,
            "by": str(decision.by or decision.reviewer),
            "recorded_by": str(decision.recorded_by) if decision.recorded_by else None,
            "at": _moment(decision.created_at),
            "round": decision.round.number,
            "version": decision.round.version.number,
            "text": self.restricted_text(decision.text),
            "sections": [
                {
                    "section": row.section,
                    "name": names[row.section],
                    "content_hash": row.content_hash,
                    "normalized_hash": row.normalized_hash,
                }
                for row in decision.sections.all()
                if row.section in names
            ],
        }

    def _thread(self, thread: Thread) -> dict[str, Any]:
        resolved = thread.resolved_at if self._is_included(thread.resolved_at) else None
        suggestion = getattr(thread, "suggestion", None)
        return {
            "thread": thread.pk,
            "version": thread.version.number,
            "section": thread.section,
            "heading": thread.heading,
            "line": thread.line,
            "quote": thread.quote,
            "by": thread.author,
            "at": _moment(thread.created_at),
            "resolved_at": _moment(resolved),
            "resolved_by": str(thread.resolved_by) if resolved and thread.resolved_by else None,
            "suggestion": self._suggestion(suggestion) if suggestion else None,
            "comments": [_comment(comment) for comment in thread.comments.all()],
        }

    def _suggestion(self, suggestion: Any) -> dict[str, Any]:
        answered = self._is_included(suggestion.answered_at)
        names = (
            *("kind", "old_text", "old_detail", "old_requirement"),
            *("text", "detail", "requirement"),
        )
        return {
            **{name: getattr(suggestion, name) for name in names},
            "state": suggestion.state if answered else "open",
            "answer": suggestion.answer if answered else "",
            "accepted_text": suggestion.accepted_text if answered else "",
            "accepted_detail": suggestion.accepted_detail if answered else "",
            "answered_by": str(suggestion.answered_by or "") if answered else None,
            "answered_at": _moment(suggestion.answered_at) if answered else None,
            "line_of_draft": suggestion.line if answered else "",
        }


def described_versions(record: AuditRecord) -> Iterable[dict[str, Any]]:
    """Yields the versions up to that day, without their content."""
    for version in record.versions:
        approval = record.approvals.get(version.pk)
        yield {
            "number": version.number,
            "sha256": version.sha256,
            "saved_by": str(version.author),
            "saved_at": _moment(version.created_at),
            "note": record.restricted_text(version.note),
            "approved_at": _moment(approval.created_at) if approval else None,
            "review": approval.review_id if approval else None,
        }


def _comment(comment: Comment) -> dict[str, Any]:
    """Returns a comment. `text` is hashed in its event, `shown` has names instead of mentions."""
    names = {user.pk: str(user) for user in comment.mentions.all()}
    shown = MENTION.sub(lambda m: f"@{names.get(int(m[1]), m[1])}", comment.text)
    return {
        "comment": comment.pk,
        "by": comment.author,
        "at": _moment(comment.created_at),
        "text": comment.text,
        "shown": shown,
    }


def _event(event: Event, hidden: Collection[str]) -> dict[str, Any]:
    names = ("number", "actor", "actor_id", "verb", "about", "about_id", "previous", "hash")
    found = {name: getattr(event, name) for name in names}
    what = {name: value for name, value in event.what.items() if name not in hidden}
    return {"at": event.at.isoformat(), **found, "what": what}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
