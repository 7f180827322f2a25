"""Locks a review for an action, and refuses actions on a closed one."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import drafts
from roles.models import JobDescription, Review

# Why a review takes no more actions, by its state.
ENDED = {
    "approved": gettext_lazy("This review has ended. The version is approved."),
    "withdrawn": gettext_lazy("This review was withdrawn."),
}


def lock(review: Review) -> Review:
    """Returns the current review, with its job description locked until the transaction ends."""
    JobDescription.objects.lock(review.description_id)
    return Review.objects.select_related("description", "requested_by").get(pk=review.pk)


def lock_open(review: Review, *, even_expired: bool = False) -> Review:
    """Locks a review that must be open. Raises drafts.ActionRefused (see `refuse_closed`)."""
    locked = lock(review)
    refuse_closed(locked, even_expired=even_expired)
    return locked


def refuse_closed(review: Review, *, even_expired: bool = False) -> None:
    """Raises drafts.ActionRefused if the review has ended or has expired (unless `even_expired`,
    for actions of its authors only)."""
    if not review.is_open:
        raise drafts.ActionRefused(ENDED[review.state])
    if review.is_expired and not even_expired:
        raise drafts.ActionRefused(_("This review has expired. Set a new due date first."))
