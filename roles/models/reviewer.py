"""Reviewers: the people in a review, and their sections."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When

from roles import limits
from roles.models.text_fields import OneLineTextField, ParagraphTextField
from roles.vocabulary import REMOVAL_REASONS, ROLES

# Of pending reviewers, those whose decision the approval waits for: approvers who can still decide.
# A commenter never holds up an approval, and neither does a deactivated or erased account: there
# the author has to find someone else.
IS_AWAITED = Q(role="approver") & (
    Q(user__is_active=True) | Q(user=None) & ~Q(email__endswith=".invalid")
)


class ReviewerQuerySet(models.QuerySet["Reviewer"]):
    def current(self) -> ReviewerQuerySet:
        """Reviewers who haven't been removed."""
        return self.filter(removal_reason="")

    def pending(self) -> ReviewerQuerySet:
        """Reviewers with a pending decision."""
        return self.current().filter(waiting_since__isnull=False)

    def awaited(self) -> ReviewerQuerySet:
        """Pending reviewers that the approval waits for (see `IS_AWAITED`)."""
        return self.pending().filter(IS_AWAITED)

    def with_is_awaited(self) -> ReviewerQuerySet:
        """With `is_awaited`: whether the approval waits for this pending reviewer."""
        is_awaited = Case(When(IS_AWAITED, then=True), default=False)
        return self.annotate(is_awaited=is_awaited)


class Reviewer(models.Model):
    """A reviewer: a person with an account, or an email address (in lower case).

    `sections` are the uids of their sections; empty means all sections, including pay.
    `position` is their place in an ordered review. `waiting_since` is set while their
    decision is pending (reviews.approval maintains it). `seen` are the numbers of the versions
    they viewed, in that order. A removed reviewer (`removal_reason`) stays for the audit record;
    `replaces` is the reviewer that this one replaced. The link of a guest is signed with
    `link_key`; without one there is no link. `code` is the hash of the latest code, `codes_sent`
    the number of codes sent on that day.
    """

    review = models.ForeignKey("roles.Review", on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviewing",
    )
    email = models.EmailField(blank=True)
    name = OneLineTextField(blank=True, max_length=limits.PERSON_NAME_LIMIT)
    role = models.CharField(max_length=10, choices=list(ROLES.items()), default="approver")
    sections = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=1)
    removal_reason = models.CharField(
        max_length=10, blank=True, choices=list(REMOVAL_REASONS.items())
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    removal_note = ParagraphTextField(blank=True, max_length=limits.COMMENT_LIMIT)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="taken_over_by"
    )
    waiting_since = models.DateTimeField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    seen = models.JSONField(default=list, blank=True)
    link_key = models.CharField(max_length=32, blank=True)
    code = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        ordering = ["review", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(email=""), name="reviewer_account_or_address"
            ),
            models.CheckConstraint(condition=Q(role__in=[*ROLES]), name="reviewer_role_known"),
            models.UniqueConstraint(
                fields=["review", "user"],
                condition=Q(removal_reason=""),
                name="reviewer_user_unique",
            ),
            models.UniqueConstraint(
                fields=["review", "email"],
                condition=Q(removal_reason="") & ~Q(email=""),
                name="reviewer_email_unique",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "review"],
                condition=Q(waiting_since__isnull=False),
                name="reviewer_pending",
            )
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user else self.name or self.email

    @property
    def is_approver(self) -> bool:
        return self.role == "approver"

    @property
    def is_guest(self) -> bool:
        """Whether they have a link instead of an account."""
        return self.user_id is None

    @property
    def address(self) -> str:
        """Their email address, or an empty string."""
        return self.user.email if self.user else self.email

    def covers(self, section: str) -> bool:
        """Whether they review that section (a key of comparison.approval_hashes)."""
        return not self.sections or section in self.sections
