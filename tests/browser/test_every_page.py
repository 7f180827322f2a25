"""Menus, filters, an expired session, and pages without JavaScript."""

import pytest

from tests import builders

pytestmark = pytest.mark.browser


@pytest.fixture
def jd(live_server):
    jd = builders.description(department=builders.department())
    builders.version(jd, note="As agreed")
    builders.add_line(jd, jd.sections.all()[0].uid, "A line for [Company Name].")
    return jd


def test_menus_work_with_the_keyboard(live_server, page, sign_in, jd):
    sign_in(page, jd.owner)
    page.goto(live_server.url + jd.get_absolute_url())
    menu = page.locator("details.menu", has_text="Export draft")
    menu.locator("summary").press("Enter")
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert menu.locator("summary").evaluate("element => element === document.activeElement")


def test_filters_apply_on_change(live_server, page, sign_in, jd):
    sign_in(page, jd.owner)
    page.goto(f"{live_server.url}/descriptions/?sort=title")
    page.get_by_label("Status").select_option("archived")
    page.wait_for_url("**status=archived**")
    assert "sort=title" in page.url
    assert page.get_by_role("link", name="Clear filters").is_visible()


def test_an_expired_session_keeps_changes(live_server, page, complaints, sign_in, jd):
    complaints.allow("401")
    sign_in(page, jd.owner)
    page.goto(f"{live_server.url}{jd.get_absolute_url()}edit/details/")
    page.context.clear_cookies(name="sessionid")
    title = page.locator("#id_facts-title")
    title.fill("Typed while signed out")
    page.get_by_role("link", name="Sign in again").wait_for()
    assert title.input_value() == "Typed while signed out"
    assert not page.get_by_text("Saved", exact=True).is_visible()
    sign_in(page, jd.owner)
    title.fill("Typed after signing in again")
    page.get_by_text("Saved", exact=True).wait_for()
    jd.refresh_from_db()
    assert jd.title == "Typed after signing in again"


def test_pages_work_without_javascript(live_server, browser, jd):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/descriptions/")
    page.get_by_label("Username").fill(jd.owner.username)
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Owner").select_option(label=str(jd.owner))
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Account manager").click()
    page.locator("details.menu", has_text="More").locator("summary").last.click()
    page.get_by_role("link", name="Archive").click()
    page.get_by_role("button", name="Archive").click()
    assert page.locator("#messages .note").is_visible()
    context.close()
    jd.refresh_from_db()
    assert jd.status == "archived"
