"""The wizard with the keyboard only: focus is visible, and neither focus nor typing is lost."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests import builders
from tests.browser import acting

pytestmark = pytest.mark.browser

FOCUS_IS_VISIBLE = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    || style.boxShadow !== "none";
}"""


@pytest.fixture
def account(db):
    return builders.user("hr")


@pytest.fixture
def jd(account, library):
    jd = builders.description(account)
    uid = jd.sections.get(kind="responsibilities").uid
    for text in ("Second line.", "Third line."):
        builders.add_line(jd, uid, text)
    return jd


@pytest.fixture
def wizard(page, jd, account, sign_in, url):
    sign_in(page, account)
    page.goto(url(acting.step_url(jd.reference, "responsibilities")))
    acting.expect_heading(page, "Responsibilities")
    return page


def card_of(page):
    return acting.section(page, "Responsibilities")


def tab_to(page, wanted: str, *, key: str = "Tab", most: int = 120) -> None:
    """Press Tab until the element with this id has focus. The focus is visible at every stop."""
    for _number in range(most):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement !== document.body"), "the focus is lost"
        assert page.evaluate(FOCUS_IS_VISIBLE), f"no visible focus on {acting.focused(page)}"
        if acting.focused(page) == wanted:
            return
    raise AssertionError(f"{wanted} is not reached with {most} times {key}")


def expect_order(page, *texts: str) -> None:
    for number, text in enumerate(texts):
        field = acting.lines(card_of(page)).nth(number).locator(".line-text").first
        expect(field).to_have_value(text)


def expect_focus(page, name: str) -> None:
    expect(page.locator(f"[id='{name}']")).to_be_focused()


def line_id(page, number: int) -> str:
    name = acting.lines(card_of(page)).nth(number).get_attribute("id")
    assert name
    return name.removeprefix("line-")


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(wizard):
    page = wizard
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_responsibilities_with_the_keyboard(wizard, jd):
    page = wizard
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    second = line_id(page, 1)
    tab_to(page, f"line-{second}-text")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Typed by hand.")
    acting.expect_saved(page)
    acting.expect_preview(page, "Typed by hand.")
    expect_focus(page, f"line-{second}-text")  # the preview never moves the focus

    tab_to(page, f"line-up-{second}")
    page.keyboard.press("Enter")
    first = "Prepare renewal plans for each account."
    expect_order(page, "Typed by hand.", first, "Third line.")
    # The line is first now, so only its other button works.
    expect_focus(page, f"line-down-{second}")
    page.keyboard.press("Enter")
    expect_order(page, first, "Typed by hand.", "Third line.")
    expect_focus(page, f"line-down-{second}")
    page.keyboard.press("Enter")
    expect_order(page, first, "Third line.", "Typed by hand.")
    expect_focus(page, f"line-up-{second}")

    section = jd.sections.get(kind="responsibilities").uid
    tab_to(page, f"new-{section}-text")
    page.keyboard.type("Added with Tab and Enter.")
    tab_to(page, f"line-add-{section}")
    page.keyboard.press("Enter")
    expect_order(page, first, "Third line.", "Typed by hand.", "Added with Tab and Enter.")
    expect_focus(page, f"line-add-{section}")
    assert page.evaluate(FOCUS_IS_VISIBLE)

    next_step = page.get_by_role("button", name="Next")
    next_step.evaluate("button => { button.id = 'next-step' }")
    tab_to(page, "next-step")
    page.keyboard.press("Enter")
    acting.expect_heading(page, "Skills and qualifications")


def test_removing_a_line_moves_the_focus_to_its_neighbor(wizard, jd):
    page = wizard
    second, third = line_id(page, 1), line_id(page, 2)
    page.locator(f"#line-remove-{second}").focus()
    page.keyboard.press("Enter")
    expect(acting.lines(card_of(page))).to_have_count(2)
    expect_focus(page, f"line-{third}-text")
    page.locator(f"#line-remove-{third}").focus()
    page.keyboard.press("Enter")
    expect(acting.lines(card_of(page))).to_have_count(1)
    expect_focus(page, f"line-{line_id(page, 0)}-text")
    page.locator(f"#line-remove-{line_id(page, 0)}").focus()
    page.keyboard.press("Enter")
    expect(acting.lines(card_of(page))).to_have_count(0)
    expect_focus(page, f"new-{jd.sections.get(kind='responsibilities').uid}-text")


def open_the_picker(page, section: str, words: str):
    """Search with the keyboard only. Returns the snippets found."""
    page.locator(f"#picker-{section} > summary").focus()
    page.keyboard.press("Enter")
    tab_to(page, f"q-{section}", most=1)
    page.keyboard.type(words)
    results = page.locator(f"#picked-{section} li")
    expect(results.first).to_be_visible()
    expect(results.filter(has_not_text=re.compile(words, re.I))).to_have_count(0)
    return results


def test_focus_stays_at_the_added_snippet(wizard, jd):
    page = wizard
    section = jd.sections.get(kind="responsibilities").uid
    results = open_the_picker(page, section, "renew")
    buttons = page.locator(f"#picked-{section} .pick-list button")
    page.keyboard.press("ArrowDown")
    expect(buttons.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(acting.lines(card_of(page))).to_have_count(4)
    expect(results.filter(has_text="already added")).to_have_count(1)
    expect(buttons.first).to_be_focused()
    assert page.evaluate(FOCUS_IS_VISIBLE)
    expect(page.locator(f"#q-{section}")).to_have_value("renew")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(acting.lines(card_of(page))).to_have_count(5)
    expect(results.filter(has_text="already added")).to_have_count(2)
    expect(buttons.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect_focus(page, f"q-{section}")
    page.keyboard.press("Escape")
    expect(page.locator(f"#picker-{section} > summary")).to_be_focused()
    expect(page.locator(f"#picker-{section}[open]")).to_have_count(0)


def test_enter_in_the_search_leads_to_the_first_snippet(wizard, jd):
    page = wizard
    section = jd.sections.get(kind="responsibilities").uid
    open_the_picker(page, section, "renew")
    page.keyboard.press("Enter")
    expect(page.locator(f"#picked-{section} .pick-list button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(acting.lines(card_of(page))).to_have_count(4)
    assert acting.step_url(jd.reference, "responsibilities") in page.url
    acting.lines(card_of(page)).last.locator(".line-text").first.fill("And reworded at once.")
    acting.expect_saved(page)
    acting.expect_preview(page, "And reworded at once.")


def test_sections_move_by_keyboard_and_the_menu_stays_open(wizard):
    page = wizard
    menu = page.locator(".outline-list details").nth(1)
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    up = menu.get_by_role("button", name="Move up")
    name = up.get_attribute("id")
    assert name
    tab_to(page, name, most=3)
    page.keyboard.press("Enter")
    expect(page.locator(".outline-list > li").first).to_contain_text("Responsibilities")
    expect_focus(page, name.replace("-up-", "-down-"))
    page.keyboard.press("Escape")
    expect(page.locator(".outline-list details[open]")).to_have_count(0)
    expect(page.locator(".outline-list > li").first.locator("summary")).to_be_focused()


def test_text_typed_during_an_action_is_kept(wizard):
    """A slow server: the answer redraws the page under the hands of who types."""
    page = wizard
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and "line-down" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/edit/responsibilities/", hold)
    first, second = line_id(page, 0), line_id(page, 1)
    with page.expect_request(lambda request: "line-down" in (request.post_data or "")):
        page.locator(f"#line-down-{first}").press("Enter")
    page.locator(f"#line-{second}-text").press("End")
    page.keyboard.type(" Typed later.")
    held.pop().continue_()
    expect_order(page, "Second line. Typed later.", "Prepare renewal plans for each account.")
    expect_focus(page, f"line-{second}-text")
    acting.expect_saved(page)
    acting.expect_preview(page, "Second line. Typed later.")
    page.keyboard.type(" And after.")
    acting.expect_preview(page, "Second line. Typed later. And after.")
    acting.expect_saved(page)


def test_button_pressed_twice_works_twice(wizard):
    page = wizard
    first = line_id(page, 0)
    page.locator(f"#line-down-{first}").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect_order(page, "Second line.", "Third line.", "Prepare renewal plans for each account.")
    expect_focus(page, f"line-up-{first}")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].type") == "navigate"


def test_next_line_can_be_typed_while_the_last_is_added(wizard, jd):
    page = wizard
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "line-add" in (route.request.post_data or "") and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/edit/responsibilities/", hold)
    section = jd.sections.get(kind="responsibilities").uid
    field = page.locator(f"#new-{section}-text")
    field.fill("Fourth line.")
    with page.expect_request(lambda request: "line-add" in (request.post_data or "")):
        page.locator(f"#line-add-{section}").press("Enter")
    field.press("End")
    page.keyboard.type("Fifth line.")
    held[0].continue_()
    expect(acting.lines(card_of(page)).nth(3).locator(".line-text").first).to_have_value(
        "Fourth line."
    )
    expect(field).to_have_value("Fifth line.")
    expect(field).to_be_focused()
    page.locator(f"#line-add-{section}").press("Enter")
    expect(acting.lines(card_of(page)).nth(4).locator(".line-text").first).to_have_value(
        "Fifth line."
    )


def test_enter_in_the_fields_of_a_new_section_adds_it(wizard, jd):
    page = wizard
    page.locator("#outline-add > summary").focus()
    page.keyboard.press("Enter")
    tab_to(page, "new-section-kind", most=1)
    page.keyboard.type("Benef")
    tab_to(page, "new-section-heading", most=1)
    page.keyboard.type("What we offer")
    page.keyboard.press("Enter")
    expect(page.locator(".outline-list > li").last).to_contain_text("What we offer")
    acting.expect_heading(page, "Responsibilities")
    assert jd.sections.get(heading="What we offer").kind == "benefits"
    assert page.evaluate("document.activeElement !== document.body"), "the focus is lost"
