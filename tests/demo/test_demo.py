"""Tests of the demo data: accounts, three levels of a family, one of them current and public."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from roles.models import Event, JobDescription, Review, Suggestion, User
from roles.versions import effective_periods
from tests.html import notes

pytestmark = pytest.mark.slow


def make_demo() -> str:
    out = StringIO()
    call_command("make_demo", stdout=out)
    return out.getvalue()


@pytest.fixture
def description(starter_library: None, settings: Any, tmp_path: Any) -> JobDescription:
    settings.DEBUG, settings.DATA_DIR = True, tmp_path
    make_demo()
    return JobDescription.objects.get(reference="ACC-0001")


def test_first_job_description_is_current_and_public(
    description: JobDescription, client_for: Any
) -> None:
    today = timezone.localdate()
    version = effective_periods.current_on(description, today)
    assert version is not None
    assert version.document.open_words() == []
    assert description.is_public
    assert description.posting(today) is not None
    assert not list(Event.objects.broken())
    page = client_for("anonymous").get(f"/jd/{description.reference}")
    assert page.status_code == 200
    assert description.title in page.text


def test_the_levels_have_no_inversions(description: JobDescription, client_for: Any) -> None:
    """No placeholder is blank, and the level comparison has all three levels."""
    every = list(JobDescription.objects.order_by("reference"))
    assert [one.versions.count() for one in every] == [2, 1, 2]
    assert [v.document.open_words() for one in every for v in one.versions.all()] == [[]] * 5
    query = "&".join(f"jd={one.reference}" for one in every)
    page = client_for("admin").get(f"/levels/?{query}")
    assert page.status_code == 200
    for one in every:
        assert one.title in page.text
    [result] = notes(page, "good")
    assert "levels-inversions" in result.get("class", "")


def test_review_is_in_its_second_round(description: JobDescription, client_for: Any) -> None:
    """Managers have reviews, and the author has feedback."""
    review = Review.objects.get(state="open")
    assert review.rounds.count() == 2
    waiting = review.reviewers.exclude(waiting_since=None)
    assert {str(reviewer_row) for reviewer_row in waiting} == {"Robin Chen", "Jamie Okafor"}
    assert Suggestion.objects.filter(state="open").count() == 1
    page = client_for("admin").get(review.get_absolute_url())
    assert page.status_code == 200


def test_review_is_due_on_a_working_day(description: JobDescription) -> None:
    due = Review.objects.get(state="open").due
    assert due is not None
    assert due.weekday() < 5


def test_it_is_created_once_and_never_without_debug(
    description: JobDescription, settings: Any
) -> None:
    make_demo()
    assert JobDescription.objects.count() == 3
    assert User.objects.filter(username="author1").count() == 1
    settings.DEBUG = False
    with pytest.raises(CommandError):
        make_demo()
