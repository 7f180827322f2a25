"""An owner says which version holds, shows it to the public, and reads what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import formats, timezone
from playwright.sync_api import expect

from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser


def day(offset=0):
    return timezone.localdate() + timedelta(days=offset)


def day_text(offset=0):
    return formats.date_format(day(offset), "DATE_FORMAT")


@pytest.fixture
def jd(transactional_db):
    builders.organization(name="Northwind")
    jd = builders.description(builders.user("hr"))
    for note in ("As agreed", "W" * 300):
        builders.approved(builders.version(jd, note=note))
    return jd


def make_effective(page, offset, *, number):
    page.get_by_role("link", name="Make current").click()
    acting.expect_heading(page, f"Make version {number} current?")
    expect(page.get_by_label("Effective date")).to_have_value(day().isoformat())
    page.get_by_label("Effective date").fill(day(offset).isoformat())
    page.get_by_role("button", name="Make current").click()


def assert_no_overflow(page):
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_make_current_publish_and_history(visitor, jd, is_fine):
    """On a large screen all is done; on a phone it is read, and a plan is made."""
    root = jd.get_absolute_url()
    page = visitor(jd.owner, **SCREENS["1280"])
    page.complaints.allow("422")
    page.goto(root)
    expect(page.get_by_role("row", name="Version 1")).to_be_visible()
    expect(page.locator(".version-status")).to_have_count(0)
    page.get_by_role("link", name="Version 1", exact=True).click()

    make_effective(page, -3, number=1)
    error = page.locator("#id_since_error")
    expect(error).to_contain_text(f"This version was saved on {day_text()}")
    expect(page.get_by_label("Effective date")).to_have_value(day(-3).isoformat())
    is_fine(page)
    page.get_by_label("Effective date").fill(day().isoformat())
    page.get_by_role("button", name="Make current").click()
    expect(acting.message(page, "good")).to_contain_text(day_text())
    expect(page.locator(".version-status")).to_be_visible()
    expect(page.get_by_role("link", name="Make current")).to_have_count(0)

    page.goto(root)
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Publish").click()
    page.get_by_label("Show the current version to the public").check()
    page.get_by_label("First day").fill(day().isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#id_valid_through_error")).to_contain_text("Enter the last day to apply.")
    is_fine(page)
    page.get_by_label("Last day").fill(day(9).isoformat())
    page.get_by_role("button", name="Save").click()
    expect(
        page.get_by_text(f"Open for applications from {day_text()} through {day_text(9)}.")
    ).to_be_visible()
    expect(page.get_by_role("link", name="View its public page.")).to_be_visible()
    is_fine(page)

    phone = visitor(jd.owner, **SCREENS["390"])
    phone.goto(f"{root}versions/2/")
    make_effective(phone, 5, number=2)
    expect(phone.get_by_text(f"Scheduled for {day_text(5)}", exact=True)).to_be_visible()
    for one in (phone, page):
        one.goto(root)
        one.get_by_role("link", name="History").click()
        acting.expect_heading(one, "History")
        entries = one.get_by_role("main").get_by_role("listitem")
        expect(entries.first).to_contain_text(f"Made version 2 current as of {day_text(5)}")
        expect(entries.first).to_contain_text("Replaces version 1.")
        expect(entries.last).to_contain_text("Created from a blank page")
        one.get_by_label("Date", exact=True).fill(day(5).isoformat())
        one.get_by_role("button", name="Show").click()
        stood = one.locator(".day-result")
        expect(stood).to_contain_text("version 2")
        expect(stood).to_be_in_viewport()
        assert_no_overflow(one)
        is_fine(one)
    stood.get_by_role("link", name="version 2").click()
    acting.expect_heading(page, "Version 2")
