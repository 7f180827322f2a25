"""Single sign-on against providers that the tests start: who comes in, with which groups, and what
happens to answers that can't be trusted."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.test import Client as DjangoClient
from django.urls import reverse

from roles.models import ClaimRule, Event, SignInPolicy, User
from roles.people import sign_in_policy
from tests import builders
from tests.identity_providers import OpenIDProvider, Provider, SamlProvider, set_up

pytestmark = pytest.mark.slow


def Client() -> DjangoClient:  # noqa: N802
    """python3-saml reads the Host header, which Django's test client leaves out."""
    return DjangoClient(headers={"host": "testserver"})


KINDS = {"openid": OpenIDProvider, "saml": SamlProvider}


@pytest.fixture(scope="module", params=sorted(KINDS))
def running(request: pytest.FixtureRequest) -> Any:
    with KINDS[request.param]().running() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, db: None) -> Provider:
    running.faults = set()
    running.person = {
        "sub": "p-1",
        "email": "ada@example.org",
        "given_name": "Ada",
        "family_name": "Byron",
        "groups": ["jd-hr", "unknown"],
    }
    running.app = set_up(running, by=builders.user("admin"), sales=builders.department("Sales"))
    return running


def begin(client: DjangoClient, provider: Any, **query: str) -> str:
    """Follow the link on the sign-in page; return the provider's address."""
    page = client.get(reverse("account_login"), query).text
    link = re.search(r'href="([^"]+)">Sign in with Test', page)
    assert link
    response = client.get(link[1].replace("&amp;", "&"))
    assert response.status_code == 302
    return response["Location"]


def finish(client: DjangoClient, provider: Any, address: str) -> Any:
    """Sign in at the provider and come back."""
    if isinstance(provider, SamlProvider):
        page = requests.get(address, timeout=5).text
        action = re.search(r'action="([^"]+)"', page)
        answer = re.search(r'name="SAMLResponse" value="([^"]+)"', page)
        assert action
        assert answer
        return receive(client, urlsplit(action[1]).path, answer[1])
    back = requests.get(address, timeout=5, allow_redirects=False).headers["Location"]
    return client.get(back.partition("://testserver")[2])


def receive(client: DjangoClient, path: str, answer: str) -> Any:
    kept = client.post(path, {"SAMLResponse": answer})
    assert kept.status_code == 302, kept.text
    return client.get(kept["Location"])


def sign_on(client: DjangoClient, provider: Any) -> Any:
    return finish(client, provider, begin(client, provider))


def failures() -> list[str]:
    return [e.what.get("reason", "") for e in Event.objects.filter(verb="account.sign_in_failed")]


def test_first_sign_in_makes_the_account(provider: Any) -> None:
    client = Client()
    response = finish(client, provider, begin(client, provider, next="/library/"))
    assert response.status_code == 302
    assert response["Location"] == "/library/"
    user = User.objects.get(email="ada@example.org")
    assert (user.first_name, user.last_name, user.has_usable_password()) == ("Ada", "Byron", False)
    assert user.kinds == {"hr"}
    assert [str(one) for one in user.departments.all()] == ["Sales"]
    assert client.get("/library/").status_code == 200
    verbs = list(Event.objects.filter(about_id=user.pk).values_list("verb", flat=True))
    assert verbs == ["account.created", "account.access_changed", "account.signed_in"]
    assert list(Event.objects.broken()) == []


def test_second_sign_in_updates_groups(provider: Any) -> None:
    sign_on(Client(), provider)
    provider.person["groups"] = ["jd-curators"]
    client = Client()
    assert sign_on(client, provider).status_code == 302
    user = User.objects.get(email="ada@example.org")
    assert user.kinds == {"curator"}
    assert not user.departments.exists()
    assert User.objects.filter(email="ada@example.org").count() == 1


def test_known_account_is_found_by_its_address(provider: Any) -> None:
    user = builders.user("manager", email="Ada@example.org")
    client = Client()
    sign_on(client, provider)
    assert client.get("/").wsgi_request.user == user
    assert SocialAccount.objects.get().user == user
    user.refresh_from_db()
    assert user.kinds == {"hr"}


def test_administration_by_claim_and_the_last_administrator(provider: Any) -> None:
    provider.person["groups"] = ["jd-admin"]
    sign_on(Client(), provider)
    user = User.objects.get(email="ada@example.org")
    assert user.is_staff
    User.objects.filter(is_staff=True).exclude(pk=user.pk).update(is_staff=False)
    provider.person["groups"] = ["jd-hr"]
    sign_on(Client(), provider)
    user.refresh_from_db()
    assert user.is_staff, "the last administrator stays one"


@pytest.mark.parametrize("groups", [["stranger"], [], ["only-department"]])
def test_no_known_group(provider: Any, groups: list[str]) -> None:
    provider.person["groups"] = groups
    client = Client()
    response = sign_on(client, provider)
    assert response.status_code == 403
    assert "doesn’t list you in a group" in response.text
    assert not User.objects.filter(email="ada@example.org").exists()
    assert failures() == ["no group"]


def test_group_lost_later(provider: Any) -> None:
    sign_on(Client(), provider)
    provider.person["groups"] = ["stranger"]
    client = Client()
    assert sign_on(client, provider).status_code == 403
    assert "_auth_user_id" not in client.session


def test_without_rules_groups_are_kept(provider: Any) -> None:
    ClaimRule.objects.all().delete()
    user = builders.user("curator", email="ada@example.org")
    sign_on(Client(), provider)
    user = User.objects.get(pk=user.pk)
    assert user.kinds == {"curator"}


def test_deactivated_account(provider: Any) -> None:
    user = builders.user("hr", email="ada@example.org")
    user.is_active = False
    user.save()
    client = Client()
    response = sign_on(client, provider)
    assert response.status_code == 403
    assert "deactivated" in response.text
    assert "_auth_user_id" not in client.session


def test_accounts_are_not_made_where_that_is_off(provider: Any) -> None:
    provider.app.settings["creates_accounts"] = False
    provider.app.save()
    response = sign_on(Client(), provider)
    assert "no account yet" in response.text
    builders.user("hr", email="ada@example.org")
    assert sign_on(Client(), provider).status_code == 302


def test_an_address_that_is_not_vouched_for(provider: Any) -> None:
    provider.app.settings["verified_email"] = None
    provider.app.save()
    builders.user("hr", email="ada@example.org")
    response = sign_on(Client(), provider)
    assert response.status_code == 403
    assert "hasn’t verified it" in response.text


def test_without_an_address(provider: Any) -> None:
    provider.person["email"] = ""
    response = sign_on(Client(), provider)
    assert response.status_code == 403
    assert "didn’t send your email address" in response.text


FAULTS = {
    OpenIDProvider: [
        *("signature", "audience", "time", "issuer", "unsigned", "symmetric"),
        *("no_token", "userinfo"),
    ],
    SamlProvider: ["signature", "audience", "time", "issuer", "unsigned", "changed", "unasked"],
}


@pytest.mark.parametrize("number", range(8))
def test_untrustworthy_answers(provider: Any, number: int) -> None:
    faults = FAULTS[type(provider)]
    if number >= len(faults):
        number = 0
    provider.faults = {faults[number]}
    client = Client()
    response = sign_on(client, provider)
    assert response.status_code == 403, faults[number]
    assert "couldn’t be trusted" in response.text
    assert "Traceback" not in response.text
    assert "_auth_user_id" not in client.session
    assert not User.objects.filter(email__in=["ada@example.org", "root@example.org"]).exists()


def test_a_replayed_answer(provider: Any) -> None:
    """The same answer again, in the same browser and in another."""
    client, thief = Client(), Client()
    address = begin(client, provider)
    if isinstance(provider, SamlProvider):
        finish(client, provider, address)
        path = reverse("saml_acs", args=[provider.app.provider_id])
        answers = [
            receive(client, path, provider.last_response),
            receive(thief, path, provider.last_response),
        ]
    else:
        back = requests.get(address, timeout=5, allow_redirects=False).headers["Location"]
        path = back.partition("://testserver")[2]
        stolen = thief.get(path)
        client.get(path)
        answers = [stolen, client.get(path)]
    for answer in answers:
        assert answer.status_code == 403, answer
        assert "Traceback" not in answer.text
    assert "_auth_user_id" not in thief.session


NONSENSE = [
    *("", "bm9uc2Vuc2U=", "not base64", "PGE+", "\x00", "Zm9v" * 10_000),
    # <!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>
    "PCFET0NUWVBFIGEgWzwhRU5USVRZIGIgU1lTVEVNICJmaWxlOi8vL2V0Yy9wYXNzd2QiPl0+PGE+JmI7PC9hPg==",
]


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense(provider: Any, answer: str) -> None:
    if isinstance(provider, SamlProvider):
        path = reverse("saml_acs", args=[provider.app.provider_id])
        assert receive(Client(), path, answer).status_code == 403
        out = Client().get(reverse("saml_sls", args=["test-saml"]), {"SAMLRequest": answer})
        assert out.status_code in (302, 400, 403)
        metadata = Client().get(reverse("saml_metadata", args=["test-saml"]))
        assert b"AssertionConsumerService" in metadata.content
    else:
        path = reverse("openid_connect_callback", args=[provider.app.provider_id])
        assert Client().get(path, {"code": answer, "state": answer}).status_code == 403
    large = Client().post(reverse("saml_acs", args=["unknown"]), {"SAMLResponse": "a" * 300_000})
    assert large.status_code == 403


def test_canceled(provider: Any) -> None:
    if isinstance(provider, SamlProvider):
        return  # a SAML provider keeps the person
    provider.faults = {"denied"}
    client = Client()
    response = sign_on(client, provider)
    assert "Sign-in canceled" in response.text
    assert 'href="/sign-in/">Try again' in response.text


def test_unreachable_provider(provider: Any) -> None:
    if isinstance(provider, SamlProvider):
        return  # the browser goes there, not the server
    provider.app.settings["server_url"] = "http://127.0.0.1:9"
    provider.app.save()
    page = Client().get(reverse("account_login")).text
    link = re.search(r'href="([^"]+)">Sign in with Test', page)
    assert link
    response = Client().get(link[1])
    assert response.status_code == 403
    assert "can’t be reached" in response.text


def test_password_sign_in_off(provider: Any) -> None:
    admin = builders.user("admin", email="root@example.org")
    policy = {
        "factor_groups": [],
        "do_administrators_need_factor": False,
        "session_hours": 8,
    }
    sign_in_policy.change(by=admin, has_password_sign_in=False, **policy)  # type: ignore[arg-type]
    page = Client().get(reverse("account_login")).text
    assert "Password" not in page
    data = {"login": admin.username, "password": builders.PASSWORD}
    client = Client()
    response = client.post(reverse("account_login"), data)
    assert "_auth_user_id" not in client.session
    assert response.status_code == 200
    assert sign_on(client, provider).status_code == 302
    assert 7 * 3600 < client.session.get_expiry_age() <= 8 * 3600


def test_the_only_way_in_is_not_removed(provider: Any) -> None:
    admin = builders.user("admin")
    sign_in_policy.change(
        by=admin,
        has_password_sign_in=False,
        factor_groups=[],
        do_administrators_need_factor=False,
        session_hours=8,
    )
    client = Client()
    builders.sign_in(client, admin)
    response = client.post(reverse("provider_remove", args=[provider.app.pk]))
    assert response.status_code == 422
    assert "only way to sign in" in response.text
    sign_in_policy.restore_passwords()
    assert SignInPolicy.objects.the().has_password_sign_in
    response = client.post(reverse("provider_remove", args=[provider.app.pk]))
    assert response.status_code == 302
    assert not SocialApp.objects.exists()


def test_confirming_identity_with_the_provider(provider: Any) -> None:
    """An administrator without a password confirms with the provider before an account is
    changed; the form that asked for it is submitted then."""
    provider.person["groups"] = ["jd-admin"]
    client = Client()
    sign_on(client, provider)
    leaver = builders.user("employee")
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    page = reverse("person_deactivate", args=[leaver.pk])
    asked = client.post(page, {"note": "Left in May"})
    assert asked.status_code == 302
    begun = client.get(asked["Location"])
    sent = client.get(begun["Location"])
    done = finish(client, provider, sent["Location"])
    assert done.status_code == 302
    resumed = client.get(done["Location"])
    assert resumed.status_code == 302
    leaver.refresh_from_db()
    assert not leaver.is_active
    event = Event.objects.get(verb="account.deactivated")
    assert event.what["note"] == "Left in May"


def test_confirming_as_someone_else(provider: Any) -> None:
    provider.person["groups"] = ["jd-admin"]
    client = Client()
    sign_on(client, provider)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    asked = client.get(reverse("settings_security"))
    begun = client.get(asked["Location"])
    sent = client.get(begun["Location"])
    provider.person |= {"sub": "p-2", "email": "other@example.org"}
    answer = finish(client, provider, sent["Location"])
    assert answer.status_code == 403
    assert "another account" in answer.text
    assert client.get(reverse("settings_security")).status_code == 302
