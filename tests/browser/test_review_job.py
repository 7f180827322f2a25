"""A complete review with two people, each with a browser: request, comment, suggest, accept, a
second round that shows only the change, approve, make current."""

import pytest
from playwright.sync_api import expect

from roles.models import Approval, EffectivePeriod, Suggestion
from tests import builders
from tests.browser import acting

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]

PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
DUTY = "Prepare renewal plans for each account."
BETTER = "Prepare a renewal plan for each key account."


@pytest.fixture
def jd(transactional_db):
    builders.organization(name="Northwind")
    manager = builders.user("manager", username="robin", first_name="Robin", last_name="Chen")
    jd = builders.description(builders.user("hr", username="alex"), hiring_managers=(manager,))
    builders.version(jd)
    return jd


def of_line(page, text):
    """Returns the line with this text on the review page."""
    return page.locator(".read-line").filter(has_text=text).first


def open_comment_form(page, text):
    of_line(page, text).get_by_role("link", name="Comment or suggest").click()
    return page.locator("form.comment-form")


def decide(page, decision, text=""):
    page.get_by_role("link", name=decision, exact=True).click()
    form = page.locator("form.decide-form")
    if text:
        form.locator("textarea").fill(text)
    form.get_by_role("button", name="Submit decision").click()


def test_from_request_to_current_version(visitor, jd, is_fine):
    author, manager = visitor(jd.owner, **DESK), visitor(jd.hiring_managers.get(), **PHONE)
    root = jd.get_absolute_url()

    author.goto(root)
    author.get_by_role("link", name="Send for review").first.click()
    acting.expect_heading(author, "Send for review")
    expect(author.get_by_label("Person", exact=True)).to_have_value("Robin Chen (robin)")
    author.get_by_label("Note").fill("Please look at the duties.")
    is_fine(author)
    author.get_by_role("button", name="Send for review").click()
    expect(author.get_by_role("main")).to_contain_text("Robin Chen")

    manager.goto("/")
    manager.get_by_role("link", name=jd.title).first.click()
    acting.expect_heading(manager, jd.title)
    expect(manager.get_by_text("Please look at the duties.")).to_be_visible()
    form = open_comment_form(manager, DUTY)
    form.get_by_label("Your comment").fill("Every account, @alex?")
    form.get_by_role("button", name="Post").click()
    expect(of_line(manager, DUTY)).to_contain_text("Every account")
    form = open_comment_form(manager, DUTY)
    form.get_by_role("radio", name="Reword").check()
    form.locator(".comment-reword textarea").first.fill(BETTER)
    form.get_by_role("button", name="Post").click()
    expect(of_line(manager, DUTY)).to_contain_text("Open")
    is_fine(manager)
    decide(manager, "Request changes", "See my two comments.")
    expect(manager.locator(".review-thanks")).to_be_visible()
    expect(manager.locator("form.decide-form")).to_have_count(0)

    author.goto(acting.step_url(jd.reference, "responsibilities"))
    group = author.locator("details.feedback-group").first
    group.locator("summary").first.click()
    group.get_by_role("button", name="Accept the suggestion").click()
    expect(author.locator(".line-text").first).to_have_value(BETTER)
    acting.expect_preview(author, BETTER)
    assert Suggestion.objects.get().state == "accepted"
    author.goto(acting.step_url(jd.reference, "finish"))
    author.get_by_role("button", name="Send to reviewers").click()
    author.get_by_role("button", name="Send version 2").click()
    expect(author.get_by_role("heading", name="Review of version 2")).to_be_visible()

    manager.goto("/")
    manager.get_by_role("link", name=jd.title).first.click()
    expect(manager.locator("#since-head")).to_contain_text("version 1")
    changed = manager.locator(".read-section > details[open]")
    expect(changed).to_have_count(1)
    expect(changed.locator("ins").filter(has_text="key").first).to_be_visible()
    is_fine(manager)
    decide(manager, "Approve")
    expect(manager.locator(".review-thanks")).to_be_visible()
    assert Approval.objects.get().version.number == 2

    author.goto(root)
    is_fine(author)
    author.get_by_role("link", name="Make current").first.click()
    author.get_by_role("button", name="Make current").click()
    expect(acting.message(author, "good")).to_contain_text("2")
    assert EffectivePeriod.objects.get().version.number == 2
