"""An administrator invites people, and one of them signs in for the first time."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from roles.models import Organization, User
from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS
from tests.web.accounts.email_links import link, sent

pytestmark = pytest.mark.browser

PEOPLE = """Email,First name,Last name,Groups,Departments
kim.lee@example.org,Kim,Lee,Hiring managers,Sales
sam@example,Sam,Rivera,HR,
"""
PASSWORD = "a long enough sentence"


@pytest.fixture
def screen(request):
    return SCREENS[request.param]


@pytest.mark.parametrize("screen", ["1280", "390"], indirect=True)
def test_from_the_list_to_the_first_sign_in(screen, visitor, transactional_db, is_fine, tmp_path):
    """A list with an error is previewed, sent in part, and corrected."""
    organization = Organization.objects.the()
    organization.name = "Northwind"
    organization.save()
    builders.department("Sales")
    admin = visitor(builders.user("admin", first_name="Ada", last_name="Marin"), **screen)
    admin.goto("/people/")
    admin.get_by_role("link", name="Invite people").click()
    is_fine(admin)
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-16")
    admin.get_by_label("Or a CSV file").set_input_files(file)
    admin.get_by_role("button", name="Preview").click()
    expect(admin.get_by_role("row", name="kim.lee@example.org")).to_contain_text("Will be invited")
    expect(admin.get_by_role("row", name="sam@example")).to_contain_text("Not an email address")
    is_fine(admin)
    admin.get_by_role("button", name="Send 1 invitation").click()
    expect(acting.message(admin, "good")).to_have_text("1 invitation sent.")
    addresses = admin.get_by_label("Email addresses")
    addresses.fill(addresses.input_value().replace("sam@example,", "sam@example.org,"))
    admin.get_by_role("button", name="Preview").click()
    admin.get_by_role("button", name="Send 1 invitation").click()
    acting.expect_heading(admin, "People")
    admin.get_by_role("checkbox", name="Select all invited people").check()
    expect(admin.locator(".selection-count")).to_have_text("2 selected")
    is_fine(admin)
    admin.get_by_role("link", name="Kim Lee").click()
    expect(admin.get_by_text("You can already choose them")).to_be_visible()
    is_fine(admin)

    kim = visitor(**screen)
    messages = {message.to[0]: message for message in sent()}
    kim.goto(link(messages["kim.lee@example.org"]))
    acting.expect_heading(kim, "Set up your account")
    expect(kim.get_by_text("Northwind invites you")).to_be_visible()
    expect(kim.get_by_label("Email address")).to_have_value("kim.lee@example.org")
    is_fine(kim)
    kim.complaints.allow("422")
    kim.get_by_label("Password", exact=True).fill("12345678")
    kim.get_by_label("Password, again").fill("12345678")
    kim.get_by_role("button", name="Set up account").click()
    expect(kim.get_by_text("This password is too common.")).to_be_visible()
    is_fine(kim)
    kim.get_by_label("Password", exact=True).fill(PASSWORD)
    kim.get_by_label("Password, again").fill(PASSWORD)
    kim.get_by_role("button", name="Set up account").click()
    expect(acting.message(kim, "good")).to_have_text("Your account is set up.")
    assert User.objects.get(email="kim.lee@example.org").kinds == {"manager"}

    kim.complaints.allow("404")
    kim.goto(link(messages["kim.lee@example.org"]))
    acting.expect_heading(kim, "This link isn’t valid")
    is_fine(kim)
    admin.reload()
    expect(admin.get_by_text("Accepted", exact=True)).to_be_visible()


def test_changing_an_account(visitor, transactional_db, is_fine):
    """Its groups and departments, and lost second factors."""
    builders.department("Sales")
    dana = builders.user("hr", username="dana", first_name="Dana", last_name="Reyes")
    theirs = visitor(dana, **SCREENS["1280"])
    theirs.goto("/")
    page = visitor("admin", **SCREENS["390"])
    page.goto(f"/people/{dana.pk}/")
    page.get_by_role("link", name="Edit account").click()
    page.get_by_label("Last name").fill("Ruiz")
    page.get_by_role("checkbox", name="Curators").check()
    page.get_by_role("checkbox", name="Sales").check()
    is_fine(page)
    page.get_by_role("button", name="Save account").click()
    expect(acting.message(page, "good")).to_have_text("Account saved.")
    acting.expect_heading(page, "Dana Ruiz")
    expect(page.get_by_text("HR, Curators")).to_be_visible()
    is_fine(page)
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(acting.message(page, "good")).to_have_text("Dana Ruiz is signed out everywhere.")
    theirs.reload()
    expect(theirs.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
