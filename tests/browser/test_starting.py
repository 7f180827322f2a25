"""Starting as a person does it: look around in the gallery, look inside, start; and make a
template of one's own."""

import re

import pytest
from playwright.sync_api import expect

from roles.models import JobDescription, Template
from tests import builders
from tests.browser import acting

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def hr(library):
    builders.template(
        "Lighthouse keeper",
        role="Lighthouse keeper",
        family=builders.family("Lighthouses", "LGT"),
        level=builders.level("Regional level", (5, 9)),
    )
    return builders.user("hr")


def card(page, title: str):
    return page.locator(".template-card").filter(has=page.get_by_text(title, exact=True))


def choose(page, title: str) -> None:
    """A click anywhere on the card: here on its picture."""
    card(page, title).click(position={"x": 40, "y": 40})


def radio(page, title: str):
    return page.get_by_role("radio", name=title, exact=True)


def cards(page):
    return page.locator(".template-card")


def test_from_the_gallery_to_the_first_step(visitor, hr, assert_accessible):
    page = visitor(hr)
    page.goto("/descriptions/new/")
    all_of_them = cards(page).count()
    assert all_of_them > 4
    image = card(page, "Lighthouse keeper").locator("img")
    image.scroll_into_view_if_needed()
    page.wait_for_function(
        "image => image.complete && image.naturalWidth == 480", arg=image.element_handle()
    )

    page.get_by_label("Search templates").press_sequentially("lighth")
    expect(cards(page)).to_have_count(2)
    expect(page.get_by_text(f"1 of {all_of_them - 1} templates")).to_be_visible()
    expect(page.get_by_label("Search templates")).to_be_focused()
    page.get_by_label("Search templates").fill("")
    expect(cards(page)).to_have_count(all_of_them)
    page.get_by_label("Level", exact=True).select_option(label="Regional level")
    expect(card(page, "Account manager, mid level")).to_have_count(0)
    assert_accessible(page)

    card(page, "Lighthouse keeper").get_by_role("link", name="Preview").click()
    acting.expect_heading(page, "Lighthouse keeper")
    expect(page.locator(".paper")).to_contain_text("Visit the customers of Lighthouse keeper.")
    expect(page.get_by_text("Two sentences.")).to_be_visible()
    page.get_by_role("link", name="Start with this template").click()
    acting.expect_heading(page, "New job description")
    expect(radio(page, "Lighthouse keeper")).to_be_checked()
    expect(page.get_by_label("Job title")).to_have_value("Lighthouse keeper")
    expect(page.locator(".start-chosen")).to_contain_text("Lighthouse keeper")
    page.get_by_role("button", name="Start writing").click()
    acting.expect_heading(page, "Job details")
    assert "/descriptions/LGT-0001/edit/details/" in page.url


def test_card_fills_in_empty_fields_only(visitor, hr):
    """Another card proposes again, as long as no one changed the proposal."""
    page = visitor(hr)
    jd = builders.description(hr, "Keeper of the lighthouse")
    page.goto("/descriptions/new/")
    title, family = page.get_by_label("Job title"), page.get_by_label("Job family")
    choose(page, "Lighthouse keeper")
    expect(title).to_have_value("Lighthouse keeper")
    expect(family.locator("option:checked")).to_have_text("Lighthouses")
    like = page.get_by_role("group", name="Similar roles")
    expect(like).to_contain_text(jd.reference)
    choose(page, "Account manager, full")
    expect(title).to_have_value("Account Manager")
    expect(family.locator("option:checked")).to_have_text("Account management")
    title.fill("Partner manager")
    choose(page, "Lighthouse keeper")
    expect(title).to_have_value("Partner manager")
    expect(family).to_have_value("")  # another title can mean another family
    page.get_by_label("Search templates").fill("mid level")
    expect(card(page, "Account manager, full")).to_have_count(0)
    expect(radio(page, "Lighthouse keeper")).to_be_checked()


def test_start_from_a_copy(visitor, hr):
    jd = builders.description(hr, "Warehouse clerk")
    for number in range(8):
        builders.description(hr, f"Nurse {number}")
    page = visitor(hr)
    page.goto("/descriptions/new/")
    expect(page.get_by_text("Warehouse clerk")).to_have_count(0)
    page.get_by_label("Search job descriptions").last.fill("warehouse")
    page.get_by_role("radio", name=re.compile("Copy Warehouse clerk")).check()
    expect(page.get_by_label("Job title")).to_have_value("Warehouse clerk")
    page.get_by_role("button", name="Start writing").click()
    acting.expect_heading(page, "Job details")
    copy = JobDescription.objects.order_by("-pk")[0]
    assert copy.lines.count() == jd.lines.count() == 3

    page.goto(f"/descriptions/{jd.reference}/")
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="Copy", exact=True).click()
    expect(page.locator(f"[value='copy:{jd.reference}']")).to_be_checked()


def test_own_template(visitor, hr, assert_accessible):
    """Saved from a job description, offered at once, started from, retired."""
    jd = builders.description(hr, "Field manager")
    page = visitor(hr)
    page.goto(f"/descriptions/{jd.reference}/")
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="Save as a template").click()
    acting.expect_heading(page, "Save as a template")
    assert_accessible(page)
    page.get_by_role("textbox", name="Title").first.fill("Our field manager")
    page.get_by_label("Description", exact=True).fill("For those who travel.")
    part = page.get_by_role("group", name="Summary")
    part.get_by_label("Required").check()
    part.get_by_label("Locked").check()
    part.get_by_label("Guidance").fill("Leave it as it is.")
    page.get_by_role("button", name="Save template").click()
    acting.expect_heading(page, "Our field manager")
    expect(acting.message(page, "good")).to_be_visible()
    expect(page.locator(".paper")).to_contain_text("Prepare renewal plans for each account.")
    page.get_by_role("link", name="Start with this template").click()
    page.get_by_label("Job title").fill("Another field manager")
    page.get_by_role("button", name="Start writing").click()
    acting.expect_heading(page, "Job details")
    page.get_by_role("button", name="Next").click()
    acting.expect_heading(page, "Responsibilities")
    card_of = acting.section(page, "Responsibilities")
    expect(acting.lines(card_of).first.locator(".line-text").first).to_have_value(
        "Prepare renewal plans for each account."
    )
    reference = page.url.split("/descriptions/")[1].split("/")[0]
    page.goto(acting.step_url(reference, "summary"))
    expect(acting.section(page, "Summary")).to_be_visible()
    expect(page.get_by_label("Write your own")).to_have_count(0)
    expect(page.get_by_text("Leave it as it is.")).to_be_attached()

    page.goto("/templates/")
    row = page.get_by_role("row", name=re.compile("Our field manager"))
    expect(row).to_contain_text("1")
    row.get_by_role("button", name=re.compile("Retire")).click()
    expect(acting.message(page, "good")).to_contain_text("Our field manager")
    expect(page.get_by_role("button", name="Activate")).to_be_visible()
    page.goto("/descriptions/new/")
    expect(card(page, "Our field manager")).to_have_count(0)
    assert Template.objects.get(code="our-field-manager").status == "retired"


def test_refused_start_stays_on_the_page(visitor, hr, assert_accessible):
    page = visitor(hr)
    page.complaints.allow("422")
    page.goto("/descriptions/new/")
    page.get_by_label("Job title").fill("Partner manager")
    page.get_by_role("button", name="Start writing").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a starting point.")
    expect(page.get_by_label("Job title")).to_have_value("Partner manager")
    assert_accessible(page)
    radio(page, "Blank page").check()
    page.get_by_role("button", name="Start writing").click()
    acting.expect_heading(page, "Job details")


def test_start_with_the_keyboard(visitor, hr):
    """One stop for the cards, arrows among them; Enter in a search only searches."""
    page = visitor(hr)
    page.complaints.allow("htmx:(afterRequest|sendAbort)")  # left while like roles are looked for
    page.goto("/descriptions/new/")
    page.get_by_label("Search templates").focus()
    page.keyboard.type("lighthouse")
    expect(cards(page)).to_have_count(2)
    page.keyboard.press("Enter")
    page.wait_for_url("**/descriptions/new/?*")
    assert "csrf" not in page.url
    expect(page.get_by_label("Search templates")).to_have_value("lighthouse")
    expect(cards(page)).to_have_count(2)
    page.get_by_role("button", name="Search").first.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="Structure only")).to_be_focused()
    page.keyboard.press("Tab")
    expect(radio(page, "Lighthouse keeper")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(radio(page, "Blank page")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(radio(page, "Lighthouse keeper")).to_be_checked()
    expect(page.get_by_label("Job title")).to_have_value("Lighthouse keeper")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Preview Lighthouse keeper")).to_be_focused()
    button = page.get_by_role("button", name="Start writing")
    for _ in range(12):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    acting.expect_heading(page, "Job details")


def test_start_on_a_phone(visitor, hr, assert_accessible):
    """The button that starts is always in sight, on a card as on any other place."""
    page = visitor(hr, **PHONE)
    page.goto("/descriptions/new/")
    radio(page, "Lighthouse keeper").tap()
    button = page.get_by_role("button", name="Start writing")
    expect(button).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)
    button.tap()
    acting.expect_heading(page, "Job details")


def test_start_without_scripts(visitor, hr):
    """Searching keeps what was typed and chosen; what is empty is proposed by the server."""
    page = visitor(hr, java_script_enabled=False)
    page.goto("/descriptions/new/")
    page.get_by_label("Job title").fill("Partner manager")
    page.get_by_label("Search templates").fill("lighth")
    page.get_by_role("button", name="Search").first.click()
    expect(cards(page)).to_have_count(2)
    expect(page.get_by_label("Job title")).to_have_value("Partner manager")
    page.get_by_label("Job title").fill("")
    radio(page, "Lighthouse keeper").check()
    page.get_by_role("button", name="Start writing").click()
    acting.expect_heading(page, "Job details")
    assert JobDescription.objects.get().title == "Lighthouse keeper"
