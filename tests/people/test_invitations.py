"""Invitations: the account at once, the link, and the first sign-in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from roles import people
from roles.importers import people_list
from roles.models import Event, Invitation, JobDescription, User
from roles.people import (
    account_access,
    invitation_links,
    invitation_plans,
    invitations,
    offboarding,
)
from roles.people.account_access import Access
from roles.people.invitations import Invitee
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db

NAMES = {"first_name": "Kim", "last_name": "Lee", "password": "a long enough sentence"}


@pytest.fixture
def admin() -> User:
    return builders.user("admin")


@pytest.fixture
def invitation(admin: User) -> Invitation:
    access = Access(frozenset({"manager"}), frozenset({builders.department().pk}))
    return invitations.invite(invitee=Invitee("kim.lee@example.org", access=access), by=admin)


def verbs(account_id: int | None) -> list[str]:
    found = Event.objects.filter(about_id=account_id, verb__startswith="account.")
    return list(found.order_by("pk").values_list("verb", flat=True))


def by_link(invitation: Invitation) -> Invitation | None:
    return invitation_links.invitation_by_token(invitation_links.token(invitation))


class TestInviting:
    def test_the_account_exists_at_once(self, invitation: Invitation, admin: User) -> None:
        account = User.objects.get(email="kim.lee@example.org")
        assert (account.username, account.is_active) == ("kim.lee", True)
        assert not account.has_usable_password()
        assert account.kinds == {"manager"}
        assert account in people.possible_hiring_managers()
        assert (invitation.sent_by, invitation.is_pending) == (admin, True)
        event = Event.objects.get(verb="account.invited")
        assert event.what == {
            "groups": ["Hiring managers"],
            "departments": [builders.department().pk],
            "administrator": False,
        }
        assert "kim" not in f"{event.about}{event.what}".lower()
        assert not list(Event.objects.broken())

    @pytest.mark.parametrize(
        ("email", "username"),
        [
            ("kim.lee@example.com", "kim.lee2"),
            ("KIM.LEE@example.net", "kim.lee2"),
            ("zoë+jobs@example.org", "zoe+jobs"),
            ("'quoted'@example.org", "quoted"),
            ("李@example.org", "person"),
        ],
    )
    def test_usernames_are_unique(
        self, invitation: Invitation, admin: User, email: str, username: str
    ) -> None:
        invited = invitations.invite(invitee=Invitee(email.lower()), by=admin)
        assert invited.user.username == username

    def test_an_address_with_an_account_is_refused(
        self, invitation: Invitation, admin: User
    ) -> None:
        other = builders.user("hr", email="now@example.org")
        EmailAddress.objects.create(user=other, email="then@example.org", verified=True)
        for email in ("kim.lee@example.org", "now@example.org", "then@example.org"):
            with pytest.raises(people.AccountChangeRefused):
                invitations.invite(invitee=Invitee(email), by=admin)
        assert User.objects.count() == 3
        assert Event.objects.filter(verb="account.invited").count() == 1


class TestLinks:
    def test_the_link_leads_to_its_invitation(self, invitation: Invitation) -> None:
        assert by_link(invitation) == invitation

    @pytest.mark.parametrize("change", ["", ".", "x", "9" * 40, "1.x", "１.a", "-1.a"])
    def test_other_tokens_lead_nowhere(self, invitation: Invitation, change: str) -> None:
        token = invitation_links.token(invitation)
        for wrong in (change, token + change if change else token[:-1], f"{change}{token[1:]}"):
            if wrong != token:
                assert invitation_links.invitation_by_token(wrong) is None

    def test_a_new_link_replaces_the_old_one(self, invitation: Invitation, admin: User) -> None:
        old = invitation_links.token(invitation)
        renewed = invitations.renew(account=invitation.user, by=admin)
        assert invitation_links.invitation_by_token(old) is None
        assert by_link(renewed) == renewed
        assert verbs(invitation.user_id) == ["account.invited", "account.invitation_renewed"]

    def test_it_expires(self, invitation: Invitation, admin: User) -> None:
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert by_link(invitation) is None
        with pytest.raises(invitations.InvitationClosed):
            invitations.accept(invitation=invitation, **NAMES)
        assert by_link(invitations.renew(account=invitation.user, by=admin))

    def test_deactivation_ends_it_for_good(self, invitation: Invitation, admin: User) -> None:
        offboarding.deactivate(account=invitation.user, by=admin)
        assert by_link(invitation) is None
        offboarding.reactivate(account=invitation.user, by=admin)
        assert by_link(invitation) is None
        assert by_link(invitations.renew(account=invitation.user, by=admin))


class TestAccepting:
    def test_the_person_sets_name_and_password(self, invitation: Invitation) -> None:
        account = invitations.accept(invitation=invitation, **NAMES)
        assert (str(account), account.check_password(NAMES["password"])) == ("Kim Lee", True)
        address = EmailAddress.objects.get(user=account)
        assert (address.email, address.verified, address.primary) == (account.email, True, True)
        assert by_link(invitation) is None
        assert verbs(account.pk) == ["account.invited", "account.invitation_accepted"]

    def test_it_can_be_accepted_once(self, invitation: Invitation, admin: User) -> None:
        invitations.accept(invitation=invitation, **NAMES)
        with pytest.raises(invitations.InvitationClosed):
            invitations.accept(invitation=invitation, **NAMES | {"password": "another sentence"})
        with pytest.raises(people.AccountChangeRefused):
            invitations.renew(account=invitation.user, by=admin)
        assert User.objects.get(pk=invitation.user_id).check_password(NAMES["password"])

    def test_signing_in_another_way_accepts_it(self, invitation: Invitation) -> None:
        for _ in range(2):
            invitations.accept_by_sign_in(invitation.user)
        assert by_link(invitation) is None
        assert verbs(invitation.user_id) == ["account.invited", "account.invitation_accepted"]


class TestCanceling:
    def test_an_unused_account_is_deleted(self, invitation: Invitation, admin: User) -> None:
        account = User.objects.get(pk=invitation.user_id)
        invitations.cancel(account=account, by=admin)
        assert not User.objects.filter(email=account.email).exists()
        assert by_link(invitation) is None
        assert verbs(account.pk) == ["account.invited", "account.invitation_canceled"]
        assert not list(Event.objects.broken())
        invitations.cancel(account=account, by=admin)  # again

    def test_an_account_that_is_referred_to_stays(
        self, invitation: Invitation, admin: User
    ) -> None:
        jd: JobDescription = builders.description(admin)
        jd.hiring_managers.add(invitation.user)
        assert not invitations.can_cancel(invitation.user)
        with pytest.raises(people.AccountChangeRefused):
            invitations.cancel(account=invitation.user, by=admin)
        assert User.objects.filter(pk=invitation.user_id).exists()

    def test_an_account_that_was_used_stays(self, invitation: Invitation, admin: User) -> None:
        invitations.accept(invitation=invitation, **NAMES)
        for account in (invitation.user, admin):
            with pytest.raises(people.AccountChangeRefused):
                invitations.cancel(account=account, by=admin)


class TestPlans:
    def plan(self, text: str, default: Access | None = None) -> list[invitation_plans.PlannedRow]:
        return invitation_plans.plan(people_list.read(text).rows, default or Access())

    def test_what_each_row_will_do(self, invitation: Invitation) -> None:
        builders.user("hr", email="dana@example.org")
        builders.user("hr", email="gone@example.org", is_active=False)
        text = (
            "new@example.org\nNEW@example.org\nnonsense\nDana@Example.org\ngone@example.org\n"
            "kim.lee@example.org\n@example.org\nnul\0@example.org"
        )
        problems = [one.problems for one in self.plan(text)]
        assert problems[:7] == [
            (),
            ("Repeats line 1",),
            ("Not an email address",),
            ("Already has an account",),
            ("The account is deactivated",),
            ("Already invited",),
            ("Not an email address",),
        ]
        assert "U+0000" in problems[7][0]

    def test_groups_and_departments_of_a_row(self) -> None:
        sales, labs = builders.department("Sales"), builders.department("R&D, Labs")
        text = (
            "email;groups;departments\n"
            "a@x.org;hr, Hiring manager|ADMIN;sales\n"
            "b@x.org;Curators;R&D, Labs\n"
            "c@x.org;;R&D, Labs|Sales\n"
            "d@x.org;Nobles, HR;Sales, Nowhere"
        )
        default = Access(frozenset({"employee"}), frozenset({sales.pk}))
        planned = self.plan(text, default)
        assert [one.invitee.access for one in planned[:3]] == [
            Access(frozenset({"hr", "manager", "admin"}), frozenset({sales.pk})),
            Access(frozenset({"curator"}), frozenset({labs.pk})),
            Access(frozenset({"employee"}), frozenset({sales.pk, labs.pk})),
        ]
        assert [one.problems for one in planned] == [
            (),
            (),
            (),
            ("Unknown group: Nobles", "Unknown department: Nowhere"),
        ]
        assert [one.invitee.access for one in self.plan("e@x.org", default)] == [default]

    def test_what_an_account_cant_store(self) -> None:
        long = "x" * 151
        text = f"email,first name\na@x.org,{long}\nb@{'x' * 300}.org,Kim\nc@x.org,Kim,more"
        for one in self.plan(text):
            assert one.problems


class TestAccess:
    def test_a_change_records_what_was_before(self, admin: User) -> None:
        account = builders.user("hr")
        sales = builders.department()
        access = Access(frozenset({"curator", "admin"}), frozenset({sales.pk}))
        assert account_access.change(account, access, by=admin)
        assert not account_access.change(account, access, by=admin)
        event = Event.objects.get(verb="account.access_changed")
        assert event.what == {
            "before": {"groups": ["HR"], "departments": [], "administrator": False},
            "groups": ["Curators"],
            "departments": [sales.pk],
            "administrator": True,
        }
        assert account_access.of(User.objects.get(pk=account.pk)) == access


@pytest.mark.django_db(transaction=True)
def test_two_people_accept_at_once() -> None:
    """One of them sets the password."""
    invited = invitations.invite(invitee=Invitee("kim@example.org"), by=builders.user("admin"))

    def accept(password: str) -> Any:
        found = Invitation.objects.select_related("user").get(pk=invited.pk)
        return invitations.accept(invitation=found, **NAMES | {"password": password})

    outcomes = at_once(lambda: accept("the first sentence"), lambda: accept("the second sentence"))
    closed = [one for one in outcomes if isinstance(one, invitations.InvitationClosed)]
    assert len(closed) == 1
    [winner] = [one for one in outcomes if isinstance(one, User)]
    assert User.objects.get(pk=invited.user_id).password == winner.password


@pytest.mark.django_db(transaction=True)
def test_one_address_is_invited_twice_at_once() -> None:
    admin = builders.user("admin")

    def invite() -> Any:
        return invitations.invite(invitee=Invitee("kim@example.org"), by=admin)

    outcomes = at_once(invite, invite)
    assert [isinstance(one, Invitation) for one in outcomes].count(True) == 1
    assert [isinstance(one, people.AccountChangeRefused) for one in outcomes].count(True) == 1
    assert User.objects.filter(email="kim@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_with_the_same_username_are_invited_at_once() -> None:
    admin = builders.user("admin")

    def invite(domain: str) -> Any:
        return invitations.invite(invitee=Invitee(f"kim@{domain}"), by=admin)

    outcomes = at_once(lambda: invite("example.org"), lambda: invite("example.com"))
    assert {one.user.username for one in outcomes} == {"kim", "kim2"}
