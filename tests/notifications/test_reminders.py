"""Reminders and daily digests: who gets them, when, and never twice."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from roles.models import JobDescription, Notification, Review, Reviewer, Rollout, User
from roles.notifications import digests, inbox, notification_messages, reminders
from roles.reviews import requests
from tests import builders

pytestmark = pytest.mark.django_db


def day(offset: int = 0):
    return timezone.localdate() + timedelta(days=offset)


def reminded(offset: int) -> list[tuple[str, str]]:
    """Returns the reminders of a run on that day: verb and kind of recipient."""
    return [(one.verb, one.recipient.split()[0]) for one in reminders.send_reminders(day(offset))]


def run(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture
def manager(db):
    return builders.user("manager")


@pytest.fixture
def review(manager):
    """Due in ten days."""
    return builders.review(builders.description(), manager, due=day(10))


class TestReminders:
    @pytest.mark.slow
    def test_reminder_days_of_a_reviewer(self, review):
        soon = [n for n in range(26) if ("review.due_soon", "reviewer") in reminded(n)]
        assert soon == [8]
        Reviewer.objects.update(reminded_on=None)
        Notification.objects.all().delete()
        late = [n for n in range(11, 36) if ("review.overdue", "reviewer") in reminded(n)]
        assert late == [11, 14, 17, 20, 23]

    def test_a_missed_run_is_repeated(self, review):
        assert reminded(7) == []
        assert reminded(9) == [("review.due_soon", "reviewer")]
        assert reminded(9) == reminded(10) == []
        assert reminded(13)[0] == ("review.overdue", "reviewer")
        assert ("review.overdue", "reviewer") in reminded(14)

    @pytest.mark.slow
    def test_authors_are_reminded_when_overdue_and_before_closing(self, review, manager):
        verbs_by_day = {
            n: [v for v, recipient in reminded(n) if recipient == "account"] for n in range(8, 41)
        }
        assert {n: verbs for n, verbs in verbs_by_day.items() if verbs} == {
            11: ["review.late"],
            17: ["review.late"],
            37: ["review.expiring"],
        }
        assert set(
            Notification.objects.filter(verb="review.late").values_list("user", flat=True)
        ) == {review.requested_by_id}

    def test_no_reminder_after_a_decision_or_a_new_request(self, review, manager):
        other = builders.user("hr")
        requests.reschedule(review=review, due=day(2), by=review.requested_by)
        assert reminded(0) == []  # requested today
        builders.decision(review, manager, "ask_for_changes", "No")
        assert reminded(1) == []
        second = builders.review(builders.description(), other, due=day(1))
        requests.withdraw(review=second, by=second.requested_by)
        assert reminded(2) == []

    def test_a_new_due_date_restarts_reminders(self, review):
        assert reminded(11)
        requests.reschedule(review=review, due=day(20), by=review.requested_by)
        assert reminded(12) == []
        assert reminded(18) == [("review.due_soon", "reviewer")]
        assert ("review.late", "account") in reminded(21)

    def test_the_command_reports_and_emails(self, review, manager):
        Reviewer.objects.update(waiting_since=timezone.now() - timedelta(days=20))
        Review.objects.update(due=day(-1))
        Notification.objects.update(emailed_at=timezone.now())
        output = ["review.late: 1", "review.overdue: 1", "Reminders: 2"]
        assert run("send_reminders").splitlines() == output
        assert {to for one in mail.outbox for to in one.to} == {
            manager.email,
            review.requested_by.email,
        }
        assert "overdue" in mail.outbox[0].subject
        assert run("send_reminders") == "Reminders: 0\n"
        assert len(mail.outbox) == 2

    @pytest.mark.parametrize(
        ("choice", "goes"), [("now", "now"), ("daily", "now"), ("none", "none")]
    )
    def test_overdue_reminders_are_emailed_now_unless_email_is_off(
        self, review, manager, choice, goes
    ):
        inbox.set_email_frequency(user=manager, frequency=choice)
        reminded(11)
        assert Notification.objects.get(user=manager, verb="review.overdue").email_frequency == goes

    def test_a_closed_account_is_not_reminded(self, review, manager):
        User.objects.filter(pk=manager.pk).update(is_active=False)
        assert [recipient for _verb, recipient in reminded(11)] == ["account"]

    def test_a_rollout_has_one_reminder_for_all_its_reviews(self, manager):
        hr = builders.user("hr")
        snippet = builders.snippet()
        rollout = Rollout.objects.create(
            revision=snippet.revisions.get(), by=hr, approver=manager, due=day(10)
        )
        for title in ("Account manager", "Warehouse lead"):
            jd = builders.description(hr, title)
            builders.review(jd, manager, due=day(10), rollout=rollout)
        assert reminded(8) == [("rollout.due_soon", "account")]
        assert reminded(8) == []
        reminders = reminded(11)
        assert sorted(reminders) == [("rollout.late", "account"), ("rollout.overdue", "account")]
        assert (
            "was due"
            in notification_messages.message(Notification.objects.latest("pk"), "").sentence
        )


class TestDigests:
    @pytest.fixture
    def daily(self, manager):
        inbox.set_email_frequency(user=manager, frequency="daily")
        manager.refresh_from_db()
        return manager

    @pytest.fixture
    def two_reviews(self, daily):
        """Two reviews with this person as reviewer."""
        titles = ("Account manager", "Warehouse lead")
        return [builders.review(builders.description(title=title), daily) for title in titles]

    def test_one_email_with_all_notifications_as_text_and_html(self, two_reviews, daily):
        builders.review(builders.description(title="Not theirs"), builders.user("manager"))
        assert run("send_digests") == "Digests sent: 1\n"
        (sent,) = mail.outbox
        assert isinstance(sent, mail.EmailMultiAlternatives)
        assert sent.to == [daily.email]
        assert sent.subject == "Daily digest: 2 new notifications"
        for body in (str(sent.body), str(sent.alternatives[0][0])):
            for one in two_reviews:
                assert one.get_absolute_url() in body
            assert "Account manager" in body
            assert "Warehouse lead" in body
            assert "Not theirs" not in body
        run("send_digests")
        assert len(mail.outbox) == 1

    def test_closed_reviews_and_read_notifications_are_left_out(self, two_reviews, daily):
        first, second = two_reviews
        requests.withdraw(review=first, by=first.requested_by)
        Notification.objects.filter(review=second).update(read_at=timezone.now())
        run("send_digests")
        sent = "".join(str(one.body) for one in mail.outbox)
        assert "Warehouse lead" not in sent
        assert first.get_absolute_url() not in sent

    def test_inaccessible_job_descriptions_are_left_out(self, daily):
        hr = builders.user("hr")
        inbox.set_email_frequency(user=hr, frequency="daily")
        review = builders.review(builders.description(hr), daily)
        builders.decision(review, daily, "ask_for_changes", "No")
        JobDescription.objects.update(owner=builders.user("hr"), confidential=True)
        run("send_digests")
        assert [one.to for one in mail.outbox if one.to == [hr.email]] == []

    def test_a_failed_digest_is_sent_by_the_next_run(self, two_reviews, daily, monkeypatch):
        monkeypatch.setattr(mail.EmailMessage, "send", lambda self, **_: 1 / 0)
        with pytest.raises(CommandError, match="could not be sent: 1"):
            run("send_digests")
        monkeypatch.undo()
        assert run("send_digests") == "Digests sent: 0\n"  # not emailed now
        Notification.objects.update(try_at=timezone.now())
        assert run("send_digests") == "Digests sent: 1\n"

    def test_two_simultaneous_runs_send_one_digest(self, two_reviews, daily):
        first, second = digests.send(), digests.send()
        assert [one.count for one in (*first, *second)] == [2]

    def test_a_new_frequency_applies_to_unsent_notifications(self, two_reviews, daily):
        inbox.set_email_frequency(user=daily, frequency="none")
        run("send_digests")
        assert mail.outbox == []
