"""The wizard with the job in hand: lines that show what is set, several lines at once, sections
dragged in the outline, and the form at the top of a phone's screen."""

import re

import pytest
from playwright.sync_api import expect

from roles.drafts import changes
from roles.models import Section
from tests import builders
from tests.browser import acting, editing
from tests.browser.editing import SCREENS, Hand, expect_live_message

pytestmark = pytest.mark.browser

FIVE = "Plan the week\nOrder stock\nTrain new staff\nCount the till\nLock up"
UNBROKEN = "Donaudampfschifffahrt" * 7


@pytest.fixture
def account(transactional_db):
    return builders.user("hr")


@pytest.fixture
def jd(account):
    """Eight duties; the second is essential."""
    jd = builders.description(account)
    uid = jd.sections.get(kind="responsibilities").uid
    for number in range(2, 9):
        builders.add_line(jd, uid, f"Duty {number}")
    builders.change(
        jd, changes.ChangeLine(jd.lines.get(text="Duty 2").uid, {"essential": "essential"})
    )
    return jd


def duties(page):
    return acting.section(page, "Responsibilities")


def line(page, number: int):
    return acting.lines(duties(page)).nth(number - 1)


def essentials(jd) -> list[str]:
    rows = jd.sections.get(kind="responsibilities").lines.order_by("position")
    return list(rows.values_list("essential", flat=True))


def seen(page, number: int) -> list[str]:
    """The controls of a line that a person can see: larger than a pixel, and not transparent."""
    return list(
        line(page, number).evaluate(
            """line => [...line.querySelectorAll("textarea, button, summary, label, input")]
              .filter(one => {
                const box = one.getBoundingClientRect();
                for (let e = one; e; e = e.parentElement) {
                  const style = getComputedStyle(e);
                  if (style.opacity === "0" || style.clipPath !== "none") return false;
                }
                return box.width > 1 && box.height > 1;
              }).map(one => one.tagName)"""
        )
    )


# --- what a line shows


def test_line_shows_its_text_and_what_is_set(wizard, is_fine):
    """The checkbox that selects it, its text, and "Essential" where it is."""
    page = wizard
    page.mouse.move(0, 0)
    for number in (1, 3, 8):
        assert seen(page, number) == ["LABEL", "INPUT", "TEXTAREA"]
    expect(line(page, 2).get_by_text("Essential", exact=True)).to_be_in_viewport(ratio=1)
    marginal = line(page, 2).locator(".toggle label", has_text="Marginal").bounding_box()
    assert marginal["width"] <= 1
    is_fine(page)


def test_focus_shows_the_controls_of_one_line(wizard, is_fine):
    page = wizard
    page.mouse.move(0, 0)
    line(page, 3).locator(".line-text").click()
    page.mouse.move(0, 0)
    assert len(seen(page, 3)) > 8
    assert len(seen(page, 4)) == 3
    is_fine(page)
    line(page, 4).locator(".line-text").click()
    page.mouse.move(0, 0)
    expect(line(page, 3)).not_to_have_attribute("data-active", "")
    page.wait_for_timeout(300)  # the last frames of the change
    assert len(seen(page, 3)) == 3
    assert len(seen(page, 4)) > 8


def test_selecting_shows_the_controls_without_the_keyboard_of_a_phone(wizard):
    page = wizard
    page.mouse.move(0, 0)
    line(page, 3).get_by_role("checkbox", name="Select line 3").check()
    assert len(seen(page, 3)) > 8
    assert page.evaluate("document.activeElement.type") == "checkbox"


def test_tab_leads_through_the_controls_of_each_line(wide):
    """In the order of the page, though they were not visible before."""
    page = wide
    line(page, 3).locator(".line-text").focus()
    names = []
    for _press in range(12):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.ariaLabel"))
    reached = " ".join(name or "" for name in names)
    for wanted in ("Percent of time", "Move line 3 up", "Remove line 3", "Select line 4"):
        assert wanted in reached
    assert names.index("Remove line 3") < names.index("Select line 4")


def test_button_below_the_active_line_takes_the_first_click(wide, jd):
    """The controls of the line fold away only after the click."""
    page = wide
    line(page, 2).locator(".line-text").click()
    button = line(page, 5).get_by_role("button", name="Move line 5 up")
    button.scroll_into_view_if_needed()
    page.mouse.move(*editing.middle(button))
    page.mouse.down()
    page.mouse.up()
    expect_live_message(page, "“Duty 5” is now line 4 of 8")


# --- several lines at once


def test_all_lines_are_set_at_once(wizard, jd, is_fine):
    page = wizard
    duties(page).get_by_role("checkbox", name="All lines").check()
    expect(duties(page).locator("input[name=chosen]:checked")).to_have_count(8)
    is_fine(page)
    duties(page).get_by_role("button", name="Set selected lines to Essential").click()
    expect_live_message(page, "8 lines set to “Essential”.")
    assert essentials(jd) == ["essential"] * 8
    page.get_by_role("button", name="Undo").click()
    expect_live_message(page, "Undone")
    assert essentials(jd) == ["", "essential", *[""] * 6]


def test_selection_with_the_keyboard(wide, jd):
    """Space selects; the buttons follow the checkbox of all lines."""
    page = wide
    for number in (3, 4, 5):
        line(page, number).get_by_role("checkbox", name=f"Select line {number}").focus()
        page.keyboard.press("Space")
    button = duties(page).get_by_role("button", name="Set selected lines to Marginal")
    button.focus()
    page.keyboard.press("Enter")
    expect_live_message(page, "3 lines set to “Marginal”.")
    expect(button).to_be_focused()
    assert essentials(jd) == ["", "essential", *["marginal"] * 3, "", "", ""]
    duties(page).get_by_role("button", name="Remove selected lines").press("Enter")
    expect_live_message(page, "3 lines removed.")
    expect(acting.lines(duties(page))).to_have_count(5)


def test_shift_selects_a_range(wide):
    page = wide
    line(page, 2).locator("input[name=chosen]").click()
    line(page, 6).locator("input[name=chosen]").click(modifiers=["Shift"])
    expect(duties(page).locator("input[name=chosen]:checked")).to_have_count(5)
    every = duties(page).get_by_role("checkbox", name="All lines")
    assert every.evaluate("box => box.indeterminate")


def test_buttons_for_several_lines_are_large_enough_to_touch(visitor, account, jd):
    page = editing.open_step(visitor(account, **SCREENS["390"]), jd.reference)
    duties(page).locator(".select-all").tap()
    targets = duties(page).locator(".select-all, .select-actions button, .line-select")
    for target in targets.all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 44, target.evaluate("e => e.outerHTML")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_without_scripts_all_is_reachable(visitor, account, jd):
    page = visitor(account, **SCREENS["1280"], java_script_enabled=False)
    editing.open_step(page, jd.reference)
    assert len(seen(page, 5)) > 8
    duties(page).get_by_role("checkbox", name="All lines").check()
    duties(page).get_by_role("button", name="Set selected lines to Essential").click()
    assert essentials(jd) == ["essential"] * 8
    duties(page).get_by_label("Write your own").fill(FIVE)
    duties(page).locator("button[value^='line-add:']").click()
    duties(page).get_by_role("button", name="Add selected lines").click()
    expect(acting.lines(duties(page))).to_have_count(13)
    page.locator(".outline-list details").first.locator("summary").first.click()
    page.get_by_role("button", name="Move down").first.click()
    expect(page.locator(".outline-list > li").nth(1)).to_contain_text("Summary")


# --- a list in the field for one line


def test_typed_list_is_offered_line_by_line(wizard, jd):
    page = wizard
    duties(page).get_by_label("Write your own").fill(FIVE)
    duties(page).locator("button[value^='line-add:']").click()
    expect_live_message(page, "a list of 5 lines")
    expect(duties(page).locator(".pasted-lines textarea").first).to_be_focused()
    assert jd.lines.count() == 10
    duties(page).get_by_role("button", name="Add selected lines").click()
    expect(acting.lines(duties(page))).to_have_count(13)
    acting.expect_saved(page)


# --- sections


@pytest.mark.parametrize("size", SCREENS)
def test_sections_are_dragged_in_the_outline(visitor, account, jd, size):
    page = editing.open_step(visitor(account, **SCREENS[size]), jd.reference)
    if size == "390":
        page.locator(".wizard-here").tap()
        page.locator("#outline > summary").tap()
    items = page.locator(".outline-list > li")
    hand = Hand(page)
    handle = items.first.locator(".line-handle")
    handle.scroll_into_view_if_needed()
    hand.at = editing.middle(handle)
    if hand.finger:
        hand._touch("touchStart")
    else:
        page.mouse.move(*hand.at)
        page.mouse.down()
    expect(items.first).to_have_class("is-dragged")
    box = items.nth(2).bounding_box()
    assert box is not None
    hand.move(box["x"] + 40, box["y"] + box["height"] - 3)
    expect(page.locator(".drop-mark")).to_have_count(1)
    hand.drop()
    expect_live_message(page, "“Summary” is now section 3 of 3.")
    expect(items.last).to_contain_text("Summary")
    kinds = list(jd.sections.order_by("position").values_list("kind", flat=True))
    assert kinds == ["responsibilities", "qualifications", "summary"]
    page.get_by_role("button", name="Undo").click()
    expect(items.first).to_contain_text("Summary")


def test_required_section_is_removed_after_a_confirmation(wizard, jd, is_fine):
    Section.objects.filter(kind="qualifications").update(required=True, guidance="The law asks.")
    page = editing.open_step(wizard, jd.reference)
    editing.open_outline(page)
    row = page.locator(".outline-list > li", has_text="Qualifications")
    row.locator("summary").first.click()
    row.get_by_text("Remove…").click()
    expect(row.get_by_text("The law asks.")).to_be_visible()
    is_fine(page)
    row.get_by_role("button", name="Remove section").click()
    expect_live_message(page, "Section removed. Select Undo to restore it.")
    expect(row).to_have_count(0)


# --- the top of the screen


@pytest.mark.parametrize("slug", ["details", "responsibilities", "qualifications", "summary"])
def test_form_is_at_the_top_of_a_phone(visitor, account, jd, slug):
    """The first field is in the upper third; steps, outline and guidance are one tap away."""
    page = visitor(account, **SCREENS["390"])
    page.goto(acting.step_url(jd.reference, slug))
    first = page.locator("#step-form").locator("input:visible, textarea:visible").first
    box = first.bounding_box()
    assert box["y"] < 844 / 3
    expect(page.locator("#outline")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Steps")).to_be_hidden()
    page.locator(".wizard-here").tap()
    expect(page.get_by_role("navigation", name="Steps")).to_be_visible()
    expect(page.locator("#outline")).to_be_visible()


def test_title_edited_in_step_1_is_everywhere(wizard, jd):
    """In the list of steps, the bar of a phone, and the name of the page."""
    page = editing.open_step(wizard, jd.reference, "details")
    page.get_by_label("Job title").fill("Regional <b>Account</b> Lead")
    acting.expect_saved(page)
    for name in ("#draft-title", "#draft-title-short"):
        expect(page.locator(name)).to_have_text("Regional <b>Account</b> Lead")
    expect(page).to_have_title(re.compile("Regional <b>Account</b> Lead"))


@pytest.mark.parametrize("size", SCREENS)
def test_long_words_wrap_on_every_page(visitor, account, size):
    """A title, a heading, a group, a line and a name of 147 letters without a space."""
    jd = builders.description(account, UNBROKEN)
    section = jd.sections.get(kind="responsibilities")
    builders.change(
        jd,
        changes.ChangeSection(section.uid, {"heading": UNBROKEN}),
        changes.AddLine(section.uid, {"text": UNBROKEN, "group": UNBROKEN[:100]}),
    )
    builders.version(jd)
    root = f"/descriptions/{jd.reference}/"
    page = visitor(account, **SCREENS[size])
    paths = [
        *("/", "/descriptions/", "/activity/", "/notifications/", "/reviews/", "/exports/"),
        *(f"/descriptions/new/?title={UNBROKEN}", f"/descriptions/new/?source=copy:{jd.reference}"),
        *(root, f"{root}people/", f"{root}preview/", f"{root}history/", f"{root}compare/"),
        *(f"{root}versions/1/", f"{root}versions/1/restore/", f"{root}archive/"),
        *(f"{root}review/", f"{root}template/", f"{root}audit-record/", "/levels/"),
        *(f"/exports/new/?jd={jd.reference}", f"/descriptions/transfer/?jd={jd.reference}"),
        *(acting.step_url(jd.reference, slug) for slug, _title in acting.STEPS),
        f"{root}pick/{section.uid}/",
    ]
    for path in paths:
        page.goto(path)
        expect(page.locator("main h1").first).to_be_attached()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], f"{path[:60]} is {width} wide"
