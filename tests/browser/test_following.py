"""Following reviews in the browser: notifications, pending reviews, email, activity."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from roles.models import Review
from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser

LONG = "W" * 120


@pytest.fixture
def reviewer(transactional_db):
    return builders.user("manager", first_name="Robin", last_name="B" * 60)


@pytest.fixture
def author(transactional_db):
    return builders.user("hr", first_name="Olive")


@pytest.fixture
def review(author, reviewer):
    """Two pending reviews, one of them overdue, with changes requested by another reviewer."""
    other = builders.user("hr", first_name="Kim")
    titled = builders.description(author, LONG, hiring_managers=(reviewer,))
    builders.review(titled, reviewer, other)
    jd = builders.description(author, "Account manager")
    review = builders.review(jd, reviewer, other, f"{'g' * 60}@example.org", note="Check pay.")
    builders.decision(review, other, "ask_for_changes", "Too long.")
    Review.objects.filter(pk=review.pk).update(due=timezone.localdate() - timedelta(days=2))
    return review


def test_a_reviewer_on_a_phone(visitor, reviewer, review, assert_accessible):
    """The bell counts, opening marks as read, the others are marked, email is set to daily."""
    page = visitor(reviewer, **SCREENS["390"])
    page.goto("/")
    first = page.get_by_role("region", name="Needs your review").get_by_role("listitem").first
    expect(first).to_contain_text("Overdue")
    assert_accessible(page)
    page.get_by_role("link", name="Notifications, 2 unread").click()
    page.get_by_role("link", name="“Account manager”").click()
    page.wait_for_url(f"**{review.get_absolute_url()}")
    page.get_by_role("link", name="Notifications, 1 unread").click()
    assert_accessible(page)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
    page.get_by_role("link", name="Change").click()
    acting.expect_heading(page, "Email preferences")
    assert_accessible(page)
    page.get_by_label("Daily digest").check()
    page.get_by_role("button", name="Save").click()
    acting.expect_heading(page, "Notifications")
    expect(page.locator(".lead")).to_contain_text("Daily digest")


def test_the_pages_fit_and_axe_finds_nothing(visitor, author, review, assert_accessible):
    page = visitor(author)
    for path in ("/reviews/", "/notifications/", "/activity/", "/descriptions/", "/"):
        page.goto(path)
        for width, scheme, about in ((1280, "light", "everything"), (390, "dark", "everything")):
            acting.look_like(page, scheme=scheme, width=width)
            page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
            assert_accessible(page, about=about)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
