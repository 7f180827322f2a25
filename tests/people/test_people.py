"""Transfers, offboarding and erasing accounts."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from roles import drafts, people
from roles.drafts import ActionRefused, lifecycle
from roles.models import Event, JobDescription, Notification, User
from roles.people import erasure, offboarding, ownership
from roles.reviews import assignments, comments
from roles.reviews.assignments import ReviewerRequest
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return builders.user("admin")


@pytest.fixture
def leaver() -> User:
    return builders.user(
        "hr", username="qvist.leaver", first_name="Zelda", last_name="Qvist", email="zq@example.org"
    )


def events(verb: str) -> list[Event]:
    return list(Event.objects.filter(verb=verb).order_by("pk"))


def assign(jd: JobDescription, owner: User, by: User) -> JobDescription:
    return lifecycle.assign_people(
        description=jd,
        owner=owner,
        hiring_managers=[],
        confidential=False,
        review_by=None,
        by=by,
    )


class TestTransfer:
    def test_each_transfer_is_an_event_in_its_chain(self, admin: User, leaver: User) -> None:
        heir = builders.user("hr")
        jds = [builders.description(leaver) for _ in range(3)]
        given = ownership.transfer(descriptions=jds, to=heir, by=admin, note="New team")
        assert given == [one.reference for one in jds]
        assert set(JobDescription.objects.values_list("owner", flat=True)) == {heir.pk}
        transfers = events("description.transferred")
        assert [event.chain for event in transfers] == given
        assert transfers[0].what == {"old": leaver.pk, "owner": heir.pk, "note": "New team"}
        assert not list(Event.objects.broken())

    def test_job_descriptions_already_owned_are_left_out(self, admin: User, leaver: User) -> None:
        jd = builders.description(leaver)
        assert ownership.transfer(descriptions=[jd], to=leaver, by=admin) == []
        assert not events("description.transferred")

    @pytest.mark.parametrize("kind", ["manager", "curator", "no_group"])
    def test_owners_need_permission(self, admin: User, kind: str) -> None:
        jd = builders.description()
        with pytest.raises(people.AccountChangeRefused, match="can’t own"):
            ownership.transfer(descriptions=[jd], to=builders.user(kind), by=admin)

    def test_a_deactivated_account_cannot_become_owner(self, admin: User) -> None:
        jd = builders.description()
        gone = builders.user("hr", is_active=False)
        with pytest.raises(people.AccountChangeRefused, match="deactivated"):
            ownership.transfer(descriptions=[jd], to=gone, by=admin)
        jd.refresh_from_db()
        assert jd.owner != gone


class TestDeactivate:
    def test_a_new_owner_is_required(self, admin: User, leaver: User) -> None:
        builders.description(leaver)
        for heir in (None, leaver):
            with pytest.raises(people.AccountChangeRefused, match="still owns"):
                offboarding.deactivate(account=leaver, by=admin, new_owner=heir)
        leaver.refresh_from_db()
        assert leaver.is_active

    def test_job_descriptions_are_transferred_except_archived_ones(
        self, admin: User, leaver: User
    ) -> None:
        jd, old = builders.description(leaver), builders.description(leaver)
        secret = builders.description(leaver, confidential=True)
        lifecycle.archive(description=old, by=leaver)
        heir = builders.user("hr")
        offboarding.deactivate(account=leaver, by=admin, new_owner=heir, note="Left in May")
        assert set(people.owned_by(heir)) == {jd, secret}
        old.refresh_from_db()
        assert old.owner == leaver
        with pytest.raises(ActionRefused, match="deactivated"):
            lifecycle.unarchive(description=old, by=admin)
        event = events("account.deactivated")[0]
        assert (event.about, event.about_id) == (f"user {leaver.pk}", leaver.pk)
        assert event.what["transferred"] == 2
        assert not list(Event.objects.broken())

    def test_they_are_signed_out_permanently(self, admin: User, leaver: User) -> None:
        client, other = Client(), Client()
        client.force_login(leaver)
        other.force_login(admin)
        offboarding.deactivate(account=leaver, by=admin)
        assert client.get("/").status_code == 302
        assert Session.objects.count() == 1
        offboarding.reactivate(account=leaver, by=admin)
        assert client.get("/").status_code == 302  # the old session isn't revived
        assert other.get("/").status_code == 200

    def test_they_are_removed_as_hiring_manager_if_requested(
        self, admin: User, leaver: User
    ) -> None:
        jd = builders.description(hiring_managers=(leaver,))
        offboarding.deactivate(account=leaver, by=admin, is_removed_as_hiring_manager=False)
        assert leaver in jd.hiring_managers.all()
        offboarding.reactivate(account=leaver, by=admin)
        offboarding.deactivate(account=leaver, by=admin, is_removed_as_hiring_manager=True)
        assert not jd.hiring_managers.exists()
        event = events("description.manager_left")[0]
        assert (event.chain, event.what) == (jd.reference, {"manager": leaver.pk})

    def test_snippets_get_a_new_owner_or_none(self, admin: User, leaver: User) -> None:
        leaver, heir = builders.user("curator"), builders.user("curator")
        text = builders.snippet(by=leaver)
        with pytest.raises(people.AccountChangeRefused, match="library"):
            offboarding.deactivate(account=leaver, by=admin, new_curator=builders.user("manager"))
        offboarding.deactivate(account=leaver, by=admin, new_curator=heir)
        text.refresh_from_db()
        assert text.owner == heir
        offboarding.deactivate(account=heir, by=admin)
        text.refresh_from_db()
        assert text.owner is None

    def test_own_account_cannot_be_deactivated(self, admin: User) -> None:
        builders.user("admin")
        with pytest.raises(people.AccountChangeRefused, match="your own"):
            offboarding.deactivate(account=admin, by=admin)

    def test_the_last_administrator_cannot_be_deactivated(self, admin: User) -> None:
        """Even if someone else calls it: the views already require an administrator."""
        with pytest.raises(people.AccountChangeRefused, match="last administrator"):
            offboarding.deactivate(account=admin, by=builders.user("hr"))

    def test_deactivating_twice_records_one_event(self, admin: User, leaver: User) -> None:
        for _ in range(2):
            offboarding.deactivate(account=leaver, by=admin)
        assert len(events("account.deactivated")) == 1


class TestErase:
    def test_only_a_deactivated_account_that_owns_nothing(self, admin: User, leaver: User) -> None:
        with pytest.raises(people.AccountChangeRefused, match="deactivated"):
            erasure.erase(account=leaver, by=admin)
        offboarding.deactivate(account=leaver, by=admin)
        jd = builders.description()
        JobDescription.objects.filter(pk=jd.pk).update(owner=leaver)
        with pytest.raises(people.AccountChangeRefused, match="still owns"):
            erasure.erase(account=leaver, by=admin)
        leaver.refresh_from_db()
        assert leaver.erased_at is None

    @pytest.mark.slow
    def test_no_trace_of_their_name_remains(self, admin: User, leaver: User) -> None:
        """In no text of any table. Their activity is complete, under the pseudonym."""
        version = _busy(leaver, admin)
        heir = builders.user("hr")
        offboarding.deactivate(account=leaver, by=admin, new_owner=heir)
        assert _tables_naming("qvist", "zelda", "zq@")  # proves that the search works
        erased = erasure.erase(account=leaver, by=admin, reason="Asked for it")
        assert _tables_naming("qvist", "zelda", "zq@") == {}
        assert erased.username == f"erased-{leaver.pk}"
        assert (erased.is_active, erased.has_usable_password()) == (False, False)
        assert not erased.groups.exists()
        assert not erased.departments.exists()
        version.refresh_from_db()
        assert version.author == erased
        actors = Event.objects.filter(actor_id=leaver.pk).values_list("actor", flat=True)
        assert set(actors) == {erased.username}
        assert not list(Event.objects.broken())

    def test_erasing_is_permanent(self, admin: User, leaver: User) -> None:
        offboarding.deactivate(account=leaver, by=admin)
        erasure.erase(account=leaver, by=admin)
        with pytest.raises(people.AccountChangeRefused, match="already been erased"):
            erasure.erase(account=leaver, by=admin)
        with pytest.raises(people.AccountChangeRefused, match="erased"):
            offboarding.reactivate(account=leaver, by=admin)

    def test_a_pseudonym_in_use_is_not_taken(self, admin: User, leaver: User) -> None:
        builders.user("hr", username=f"Erased-{leaver.pk}")
        offboarding.deactivate(account=leaver, by=admin)
        assert erasure.erase(account=leaver, by=admin).username == f"erased-{leaver.pk}-"

    def test_the_command(self, admin: User, leaver: User, capsys: Any) -> None:
        with pytest.raises(CommandError, match="no account"):
            call_command("erase_account", "unknown", "--yes")
        with pytest.raises(CommandError, match="deactivated"):
            call_command("erase_account", leaver.username, "--yes")
        offboarding.deactivate(account=leaver, by=admin)
        call_command("erase_account", leaver.username)
        assert "--yes" in capsys.readouterr().out
        leaver.refresh_from_db()
        assert leaver.erased_at is None
        call_command("erase_account", leaver.username, "--yes")
        leaver.refresh_from_db()
        assert leaver.erased_at
        assert events("account.erased")[0].actor == ""


def _busy(person: User, admin: User) -> Any:
    """Leaves the person's name everywhere it can be stored. Returns a version by them."""
    person.departments.add(builders.department())
    version = builders.published(builders.description(person))
    managed = builders.description(hiring_managers=(person,))
    by_email = ReviewerRequest(email="zq@home.example.org", name="Zelda Qvist")
    review = builders.review(managed, person, by_email)
    reviewed_version = review.rounds.get().version
    comment_text = f"I ask @{person.username} myself."
    thread = comments.comment(
        reader=builders.reader(review, person), version=reviewed_version, text=comment_text
    )
    comments.resolve(reader=builders.reader(review, person), thread=thread)
    for who in (person, by_email.email):
        builders.decision(review, who, "approve_with_comments", "Fine")
    assignments.add(review=builders.review(builders.description(person)), asked=by_email, by=person)
    User.objects.filter(pk=person.pk).update(email=by_email.email)  # an account since
    person.refresh_from_db()
    assert Notification.objects.filter(user=person).exists()
    client = Client()
    client.login(username=person.username, password=builders.PASSWORD)
    client.get(reverse("version_export", args=[version.description.reference, 1, "txt"]))
    administrator = Client()
    administrator.force_login(admin)
    address = reverse("admin:roles_user_change", args=[person.pk])
    form = {"username": person.username, "first_name": person.first_name, "email": person.email}
    form |= {"last_name": person.last_name, "email_frequency": "now"}
    assert administrator.post(address, form).status_code == 302
    LogEntry.objects.log_actions(admin.pk, [person], CHANGE)
    of_accounts = ContentType.objects.get_for_model(User)
    assert LogEntry.objects.filter(content_type=of_accounts, object_id=str(person.pk)).exists()
    return version


def _tables_naming(*words: str) -> dict[str, int]:
    """How many rows of each table hold one of these words, in whatever column."""
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = [str(row).lower() for row in cursor.fetchall()]
            count = sum(any(word in row for word in words) for row in rows)
            if count:
                counts[table] = count
    return counts


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_simultaneous_transfers(self, admin: User) -> None:
        """Of the same job descriptions, in different orders. There is no deadlock, and the last
        event of each has its owner."""
        jds = [builders.description(admin) for _ in range(4)]
        heirs = [builders.user("hr"), builders.user("hr")]

        def give(to: User, rows: list[JobDescription]) -> list[str]:
            return ownership.transfer(descriptions=rows, to=to, by=admin)

        outcomes = at_once(lambda: give(heirs[0], jds), lambda: give(heirs[1], list(reversed(jds))))
        assert [len(outcome) for outcome in outcomes] == [4, 4]
        for one in JobDescription.objects.all():
            last = Event.objects.filter(chain=one.reference).order_by("-number")[0]
            assert last.what["owner"] == one.owner_id
        assert not list(Event.objects.broken())

    def test_a_transfer_during_deactivation_of_the_new_owner(self, admin: User) -> None:
        """One of the two is refused, or the job descriptions are transferred twice. A closed
        account owns nothing in use. The same applies to a new owner on a description's page."""
        heir, other = builders.user("hr"), builders.user("hr")
        jd = builders.description()

        def leave() -> User:
            return offboarding.deactivate(account=heir, by=admin, new_owner=other)

        def meet(give: Any) -> None:
            User.objects.filter(pk=heir.pk).update(is_active=True)
            outcomes = at_once(give, leave)
            assert isinstance(outcomes[1], User)
            assert isinstance(
                outcomes[0], (list, JobDescription, people.AccountChangeRefused, ActionRefused)
            )
            assert not people.owned_by(heir).exists()

        for _ in range(5):
            meet(lambda: ownership.transfer(descriptions=[jd], to=heir, by=admin))
            meet(lambda: assign(jd, heir, admin))
        assert not list(Event.objects.broken())

    def test_creating_a_job_description_during_deactivation(self, admin: User) -> None:
        author, other = builders.user("hr"), builders.user("hr")
        for number in range(4):
            User.objects.filter(pk=author.pk).update(is_active=True)
            outcomes = at_once(
                partial(drafts.start, by=author, title=f"Role {number}"),
                lambda: offboarding.deactivate(account=author, by=admin, new_owner=other),
            )
            assert isinstance(outcomes[0], (JobDescription, PermissionDenied))
            assert isinstance(outcomes[1], User)
            assert not people.owned_by(author).exists()

    def test_two_administrators_deactivating_each_other(self, admin: User) -> None:
        other = builders.user("admin")
        outcomes = at_once(
            lambda: offboarding.deactivate(account=other, by=admin),
            lambda: offboarding.deactivate(account=admin, by=other),
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == [
            "AccountChangeRefused",
            "User",
        ]
        assert User.objects.filter(is_staff=True, is_active=True).count() == 1
