"""Pay in the wizard, as a person does it: ranges, the chart beside them, what is remarked."""

import re

import pytest
from playwright.sync_api import expect

from roles.drafts import changes
from roles.models import JobLevel, Location, PayRange
from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser


@pytest.fixture
def account(library):
    return builders.user("hr")


@pytest.fixture
def jd(account):
    """An account manager in Denver, with a section of pay and nothing in it."""
    level = JobLevel.objects.get(code="mid")
    jd = builders.description(account, job_level=level)
    jd.locations.set(Location.objects.filter(city="Denver"))
    builders.add_section(jd, "pay", "Pay")
    return jd


def chart(page):
    return acting.section(page, "Pay").get_by_role("img", name="Pay: ranges and market figures")


def figures(page):
    """The table of ranges and single figures, which can be folded."""
    return page.locator(".pay-table")


def fill(group, **values: str) -> None:
    for label, value in values.items():
        group.get_by_label(label.replace("_", " "), exact=True).fill(value)


@pytest.mark.parametrize("screen", SCREENS)
def test_first_range_is_drawn_with_market_figures(visitor, account, jd, screen):
    page = visitor(account, **SCREENS[screen])
    page.goto(acting.step_url(jd.reference, "pay"))
    card = acting.section(page, "Pay")
    expect(chart(page)).to_contain_text("market figures")
    expect(figures(page)).to_contain_text("Denver, average")
    expect(figures(page)).to_contain_text("Indeed, July 2022")
    expect(figures(page)).to_be_hidden()
    new = card.get_by_role("group", name="New pay range")
    fill(new, Minimum="$52,000", Maximum="60 000", Location="Denver")
    new.get_by_role("button", name="Add range").click()
    row = card.get_by_role("group", name="Pay range 1")
    expect(row.get_by_label("Minimum")).to_have_value("52,000")
    expect(chart(page)).to_contain_text("$52,000 – $60,000")
    expect(new.get_by_label("Minimum")).to_be_hidden()
    assert acting.focused(page).startswith("pay-new-open-")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("screen", SCREENS)
def test_fields_come_before_the_span_of_the_market(visitor, account, jd, screen, is_fine):
    """They are on the first screen, however many figures there are."""
    page = visitor(account, **SCREENS[screen])
    page.goto(acting.step_url(jd.reference, "pay"))
    field = acting.section(page, "Pay").get_by_label("Minimum").bounding_box()
    drawing = chart(page).bounding_box()
    assert field is not None
    assert drawing is not None
    assert field["y"] < drawing["y"]
    assert field["y"] < page.viewport_size["height"]
    assert drawing["height"] < 110
    is_fine(page)


def test_range_in_one_field_fills_both_and_the_currency(visitor, account, jd):
    page = visitor(account)
    page.goto(acting.step_url(jd.reference, "pay"))
    card = acting.section(page, "Pay")
    new = card.get_by_role("group", name="New pay range")
    fill(new, Minimum="45k–60k €")
    new.get_by_role("button", name="Add range").click()
    row = card.get_by_role("group", name="Pay range 1")
    expect(row.get_by_label("Minimum")).to_have_value("45,000")
    expect(row.get_by_label("Maximum")).to_have_value("60,000")
    expect(row.get_by_label("Currency")).to_have_value("EUR")
    fill(row, Maximum="")
    acting.expect_saved(page)
    acting.expect_preview(page, "From €45,000")
    expect(chart(page)).to_contain_text("From €45,000")


def test_new_range_starts_with_the_last_currency_and_period(visitor, account, jd):
    page = visitor(account)
    page.goto(acting.step_url(jd.reference, "pay"))
    card = acting.section(page, "Pay")
    new = card.get_by_role("group", name="New pay range")
    fill(new, Minimum="25", Maximum="30.50", Currency="CAD")
    new.get_by_label("Per").select_option("hour")
    new.get_by_role("button", name="Add range").click()
    acting.expect_preview(page, "CAD 25.00 – CAD 30.50")
    page.keyboard.press("Enter")  # the focus is on "Add a pay range"
    expect(new.get_by_label("Currency")).to_have_value("CAD")
    expect(new.get_by_label("Per")).to_have_value("hour")
    fill(new, Minimum="72.000", Maximum="90,000")
    new.get_by_role("button", name="Add range").click()
    page.complaints.allow("422")
    expect(new.get_by_text("72.000 is ambiguous")).to_be_visible()
    expect(new.get_by_label("Minimum")).to_have_value("72.000")
    fill(new, Minimum="72,000")
    new.get_by_role("button", name="Add range").click()
    expect(card.get_by_role("group", name="Pay range 2")).to_be_visible()


def test_chart_and_issues_update_while_typing(visitor, account, jd, assert_accessible):
    uid = jd.sections.get(kind="pay").uid
    builders.change(jd, changes.AddPay(uid, {"minimum": 52000, "maximum": 60000}))
    page = visitor(account)
    page.goto(acting.step_url(jd.reference, "pay"))
    card = acting.section(page, "Pay")
    row = card.get_by_role("group", name="Pay range 1")
    card.locator("summary", has_text="Show ranges and single figures").click()
    table = card.get_by_role("table")
    fill(row, Maximum="$96k")
    acting.expect_saved(page)
    expect(row.get_by_text("more than 50% above the minimum")).to_be_visible()
    expect(chart(page)).to_contain_text("$52,000 – $96,000")
    expect(table).to_contain_text("$52,000 – $96,000 per year")
    fill(row, Minimum="250,000", Maximum="260,000")
    expect(row.get_by_text("above all market figures")).to_be_visible()
    expect(row.get_by_text("more than 50%")).to_have_count(0)
    row.locator("summary", has_text="Applies to").click()
    fill(row, Location="Austin")
    expect(table).to_contain_text("Austin, average")
    assert_accessible(page)
    fill(row, Minimum="55,000", Maximum="60,000")
    expect(row.get_by_text("market figure")).to_have_count(0)
    acting.expect_saved(page)
    stored = PayRange.objects.get()
    assert str(stored) == "55000.00–60000.00 USD"
    assert stored.location == "Austin"


def test_selected_figure_is_drawn_and_printed(visitor, account, jd):
    uid = jd.sections.get(kind="pay").uid
    builders.change(jd, changes.AddPay(uid, {"minimum": 52000, "maximum": 60000}))
    page = visitor(account)
    page.goto(acting.step_url(jd.reference, "pay"))
    card = acting.section(page, "Pay")
    expect(figures(page)).not_to_contain_text("Seattle")
    card.locator("summary", has_text="Market figures").click()
    card.locator("summary", has_text="Other roles, locations, and levels").click()
    card.get_by_role("checkbox", name=re.compile("Seattle.*60,875")).check()
    expect(figures(page)).to_contain_text("Seattle, average")
    acting.expect_preview(page, "$60,875")


@pytest.mark.parametrize("screen", SCREENS)
def test_expanded_pay_step_is_accessible(visitor, account, jd, screen, is_fine):
    uid = jd.sections.get(kind="pay").uid
    wide = {"minimum": 10, "maximum": 99, "period": "hour", "location": "Denver", "level": "Mid"}
    builders.change(
        jd,
        changes.AddPay(uid, {"minimum": 52000, "maximum": 60000}),
        changes.AddPay(uid, wide),
        changes.AddPay(uid, {"minimum": 9_000_000, "maximum": 9_000_000, "currency": "JPY"}),
    )
    page = visitor(account, **SCREENS[screen])
    page.goto(acting.step_url(jd.reference, "pay"))
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
    expect(acting.section(page, "Pay").get_by_role("table")).to_contain_text("per hour")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    is_fine(page)


def test_pay_without_javascript(visitor, account, jd):
    page = visitor(account, java_script_enabled=False)
    page.goto(acting.step_url(jd.reference, "pay"))
    card = acting.section(page, "Pay")
    new = card.get_by_role("group", name="New pay range")
    fill(new, Minimum="40,000", Maximum="72,000")
    new.get_by_role("button", name="Add range").click()
    row = card.get_by_role("group", name="Pay range 1")
    expect(row.get_by_text("more than 50% above the minimum")).to_be_visible()
    expect(chart(page)).to_contain_text("$40,000 – $72,000")
    card.locator("summary", has_text="Add a pay range").click()
    fill(new, Minimum="50,000", Maximum="60,000")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(card.get_by_role("group", name="Pay range 2")).to_be_visible()
    row.get_by_role("button", name="Remove pay range 1").click()
    expect(card.get_by_role("group", name="Pay range 2")).to_have_count(0)
    expect(row.get_by_label("Minimum")).to_have_value("50,000")
