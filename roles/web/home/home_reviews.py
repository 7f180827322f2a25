"""The reviews on the home page: those of a reviewer, and those of an author."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import permissions
from roles.comparison import approval_hashes
from roles.models import (
    Approval,
    JobDescription,
    Review,
    Reviewer,
    Rollout,
    Round,
    Suggestion,
    Thread,
    User,
)
from roles.notifications import notification_paths
from roles.reviews import section_names
from roles.web.shared import pending_reviews

ROWS_SHOWN = 5  # rows of each list; a link shows all
SECTIONS_SHOWN = 3  # in a row
BY_DUE_DATE = (F("due").asc(nulls_last=True), "created_at", "pk")


@dataclass(frozen=True)
class ShortList:
    """The first rows of a list, and the URL of the whole list."""

    rows: list[Any]
    url: str


def reviewing(user: User) -> dict[str, Any] | None:
    """Return the reviews and rollouts that await the person, by due date; None where there are
    none. A rollout is one row, however many reviews it has."""
    pending = Review.objects.waiting_for(user)
    single = pending_reviews.with_pending(pending.filter(rollout=None)).order_by(*BY_DUE_DATE)
    rows = list(single.defer("description__search_text")[:ROWS_SHOWN])
    batched = pending.exclude(rollout=None).order_by().values("rollout")
    counts = dict(batched.values_list("rollout").annotate(count=Count("pk")))
    rollouts = Rollout.objects.filter(pk__in=counts).select_related("by")
    batches = list(rollouts.order_by(*BY_DUE_DATE)[:ROWS_SHOWN])
    for batch in batches:
        batch.count = counts[batch.pk]  # type: ignore[attr-defined]
    if not (rows or batches):
        return None
    _annotate_subjects(rows, user)
    return {"reviews": ShortList(rows, f"{reverse('reviews')}?show=waiting"), "rollouts": batches}


def author_reviews(user: User) -> dict[str, Any] | None:
    """Return the reviews that need the author, and the approved versions that aren't current
    or planned; None where there are none."""
    rows = list(_awaiting_author(user).order_by(*BY_DUE_DATE)[:ROWS_SHOWN])
    approved = list(_approved(user).order_by("-pk")[:ROWS_SHOWN])
    if not (rows or approved):
        return None
    suggested = Suggestion.objects.filter(state="open", thread__review__in=rows).order_by()
    counts = dict(suggested.values_list("thread__review").annotate(count=Count("pk")))
    for review in rows:
        review.suggested = counts.get(review.pk, 0)  # type: ignore[attr-defined]
        review.pending_review = pending_reviews.pending(review, user)  # type: ignore[attr-defined]
        review.feedback_url = _feedback_url(review, user)  # type: ignore[attr-defined]
    return {"reviews": ShortList(rows, f"{reverse('reviews')}?show=mine"), "approved": approved}


def _feedback_url(review: Review, user: User) -> str:
    """Return the URL of the open feedback if there is some that the person can answer, or ""."""
    has_feedback = review.suggested or review.changes_requested_at  # type: ignore[attr-defined]
    may_answer = permissions.may(user, "review.answer", review.description.relations_of(user))
    if not (has_feedback and may_answer):
        return ""
    return reverse("suggestions", args=[review.pk]) + notification_paths.OPEN_FEEDBACK


def _awaiting_author(user: User) -> QuerySet[Review]:
    """Return the author's open reviews with requested changes, with an open suggestion, or in
    which no reviewer is pending."""
    own = pending_reviews.with_pending(
        pending_reviews.visible_reviews(user).open().managed_by(user)
    )
    suggested = Suggestion.objects.filter(state="open", thread__review=OuterRef("pk"))
    is_idle = Q(awaits_author=True) | Q(expires__lt=timezone.localdate())
    needs_author = Q(changes_requested_at__isnull=False) | Exists(suggested) | is_idle
    return own.filter(needs_author).prefetch_related("description__hiring_managers")


def _approved(user: User) -> QuerySet[Approval]:
    """Return the latest approval of each job description that the person owns, where its version
    is neither current nor planned, with `unanswered`, the number of its open suggestions and
    comments."""
    own = JobDescription.objects.filter(owner=user, status="approved").order_by()
    later = Approval.objects.filter(
        version__description=OuterRef("version__description"), pk__gt=OuterRef("pk")
    )
    latest = Approval.objects.filter(
        version__description__in=own.values("pk"), version__effective_periods=None
    ).exclude(Exists(later))
    threads = Thread.objects.filter(description=OuterRef("version__description")).unanswered()
    counted = threads.order_by().values("description").annotate(all=Count("pk")).values("all")
    latest = latest.annotate(unanswered=Subquery(counted))
    heavy = ("version__text", "version__brand", "version__description__search_text")
    return latest.select_related("version__description").defer(*heavy)


def _annotate_subjects(reviews: Sequence[Review], user: User) -> None:
    """Set on each review `about`, what the person is asked to review, and `current_note`, the
    note of the current round."""
    newer = Round.objects.filter(review=OuterRef("review"), number__gt=OuterRef("number"))
    last = Round.objects.filter(review__in=reviews).exclude(Exists(newer))
    rounds = {round.review_id: round for round in last.select_related("version")}
    for review in reviews:
        reviewers: list[Reviewer] = review.waiting  # type: ignore[attr-defined]
        # None if they were removed between the two queries.
        reviewer = next((one for one in reviewers if one.user_id == user.pk), None)
        round = rounds[review.pk]
        review.about = _about(reviewer, round) if reviewer else ""  # type: ignore[attr-defined]
        review.current_note = round.note  # type: ignore[attr-defined]


def _about(reviewer: Reviewer, round: Round) -> str:
    if not reviewer.sections:
        return (
            _("Changes since you last viewed it") if reviewer.seen else _("Whole job description")
        )
    sections = approval_hashes.section_hashes(round.version.document)
    names = section_names.names(
        [section for key, section in sections.items() if key in reviewer.sections]
    )
    more = len(names) - SECTIONS_SHOWN
    if more > 1:
        return _("%(names)s and %(count)d more") % {
            "names": ", ".join(names[:SECTIONS_SHOWN]),
            "count": more,
        }
    return ", ".join(names)
