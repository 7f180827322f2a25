"""The page for invitations: preview, sending, what is kept, sending again, canceling."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from roles.importers import people_list
from roles.models import Event, Invitation, User
from roles.people import invitations
from roles.people.invitations import Invitee
from tests import builders
from tests.html import actions, find, messages, words
from tests.pages import Page, open_page, read_page
from tests.web.accounts.email_links import link, sent

pytestmark = pytest.mark.django_db

URL = "/people/invite/"


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("admin")


def preview(client: Any, people: str, **values: Any) -> Page:
    page = open_page(client, URL)
    return page.press("preview", people=people, **values)


def results(page: Page) -> list[tuple[str, str]]:
    """Returns the address of each row, and what will happen."""
    rows = find(page, "tbody")[0].iter("tr")
    return [
        (words(find(row, "th")[0]), words(find(row, "td", data_label="Result")[0])) for row in rows
    ]


def invited() -> set[str]:
    return set(Invitation.objects.values_list("user__email", flat=True))


def invite(client: Any, email: str = "kim@example.org") -> User:
    return invitations.invite(invitee=Invitee(email), by=client.user).user


class TestPreview:
    def test_nothing_is_done_before_it_is_sent(self, client: Any) -> None:
        page = preview(client, "kim@example.org\nnonsense\nkim@example.org")
        assert results(page) == [
            ("kim@example.org", "Will be invited"),
            ("nonsense", "Not an email address"),
            ("kim@example.org", "Repeats line 1"),
        ]
        assert not invited()
        assert not sent()
        assert page.typed("people").split() == ["kim@example.org", "nonsense", "kim@example.org"]

    def test_rows_that_have_an_account_lead_to_it(self, client: Any) -> None:
        account = builders.user("hr", email="dana@example.org")
        page = preview(client, "dana@example.org")
        assert results(page) == [("dana@example.org", "Already has an account")]
        assert reverse("person", args=[account.pk]) in page.text
        assert "send" not in page.buttons

    def test_a_changed_list_is_previewed_again(self, client: Any) -> None:
        page = preview(client, "kim@example.org")
        for change in ({"people": "sam@example.org"}, {"kinds": ["admin"]}, {"previewed": "x"}):
            again = page.press("send", **change)
            assert "The list changed after the preview." in again.text
        assert not invited()

    @pytest.mark.parametrize(
        ("people", "problem"),
        [
            ("", "Enter at least one email address, or choose a file."),
            (" ,;\n", "Enter at least one email address, or choose a file."),
            (
                "\n".join(f"p{n}@x.org" for n in range(people_list.ROWS_LIMIT + 1)),
                "Invite up to 500 people at a time. This list has 501 rows.",
            ),
            ("x" * (people_list.BYTES_LIMIT + 1), "This list is too long."),
        ],
    )
    def test_lists_that_cant_be_used(self, client: Any, people: str, problem: str) -> None:
        page = preview(client, people)
        assert page.response.status_code == 422
        assert problem in page.text
        assert not find(page, "tbody")

    def test_names_are_escaped(self, client: Any) -> None:
        page = preview(client, "kim@x.org,<script>alert(1)</script>,<b>\n<img src=x>")
        assert "<script>alert" not in page.text
        assert "<img" not in page.text


class TestFile:
    def upload(self, client: Any, content: bytes, name: str = "people.csv") -> Page:
        data = {"file": SimpleUploadedFile(name, content), "action": "preview", "people": "x@x.org"}
        return read_page(client, URL, client.post(URL, data))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_a_file_replaces_the_list_and_can_be_corrected(
        self, client: Any, encoding: str
    ) -> None:
        content = "E-mail;Vorname;Surname\r\nzoe@example.org;;Müller\r\n".encode(encoding)
        page = self.upload(client, content)
        assert results(page) == [("zoe@example.org", "Will be invited")]
        assert "Columns that aren’t used: Vorname" in page.text
        page.press("send")
        assert User.objects.get(email="zoe@example.org").last_name == "Müller"

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"PK\x03\x04 a spreadsheet", "This isn’t a CSV file."),
            (b"x" * (people_list.BYTES_LIMIT + 1), "This file is too large."),
        ],
    )
    def test_files_that_cant_be_used(self, client: Any, content: bytes, problem: str) -> None:
        page = self.upload(client, content)
        assert page.response.status_code == 422
        assert problem in page.text

    def test_binary_files_are_rows_that_cant_be_sent(self, client: Any) -> None:
        page = self.upload(client, bytes(range(256)) * 4)
        assert page.response.status_code == 200
        assert "send" not in page.buttons


class TestSending:
    def test_each_person_gets_an_account_and_a_link(self, client: Any) -> None:
        builders.organization(name="Northwind")
        sales = builders.department("Sales")
        text = "email,groups\nkim@example.org,HR\nsam@example.org,"
        page = preview(client, text, kinds=["manager"], departments=[sales.pk])
        done = page.press("send")
        assert "2 invitations sent." in messages(done)
        assert done.url == "/people/?state=invited"
        kim, sam = (User.objects.get(email=f"{name}@example.org") for name in ("kim", "sam"))
        assert kim.kinds == {"hr"}
        assert sam.kinds == {"manager"}
        assert kim.department_ids == sam.department_ids == {sales.pk}
        first, second = sent()
        assert (first.to, second.to) == (["kim@example.org"], ["sam@example.org"])
        assert f"{client.user} invites you to JD Builder, where Northwind writes" in first.body
        assert link(first).startswith("/invitation/")
        assert link(first) != link(second)
        assert "It works for 14 days." in first.body

    def test_what_is_wrong_is_kept_beside_its_reason(self, client: Any) -> None:
        text = "email,name\nkim@example.org,Kim Lee\nnonsense,Sam Rivera"
        page = preview(client, text).press("send")
        assert "1 invitation sent." in messages(page)
        assert results(page) == [("nonsense", "Not an email address")]
        assert page.typed("people").split("\r\n") == ["email,name", "nonsense,Sam Rivera"]
        again = page.press("preview", people="email,name\nsam@example.org,Sam Rivera")
        again.press("send")
        assert invited() == {"kim@example.org", "sam@example.org"}
        assert User.objects.get(email="sam@example.org").first_name == "Sam"

    def test_a_repeated_submission_sends_nothing_again(self, client: Any) -> None:
        page = preview(client, "kim@example.org")
        page.press("send")
        page.press("send")
        assert len(sent()) == 1
        assert Event.objects.filter(verb="account.invited").count() == 1

    def test_an_account_created_since_is_left_as_it_is(
        self, client: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = preview(client, "kim@example.org\nsam@example.org")
        invite_one = invitations.invite

        def invite_late(**values: Any) -> Invitation:
            if not User.objects.filter(email="kim@example.org").exists():
                builders.user("hr", email="kim@example.org")
            return invite_one(**values)

        monkeypatch.setattr(invitations, "invite", invite_late)
        done = page.press("send")
        assert "1 invitation sent." in messages(done)
        assert results(done) == [("kim@example.org", "Already has an account")]
        assert invited() == {"sam@example.org"}

    def test_administrators_can_be_invited(self, client: Any) -> None:
        preview(client, "kim@example.org", kinds=["admin"]).press("send")
        account = User.objects.get(email="kim@example.org")
        assert account.kinds == {"admin"}
        assert not account.is_superuser


class TestSendingAgain:
    def test_a_new_link_replaces_the_old_one(self, client: Any) -> None:
        account = invite(client)
        url = reverse("person_resend", args=[account.pk])
        assert url in actions(client.get(reverse("person", args=[account.pk])))
        for _ in range(2):
            done = client.post(url, follow=True)
            assert "Invitation sent to kim@example.org." in messages(done)
        old, new = (link(message) for message in sent())
        assert client.get(old).status_code == 404
        assert client.get(new).status_code == 200

    def test_all_that_are_selected(self, client: Any) -> None:
        accounts = [invite(client, f"p{n}@example.org") for n in range(3)]
        used = builders.user("hr")
        page = client.get("/people/")
        boxes = find(page, "input", type="checkbox", name="person")
        assert {box.get("value") for box in boxes} == {str(one.pk) for one in accounts}
        keys = [accounts[0].pk, accounts[2].pk, used.pk, "x", "9" * 30]
        done = client.post("/people/resend/", {"person": keys}, follow=True)
        assert "2 invitations sent." in messages(done)
        assert [message.to for message in sent()] == [["p0@example.org"], ["p2@example.org"]]
        nothing = client.post("/people/resend/", {"person": [used.pk]}, follow=True)
        assert "Select people whose invitation is open." in messages(nothing)

    def test_accounts_in_use_get_none(self, client: Any) -> None:
        used = builders.user("hr")
        done = client.post(reverse("person_resend", args=[used.pk]), follow=True)
        assert "has no open invitation" in messages(done)
        assert not sent()


class TestCanceling:
    def test_the_account_is_deleted(self, client: Any) -> None:
        account = invite(client)
        page = open_page(client, reverse("person_cancel", args=[account.pk]))
        assert "kim@example.org" in page.text
        assert User.objects.filter(pk=account.pk).exists()
        done = page.send()
        assert "Invitation of kim@example.org canceled." in messages(done)
        assert not User.objects.filter(pk=account.pk).exists()

    def test_an_account_in_use_is_deactivated_instead(self, client: Any) -> None:
        account = invite(client)
        builders.description(client.user, hiring_managers=(account,))
        person = reverse("person", args=[account.pk])
        cancel = reverse("person_cancel", args=[account.pk])
        page = client.get(person).text
        assert cancel not in page
        assert reverse("person_deactivate", args=[account.pk]) in page
        for request in (client.get, client.post):
            done = request(cancel, follow=True)
            assert "This account is in use." in messages(done)
        assert User.objects.filter(pk=account.pk).exists()


class TestList:
    def test_invited_people_are_a_status_of_their_own(self, client: Any) -> None:
        account = invite(client)
        old = invite(client, "old@example.org")
        Invitation.objects.filter(user=old).update(expires_at="2020-01-01T00:00Z")

        def listed(query: str) -> set[User]:
            return {one for one, _groups in client.get(f"/people/?{query}").context["page"]}

        assert listed("state=invited") == {account, old}
        assert listed("state=active") == {client.user}
        text = client.get("/people/").text
        assert "Invitation expired" in text
        invitations.accept_by_sign_in(account)
        assert listed("state=invited") == {old}
        assert listed("state=active") == {client.user, account}
