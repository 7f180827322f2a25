"""Changing an account: names, address, groups, departments, and who is an administrator."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.urls import reverse

from roles import permissions
from roles.models import Event, Invitation, SignInPolicy, User
from roles.people import invitation_links, invitations
from roles.people.invitations import Invitee
from tests import builders
from tests.html import messages
from tests.pages import Page, open_page
from tests.web.accounts.email_links import link, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("admin")


@pytest.fixture
def dana(db: None) -> User:
    return builders.user("hr", first_name="Dana", last_name="Reyes", email="dana@example.org")


def edit(client: Any, account: User) -> Page:
    return open_page(client, reverse("person_edit", args=[account.pk]))


def stored(account: User) -> User:
    return User.objects.get(pk=account.pk)


def test_everything_is_saved(client: Any, dana: User) -> None:
    sales = builders.department("Sales")
    page = edit(client, dana)
    assert (page.data["kinds"], page.typed("email")) == (["hr"], "dana@example.org")
    done = page.send(
        first_name="Dana Maria",
        last_name="Reyes Ruiz",
        email="Dana.Ruiz@Example.org",
        kinds=["curator", "admin"],
        departments=[sales.pk],
    )
    assert "Account saved." in messages(done)
    account = stored(dana)
    assert str(account) == "Dana Maria Reyes Ruiz"
    assert account.email == "dana.ruiz@example.org"
    assert account.kinds == {"curator", "admin"}
    assert account.department_ids == {sales.pk}
    address = EmailAddress.objects.get(user=account)
    assert (address.email, address.verified, address.primary) == (account.email, True, True)
    changed, access = Event.objects.filter(about_id=dana.pk).order_by("pk")
    assert (changed.verb, changed.what) == (
        "account.changed",
        {"fields": ["first_name", "last_name", "email"]},
    )
    assert access.verb == "account.access_changed"
    assert access.what["before"] == {"groups": ["HR"], "departments": [], "administrator": False}
    assert access.what["departments"] == [sales.pk]
    assert list(Event.objects.broken()) == []


def test_saving_without_a_change_records_nothing(client: Any, dana: User) -> None:
    assert "Account saved." in messages(edit(client, dana).send())
    assert not Event.objects.filter(about_id=dana.pk).exists()


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"email": "nonsense"}, "Enter an email address, such as kim@example.com."),
        ({"email": ""}, "Enter the email address."),
        ({"email": "taken@example.org"}, "Another account has this email address."),
        ({"email": "confirmed@example.org"}, "Another account has this email address."),
        ({"first_name": "x" * 151}, "Use at most 150 characters."),
        ({"kinds": ["nobility"]}, "Select a valid choice."),
        ({"departments": ["9" * 30]}, "Select a valid choice."),
    ],
)
def test_bad_input_changes_nothing(
    client: Any, dana: User, wrong: dict[str, Any], problem: str
) -> None:
    builders.user("hr", email="taken@example.org")
    other = builders.user("hr")
    EmailAddress.objects.create(user=other, email="confirmed@example.org", verified=True)
    page = edit(client, dana).send(last_name="Kept", **wrong)
    assert page.response.status_code == 422
    assert problem in page.text
    assert page.typed("last_name") == "Kept"
    assert stored(dana).last_name == "Reyes"
    assert not Event.objects.filter(about_id=dana.pk).exists()


class TestTwoAdministrators:
    def test_a_later_save_replaces_nothing_unseen(self, client: Any, dana: User) -> None:
        page = edit(client, dana)
        dana.groups.add(Group.objects.get(name=permissions.GROUPS["curator"]))
        dana.departments.add(builders.department("Legal"))
        refused = page.send(first_name="Daniela")
        assert refused.response.status_code == 422
        assert "Someone changed this account after you opened this page." in refused.text
        assert "HR, Curators" in refused.text
        assert "Legal" in refused.text
        assert refused.typed("first_name") == "Daniela"
        assert stored(dana).kinds == {"hr", "curator"}
        refused.send()
        assert stored(dana).kinds == {"hr"}
        assert stored(dana).first_name == "Daniela"

    def test_an_error_doesnt_hide_the_change(self, client: Any, dana: User) -> None:
        """Correcting a field after someone else's change isn't taken for having seen it."""
        page = edit(client, dana)
        User.objects.filter(pk=dana.pk).update(last_name="Ruiz")
        refused = page.send(email="nonsense")
        again = refused.send(email="dana@example.org")
        assert again.response.status_code == 422
        assert "Ruiz" in again.text
        assert stored(dana).last_name == "Ruiz"


class TestAdministrators:
    def test_they_cant_remove_themselves(self, client: Any) -> None:
        builders.user("admin")
        page = edit(client, client.user).send(kinds=[])
        assert page.response.status_code == 422
        assert "You can’t remove yourself as an administrator." in page.text
        assert stored(client.user).is_staff

    def test_another_one_can(self, client: Any) -> None:
        other = builders.user("admin")
        edit(client, other).send(kinds=["hr"])
        account = stored(other)
        assert account.kinds == {"hr"}
        assert (account.is_staff, account.is_superuser) == (False, False)

    def test_erased_accounts_have_no_form(self, client: Any, dana: User) -> None:
        User.objects.filter(pk=dana.pk).update(is_active=False, erased_at="2026-01-01T00:00Z")
        assert client.get(reverse("person_edit", args=[dana.pk])).status_code == 404

    def test_who_now_needs_a_second_factor_signs_in_again(
        self, client: Any, client_for: Any, dana: User
    ) -> None:
        theirs = client_for(dana)
        SignInPolicy(do_administrators_need_factor=True).save()
        edit(client, dana).send(last_name="Ruiz")
        assert theirs.get("/").status_code == 200
        edit(client, dana).send(kinds=["hr", "admin"])
        assert theirs.get("/")["Location"].startswith("/sign-in/")


def test_a_new_address_of_an_invited_person_gets_a_new_link(client: Any) -> None:
    invited = invitations.invite(invitee=Invitee("wrong@example.org"), by=client.user)
    old = invitation_links.path(invited)
    done = edit(client, invited.user).send(email="right@example.org")
    assert "A new invitation was sent to right@example.org." in messages(done)
    [message] = sent()
    assert message.to == ["right@example.org"]
    assert client.get(old).status_code == 404
    assert client.get(link(message)).status_code == 200
    assert not EmailAddress.objects.filter(user=invited.user).exists()
    assert Invitation.objects.get().is_pending
