"""Toasts float above the page and cover no primary button, and no bar at its bottom."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import builders
from tests.browser import editing
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser

REMOVED = "Line removed. Select Undo to restore it."
# The texts of the buttons that are under a toast.
COVERED = """() => {
  const boxes = [...document.querySelectorAll("#messages .is-toast")]
    .map(one => one.getBoundingClientRect());
  const buttons = document.querySelectorAll(
    ".btn-primary, .wizard-actions .btn, .start-actions .btn");
  return [...buttons].filter(button => {
    const { left, right, top, bottom, width } = button.getBoundingClientRect();
    return width > 1 && boxes.some(box =>
      box.left < right && box.right > left && box.top < bottom && box.bottom > top);
  }).map(button => button.textContent.trim());
}"""
# A primary button that fills the window.
FILL = """() => {
  const heading = document.querySelector("h1");
  heading.classList.add("btn-primary");
  heading.style.minHeight = "100vh";
}"""
ADD = """() => {
  const note = document.createElement("div");
  note.className = "note is-toast";
  note.textContent = "Line removed. Select Undo to restore it.";
  document.getElementById("messages").replaceChildren(note);
}"""


@pytest.fixture
def account(transactional_db):
    return builders.user("hr")


@pytest.fixture
def jd(account):
    """Twelve duties, and an open review: the last step then has its widest buttons."""
    jd = builders.description(account)
    uid = jd.sections.get(kind="responsibilities").uid
    for number in range(2, 13):
        builders.add_line(jd, uid, f"Duty {number}")
    builders.version(jd)
    builders.review(jd, builders.user("manager"))
    return jd


def expect_nothing_covered(page):
    """At the beginning of the page, in the middle, and at its end."""
    toast = page.locator("#messages .is-toast")
    expect(toast).to_be_visible()
    for share in (0, 0.5, 1):
        page.evaluate("share => scrollTo(0, share * document.body.scrollHeight)", share)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        expect(toast).to_be_in_viewport(ratio=1)
        assert page.evaluate(COVERED) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_a_toast_covers_no_button_of_the_wizard(visitor, account, jd, screen):
    page = visitor(account, **SCREENS[screen])
    editing.open_step(page, jd.reference)
    line = page.locator("li.line").nth(3)
    line.locator(".line-text").focus()
    line.locator("[id^=line-remove-]").click()
    expect(page.locator("#messages .is-toast")).to_have_text(REMOVED)
    expect_nothing_covered(page)
    editing.open_step(page, jd.reference, "finish")
    page.locator("#undo").click()
    expect(page.locator("#messages .is-toast")).to_have_text("Undone: removing a line.")
    expect_nothing_covered(page)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_toast_covers_no_button_of_the_new_page(visitor, account, screen):
    page = visitor(account, **SCREENS[screen])
    page.goto(reverse("description_new"))
    page.evaluate(ADD)
    expect_nothing_covered(page)


def test_without_a_free_place_a_toast_joins_the_page(visitor, account):
    page = visitor(account, **SCREENS["390"])
    page.goto(reverse("description_new"))
    page.evaluate(FILL)
    page.evaluate(ADD)
    expect(page.locator("#messages .note")).not_to_have_class("note is-toast")
    assert page.evaluate(COVERED) == []


@pytest.mark.parametrize("width", [1200, 1280, 1440, 1536])
def test_the_buttons_of_the_last_step_are_in_one_row(visitor, account, jd, width):
    builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, "A last duty")
    page = visitor(account, viewport={"width": width, "height": 900})
    editing.open_step(page, jd.reference, "finish")
    expect(page.get_by_role("button", name="Send to reviewers")).to_be_visible()
    buttons = page.locator(".wizard-actions .btn:visible")
    boxes = [button.bounding_box() for button in buttons.all()]
    assert len(boxes) == 5
    assert max(box["y"] for box in boxes) - min(box["y"] for box in boxes) < 8
    assert max(box["height"] for box in boxes) < 40
