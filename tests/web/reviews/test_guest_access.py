"""Reviewers without an account: links, codes, sessions and accounts."""

from __future__ import annotations

import io
import logging
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as product
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roles.models import Event, Review, Reviewer
from roles.reviews import assignments, guest_codes, guest_links, requests
from roles.reviews.assignments import ReviewerRequest
from roles.web.reviews import guest_access
from roles.web.shared import rate_limits
from tests import builders, rows
from tests.html import actions, links
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ADDRESS = "joan.holt@example.org"
TITLE = "Confidential successor"


@pytest.fixture
def review() -> Review:
    builders.organization(name="Northwind")
    return builders.review(builders.description(builders.user("hr"), TITLE), ADDRESS)


@pytest.fixture
def reviewer_row(review: Review) -> Reviewer:
    return builders.reviewer_row(review, ADDRESS)


def sent_code() -> str:
    """Returns the code in the newest email."""
    match = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert match
    return match[0]


def request_code(client: Client, reviewer_row: Reviewer, *, waited: bool = True) -> Any:
    """Requests a code, after the required minute."""
    if waited:
        past = timezone.now() - timedelta(minutes=2)
        Reviewer.objects.filter(pk=reviewer_row.pk).exclude(code_sent_at=None).update(
            code_sent_at=past
        )
    return client.post(guest_links.path(reviewer_row))


def enter(reviewer_row: Reviewer) -> Client:
    """A browser in which the code was entered."""
    client = Client()
    request_code(client, reviewer_row)
    answer = client.post(f"{guest_links.path(reviewer_row)}code/", {"code": sent_code()})
    assert answer["Location"] == reviewer_row.review.get_absolute_url()
    return client


def enter_code(client: Client, reviewer_row: Reviewer, code: str) -> str:
    """Returns "in", or the error that the page shows for the code."""
    answer = client.post(f"{guest_links.path(reviewer_row)}code/", {"code": code})
    if answer.status_code == 302:
        return "in"
    assert answer.status_code == 422
    match = re.search(r'id="id_code_error">(.*?)</ul>', answer.text, re.DOTALL)
    assert match
    return re.sub(r"<[^>]*>", "", match[1]).strip()


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


class TestLink:
    def test_opening_the_link_changes_nothing(self, reviewer_row: Reviewer) -> None:
        before = rows.read(connection)
        for path in (guest_links.path(reviewer_row), f"{guest_links.path(reviewer_row)}code/"):
            for method in ("GET", "HEAD"):
                client = Client()
                assert client.generic(method, path).status_code in (200, 302)
                assert product.SESSION_COOKIE_NAME not in client.cookies
        assert rows.read(connection) == before
        assert not mail.outbox

    def test_link_page_reveals_nothing_about_the_review(self, reviewer_row: Reviewer) -> None:
        page = Client().get(guest_links.path(reviewer_row)).text
        assert "Northwind" in page
        assert "j…@example.org" in page
        for hidden in (TITLE, reviewer_row.review.description.reference, ADDRESS, "hr1", "Menu"):
            assert hidden not in page

    def test_pages_are_not_cached_and_send_no_referrer(self, reviewer_row: Reviewer) -> None:
        for path in (
            guest_links.path(reviewer_row),
            f"{guest_links.path(reviewer_row)}code/",
            "/g/1.no/",
        ):
            answer = Client().get(path)
            assert "no-store" in answer["Cache-Control"]
            assert answer["Referrer-Policy"] == "strict-origin"
            assert "noindex" in answer["X-Robots-Tag"]
        assert reviewer_row.link_key not in guest_links.token(reviewer_row)

    @pytest.mark.slow
    def test_changed_token_is_rejected(self, reviewer_row: Reviewer) -> None:
        token = guest_links.token(reviewer_row)
        nothing = Client().get("/g/nothing/")
        assert nothing.status_code == 404
        letters = enumerate(token)
        changed = {token[:n] + ("b" if c == "a" else "a") + token[n + 1 :] for n, c in letters}
        changed |= {
            token[:-1],
            token + "a",
            token.swapcase(),
            f"{reviewer_row.pk}.",
            f"0{token}",
            "٣.a",
        }
        for wrong in changed:
            assert guest_links.reviewer_by_token(wrong) is None, wrong
        for wrong in (token[:-1], f"0{token}", f"{10**30}.a", "x" * 3000):
            for path in (f"/g/{wrong}/", f"/g/{wrong}/code/"):
                for answer in (Client().get(path), Client().post(path, {"code": "123456"})):
                    assert (answer.status_code, answer.text) == (404, nothing.text)

    def test_token_of_another_reviewer_is_different(
        self, review: Review, reviewer_row: Reviewer
    ) -> None:
        other = assignments.add(
            review=review,
            asked=ReviewerRequest(email="kim@example.org"),
            by=review.description.owner,
        )
        assert guest_links.reviewer_by_token(guest_links.token(other)) == other
        swapped = guest_links.token(reviewer_row).replace(f"{reviewer_row.pk}.", f"{other.pk}.", 1)
        assert guest_links.reviewer_by_token(swapped) is None

    def closed(self, token: str) -> bool:
        answers = [Client().get(f"/g/{token}/"), Client().post(f"/g/{token}/")]
        nothing = Client().get("/g/nothing/").text
        return all((a.status_code, a.text) == (404, nothing) for a in answers)

    def test_link_ends_with_the_review(self, review: Review, reviewer_row: Reviewer) -> None:
        token = guest_links.token(reviewer_row)
        today = timezone.localdate()
        Review.objects.filter(pk=review.pk).update(expires=today - timedelta(days=1))
        assert self.closed(token)
        requests.reschedule(review=review, due=today, by=review.requested_by)
        assert not self.closed(token)
        mail.outbox.clear()
        requests.withdraw(review=review, by=review.requested_by)
        assert self.closed(token)
        assert not mail.outbox

    @pytest.mark.both_databases
    def test_link_ends_when_the_reviewer_is_removed(
        self, review: Review, reviewer_row: Reviewer
    ) -> None:
        token = guest_links.token(reviewer_row)
        replacement = ReviewerRequest(email="kim@example.org")
        new = assignments.replace(
            reviewer=reviewer_row, asked=replacement, reason="Away", by=review.requested_by
        )
        assert self.closed(token)
        token = guest_links.token(new)
        assignments.remind(reviewer=new, by=review.requested_by, new_link=True)
        assert self.closed(token)
        new.refresh_from_db()
        token = guest_links.token(new)
        assert not self.closed(token)
        assignments.add(
            review=review, asked=ReviewerRequest(email="lee@example.org"), by=review.requested_by
        )
        assignments.remove(reviewer=new, reason="Not needed", by=review.requested_by)
        assert self.closed(token)

    def test_approved_review_can_be_read_until_it_expires(
        self, review: Review, reviewer_row: Reviewer
    ) -> None:
        client = enter(reviewer_row)
        builders.decision(review, ADDRESS)
        assert client.get(review.get_absolute_url()).status_code == 200
        yesterday = timezone.localdate() - timedelta(days=1)
        Review.objects.filter(pk=review.pk).update(expires=yesterday)
        assert client.get(review.get_absolute_url()).status_code == 404
        assert self.closed(guest_links.token(reviewer_row))

    def test_link_does_not_open_for_a_deactivated_account(self, reviewer_row: Reviewer) -> None:
        builders.user("hr", email=ADDRESS.upper(), is_active=False)
        assert self.closed(guest_links.token(reviewer_row))


class TestCode:
    def test_code_is_emailed_and_opens_the_review(self, reviewer_row: Reviewer) -> None:
        client = Client()
        answer = request_code(client, reviewer_row)
        assert answer["Location"] == f"{guest_links.path(reviewer_row)}code/"
        (sent,) = mail.outbox
        assert sent.to == [ADDRESS]
        assert TITLE not in sent.body
        code = sent_code()
        page = client.get(answer["Location"]).text
        assert code not in page
        assert 'autocomplete="one-time-code"' in page
        assert 'inputmode="numeric"' in page
        reviewer_row.refresh_from_db()
        assert code not in reviewer_row.code
        assert enter_code(client, reviewer_row, f" {code[:3]} {code[3:]} ") == "in"
        cookie = client.cookies[product.SESSION_COOKIE_NAME]
        assert (cookie["expires"], cookie["max-age"]) == ("", "")
        event = Event.objects.get(verb="review.entered")
        assert (event.actor_id, event.what["reviewer"]) == (None, reviewer_row.pk)
        answer = client.get(reviewer_row.review.get_absolute_url())
        assert TITLE in answer.text
        assert "no-store" in answer["Cache-Control"]

    def test_code_works_once(self, reviewer_row: Reviewer) -> None:
        enter(reviewer_row)
        assert enter_code(Client(), reviewer_row, sent_code()) != "in"

    @pytest.mark.slow
    def test_link_works_again_later(self, reviewer_row: Reviewer) -> None:
        client = enter(reviewer_row)
        assert (
            client.get(guest_links.path(reviewer_row))["Location"]
            == reviewer_row.review.get_absolute_url()
        )
        assert enter(reviewer_row).get(reviewer_row.review.get_absolute_url()).status_code == 200

    def test_another_browser_needs_a_code(self, reviewer_row: Reviewer) -> None:
        request_code(Client(), reviewer_row)
        stranger = Client()
        assert stranger.get(guest_links.path(reviewer_row)).status_code == 200
        assert enter_code(stranger, reviewer_row, other_than(sent_code())) != "in"
        answer = stranger.get(reviewer_row.review.get_absolute_url())
        assert "/sign-in/" in answer["Location"]

    def test_code_of_another_guest_is_incorrect(
        self, review: Review, reviewer_row: Reviewer
    ) -> None:
        by = review.requested_by
        other = assignments.add(
            review=review, asked=ReviewerRequest(email="kim@example.org"), by=by
        )
        request_code(Client(), reviewer_row)
        request_code(Client(), other)
        if sent_code() != re.search(r"\d{6}", str(mail.outbox[0].body))[0]:  # type: ignore[index]
            assert enter_code(Client(), reviewer_row, sent_code()) != "in"

    @pytest.mark.slow
    def test_code_expires_after_five_incorrect_attempts(self, reviewer_row: Reviewer) -> None:
        client = Client()
        request_code(client, reviewer_row)
        code = sent_code()
        for _ in range(guest_codes.TRIES_LIMIT - 1):
            assert "Incorrect code" in enter_code(client, reviewer_row, other_than(code))
        assert "Too many incorrect attempts" in enter_code(client, reviewer_row, other_than(code))
        assert "no longer valid" in enter_code(client, reviewer_row, code)
        assert client.get(f"{guest_links.path(reviewer_row)}code/")["Location"] == guest_links.path(
            reviewer_row
        )
        request_code(client, reviewer_row)
        assert enter_code(client, reviewer_row, sent_code()) == "in"

    def test_malformed_code_is_not_counted(self, reviewer_row: Reviewer) -> None:
        client = Client()
        request_code(client, reviewer_row)
        for typed in ("", "12345", "1234567", "no", "x" * 300):
            assert enter_code(client, reviewer_row, typed)
        reviewer_row.refresh_from_db()
        assert reviewer_row.code_tries == 0
        assert enter_code(client, reviewer_row, f"Your code: {sent_code()}.") == "in"

    def test_page_says_when_a_new_code_can_be_requested(
        self, reviewer_row: Reviewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = Client()
        request_code(client, reviewer_row)
        for minutes, words in ((1, "1 minute after"), (2, "2 minutes after")):
            monkeypatch.setattr(guest_codes, "INTERVAL_MINUTES", minutes)
            page = client.get(f"{guest_links.path(reviewer_row)}code/").text
            assert f"You can request a new code {words} the last one." in page

    @pytest.mark.both_databases
    def test_code_expires_after_15_minutes(self, reviewer_row: Reviewer) -> None:
        request_code(Client(), reviewer_row)
        past = timezone.now() - timedelta(minutes=guest_codes.VALID_MINUTES, seconds=1)
        Reviewer.objects.filter(pk=reviewer_row.pk).update(code_sent_at=past)
        assert enter_code(Client(), reviewer_row, sent_code()) != "in"

    def test_new_code_replaces_the_previous_one(self, reviewer_row: Reviewer) -> None:
        request_code(Client(), reviewer_row)
        code = sent_code()
        request_code(Client(), reviewer_row)
        if sent_code() != code:
            assert enter_code(Client(), reviewer_row, code) != "in"
        assert enter_code(Client(), reviewer_row, sent_code()) == "in"

    @pytest.mark.slow
    def test_codes_are_rate_limited(self, reviewer_row: Reviewer, settings: Any) -> None:
        # At noon, or the codes sent earlier would belong to yesterday just after midnight.
        settings.TIME_ZONE = f"Etc/GMT{timezone.now().hour - 12:+d}"
        client = Client()
        request_code(client, reviewer_row)
        answer = request_code(client, reviewer_row, waited=False)
        assert answer.status_code == 422
        assert "We just sent a code" in answer.text
        assert f"{guest_links.path(reviewer_row)}code/" in links(answer)
        for _ in range(guest_codes.CODES_PER_DAY + 2):
            answer = request_code(client, reviewer_row)
        assert "today" in answer.text
        assert len(mail.outbox) == guest_codes.CODES_PER_DAY
        yesterday = timezone.now() - timedelta(days=1)
        Reviewer.objects.filter(pk=reviewer_row.pk).update(code_sent_at=yesterday)
        assert request_code(client, reviewer_row, waited=False).status_code == 302
        reviewer_row.refresh_from_db()
        assert reviewer_row.codes_sent == 1

    @pytest.mark.both_databases
    def test_mail_server_failure_is_reported(self, reviewer_row: Reviewer, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        answer = request_code(Client(), reviewer_row)
        assert answer.status_code == 422
        assert "couldn’t be sent" in answer.text
        reviewer_row.refresh_from_db()
        assert not reviewer_row.code


@pytest.mark.django_db(transaction=True)
class TestConcurrency:
    @pytest.mark.slow
    @pytest.mark.parametrize("limit", ["3/10m/ip", "3/10m/key"])
    def test_attempts_are_counted_across_links(
        self, reviewer_row: Reviewer, monkeypatch: Any, limit: str
    ) -> None:
        """For one network address, and for one email address with several links."""
        cache.clear()
        monkeypatch.setitem(rate_limits.LIMITS, "guest_code", limit)
        other = builders.reviewer_row(builders.review(builders.description(), ADDRESS), ADDRESS)
        for row in (reviewer_row, other):
            request_code(Client(), row)
        for row in (reviewer_row, other, other):
            assert "Incorrect code" in enter_code(Client(), row, other_than(sent_code()))
        assert "Too many attempts" in enter_code(Client(), reviewer_row, sent_code())

    @pytest.mark.slow
    def test_simultaneous_attempts_are_all_counted(self, reviewer_row: Reviewer) -> None:
        request_code(Client(), reviewer_row)
        wrong = other_than(sent_code())
        answers = at_once(*(lambda: enter_code(Client(), reviewer_row, wrong) for _ in range(12)))
        read = [a for a in answers if "Incorrect code" in a or "Too many incorrect attempts" in a]
        assert len(read) == guest_codes.TRIES_LIMIT
        reviewer_row.refresh_from_db()
        assert reviewer_row.code_tries == guest_codes.TRIES_LIMIT

    def test_simultaneous_requests_send_one_code(self, reviewer_row: Reviewer) -> None:
        answers = at_once(
            *(
                lambda: request_code(Client(), reviewer_row, waited=False).status_code
                for _ in range(4)
            )
        )
        assert sorted(answers) == [302, 422, 422, 422]
        assert len(mail.outbox) == 1

    def test_code_opens_one_session(self, reviewer_row: Reviewer) -> None:
        request_code(Client(), reviewer_row)
        answers = at_once(
            *(lambda: enter_code(Client(), reviewer_row, sent_code()) for _ in range(4))
        )
        assert answers.count("in") == 1


class TestSession:
    def test_session_is_for_one_review(self, reviewer_row: Reviewer) -> None:
        client = enter(reviewer_row)
        other = builders.review(builders.description(builders.user("hr")), ADDRESS)
        assert client.get(other.get_absolute_url()).status_code == 404
        for name in ("home", "descriptions", "catalog", "reviews", "notifications", "library"):
            assert "/sign-in/" in client.get(reverse(name))["Location"]
        description = reviewer_row.review.description.get_absolute_url()
        assert "/sign-in/" in client.get(description)["Location"]

    def test_page_has_no_navigation(self, reviewer_row: Reviewer) -> None:
        page = enter(reviewer_row).get(reviewer_row.review.get_absolute_url())
        assert reverse("guest_leave") in actions(page)
        for address in ("/descriptions/", "/library/", "/sign-out/", 'href="/"'):
            assert address not in page.text

    def test_session_expires(self, reviewer_row: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
        client = enter(reviewer_row)
        later = time.time() + guest_access.SESSION_HOURS * 3600
        monkeypatch.setattr("roles.web.reviews.guest_access.time.time", lambda: later)
        answer = client.get(reviewer_row.review.get_absolute_url(), follow=True)
        assert TITLE not in answer.text
        assert "Open the link in that email again" in answer.text
        typed = {"kind": "comment", "comment": "What I typed"}
        answer = client.post(reverse("review_comment", args=[reviewer_row.review.pk]), typed)
        assert answer.status_code == 401
        assert "What I typed" in answer.text
        assert "Open the link in that email again" in answer.text

    @pytest.mark.both_databases
    @pytest.mark.parametrize("action", ["withdraw", "replace", "renew"])
    def test_access_ends_immediately(
        self, review: Review, reviewer_row: Reviewer, action: str
    ) -> None:
        client = enter(reviewer_row)
        if action == "withdraw":
            requests.withdraw(review=review, by=review.requested_by)
        elif action == "replace":
            replacement = ReviewerRequest(email="kim@example.org")
            assignments.replace(
                reviewer=reviewer_row, asked=replacement, reason="Away", by=review.requested_by
            )
        else:
            assignments.remind(reviewer=reviewer_row, by=review.requested_by, new_link=True)
        assert client.get(review.get_absolute_url()).status_code == 404

    def test_no_page_takes_many_queries(
        self, reviewer_row: Reviewer, django_assert_max_num_queries: Any
    ) -> None:
        client, stranger = enter(reviewer_row), Client()
        request_code(stranger, reviewer_row)
        limits = {
            "/g/leave/": 1,
            guest_links.path(reviewer_row): 4,
            f"{guest_links.path(reviewer_row)}code/": 4,
        }
        for path, limit in limits.items():
            with django_assert_max_num_queries(limit):
                assert stranger.get(path).status_code == 200
        with django_assert_max_num_queries(6):
            assert client.get(guest_links.path(reviewer_row)).status_code == 302

    def test_leaving_ends_the_session(self, reviewer_row: Reviewer) -> None:
        client = enter(reviewer_row)
        assert client.get("/g/leave/").status_code == 200
        assert client.get(reviewer_row.review.get_absolute_url()).status_code == 200
        answer = client.post("/g/leave/", follow=True)
        assert answer.status_code == 200
        assert reverse("guest_leave") not in actions(answer)
        assert "/sign-in/" in client.get(reviewer_row.review.get_absolute_url())["Location"]

    def test_leaving_does_not_sign_out_an_account(self, client_for: Any) -> None:
        client = client_for("hr")
        client.post("/g/leave/")
        assert client.get("/").status_code == 200


class TestAccounts:
    def test_page_for_another_account(self, reviewer_row: Reviewer, client_for: Any) -> None:
        client = client_for("curator")
        for answer in (
            client.get(guest_links.path(reviewer_row)),
            client.post(guest_links.path(reviewer_row)),
        ):
            assert str(client.user) in answer.text
            assert reverse("account_logout") in actions(answer)
            assert TITLE not in answer.text
        assert not mail.outbox
        owner = client_for(reviewer_row.review.requested_by)
        review_url = reviewer_row.review.get_absolute_url()
        assert review_url in links(owner.get(guest_links.path(reviewer_row)))
        assert review_url not in links(client.get(guest_links.path(reviewer_row)))

    @pytest.mark.both_databases
    def test_guest_with_a_new_account_signs_in(
        self, reviewer_row: Reviewer, client_for: Any
    ) -> None:
        account = builders.user("manager", email=ADDRESS.upper())
        answer = Client().post(guest_links.path(reviewer_row))
        sign_in = re.findall(r'href="(/sign-in/[^"]*)"', answer.text)[0]
        assert Client().get(sign_in)["Referrer-Policy"] == "strict-origin"
        assert not mail.outbox
        client = client_for(account)
        page = client.get(guest_links.path(reviewer_row))
        assert actions(page) == {guest_links.path(reviewer_row)}
        reviewer_row.refresh_from_db()
        assert reviewer_row.is_guest
        answer = client.post(guest_links.path(reviewer_row))
        assert answer["Location"] == reviewer_row.review.get_absolute_url()
        assert client.get(answer["Location"]).status_code == 200
        token = guest_links.token(reviewer_row)
        reviewer_row.refresh_from_db()
        assert (reviewer_row.user, reviewer_row.email, reviewer_row.link_key) == (account, "", "")
        assert Client().get(f"/g/{token}/").status_code == 404
        assert Event.objects.filter(verb="review.joined", actor_id=account.pk).exists()

    def test_account_that_is_already_a_reviewer_cannot_join(
        self, reviewer_row: Reviewer, client_for: Any
    ) -> None:
        account = builders.user("manager")
        by = reviewer_row.review.requested_by
        assignments.add(review=reviewer_row.review, asked=ReviewerRequest(user=account), by=by)
        account.email = ADDRESS
        account.save()
        answer = client_for(account).post(guest_links.path(reviewer_row))
        assert answer.status_code == 422
        assert "already" in answer.text


class TestLog:
    def test_links_are_not_logged(self, reviewer_row: Reviewer) -> None:
        (handler,) = [h for h in logging.getLogger("django").handlers if h.filters]
        assert isinstance(handler, logging.StreamHandler)
        previous = handler.setStream(io.StringIO())
        try:
            token = guest_links.token(reviewer_row)
            Client().get(f"/g/{token}/")
            Client().get(f"/g/{token}a/code/")
            Client(enforce_csrf_checks=True).post(f"/g/{token}/")
        finally:
            written = handler.setStream(previous or io.StringIO())
        text = written.getvalue()  # type: ignore[union-attr]
        assert text.count("/g/<str:token>/") >= 4
        assert token[2:] not in text
