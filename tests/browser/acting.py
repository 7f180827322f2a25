"""Actions of a person in the browser, and the states to wait for."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

STEPS = (
    ("details", "Job details"),
    ("responsibilities", "Responsibilities"),
    ("qualifications", "Skills and qualifications"),
    ("summary", "Summary"),
    ("conditions", "Conditions and people"),
    ("pay", "Pay and benefits"),
    ("closing", "How to apply and legal"),
    ("finish", "Finish"),
)


def step_url(reference: str, step: str) -> str:
    return f"/descriptions/{reference}/edit/{step}/"


def sign_in_by_form(page: Page, name: str, password: str) -> None:
    page.get_by_label("Username or email address").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def expect_heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=words, exact=True).first).to_be_visible()


def expect_saved(page: Page) -> None:
    """What was typed last is stored. (Typing itself puts the state to "Saving…" at once.)"""
    expect(page.locator("#save-state")).to_have_class(re.compile(r"\bis-saved\b"))


def expect_not_saved(page: Page) -> None:
    """The last change isn't saved, and waiting won't help."""
    expect(page.locator("#save-state")).to_have_text("Not saved")


def expect_waiting(page: Page) -> None:
    """What was typed last is sent as soon as the server is back."""
    expect(page.locator("#save-state")).to_have_text("Not saved yet. Trying again…")


def message(page: Page, kind: str = "") -> Locator:
    """The message in the live region: of a kind (good, warning, danger), or any."""
    return page.locator("#messages").locator(f".note-{kind}" if kind else ".note")


def section(page: Page, heading: str) -> Locator:
    """The card of a section in the editor."""
    return page.get_by_role("region", name=heading, exact=True)


def line(page: Page, uid: str) -> Locator:
    return page.locator(f"#line-{uid}")


def lines(card: Locator) -> Locator:
    """The lines of a section, without their sub-lines and the headings of groups."""
    return card.locator("ol.line-list > li:not(.group-head)")


def add_own_line(card: Locator, text: str) -> None:
    count = lines(card).count()
    card.get_by_label("Write your own").fill(text)
    card.locator("button[value^='line-add:']").click()
    expect(lines(card)).to_have_count(count + 1)
    expect(lines(card).last.locator(".line-text").first).to_have_value(text)


def expect_preview(page: Page, text: str) -> None:
    expect(page.locator("#preview")).to_contain_text(text)


def focused(page: Page) -> str:
    """The id of the element with focus, or its tag."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def look_like(page: Page, *, scheme: str, width: int | None = None) -> None:
    """Set the color scheme and the window width, and wait until the page is redrawn."""
    if width is not None:
        page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.wait_for_load_state()  # a page that a click has opened may have no body yet
    # Chromium keeps some old colors unless it redraws everything.
    page.evaluate("document.body.hidden = true; document.body.offsetHeight")
    page.evaluate("document.body.hidden = false")
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")


# --- files


def download(page: Page, button: Locator) -> bytes:
    with page.expect_download() as waiting:
        button.click()
    path = waiting.value.path()
    return Path(path).read_bytes()
