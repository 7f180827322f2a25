"""An author asks two people, one after the other, and keeps the review going."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from roles.models import Review
from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser


@pytest.fixture
def made(transactional_db):
    builders.organization(name="Northwind")
    manager = builders.user("manager", first_name="Maria", last_name="Silva")
    made = builders.description(builders.user("hr"), named=(manager,))
    pay = builders.add_section(made, "pay", "Pay", "By the scale.")
    made.sections.filter(uid=pay).update(audience="restricted")
    builders.user("hr", first_name="Lea", last_name="Moss")
    return made


def fits(page):
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def ask(page):
    """From the last step, which saves the version: Maria first, about everything; then Lea,
    about the pay."""
    page.get_by_role("link", name="Go to last step").click()
    page.get_by_label("What changed").fill("First version")
    page.get_by_role("button", name="Send for review").click()
    acting.expect_heading(page, "Send for review")
    page.get_by_role("button", name="Add a reviewer").click()
    second = page.get_by_role("group", name="Reviewer 2", exact=True)
    second.get_by_label("Who").fill("lea moss")
    expect(second.get_by_label("Pay restricted")).to_be_hidden()
    second.get_by_label("Only what is ticked").check()
    second.get_by_label("Pay restricted").check()
    expect(page.locator("#checks")).to_contain_text("Maria Silva, Lea Moss.")
    page.get_by_label("One after another").check()
    page.get_by_label("Note to all of them").fill("Is the scale right?")


def test_two_are_asked_in_order_one_is_replaced_and_one_told_for(visitor, made, is_fine):
    page = visitor(made.owner, **SCREENS["1280"])
    page.goto(made.get_absolute_url())
    ask(page)
    is_fine(page)
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)
    is_fine(page)
    page.get_by_role("button", name="Send for review").click()
    acting.expect_heading(page, "Review of version 1")
    expect(page.get_by_role("row", name="Lea Moss")).to_contain_text("Is asked after those above")
    fits(page)
    is_fine(page)
    page.set_viewport_size(SCREENS["1280"]["viewport"])

    builders.user("manager", first_name="Ann", last_name="Orr")
    page.get_by_role("link", name="Change Maria Silva").click()
    is_fine(page)
    page.get_by_label("New reviewer").fill("Ann Orr")
    page.locator("#id_replace-reason").fill("On leave until May.")
    page.get_by_role("button", name="Replace").click()
    expect(page.get_by_role("row", name="Ann Orr")).to_contain_text("In place of Maria Silva")

    for name in ("Ann Orr", "Lea Moss"):
        page.get_by_role("link", name=f"Change {name}").click()
        page.get_by_label("Approve", exact=True).check()
        page.get_by_label("When and how they gave it").fill("In the meeting of this morning.")
        page.get_by_role("button", name="Write it down").click()
        expect(page.get_by_role("row", name=name)).to_contain_text("written down by")
    expect(page.get_by_role("link", name="Make effective")).to_be_visible()
    is_fine(page)
    assert Review.objects.get().state == "approved"
    page.goto(made.get_absolute_url())
    expect(page.get_by_text("Version 1 is approved.")).to_be_visible()
    is_fine(page)
