"""Emails about reviews: recipients, content, links, attempts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.test import Client
from django.utils import timezone

from roles import mail as post
from roles import wake
from roles.models import Decision, JobDescription, Notification, Review, Reviewer, User
from roles.models.notification import TRIES
from roles.notifications import delivery, notification_messages
from roles.reviews import assignments, comments, guest_links, notify, requests, review_access
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest
from roles.tasks import background
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db

JOAN = "joan@example.org"
SITE = "https://jd.example.org"


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = SITE
    builders.organization(name="Northwind")


@pytest.fixture
def jd() -> JobDescription:
    return builders.description(builders.user("hr", first_name="Ada", last_name="King"))


@pytest.fixture
def manager() -> User:
    return builders.user("manager", first_name="Tom", last_name="Ray")


def pass_time(**span: int) -> None:
    """Moves everything that happened so far into the past."""
    ago = timedelta(**span)
    times = ("created_at", "try_at", "emailed_at")
    Notification.objects.update(**{name: F(name) - ago for name in times})
    Decision.objects.update(created_at=F("created_at") - ago)


def sent() -> list[Any]:
    """Returns the emails that are sent a quarter of an hour later."""
    pass_time(minutes=16)
    return sent_now()


def sent_now() -> list[Any]:
    """Returns the emails that are sent now."""
    mail.outbox.clear()
    delivery.send_waiting()
    return list(mail.outbox)


def html(message: Any) -> str:
    assert isinstance(message, EmailMultiAlternatives)
    return str(message.alternatives[0][0])


def link(message: Any) -> str:
    """Returns the path of the only link, which is the same in text and HTML."""
    (address,) = set(re.findall(rf"{SITE}(/(?:g|reviews)/\S+)", message.body))
    assert f'href="{SITE}{address}"' in html(message)
    return str(address)


class TestContent:
    def test_a_reviewer_gets_one_email_with_one_link(
        self, jd: JobDescription, manager: User
    ) -> None:
        due = timezone.localdate() + timedelta(days=3)
        review = builders.review(jd, manager, JOAN, due=due, note="Look at the pay of 70,000.")
        by_address = {message.to[0]: message for message in sent()}
        assert set(by_address) == {manager.email, JOAN}
        for message in by_address.values():
            assert message.subject.startswith("Approval due ")
            assert message.subject.endswith(": Account manager")
            assert "Ada King asked you to approve version 1 of “Account manager”." in message.body
            assert str(due.year) in message.body
            assert message.reply_to == [jd.owner.email]
            assert message.extra_headers["Auto-Submitted"] == "auto-generated"
        assert link(by_address[manager.email]) == review.get_absolute_url()
        assert "/notifications/email/" in by_address[manager.email].body
        assert link(by_address[JOAN]) == guest_links.path(builders.reviewer_row(review, JOAN))
        assert "/notifications/" not in by_address[JOAN].body
        assert not sent()

    def test_the_author_is_notified_of_a_decision(self, jd: JobDescription, manager: User) -> None:
        review = builders.review(jd, manager, JOAN)
        sent()
        builders.decision(review, JOAN, "ask_for_changes", "The salary of 70,000 is too low.")
        (message,) = sent()
        assert message.to == [jd.owner.email]
        assert message.subject == "Changes requested: Account manager"
        assert "joan@example.org requested changes" in message.body
        assert "70,000" not in message.body + html(message)

    def test_several_notifications_are_one_email(self, jd: JobDescription, manager: User) -> None:
        review = builders.review(jd, manager, JOAN)
        sent()
        reader = builders.reader(review, manager)
        for text in ("First", "Second"):
            comments.comment(reader=reader, version=jd.versions.get(), text=text)
        builders.decision(review, manager, "approve_with_comments", "See my comments.")
        (message,) = sent()
        assert message.subject == "Approved with comments by Tom Ray: Account manager"
        assert message.body.count("Tom Ray commented on “Account manager”. (2 times)") == 1

    def test_the_request_of_a_second_round(self, jd: JobDescription, manager: User) -> None:
        review = builders.review(jd, manager, JOAN)
        reader = builders.reader(review, manager)
        review_access.record_view(reader, jd.versions.get())
        requests.next_round(review=review, version=builders.version(jd), by=jd.owner)
        by_address = {message.to[0]: message for message in sent()}
        assert by_address[manager.email].subject == "Approval requested again: Account manager"
        assert "asked you to approve version 2" in by_address[manager.email].body
        assert by_address[JOAN].subject == "Approval requested: Account manager"
        assert "version 2" in by_address[JOAN].body

    def test_the_title_is_that_of_the_version(self, jd: JobDescription, manager: User) -> None:
        builders.review(jd, manager)
        JobDescription.objects.update(title="Successor of Jim")
        (message,) = sent()
        assert "Successor" not in message.subject + message.body + html(message)

    def test_every_verb_has_a_message(self, jd: JobDescription, manager: User) -> None:
        review = builders.review(jd, manager)
        for key in [*notification_messages.VERBS, "review.unheard_of"]:
            verb, _colon, way = key.partition(":")
            what = {"kind": way, "state": way, "number": 1, "count": 2, "due": "2026-01-31"}
            row = Notification(verb=verb, review=review, description=jd, by=manager, what=what)
            message = notification_messages.message(row, "Account manager")
            assert message.sentence
            assert "Account manager" in message.subject or verb.startswith("rollout")


class TestInjection:
    def test_a_title_or_a_name_adds_no_header(self, jd: JobDescription, manager: User) -> None:
        builders.review(jd, manager, JOAN)
        evil = "Clerk\r\nBcc: all@example.org\n\n\u2028\x00body"
        User.objects.filter(pk=jd.owner_id).update(first_name=evil.replace("\x00", ""))
        Reviewer.objects.filter(email=JOAN).update(name=evil.replace("\x00", ""))
        row = Notification.objects.select_related("by").get(reviewer__email=JOAN)
        subject = notification_messages.message(row, evil).subject
        assert post.post(JOAN, f"{subject} {evil}", "email/review_code", {"code": "1"})
        for email in (mail.outbox[-1], *sent()):
            message = email.message()
            assert message["Bcc"] is None
            assert len(email.subject.splitlines()) == 1
            assert "\x00" not in email.subject
            assert email.recipients() in ([JOAN], [manager.email])

    def test_html_is_escaped(self, manager: User) -> None:
        jd = builders.description(builders.user("hr", first_name="<i>Eve</i>"), "<b>Clerk & co</b>")
        builders.review(jd, manager)
        (message,) = sent()
        assert "<b>Clerk & co</b>" in message.body
        assert "&lt;b&gt;Clerk &amp; co&lt;/b&gt;" in html(message)
        assert "<i>Eve" not in html(message)

    def test_an_address_with_a_comma_is_not_a_reply_address(
        self, jd: JobDescription, manager: User
    ) -> None:
        User.objects.filter(pk=jd.owner_id).update(email="a@example.org, b@example.org")
        builders.review(jd, manager)
        (message,) = sent()
        assert not message.reply_to


class TestNoEmail:
    def test_people_who_chose_no_email_or_a_daily_digest(self, jd: JobDescription) -> None:
        people = [
            builders.user("manager", email_frequency=choice) for choice in ("none", "daily", "now")
        ]
        builders.review(jd, *people)
        assert [message.to[0] for message in sent()] == [people[2].email]
        assert Notification.objects.filter(emailed_at=None).count() == 2

    def test_a_closed_account(self, jd: JobDescription, manager: User) -> None:
        builders.review(jd, manager)
        User.objects.filter(pk=manager.pk).update(is_active=False)
        assert not sent()

    def test_reviewers_of_a_review_withdrawn_before_its_first_email(
        self, jd: JobDescription, manager: User
    ) -> None:
        review = builders.review(jd, manager, JOAN)
        requests.withdraw(review=review, by=jd.owner)
        assert not sent()

    def test_reviewers_of_a_withdrawn_review_are_only_notified_of_its_end(
        self, jd: JobDescription, manager: User
    ) -> None:
        review = builders.review(jd, manager, JOAN)
        guest_link = link(next(message for message in sent() if message.to == [JOAN]))
        by = Actor(user=jd.owner)
        notify.notify(
            review, "review.commented", [builders.reviewer_row(review, JOAN), manager], by
        )
        requests.withdraw(review=review, by=jd.owner)
        message = sent()
        assert {one.to[0] for one in message} == {manager.email, JOAN}
        for one in message:
            assert one.subject == "No review needed: Account manager"
            assert "comment" not in one.body
            assert "/g/" not in one.body
            assert "/reviews/" not in one.body
        assert Client().get(guest_link).status_code == 404

    def test_a_replaced_reviewer(self, jd: JobDescription, manager: User) -> None:
        review = builders.review(jd, manager, JOAN)
        old = link(next(message for message in sent() if message.to == [JOAN]))
        replacement = ReviewerRequest(email="kim@example.org")
        reviewer_row = builders.reviewer_row(review, JOAN)
        assignments.replace(reviewer=reviewer_row, asked=replacement, reason="Away", by=jd.owner)
        by_address = {message.to[0]: message for message in sent()}
        assert by_address[JOAN].subject == "Removed from the review: Account manager"
        new = link(by_address["kim@example.org"])
        assert Client().get(old).status_code == 404
        assert Client().get(new).status_code == 200

    def test_a_reviewer_who_has_decided_gets_no_request(
        self, jd: JobDescription, manager: User
    ) -> None:
        review = builders.review(jd, manager, JOAN)
        builders.decision(review, manager)
        assert {message.to[0] for message in sent()} == {JOAN, jd.owner.email}

    def test_an_expired_review(self, jd: JobDescription, manager: User) -> None:
        review = builders.review(jd, builders.user("no_group"), JOAN)
        yesterday = timezone.localdate() - timedelta(days=1)
        Review.objects.filter(pk=review.pk).update(expires=yesterday)
        assert not sent()

    def test_a_guest_with_a_new_account_gets_its_own_link(
        self, jd: JobDescription, manager: User
    ) -> None:
        review = builders.review(jd, JOAN)
        joan = builders.user("no_group", email=JOAN)
        assignments.join(reviewer=builders.reviewer_row(review, JOAN), user=joan)
        (message,) = sent()
        assert link(message) == review.get_absolute_url()


class TestLinks:
    def test_the_link_opens_the_review_only_for_its_recipient(self, jd: JobDescription) -> None:
        review = builders.review(jd, JOAN)
        (message,) = sent()
        path = link(message)
        for _scanner in range(2):
            assert Client().get(path).status_code == 200
        client = Client()
        mail.outbox.clear()
        client.post(path)
        code = re.findall(r"\d{6}", str(mail.outbox[0].body))[0]
        assert client.post(f"{path}code/", {"code": code}).status_code == 302
        assert client.get(review.get_absolute_url()).status_code == 200
        forwarded_to = Client()
        assert forwarded_to.post(f"{path}code/", {"code": code}).status_code == 422
        assert "/sign-in/" in forwarded_to.get(review.get_absolute_url())["Location"]

    def test_a_new_link_replaces_the_old_one(self, jd: JobDescription) -> None:
        review = builders.review(jd, JOAN)
        old = link(sent()[0])
        assignments.remind(reviewer=builders.reviewer_row(review, JOAN), by=jd.owner, new_link=True)
        new = link(sent()[0])
        assert Client().get(old).status_code == 404
        assert Client().get(new).status_code == 200

    def test_without_site_url_links_use_the_first_host(
        self, jd: JobDescription, settings: Any
    ) -> None:
        settings.SITE_URL, settings.HTTPS = "", True
        settings.ALLOWED_HOSTS = [".example.org", "*", "roles.example.org"]
        builders.review(jd, JOAN)
        (message,) = sent()
        assert "https://roles.example.org/g/" in message.body


class TestSending:
    @pytest.fixture
    def broken(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    def test_a_failed_email_is_retried_later_and_at_most_tries_times(
        self, jd: JobDescription, broken: None
    ) -> None:
        builders.review(jd, JOAN)
        assert delivery.send_waiting() is True  # in a minute
        row = Notification.objects.get()
        assert (row.tries, row.emailed_at) == (1, None)
        assert timedelta(seconds=50) < row.try_at - timezone.now() <= timedelta(minutes=1)
        delivery.send_waiting()
        assert Notification.objects.get().tries == 1  # not before try_at
        for tries in range(2, TRIES + 1):
            Notification.objects.update(try_at=timezone.now())
            delivery.send_waiting()
            assert Notification.objects.get().tries == tries
        Notification.objects.update(try_at=timezone.now())
        assert delivery.send_waiting() is False
        assert Notification.objects.get().tries == TRIES

    def test_an_email_server_that_is_down_is_tried_once_per_run(
        self, jd: JobDescription, manager: User, broken: None
    ) -> None:
        builders.review(jd, JOAN, manager, "kim@example.org")
        delivery.send_waiting()
        assert sorted(Notification.objects.values_list("tries", flat=True)) == [0, 0, 1]

    def test_a_stopping_process_leaves_the_other_emails(
        self, jd: JobDescription, manager: User
    ) -> None:
        builders.review(jd, JOAN, manager)
        looks = iter([False, True])
        assert delivery.send_waiting(stopping=lambda: next(looks)) is True
        assert len(mail.outbox) == 1
        assert len(sent()) == 1

    def test_no_action_waits_for_email(
        self,
        jd: JobDescription,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        """The commit starts the worker; an action without email doesn't."""
        woken: list[bool] = []
        monkeypatch.setitem(wake._starters, "email", lambda: woken.append(True))
        daily = builders.user("manager", email_frequency="daily")
        with django_capture_on_commit_callbacks(execute=True):
            builders.review(jd, daily)
        assert not woken
        with django_capture_on_commit_callbacks(execute=True):
            builders.review(builders.description(jd.owner), JOAN)
            assert not woken
        assert woken == [True]
        assert not mail.outbox
        assert background.send_email() is False
        assert len(mail.outbox) == 1

    def test_a_page_lets_its_process_send_email(
        self, client_for: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Only the first request of a process checks for email of killed processes."""
        woken: list[bool] = []
        monkeypatch.setattr(background, "wake_email", lambda: woken.append(True))
        client = client_for("manager")
        for _ in range(3):
            client.get("/")
        assert woken == [True]
        wake.email_worker()
        assert woken == [True]  # not before the commit

    def test_a_process_killed_while_it_composes_loses_no_email(self, jd: JobDescription) -> None:
        builders.review(jd, JOAN)
        Notification.objects.update(lease="killed")
        assert not sent()
        Notification.objects.update(lease_expires_at=timezone.now() - timedelta(hours=1))
        assert len(sent()) == 1

    def test_a_process_killed_while_it_sends_sends_no_email_twice(self, jd: JobDescription) -> None:
        builders.review(jd, JOAN)
        Notification.objects.update(
            lease="",
            emailed_at=timezone.now(),
            lease_expires_at=timezone.now() - timedelta(hours=1),
        )
        assert not sent()

    def test_a_process_that_lost_its_lease_sends_nothing(
        self, jd: JobDescription, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its lease expired while it composed, and another process has claimed the rows."""
        compose = delivery._compose

        def slow(rows: Any) -> Any:
            Notification.objects.update(lease="another")
            return compose(rows)

        builders.review(jd, JOAN)
        monkeypatch.setattr(delivery, "_compose", slow)
        assert not sent()
        assert Notification.objects.get().emailed_at is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_processes_send_no_email_twice(jd: JobDescription) -> None:
    people = [f"guest{n}@example.org" for n in range(8)]
    builders.review(jd, *people)
    assert not [
        outcome
        for outcome in at_once(*(delivery.send_waiting for _ in range(4)))
        if isinstance(outcome, Exception)
    ]
    delivery.send_waiting()
    assert sorted(message.to[0] for message in mail.outbox) == people
    assert not Reviewer.objects.exclude(code="").exists()


def test_the_number_of_queries_does_not_grow(
    jd: JobDescription, django_assert_max_num_queries: Any
) -> None:
    """After weeks away there may be thousands."""
    review = builders.review(jd, builders.user("manager"))
    row = {"user": jd.owner, "review": review, "description": jd, "verb": "review.commented"}
    rows = [Notification(pk=10**6 + number, **row) for number in range(50)]
    with django_assert_max_num_queries(15):
        assert len(delivery.entries(jd.owner, rows)) == 1
