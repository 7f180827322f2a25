"""The main job with JavaScript off: every button is an ordinary form post."""

import re

import pytest
from playwright.sync_api import expect

from roles.models import JobDescription
from tests import builders, pdfs
from tests.browser import acting

pytestmark = pytest.mark.browser

OWN_LINE = "Answer the telephone before it rings twice."


@pytest.fixture
def page(visitor):
    return visitor(java_script_enabled=False)


def choose(page, label: str, value: str) -> None:
    page.get_by_label(label).select_option(label=value)


def begin(page) -> str:
    page.goto("/")
    acting.sign_in_by_form(page, "author", builders.PASSWORD)
    page.get_by_role("link", name="New job description").first.click()
    page.get_by_label("Job title").fill("Account manager")
    page.get_by_label("Job family").select_option(label="Account management")
    page.get_by_label("Job level").select_option(label="Mid level")
    page.get_by_role("button", name="Find similar roles").click()
    expect(page.locator("#like p")).to_be_visible()
    expect(page.get_by_label("Job title")).to_have_value("Account manager")
    page.get_by_role("radio", name=re.compile("Account manager, detailed")).check()
    page.get_by_role("button", name="Start writing").click()
    acting.expect_heading(page, "Job details")
    return str(page.url.split("/descriptions/")[1].split("/")[0])


def take_from_library(page) -> str:
    """Through the page of the library, which takes the place of the list that opens."""
    card = acting.section(page, "Responsibilities")
    card.locator("summary", has_text="Add from library").click()
    card.get_by_label("Search the library").fill("renewal")
    card.get_by_role("button", name="Search", exact=True).click()
    acting.expect_heading(page, "Add from library")
    expect(page.get_by_label("Search", exact=True)).to_have_value("renewal")
    offered = page.locator(".pick-list > li", has_not_text="already added").first
    text = str(offered.locator(".pick-text").text_content()).strip().split("\n")[0].strip()
    offered.get_by_role("button").click()
    acting.expect_heading(page, "Responsibilities")
    return text


def responsibilities(page) -> None:
    card = acting.section(page, "Responsibilities")
    count = acting.lines(card).count()
    acting.add_own_line(card, OWN_LINE)
    acting.lines(card).last.get_by_role("button", name=re.compile("^Move line .* up$")).click()
    expect(acting.lines(card).nth(count - 1).locator(".line-text").first).to_have_value(OWN_LINE)
    acting.lines(card).first.locator(".line-text").first.fill("Reworded without a script.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(acting.lines(card).first.locator(".line-text").first).to_have_value(
        "Reworded without a script."
    )
    taken = take_from_library(page)
    expect(acting.lines(card)).to_have_count(count + 2)
    expect(acting.lines(card).last.locator(".line-text").first).to_have_value(taken)
    expect(page.locator("#preview")).to_contain_text(OWN_LINE)


def wrong_pay_is_kept(page) -> None:
    new = acting.section(page, "Pay by location").get_by_role("group", name="New pay range")
    new.get_by_label("Minimum").fill("60000")
    new.get_by_label("Maximum").fill("50000")
    page.get_by_role("button", name="Next").click()
    acting.expect_heading(page, "Pay and benefits")
    expect(new.get_by_text("The maximum can’t be below the minimum.")).to_be_visible()
    expect(new.get_by_label("Minimum")).to_have_value("60000")
    new.get_by_label("Maximum").fill("72000")
    new.get_by_role("button", name="Add range").click()
    expect(page.locator("#preview")).to_contain_text("$60,000")


def test_the_main_job(page, library):
    page.complaints.allow("422")
    builders.user("hr", username="author")
    reference = begin(page)
    for slug, title in acting.STEPS[:-1]:
        acting.expect_heading(page, title)
        if slug == "responsibilities":
            responsibilities(page)
        if slug == "pay":
            wrong_pay_is_kept(page)
        page.get_by_role("button", name="Next").click()
    acting.expect_heading(page, "Finish")
    answers = page.locator(".question input[type=text]")
    for number in range(answers.count()):
        answers.nth(number).fill(f"Answer {number}")
    page.get_by_label("What changed").fill("Written without a script")
    page.get_by_role("button", name="Save version").click()
    acting.expect_heading(page, "Version 1")
    expect(page.get_by_text("Written without a script")).to_be_visible()
    check_pdf(page, reference)


def check_pdf(page, reference: str) -> None:
    page.locator("summary", has_text="Export").click()
    data = acting.download(page, page.get_by_role("link", name="PDF, Public", exact=True))
    version = JobDescription.objects.get().versions.get()
    document = version.document.for_audience("public")
    assert document.open_placeholders() == []
    texts = pdfs.texts_of(document)
    assert {OWN_LINE, "Reworded without a script."} <= set(texts)
    pdfs.assert_in_order(pdfs.body_text(pdfs.read_pdf(data), reference), texts)


def test_sections_are_added_renamed_moved_and_removed(page, sign_in):
    account = builders.user("hr")
    jd = builders.description(account)
    sign_in(page, account)
    page.goto(acting.step_url(jd.reference, "responsibilities"))
    page.locator("summary", has_text="Add a section").click()
    page.get_by_label("Section type").select_option(label="Benefits")
    page.locator("#new-section-heading").fill("What we offer")
    page.get_by_role("button", name="Add section").click()
    outline = page.locator(".outline-list > li")
    expect(outline).to_have_count(4)
    expect(outline.last).to_contain_text("What we offer")
    outline.last.locator("summary").click()
    outline.last.get_by_role("button", name="Move up").click()
    expect(outline.nth(2)).to_contain_text("What we offer")
    outline.nth(2).locator("summary").click()
    outline.nth(2).get_by_label("Heading").fill("Benefits, all of them")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(outline.nth(2)).to_contain_text("Benefits, all of them")
    outline.nth(2).locator("summary").click()
    outline.nth(2).get_by_role("button", name="Remove").click()
    expect(outline).to_have_count(3)


def test_more_opens_with_a_button(page, sign_in):
    account = builders.user("hr")
    jd = builders.description(account)
    sign_in(page, account)
    page.goto(acting.step_url(jd.reference, "responsibilities"))
    line = acting.lines(acting.section(page, "Responsibilities")).first
    line.locator(".line-text").fill("Typed before it was opened.")
    line.locator("summary", has_text="More").click()
    line.get_by_role("button", name="Show").click()
    expect(line.locator(".line-text").first).to_have_value("Typed before it was opened.")
    line.get_by_label("Detail", exact=True).fill("A sentence that explains it.")
    line.get_by_label("Group", exact=True).fill("Every day")
    line.get_by_role("radio", name="Essential", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(line.get_by_label("Detail", exact=True)).to_have_value("A sentence that explains it.")
    expect(line.get_by_role("radio", name="Essential", exact=True)).to_be_checked()
    expect(page.locator("#preview")).to_contain_text("Every day")
    stored = jd.sections.get(kind="responsibilities").lines.get()
    assert (stored.text, stored.detail) == (
        "Typed before it was opened.",
        "A sentence that explains it.",
    )


def test_enter_in_a_field_saves_and_stays_on_the_step(page, sign_in):
    account = builders.user("hr")
    jd = builders.description(account)
    sign_in(page, account)
    page.goto(acting.step_url(jd.reference, "responsibilities"))
    heading = acting.section(page, "Responsibilities").get_by_label("Section heading")
    heading.fill("What you do")
    heading.press("Enter")
    acting.expect_heading(page, "Responsibilities")
    expect(page.locator("#preview")).to_contain_text("What you do")


def test_undo_and_redo(page, sign_in):
    account = builders.user("hr")
    jd = builders.description(account)
    sign_in(page, account)
    page.goto(acting.step_url(jd.reference, "responsibilities"))
    card = acting.section(page, "Responsibilities")
    acting.add_own_line(card, OWN_LINE)
    page.get_by_role("button", name="Undo").click()
    expect(acting.lines(card)).to_have_count(1)
    expect(acting.message(page)).to_be_visible()
    page.get_by_role("button", name="Redo").click()
    expect(acting.lines(card).last.locator(".line-text").first).to_have_value(OWN_LINE)
