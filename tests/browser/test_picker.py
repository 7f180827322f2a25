"""The library beside a section: search as one types, filters, keys, several texts in a row."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser import acting, editing
from tests.browser.editing import expect_live_message, expect_texts

pytestmark = pytest.mark.browser

FIRST = "Prepare renewal plans for each account."
LONG = "Call customers back within one working day, " + "and then call them again, " * 6 + "always."


@pytest.fixture
def account(transactional_db):
    return builders.user("hr")


@pytest.fixture
def jd(account):
    """A draft, and a small library: three calls, of which one fits it, a van, and a skill."""
    jd = builders.description(account)
    fits: dict[str, Any] = {"families": [builders.family()], "levels": [builders.level()]}
    other = builders.family("Customer success", "CSM")
    builders.snippet("Drive the company van.", category="administration")
    builders.snippet("Call the warehouse each morning.", category="planning", families=[other])
    builders.snippet("Call on every prospect in the region.", category="growth", **fits)
    builders.snippet(LONG, category="service", detail="No one has to wait.")
    builders.snippet("Patience on calls", "skill", category="interpersonal")
    builders.snippet("Call scripts", "skill", category="technical")
    return jd


@pytest.fixture
def wizard(wizard):
    return opened(wizard)


@pytest.fixture
def wide(wide):
    return opened(wide)


def opened(page):
    duties(page).locator(".picker > summary").click()
    expect(picked(page).first).to_be_visible()
    return page


def duties(page):
    return acting.section(page, "Responsibilities")


def search(page):
    return duties(page).get_by_role("searchbox", name="Search the library")


def picked(page):
    return duties(page).locator(".pick-list > li")


def expect_found(page, *texts: str) -> None:
    expect(picked(page)).to_have_count(len(texts))
    for text in texts:
        expect(picked(page).filter(has_text=text)).to_have_count(1)


def choose(page, label: str, option: str) -> None:
    duties(page).get_by_role("combobox", name=label, exact=True).select_option(label=option)


def test_search_while_typing(wizard):
    page = wizard
    expect(picked(page).first).to_contain_text("Call on every prospect")  # it fits
    expect(picked(page).first).to_contain_text("fits this role")
    search(page).press_sequentially("call")
    expect_found(page, "warehouse", "prospect", "Call customers back")
    search(page).press_sequentially(" cust")
    expect_found(page, "Call customers back")
    expect(duties(page).get_by_role("status").filter(has_text="1 snippet found.")).to_be_attached()
    # In full, with its detail, before anything is added.
    expect(picked(page).first).to_contain_text(LONG)
    expect(picked(page).first).to_contain_text("No one has to wait.")
    assert picked(page).first.evaluate(
        "one => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight + 1"
    )
    search(page).fill("nothing like it")
    expect(duties(page).locator(".picked")).to_contain_text("No snippets match “nothing like it”.")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_filters_narrow_it_down(wizard):
    page = wizard
    choose(page, "Category", "Growth")
    expect_found(page, "prospect")
    choose(page, "Category", "All categories")
    choose(page, "Family", "Customer success")
    expect_found(page, "warehouse")
    choose(page, "Family", "All families")
    choose(page, "Level", "Mid level")
    expect_found(page, "prospect")
    choose(page, "Level", "All levels")
    choose(page, "Snippet type", "Skill")
    expect_found(page, "Patience", "Call scripts")
    category = duties(page).get_by_role("combobox", name="Category", exact=True)
    offered = category.evaluate("one => [...one.options].filter(o => !o.hidden).map(o => o.label)")
    assert offered == ["All categories", "Interpersonal", "Technical", "Tool"]
    choose(page, "Category", "Technical")
    expect_found(page, "Call scripts")
    choose(page, "Snippet type", "All types")
    expect(category).to_have_value("")
    search(page).fill("call")
    expect_found(page, "warehouse", "prospect", "customers", "Patience", "Call scripts")


def test_filters_stay_after_a_snippet_is_added(wide):
    page = wide
    choose(page, "Snippet type", "Skill")
    choose(page, "Category", "Technical")
    expect_found(page, "Call scripts")
    picked(page).get_by_role("button", name="Add Call scripts").click()
    expect_texts(duties(page), FIRST, "Call scripts")
    expect_found(page, "Call scripts")
    expect(duties(page).get_by_role("combobox", name="Snippet type")).to_have_value("skill")
    expect(duties(page).get_by_role("combobox", name="Category")).to_have_value("technical")


def test_several_snippets_are_added_with_the_keyboard(wide):
    page = wide
    search(page).focus()
    page.keyboard.type("call")
    expect_found(page, "warehouse", "prospect", "customers")
    page.keyboard.press("ArrowDown")
    first = picked(page).nth(0).get_by_role("button")
    expect(first).to_be_focused()
    name = first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(acting.lines(duties(page))).to_have_count(2)
    expect_live_message(page, "Snippet added.")
    added = page.locator(f"[id='{name}']")
    expect(added).to_be_focused()
    expect(picked(page).filter(has=added)).to_contain_text("already added")
    expect(added).to_be_focused()
    # Whatever is beside it now is the next; the arrows go there and Enter adds it.
    place = page.evaluate(
        "[...document.querySelectorAll('.pick-list button')].indexOf(document.activeElement)"
    )
    page.keyboard.press("ArrowDown" if place < 2 else "ArrowUp")
    page.keyboard.press("Enter")
    expect(acting.lines(duties(page))).to_have_count(3)
    expect(picked(page).filter(has_text="already added")).to_have_count(2)
    expect(search(page)).to_have_value("call")
    for _number in range(4):
        page.keyboard.press("ArrowUp")
    expect(search(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(search(page)).to_be_hidden()
    expect(duties(page).locator(".picker > summary")).to_be_focused()


def test_enter_in_the_search_leads_to_the_first_result(wide):
    page = wide
    search(page).fill("van")
    expect_found(page, "van")
    search(page).press("Enter")
    expect(picked(page).get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect_texts(duties(page), FIRST, "Drive the company van.")


def test_selected_snippets_are_added_together(wizard):
    page = wizard
    search(page).fill("call")
    expect_found(page, "warehouse", "prospect", "customers")
    for text in ("warehouse", "prospect"):
        picked(page).filter(has_text=text).get_by_role("checkbox").check()
    duties(page).get_by_role("button", name="Add selected").click()
    expect(acting.lines(duties(page))).to_have_count(3)
    expect(picked(page).filter(has_text="already added")).to_have_count(2)
    expect(duties(page).locator("input[name=picked]:checked")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect_texts(duties(page), FIRST)
    expect(picked(page).filter(has_text="already added")).to_have_count(0)


def test_no_selection_shows_a_message(wide):
    page = wide
    page.complaints.allow("422")
    duties(page).get_by_role("button", name="Add selected").click()
    expect(page.get_by_role("alert").filter(has_text="Select a snippet")).to_be_visible()
    expect(picked(page).first).to_be_visible()


def test_added_and_similar_snippets_are_marked(wide, jd):
    page = wide
    builders.snippet("For each account, prepare renewal plans!")
    search(page).fill("renewal")
    expect_found(page, "For each account")
    expect(picked(page).first).to_contain_text(f"similar to “{FIRST}”")
    picked(page).first.get_by_role("button").click()
    expect(picked(page).first).to_contain_text("already added")
    expect(picked(page).first).not_to_contain_text("similar to")


def test_two_pickers_are_independent(wide, jd):
    """Each section has a search of its own."""
    page = wide
    builders.add_section(jd, "outcomes", "In a year")
    opened(editing.open_step(page, jd.reference))
    other = acting.section(page, "In a year")
    other.locator(".picker > summary").click()
    other.get_by_role("searchbox").fill("van")
    expect(other.locator(".pick-list > li")).to_have_count(1)
    assert picked(page).count() == 4
    other.locator(".pick-list button").click()
    expect_texts(other, "Drive the company van.")
    expect_texts(duties(page), FIRST)
