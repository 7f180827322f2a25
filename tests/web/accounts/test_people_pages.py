"""The account pages, and transferring several job descriptions."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles import people
from roles.drafts import lifecycle
from roles.models import Event, JobDescription, Review, Reviewer, User
from roles.people import offboarding
from tests import builders
from tests.html import actions, fields, find, links, messages
from tests.pages import open_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("admin")


@pytest.fixture
def leaver() -> User:
    return builders.user("hr", username="dana", first_name="Dana", last_name="Reyes")


def url(name: str, account: User) -> str:
    return reverse(name, args=[account.pk])


class TestList:
    def test_each_row_counts_job_descriptions(self, client: Any, leaver: User) -> None:
        builders.description(leaver)
        lifecycle.archive(description=builders.description(leaver), by=leaver)
        builders.description(client.user, hiring_managers=(leaver,))
        text = client.get("/people/?q=reyes").text
        row = text[text.index("<tbody>") : text.index("</tbody>")]
        assert "Dana Reyes" in row
        assert 'data-label="Owns">1<' in row
        assert 'data-label="Hiring manager of">1<' in row
        assert "Never" in row

    @pytest.mark.both_databases
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", ["admin", "clara", "dana", "gone"]),
            ("?q=DANA r", ["dana"]),
            ("?q=unknown-name", []),
            ("?kind=curator", ["clara"]),
            ("?kind=admin", ["admin"]),
            ("?state=active", ["admin", "clara", "dana"]),
            ("?state=closed", ["gone"]),
            ("?state=erased", ["old"]),
            ("?sort=-name", ["gone", "dana", "clara", "admin"]),
            ("?sort=-seen&kind=nonsense&page=99", ["admin", "gone", "clara", "dana"]),
        ],
    )
    def test_filters_and_order(
        self, client: Any, leaver: User, query: str, names: list[str]
    ) -> None:
        User.objects.filter(pk=client.user.pk).update(username="admin")
        builders.user("curator", username="clara")
        builders.user("hr", username="gone", is_active=False)
        erased = builders.user("hr", username="old", is_active=False)
        User.objects.filter(pk=erased.pk).update(erased_at="2026-01-01T00:00Z")
        context = client.get(f"/people/{query}").context
        assert [account.username for account, _kinds in context["page"]] == names

    @pytest.mark.parametrize("query", ["Orsted", "ørsted", "ØRSTED", "anders ors", "Łuk", "luk"])
    def test_letters_of_names_are_folded(self, client: Any, query: str) -> None:
        ours = builders.user("hr", first_name="Anders Łukasz", last_name="Ørsted")
        builders.user("hr", first_name="Dana", last_name="Odense")
        context = client.get("/people/", {"q": query}).context
        assert [account for account, _kinds in context["page"]] == [ours]

    def test_department_filter(self, client: Any, leaver: User) -> None:
        leaver.departments.add(builders.department("Legal"))
        context = client.get(f"/people/?department={builders.department('Legal').pk}").context
        assert [account for account, _kinds in context["page"]] == [leaver]

    def test_names_are_escaped(self, client: Any) -> None:
        builders.user("hr", first_name="<script>alert(1)</script>")
        assert "<script>alert" not in client.get("/people/").text


class TestTransfer:
    @pytest.mark.slow
    def test_selected_job_descriptions_are_transferred(self, client_for: Any, leaver: User) -> None:
        hr = client_for("hr")
        jds = [builders.description(leaver) for _ in range(3)]
        chosen = "&".join(f"jd={one.reference}" for one in jds[:2])
        page = open_page(hr, f"{reverse('transfer')}?{chosen}")
        assert "Transfer 2 job descriptions" in page.text
        assert "owner" in fields(page)
        done = page.send(owner=hr.user.pk, note="New team")
        assert str(hr.user) in messages(done)
        assert set(people.owned_by(hr.user)) == set(jds[:2])
        history = hr.get(reverse("description_history", args=[jds[0].reference])).text
        assert f"From Dana Reyes to {hr.user}." in history

    def test_only_editable_job_descriptions_are_transferred(
        self, client_for: Any, leaver: User
    ) -> None:
        """The others are left out, as if they did not exist."""
        hr = client_for("hr")
        hr.user.departments.add(builders.department("Legal"))
        mine = builders.description(leaver, department=builders.department("Legal"))
        others = builders.description(leaver, "Sales secret", department=builders.department())
        secret = builders.description(leaver, "Secret", confidential=True)
        hidden = [others.reference, secret.reference, "XXX-9999", "nonsense"]
        chosen = "&".join(f"jd={one}" for one in [mine.reference, *hidden])
        page = open_page(hr, f"{reverse('transfer')}?{chosen}")
        assert "have access to edit 4 of the selected" in page.text
        assert "ecret" not in page.text
        page.send(owner=hr.user.pk)
        assert list(people.owned_by(hr.user)) == [mine]

    @pytest.mark.slow
    def test_bad_input_changes_nothing(self, client: Any, leaver: User) -> None:
        jd = builders.description(leaver)
        address = f"{reverse('transfer')}?jd={jd.reference}"
        manager = builders.user("manager")
        for owner in ("", "no", "9" * 30, manager.pk, builders.user("hr", is_active=False).pk):
            page = open_page(client, address).send(owner=owner, note="Kept words")
            assert page.response.status_code == 422
            assert 'id="id_owner_error"' in page.text
            assert page.typed("note") == "Kept words"
        assert not Event.objects.filter(verb="description.transferred").exists()

    def test_nothing_selected(self, client: Any, leaver: User) -> None:
        builders.description(leaver)
        for query in ("", f"?of={leaver.pk}"):
            page = client.get(f"{reverse('transfer')}{query}")
            assert len(find(page, class_="empty")) == 1
            assert "owner" not in fields(page)
        assert client.post(reverse("transfer"), {"owner": client.user.pk}).status_code == 200

    @pytest.mark.slow
    def test_confidential_ones_are_included_after_deactivation(
        self, client: Any, client_for: Any, leaver: User
    ) -> None:
        """While the account is active, only its owner can transfer confidential ones."""
        builders.description(leaver)
        builders.description(leaver, "Secret role", confidential=True)
        address = f"{reverse('transfer')}?all=1&of={leaver.pk}"
        assert "Transfer 1 job description" in client.get(address).text
        transfer_all = f"{reverse('transfer')}?of={leaver.pk}&all=1"
        assert "2" not in links(client.get(url("person", leaver)))[transfer_all]
        User.objects.filter(pk=leaver.pk).update(is_active=False)
        assert "2" in links(client.get(url("person", leaver)))[transfer_all]
        page = open_page(client, address)
        assert "Transfer 2 job descriptions" in page.text
        assert "Secret role" not in page.text
        heir = builders.user("hr")
        assert "Dana Reyes" in page.send(owner=heir.pk).text
        assert people.owned_by(heir).count() == 2
        assert client_for("hr").get(address).status_code == 404
        assert client.get(f"{reverse('transfer')}?of=x").status_code == 404

    def test_a_repeated_transfer_happens_once(self, client: Any, leaver: User) -> None:
        jd = builders.description(leaver)
        page = open_page(client, f"{reverse('transfer')}?jd={jd.reference}")
        heir = builders.user("hr")
        page.send(owner=heir.pk)
        JobDescription.objects.update(owner=leaver)
        page.send(owner=heir.pk)
        jd.refresh_from_db()
        assert jd.owner == leaver

    def test_a_stale_people_page_does_not_undo_a_transfer(self, client: Any, leaver: User) -> None:
        jd = builders.description(leaver)
        page = open_page(client, reverse("description_people", args=[jd.reference]))
        JobDescription.objects.update(owner=client.user)
        again = page.send()
        assert again.response.status_code == 422
        assert f"The owner was changed to {client.user} after you opened this page." in again.text
        jd.refresh_from_db()
        assert jd.owner == client.user


class TestLeaving:
    @pytest.mark.slow
    def test_deactivation_with_a_new_owner(self, client: Any, leaver: User) -> None:
        builders.description(leaver)
        builders.description(leaver, "Secret role", confidential=True)
        managed = builders.description(client.user, hiring_managers=(leaver,))
        page = open_page(client, url("person_deactivate", leaver))
        assert "The 2 job descriptions they own are transferred" in page.text
        assert "Secret role" not in page.text
        refused = page.send(note="Left")
        assert refused.response.status_code == 422
        assert "Choose the new owner." in refused.text
        assert refused.typed("note") == "Left"
        heir = builders.user("hr")
        done = refused.send(owner=heir.pk, remove_as_hiring_manager="on")
        assert "Dana Reyes" in messages(done)
        leaver.refresh_from_db()
        assert not leaver.is_active
        assert people.owned_by(heir).count() == 2
        assert not managed.hiring_managers.exists()

    def test_pending_reviews_are_listed(self, client: Any, leaver: User) -> None:
        """Someone must replace the reviewer. Titles of confidential ones are not shown."""
        for title, secret in (("Sales lead", False), ("Secret role", True)):
            jd = builders.description(title=title, confidential=secret)
            review = Review.objects.create(
                description=jd,
                requested_by=jd.owner,
                expires="2040-01-01",
                version_number=1,
                title=title,
            )
            Reviewer.objects.create(review=review, user=leaver)
        for name in ("person", "person_deactivate"):
            page = client.get(url(name, leaver))
            [section] = find(page, "section", aria_labelledby="reviewing")
            assert len(find(section, "li")) == 2
            [shown] = links(section).values()
            assert "Sales lead" in shown
            assert "Secret" not in page.text

    def test_without_job_descriptions_only_a_note_is_required(
        self, client: Any, leaver: User
    ) -> None:
        page = open_page(client, url("person_deactivate", leaver))
        assert set(page.data) == {"csrfmiddlewaretoken", "nonce", "note"}
        assert messages(page.send())
        leaver.refresh_from_db()
        assert not leaver.is_active
        again = client.get(url("person_deactivate", leaver), follow=True)
        assert again.redirect_chain[-1][0] == url("person", leaver)
        assert messages(again)

    def test_own_account_cannot_be_deactivated(self, client: Any) -> None:
        address = url("person_deactivate", client.user)
        assert "This is your own account." in client.get(address).text
        assert client.post(address).status_code == 422
        client.user.refresh_from_db()
        assert client.user.is_active

    def test_reactivation(self, client: Any, leaver: User) -> None:
        offboarding.deactivate(account=leaver, by=client.user)
        assert url("person_reactivate", leaver) in actions(client.get(url("person", leaver)))
        done = client.post(url("person_reactivate", leaver), follow=True)
        assert "Dana Reyes" in messages(done)
        leaver.refresh_from_db()
        assert leaver.is_active
        assert url("person_reactivate", leaver) not in actions(done)

    def test_restoring_from_a_deactivated_owner_needs_a_new_owner(
        self, client: Any, leaver: User
    ) -> None:
        jd = builders.description(leaver)
        lifecycle.archive(description=jd, by=leaver)
        offboarding.deactivate(account=leaver, by=client.user)
        address = reverse("description_archive", args=[jd.reference])
        done = client.post(address, {"action": "unarchive"}, follow=True)
        assert "account is deactivated. Choose a new owner first" in done.text
        jd.refresh_from_db()
        assert jd.status == "archived"


class TestErasing:
    @pytest.fixture
    def closed(self, client: Any, leaver: User) -> User:
        return offboarding.deactivate(account=leaver, by=client.user)

    def test_erasing_needs_the_username(self, client: Any, closed: User) -> None:
        page = open_page(client, url("person_erase", closed))
        assert "username" in page.data
        for typed in ("", "Dana", "dana2"):
            refused = page.send(username=typed, reason="Asked")
            assert refused.response.status_code == 422
            assert 'id="id_username_error"' in refused.text
            assert refused.typed("reason") == "Asked"
        closed.refresh_from_db()
        assert closed.erased_at is None
        done = page.send(username="dana")
        assert f"erased-{closed.pk}" in messages(done)
        assert "Dana" not in done.text
        assert "username" not in fields(client.get(url("person_erase", closed)))
        again = client.post(url("person_erase", closed), {"username": f"erased-{closed.pk}"})
        assert again.status_code == 422

    def test_an_active_account_cannot_be_erased(self, client: Any, leaver: User) -> None:
        address = url("person_erase", leaver)
        page = client.get(address)
        assert "username" not in fields(page)
        assert url("person_deactivate", leaver) in links(page)
        assert client.post(address, {"username": "dana"}).status_code == 422
        leaver.refresh_from_db()
        assert leaver.erased_at is None

    def test_history_shows_the_pseudonym(self, client: Any, leaver: User) -> None:
        jd = builders.description(leaver)
        offboarding.deactivate(account=leaver, by=client.user, new_owner=client.user)
        client.post(url("person_erase", leaver), {"username": "dana"})
        history = client.get(reverse("description_history", args=[jd.reference])).text
        assert f"erased-{leaver.pk}" in history
        assert "Dana" not in history
        assert not list(Event.objects.broken())
