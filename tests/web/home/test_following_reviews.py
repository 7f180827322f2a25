"""Following reviews: lists with pending reviewers, the home page, notifications, activity."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from roles.models import Event, JobDescription, Notification, Review, Reviewer
from roles.reviews import assignments, comments, decisions, requests, suggestions
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest
from roles.versions import effective_periods
from tests import builders
from tests.html import by_id, find, links, words

pytestmark = pytest.mark.django_db


def day(offset: int = 0):
    return timezone.localdate() + timedelta(days=offset)


def plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def main(client, url: str) -> str:
    """Returns the main content of the page as one line of text."""
    text = client.get(url).text
    return plain(text[text.index("<main") :])


def table(client, url: str) -> list[str]:
    """Returns the rows of the list, each as one line of text."""
    text = client.get(url).text
    match = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    return [plain(row) for row in re.findall(r"<tr>.*?</tr>", match[1], re.DOTALL)] if match else []


def make_pending_for(review: Review, days: int) -> None:
    """Makes the review pending since this number of days."""
    since = timezone.now() - timedelta(days=days)
    review.reviewers.exclude(waiting_since=None).update(waiting_since=since)


@pytest.fixture
def reviewer(client_for):
    """Someone without a group."""
    return client_for("no_group")


@pytest.fixture
def jd(db):
    return builders.description(builders.user("hr", first_name="Olive"), "Account manager")


@pytest.fixture
def review(jd, reviewer):
    return builders.review(jd, reviewer.user, "kim@example.org", due=day(5), note="Check pay.")


@pytest.fixture
def author(client_for, jd):
    return client_for(jd.owner)


class TestListOfReviews:
    def test_reviewers_find_their_reviews_in_the_menu_and_list(self, reviewer, review):
        assert '<a href="/reviews/">' in reviewer.get("/").text
        (row,) = table(reviewer, "/reviews/")
        assert row.startswith("Account manager ACC-0001 Needs your review (since today) 1 Olive")
        assert "kim@example.org" not in row  # reviewers don't see other reviewers

    @pytest.mark.slow
    def test_authors_see_pending_reviewers_and_for_how_long(self, author, review, reviewer):
        make_pending_for(review, 3)
        (row,) = table(author, "/reviews/")
        assert f"Awaiting {reviewer.user}, kim@example.org (for 3 days)" in row
        builders.decision(review, reviewer.user, "ask_for_changes", "No")
        assert (
            "Awaiting kim@example.org (for 3 days) Changes requested"
            in table(author, "/reviews/")[0]
        )
        assignments.remove(
            reviewer=builders.reviewer_row(review, "kim@example.org"),
            reason="",
            by=review.requested_by,
        )
        assert "Needs your changes (since today)" in table(author, "/reviews/")[0]

    def test_commenters_are_asked_but_never_awaited(self, author, reviewer, jd):
        approver = builders.user("hr")
        review = builders.review(
            jd, approver, ReviewerRequest(user=reviewer.user, role="commenter")
        )
        assert f"Awaiting {approver} (since today)" in table(author, "/reviews/")[0]
        builders.decision(review, approver, "ask_for_changes", "No")
        assert "Needs your changes" in table(author, "/reviews/")[0]
        assert "Needs your review" in table(reviewer, "/reviews/")[0]

    @pytest.mark.slow
    def test_the_filters(self, author, review, reviewer, jd):
        other = builders.review(builders.description(jd.owner, "Warehouse lead"), reviewer.user)
        requests.withdraw(review=other, by=jd.owner)
        Review.objects.filter(pk=review.pk).update(due=day(-2))

        def titles(client, query):
            return [row.split(" ACC")[0] for row in table(client, f"/reviews/?{query}")]

        assert titles(author, "") == ["Account manager"]
        assert titles(author, "show=mine") == ["Account manager"]
        assert titles(author, "show=waiting") == []
        assert titles(reviewer, "show=waiting") == ["Account manager"]
        assert titles(author, "show=overdue&q=acc-0001") == ["Account manager"]
        assert titles(author, "show=ended") == ["Warehouse lead"]
        assert titles(reviewer, "show=all") == ["Account manager"]  # a withdrawn review is hidden
        assert titles(author, "show=all&sort=-title") == ["Warehouse lead", "Account manager"]
        assert titles(author, "q=zebra") == []
        assert "Overdue (due" in table(author, "/reviews/")[0]

    @pytest.mark.parametrize(
        ("query", "title"),
        [
            ("programme", "Program Organizer"),
            ("orsted", "Ørsted Liaison"),
            ("管理", "客户管理经理"),
            ("C#", "C# Developer"),
            ("followup", "Follow-Up Nurse"),
        ],
    )
    def test_titles_are_searched_by_words(self, author, query, title):
        for other in (title, "Care Worker"):
            builders.review(builders.description(author.user, other), builders.user("hr"))
        rows = table(author, f"/reviews/?{urlencode({'q': query})}")
        assert [row.startswith(title) for row in rows] == [True]

    def test_reviews_pending_for_the_viewer_come_first(self, client_for, jd, reviewer):
        builders.review(jd, builders.user("hr"), due=day(1))
        later = builders.description(jd.owner, "Warehouse lead")
        hr = client_for("hr")
        builders.review(later, hr.user, due=day(9))
        assert [row.split(" ACC")[0] for row in table(hr, "/reviews/")] == [
            "Warehouse lead",
            "Account manager",
        ]

    def test_the_title_is_that_of_the_version(self, author, reviewer, review, jd):
        JobDescription.objects.filter(pk=jd.pk).update(title="Something secret")
        assert table(reviewer, "/reviews/")[0].startswith("Account manager")
        assert table(reviewer, "/reviews/?q=secret") == []

    @pytest.mark.slow
    def test_expired_and_confidential_reviews_are_hidden(self, reviewer, client_for, review):
        Review.objects.update(expires=day(-1))
        assert table(reviewer, "/reviews/") == []
        author = client_for(review.requested_by)
        assert "Needs your attention Expired" in table(author, "/reviews/?show=waiting")[0]
        assert "Expired" in main(author, "/")
        JobDescription.objects.update(confidential=True)
        assert table(client_for("hr"), "/reviews/") == []


class TestListOfJobDescriptions:
    def test_the_status_shows_pending_reviewers(self, author, review, reviewer):
        make_pending_for(review, 2)
        Review.objects.update(due=day(-1))
        (row,) = table(author, "/descriptions/")
        assert (
            f"In review Awaiting {reviewer.user}, kim@example.org (for 2 days) Overdue (due" in row
        )

    @pytest.mark.slow
    def test_the_filter(self, author, client_for, review, reviewer, jd):
        builders.description(jd.owner, "Not in review")
        hr = client_for("hr")

        def count(client, value):
            return len(table(client, f"/descriptions/?waiting={value}"))

        assert [count(author, v) for v in ("any", "me", "author", "overdue")] == [1, 0, 0, 0]
        assert count(author, f"user-{reviewer.user.pk}") == 1
        for who in (reviewer.user, "kim@example.org"):
            builders.decision(review, who, "ask_for_changes", "No")
        Review.objects.update(due=day(-1))
        assert [count(author, v) for v in ("any", "me", "author", "overdue")] == [1, 1, 1, 1]
        assert count(hr, "me") == 0


class TestHome:
    def test_pending_reviews_come_first(self, reviewer, review, jd):
        page = reviewer.get("/")
        section = find(page, "section")[0]
        assert section.get("aria-labelledby") == "reviewing"
        for said in ("Account manager", "ACC-0001", "Olive", "Check pay."):
            assert said in words(section)
        assert review.get_absolute_url() in links(section)

    def test_sections_and_overdue_dates_are_shown(self, client_for, jd):
        client = client_for("manager")
        uid = jd.sections.get(kind="summary").uid
        builders.review(
            jd, builders.user("hr"), ReviewerRequest(user=client.user, sections=(uid,)), due=day()
        )
        Review.objects.update(due=day(-1))
        page = client.get("/")
        assert find(page, class_="home-overdue")
        assert jd.sections.get(kind="summary").heading in words(by_id(page, "main"))

    @pytest.mark.slow
    def test_authors_see_reviews_that_need_attention(self, author, reviewer, review, jd):
        assert not find(author.get("/"), id="author-reviews")
        builders.decision(review, reviewer.user, "ask_for_changes", "No")
        line = jd.sections.get(kind="summary").lines.get()
        suggestions.suggest(
            reader=builders.reader(review, reviewer.user),
            version=jd.versions.get(),
            proposal=suggestions.Proposal(
                kind="reword", section=line.section.uid, line=line.uid, text="Other words."
            ),
        )
        page = author.get("/")
        [attention] = find(page, "section", aria_labelledby="author-reviews")
        assert "1 suggestion" in words(attention)
        assert "kim@example.org" in words(attention)
        [writing] = find(page, "section", aria_labelledby="writing")
        assert find(writing, class_="status-in_review")
        assert "kim@example.org" in words(writing)
        requests.withdraw(review=review, by=jd.owner)
        assert not find(author.get("/"), id="author-reviews")

    @pytest.mark.slow
    def test_feedback_to_an_approved_version(self, author, jd):
        """Comments to answer are counted until they are resolved."""
        manager = builders.user("manager")
        review = builders.review(jd, manager)
        reader = builders.reader(review, manager)
        thread = comments.comment(reader=reader, version=jd.versions.get(), text="Why so?")
        builders.decision(review, manager)
        finish = reverse("wizard_step", args=[jd.reference, "finish"])
        assert links(author.get("/"))[finish] == "1 suggestion or comment to answer"
        comments.resolve(reader=builders.reader(review, jd.owner), thread=thread)
        assert finish not in links(author.get("/"))

    @pytest.mark.slow
    def test_approved_versions_that_are_not_current(self, author, jd):
        manager = builders.user("manager")
        review = builders.review(jd, manager)
        builders.decision(review, manager)
        make_current = reverse("version_make_current", args=[jd.reference, 1])
        assert make_current in links(author.get("/"))
        assert "to answer" not in words(author.get("/"))
        effective_periods.make_effective(version=jd.versions.get(), since=day(9), by=jd.owner)
        assert make_current not in links(author.get("/"))


class TestNotifications:
    def test_opening_a_notification_marks_it_as_read(self, reviewer, review):
        assert "Notifications, 1 unread" in reviewer.get("/reviews/").text
        assert "asked you to approve version 1 of “Account manager”" in main(
            reviewer, "/notifications/"
        )
        row = Notification.objects.get(user=reviewer.user)
        response = reviewer.get(reverse("notification", args=[row.pk]))
        assert response.headers["Location"] == review.get_absolute_url()
        assert "unread" not in reviewer.get("/reviews/").text

    def test_opening_the_review_marks_its_notifications_as_read(self, reviewer, review):
        text = reviewer.get(review.get_absolute_url()).text
        assert "1 unread" not in text

    def test_a_comment_notification_links_to_its_thread(self, author, reviewer, review, jd):
        reader = builders.reader(review, reviewer.user)
        thread = comments.comment(reader=reader, version=jd.versions.get(), text="Hm")
        row = Notification.objects.get(user=jd.owner, verb="review.commented")
        response = author.get(reverse("notification", args=[row.pk]))
        assert response.headers["Location"].endswith(f"#thread-{thread.pk}")

    @pytest.mark.slow
    def test_notifications_are_grouped_by_review(self, author, reviewer, review, jd):
        other = builders.review(builders.description(jd.owner, "Warehouse lead"), reviewer.user)
        for one in (review, other, review):
            builders.decision(one, reviewer.user, "ask_for_changes", "No")
        text = author.get("/notifications/").text
        assert re.findall(r'<h2 id="group-\d">([^<]+?) <', text) == [
            "Account manager",
            "Warehouse lead",
        ]
        until = Notification.objects.latest("pk").pk
        author.post("/notifications/", {"until": until, "review": review.pk})
        assert "Notifications, 1 unread" in author.get("/notifications/").text
        assert "Warehouse lead" in main(author, "/notifications/?show=unread")
        assert "Account manager" not in main(author, "/notifications/?show=unread")

    def test_only_notifications_on_the_page_are_marked_as_read(self, author, reviewer, review):
        builders.decision(review, reviewer.user, "ask_for_changes", "No")
        shown = Notification.objects.latest("pk").pk
        builders.decision(review, "kim@example.org", "ask_for_changes", "No")
        author.post("/notifications/", {"until": shown})
        assert "Notifications, 1 unread" in author.get("/notifications/").text
        for junk in ("x", "9" * 30, ""):
            assert (
                author.post("/notifications/", {"until": junk, "review": junk}).status_code == 302
            )

    def test_notifications_about_an_inaccessible_review_reveal_nothing(self, reviewer, review, jd):
        requests.withdraw(review=review, by=jd.owner)
        [group] = find(reviewer.get("/notifications/"), class_="notification-group")
        assert len(find(group, "li")) == Notification.objects.filter(user=reviewer.user).count()
        assert not links(group)
        page = main(reviewer, "/notifications/")
        for secret in ("Account manager", "ACC-0001", "Olive"):
            assert secret not in page
        row = Notification.objects.filter(user=reviewer.user)[0]
        response = reviewer.get(reverse("notification", args=[row.pk]))
        assert response.headers["Location"] == "/notifications/"

    def test_notifications_of_others_are_not_found(self, client_for, review):
        row = Notification.objects.all()[0]
        assert client_for("admin").get(reverse("notification", args=[row.pk])).status_code == 404

    def test_email_preferences(self, reviewer, review):
        assert re.search(r'value="now"[^>]* checked', reviewer.get("/notifications/email/").text)
        assert (
            reviewer.post("/notifications/email/", {"email_frequency": "weekly"}).status_code == 422
        )
        assert (
            reviewer.post("/notifications/email/", {"email_frequency": "daily"}).status_code == 302
        )
        assert re.search(r'value="daily"[^>]* checked', reviewer.get("/notifications/email/").text)
        reviewer.user.refresh_from_db()
        frequency = reviewer.user.get_email_frequency_display()
        assert f": {frequency}." in main(reviewer, "/notifications/")

    @pytest.mark.slow
    def test_the_number_of_queries_does_not_grow(self, author, reviewer, review, jd):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                author.get("/notifications/")
            return len(captured)

        builders.decision(review, reviewer.user, "ask_for_changes", "No")
        few = queries()
        for title in ("One", "Two", "Three"):
            other = builders.review(builders.description(jd.owner, title), reviewer.user)
            builders.decision(other, reviewer.user, "ask_for_changes", "No")
        assert queries() == few


class TestHistory:
    def entries(self, client, jd):
        text = client.get(f"{jd.get_absolute_url()}history/").text
        return [plain(e) for e in re.findall(r"<li>\s*<svg.*?</svg>(.*?)</li>", text, re.DOTALL)]

    def test_events_of_a_review(self, author, reviewer, review, jd):
        kim = builders.reviewer_row(review, "kim@example.org")
        version = jd.versions.get()
        for text in ("Hm", "Well"):
            comments.comment(
                reader=builders.reader(review, reviewer.user), version=version, text=text
            )
        decisions.decide(
            reviewer=kim, round=1, kind="ask_for_changes", text="No", by=Actor(reviewer=kim)
        )
        decisions.record_elsewhere(
            reviewer=builders.reviewer_row(review, reviewer.user),
            round=1,
            kind="approve",
            reason="By phone",
            by=jd.owner,
        )
        requests.reschedule(review=review, due=day(20), by=jd.owner)
        requests.withdraw(review=review, by=jd.owner)
        beginnings = (
            "Withdrew the review Olive",
            "Changed the due date of the review to ",
            f"Recorded that {reviewer.user} approved version 1 Olive",
            "Requested changes to version 1 kim@example.org",
            f"Posted 2 comments {reviewer.user}",
            f"Sent version 1 for review Reviewers: {reviewer.user}, kim@example.org. Due",
        )
        messages = self.entries(author, jd)
        for entry, beginning in zip(messages, beginnings, strict=False):
            assert entry.startswith(beginning)
        assert len(messages) > len(beginnings)


class TestActivity:
    def entries(self, client, query=""):
        text = client.get(f"/activity/?{query}").text
        return [plain(e) for e in re.findall(r"<li>\s*<svg.*?</svg>(.*?)</li>", text, re.DOTALL)]

    def test_newest_actions_on_visible_job_descriptions(self, client_for, author, review, jd):
        secret = builders.description(title="Secret", confidential=True)
        builders.version(secret)
        messages = self.entries(client_for("hr"))
        assert messages[0].startswith("Account manager ACC-0001 Sent version 1 for review")
        assert messages[1].startswith("Account manager ACC-0001 Saved version 1")
        assert messages[2].startswith("Account manager ACC-0001 Edited the draft 1 change ")
        assert not any("Secret" in entry for entry in messages)
        assert self.entries(client_for("manager")) == []

    def test_departments_limit_it(self, client_for, jd):
        JobDescription.objects.update(department=builders.department("Sales"))
        client = client_for("hr")
        client.user.departments.add(builders.department("Legal"))
        assert self.entries(client) == []

    @pytest.mark.slow
    def test_the_filters(self, client_for, author, review, reviewer, jd):
        hr = client_for("hr")
        builders.description(hr.user, "Warehouse lead")
        builders.decision(review, reviewer.user, "ask_for_changes", "No")
        assert len(self.entries(hr, "q=warehouse")) == 2
        assert len(self.entries(hr, f"by={jd.owner.pk}")) == 4
        assert len(self.entries(hr, f"by={reviewer.user.pk}&kind=reviews")) == 1
        assert len(self.entries(hr, "kind=drafts")) == 2
        Event.objects.filter(verb="draft.changed", chain=jd.reference).update(
            at=timezone.now() - timedelta(days=3)
        )
        assert len(self.entries(hr, f"to={day(-1)}")) == 1
        assert len(self.entries(hr, f"since={day(-4)}&to={day(-2)}&kind=drafts")) == 1
        assert len(self.entries(hr, f"since={day(-2)}&kind=drafts")) == 1
        assert "The end date is before the start date." in main(
            hr, f"/activity/?since={day()}&to={day(-1)}"
        )
        for junk in ("by=x", "kind=x", "since=x", "page=x", "to=99999-01-01", "q=%00"):
            assert hr.get(f"/activity/?{junk}").status_code == 200
        for never in ("to=9999-12-31", "since=0001-01-01"):
            assert hr.get(f"/activity/?{never}").status_code == 200

    def test_actors_of_invisible_job_descriptions_are_not_offered(self, client_for, jd, reviewer):
        manager = client_for(builders.user("manager", first_name="Mo"))
        jd.hiring_managers.add(manager.user)
        builders.description(builders.user("hr", first_name="Hidden"), "Warehouse lead")
        builders.review(jd, reviewer.user)
        builders.decision(jd.reviews.get(), reviewer.user)
        page = manager.get("/activity/").text
        assert f'value="{reviewer.user.pk}"' in page
        assert "Hidden" not in page

    def test_edits_are_grouped_by_person(self, client_for, jd):
        other = builders.user("hr")
        uid = jd.sections.all()[0].uid
        for by in (jd.owner, other, other, jd.owner):
            builders.add_line(jd, uid, "One more.", by=by)
        messages = [
            entry.partition(" · ")[0] for entry in self.entries(client_for("hr"), "kind=drafts")
        ]
        assert [entry.removeprefix("Account manager ACC-0001 ") for entry in messages] == [
            "Edited the draft 1 change Olive",
            f"Edited the draft 2 changes {other}",
            "Edited the draft 2 changes Olive",
        ]

    def test_guests_are_shown_by_name(self, author, review):
        kim = builders.reviewer_row(review, "kim@example.org")
        Reviewer.objects.filter(pk=kim.pk).update(name="Kim")
        decisions.decide(reviewer=kim, round=1, kind="approve", text="", by=Actor(reviewer=kim))
        assert "Approved version 1 Kim" in self.entries(author)[0]

    def test_pages_have_fifty_entries(self, client_for, jd):
        for number in range(60):
            Event.objects.record(
                by=jd.owner, verb="version.saved", about=jd, chain=jd.reference, number=number
            )
        hr = client_for("hr")
        assert len(self.entries(hr)) == 50
        [link] = find(hr.get("/activity/"), "a", rel="next")
        assert len(self.entries(hr, link.attrib["href"].removeprefix("?"))) == 12
