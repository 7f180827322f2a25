"""A review in its second round, with a comment, suggestions, and requested changes."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from roles import versions
from roles.models import (
    JobDescription,
    Line,
    Review,
    Reviewer,
    Section,
    Suggestion,
    User,
    Version,
)
from roles.reviews import comments, decisions, requests, review_access, suggestions
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest

DUE_IN = timedelta(days=5)
FRIDAY = 4  # as datetime counts weekdays
NOTE = "Please focus on the responsibilities. The pay is final."
QUESTION = "Do only senior managers still do this, @author1, or the whole team?"
ANSWER = "I used your wording for the second responsibility. The first stays with senior managers."
CHANGES = "Please resolve my two comments on the responsibilities."


def create(version: Version, manager: User, colleague: User) -> Review:
    """Requests a review from both people, adds their feedback, and starts the second round."""
    description, author = version.description, version.author
    reviewers = [
        ReviewerRequest(user=manager),
        ReviewerRequest(user=colleague, role="commenter", sections=(_duties(description).uid,)),
    ]
    due = timezone.localdate() + DUE_IN
    if due.weekday() > FRIDAY:
        due += timedelta(days=7 - due.weekday())  # the Monday after
    review = requests.request_review(
        version=version, reviewers=reviewers, by=author, due=due, note=NOTE
    )
    first, second, third = _lines(description)
    reader = _open_page(review, manager, version)
    comments.comment(reader=reader, version=version, text=QUESTION, line=first.uid)
    suggestion = _suggest(reader, version, second, f"Decide how to {_lower(second.text)}")
    decisions.decide(
        reviewer=_reviewer(review, manager),
        round=review.current_round().number,
        kind="ask_for_changes",
        text=CHANGES,
        by=Actor(user=manager),
    )
    other = _open_page(review, colleague, version)
    _suggest(other, version, third, f"{third.text.rstrip('.')}, at least once a quarter.")
    description.refresh_from_db()
    suggestions.accept(suggestion=suggestion, by=author, token=description.edit_token)
    description.refresh_from_db()
    saved = versions.save(
        description=description,
        by=author,
        token=description.edit_token,
        note="Changes after the first review round.",
    )
    requests.next_round(review=review, version=saved, by=author, note=ANSWER)
    return review


def _duties(description: JobDescription) -> Section:
    return description.sections.get(kind="responsibilities")


def _lines(description: JobDescription) -> list[Line]:
    """Returns the first three responsibilities."""
    lines = _duties(description).lines.filter(parent=None).order_by("position")
    return list(lines[:3])


def _open_page(review: Review, user: User, version: Version) -> review_access.Reader:
    """Opens the review as this person and returns them as reader."""
    reader = review_access.reader(review, user)
    if reader is None:
        raise ValueError("the reviewer can't open the review")
    review_access.record_view(reader, version)
    return reader


def _suggest(reader: review_access.Reader, version: Version, line: Line, text: str) -> Suggestion:
    proposal = suggestions.Proposal("reword", line.section.uid, line.uid, text, line.detail)
    return suggestions.suggest(reader=reader, version=version, proposal=proposal)


def _reviewer(review: Review, user: User) -> Reviewer:
    return review.reviewers.current().get(user=user)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
