"""Reviews: the version under review, its reviewers, their sections and their decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles import limits
from roles.models import sort_keys
from roles.models.job_description import is_visible
from roles.models.reviewer import Reviewer
from roles.models.text_fields import OneLineTextField, ParagraphTextField
from roles.models.version import Version
from roles.vocabulary import DECISIONS, DECISIONS_MADE, REVIEW_STATES

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from roles.models.user import User


class ReviewQuerySet(models.QuerySet["Review"]):
    def open(self) -> ReviewQuerySet:
        return self.filter(state="open")

    def not_expired(self) -> ReviewQuerySet:
        return self.filter(expires__gte=timezone.localdate())

    def with_waiting(self) -> ReviewQuerySet:
        """With `waiting`: the pending reviewers of each, in order, with `is_awaited` (none is: its
        author has to act)."""
        reviewers = Reviewer.objects.pending().with_is_awaited()
        return self.prefetch_related(
            models.Prefetch("reviewers", reviewers.select_related("user"), "waiting")
        )

    def visible_to(self, user: User) -> ReviewQuerySet:
        """The reviews that the person can see: of job descriptions that they can see, or as a
        reviewer (reviews.review_access.reader decides the same for one review)."""
        asked = Review.objects.requested_of(user).order_by().values("pk")
        return self.filter(is_visible(user, "description") | Q(pk__in=asked))

    def waiting_for(self, user: User) -> ReviewQuerySet:
        """Open reviews with a pending decision of this person, also as a commenter."""
        reviewers = Reviewer.objects.pending().filter(user=user)
        return self.open().not_expired().filter(pk__in=reviewers.values("review"))

    def awaiting(self, user: User) -> ReviewQuerySet:
        """Open reviews whose approval waits for this person."""
        reviewers = Reviewer.objects.awaited().filter(user=user)
        return self.open().not_expired().filter(pk__in=reviewers.values("review"))

    def waiting_for_authors(self) -> ReviewQuerySet:
        """Open reviews whose authors have to act: expired, or no approver is left to wait for.
        Either an approver asked for changes, a blank is still to fill in, a section has no
        approver, or the approver can't decide."""
        is_over = Q(expires__lt=timezone.localdate())
        return self.open().filter(is_over | Q(awaits_author=True))

    def turn_of(self, user: User) -> ReviewQuerySet:
        """Open reviews where this person has to act, as a reviewer, or as an author if no approver
        is pending."""
        own = self.waiting_for_authors().managed_by(user).order_by().values("pk")
        asked = self.waiting_for(user).order_by().values("pk")
        return self.filter(Q(pk__in=own) | Q(pk__in=asked))

    def managed_by(self, user: User) -> ReviewQuerySet:
        """The reviews that they requested, or of job descriptions they own."""
        return self.filter(Q(requested_by=user) | Q(description__owner=user))

    def store_waiting(self) -> None:
        """Stores for each whether it awaits its author, and since when changes are requested. An
        action calls it that changes reviewers or decisions, or whether a reviewer can decide."""
        self.update(awaits_author=awaits_author(), changes_requested_at=changes_requested_at())

    def overdue(self) -> ReviewQuerySet:
        return self.open().filter(due__lt=timezone.localdate())

    def requested_of(self, user: User) -> ReviewQuerySet:
        """The reviews that this person can open as a reviewer: not withdrawn, not expired while
        open, and not removed from."""
        reviewers = Reviewer.objects.current().filter(user=user).values("review")
        found = self.filter(pk__in=reviewers).exclude(state="withdrawn")
        return found.exclude(state="open", expires__lt=timezone.localdate())


def awaits_author() -> Combinable:
    """Returns whether a review has no approver left to wait for, from its reviewers."""
    awaited = Reviewer.objects.awaited().filter(review=OuterRef("pk"))
    return Case(When(Q(state="open") & ~Exists(awaited), then=True), default=False)


def changes_requested_at() -> Subquery:
    """Returns when a reviewer last requested changes to the current version without deciding again
    since, or null, from its decisions."""
    newer = Round.objects.filter(
        review=OuterRef("round__review"), number__gt=OuterRef("round__number")
    )
    since = Decision.objects.filter(
        reviewer=OuterRef("reviewer"), round=OuterRef("round"), pk__gt=OuterRef("pk")
    )
    asked = Decision.objects.filter(
        round__review=OuterRef("pk"), kind="ask_for_changes", reviewer__removal_reason=""
    ).exclude(Exists(newer) | Exists(since))
    return Subquery(asked.order_by("-created_at", "-pk").values("created_at")[:1])


class Review(models.Model):
    """One request to approve a job description. It has rounds, each about one version. `due` is the
    due date of decisions; after the day `expires` the review is closed to people who can't see the
    job description otherwise. For lists: `round_number`, `version_number` and `title` are those of
    the current round (people who only review know no other title); `awaits_author` tells whether
    an open review has no approver left to wait for, and `changes_requested_at` when a reviewer
    last requested changes to the current version without deciding again since."""

    description = models.ForeignKey(
        "roles.JobDescription", on_delete=models.PROTECT, related_name="reviews"
    )
    rollout = models.ForeignKey(
        "roles.Rollout", null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )
    state = models.CharField(max_length=10, choices=list(REVIEW_STATES.items()), default="open")
    in_order = models.BooleanField(default=False)
    note = ParagraphTextField(blank=True, max_length=limits.COMMENT_LIMIT)
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
    end_reason = ParagraphTextField(blank=True, max_length=limits.COMMENT_LIMIT)
    round_number = models.PositiveIntegerField(default=1, editable=False)
    version_number = models.PositiveIntegerField(editable=False)
    title = OneLineTextField(max_length=limits.TITLE_LIMIT, editable=False)
    awaits_author = models.BooleanField(default=False, editable=False)
    changes_requested_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager[Review]] = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [  # all reviews in each order, and the open ones
            models.Index(fields=["created_at", "id"], name="review_by_time"),
            models.Index(fields=["state", "created_at", "id"], name="review_open_by_time"),
            models.Index(sort_keys.DUE_FIRST, "id", name="review_by_due"),
            models.Index("state", sort_keys.DUE_FIRST, "id", name="review_open_by_due"),
            models.Index(sort_keys.DUE_LAST, "id", name="review_by_due_last"),
            models.Index("state", sort_keys.DUE_LAST, "id", name="review_open_by_due_last"),
            models.Index(Lower("title"), "id", name="review_by_title"),
            models.Index("state", Lower("title"), "id", name="review_open_by_title"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[*REVIEW_STATES]), name="review_state_known"
            ),
            models.UniqueConstraint(
                fields=["description"], condition=Q(state="open"), name="review_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.description.reference} {_('review')} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    def current_round(self) -> Round:
        """Returns the round with the highest number, with its version."""
        return self.rounds.select_related("version", "by").order_by("-number")[0]

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
    """The review of one version; the round with the highest number is the current one."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rounds")
    note = ParagraphTextField(blank=True, max_length=limits.COMMENT_LIMIT)
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


class Decision(models.Model):
    """A reviewer's decision on the version of a round. It is never changed; a later one counts
    instead. `by` is the account that decided (None: a guest), `recorded_by` the author who recorded
    a decision given outside the product; `text` then says how they know."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="decisions")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=25, choices=list(DECISIONS.items()))
    text = ParagraphTextField(blank=True, max_length=limits.COMMENT_LIMIT)
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
            models.CheckConstraint(condition=Q(kind__in=[*DECISIONS]), name="decision_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.label}"

    @property
    def label(self) -> str:
        """What the reviewer did, such as "Approved"."""
        return str(DECISIONS_MADE[self.kind])
