"""An author requests reviews from two people, in order, and manages the review."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from roles.models import Review
from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser


@pytest.fixture
def jd(transactional_db):
    builders.organization(name="Northwind")
    manager = builders.user("manager", first_name="Maria", last_name="Silva")
    jd = builders.description(builders.user("hr"), hiring_managers=(manager,))
    pay = builders.add_section(jd, "pay", "Pay", "By the scale.")
    jd.sections.filter(uid=pay).update(audience="restricted")
    builders.user("hr", first_name="Lea", last_name="Moss")
    return jd


def assert_no_overflow(page):
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def request_review(page):
    """Saves a version on the last step and fills in the request: Maria first, for all sections,
    then Lea for the pay."""
    page.get_by_role("link", name="Go to last step").click()
    page.get_by_label("What changed").fill("First version")
    page.get_by_role("button", name="Send for review").click()
    acting.expect_heading(page, "Send for review")
    page.get_by_role("button", name="Add reviewer").click()
    second = page.get_by_role("group", name="Reviewer 2", exact=True)
    second.get_by_label("Person").fill("lea moss")
    expect(second.get_by_label("Pay restricted")).to_be_hidden()
    second.get_by_label("Only selected sections").check()
    second.get_by_label("Pay restricted").check()
    expect(page.locator("#checks")).to_contain_text("Maria Silva, Lea Moss.")
    page.get_by_label("One at a time").check()
    page.get_by_label("Note to reviewers").fill("Is the scale right?")


def test_review_in_order_with_replacement_and_recorded_decisions(visitor, jd, is_fine):
    page = visitor(jd.owner, **SCREENS["1280"])
    page.goto(jd.get_absolute_url())
    request_review(page)
    is_fine(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert_no_overflow(page)
    is_fine(page)
    page.get_by_role("button", name="Send for review").click()
    acting.expect_heading(page, "Review of version 1")
    expect(page.get_by_role("row", name="Lea Moss")).to_contain_text("Not their turn yet")
    assert_no_overflow(page)
    is_fine(page)
    page.set_viewport_size(SCREENS["1280"]["viewport"])

    builders.user("manager", first_name="Ann", last_name="Orr")
    page.get_by_role("link", name="Manage Maria Silva").click()
    is_fine(page)
    page.complaints.allow("htmx:(afterRequest|sendAbort)")  # left while names are looked for
    page.get_by_label("New reviewer").fill("Ann Orr")
    page.locator("#id_replace-reason").fill("On leave until May.")
    page.get_by_role("button", name="Replace").click()
    expect(page.get_by_role("row", name="Ann Orr")).to_contain_text("Replaces Maria Silva")

    for name in ("Ann Orr", "Lea Moss"):
        page.get_by_role("link", name=f"Manage {name}").click()
        page.get_by_label("Approve", exact=True).check()
        page.get_by_label("When and how they decided").fill("In the meeting of this morning.")
        page.get_by_role("button", name="Record decision").click()
        expect(page.get_by_role("row", name=name)).to_contain_text(str(jd.owner))
    expect(page.get_by_role("link", name="Make current")).to_be_visible()
    is_fine(page)
    assert Review.objects.get().state == "approved"
    page.goto(jd.get_absolute_url())
    approved = page.get_by_role("region", name="Review", exact=True).locator(".reviewer-done")
    expect(approved).to_be_visible()
    is_fine(page)
