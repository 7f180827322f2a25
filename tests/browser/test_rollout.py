"""A rollout in the browser: one person starts it, another approves it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from roles.models import Review
from tests import builders
from tests.browser import acting
from tests.sharing import Company

pytestmark = [
    pytest.mark.browser,
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("in_the_web_process"),
]


@pytest.mark.both_databases
def test_rollout_and_approval(
    visitor: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    company = Company(3)
    references = [jd.reference for jd in company.descriptions]
    builders.user("hr")
    page = visitor(company.hr)
    page.goto(f"/library/{company.snippet.pk}/")
    expect(page.locator(".note")).to_contain_text("3 job descriptions")
    page.get_by_role("link", name="Roll out…").click()
    acting.expect_heading(page, "Roll out revision")
    expect(page.locator("#selection-status")).to_have_text("3 selected")
    page.locator("summary", has_text=f"View changes to {references[0]}").click()
    expect(page.locator(".change-body ins").first).to_be_visible()
    page.get_by_role("checkbox", name=f"Select {references[2]}").uncheck()
    for width in (1280, 390):
        acting.look_like(page, scheme="dark" if width == 390 else "light", width=width)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Approver", exact=True).select_option(str(company.lawyer.pk))
    page.get_by_role("button", name="Roll out").click()
    expect(page.get_by_text("0 of 2 approved.")).to_be_visible()
    address = page.url

    phone = visitor(company.lawyer, viewport={"width": 390, "height": 800}, has_touch=True)
    phone.goto(address)
    acting.expect_heading(phone, "New wording needs your review")
    phone.locator("summary", has_text=f"View changes to {references[0]}").click()
    expect(phone.locator(".change-body ins").first).to_be_visible()
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="Approve all 2").click()
    expect(phone.get_by_text("2 of 2 approved.")).to_be_visible()
    assert Review.objects.filter(state="approved").count() == 2

    page.goto(address)
    page.get_by_label("Effective date").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.get_by_role("button", name="Make 2 versions current").click()
    expect(page.locator(".rollout-current")).to_have_count(2)
    acting.look_like(page, scheme="light", width=1280)
    assert_accessible(page)
    page.get_by_role("link", name="Rollouts").first.click()
    expect(page.get_by_role("link", name="We give everyone")).to_be_visible()
    assert_accessible(page)
