"""The content of a review that each person can see: the document limited to their audience,
the rounds and the threads."""

from __future__ import annotations

from dataclasses import dataclass

from roles import outages, permissions, placeholders
from roles.document import Document
from roles.models import JobDescription, Review, Reviewer, Round, Thread, User, Version
from roles.models.discussion import ThreadQuerySet


@dataclass(frozen=True)
class Reader:
    """A person who reads one review. `relations` are names of permissions.RELATIONS, `reviewer` is
    set while they are a reviewer, `sections` are visible to them beyond their audience."""

    review: Review
    user: User | None
    reviewer: Reviewer | None
    relations: frozenset[str]
    audience: str
    sections: frozenset[str] = frozenset()

    def may(self, action: str) -> bool:
        """Whether the table of permissions allows the action."""
        kinds = self.user.kinds if self.user and self.sees_description else frozenset()
        return permissions.allows(action, kinds, self.relations)

    @property
    def sees_description(self) -> bool:
        """Whether they can also see the job description outside this review."""
        return not self.relations.isdisjoint({"owner", "hiring_manager", "seen"})

    def document(self, version: Version) -> Document:
        """Returns the version as they can read it."""
        return version.document.for_audience(self.audience, self.sections)

    def title(self, version: Version) -> str:
        """Returns the title of the version; people who only review know no other title."""
        return placeholders.fill(version.document.title, version.document.answers_for())

    def threads(self) -> ThreadQuerySet:
        """Returns the threads of the job description at places that they can see. People who only
        review see those of this review."""
        found = Thread.objects.filter(description=self.review.description_id)
        assert isinstance(found, ThreadQuerySet)  # noqa: S101  # narrows the type
        if not self.sees_description:
            found = found.filter(review=self.review)
        return found.seen_by(self.audience, self.sections)

    def rounds(self) -> list[Round]:
        """Returns the rounds of this review, the current one last. Of earlier rounds, people who
        only review see those whose version they viewed."""
        rounds = list(self.review.rounds.select_related("version", "by").order_by("number"))
        if self.sees_description or self.reviewer is None:
            return rounds
        seen = set(self.reviewer.seen)
        return [r for r in rounds if r is rounds[-1] or r.version.number in seen]

    def baseline(self, version: Version) -> Version | None:
        """Returns the latest earlier version that they viewed, in any review of the job
        description; or None."""
        if self.reviewer is None:
            return None
        reviewers = Reviewer.objects.filter(review__description=self.review.description_id)
        own = (
            reviewers.filter(user=self.user) if self.user else reviewers.filter(pk=self.reviewer.pk)
        )
        seen = {n for numbers in own.values_list("seen", flat=True) for n in numbers}
        earlier = [number for number in seen if number < version.number]
        found = Version.objects.filter(description=version.description_id, number__in=earlier)
        return found.order_by("-number").first()


def reader(review: Review, user: User | None, guest: Reviewer | None = None) -> Reader | None:
    """Returns the reader of this review, or None if they can't see it. A withdrawn or expired
    review is closed to people who can't see the job description otherwise. `guest` is a reviewer
    verified by the caller."""
    reviewer = _reviewer(review, user, guest)
    description = review.description
    visible = user is not None and (
        JobDescription.objects.visible_to(user).filter(pk=description.pk).exists()
    )
    relations = set(description.relations_of(user)) if user and visible else set()
    is_reader = user is not None and permissions.may(user, "description.view", relations)
    if user is not None and visible and is_reader:
        relations |= {"seen"}
    elif reviewer is None or review.state == "withdrawn" or review.is_expired:
        return None
    if reviewer is not None:
        relations |= {"reviewer"}
    audience = "internal"
    if visible and is_reader and user is not None:
        audience = permissions.audience(user, relations - {"reviewer", "seen"})
    sections: frozenset[str] = frozenset()
    if reviewer is not None and audience != "restricted":
        audience, sections = _asked_about(reviewer)
    return Reader(review, user, reviewer, frozenset(relations), audience, sections)


def record_view(reader: Reader, version: Version) -> None:
    """Records that the reviewer viewed the version (see Reader.baseline), except in an outage."""
    reviewer = reader.reviewer
    if reviewer is not None and (not reviewer.seen or reviewer.seen[-1] != version.number):
        reviewer.seen = [n for n in reviewer.seen if n != version.number] + [version.number]
        outages.tolerate("View of a version", lambda: reviewer.save(update_fields=["seen"]))


def _reviewer(review: Review, user: User | None, guest: Reviewer | None) -> Reviewer | None:
    if user is not None:
        return review.reviewers.current().filter(user=user).select_related("user").first()
    if (
        guest is not None
        and guest.review_id == review.pk
        and not guest.removal_reason
        and guest.link_key
    ):
        return guest
    return None


def _asked_about(reviewer: Reviewer) -> tuple[str, frozenset[str]]:
    """Returns the audience and extra sections of a reviewer: everything, or the internal document
    and their sections."""
    if not reviewer.sections:
        return "restricted", frozenset()
    return "internal", frozenset(reviewer.sections)
