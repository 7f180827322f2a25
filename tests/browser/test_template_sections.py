"""A curator edits the sections of a template from beginning to end: in a wide window, on a phone,
and without JavaScript."""

import pytest
from playwright.sync_api import Dialog, expect

from roles.library import template_content
from roles.models import Snippet
from tests import builders
from tests.browser import acting, editing

pytestmark = pytest.mark.browser

DUTY = "Answer each customer within a day."


@pytest.fixture
def template(transactional_db):
    builders.snippet("Call each customer once a month.")
    return builders.template()


@pytest.fixture
def curator(transactional_db):
    return builders.user("curator", first_name="Kim", last_name="Larsen")


def duties(template):
    """The lines of the responsibilities: texts, or ids of snippets."""
    found = template_content.stored(template)
    section = next(one for one in found if one.kind == "responsibilities")
    return [line.text or line.snippet for line in section.lines]


def headings(template):
    return [section.heading for section in template_content.stored(template)]


def open_duties(page, template):
    page.goto(f"/templates/{template.code}/")
    page.get_by_role("link", name="Edit sections").click()
    acting.expect_heading(page, "Edit sections")
    page.get_by_role("link", name="Edit What you do").click()
    acting.expect_heading(page, "Edit section")


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("screen", editing.SCREENS)
def test_sections_are_edited(visitor, template, curator, is_fine, screen):
    page = visitor(curator, **editing.SCREENS[screen])
    paper = page.locator("#template-paper")
    open_duties(page, template)
    # The preview follows what is typed.
    page.get_by_label("Heading", exact=False).first.fill("Key duties")
    expect(paper.get_by_role("heading", name="Key duties")).to_be_visible()
    page.get_by_role("button", name="Write a line").click()
    line = page.locator(".template-lines > li").nth(1)
    expect(line.locator("textarea").first).to_be_focused()
    page.keyboard.type(DUTY)
    expect(paper).to_contain_text(DUTY)
    page.locator("summary", has_text="Add from library").click()
    page.get_by_label("Search the library").fill("month")
    found = page.locator(".pick-list > li")
    expect(found).to_have_count(1)
    is_fine(page)
    fits(page)
    found.get_by_role("button", name="Add").click()
    expect(page.locator(".template-lines > li")).to_have_count(3)
    expect(paper).to_contain_text("Call each customer once a month.")
    page.locator("summary", has_text="Paste a list").click()
    page.get_by_label("Pasted list").fill("- Write letters\n- Send invoices")
    page.get_by_role("button", name="Add lines").click()
    expect(page.locator(".template-lines > li")).to_have_count(5)
    # The focus stays at the button, so that a line moves several places.
    page.get_by_role("button", name="Move line 5 up").click()
    expect(page.get_by_role("button", name="Move line 4 up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move line 3 up")).to_be_focused()
    page.get_by_role("button", name="Remove line 5").click()
    expect(page.locator(".template-lines > li")).to_have_count(4)
    is_fine(page)
    assert len(duties(template)) == 1  # nothing is stored yet
    page.get_by_role("button", name="Save section").click()
    expect(acting.message(page, "good")).to_contain_text("Section saved.")
    first = template.sections.get(kind="responsibilities").lines.order_by("position")[0]
    called = Snippet.objects.get(text="Call each customer once a month.").pk
    assert duties(template) == [first.snippet_id, DUTY, "Send invoices", called]
    assert headings(template) == ["What it is about", "Key duties"]
    is_fine(page)
    fits(page)


@pytest.mark.parametrize("screen", editing.SCREENS)
def test_sections_are_added_removed_and_restored(visitor, template, curator, is_fine, screen):
    page = visitor(curator, **editing.SCREENS[screen])
    page.goto(f"/templates/{template.code}/sections/")
    page.get_by_label("Section type").select_option(label="Frequently asked questions")
    page.get_by_label("Insert after").select_option(label="What it is about")
    page.get_by_role("button", name="Add section").click()
    expect(acting.message(page, "good")).to_contain_text("Section added.")
    page.get_by_role("link", name="Cancel").click()
    assert headings(template)[1] == "Frequently asked questions"
    page.get_by_role("button", name="Move Frequently asked questions down").click()
    expect(page.locator(".section-rows > li").last).to_contain_text("Frequently asked questions")
    page.get_by_role("link", name="Remove What you do").click()
    acting.expect_heading(page, "Remove section")
    is_fine(page)
    page.get_by_role("button", name="Remove section").click()
    expect(page.locator(".section-rows > li")).to_have_count(2)
    page.get_by_role("link", name="Revisions").click()
    acting.expect_heading(page, "Revisions")
    is_fine(page)
    page.get_by_role("link", name="Revision 4", exact=True).click()
    expect(page.locator("main")).to_contain_text("Removed “What you do”")
    is_fine(page)
    fits(page)
    page.go_back()
    page.get_by_role("link", name="Revision 1", exact=True).click()
    page.get_by_role("button", name="Restore this revision").click()
    acting.expect_heading(page, template.title)
    assert headings(template) == ["What it is about", "What you do"]


def test_unsaved_changes_are_not_lost_silently(visitor, template, curator):
    """The browser asks before the page is left, and not after it is saved."""
    page = visitor(curator)
    open_duties(page, template)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("button", name="Write a line").click()
    expect(page.locator(".template-lines > li")).to_have_count(2)
    page.keyboard.type(DUTY)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("button", name="Save section")).to_be_visible()
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save section").click()
    acting.expect_heading(page, "Edit sections")
    assert asked == ["beforeunload"]
    assert DUTY in duties(template)


def test_second_person_is_asked(visitor, template, curator, is_fine):
    page = visitor(curator)
    page.complaints.allow("409")
    other = visitor(builders.user("curator"))
    for one in (page, other):
        open_duties(one, template)
    other.get_by_label("Guidance").fill("Their guidance.")
    other.get_by_role("button", name="Save section").click()
    acting.expect_heading(other, "Edit sections")
    page.get_by_label("Guidance").fill("My guidance.")
    page.get_by_role("button", name="Save section").click()
    expect(page.get_by_role("alert")).to_contain_text("Someone else changed this section")
    expect(page.get_by_label("Guidance")).to_have_value("My guidance.")
    is_fine(page)
    page.get_by_role("button", name="Save section").click()
    acting.expect_heading(page, "Edit sections")
    assert template.sections.get(kind="responsibilities").guidance == "My guidance."


def test_everything_works_without_javascript(visitor, template, curator):
    page = visitor(java_script_enabled=False)
    page.goto("/")
    acting.sign_in_by_form(page, curator.username, builders.PASSWORD)
    open_duties(page, template)
    page.get_by_role("button", name="Write a line").click()
    page.locator(".template-lines textarea").nth(1).fill(DUTY)
    page.locator("summary", has_text="Add from library").click()
    page.get_by_label("Search the library").fill("month")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(".pick-list > li").get_by_role("button", name="Add").click()
    expect(page.locator(".template-lines > li")).to_have_count(3)
    page.get_by_role("button", name="Move line 2 up").click()
    expect(page.locator("#template-paper")).to_contain_text(DUTY)
    page.locator("summary", has_text="Paste a list").click()
    page.get_by_label("Pasted list").fill("Write letters\nSend invoices")
    page.get_by_role("button", name="Add lines").click()
    page.get_by_role("button", name="Remove line 5").click()
    page.get_by_label("Heading", exact=False).first.fill("Key duties")
    page.keyboard.press("Enter")
    expect(page.locator(".template-lines > li")).to_have_count(4)
    page.get_by_role("button", name="Save section").click()
    acting.expect_heading(page, "Edit sections")
    assert headings(template)[1] == "Key duties"
    assert duties(template)[0] == DUTY
    assert duties(template)[3] == "Write letters"
