"""Takes screenshots of a running demo: screenshots.py URL DIRECTORY."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 780}
# File, path, size of the window.
AUTHOR_SCREENSHOTS = (
    ("home.png", "/", WIDE),
    ("list.png", "/descriptions/", WIDE),
    ("start.png", "/descriptions/new/?title=Account%20manager", WIDE),
    ("wizard.png", "/descriptions/ACC-0001/edit/responsibilities/", WIDE),
    ("version.png", "/descriptions/ACC-0001/versions/2/", WIDE),
    ("compare.png", "/descriptions/ACC-0001/compare/", WIDE),
    ("levels.png", "/levels/?jd=ACC-0002&jd=ACC-0001&jd=ACC-0003", WIDE),
    ("library.png", "/library/", WIDE),
    ("phone.png", "/descriptions/ACC-0001/edit/responsibilities/", PHONE),
    ("suggestions.png", "/reviews/2/suggestions/", WIDE),
)
# The settings, as an administrator sees them.
ADMINISTRATOR_SCREENSHOTS = (("settings.png", "/settings/brand/", WIDE),)
# A review in its second round, as a reviewer opens it.
REVIEWER_SCREENSHOTS = (("review.png", "/reviews/2/", PHONE),)


def sign_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/sign-in/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(os.environ["DEMO_PASSWORD"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your work").wait_for()


def main(url: str, directory: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        accounts = (
            ("author1", AUTHOR_SCREENSHOTS),
            ("admin", ADMINISTRATOR_SCREENSHOTS),
            ("manager1", REVIEWER_SCREENSHOTS),
        )
        for account, screenshots in accounts:
            page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
            sign_in(page, url, account)
            for name, path, window in screenshots:
                page.set_viewport_size(window)  # type: ignore[arg-type]
                page.goto(url + path)
                page.wait_for_load_state("networkidle")
                page.screenshot(path=directory / name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
