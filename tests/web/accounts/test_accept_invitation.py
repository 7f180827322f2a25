"""The page of an invitation's link, from the email to the first sign-in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roles.models import Event, Invitation, SignInPolicy, User
from roles.people import invitation_links, invitations, offboarding
from roles.people.account_access import Access
from roles.people.invitations import Invitee
from tests import builders
from tests.html import find, links, messages
from tests.identity_providers import OpenIDProvider, set_up
from tests.pages import open_page
from tests.web.accounts.test_single_sign_on import Client as BrowserLikeClient
from tests.web.accounts.test_single_sign_on import sign_on

pytestmark = pytest.mark.django_db

PASSWORDS = {"password1": "a long enough sentence", "password2": "a long enough sentence"}
SIMILAR = {"password1": "quistgaard", "password2": "quistgaard"}
NAMES = {"first_name": "Kim", "last_name": "Lee"}


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def invitation() -> Invitation:
    access = Access(frozenset({"manager"}))
    invitee = Invitee("kim@example.org", "Kim", access=access)
    return invitations.invite(invitee=invitee, by=builders.user("admin", username="ada"))


@pytest.fixture
def url(invitation: Invitation) -> str:
    return invitation_links.path(invitation)


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_from_the_link_to_the_home_page(client: Client, url: str, invitation: Invitation) -> None:
    builders.organization(name="Northwind")
    page = open_page(client, url)
    assert "Northwind invites you to JD Builder" in page.text
    assert page.typed("email") == "kim@example.org"
    assert page.typed("first_name") == "Kim"
    response = client.post(url, page.data | NAMES | PASSWORDS | {"email": "other@example.org"})
    assert response["Location"] == "/"
    home = client.get("/")
    assert str(home.wsgi_request.user) == "Kim Lee"
    assert "Your account is set up." in messages(home)
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == ("kim@example.org", True, True)
    assert verbs() == ["account.invited", "account.invitation_accepted", "account.signed_in"]
    again = Client()
    login = {"login": "kim@example.org", "password": PASSWORDS["password1"]}
    assert again.post("/sign-in/", login)["Location"] == "/"


def test_opening_the_link_changes_nothing(client: Client, url: str) -> None:
    before = list(Invitation.objects.values())
    for _ in range(3):
        response = client.get(url)
        assert response.status_code == 200
        client.head(url)
    assert list(Invitation.objects.values()) == before
    assert verbs() == ["account.invited"]
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "strict-origin"
    assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"password1": "12345678", "password2": "12345678"}, "This password is too common."),
        ({"last_name": "Quistgaard"} | SIMILAR, "The password is too similar to the last name."),
        ({"password2": "something else"}, "You must type the same password each time."),
        ({"first_name": ""}, "Enter the first name."),
        ({"last_name": "x" * 151}, "Use at most 150 characters."),
        ({"last_name": "\x07"}, "U+0007"),
    ],
)
def test_bad_input_changes_nothing(
    client: Client, url: str, wrong: dict[str, str], problem: str
) -> None:
    response = client.post(url, NAMES | PASSWORDS | wrong)
    assert response.status_code == 422
    assert problem in response.text
    assert PASSWORDS["password1"] not in response.text
    assert Invitation.objects.get().is_pending
    assert not User.objects.get(email="kim@example.org").has_usable_password()


def test_links_that_arent_valid_look_the_same(client: Client, invitation: Invitation) -> None:
    """Expired, used, replaced, revoked and wrong ones, with both methods."""
    url = invitation_links.path(invitation)
    ada = User.objects.get(username="ada")

    def page() -> str:
        for response in (client.post(url, NAMES | PASSWORDS), client.get(url)):
            assert response.status_code == 404
        assert "sessionid" not in client.cookies
        return str(response.text)

    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    expired = page()
    assert "This link isn’t valid" in expired
    invitations.renew(account=invitation.user, by=ada)
    replaced = page()
    url = invitation_links.path(Invitation.objects.get())
    offboarding.deactivate(account=invitation.user, by=ada)
    revoked = page()
    offboarding.reactivate(account=invitation.user, by=ada)
    renewed = invitations.renew(account=invitation.user, by=ada)
    url = invitation_links.path(renewed)
    invitations.accept(invitation=renewed, password="sentence", **NAMES)
    used = page()
    url = "/invitation/1.x/"
    assert {expired, replaced, revoked, used} == {page()}


def test_a_used_link_signs_no_one_in(client: Client, url: str) -> None:
    client.post(url, NAMES | PASSWORDS)
    other = Client()
    assert other.post(url, NAMES | PASSWORDS).status_code == 404
    assert other.get("/")["Location"].startswith("/sign-in/")


def test_many_wrong_links_are_refused_for_a_while(client: Client, url: str) -> None:
    statuses = [client.get(f"/invitation/{n}.x/").status_code for n in range(32)]
    assert set(statuses[:30]) == {404}
    assert statuses[30:] == [429, 429]
    assert client.get(url).status_code == 200


def test_people_who_are_signed_in_sign_out_first(client_for: Any, url: str) -> None:
    client = client_for("hr")
    page = client.get(url)
    assert f"You’re signed in as {client.user}." in page.text
    assert not find(page, "input", name="password1")
    assert client.post(url, NAMES | PASSWORDS).status_code == 422
    assert Invitation.objects.get().is_pending
    assert client.post("/sign-out/", {"next": url})["Location"] == url


def test_a_required_second_factor_is_set_up_first(client: Client, url: str) -> None:
    policy = SignInPolicy.objects.the()
    policy.save()
    policy.factor_groups.set(User.objects.get(email="kim@example.org").groups.all())
    client.post(url, NAMES | PASSWORDS)
    assert client.get("/")["Location"] == reverse("account_security")


def test_a_known_second_factor_is_asked_for(client: Client, url: str) -> None:
    """Of an account that was invited while it had one, which no page can bring about."""
    kim = User.objects.get(email="kim@example.org")
    Authenticator.objects.create(user=kim, type="totp", data={"secret": "x"})
    response = client.post(url, NAMES | PASSWORDS)
    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get("/")["Location"].startswith("/sign-in/")


class TestSingleSignOn:
    @pytest.fixture
    def provider(self, db: None) -> Any:
        with OpenIDProvider().running() as provider:
            provider.person = {
                "sub": "p-1",
                "email": "kim@example.org",
                "given_name": "Kim",
                "family_name": "Byron",
                "groups": ["jd-hr"],
            }
            provider.app = set_up(provider, by=builders.user("admin"), sales=builders.department())
            yield provider

    def test_the_page_offers_it(self, client: Client, url: str, provider: Any) -> None:
        page = client.get(url)
        address = next(a for a, label in links(page).items() if "Continue with Test" in label)
        assert client.get(address).status_code == 302
        assert find(page, "input", name="password1")

    def test_it_is_the_only_way_without_passwords(
        self, client: Client, url: str, provider: Any
    ) -> None:
        SignInPolicy(has_password_sign_in=False).save()
        page = client.get(url)
        assert "Continue with Test" in page.text
        assert "kim@example.org" in page.text
        assert not find(page, "input", name="password1")
        assert client.post(url, NAMES | PASSWORDS).status_code == 422
        assert Invitation.objects.get().is_pending

    @pytest.mark.slow
    def test_signing_in_with_it_accepts_the_invitation(self, url: str, provider: Any) -> None:
        User.objects.filter(email="kim@example.org").update(first_name="")
        client = BrowserLikeClient()
        sign_on(client, provider)
        kim = client.get("/").wsgi_request.user
        assert kim == Invitation.objects.get().user
        assert str(kim) == "Kim Byron"
        assert not Invitation.objects.get().is_pending
        assert client.get(url).status_code == 404
        assert "account.invitation_accepted" in verbs()
        assert list(Event.objects.broken()) == []
