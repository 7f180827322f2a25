"""The place that a notification is about, so that its link opens there."""

from __future__ import annotations

from django.urls import reverse

from roles.models import Notification
from roles.reviews import decision_options

OPEN_FEEDBACK = "#open-feedback"  # in the list of a review's feedback


def path(row: Notification, *, may_answer: bool) -> str:
    """Returns the path of a notification for someone who can see what it is about; `may_answer`:
    they can answer the feedback of the review. A comment opens at its thread, and a decision with
    comments at the list of open feedback."""
    if row.review is not None:
        thread = row.what.get("thread")
        if thread:
            return f"{row.review.get_absolute_url()}#thread-{thread}"
        if may_answer and row.what.get("kind") in decision_options.KINDS_WITH_TEXT:
            return reverse("suggestions", args=[row.review.pk]) + OPEN_FEEDBACK
        return row.review.get_absolute_url()
    if rollout := row.what.get("rollout"):
        return reverse("rollout", args=[rollout])
    return row.description.get_absolute_url() if row.description else reverse("notifications")
