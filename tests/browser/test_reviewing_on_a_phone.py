"""A review on a phone, with one thumb: read, comment, suggest, ask for changes; then a second
round with only what changed, and approve."""

import pytest
from playwright.sync_api import expect

from roles.drafts import changes
from roles.models import Approval, Decision, Suggestion
from roles.reviews import requests
from tests import builders
from tests.browser import acting

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DUTY = "Prepare renewal plans for each account."


@pytest.fixture
def manager(transactional_db):
    return builders.user("manager", first_name="Robin", last_name="Chen")


@pytest.fixture
def review(manager):
    made = builders.description(builders.user("hr", first_name="Alex", last_name="Morgan"))
    return builders.review(made, manager, note="Are these the duties?")


def part(page, heading):
    return page.get_by_role("region", name=heading, exact=True)


def assert_within_reach(page):
    """Nothing scrolls sideways, and all that is touched is large enough."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for target in page.locator(
        ".read-comment:visible, .decide a, .read-section summary:visible"
    ).all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target.evaluate("e => e.outerHTML")


def test_done_with_one_thumb(visitor, review, manager, is_fine):
    made = review.description
    page = visitor(manager, **PHONE)
    page.complaints.allow("422")
    page.goto(f"/reviews/{review.pk}/")
    acting.expect_heading(page, made.title)
    expect(page.get_by_text("Are these the duties?")).to_be_visible()
    assert_within_reach(page)
    is_fine(page)

    duty = page.locator(".read-line").filter(has_text=DUTY)
    duty.get_by_role("link", name="Comment or suggest").tap()
    expect(duty.get_by_label("Your comment")).to_be_focused()
    duty.get_by_role("button", name="Send").tap()
    expect(duty.get_by_text("Write something first.")).to_be_visible()
    duty.get_by_label("Your comment").fill("For which accounts?")
    duty.get_by_text("Mention somebody").tap()
    duty.get_by_role("button", name=f"@{made.owner.username}").tap()
    is_fine(page)
    duty.get_by_role("button", name="Send").tap()
    thread = duty.get_by_role("article", name="By Robin Chen")
    expect(thread).to_be_focused()
    expect(thread).to_contain_text("For which accounts? @Alex Morgan")
    expect(duty.locator("form.comment-form")).to_have_count(0)

    duty.get_by_role("link", name="Comment or suggest").tap()
    expect(duty.get_by_label("Other words").last).to_be_hidden()
    duty.get_by_role("radio", name="Other words").check()
    words = duty.get_by_role("textbox", name="Other words")
    expect(words).to_have_value(DUTY)
    words.fill("Prepare renewal plans for key accounts.")
    duty.get_by_label("Your comment").fill("The small ones renew by themselves.")
    duty.get_by_role("button", name="Send").tap()
    expect(duty.get_by_text("Waits for an answer")).to_be_visible()
    assert Suggestion.objects.get().text == "Prepare renewal plans for key accounts."

    for way in ("0", "document.body.scrollHeight"):
        page.evaluate(f"window.scrollTo(0, {way})")
        expect(page.get_by_role("link", name="Ask for changes")).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Ask for changes").tap()
    expect(page.get_by_role("radio", name="Ask for changes")).to_be_focused()
    page.get_by_label("What do you want to say").fill("See my two remarks.")
    is_fine(page)
    page.get_by_role("button", name="Send decision").tap()
    expect(page.get_by_text("You asked for changes of version 1")).to_be_visible()
    is_fine(page)

    line = made.lines.get(text=DUTY)
    builders.change(made, changes.ChangeLine(uid=line.uid, values={"text": "Plan renewals."}))
    requests.next_round(review=review, version=builders.version(made), by=made.owner)

    page.reload()
    expect(page.get_by_text("What changed since version 1")).to_be_visible()
    expect(part(page, "Responsibilities").get_by_text("Plan renewals.")).to_be_visible()
    expect(part(page, "Responsibilities").locator("del").first).to_contain_text("Prepare")
    expect(page.get_by_text("You look after the customers")).to_be_hidden()
    assert_within_reach(page)
    is_fine(page)
    page.get_by_role("link", name="Approve", exact=True).tap()
    page.get_by_role("button", name="Send decision").tap()
    expect(page.locator(".review-thanks")).to_contain_text("the version is approved")
    is_fine(page)
    assert Approval.objects.get().version.number == 2
    assert [decision.kind for decision in Decision.objects.all()] == ["ask_for_changes", "approve"]
