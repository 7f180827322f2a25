"""A job description from a blank page to its PDF: what is typed is printed, and what is missing is
said and added with one click."""

import pytest
from playwright.sync_api import expect

from roles import drafts
from tests import builders, pdfs
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("screen", SCREENS)
def test_facts_pay_and_how_to_apply_are_in_the_pdf(visitor, library, screen, is_fine, url):
    account = builders.user("hr")
    jd = drafts.start(by=account, title="Warehouse Associate")
    page = visitor(account, **SCREENS[screen])
    page.goto(acting.step_url(jd.reference, "details"))
    page.get_by_label("Weekly hours", exact=True).first.fill("37.5")
    page.get_by_label("Apply at", exact=True).first.fill("jobs@example.org")
    acting.expect_saved(page)

    page.goto(acting.step_url(jd.reference, "finish"))
    page.get_by_role("button", name="Add pay").click()
    acting.expect_heading(page, "Pay and benefits")
    is_fine(page)
    page.get_by_role("button", name="Everyone").click()
    expect(page.get_by_text("Who can see the pay?")).to_have_count(0)
    card = acting.section(page, "Pay")
    card.get_by_label("Minimum", exact=True).fill("40000")
    card.get_by_label("Maximum", exact=True).fill("50000")
    card.get_by_role("button", name="Add range").click()
    expect(card.get_by_role("group", name="Pay range 1")).to_be_visible()

    page.goto(acting.step_url(jd.reference, "closing"))
    page.get_by_role("button", name="Add How to apply").click()
    acting.section(page, "How to apply")
    expect(page.get_by_text("People apply at jobs@example.org.")).to_be_visible()

    page.goto(acting.step_url(jd.reference, "finish"))
    page.get_by_role("button", name="Add equal opportunity").click()
    expect(page.get_by_text("There is no equal opportunity statement.")).to_have_count(0)
    is_fine(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]

    file = page.context.request.get(
        url(f"/descriptions/{jd.reference}/export/pdf/?audience=public")
    )
    text = " ".join(pdfs.page_texts(pdfs.read_pdf(file.body())))
    for words in ("37.5", "$40,000", "How to apply", "jobs@example.org", "equal opportunity"):
        assert words in text
