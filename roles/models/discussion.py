"""Feedback of reviewers: comment threads on a line, a section or the whole document, and
suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roles import limits, permissions, vocabulary
from roles.models.review import Review
from roles.models.reviewer import Reviewer
from roles.models.text_fields import OneLineTextField, ParagraphTextField, choices
from roles.models.version import Version

if TYPE_CHECKING:
    from collections.abc import Collection

SUGGESTIONS = {
    "reword": _("Reword"),
    "remove": _("Remove"),
    "add": _("Add a line"),
    "requirement": _("Change requirement"),
}
SUGGESTION_STATES = {
    "open": _("Open"),
    "accepted": _("Accepted"),
    "changed": _("Accepted with changes"),
    "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
}


class ThreadQuerySet(models.QuerySet["Thread"]):
    def seen_by(self, audience: str, sections: Collection[str] = ()) -> ThreadQuerySet:
        """Threads at a place that a reader of this audience, or of these sections, can see."""
        reach = permissions.audiences_within(audience)
        return self.filter(Q(audience__in=reach) | Q(section__in=list(sections)))

    def unresolved(self) -> ThreadQuerySet:
        return self.filter(resolved_at=None)

    def unanswered(self) -> ThreadQuerySet:
        """Unresolved comments and open suggestions."""
        return self.unresolved().filter(Q(suggestion=None) | Q(suggestion__state="open"))


class Thread(models.Model):
    """Comments on one place. `section` and `line` are uids; both are empty for general comments.
    `heading`, `quote` and `audience` are copied from the place (general comments are public), so
    the thread stays readable, or hidden, after the place is removed."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="threads")
    description = models.ForeignKey(
        "roles.JobDescription", on_delete=models.PROTECT, related_name="threads"
    )
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="threads")
    section = models.CharField(max_length=32, blank=True)
    line = models.CharField(max_length=32, blank=True)
    heading = OneLineTextField(max_length=limits.HEADING_LIMIT, blank=True)
    quote = ParagraphTextField(blank=True)
    audience = models.CharField(
        max_length=10, choices=choices(vocabulary.AUDIENCES), default="public"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewer = models.ForeignKey(
        Reviewer, null=True, blank=True, on_delete=models.CASCADE, related_name="threads"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_reviewer = models.ForeignKey(
        Reviewer, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar[models.Manager[Thread]] = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.review} {self.heading}"

    @property
    def author(self) -> str:
        """The name of the person who started it."""
        return str(self.by or self.reviewer or "")


class Comment(models.Model):
    """One comment in a thread. Mentions appear in the text as `@[account id]`."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    text = ParagraphTextField(max_length=limits.COMMENT_LIMIT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewer = models.ForeignKey(
        Reviewer, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"

    @property
    def author(self) -> str:
        return str(self.by or self.reviewer or "")


class Suggestion(models.Model):
    """A change that a reviewer proposes; its thread has the place, the author and the discussion.

    `old_text`, `old_detail` and `old_requirement` are the line in the version, with its
    placeholders; `text`, `detail` and `requirement` are proposed. `answer` is the reason of the
    author who answered. If it was accepted, `accepted_text` and `accepted_detail` are the final
    wording, and `line` is the uid of the resulting line."""

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="suggestion")
    kind = models.CharField(max_length=12, choices=list(SUGGESTIONS.items()))
    old_text = ParagraphTextField(blank=True)
    old_detail = ParagraphTextField(blank=True)
    old_requirement = models.CharField(max_length=10, blank=True)
    text = ParagraphTextField(blank=True, max_length=limits.PARAGRAPH_LIMIT)
    detail = ParagraphTextField(blank=True, max_length=limits.PARAGRAPH_LIMIT)
    requirement = models.CharField(
        max_length=10, blank=True, choices=choices(vocabulary.REQUIREMENTS)
    )
    state = models.CharField(max_length=10, choices=list(SUGGESTION_STATES.items()), default="open")
    answer = ParagraphTextField(blank=True, max_length=limits.COMMENT_LIMIT)
    accepted_text = ParagraphTextField(blank=True)
    accepted_detail = ParagraphTextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    line = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["thread"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[*SUGGESTIONS]), name="suggestion_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*SUGGESTION_STATES]), name="suggestion_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread}: {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.state == "open"
