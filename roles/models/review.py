"""Reviews: who was asked about which version, for which parts, and what they decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.models.job_description import JobDescription
from roles.models.text_fields import OneLineTextField, ParagraphTextField
from roles.models.version import Version

if TYPE_CHECKING:
    from roles.models.user import User

REVIEW_STATES = {
    "open": _("Open"),
    "approved": _("Approved"),
    "withdrawn": _("Withdrawn"),
}
ROLES = {"approver": _("Approver"), "commenter": _("Consulted")}
REMOVAL_REASONS = {
    "removed": _("Released"),
    "replaced": _("Replaced"),
    "delegated": _("Delegated"),
}
DECISIONS = {
    "approve": _("Approve"),
    "approve_with_comments": _("Approve with comments"),
    "ask_for_changes": _("Ask for changes"),
    "read": _("Read, nothing to decide"),
}
APPROVING = ("approve", "approve_with_comments")


class ReviewQuerySet(models.QuerySet["Review"]):
    def open(self) -> ReviewQuerySet:
        return self.filter(state="open")

    def not_expired(self) -> ReviewQuerySet:
        return self.filter(expires__gte=timezone.localdate())

    def with_waiting(self) -> ReviewQuerySet:
        """With `waiting`: the reviewers that each waits for (none: for its author), in order."""
        reviewers = Reviewer.objects.filter(removal_reason="", waiting_since__isnull=False)
        return self.prefetch_related(
            models.Prefetch("reviewers", reviewers.select_related("user"), "waiting")
        )

    def with_round(self) -> ReviewQuerySet:
        """With `round_number` and `version_number` of the present round, and `title` as that
        version has it (who only reviews knows no other), without reading its text."""
        last = Round.objects.filter(review=OuterRef("pk")).order_by("-number")
        title = KeyTextTransform("title", Cast("version__text", models.JSONField()))
        return self.annotate(
            round_number=Subquery(last.values("number")[:1]),
            version_number=Subquery(last.values("version__number")[:1]),
            title=Subquery(last.annotate(title=title).values("title")[:1]),
        )

    def with_changes_requested(self) -> ReviewQuerySet:
        """With `changes_requested_at`: when someone asked for changes of the present version and
        said nothing else since, or None."""
        newer = Round.objects.filter(
            review=OuterRef("round__review"), number__gt=OuterRef("round__number")
        )
        since = Decision.objects.filter(
            reviewer=OuterRef("reviewer"), round=OuterRef("round"), pk__gt=OuterRef("pk")
        )
        asked = Decision.objects.filter(
            round__review=OuterRef("pk"), kind="ask_for_changes", reviewer__removal_reason=""
        ).exclude(Exists(newer) | Exists(since))
        newest = asked.order_by("-created_at", "-pk").values("created_at")
        return self.annotate(changes_requested_at=Subquery(newest[:1]))

    def visible_to(self, user: User) -> ReviewQuerySet:
        """Those the person may look at (reviews.review_access.reader says the same of one): about a
        job description that they see, or asking them."""
        seen = JobDescription.objects.visible_to(user).order_by().values("pk")
        asked = Review.objects.requested_of(user).order_by().values("pk")
        return self.filter(Q(description__in=seen) | Q(pk__in=asked))

    def waiting_for(self, user: User) -> ReviewQuerySet:
        """Open ones that wait for this person as a reviewer."""
        reviewers = Reviewer.objects.filter(
            user=user, removal_reason="", waiting_since__isnull=False
        )
        return self.open().not_expired().filter(pk__in=reviewers.values("review"))

    def waiting_for_authors(self) -> ReviewQuerySet:
        """Open ones that wait for no reviewer, or have expired: their authors go on with them."""
        reviewers = Reviewer.objects.filter(removal_reason="", waiting_since__isnull=False)
        is_over = Q(expires__lt=timezone.localdate())
        return self.open().filter(is_over | ~Q(pk__in=reviewers.values("review")))

    def turn_of(self, user: User) -> ReviewQuerySet:
        """Open ones in which it is this person's turn: as a reviewer, or as an author where no
        reviewer is waited for."""
        own = self.waiting_for_authors().managed_by(user).order_by().values("pk")
        asked = self.waiting_for(user).order_by().values("pk")
        return self.filter(Q(pk__in=own) | Q(pk__in=asked))

    def managed_by(self, user: User) -> ReviewQuerySet:
        """Those that they asked for, or that are about what they own."""
        return self.filter(Q(requested_by=user) | Q(description__owner=user))

    def overdue(self) -> ReviewQuerySet:
        return self.open().filter(due__lt=timezone.localdate())

    def requested_of(self, user: User) -> ReviewQuerySet:
        """Those that ask this person now or asked them, and have not closed their door: not
        withdrawn, not expired while open, and the person is still a reviewer of it."""
        reviewers = Reviewer.objects.filter(user=user, removal_reason="").values("review")
        found = self.filter(pk__in=reviewers).exclude(state="withdrawn")
        return found.exclude(state="open", expires__lt=timezone.localdate())


class Review(models.Model):
    """One question about a job description: may this text hold? It has rounds, each about one
    version. `due` is the day until which answers are wanted; after the day `expires` its door
    is closed to those who see the job description for no other reason."""

    description = models.ForeignKey(
        "roles.JobDescription", on_delete=models.PROTECT, related_name="reviews"
    )
    rollout = models.ForeignKey(
        "roles.Rollout", null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )
    state = models.CharField(max_length=10, choices=list(REVIEW_STATES.items()), default="open")
    in_order = models.BooleanField(default=False)
    note = ParagraphTextField(blank=True, max_length=vocabulary.COMMENT_LIMIT)
    due = models.DateField(null=True, blank=True)
    expires = models.DateField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_reason = ParagraphTextField(blank=True, max_length=vocabulary.COMMENT_LIMIT)

    objects: ClassVar[models.Manager[Review]] = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=REVIEW_STATES), name="review_state_known"),
            models.UniqueConstraint(
                fields=["description"], condition=Q(state="open"), name="review_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.description.reference} {_('review')} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def is_expired(self) -> bool:
        return self.is_open and self.expires < timezone.localdate()

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due is not None and self.due < timezone.localdate()


class Round(models.Model):
    """One look at one version; the one with the highest number is the present one."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rounds")
    note = ParagraphTextField(blank=True, max_length=vocabulary.COMMENT_LIMIT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["review", "number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="round_number_unique"),
            models.UniqueConstraint(fields=["review", "version"], name="round_version_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.review} {_('round')} {self.number}"


class Reviewer(models.Model):
    """A place in a review: a person with an account, or a mail address (in small letters).

    `sections` are the uids of those they are asked about; empty: everything, pay included.
    `position` is their place where reviewers are asked in order. `waiting_since` is set while
    the review waits for them (reviews.approval keeps it). `seen` are the numbers of the versions
    that they looked at, in that order. One who was removed (`removal_reason`) is kept for the
    record; the one who took over has `replaces`. The link of a mail address is signed with
    `link_key`; without one it opens nothing. `code` is the hash of the code sent last,
    `codes_sent` how many were sent on the day of that one."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviewing",
    )
    email = models.EmailField(blank=True)
    name = OneLineTextField(blank=True, max_length=vocabulary.PERSON_NAME_LIMIT)
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
    removal_note = ParagraphTextField(blank=True, max_length=vocabulary.COMMENT_LIMIT)
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

    class Meta:
        ordering = ["review", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(email=""), name="reviewer_account_or_address"
            ),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="reviewer_role_known"),
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

    def __str__(self) -> str:
        return str(self.user) if self.user else self.name or self.email

    @property
    def is_approver(self) -> bool:
        return self.role == "approver"

    @property
    def is_guest(self) -> bool:
        """Whether they come in by a link instead of an account."""
        return self.user_id is None

    @property
    def address(self) -> str:
        """Where mail reaches them, or nothing."""
        return self.user.email if self.user else self.email

    def covers(self, section: str) -> bool:
        """Whether they are asked about that part (see comparison.parts)."""
        return not self.sections or section in self.sections


class Decision(models.Model):
    """What a reviewer said of the version of a round; never changed, the next one counts. `by`
    is the account that decided (none: by link), `recorded_by` who wrote down one that was given
    elsewhere, and then `text` says how they know."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="decisions")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=25, choices=list(DECISIONS.items()))
    text = ParagraphTextField(blank=True, max_length=vocabulary.COMMENT_LIMIT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DECISIONS), name="decision_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.get_kind_display()}"

    @property
    def is_approval(self) -> bool:
        return self.kind in APPROVING


class DecidedSection(models.Model):
    """One part that a decision is about, as it read then (see comparison.parts): `exact` is
    the hash of its content, `sense` of what of it an editorial change leaves alone."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="sections")
    section = models.CharField(max_length=32)
    content_hash = models.CharField(max_length=64)
    normalized_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "section"], name="decided_section_unique")
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.section}"


class Approval(models.Model):
    """That a version is approved: every part of it had every approval that was asked for."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="approval")
    review = models.ForeignKey(
        Review, null=True, blank=True, on_delete=models.SET_NULL, related_name="approvals"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.version)
