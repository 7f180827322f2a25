"""A review on a phone, with one thumb: read, comment, suggest, request changes; then a second
round that shows only the changes, and approve."""

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
    jd = builders.description(builders.user("hr", first_name="Alex", last_name="Morgan"))
    return builders.review(jd, manager, note="Are these the duties?")


def section(page, heading):
    return page.get_by_role("region", name=heading, exact=True)


def assert_within_reach(page):
    """Nothing scrolls sideways, and all touch targets are large enough."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for target in page.locator(
        ".read-comment:visible, .decide a, .read-section summary:visible"
    ).all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target.evaluate("e => e.outerHTML")


def test_review_on_a_phone(visitor, review, manager, is_fine):
    jd = review.description
    page = visitor(manager, **PHONE)
    page.complaints.allow("422")
    page.goto(f"/reviews/{review.pk}/")
    acting.expect_heading(page, jd.title)
    expect(page.get_by_text("Are these the duties?")).to_be_visible()
    assert_within_reach(page)
    is_fine(page)

    duty = page.locator(".read-line").filter(has_text=DUTY)
    duty.get_by_role("link", name="Comment or suggest").tap()
    expect(duty.get_by_label("Your comment")).to_be_focused()
    duty.get_by_role("button", name="Post").tap()
    expect(duty.get_by_text("Enter a comment.")).to_be_visible()
    duty.get_by_label("Your comment").fill("For which accounts?")
    duty.get_by_text("Mention someone").tap()
    duty.get_by_role("button", name=f"@{jd.owner.username}").tap()
    is_fine(page)
    duty.get_by_role("button", name="Post").tap()
    thread = duty.get_by_role("article", name="By Robin Chen")
    expect(thread).to_be_focused()
    expect(thread).to_contain_text("For which accounts? @Alex Morgan")
    expect(duty.locator("form.comment-form")).to_have_count(0)

    duty.get_by_role("link", name="Comment or suggest").tap()
    expect(duty.get_by_role("textbox", name="New wording")).to_be_hidden()
    duty.get_by_role("radio", name="Reword").check()
    words = duty.get_by_role("textbox", name="New wording")
    expect(words).to_have_value(DUTY)
    words.fill("Prepare renewal plans for key accounts.")
    duty.get_by_label("Your comment").fill("The small ones renew by themselves.")
    duty.get_by_role("button", name="Post").tap()
    expect(duty.get_by_text("Open", exact=True)).to_be_visible()
    assert Suggestion.objects.get().text == "Prepare renewal plans for key accounts."

    for way in ("0", "document.body.scrollHeight"):
        page.evaluate(f"window.scrollTo(0, {way})")
        expect(page.get_by_role("link", name="Request changes")).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Request changes").tap()
    expect(page.get_by_role("radio", name="Request changes")).to_be_focused()
    page.locator("#decide-text").fill("See my two comments.")
    is_fine(page)
    page.get_by_role("button", name="Submit decision").tap()
    expect(page.locator(".review-thanks")).to_contain_text("version 1")
    is_fine(page)

    line = jd.lines.get(text=DUTY)
    builders.change(jd, changes.ChangeLine(uid=line.uid, values={"text": "Plan renewals."}))
    requests.next_round(review=review, version=builders.version(jd), by=jd.owner)

    page.reload()
    expect(page.locator("#since-head")).to_contain_text("version 1")
    expect(section(page, "Responsibilities").get_by_text("Plan renewals.")).to_be_visible()
    expect(section(page, "Responsibilities").locator("del").first).to_contain_text("Prepare")
    expect(page.get_by_text("You look after the customers")).to_be_hidden()
    assert_within_reach(page)
    is_fine(page)
    page.get_by_role("link", name="Approve", exact=True).tap()
    page.get_by_role("button", name="Submit decision").tap()
    expect(page.locator(".review-thanks")).to_contain_text("version 2")
    is_fine(page)
    assert Approval.objects.get().version.number == 2
    assert [decision.kind for decision in Decision.objects.all()] == ["ask_for_changes", "approve"]
