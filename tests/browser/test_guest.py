"""A guest reviews on a phone: link, code, comment, approval. The author uses another browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from roles.models import Comment, JobDescription, User
from roles.notifications import delivery
from tests import builders
from tests.notifications.test_delivery import pass_time

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}
ADDRESS = "joan.holt@example.org"


@pytest.fixture
def author(transactional_db: None) -> User:
    return builders.user("hr", first_name="Ada", last_name="King")


@pytest.fixture
def jd(author: User) -> JobDescription:
    builders.organization(name="Northwind")
    return builders.description(author)


def newest_email() -> str:
    """Returns the text of the last email, a quarter of an hour later."""
    pass_time(minutes=16)
    delivery.send_waiting()
    return str(mail.outbox[-1].body)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_guest_reviews_by_email_link(
    visitor: Callable[..., Page],
    author: User,
    jd: JobDescription,
    is_fine: Callable[[Page], None],
) -> None:
    """From the email to the approval, with one thumb."""
    review = builders.review(jd, ADDRESS)
    match = re.search(r"https?://[^/]+(/g/\S+)", newest_email())
    assert match
    phone = visitor(**PHONE)
    phone.complaints.allow("422")  # type: ignore[attr-defined]
    phone.goto(match[1])
    expect(phone.get_by_role("main")).to_contain_text("Northwind")
    expect(phone.get_by_role("button", name="Send code")).to_be_visible()
    is_fine(phone)
    press(phone, "Send code")
    expect(phone.get_by_label("Code")).to_be_focused()
    is_fine(phone)
    code = re.findall(r"\b\d{6}\b", newest_email())[0]
    phone.get_by_label("Code").press_sequentially(f"{(int(code) + 1) % 10**6:06}")
    phone.get_by_label("Code").press("Enter")
    expect(phone.get_by_text("Incorrect code")).to_be_visible()
    phone.get_by_label("Code").fill(f" {code[:3]} {code[3:]}")
    press(phone, "Open review")
    expect(phone.get_by_role("heading", level=1)).to_contain_text(jd.title)
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    is_fine(phone)

    phone.get_by_role("link", name=re.compile("^Comment or suggest")).nth(1).click()
    phone.get_by_label("Your comment").fill("Who can explain this?")
    press(phone, "Post")
    expect(phone.get_by_text("Who can explain this?")).to_be_visible()
    assert Comment.objects.get().reviewer == builders.reviewer_row(review, ADDRESS)
    assert "commented on" in newest_email()

    desk = visitor(author)
    desk.goto(review.get_absolute_url())
    expect(desk.get_by_text("Who can explain this?")).to_be_visible()
    expect(desk.get_by_text(ADDRESS).first).to_be_visible()

    phone.locator("#decide").get_by_role("link", name="Approve", exact=True).click()
    press(phone, "Submit decision")
    expect(phone.get_by_role("heading", level=1)).to_contain_text(jd.title)
    review.refresh_from_db()
    assert review.state == "approved"
    newest_email()
    assert "Approved: Account manager" in [sent.subject for sent in mail.outbox]
    press(phone, "Leave")
    expect(phone.get_by_role("heading", name="You’ve left the review")).to_be_visible()
    phone.goto(review.get_absolute_url())
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
