"""An administrator transfers job descriptions, deactivates the account and erases it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser


def test_offboarding(visitor, transactional_db, is_fine):
    """Job descriptions go to two people, then the account is erased. Its session elsewhere ends
    immediately."""
    leaver = builders.user("hr", username="dana", first_name="Dana", last_name="Reyes")
    for title in ("Account manager", "Sales lead"):
        builders.description(leaver, title)
    builders.user("hr", first_name="Sam", last_name="Rivera")
    admin = builders.user("admin", first_name="Ada", last_name="Marin")
    theirs = visitor(leaver, **SCREENS["1280"])
    theirs.goto("/")
    page = visitor(admin, **SCREENS["1280"])
    page.goto("/people/")
    is_fine(page)
    page.get_by_role("link", name="Dana Reyes").click()
    page.get_by_role("checkbox", name="Sales lead").check()
    expect(page.locator(".selection-count")).to_have_text("1 selected")
    is_fine(page)
    page.get_by_role("button", name="Transfer…").click()
    acting.expect_heading(page, "Transfer 1 job description")
    page.get_by_label("New owner").select_option("Ada Marin")
    is_fine(page)
    page.get_by_role("button", name="Transfer").click()
    expect(acting.message(page, "good")).to_contain_text("Ada Marin")

    page.get_by_role("link", name="Deactivate").click()
    page.get_by_label("New owner").select_option("Sam Rivera")
    is_fine(page)
    page.get_by_role("button", name="Deactivate account").click()
    expect(acting.message(page, "good")).to_contain_text("Dana Reyes")
    theirs.reload()
    expect(theirs.get_by_role("button", name="Sign in")).to_be_visible()

    page.get_by_role("link", name="Erase").click()
    page.get_by_label("Username").fill("dana")
    is_fine(page)
    page.get_by_role("button", name="Erase account").click()
    acting.expect_heading(page, f"erased-{leaver.pk}")
    expect(page.get_by_text("Dana")).to_have_count(0)
