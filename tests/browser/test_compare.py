"""Comparing in the browser: from the job description to what changed, and away with the file."""

import re

import pytest
from playwright.sync_api import expect

from roles.drafts import changes
from tests import builders, pdfs
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser


@pytest.fixture
def hr(transactional_db):
    return builders.user("hr")


@pytest.fixture
def jd(hr):
    """Two versions and a changed draft: lines added, reworded, moved and marked, pay raised."""
    jd = builders.description(hr)
    duties = jd.sections.get(kind="responsibilities")
    for number in range(25):
        builders.add_line(jd, duties.uid, f"Duty number {number}.")
    uid = builders.add_section(jd, "pay", "Pay")
    builders.change(
        jd, changes.AddPay(uid, {"minimum": 70_000, "maximum": 90_000, "location": "Denver"})
    )
    builders.version(jd)
    first = duties.lines.get(text__startswith="Prepare")
    pay = jd.sections.get(uid=uid).pay_ranges.get()
    builders.change(
        jd,
        changes.ChangeLine(first.uid, {"text": "Prepare renewal plans for every key account."}),
        changes.ChangePay(pay.uid, {"minimum": 75_000, "maximum": 95_000}),
    )
    builders.version(jd)
    last = duties.lines.get(text="Duty number 24.")
    builders.change(jd, changes.PlaceLine(last.uid, duties.uid, after=""))
    return jd


@pytest.mark.parametrize("screen", ["1280", "390"])
def test_from_the_job_description_to_the_redline(visitor, hr, jd, is_fine, screen):
    page = visitor(hr, **SCREENS[screen])
    page.goto(jd.get_absolute_url())
    page.get_by_role("link", name="Compare with version 2").click()
    acting.expect_heading(page, "Compare")
    paper = page.locator("article.jd")
    expect(paper.get_by_role("listitem").filter(has_text="1 line moved")).to_be_visible()
    expect(paper).to_contain_text("Duty number 24. (moved up)")
    expect(paper).not_to_contain_text("Duty number 7.")
    is_fine(page)

    page.get_by_role("link", name="Full text").click()
    expect(paper).to_contain_text("Duty number 7.")
    is_fine(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]

    page.get_by_label("From", exact=True).select_option("1")
    page.get_by_label("To", exact=True).select_option("2")
    page.get_by_role("button", name="Compare").click()
    expect(paper).to_contain_text(
        "Pay in Denver raised from $70,000 – $90,000 to $75,000 – $95,000"
    )
    struck = paper.locator("del", has_text="$70,000")
    assert "line-through" in struck.evaluate("del => getComputedStyle(del).textDecorationLine")
    added = paper.locator("ins", has_text="$75,000")
    assert "underline" in added.evaluate("ins => getComputedStyle(ins).textDecorationLine")

    pdf = pdfs.read_pdf(
        acting.download(page, page.get_by_role("link", name=re.compile("Download PDF redline")))
    )
    assert pdfs.is_tagged(pdf)
    assert "1 line reworded" in " ".join(" ".join(pdfs.page_texts(pdf)).split())

    page.get_by_role("link", name="Public").click()
    expect(paper).to_contain_text("1 line reworded")
    expect(paper).not_to_contain_text("Denver raised")


def test_by_keyboard_and_without_javascript(visitor, hr, jd):
    page = visitor(hr, java_script_enabled=False)
    page.goto(f"/descriptions/{jd.reference}/compare/?from=2&to=draft")
    page.get_by_label("From", exact=True).focus()
    page.keyboard.type("Version 1")
    page.keyboard.press("Tab")
    expect(page.get_by_label("To", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Compare")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**from=1&to=draft**")
    paper = page.locator("article.jd")
    expect(paper).to_contain_text("1 line reworded, 1 moved")
    page.keyboard.press("Tab")
    page.get_by_role("link", name="Swap").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("From", exact=True)).to_have_value("draft")
    expect(paper).to_contain_text("Pay in Denver lowered")
    page.get_by_label("To", exact=True).select_option("draft")
    page.complaints.allow("422")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Choose two different versions.")).to_be_visible()
    expect(page.get_by_label("From", exact=True)).to_have_value("draft")
