"""One email for each person, review and quarter of an hour, holding all that happened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from roles.models import JobDescription, Notification, Review
from roles.notifications import delivery
from roles.reviews import assignments, comments, notify, requests, suggestions
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest
from roles.tasks import background
from tests import builders
from tests.notifications.test_delivery import html, pass_time, sent, sent_now
from tests.threads import at_once

pytestmark = pytest.mark.django_db
JOAN = "joan@example.org"
Step = Callable[[Review], object]


@pytest.fixture
def jd() -> JobDescription:
    return builders.description(builders.user("hr", first_name="Ada", last_name="King"))


@pytest.fixture
def review(jd: JobDescription) -> Review:
    """Requested of Tom Ray, who got the email about it a day ago."""
    made = builders.review(jd, builders.user("manager", first_name="Tom", last_name="Ray"))
    sent()
    pass_time(days=1)
    return made


def tom(review: Review) -> Any:
    return review.reviewers.get().user


def comment(review: Review) -> None:
    reader = builders.reader(review, tom(review))
    comments.comment(reader=reader, version=review.description.versions.get(), text="Hm")


def suggest(review: Review) -> None:
    line = review.description.sections.get(kind="summary").lines.get()
    suggestions.suggest(
        reader=builders.reader(review, tom(review)),
        version=review.description.versions.get(),
        proposal=suggestions.Proposal(
            kind="reword", section=line.section.uid, line=line.uid, text="Other words."
        ),
    )


def decide(review: Review) -> None:
    builders.decision(review, tom(review), "ask_for_changes", "No")


def reply(review: Review) -> None:
    """The author writes to Tom."""
    notify.notify(review, "review.commented", [tom(review)], Actor(user=review.requested_by))


def remind(review: Review) -> None:
    assignments.remind(reviewer=review.reviewers.get(), by=review.requested_by)


def overdue(review: Review) -> None:
    notify.notify(review, "review.overdue", list(review.reviewers.all()), is_urgent=True)


def late(review: Review) -> None:
    notify.notify(review, "review.late", [review.requested_by], is_urgent=True)


# What happens at which minute, and the minutes at which an email is sent, with its sentences.
TIMELINES: dict[str, tuple[list[tuple[int, Step]], dict[int, int]]] = {
    "one comment waits for what follows": ([(0, comment)], {15: 1}),
    "comments within the quarter are one email": (
        [(0, comment), (5, comment), (14, comment)],
        {15: 1},
    ),
    "comment, suggestion and decision are one email": (
        [(0, comment), (1, suggest), (2, decide)],
        {15: 3},
    ),
    "a comment after the quarter is the next email": (
        [(0, comment), (16, comment)],
        {15: 1, 30: 1},
    ),
    "a request goes at once": ([(0, remind)], {0: 1}),
    "what follows a request waits for its quarter": (
        [(0, remind), (5, reply), (12, reply)],
        {0: 1, 15: 1},
    ),
    "a request takes along what was waiting": ([(0, reply), (5, remind)], {5: 2}),
    "a second request waits for the quarter": ([(0, remind), (3, remind)], {0: 1, 15: 1}),
    "an overdue reminder goes at once": ([(0, overdue)], {0: 1}),
    "the author’s reminder takes along what was waiting": ([(0, comment), (9, late)], {9: 2}),
    "comments long after a request": ([(0, remind), (40, reply)], {0: 1, 55: 1}),
}


@pytest.mark.parametrize(("steps", "expected"), TIMELINES.values(), ids=TIMELINES.keys())
def test_the_emails_of_an_hour(
    review: Review, steps: list[tuple[int, Step]], expected: dict[int, int]
) -> None:
    emails = {}
    for minute in range(60):
        for _at, step in (one for one in steps if one[0] == minute):
            step(review)
        if found := sent_now():
            assert len(found) == 1
            emails[minute] = str(found[0].body).count("Account manager”")
        pass_time(minutes=1)
    assert emails == expected
    assert not Notification.objects.filter(emailed_at=None).exists()


def test_people_and_reviews_have_quarters_of_their_own(jd: JobDescription) -> None:
    builders.review(jd, JOAN, "kim@example.org")
    builders.review(builders.description(jd.owner), JOAN)
    assert sorted(message.to[0] for message in sent_now()) == [JOAN, JOAN, "kim@example.org"]


def test_a_new_link_goes_at_once_because_the_old_one_is_dead(jd: JobDescription) -> None:
    review = builders.review(jd, JOAN)
    assert len(sent_now()) == 1
    row = builders.reviewer_row(review, JOAN)
    assignments.remind(reviewer=row, by=jd.owner)
    assert not sent_now()
    assignments.remind(reviewer=row, by=jd.owner, new_link=True)
    assert len(sent_now()) == 1


def test_what_was_not_worth_an_email_opens_no_quarter(jd: JobDescription) -> None:
    """The first request was withdrawn from a reviewer before its email."""
    review = builders.review(jd, JOAN, "kim@example.org")
    builders.decision(review, "kim@example.org")
    Review.objects.update(state="withdrawn")
    assert JOAN not in [message.to[0] for message in sent_now()]
    Review.objects.update(state="open")
    assignments.remind(reviewer=builders.reviewer_row(review, JOAN), by=jd.owner)
    assert [message.to[0] for message in sent_now()] == [JOAN]


def test_a_failed_email_opens_no_quarter(review: Review, settings: Any) -> None:
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    remind(review)
    delivery.send_waiting()
    settings.EMAIL_BACKEND = works
    pass_time(minutes=2)
    assert len(sent_now()) == 1


def test_a_process_killed_before_the_quarter_ends_loses_nothing(review: Review) -> None:
    comment(review)
    assert not sent_now()
    comment(review)
    Notification.objects.filter(emailed_at=None).update(lease="killed")
    pass_time(minutes=16)
    assert not sent_now()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Notification.objects.filter(lease="killed").update(lease_expires_at=an_hour_ago)
    pass_time(minutes=1)
    (message,) = sent_now()
    assert "(2 times)" in message.body


def test_another_process_is_sending_to_the_same_person(review: Review) -> None:
    remind(review)
    Notification.objects.filter(emailed_at=None).update(
        lease="another", lease_expires_at=timezone.now() + timedelta(minutes=1)
    )
    remind(review)
    assert not sent_now()


def test_the_web_process_wakes_at_the_end_of_the_quarter(
    review: Review, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKGROUND = "web"
    times: list[Any] = []
    monkeypatch.setattr(background._email, "wake_at", times.append)
    comment(review)
    assert background.send_email() is False
    assert timedelta(minutes=14) < times[-1] - timezone.now() <= timedelta(minutes=15)
    pass_time(minutes=16)
    assert background.send_email() is False
    assert times[-1] is None
    assert len(mail.outbox) == 2


@pytest.mark.slow
def test_a_thread_wakes_at_the_time_set_last() -> None:
    looks = threading.Event()

    def look() -> bool:
        looks.set()
        return False

    thread = background.BackgroundThread("test", look)
    thread.wake_at(timezone.now() + timedelta(hours=1))
    assert not looks.wait(0.1)
    thread.wake_at(timezone.now() + timedelta(milliseconds=100))
    assert looks.wait(5)
    looks.clear()
    thread.wake_at(timezone.now() + timedelta(milliseconds=200))
    thread.wake_at(None)
    assert not looks.wait(0.5)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_four_processes_send_a_person_one_email_for_a_quarter(jd: JobDescription) -> None:
    review = builders.review(jd, JOAN)
    row = builders.reviewer_row(review, JOAN)

    def work() -> None:
        for _ in range(3):
            assignments.remind(reviewer=row, by=jd.owner)
            delivery.send_waiting()

    mail.outbox.clear()
    outcomes = at_once(*[work] * 4)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    Notification.objects.filter(try_at__lt=timezone.now() + timedelta(minutes=1)).update(
        try_at=timezone.now()
    )
    delivery.send_waiting()
    assert [message.to for message in mail.outbox] == [[JOAN]]
    assert len(sent()) == 1


class TestRequest:
    """What the email that asks for a review says."""

    def test_an_approver_of_everything(self, jd: JobDescription) -> None:
        builders.review(jd, JOAN, note="Check the pay.\nIt’s <new>.")
        (message,) = sent_now()
        assert message.subject == "Approval requested: Account manager"
        for text in (
            "Ada King asked you to approve version 1 of “Account manager”.",
            "Your role: Approver. The version needs your approval.",
            "Sections: All sections, including pay",
            "Note from Ada King:",
            "Check the pay.\nIt’s <new>.",
        ):
            assert text in message.body
        assert "Check the pay.<br>It’s &lt;new&gt;." in html(message)
        assert "<b>Approver. The version needs your approval.</b>" in html(message)
        assert "Due" not in message.body

    def test_a_commenter_on_some_sections_with_a_due_date(self, jd: JobDescription) -> None:
        uids = tuple(jd.sections.order_by("position").values_list("uid", flat=True)[:2])
        headings = list(jd.sections.order_by("position").values_list("heading", flat=True))
        due = timezone.localdate() + timedelta(days=3)
        dana = ReviewerRequest(email="dana@example.org", role="commenter", sections=uids)
        builders.review(jd, JOAN, dana, due=due)
        by_address = {message.to[0]: message for message in sent_now()}
        message = by_address["dana@example.org"]
        assert message.subject.startswith("Comments due ")
        assert message.subject.endswith(": Account manager")
        assert "Ada King asked you to comment on version 1 of “Account manager”." in message.body
        assert "Your role: Commenter." in message.body
        assert f"Sections: {headings[0]}, {headings[1]}\n" in message.body
        assert headings[2] not in message.body
        assert "Due: " in message.body
        assert "Note from" not in message.body

    def test_the_second_round_has_its_own_note_and_the_changed_sections(
        self, jd: JobDescription
    ) -> None:
        review = builders.review(jd, JOAN, "kim@example.org", note="The first note.")
        builders.decision(review, JOAN)
        sent()
        summary = jd.sections.get(kind="summary")
        builders.add_line(jd, summary.uid, "You sell.")
        version = builders.version(jd)
        requests.next_round(review=review, version=version, by=jd.owner, note="One sentence more.")
        message = next(message for message in sent() if message.to == [JOAN])
        assert f"Sections: {summary.heading}\n" in message.body
        assert "One sentence more." in message.body
        assert "The first note." not in message.body

    def test_a_digest_has_the_details_too(self, jd: JobDescription) -> None:
        builders.review(jd, builders.user("manager", email_frequency="daily"), note="Check pay.")
        mail.outbox.clear()
        call_command("send_digests", verbosity=0)
        (message,) = mail.outbox
        assert "Your role: Approver." in message.body
        assert "Check pay." in message.body
        assert "Check pay." in html(message)

    def test_a_comment_has_no_text_and_no_details(self, review: Review) -> None:
        comment(review)
        (message,) = sent()
        assert "Hm" not in message.body
        assert "Your role" not in message.body


def test_a_link_opens_at_the_feedback(review: Review) -> None:
    comment(review)
    (message,) = sent()
    thread = review.threads.get()
    assert f"{review.get_absolute_url()}#thread-{thread.pk}" in message.body
    decide(review)
    (message,) = sent()
    assert f"{review.get_absolute_url()}suggestions/#open-feedback" in message.body
