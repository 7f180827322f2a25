"""A job description from a blank page to its PDF: what is typed is printed, and what is missing is
said and added with one click."""

import tomllib

import pytest
from playwright.sync_api import expect

from roles import drafts
from roles.library import starter
from roles.web.shared.wizard_steps import step_of
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

    text = public_pdf(page, url, jd)
    for words in ("37.5", "$40,000", "How to apply", "jobs@example.org", "equal opportunity"):
        assert words in text


def public_pdf(page, url, jd):
    """The text of the PDF for the public."""
    address = url(f"/descriptions/{jd.reference}/export/pdf/?audience=public")
    file = page.context.request.get(address)
    return " ".join(pdfs.page_texts(pdfs.read_pdf(file.body())))


def shapes():
    """The sections of the starter templates: names by shape, because some have the same."""
    found: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for path in sorted(starter.DIRECTORY.glob("templates/*.toml")):
        sections = tomllib.loads(path.read_text(encoding="utf-8"))["section"]
        shape = tuple((one["kind"], one["heading"]) for one in sections)
        found.setdefault(shape, []).append(path.stem)
    return [pytest.param(shape, id=", ".join(names)) for shape, names in found.items()]


@pytest.mark.parametrize("shape", shapes())
def test_the_shape_of_each_starter_template_from_a_blank_page(visitor, library, shape, url):
    """Its sections are added and written by hand. Facts, pay and how to apply are in the PDF."""
    account = builders.user("hr")
    jd = drafts.start(by=account, title="Warehouse Associate")
    page = visitor(account, **SCREENS["1280"])
    wanted = [one for one in shape if one[0] != "facts"]
    wanted += [one for one in (("pay", "Pay"), ("apply", "Apply")) if one[0] not in dict(shape)]
    page.goto(acting.step_url(jd.reference, "details"))
    page.get_by_label("Weekly hours", exact=True).first.fill("37.5")
    page.get_by_label("Apply at", exact=True).first.fill("jobs@example.org")
    acting.expect_saved(page)
    page.on("dialog", lambda dialog: dialog.accept())
    for heading in ("Summary", "Responsibilities", "Qualifications"):
        remove_section(page, heading)
    for kind, heading in wanted:
        add_section(page, kind, heading)
    for slug, title in acting.STEPS[1:-1]:
        page.get_by_role("button", name="Next").click()
        acting.expect_heading(page, title)
        for kind, heading in wanted:
            if step_of(kind).slug == slug:
                acting.add_own_line(acting.section(page, heading), f"Words under {heading}.")
        if slug == "pay":
            fill_in_pay(page, next(heading for kind, heading in wanted if kind == "pay"))
    acting.expect_saved(page)
    text = public_pdf(page, url, jd)
    lines = [f"Words under {heading}." for _kind, heading in wanted]
    expected = [*lines, "37.5", "$40,000", "jobs@example.org"]
    assert [words for words in expected if words not in text] == []


def add_section(page, kind, heading):
    if not page.locator("#new-section-kind").is_visible():
        page.locator("#outline-add > summary").click()
    page.locator("#new-section-kind").select_option(kind)
    page.locator("#new-section-heading").fill(heading)
    count = outline(page).count()
    page.get_by_role("button", name="Add section").click()
    expect(outline(page)).to_have_count(count + 1)


def outline(page):
    return page.locator(".outline-list > li")


def remove_section(page, heading):
    row = outline(page).filter(has_text=heading)
    row.locator("summary").first.click()
    count = outline(page).count()
    row.get_by_role("button", name="Remove").click()
    expect(outline(page)).to_have_count(count - 1)


def fill_in_pay(page, heading):
    """The range of the section, and everyone sees each section of pay."""
    card = acting.section(page, heading)
    card.get_by_label("Minimum", exact=True).fill("40000")
    card.get_by_label("Maximum", exact=True).fill("50000")
    card.get_by_role("button", name="Add range").click()
    expect(card.get_by_role("group", name="Pay range 1")).to_be_visible()
    everyone = page.get_by_role("button", name="Everyone")
    for left in reversed(range(everyone.count())):
        everyone.first.click()
        expect(everyone).to_have_count(left)
