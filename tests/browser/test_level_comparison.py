"""The level comparison in the browser: selected by keyboard, read on a screen and a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from roles.drafts import changes
from roles.models import JobDescription, JobLevel
from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser

LEVELS = {"Entry level": 1, "Mid level": 2, "Senior level": 3}


@pytest.fixture
def family(transactional_db):
    """One job description per level. The junior one pays more, and one line has no spaces."""
    hr = builders.user("hr")
    descriptions = []
    for name, position in LEVELS.items():
        level = builders.level(name)
        JobLevel.objects.filter(pk=level.pk).update(position=position)
        one = builders.description(hr, f"Clerk of {name.lower()}")
        JobDescription.objects.filter(pk=one.pk).update(job_level=level, years_from=position)
        skills = ("Clear writing", "W" * 90, f"Skill of {name.lower()}")
        builders.add_section(one, "skills", "Skills", *skills)
        pay = builders.add_section(one, "pay", "Pay")
        ends = {"minimum": 90_000 - position * 1000, "maximum": 95_000}
        builders.change(one, changes.AddPay(pay, ends))
        builders.version(one)
        descriptions.append(one)
    return descriptions


def assert_no_overflow(page):
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_select_and_compare_levels(visitor, family, is_fine):
    page = visitor(family[0].owner, **SCREENS["1280"])
    page.goto("/descriptions/")
    for one in (family[2], family[0]):
        page.locator(f"input[name=jd][value='{one.reference}']").focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Compare levels").focus()
    page.keyboard.press("Enter")
    acting.expect_heading(page, "Compare levels")
    heads = page.get_by_role("columnheader")
    expect(heads.first).to_contain_text("Entry level")
    inversions = page.locator(".levels-inversions")
    expect(inversions).to_contain_text("pays more ($89,000")
    expect(inversions).to_contain_text("per year) than Clerk of senior level")
    is_fine(page)

    page.get_by_text("Change selection").click()
    page.get_by_label("Clerk of mid level").check()
    page.get_by_role("main").get_by_role("button", name="Compare levels").click()
    added = page.locator(".levels-new")
    expect(added).to_have_count(2)
    expect(added.last).to_contain_text("Skill of senior level")
    expect(page.get_by_text("2 lines shared by all levels")).to_be_visible()
    assert_no_overflow(page)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(heads.first).to_be_in_viewport()  # the head is sticky
    page.get_by_role("link", name="Draft", exact=True).click()
    expect(heads.first).to_contain_text("Draft")
    is_fine(page)

    phone = visitor(family[0].owner, **SCREENS["390"])
    phone.goto(family[1].get_absolute_url())
    phone.get_by_text("More", exact=True).click()
    phone.get_by_role("link", name="Compare levels").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    is_fine(phone)
    phone.get_by_label("Clerk of senior level").check()
    phone.get_by_role("button", name="Compare levels").click()
    expect(phone.locator(".levels-name").get_by_text("Mid level").first).to_be_visible()
    assert_no_overflow(phone)
    is_fine(phone)
