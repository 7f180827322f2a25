"""Signing in: passwords, limits of attempts, forgotten passwords, second factors, sessions, and
that unknown accounts are answered like known ones."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from roles import encryption, mail
from roles.models import Event, SignInPolicy, User
from roles.people import sign_in_policy
from tests import builders

SIGN_IN = "/sign-in/"


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def ada(db: None) -> User:
    return builders.user("hr", username="ada", email="ada@example.org")


def enter(client: Client, login: str, password: str = builders.PASSWORD, **data: str) -> Any:
    return client.post(SIGN_IN, {"login": login, "password": password, **data})


def is_in(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


def sent() -> list[Any]:
    """Run the waiting tasks, in this transaction; return the email that was sent so far."""
    for result in DBTaskResult.objects.ready():
        result.task.func(*result.args_kwargs["args"])
        result.delete()
    return outbox.outbox


def link(message: Any) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    assert found
    return found[1]


def verbs(user: User) -> list[str]:
    return list(Event.objects.filter(about_id=user.pk).values_list("verb", flat=True))


class TestPassword:
    @pytest.mark.parametrize("login", ["ada", "ADA", "ada@example.org", "Ada@Example.org"])
    def test_username_or_address(self, ada: User, login: str) -> None:
        client = Client()
        assert enter(client, login)["Location"] == "/"
        assert is_in(client)
        event = Event.objects.get(verb="account.signed_in")
        assert (event.actor_id, event.what) == (ada.pk, {"methods": ["password"]})

    def test_incorrect_password_and_unknown_account_are_answered_alike(self, ada: User) -> None:
        pages = []
        for login in ("ada", "stranger", "ada@example.org", "stranger@example.org"):
            response = enter(Client(), login, "wrong")
            page = response.text.replace(login, "LOGIN")
            page = re.sub(r'(csrfmiddlewaretoken" value=)"[^"]+', r"\1", page)
            pages.append((response.status_code, page))
        assert len(set(pages)) == 1
        failed = Event.objects.filter(verb="account.sign_in_failed")
        assert [event.about for event in failed] == [
            f"user {ada.pk}",
            "unknown account",
            f"user {ada.pk}",
            "unknown account",
        ]
        assert "stranger" not in str(list(failed.values()))

    @pytest.mark.parametrize("login", ["ada", "stranger"])
    def test_too_many_attempts(self, ada: User, login: str) -> None:
        for _ in range(5):
            assert "Incorrect" in enter(Client(), login, "wrong").text
        client = Client()
        response = enter(client, login)
        assert "Too many failed attempts" in response.text
        assert not is_in(client)

    def test_attempts_by_name_and_by_address_count_together(self, ada: User) -> None:
        for login in ("ada", "ada@example.org", "Ada", "ada", "ADA@example.org"):
            enter(Client(), login, "wrong")
        for login in ("ada", "ada@example.org"):
            assert "Too many failed attempts" in enter(Client(), login).text

    def test_a_new_password_ends_the_lockout(self, ada: User) -> None:
        for _ in range(6):
            enter(Client(), "ada", "wrong")
        client = Client()
        client.post("/password/reset/", {"email": "ada@example.org"})
        new = "another long sentence"
        form = client.get(link(sent()[0]))["Location"]
        client.post(form, {"password1": new, "password2": new})
        assert enter(client, "ada", new)["Location"] == "/"

    def test_another_account_is_not_locked_out(self, ada: User) -> None:
        for _ in range(6):
            enter(Client(), "stranger", "wrong")
        client = Client()
        enter(client, "ada")
        assert is_in(client)

    @pytest.mark.slow
    def test_attempts_for_many_accounts_from_one_address(self, ada: User) -> None:
        answers = [enter(Client(), f"name{number}", "wrong").text for number in range(21)]
        assert "Incorrect" in answers[0]
        assert "Too many failed attempts" in answers[-1]

    @pytest.mark.slow
    def test_a_proxy_tells_visitors_apart(self, ada: User, settings: Any) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for number in range(25):
            forged = f"198.51.100.{number}, 203.0.113.7"
            client = Client(headers={"x-forwarded-for": forged})
            answer = enter(client, f"name{number}", "wrong")
        assert "Too many failed attempts" in answer.text
        other = Client(headers={"x-forwarded-for": "203.0.113.8"})
        enter(other, "ada")
        assert is_in(other)

    @pytest.mark.slow
    def test_without_a_proxy_the_header_is_ignored(self, ada: User) -> None:
        for number in range(25):
            client = Client(headers={"x-forwarded-for": f"198.51.100.{number}"})
            answer = enter(client, f"name{number}", "wrong")
        assert "Too many failed attempts" in answer.text

    def test_deactivated_account(self, ada: User) -> None:
        User.objects.filter(pk=ada.pk).update(is_active=False)
        client = Client()
        response = enter(client, "ada")
        assert response["Location"] == reverse("account_inactive")
        assert not is_in(client)
        assert "Incorrect" in enter(client, "ada", "wrong").text

    @pytest.mark.parametrize("typed", ["", " ", "x" * 300, "\\x00", "a\\nb", "'; --", "ada%00"])
    def test_nonsense(self, ada: User, typed: str) -> None:
        client = Client()
        assert enter(client, typed).status_code == 200
        assert not is_in(client)

    def test_django_admin_uses_this_page(self, ada: User) -> None:
        response = Client().post("/admin/login/", {"username": "ada", "password": "wrong"})
        assert response.status_code == 302
        assert response["Location"].startswith(SIGN_IN)

    def test_the_session_lasts_as_long_as_the_organization_says(self, ada: User) -> None:
        sign_in_policy.change(
            by=builders.user("admin"),
            has_password_sign_in=True,
            factor_groups=[],
            do_administrators_need_factor=False,
            session_hours=3,
        )
        client = Client()
        enter(client, "ada")
        assert 10_700 < client.session.get_expiry_age() <= 10_800


class TestForgottenPassword:
    def test_from_the_email_to_the_new_password(self, ada: User) -> None:
        client, other = Client(), Client()
        enter(other, "ada")
        response = client.post("/password/reset/", {"email": "Ada@example.org"})
        assert response["Location"] == "/password/reset/sent/"
        assert not outbox.outbox, "email is sent in the background"
        assert "password" not in str(DBTaskResult.objects.get().args_kwargs)
        [message] = sent()
        assert message.to == ["ada@example.org"]
        form = client.get(link(message))["Location"]
        assert "Choose a new password" in client.get(form).text
        weak = client.post(form, {"password1": "ada", "password2": "ada"})
        assert "too short" in weak.text
        new = "another long sentence"
        client.post(form, {"password1": new, "password2": new})
        assert not is_in(other), "other sessions end"
        assert enter(client, "ada", new)["Location"] == "/"
        assert verbs(ada)[-2:] == ["account.password_reset", "account.signed_in"]

    def test_a_link_works_once_and_expires(self, ada: User, settings: Any) -> None:
        Client().post("/password/reset/", {"email": "ada@example.org"})
        address = link(sent()[0])
        client = Client()
        form = client.get(address)["Location"]
        new = "another long sentence"
        client.post(form, {"password1": new, "password2": new})
        assert "has expired, or was already used" in Client().get(address).text
        Client().post("/password/reset/", {"email": "ada@example.org"})
        settings.PASSWORD_RESET_TIMEOUT = -1
        assert "has expired, or was already used" in Client().get(link(sent()[1])).text

    @pytest.mark.parametrize(
        "address", ["/password/reset/1-x/", "/password/reset/zzzzzz-1-2/", "/password/reset/0-/"]
    )
    def test_wrong_links(self, ada: User, address: str) -> None:
        assert Client().get(address).status_code in (200, 404)

    def test_unknown_and_known_addresses_are_answered_alike(self, ada: User) -> None:
        builders.user("hr", username="gone", email="gone@example.org", is_active=False)
        answers = []
        for address in ("ada@example.org", "stranger@example.org", "gone@example.org"):
            response = Client().post("/password/reset/", {"email": address}, follow=True)
            answers.append((response.status_code, response.redirect_chain, response.text))
        assert len(set(map(str, answers))) == 1
        assert [message.to for message in sent()] == [["ada@example.org"]]

    def test_email_that_fails_is_tried_again(self, ada: User, monkeypatch: Any) -> None:
        monkeypatch.setattr(mail, "post", lambda *_arguments: False)
        Client().post("/password/reset/", {"email": "ada@example.org"})
        sent()
        assert DBTaskResult.objects.get().args_kwargs["args"][1] == 1

    def test_change(self, ada: User) -> None:
        client = Client()
        enter(client, "ada")
        new = "another long sentence"
        form = {"oldpassword": "wrong", "password1": new, "password2": new}
        assert "isn’t your current password" in client.post("/password/change/", form).text
        form["oldpassword"] = builders.PASSWORD
        response = client.post("/password/change/", form, follow=True)
        assert "Password changed." in response.text
        assert is_in(client)
        assert verbs(ada)[-1] == "account.password_changed"


class TestEmailAddress:
    def test_change_is_confirmed_from_the_new_address(self, ada: User) -> None:
        client = Client()
        enter(client, "ada")
        form = {"email": "New@example.org", "action_add": ""}
        page = client.post("/account/email/", form, follow=True).text
        assert "Waiting for new@example.org" in page
        ada.refresh_from_db()
        assert ada.email == "ada@example.org"
        [message] = sent()
        assert message.to == ["new@example.org"]
        assert "Is new@example.org your address?" in client.get(link(message)).text
        client.post(link(message))
        ada.refresh_from_db()
        assert ada.email == "new@example.org"
        assert EmailAddress.objects.get(user=ada).verified
        assert verbs(ada)[-1] == "account.email_changed"

    def test_an_address_of_someone_else_is_not_taken_over(self, ada: User) -> None:
        other = builders.user("hr", email="other@example.org")
        client = Client()
        enter(client, "ada")
        page = client.post("/account/email/", {"email": other.email, "action_add": ""}, follow=True)
        assert page.status_code == 200
        for message in sent():
            client.post(link(message))
        ada.refresh_from_db()
        assert ada.email == "ada@example.org"


class TestSecondFactor:
    def add_app(self, client: Client) -> str:
        """Add an authenticator app; return its key."""
        page = client.get("/account/app/add/").text
        key = re.search(r'secret-key">([A-Z2-7]+)<', page)
        assert key
        response = client.post("/account/app/add/", {"code": code(key[1])})
        assert response["Location"] == reverse("mfa_view_recovery_codes")
        return key[1]

    @pytest.mark.slow
    def test_app_from_setting_up_to_signing_in(
        self, ada: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        client = Client()
        enter(client, "ada")
        with django_capture_on_commit_callbacks(execute=True):  # allauth's signals
            key = self.add_app(client)
        stored = Authenticator.objects.get(type="totp").data["secret"]
        assert key not in stored
        assert encryption.decrypt(stored) == key
        codes = re.findall(r"<code>(\w+)</code>", client.get("/account/recovery-codes/").text)
        assert len(codes) == 10
        cache.clear()  # a code works once
        other = Client()
        assert enter(other, "ada")["Location"] == "/sign-in/code/"
        assert not is_in(other)
        assert "Incorrect code" in other.post("/sign-in/code/", {"code": "000000"}).text
        assert other.post("/sign-in/code/", {"code": code(key)})["Location"] == "/"
        assert is_in(other)
        replayed = Client()
        enter(replayed, "ada")
        assert "Incorrect code" in replayed.post("/sign-in/code/", {"code": code(key)}).text
        assert replayed.post("/sign-in/code/", {"code": codes[0]})["Location"] == "/"
        again = Client()
        enter(again, "ada")
        assert "Incorrect code" in again.post("/sign-in/code/", {"code": codes[0]}).text
        signed_in = Event.objects.filter(verb="account.signed_in").values_list("what", flat=True)
        assert list(signed_in)[1:] == [
            {"methods": ["app", "password"]},
            {"methods": ["password", "recovery codes"]},
        ]
        assert "account.factor_added" in verbs(ada)

    def test_a_form_is_carried_through_both_steps(self, ada: User) -> None:
        client = Client()
        enter(client, "ada")
        key = self.add_app(client)
        cache.clear()
        other = Client()
        carried = {"carried_path": "/descriptions/new/", "carried-title": "Account Manager"}
        enter(other, "ada", **carried)
        response = other.post("/sign-in/code/", {"code": code(key)}, follow=True)
        assert "Submit changes" in response.text
        assert "Account Manager" in response.text

    @pytest.mark.slow
    def test_the_organization_requires_one(self, ada: User) -> None:
        before = Client()
        enter(before, "ada")
        admin = builders.user("admin", username="root")
        sign_in_policy.change(
            by=admin,
            has_password_sign_in=True,
            factor_groups=[Group.objects.get(name="HR")],
            do_administrators_need_factor=True,
            session_hours=8,
        )
        assert not is_in(before), "who has none is signed out"
        client = Client()
        enter(client, "ada")
        assert client.get("/descriptions/")["Location"] == "/account/"
        assert client.post("/descriptions/new/")["Location"] == "/account/"
        assert "requires a second factor" in client.get("/account/").text
        self.add_app(client)
        client.get("/account/recovery-codes/")
        client.get("/account/")
        assert client.get("/descriptions/").status_code == 200
        curator = Client()
        enter(curator, builders.user("curator").username)
        assert curator.get("/library/").status_code == 200

    def test_removing_asks_for_confirmation(self, ada: User) -> None:
        client = Client()
        enter(client, "ada")
        self.add_app(client)
        session = client.session
        session["account_authentication_methods"] = []
        session.save()
        assert client.get("/account/app/remove/")["Location"].startswith("/account/confirm/")
        asked = client.post("/account/app/remove/")
        assert Authenticator.objects.filter(type="totp").exists()
        form = {"password": builders.PASSWORD, "next": "/account/app/remove/"}
        client.post(asked["Location"], form)
        assert not Authenticator.objects.filter(type="totp").exists()
        assert verbs(ada)[-1] == "account.factor_removed"


class TestSessions:
    def test_list_and_end(self, ada: User) -> None:
        phone = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) CriOS/140 Safari/600"})
        laptop = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
        for client in (phone, laptop):
            enter(client, "ada")
        page = laptop.get("/account/").text
        assert "Chrome on iPhone" in page
        assert "Firefox on Windows" in page
        [end] = re.findall(r'action="(/account/sessions/\d+/end/)"', page)
        laptop.post(end)
        assert not is_in(phone)
        assert is_in(laptop)

    def test_sign_out_everywhere(self, ada: User) -> None:
        clients = [Client(), Client()]
        for client in clients:
            enter(client, "ada")
        response = clients[0].post("/account/sessions/end/", follow=True)
        assert "signed out everywhere" in response.text
        assert not any(is_in(client) for client in clients)
        assert verbs(ada)[-1] == "account.signed_out_everywhere"

    def test_someone_elses_session_is_not_found(self, ada: User) -> None:
        enter(mine := Client(), "ada")
        enter(Client(), builders.user("manager").username)
        from allauth.usersessions.models import UserSession

        other = UserSession.objects.exclude(user=ada).get()
        assert mine.post(f"/account/sessions/{other.pk}/end/").status_code == 404


class TestShell:
    def test_the_way_back_in(self, ada: User, capsys: Any) -> None:
        from django.core.management import call_command

        SignInPolicy(has_password_sign_in=False).save()
        client = Client()
        enter(client, "ada")
        assert not is_in(client)
        call_command("restore_sign_in", "ada", "--remove-factors")
        printed = capsys.readouterr().out
        address = re.search(r"https?://[^/\s]+(/\S+)", printed)
        assert address
        form = client.get(address[1])["Location"]
        new = "another long sentence"
        client.post(form, {"password1": new, "password2": new})
        assert enter(client, "ada", new)["Location"] == "/"


def code(key: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(key, counter + 1)))
