"""A person's own sign-in: forgotten password, authenticator app, passkey, sessions; and single
sign-on with providers that the test starts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Page, expect

from roles.models import User
from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS
from tests.identity_providers import OpenIDProvider, Provider, SamlProvider
from tests.web.accounts.test_sign_in import code

pytestmark = [pytest.mark.browser]


@pytest.fixture
def ada(transactional_db: None) -> User:
    cache.clear()
    return builders.user("hr", username="ada", email="ada@example.org", first_name="Ada")


def sent_link() -> str:
    """Send the waiting email; return the path in the last one."""
    for result in DBTaskResult.objects.ready():
        result.task.func(*result.args_kwargs["args"])
        result.delete()
    found = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("banner").locator("summary").click()
    press(page, "Sign out")
    acting.expect_heading(page, "Sign in")


@pytest.mark.parametrize("width", SCREENS)
def test_forgotten_password(
    visitor: Callable[..., Page], ada: User, is_fine: Callable[[Page], None], width: str
) -> None:
    page = visitor(**SCREENS[width])
    page.goto("/")
    is_fine(page)
    page.get_by_role("link", name="Forgot your password?").click()
    is_fine(page)
    press(page, "Send link")
    expect(page.get_by_text("Enter your email address.", exact=True)).to_be_visible()
    page.get_by_label("Email address").fill("ada@example.org")
    press(page, "Send link")
    acting.expect_heading(page, "Check your email")
    is_fine(page)
    page.goto(sent_link())
    acting.expect_heading(page, "Choose a new password")
    is_fine(page)
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("New password, again").fill("other")
    press(page, "Save password")
    expect(page.get_by_text("too short").first).to_be_visible()
    is_fine(page)
    for label in ("New password", "New password, again"):
        page.get_by_label(label, exact=True).fill("another long sentence")
    press(page, "Save password")
    page.get_by_role("link", name="Sign in").click()
    acting.sign_in_by_form(page, "ada@example.org", "another long sentence")
    expect(page.get_by_role("navigation", name="Main menu")).to_be_visible()


@pytest.mark.parametrize("width", SCREENS)
def test_authenticator_app(
    visitor: Callable[..., Page], ada: User, is_fine: Callable[[Page], None], width: str
) -> None:
    page = visitor(**SCREENS[width])
    page.goto("/account/")
    acting.sign_in_by_form(page, "ada", builders.PASSWORD)
    acting.expect_heading(page, "Sign-in and security")
    is_fine(page)
    page.get_by_role("link", name="Add app").click()
    is_fine(page)
    key = page.locator(".secret-key").inner_text()
    page.get_by_label("Code from the app").fill("12")
    press(page, "Add app")
    expect(page.get_by_text("Incorrect code")).to_be_visible()
    key = page.locator(".secret-key").inner_text()
    page.get_by_label("Code from the app").fill(code(key))
    press(page, "Add app")
    acting.expect_heading(page, "Recovery codes")
    is_fine(page)
    recovery = page.locator(".recovery-codes code").first.inner_text()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("10 recovery codes left")).to_be_visible()
    is_fine(page)
    sign_out(page)
    acting.sign_in_by_form(page, "ada", builders.PASSWORD)
    acting.expect_heading(page, "Second step")
    is_fine(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Incorrect code")).to_be_visible()
    is_fine(page)
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main menu")).to_be_visible()
    page.goto("/account/")
    expect(page.get_by_text("9 recovery codes left")).to_be_visible()


@pytest.fixture
def authenticator(visitor: Callable[..., Page], live_server: Any) -> Page:
    """A page of a browser with a virtual authenticator that recognizes its user. Passkeys belong
    to a host name, so the address has one."""
    page = visitor(base_url=live_server.url.replace("127.0.0.1", "localhost"), **SCREENS["1280"])
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def test_passkey(
    visitor: Callable[..., Page], authenticator: Page, ada: User, is_fine: Callable[[Page], None]
) -> None:
    """A passkey that signs in alone, and removing it."""
    page = authenticator
    page.goto("/account/")
    acting.sign_in_by_form(page, "ada", builders.PASSWORD)
    page.get_by_role("link", name="Add passkey").click()
    is_fine(page)
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_label("Sign in with this passkey alone").check()
    press(page, "Add passkey")
    acting.expect_heading(page, "Recovery codes")
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Work laptop signs in alone")).to_be_visible()
    sign_out(page)
    press(page, "Use a passkey")
    expect(page.get_by_role("navigation", name="Main menu")).to_be_visible()
    page.goto("/account/")
    page.get_by_role("link", name="Rename Work laptop").click()
    is_fine(page)
    page.get_by_label("Name").fill("Old laptop")
    press(page, "Save")
    page.get_by_role("link", name="Remove Old laptop").click()
    is_fine(page)
    press(page, "Remove passkey")
    expect(page.get_by_text("Passkey removed.")).to_be_visible()
    expect(page.get_by_text("Old laptop")).to_have_count(0)


def test_passkey_as_second_step(authenticator: Page, ada: User) -> None:
    page = authenticator
    page.goto("/account/passkeys/add/")
    acting.sign_in_by_form(page, "ada", builders.PASSWORD)
    press(page, "Add passkey")
    acting.expect_heading(page, "Recovery codes")
    sign_out(page)
    acting.sign_in_by_form(page, "ada", builders.PASSWORD)
    acting.expect_heading(page, "Second step")
    press(page, "Use passkey")
    expect(page.get_by_role("navigation", name="Main menu")).to_be_visible()


@pytest.mark.parametrize("kind", [OpenIDProvider, SamlProvider])
def test_single_sign_on(
    visitor: Callable[..., Page],
    transactional_db: None,
    is_fine: Callable[[Page], None],
    kind: type[Provider],
) -> None:
    """An administrator sets it up in the product; a person without an account signs in."""
    builders.department("Sales")
    with kind().running() as provider:
        admin = visitor(builders.user("admin"), **SCREENS["1280"])
        admin.complaints.allow("422")  # type: ignore[attr-defined]
        admin.goto("/settings/security/")
        is_fine(admin)
        label = "Add SAML 2.0" if isinstance(provider, SamlProvider) else "Add OpenID Connect"
        admin.get_by_role("link", name=label).click()
        is_fine(admin)
        press(admin, "Save")
        expect(admin.get_by_text("Not saved.")).to_be_visible()
        is_fine(admin)
        admin.get_by_label("Name", exact=True).fill("Northwind")
        if isinstance(provider, SamlProvider):
            admin.get_by_label("Metadata").fill(provider.metadata())
        else:
            admin.get_by_label("Address of the provider").fill(provider.address)
            admin.get_by_label("Client ID").fill("jd-builder")
            admin.get_by_label("Client secret").fill("provider-secret")
        rule = admin.get_by_role("group", name="Rule 1")
        rule.get_by_label("Value of the claim").fill("jd-hr")
        rule.get_by_label("Group").select_option("HR")
        press(admin, "Save")
        expect(admin.get_by_text("Northwind saved.")).to_be_visible()
        expect(admin.get_by_text("/northwind/").first).to_be_visible()
        is_fine(admin)

        page = visitor(**SCREENS["390"])
        page.goto("/library/")
        is_fine(page)
        page.get_by_role("link", name="Sign in with Northwind").click()
        if isinstance(provider, SamlProvider):
            press(page, "Continue")
        expect(page).to_have_url(re.compile("/library/$"))
        assert User.objects.get(email="ada@example.org").kinds == {"hr"}
        provider.person["groups"] = []
        other = visitor(**SCREENS["390"])
        other.complaints.allow("403")  # type: ignore[attr-defined]
        other.goto("/sign-in/")
        other.get_by_role("link", name="Sign in with Northwind").click()
        if isinstance(provider, SamlProvider):
            press(other, "Continue")
        acting.expect_heading(other, "You can’t sign in")
        is_fine(other)


def test_sessions(visitor: Callable[..., Page], ada: User, is_fine: Callable[[Page], None]) -> None:
    laptop, phone = visitor(**SCREENS["1280"]), visitor(**SCREENS["390"])
    for page in (laptop, phone):
        page.goto("/account/")
        acting.sign_in_by_form(page, "ada", builders.PASSWORD)
    is_fine(phone)
    press(phone, "Sign out everywhere")
    expect(phone.get_by_text("You’re signed out everywhere.")).to_be_visible()
    laptop.reload()
    acting.expect_heading(laptop, "Sign in")
