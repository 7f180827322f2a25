"""The first run of an empty installation, from the first page to the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from roles import first_run
from roles.models import JobFamily, User
from tests.browser import acting
from tests.browser.editing import SCREENS

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize("width", SCREENS)
def test_first_run(
    visitor: Callable[..., Page],
    transactional_db: None,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    is_fine: Callable[[Page], None],
    width: str,
) -> None:
    settings.FIRST_RUN = True
    monkeypatch.setattr(first_run, "_has_accounts", False)
    cache.clear()
    page = visitor(**SCREENS[width])
    page.complaints.allow("422")  # type: ignore[attr-defined]
    page.goto("/descriptions/")
    acting.expect_heading(page, "Set up JD Builder")
    is_fine(page)
    page.get_by_label("Code").fill("ABCD-EFGH-JKMN-PQRS")
    for label, text in (
        ("First name", "Ada"),
        ("Last name", "Byron"),
        ("Email address", "ada@example.org"),
        ("Username", "ada"),
        ("Password", "plain words for a start"),
        ("Password, again", "plain words for a start"),
        ("Name of the organization", "Northwind"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Account management").uncheck()
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_text("This code is incorrect or has expired.")).to_be_visible()
    expect(page.get_by_label("Account management")).not_to_be_checked()
    is_fine(page)
    page.get_by_label("Code").fill(first_run.new_code())
    for label in ("Password", "Password, again"):
        page.get_by_label(label, exact=True).fill("plain words for a start")
    page.get_by_role("button", name="Set up").click()
    acting.expect_heading(page, "Settings")
    expect(page.get_by_text("JD Builder is set up.")).to_be_visible()
    assert User.objects.get().kinds == {"admin"}
    assert set(JobFamily.objects.values_list("code", flat=True)) == {"sales", "customer-success"}
