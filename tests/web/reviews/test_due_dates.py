"""Due dates fall on working days: the proposed one always, a typed one with a note."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from roles.web.shared import dates
from tests import builders
from tests.html import by_id, words
from tests.pages import open_page

FRIDAY = date(2026, 12, 4)


@pytest.mark.parametrize(
    ("locale", "weekdays_off"),
    [
        ("en-us", {5, 6}),
        ("en", {5, 6}),
        ("de-at", {5, 6}),
        ("pt-br", {5, 6}),
        ("ar-eg", {4, 5}),
        ("he-il", {4, 5}),
        ("fa-ir", {4}),
        ("hi-in", {6}),
        ("zh-hans", {5, 6}),
    ],
)
def test_the_weekend_is_that_of_the_locale(locale, weekdays_off, settings) -> None:
    settings.LANGUAGE_CODE = locale
    week = [FRIDAY + timedelta(days=n) for n in range(7)]
    assert {day.weekday() for day in week if dates.is_weekend(day)} == weekdays_off


@pytest.mark.parametrize(
    ("day", "expected"),
    [(4, 4), (5, 7), (6, 7), (7, 7), (8, 8), (11, 11), (12, 14), (13, 14), (26, 28), (31, 31)],
)
def test_the_next_working_day(day, expected) -> None:
    found = dates.next_working_day(date(2026, 12, day))
    assert found == date(2026, 12, expected)


def test_the_last_weekend_of_a_year() -> None:
    assert dates.next_working_day(date(2028, 12, 30)) == date(2029, 1, 1)


def test_a_note_about_a_weekend() -> None:
    note = "The due date is a Saturday. The next working day is Dec. 7, 2026."
    assert dates.weekend_note(date(2026, 12, 5)) == note
    assert dates.weekend_note(date(2026, 12, 7)) == ""
    assert dates.weekend_note(None) == ""


def next_saturday() -> date:
    today = timezone.localdate()
    return today + timedelta(days=(5 - today.weekday()) % 7 + 7)


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize("weekday", range(7))
    def test_the_proposed_date_is_a_working_day(self, client_for, monkeypatch, weekday) -> None:
        client = client_for("hr")
        jd = builders.description(client.user)
        builders.version(jd)
        today = timezone.localdate() + timedelta(days=weekday)
        monkeypatch.setattr(timezone, "localdate", lambda *args: today)
        page = open_page(client, reverse("review_request", args=[jd.reference]))
        due = date.fromisoformat(page.typed("due"))
        assert due.weekday() < 5
        assert timedelta(days=7) <= due - today <= timedelta(days=9)

    @pytest.mark.slow
    def test_a_typed_weekend_is_kept_and_pointed_out(self, client_for) -> None:
        client = client_for("hr")
        jd = builders.description(client.user)
        builders.version(jd)
        page = open_page(client, reverse("review_request", args=[jd.reference]))
        day = next_saturday()
        page = page.press("check", due=day.isoformat())
        assert "The due date is a Saturday." in words(by_id(page.response, "checks"))
        page.press("send", **{"who-0": "kim@example.org"})
        assert jd.reviews.get().due == day

    @pytest.mark.parametrize("typed", ["", "soon", "2026-02-30"])
    def test_other_dates_get_no_note(self, client_for, typed) -> None:
        client = client_for("hr")
        jd = builders.description(client.user)
        builders.version(jd)
        page = open_page(client, reverse("review_request", args=[jd.reference]))
        page = page.press("check", due=typed)
        assert "The due date is a" not in page.text

    def test_another_due_date_on_a_weekend(self, client_for) -> None:
        client = client_for("hr")
        review = builders.review(builders.description(client.user), "kim@example.org")
        url = reverse("review_manage", args=[review.pk])
        sent = {"due": next_saturday().isoformat(), "action": "date"}
        page = client.post(url, sent, follow=True)
        assert "Due date changed. The due date is a Saturday." in page.text
