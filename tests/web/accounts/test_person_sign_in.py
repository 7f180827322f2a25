"""How a person signs in, on their page: sessions, second factors, passwords, providers."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from roles.models import Event, SignInPolicy, User
from roles.people import invitations
from roles.people.invitations import Invitee
from tests import builders
from tests.html import actions, by_id, find, links, messages, words
from tests.pages import open_page
from tests.web.accounts.email_links import link, sent

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("admin")


@pytest.fixture
def dana(db: None) -> User:
    return builders.user("hr", username="dana", email="dana@example.org")


def url(name: str, account: User) -> str:
    return reverse(name, args=[account.pk])


def state(client: Any, account: User) -> dict[str, str]:
    """Returns what the page says about signing in, by its label."""
    [section] = find(client.get(url("person", account)), "section", aria_labelledby="sign-in")
    terms, texts = find(section, "dt"), find(section, "dd")
    return {words(term): words(text) for term, text in zip(terms, texts, strict=True)}


def signed_in(account: User) -> Client:
    browser = Client(headers={"user-agent": FIREFOX})
    browser.post("/sign-in/", {"login": account.username, "password": builders.PASSWORD})
    return browser


def factors(account: User) -> None:
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    for _ in range(2):
        Authenticator.objects.create(user=account, type="webauthn", data={"name": "Key"})
    Authenticator.objects.create(user=account, type="recovery_codes", data={"seed": "x"})


def test_the_page_says_how_they_sign_in(client: Any, dana: User) -> None:
    assert state(client, dana) == {
        "Last sign-in": "Never",
        "Password": "Set",
        "Single sign-on": "None",
        "Second factor": "None",
        "Signed in": "Nowhere",
    }
    signed_in(dana)
    factors(dana)
    SocialApp.objects.create(
        provider="openid_connect", provider_id="corp", name="Corp login", client_id="x"
    )
    SocialAccount.objects.create(user=dana, provider="corp", uid="1")
    shown = state(client, dana)
    assert shown["Second factor"] == "Authenticator app, 2 passkeys"
    assert shown["Single sign-on"] == "Corp login"
    assert shown["Signed in"].startswith("Firefox on Windows, since")


def test_people_with_second_factors_or_single_sign_on_are_found(client: Any, dana: User) -> None:
    def listed(choice: str) -> set[User]:
        context = client.get(f"/people/?sign_in={choice}").context
        return {account for account, _groups in context["page"]}

    builders.user("hr", is_active=False)
    assert listed("no_factor") == {client.user, dana}
    assert listed("sso") == set()
    factors(dana)
    SocialAccount.objects.create(user=dana, provider="corp", uid="1")
    assert listed("no_factor") == {client.user}
    assert listed("sso") == {dana}


def test_recovery_codes_alone_are_no_second_factor(client: Any, dana: User) -> None:
    Authenticator.objects.create(user=dana, type="recovery_codes", data={"seed": "x"})
    page = client.get(url("person", dana))
    assert url("person_factors_remove", dana) not in links(page)
    done = client.post(url("person_factors_remove", dana), follow=True)
    assert "dana has no second factor." in messages(done)


def test_sessions_are_ended(client: Any, dana: User) -> None:
    theirs = signed_in(dana)
    assert theirs.get("/").status_code == 200
    assert url("person_sessions_end", dana) in actions(client.get(url("person", dana)))
    done = client.post(url("person_sessions_end", dana), follow=True)
    assert "dana is signed out everywhere." in messages(done)
    assert theirs.get("/")["Location"].startswith("/sign-in/")
    assert state(client, dana)["Signed in"] == "Nowhere"
    event = Event.objects.get(verb="account.sessions_ended")
    assert (event.actor_id, event.about_id) == (client.user.pk, dana.pk)


def test_reading_the_page_removes_no_sessions(client: Any, dana: User) -> None:
    signed_in(dana)
    UserSession.objects.create(user=dana, session_key="ended", ip="192.0.2.1", user_agent="x")
    assert state(client, dana)["Signed in"].count("since") == 1
    assert UserSession.objects.filter(user=dana).count() == 2


def test_lost_second_factors_are_removed_after_a_question(client: Any, dana: User) -> None:
    theirs = signed_in(dana)
    factors(dana)
    assert url("person_factors_remove", dana) in links(client.get(url("person", dana)))
    page = open_page(client, url("person_factors_remove", dana))
    assert Authenticator.objects.filter(user=dana).count() == 4
    done = page.send()
    assert "Second factors of dana removed." in messages(done)
    assert not Authenticator.objects.filter(user=dana).exists()
    assert theirs.get("/")["Location"].startswith("/sign-in/")
    event = Event.objects.get(verb="account.factors_removed")
    assert (event.actor_id, event.what) == (client.user.pk, {"count": 3})


def test_a_password_reset_is_sent(client: Any, dana: User) -> None:
    done = client.post(url("person_password_reset", dana), follow=True)
    assert "Password reset sent to dana@example.org." in messages(done)
    [message] = sent()
    assert message.to == ["dana@example.org"]
    page = open_page(Client(), Client().get(link(message))["Location"])
    assert page.response.status_code in (200, 302)
    assert Event.objects.get(verb="account.reset_sent").actor_id == client.user.pk
    assert stored_password_works(dana)


def stored_password_works(account: User) -> bool:
    return User.objects.get(pk=account.pk).check_password(builders.PASSWORD)


@pytest.mark.parametrize("why", ["invited", "deactivated", "no address", "no passwords"])
def test_no_password_reset_where_it_is_of_no_use(client: Any, dana: User, why: str) -> None:
    account = dana
    if why == "invited":
        account = invitations.invite(invitee=Invitee("kim@example.org"), by=client.user).user
    elif why == "deactivated":
        User.objects.filter(pk=dana.pk).update(is_active=False)
    elif why == "no address":
        User.objects.filter(pk=dana.pk).update(email="")
    else:
        SignInPolicy(has_password_sign_in=False).save()
    assert url("person_password_reset", account) not in actions(client.get(url("person", account)))
    done = client.post(url("person_password_reset", account), follow=True)
    assert "can’t get a password reset" in messages(done)
    assert not sent()


def test_ones_own_sign_in_has_its_own_page(client: Any) -> None:
    page = client.get(url("person", client.user))
    assert reverse("account_security") in links(by_id(page, "main"))
    for name in ("person_sessions_end", "person_factors_remove", "person_password_reset"):
        assert url(name, client.user) not in page.text.replace(reverse("account_security"), "")
        assert client.post(url(name, client.user)).status_code == 404


def test_changes_need_a_recent_confirmation(client: Any, dana: User) -> None:
    """What was confirmed long ago doesn't count; the form is sent after the confirmation."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    for name in ("person_edit", "person_resend", "person_cancel", "person_sessions_end"):
        response = client.post(url(name, dana))
        assert response["Location"].startswith(reverse("account_reauthenticate"))
    for address in ("/people/invite/", "/people/resend/"):
        response = client.post(address, {"people": "kim@example.org"})
        assert response["Location"].startswith(reverse("account_reauthenticate"))
    client.post(url("person_sessions_end", dana))
    confirm = f"{reverse('account_reauthenticate')}?next={url('person_sessions_end', dana)}"
    client.post(confirm, {"password": builders.PASSWORD})
    assert Event.objects.filter(verb="account.sessions_ended").count() == 1
