"""Bold, italic, and links: the buttons at a paragraph, and their keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from roles.models import JobDescription, Line
from tests import builders
from tests.browser import acting, editing

pytestmark = pytest.mark.browser

TEXT = "We bake bread, and write the handbook."


@pytest.fixture
def account(transactional_db: None) -> Any:
    return builders.user("hr")


@pytest.fixture
def jd(account: Any) -> JobDescription:
    jd = builders.description(account)
    builders.add_line(jd, builders.add_section(jd, "summary", "Summary"), TEXT, form="paragraph")
    return jd


@pytest.fixture(params=editing.SCREENS)
def page(visitor: Callable[..., Page], account: Any, jd: JobDescription, request: Any) -> Page:
    """The step of the summary in a wide window, and on a phone."""
    page = visitor(account, **editing.SCREENS[request.param])
    page.goto(acting.step_url(jd.reference, "summary"))
    return page


@pytest.fixture
def field(page: Page) -> Locator:
    found = page.get_by_role("textbox", name="Line 1 of Summary").last
    found.focus()
    return found


def select(field: Locator, words: str) -> None:
    field.evaluate(
        """(field, words) => {
          field.focus();
          const start = field.value.indexOf(words);
          field.setSelectionRange(start, start + words.length);
        }""",
        words,
    )


def preview(page: Page) -> Locator:
    return page.locator("article.jd")


def test_buttons_format_the_selected_words(field: Locator, page: Page) -> None:
    tools = field.locator("..").get_by_role("group", name="Formatting")
    select(field, "bread")
    tools.get_by_role("button", name="Bold").click()
    expect(field).to_have_value(TEXT.replace("bread", "**bread**"))
    expect(preview(page).locator("strong", has_text="bread")).to_have_count(1)
    tools.get_by_role("button", name="Italic").click()
    expect(field).to_have_value(TEXT.replace("bread", "***bread***"))
    tools.get_by_role("button", name="Bold").click()
    tools.get_by_role("button", name="Italic").click()
    expect(field).to_have_value(TEXT)
    select(field, "the handbook")
    tools.get_by_role("button", name="Link").click()
    page.keyboard.type("https://example.org/h")
    linked = TEXT.replace("the handbook", "[the handbook](https://example.org/h)")
    expect(field).to_have_value(linked)
    link = preview(page).locator("a", has_text="the handbook")
    expect(link).to_have_attribute("href", "https://example.org/h")
    acting.expect_saved(page)
    assert Line.objects.filter(text=linked).exists()


def test_keys_format_the_word_at_the_cursor(field: Locator, page: Page) -> None:
    field.evaluate("field => field.setSelectionRange(4, 4)")  # in "bake"
    page.keyboard.press("Control+b")
    expect(field).to_have_value(TEXT.replace("bake", "**bake**"))
    page.keyboard.press("Control+i")
    expect(field).to_have_value(TEXT.replace("bake", "***bake***"))
    page.keyboard.press("Control+z")
    expect(field).to_have_value(TEXT.replace("bake", "**bake**"))
    select(field, "handbook")
    page.keyboard.press("Control+k")
    assert page.evaluate("getSelection().toString()") == "https://"
    expect(preview(page).locator("strong", has_text="bake")).to_have_count(1)


def test_marks_are_within_paragraphs_and_not_around_spaces(field: Locator, page: Page) -> None:
    field.fill("One day \n\nAnother day")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+b")
    expect(field).to_have_value("**One day **\n\n**Another day**")


def test_a_new_paragraph_is_formatted_before_it_is_added(page: Page, field: Locator) -> None:
    own = page.locator(".write-own").last
    text = own.get_by_role("textbox", name="Write your own")
    text.fill("Bread for all")
    select(text, "all")
    own.get_by_role("button", name="Bold").click()
    expect(text).to_have_value("Bread for **all**")
    own.get_by_label("Add as").select_option("entry")
    expect(own.get_by_role("button", name="Bold")).to_be_hidden()
    page.keyboard.press("Control+b")
    expect(text).to_have_value("Bread for **all**")
    expect(field).to_have_value(TEXT)


def test_list_items_have_no_formatting(page: Page, jd: JobDescription) -> None:
    page.goto(acting.step_url(jd.reference, "responsibilities"))
    field = page.locator("li.line textarea.line-text").first
    before = field.input_value()
    select(field, before[:5])
    page.keyboard.press("Control+b")
    expect(field).to_have_value(before)
    expect(field.locator("..").get_by_role("button", name="Bold")).to_have_count(0)
