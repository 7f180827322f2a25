"""Reviewers without an account: the link, the code, the session; and who is kept out."""

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
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roles.models import Event, Review, Reviewer
from roles.reviews import assignments, guest_codes, guest_links, requests
from roles.reviews.assignments import Asked
from roles.web.reviews import guest_access
from tests import builders, rows
from tests.threads import at_once

pytestmark = pytest.mark.django_db

ADDRESS = "joan.holt@example.org"
TITLE = "Confidential successor"


@pytest.fixture
def review() -> Review:
    builders.organisation(name="Northwind")
    return builders.review(builders.description(builders.user("hr"), TITLE), ADDRESS)


@pytest.fixture
def seat(review: Review) -> Reviewer:
    return builders.seat(review, ADDRESS)


def sent_code() -> str:
    """The code in the newest mail."""
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found
    return found[0]


def ask(client: Client, seat: Reviewer, *, waited: bool = True) -> Any:
    """Have a code sent, after the minute that has to pass."""
    if waited:
        past = timezone.now() - timedelta(minutes=2)
        Reviewer.objects.filter(pk=seat.pk).exclude(code_sent_at=None).update(code_sent_at=past)
    return client.post(guest_links.path(seat))


def enter(seat: Reviewer) -> Client:
    """A browser in which the code was typed."""
    client = Client()
    ask(client, seat)
    answer = client.post(f"{guest_links.path(seat)}code/", {"code": sent_code()})
    assert answer["Location"] == seat.review.get_absolute_url()
    return client


def say(client: Client, seat: Reviewer, code: str) -> str:
    """What the page answers to a code."""
    answer = client.post(f"{guest_links.path(seat)}code/", {"code": code})
    if answer.status_code == 302:
        return "in"
    assert answer.status_code == 422
    found = re.search(r'id="id_code_error">(.*?)</ul>', answer.text, re.DOTALL)
    assert found
    return re.sub(r"<[^>]*>", "", found[1]).strip()


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


class TestLink:
    def test_opening_it_changes_nothing(self, seat: Reviewer) -> None:
        before = rows.taken(connection)
        for path in (guest_links.path(seat), f"{guest_links.path(seat)}code/"):
            for method in ("GET", "HEAD"):
                client = Client()
                assert client.generic(method, path).status_code in (200, 302)
                assert product.SESSION_COOKIE_NAME not in client.cookies
        assert rows.taken(connection) == before
        assert not mail.outbox

    def test_it_tells_nothing_but_that_a_review_waits(self, seat: Reviewer) -> None:
        page = Client().get(guest_links.path(seat)).text
        assert "Northwind" in page
        assert "j…@example.org" in page
        for hidden in (TITLE, seat.review.description.reference, ADDRESS, "hr1", "Menu"):
            assert hidden not in page

    def test_nobody_keeps_it_or_hands_it_on(self, seat: Reviewer) -> None:
        for path in (guest_links.path(seat), f"{guest_links.path(seat)}code/", "/g/1.no/"):
            answer = Client().get(path)
            assert "no-store" in answer["Cache-Control"]
            assert answer["Referrer-Policy"] == "strict-origin"
            assert "noindex" in answer["X-Robots-Tag"]
        assert seat.link_key not in guest_links.token(seat)

    def test_with_one_changed_character_it_opens_nothing(self, seat: Reviewer) -> None:
        token = guest_links.token(seat)
        nothing = Client().get("/g/nothing/")
        assert nothing.status_code == 404
        letters = enumerate(token)
        changed = {token[:n] + ("b" if c == "a" else "a") + token[n + 1 :] for n, c in letters}
        changed |= {token[:-1], token + "a", token.swapcase(), f"{seat.pk}.", f"0{token}", "٣.a"}
        for wrong in changed:
            assert guest_links.seat_of(wrong) is None, wrong
        for wrong in (token[:-1], f"0{token}", f"{10**30}.a", "x" * 3000):
            for path in (f"/g/{wrong}/", f"/g/{wrong}/code/"):
                for answer in (Client().get(path), Client().post(path, {"code": "123456"})):
                    assert (answer.status_code, answer.text) == (404, nothing.text)

    def test_one_for_another_seat_is_another_one(self, review: Review, seat: Reviewer) -> None:
        other = assignments.add(
            review=review, asked=Asked(email="kim@example.org"), by=review.description.owner
        )
        assert guest_links.seat_of(guest_links.token(other)) == other
        swapped = guest_links.token(seat).replace(f"{seat.pk}.", f"{other.pk}.", 1)
        assert guest_links.seat_of(swapped) is None

    def closed(self, token: str) -> bool:
        answers = [Client().get(f"/g/{token}/"), Client().post(f"/g/{token}/")]
        nothing = Client().get("/g/nothing/").text
        return all((a.status_code, a.text) == (404, nothing) for a in answers)

    def test_it_ends_with_the_review(self, review: Review, seat: Reviewer) -> None:
        token = guest_links.token(seat)
        today = timezone.localdate()
        Review.objects.filter(pk=review.pk).update(expires=today - timedelta(days=1))
        assert self.closed(token)
        requests.reschedule(review=review, due=today, by=review.asked_by)
        assert not self.closed(token)
        mail.outbox.clear()
        requests.withdraw(review=review, by=review.asked_by)
        assert self.closed(token)
        assert not mail.outbox

    def test_it_ends_with_the_seat(self, review: Review, seat: Reviewer) -> None:
        token = guest_links.token(seat)
        asked = Asked(email="kim@example.org")
        new = assignments.replace(reviewer=seat, asked=asked, reason="Away", by=review.asked_by)
        assert self.closed(token)
        token = guest_links.token(new)
        assignments.tell_again(reviewer=new, by=review.asked_by, new_link=True)
        assert self.closed(token)
        new.refresh_from_db()
        token = guest_links.token(new)
        assert not self.closed(token)
        assignments.add(review=review, asked=Asked(email="lee@example.org"), by=review.asked_by)
        assignments.release(reviewer=new, reason="Not needed", by=review.asked_by)
        assert self.closed(token)

    def test_once_approved_it_is_to_read_until_it_expires(
        self, review: Review, seat: Reviewer
    ) -> None:
        client = enter(seat)
        builders.decision(review, ADDRESS)
        assert client.get(review.get_absolute_url()).status_code == 200
        yesterday = timezone.localdate() - timedelta(days=1)
        Review.objects.filter(pk=review.pk).update(expires=yesterday)
        assert client.get(review.get_absolute_url()).status_code == 404
        assert self.closed(guest_links.token(seat))

    def test_a_closed_account_does_not_come_back_by_it(self, seat: Reviewer) -> None:
        builders.user("hr", email=ADDRESS.upper(), is_active=False)
        assert self.closed(guest_links.token(seat))


class TestCode:
    def test_it_goes_to_the_address_and_opens_the_review(self, seat: Reviewer) -> None:
        client = Client()
        answer = ask(client, seat)
        assert answer["Location"] == f"{guest_links.path(seat)}code/"
        (sent,) = mail.outbox
        assert sent.to == [ADDRESS]
        assert TITLE not in sent.body
        code = sent_code()
        page = client.get(answer["Location"]).text
        assert code not in page
        assert 'autocomplete="one-time-code"' in page
        assert 'inputmode="numeric"' in page
        seat.refresh_from_db()
        assert code not in seat.code
        assert say(client, seat, f" {code[:3]} {code[3:]} ") == "in"
        cookie = client.cookies[product.SESSION_COOKIE_NAME]
        assert (cookie["expires"], cookie["max-age"]) == ("", "")
        event = Event.objects.get(verb="review.entered")
        assert (event.actor_id, event.what["reviewer"]) == (None, seat.pk)
        answer = client.get(seat.review.get_absolute_url())
        assert TITLE in answer.text
        assert "no-store" in answer["Cache-Control"]

    def test_it_is_good_once(self, seat: Reviewer) -> None:
        enter(seat)
        assert "no longer valid" in say(Client(), seat, sent_code())

    def test_the_link_is_good_again(self, seat: Reviewer) -> None:
        client = enter(seat)
        assert client.get(guest_links.path(seat))["Location"] == seat.review.get_absolute_url()
        assert enter(seat).get(seat.review.get_absolute_url()).status_code == 200

    def test_without_it_another_browser_stays_outside(self, seat: Reviewer) -> None:
        ask(Client(), seat)
        stranger = Client()
        assert stranger.get(guest_links.path(seat)).status_code == 200
        assert "not the code" in say(stranger, seat, other_than(sent_code()))
        answer = stranger.get(seat.review.get_absolute_url())
        assert "/sign-in/" in answer["Location"]

    def test_that_of_somebody_else_is_wrong(self, review: Review, seat: Reviewer) -> None:
        by = review.asked_by
        other = assignments.add(review=review, asked=Asked(email="kim@example.org"), by=by)
        ask(Client(), seat)
        ask(Client(), other)
        if sent_code() != re.search(r"\d{6}", str(mail.outbox[0].body))[0]:  # type: ignore[index]
            assert "not the code" in say(Client(), seat, sent_code())

    def test_five_wrong_ones_and_it_is_over(self, seat: Reviewer) -> None:
        client = Client()
        ask(client, seat)
        code = sent_code()
        for _ in range(4):
            assert "not the code" in say(client, seat, other_than(code))
        assert "too often" in say(client, seat, other_than(code))
        assert "no longer valid" in say(client, seat, code)
        assert client.get(f"{guest_links.path(seat)}code/")["Location"] == guest_links.path(seat)
        ask(client, seat)
        assert say(client, seat, sent_code()) == "in"

    def test_what_is_no_code_is_no_try(self, seat: Reviewer) -> None:
        client = Client()
        ask(client, seat)
        for typed in ("", "12345", "1234567", "no", "x" * 300):
            assert say(client, seat, typed)
        seat.refresh_from_db()
        assert seat.code_tries == 0
        assert say(client, seat, f"Your code: {sent_code()}.") == "in"

    def test_it_is_over_after_a_quarter_of_an_hour(self, seat: Reviewer) -> None:
        ask(Client(), seat)
        past = timezone.now() - timedelta(minutes=guest_codes.MINUTES, seconds=1)
        Reviewer.objects.filter(pk=seat.pk).update(code_sent_at=past)
        assert "no longer valid" in say(Client(), seat, sent_code())

    def test_a_new_one_ends_the_one_before(self, seat: Reviewer) -> None:
        ask(Client(), seat)
        code = sent_code()
        ask(Client(), seat)
        if sent_code() != code:
            assert "not the code" in say(Client(), seat, code)
        assert say(Client(), seat, sent_code()) == "in"

    def test_one_mail_a_minute_and_some_a_day(self, seat: Reviewer) -> None:
        client = Client()
        ask(client, seat)
        answer = ask(client, seat, waited=False)
        assert answer.status_code == 422
        assert "a moment ago" in answer.text
        assert "Type the code" in answer.text
        for _ in range(guest_codes.A_DAY + 2):
            answer = ask(client, seat)
        assert "today" in answer.text
        assert len(mail.outbox) == guest_codes.A_DAY
        yesterday = timezone.now() - timedelta(days=1)
        Reviewer.objects.filter(pk=seat.pk).update(code_sent_at=yesterday)
        assert ask(client, seat, waited=False).status_code == 302
        seat.refresh_from_db()
        assert seat.codes_sent == 1

    def test_a_mail_server_that_fails_is_told(self, seat: Reviewer, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        answer = ask(Client(), seat)
        assert answer.status_code == 422
        assert "could not be sent" in answer.text
        seat.refresh_from_db()
        assert not seat.code


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_guesses_are_counted_one_after_the_other(self, seat: Reviewer) -> None:
        ask(Client(), seat)
        wrong = other_than(sent_code())
        answers = at_once(*(lambda: say(Client(), seat, wrong) for _ in range(12)))
        read = [a for a in answers if "not the code" in a or "too often" in a]
        assert len(read) == guest_codes.TRIES
        seat.refresh_from_db()
        assert seat.code_tries == guest_codes.TRIES

    def test_one_code_is_sent(self, seat: Reviewer) -> None:
        answers = at_once(
            *(lambda: ask(Client(), seat, waited=False).status_code for _ in range(4))
        )
        assert sorted(answers) == [302, 422, 422, 422]
        assert len(mail.outbox) == 1

    def test_a_code_opens_one_session(self, seat: Reviewer) -> None:
        ask(Client(), seat)
        answers = at_once(*(lambda: say(Client(), seat, sent_code()) for _ in range(4)))
        assert answers.count("in") == 1


class TestSession:
    def test_it_is_for_one_review(self, seat: Reviewer) -> None:
        client = enter(seat)
        other = builders.review(builders.description(builders.user("hr")), ADDRESS)
        assert client.get(other.get_absolute_url()).status_code == 404
        for name in ("home", "descriptions", "jobs", "reviews", "notifications", "library"):
            assert "/sign-in/" in client.get(reverse(name))["Location"]
        description = seat.review.description.get_absolute_url()
        assert "/sign-in/" in client.get(description)["Location"]

    def test_the_page_has_no_menu_of_the_product(self, seat: Reviewer) -> None:
        page = enter(seat).get(seat.review.get_absolute_url()).text
        assert "Leave" in page
        for address in ("/descriptions/", "/library/", "/sign-out/", 'href="/"'):
            assert address not in page

    def test_it_ends_after_some_hours(
        self, seat: Reviewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = enter(seat)
        later = time.time() + guest_access.HOURS * 3600
        monkeypatch.setattr("roles.web.reviews.guest_access.time.time", lambda: later)
        answer = client.get(seat.review.get_absolute_url(), follow=True)
        assert TITLE not in answer.text
        assert "Open the link in that mail again" in answer.text
        typed = {"kind": "comment", "comment": "What I typed"}
        answer = client.post(reverse("review_say", args=[seat.review.pk]), typed)
        assert answer.status_code == 401
        assert "What I typed" in answer.text
        assert "Open the link in that mail again" in answer.text

    @pytest.mark.parametrize("deed", ["withdraw", "replace", "renew"])
    def test_the_door_closes_at_once(self, review: Review, seat: Reviewer, deed: str) -> None:
        client = enter(seat)
        if deed == "withdraw":
            requests.withdraw(review=review, by=review.asked_by)
        elif deed == "replace":
            asked = Asked(email="kim@example.org")
            assignments.replace(reviewer=seat, asked=asked, reason="Away", by=review.asked_by)
        else:
            assignments.tell_again(reviewer=seat, by=review.asked_by, new_link=True)
        assert client.get(review.get_absolute_url()).status_code == 404

    def test_no_page_takes_many_queries(
        self, seat: Reviewer, django_assert_max_num_queries: Any
    ) -> None:
        client, stranger = enter(seat), Client()
        ask(stranger, seat)
        limits = {"/g/leave/": 1, guest_links.path(seat): 4, f"{guest_links.path(seat)}code/": 4}
        for path, limit in limits.items():
            with django_assert_max_num_queries(limit):
                assert stranger.get(path).status_code == 200
        with django_assert_max_num_queries(6):
            assert client.get(guest_links.path(seat)).status_code == 302

    def test_leaving_forgets_it(self, seat: Reviewer) -> None:
        client = enter(seat)
        assert client.get("/g/leave/").status_code == 200
        assert client.get(seat.review.get_absolute_url()).status_code == 200
        answer = client.post("/g/leave/", follow=True)
        assert "You have left" in answer.text
        assert "/sign-in/" in client.get(seat.review.get_absolute_url())["Location"]

    def test_leaving_signs_no_account_out(self, client_for: Any) -> None:
        client = client_for("hr")
        client.post("/g/leave/")
        assert client.get("/").status_code == 200


class TestAccounts:
    def test_another_account_is_told_whose_link_it_is(
        self, seat: Reviewer, client_for: Any
    ) -> None:
        client = client_for("curator")
        for answer in (client.get(guest_links.path(seat)), client.post(guest_links.path(seat))):
            assert "You are signed in as" in answer.text
            assert "Sign out and use the link" in answer.text
            assert TITLE not in answer.text
        assert not mail.outbox
        owner = client_for(seat.review.asked_by)
        assert "Open the review with your account" in owner.get(guest_links.path(seat)).text

    def test_who_has_an_account_by_now_signs_in(self, seat: Reviewer, client_for: Any) -> None:
        account = builders.user("manager", email=ADDRESS.upper())
        answer = Client().post(guest_links.path(seat))
        assert "Sign in with it" in answer.text
        sign_in = re.findall(r'href="(/sign-in/[^"]*)"', answer.text)[0]
        assert Client().get(sign_in)["Referrer-Policy"] == "strict-origin"
        assert not mail.outbox
        client = client_for(account)
        assert "Review with my account" in client.get(guest_links.path(seat)).text
        seat.refresh_from_db()
        assert seat.is_guest
        answer = client.post(guest_links.path(seat))
        assert answer["Location"] == seat.review.get_absolute_url()
        assert client.get(answer["Location"]).status_code == 200
        token = guest_links.token(seat)
        seat.refresh_from_db()
        assert (seat.user, seat.email, seat.link_key) == (account, "", "")
        assert Client().get(f"/g/{token}/").status_code == 404
        assert Event.objects.filter(verb="review.joined", actor_id=account.pk).exists()

    def test_a_seat_of_their_own_is_enough(self, seat: Reviewer, client_for: Any) -> None:
        account = builders.user("manager")
        by = seat.review.asked_by
        assignments.add(review=seat.review, asked=Asked(user=account), by=by)
        account.email = ADDRESS
        account.save()
        answer = client_for(account).post(guest_links.path(seat))
        assert answer.status_code == 422
        assert "already" in answer.text


class TestLog:
    def test_no_line_holds_a_link(self, seat: Reviewer) -> None:
        (handler,) = [h for h in logging.getLogger("django").handlers if h.filters]
        assert isinstance(handler, logging.StreamHandler)
        former = handler.setStream(io.StringIO())
        level, own = logging.getLogger("jdbuilder").level, logging.getLogger("jdbuilder")
        own.setLevel(logging.INFO)
        own.addHandler(handler)
        try:
            token = guest_links.token(seat)
            Client().get(f"/g/{token}/")
            Client().get(f"/g/{token}a/code/")
            Client(enforce_csrf_checks=True).post(f"/g/{token}/")
        finally:
            written = handler.setStream(former or io.StringIO())
            own.removeHandler(handler)
            own.setLevel(level)
        text = written.getvalue()  # type: ignore[union-attr]
        assert text.count("/g/-/") >= 5
        assert token[2:] not in text
