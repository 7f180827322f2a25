"""Links that promise feedback open at the feedback."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles.models import JobDescription, Notification, Review
from roles.reviews import comments, suggestions
from tests import builders
from tests.html import by_id, links, words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def author(client_for) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(author) -> JobDescription:
    return builders.description(author.user)


@pytest.fixture
def tom():
    return builders.user("no_group", first_name="Tom")


@pytest.fixture
def review(jd, tom) -> Review:
    return builders.review(jd, tom, "kim@example.org")


def feedback_url(review: Review) -> str:
    return reverse("suggestions", args=[review.pk]) + "#open-feedback"


def suggest(review: Review, tom: Any) -> None:
    line = review.description.sections.get(kind="summary").lines.get()
    suggestions.suggest(
        reader=builders.reader(review, tom),
        version=review.description.versions.get(),
        proposal=suggestions.Proposal(
            kind="reword", section=line.section.uid, line=line.uid, text="Other words."
        ),
    )


@pytest.mark.parametrize("kind", ["ask_for_changes", "suggestion"])
def test_the_home_page_opens_the_open_feedback(author, review, tom, kind) -> None:
    if kind == "suggestion":
        suggest(review, tom)
    else:
        builders.decision(review, tom, "ask_for_changes", "Too long.")
    page = author.get("/")
    assert feedback_url(review) in links(page)
    assert "See feedback" in page.text


def test_without_feedback_the_home_page_opens_the_review(author, review) -> None:
    Review.objects.update(expires="2020-01-01")
    page = author.get("/")
    assert "View review" in page.text
    assert feedback_url(review) not in links(page)


@pytest.mark.parametrize("kind", ["ask_for_changes", "approve_with_comments"])
def test_a_decision_with_comments_opens_the_open_feedback(author, review, tom, kind) -> None:
    builders.decision(review, tom, kind, "Too long.")
    row = Notification.objects.get(user=author.user, verb="review.decided")
    response = author.get(reverse("notification", args=[row.pk]))
    assert response["Location"] == feedback_url(review)


def test_an_approval_opens_the_review(author, review, tom) -> None:
    builders.decision(review, tom)
    row = Notification.objects.get(user=author.user, verb="review.decided")
    response = author.get(reverse("notification", args=[row.pk]))
    assert response["Location"] == review.get_absolute_url()


def test_a_comment_opens_at_its_thread(author, review, tom, jd) -> None:
    reader = builders.reader(review, tom)
    thread = comments.comment(reader=reader, version=jd.versions.get(), text="Hm")
    row = Notification.objects.get(user=author.user, verb="review.commented")
    response = author.get(reverse("notification", args=[row.pk]))
    assert response["Location"] == f"{review.get_absolute_url()}#thread-{thread.pk}"
    assert by_id(author.get(review.get_absolute_url()), f"thread-{thread.pk}") is not None


def test_the_list_has_the_texts_of_decisions(author, review, tom) -> None:
    builders.decision(review, tom, "ask_for_changes", "Too long.")
    builders.decision(review, "kim@example.org", "approve_with_comments", "One more idea.")
    part = by_id(author.get(reverse("suggestions", args=[review.pk])), "open-feedback")
    assert part.get("tabindex") == "-1"
    for text in ("Tom", "Too long.", "kim@example.org", "One more idea."):
        assert text in words(part)
    builders.decision(review, tom)
    part = by_id(author.get(reverse("suggestions", args=[review.pk])), "open-feedback")
    assert "Too long." not in words(part)
