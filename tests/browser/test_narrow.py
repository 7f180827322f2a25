"""Phones and small screens: nothing scrolls sideways, everything is within reach."""

import re

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser

PHONE = SCREENS["390"]
TABLET = {"viewport": {"width": 768, "height": 1024}}


@pytest.fixture
def account(library):
    return builders.user("hr")


@pytest.fixture
def jd(account):
    jd = builders.description(account, title="Account manager for a rather long territory")
    builders.version(jd)
    return jd


def paths(jd):
    root = f"/descriptions/{jd.reference}/"
    return [
        *("/descriptions/", "/descriptions/new/", root, f"{root}people/", f"{root}preview/"),
        *(f"{root}versions/1/", f"{root}versions/1/restore/", "/library/", "/nowhere/"),
        *("/templates/", "/templates/account-manager-detailed/", f"{root}template/"),
        "/templates/account-manager-detailed/sections/",
        *(acting.step_url(jd.reference, slug) for slug, _title in acting.STEPS),
        f"{root}pick/{jd.sections.all()[1].uid}/",
    ]


def assert_fits(page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url} is {width} wide"


def test_no_page_scrolls_sideways(visitor, account, jd, assert_accessible):
    """On a phone, and on a tablet."""
    page = visitor(account, **PHONE)
    page.complaints.allow("404")
    for path in paths(jd):
        page.set_viewport_size(PHONE["viewport"])
        page.goto(path)
        expect(page.locator("main h1").first).to_be_attached()
        assert_fits(page)
        assert_accessible(page)
        acting.look_like(page, scheme="light", width=768)
        assert_fits(page)
        assert_accessible(page, about="structure")


def test_every_menu_and_disclosure_fits_a_phone(visitor, account, jd, assert_accessible):
    page = visitor(account, **PHONE)
    for slug, _title in acting.STEPS:
        page.goto(acting.step_url(jd.reference, slug))
        page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
        assert_fits(page)
        page.locator(".wizard-tabs").get_by_text("Preview").click()
        expect(page.locator("#preview")).to_be_visible()
        assert_fits(page)
        assert_accessible(page)


@pytest.mark.parametrize("screen", [PHONE, TABLET], ids=["390", "768"])
def test_write_and_preview_are_two_tabs(visitor, account, jd, screen, assert_accessible):
    page = visitor(account, **screen)
    page.goto(acting.step_url(jd.reference, "responsibilities"))
    write, preview = (page.locator(".wizard-tabs").get_by_text(t) for t in ("Write", "Preview"))
    editor, paper = page.locator("#step-form"), page.locator("#preview")
    expect(editor).to_be_visible()
    expect(paper).to_be_hidden()
    card = acting.section(page, "Responsibilities")
    acting.lines(card).first.locator(".line-text").first.fill("Typed with one thumb.")
    acting.expect_saved(page)
    preview.click()
    expect(paper).to_be_visible()
    expect(paper).to_contain_text("Typed with one thumb.")
    expect(editor).to_be_hidden()
    expect(preview).to_have_attribute("aria-current", "true")
    assert_accessible(page)
    page.locator(".wizard-here").click()
    page.locator("#outline").evaluate("outline => { outline.open = true }")
    sections = page.locator("#outline li[id]")
    first = sections.first.get_attribute("id")
    assert first
    sections.first.locator("summary").click()
    sections.first.get_by_role("button", name="Move down").click()
    expect(sections.nth(1)).to_have_id(first)
    expect(paper).to_be_visible()
    expect(preview).to_have_attribute("aria-current", "true")
    write.click()
    expect(editor).to_be_visible()
    expect(acting.lines(card).first.locator(".line-text").first).to_have_value(
        "Typed with one thumb."
    )


def test_next_is_always_within_reach_of_a_thumb(visitor, account, jd):
    page = visitor(account, **PHONE)
    page.goto(acting.step_url(jd.reference, "details"))
    button = page.get_by_role("button", name="Next")
    for way in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
        page.evaluate(f"window.scrollTo(0, {way})")
        expect(button).to_be_in_viewport(ratio=1)
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    button.tap()
    acting.expect_heading(page, "Responsibilities")
    page.get_by_role("button", name="Next").tap()
    acting.expect_heading(page, "Skills and qualifications")


def test_buttons_of_a_line_are_large_enough_to_touch(visitor, account, jd):
    page = visitor(account, **PHONE)
    page.goto(acting.step_url(jd.reference, "responsibilities"))
    card = acting.section(page, "Responsibilities")
    acting.add_own_line(card, "A second line, so that both can move.")
    last = acting.lines(card).last
    last.locator(".line-text").tap()
    touched = ".line-tools button, .toggle label, .line-handle, .line-more > summary, .line-select"
    assert last.locator(touched).count() == 9
    for target in [*last.locator(touched).all(), page.locator("#undo")]:
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target.evaluate("e => e.outerHTML")
    acting.lines(card).last.get_by_role("button", name=re.compile("up$")).tap()
    expect(acting.lines(card).first.locator(".line-text").first).to_have_value(re.compile("second"))
