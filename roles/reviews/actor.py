"""The person who acts in a review: an account, perhaps as a reviewer, or a guest."""

from __future__ import annotations

from dataclasses import dataclass

from roles.models import Comment, Reviewer, Thread, User


@dataclass(frozen=True, slots=True)
class Actor:
    """`reviewer` is set if the person acts as a reviewer; otherwise they act as an author of the
    job description. A guest is a reviewer without an account."""

    user: User | None = None
    reviewer: Reviewer | None = None

    def __str__(self) -> str:
        return str(self.user or self.reviewer or "")

    def is_author_of(self, item: Thread | Comment) -> bool:
        """Whether this person wrote that thread or comment."""
        if self.user is not None:
            return bool(item.by_id == self.user.pk)
        return self.reviewer is not None and item.reviewer_id == self.reviewer.pk
