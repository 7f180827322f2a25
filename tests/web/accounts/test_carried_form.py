"""A form that was submitted after the session had expired, on its way through single sign-on."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as DjangoClient

from roles.models import JobDescription, User
from roles.web.accounts import carried_form
from tests import builders
from tests.identity_providers import Provider, set_up
from tests.web.accounts.test_single_sign_on import KINDS, Client, finish

pytestmark = pytest.mark.slow

PATH = "/descriptions/new/"
TYPED = "Manager of <accounts> & renewals"


@pytest.fixture(scope="module", params=sorted(KINDS))
def running(request: pytest.FixtureRequest) -> Any:
    with KINDS[request.param]().running() as provider:
        yield provider


@pytest.fixture(scope="module")
def running_openid() -> Any:
    with KINDS["openid"]().running() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, db: None) -> Provider:
    return registered(running)


@pytest.fixture
def openid(running_openid: Provider, db: None) -> Provider:
    """For what doesn't depend on the kind of provider."""
    return registered(running_openid)


def registered(provider: Provider) -> Provider:
    """Returns the provider, which the organization uses now."""
    provider.faults = set()
    provider.app = set_up(provider, by=builders.user("admin"), sales=builders.department("Sales"))
    return provider


@pytest.fixture
def ada(db: None) -> User:
    return builders.user("hr", username="ada", email="ada@example.org")


def submit(client: DjangoClient, **fields: str) -> str:
    """Submits a form without a session. Returns the sign-in page that comes instead."""
    response = client.post(PATH, {"title": TYPED, "password2": "secret", **fields})
    assert response.status_code == 401
    return response.text


def hidden(page: str, action: str) -> dict[str, str]:
    """Returns the hidden fields of a form."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    areas = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', form, re.DOTALL)
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in [*areas, *inputs]}


def choose(client: DjangoClient, page: str) -> Any:
    """Presses the button of the provider on the page."""
    button = re.search(r'name="way" value="(\d+)">Sign in with Test', page)
    assert button
    return client.post("/sign-in/carry/", hidden(page, "/sign-in/carry/") | {"way": button[1]})


def provider_address(client: DjangoClient, page: str) -> str:
    """Follows the page in between, as a browser does without a click."""
    refresh = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', page)
    assert refresh
    response = client.get(html.unescape(refresh[1]))
    assert response.status_code == 302
    return str(response["Location"])


def kept(client: DjangoClient) -> list[dict[str, Any]]:
    return list(client.session.get(carried_form.KEY, {}).values())


def carried_to_provider(client: DjangoClient, page: str) -> str:
    return provider_address(client, choose(client, page).text)


def test_comes_back_and_can_be_submitted(provider: Any) -> None:
    client = Client()
    page = submit(client)
    assert "secret" not in page
    response = finish(client, provider, carried_to_provider(client, page))
    assert response["Location"].startswith("/sign-in/again/?form=")
    offered = client.get(response["Location"]).text
    assert html.escape(TYPED) in offered
    assert f'action="{PATH}"' in offered
    assert "password2" not in offered
    assert client.post(PATH, hidden(offered, PATH)).status_code == 422  # no longer 401
    assert client.get(response["Location"])["Location"] == "/"  # once
    assert not kept(client)


def test_a_known_account_that_signed_in_in_another_tab(provider: Any, ada: User) -> None:
    """Signing in again replaces a session that another tab has begun."""
    client = Client()
    page = submit(client)
    address = carried_to_provider(client, page)
    client.post("/sign-in/", {"login": "ada", "password": builders.PASSWORD})
    response = finish(client, provider, address)
    assert html.escape(TYPED) in client.get(response["Location"]).text


def test_canceled_at_the_provider(openid: Any, ada: User) -> None:
    """The next attempt, with the password, still leads to the form."""
    openid.faults = {"denied"}
    client = Client()
    response = finish(client, openid, carried_to_provider(client, submit(client)))
    again = re.search(r'href="(/sign-in/\?next=[^"]+)">Try again', response.text)
    assert again
    page = client.get(html.unescape(again[1])).text
    assert "your changes aren’t lost" in page
    assert html.escape(TYPED) not in page
    following = hidden(page, "/sign-in/")["next"]
    form = {"login": "ada", "password": builders.PASSWORD, "next": following}
    assert client.post("/sign-in/", form)["Location"] == following
    assert html.escape(TYPED) in client.get(following).text


def test_refused_by_the_product(openid: Any) -> None:
    """Who chose the wrong account at the provider can try again."""
    openid.app.settings["creates_accounts"] = False
    openid.app.save()
    client = Client()
    response = finish(client, openid, carried_to_provider(client, submit(client)))
    assert response.status_code == 403
    again = re.search(r'href="(/sign-in/\?next=[^"]+)">Back to sign-in', response.text)
    assert again
    assert "your changes aren’t lost" in client.get(html.unescape(again[1])).text


def test_two_tabs(openid: Any) -> None:
    client = Client()
    first = carried_to_provider(client, submit(client))
    second = carried_to_provider(client, submit(client, title="The second tab"))
    for address, typed in ((second, "The second tab"), (first, TYPED)):
        response = finish(client, openid, address)
        assert html.escape(typed) in client.get(response["Location"]).text


def test_no_more_than_a_few(openid: Any) -> None:
    client = Client()
    for number in range(carried_form.MOST + 2):
        choose(client, submit(client, title=str(number)))
    assert [dict(one["fields"])["title"] for one in kept(client)] == ["2", "3", "4"]


def test_needs_the_number_of_its_sign_in(openid: Any) -> None:
    client = Client()
    response = finish(client, openid, carried_to_provider(client, submit(client)))
    for guess in ("/sign-in/again/", "/sign-in/again/?form=guess"):
        assert client.get(guess)["Location"] == "/"
    assert html.escape(TYPED) in client.get(response["Location"]).text


def test_it_expires(openid: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carried_form, "SECONDS", 2)
    client = Client()
    page = submit(client)
    choose(client, page)
    assert client.session.get_expiry_age() <= 2
    monkeypatch.setattr("roles.web.accounts.carried_form.time.time", lambda: 2**40)
    (one,) = kept(client)
    client.force_login(builders.user("hr"))
    assert client.get("/sign-in/again/", {"form": one["number"]})["Location"] == "/"


def test_too_long_for_the_way(openid: Any, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays on the page, and goes on once the person is signed in in another tab."""
    monkeypatch.setattr(carried_form, "LIMIT", 20)
    client = Client()
    response = choose(client, submit(client))
    assert response.status_code == 413
    assert "too long" in response.text
    assert html.escape(TYPED) in response.text
    assert not kept(client)
    builders.sign_in(client, ada)
    response = choose(client, response.text)
    assert html.escape(TYPED) in client.get(response["Location"]).text


def test_visitors_can_not_fill_the_database(openid: Any) -> None:
    client = Client()
    page = submit(client)
    cache.clear()
    found = [choose(Client(), page).status_code for _ in range(32)]
    assert found == [200] * 30 + [413] * 2
    cache.clear()


def test_of_another_person(openid: Any, ada: User) -> None:
    """If the browser still names the session that ended."""
    client = Client()
    other = builders.user("hr")
    client.post("/sign-in/", {"login": other.username, "password": builders.PASSWORD})
    User.objects.exclude(pk=ada.pk).update(is_active=False)
    page = submit(client)
    response = finish(client, openid, carried_to_provider(client, page))
    offered = client.get(response["Location"], follow=True)
    assert html.escape(TYPED) not in offered.text
    assert "Someone else filled in that form" in offered.text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"carried_path": "https://evil.example/"},
        {"carried_path": "//evil.example/"},
        {"carried_path": "javascript:alert(1)"},
    ],
)
def test_nothing_to_carry(openid: Any, fields: dict[str, str]) -> None:
    client = Client()
    form = {"way": openid.app.pk, **fields}
    assert client.post("/sign-in/carry/", form)["Location"] == "/sign-in/"
    assert not kept(client)


@pytest.mark.parametrize("way", ["", "0", "999", "x"])
def test_unknown_provider(openid: Any, way: str) -> None:
    form = {"way": way, "carried_path": PATH}
    assert Client().post("/sign-in/carry/", form).status_code == 404


def test_an_untrustworthy_answer_makes_no_account_and_keeps_the_form(provider: Any) -> None:
    provider.faults = {"signature"}
    client = Client()
    response = finish(client, provider, carried_to_provider(client, submit(client)))
    assert response.status_code == 403
    assert [one["path"] for one in kept(client)] == [PATH]
    assert not JobDescription.objects.exists()


def test_with_a_passkey_that_fails_once(openid: Any) -> None:
    """The next attempt leads to the form."""
    client = Client()
    fields = hidden(submit(client), "/sign-in/passkey/")
    response = client.post("/sign-in/passkey/", {**fields, "credential": "{}"})
    assert response["Location"].startswith("/sign-in/?next=%2Fsign-in%2Fagain%2F%3Fform%3D")
    assert "your changes aren’t lost" in client.get(response["Location"]).text
