"""Requesting and managing a review: the pages for authors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from roles.drafts import changes
from roles.limits import COMMENT_LIMIT, PERSON_NAME_LIMIT
from roles.models import JobDescription, Notification, Review, Reviewer, User
from roles.reviews import requests, suggestions
from roles.reviews.assignments import ReviewerRequest
from tests import builders
from tests.html import buttons, by_id, find, links, notes, words
from tests.pages import open_page, read_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


# Invalid input and the error it causes.
INVALID_INPUT: list[tuple[dict[str, Any], str]] = [
    ({"who-0": "Unknown Person"}, "We couldn’t find “Unknown Person”"),
    ({"who-0": "no@address"}, "We couldn’t find “no@address”"),
    ({"who-0": "", "name-0": "Jo"}, "Choose someone from the list"),
    ({"who-0": ""}, "Add at least one approver."),
    ({"role-0": "commenter"}, "Add at least one approver."),
    ({"scope-0": "some"}, "Select at least one section"),
    ({"scope-0": "some", "section-0": ["gone"]}, "Select at least one section"),
    ({"scope-0": "some", "section-0": ["facts"]}, "No approver is assigned to: "),
    ({"name-0": "x" * (PERSON_NAME_LIMIT + 1)}, f"up to {PERSON_NAME_LIMIT} characters"),
    ({"due": "2020-01-01"}, "This date is in the past."),
    ({"due": "soon"}, "Enter a date such as 2026-01-31."),
    ({"due": "2999-01-01"}, "Check the year."),
    ({"note": "x" * (COMMENT_LIMIT + 1)}, str(COMMENT_LIMIT)),
    ({"note": "a\x07b"}, "a character that can’t be stored"),
    ({"order": "sideways"}, "sideways"),
    ({"version": "0"}, "Version 1 was saved after you opened this page."),
]


def day(offset=0):
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def owner(client_for):
    return client_for("hr")


@pytest.fixture
def manager():
    return builders.user("manager", first_name="Maria", last_name="Silva")


@pytest.fixture
def jd(owner, manager):
    jd = builders.description(owner.user, hiring_managers=(manager,))
    builders.version(jd)
    return jd


def ask_url(jd):
    return reverse("review_request", args=[jd.reference])


def finish_url(jd):
    return reverse("wizard_step", args=[jd.reference, "finish"])


def manage_url(review):
    return reverse("review_manage", args=[review.pk])


def reviewer_row_url(review, who):
    return reverse("review_reviewer", args=[review.pk, builders.reviewer_row(review, who).pk])


def pending(page):
    """The list of what is pending, on the page that manages a review."""
    return labelled(page, "pending")


def labelled(page, heading):
    """The section whose heading has this id."""
    [section] = find(page, "section", aria_labelledby=heading)
    return section


def form_part(jd, kind):
    return jd.sections.get(kind=kind).uid


def reword(jd, text, by=None):
    line = jd.sections.get(kind="summary").lines.first()
    builders.change(jd, changes.ChangeLine(uid=line.uid, values={"text": text}))


def press(client, page, do, **extra):
    """Press a button of any form of a page, with that form's fields."""
    data = {**page.data, **extra, "action": do}
    response = client.post(page.url, data)
    if response.status_code == 302:
        return open_page(client, response.headers["Location"])
    return read_page(client, page.url, response)


class TestRequestForm:
    @pytest.mark.slow
    def test_hiring_manager_is_suggested_as_reviewer(self, owner, jd, manager):
        page = open_page(owner, ask_url(jd))
        assert page.typed("who-0") == f"Maria Silva ({manager.username})"
        assert page.typed("due") == day(7).isoformat()
        page.press("send", note="Please look at the duties.")
        review = Review.objects.get()
        assert (review.requested_by, review.due, review.in_order) == (owner.user, day(7), False)
        reviewer_row = review.reviewers.get()
        assert (reviewer_row.user, reviewer_row.role, reviewer_row.sections) == (
            manager,
            "approver",
            [],
        )
        assert review.note == "Please look at the duties."

    @pytest.mark.slow
    def test_rows_are_added_moved_and_removed_without_javascript(self, owner, jd, manager):
        page = open_page(owner, ask_url(jd)).press("add")
        assert page.data["row"] == ["0", "1"]
        page.data["who-1"] = ["legal@example.com"]
        page = page.press("up:1")
        assert page.data["row"] == ["1", "0"]
        assert page.typed("who-1") == "legal@example.com"
        page = page.press("remove:0")
        assert page.data["row"] == ["1"]
        assert not Review.objects.exists()

    @pytest.mark.slow
    def test_reviewers_in_order_with_selected_sections(self, owner, jd, manager):
        page = open_page(owner, ask_url(jd)).press("add")
        page.press(
            "send",
            **{
                "who-1": "Lea Moss <Lea@Example.com>",
                "role-1": "commenter",
                "scope-1": "some",
                "section-1": [form_part(jd, "qualifications"), "facts"],
                "order": "in_order",
            },
        )
        first, second = Review.objects.get().reviewers.all()
        assert (first.user, first.position, second.position) == (manager, 1, 2)
        assert (second.email, second.name, second.role) == (
            "lea@example.com",
            "Lea Moss",
            "commenter",
        )
        assert second.sections == [form_part(jd, "qualifications"), "facts"]

    @pytest.mark.slow
    def test_submitting_twice_creates_one_review(self, owner, jd):
        page = open_page(owner, ask_url(jd))
        first = page.press("send")
        second = page.press("send")
        assert (first.url, second.url) == (second.url, manage_url(Review.objects.get()))

    def test_past_due_date_is_a_field_error(self, owner, jd):
        shown = open_page(owner, ask_url(jd)).press("send", due="2020-01-01")
        field = shown.text[shown.text.index("Due date") :]
        assert "This date is in the past." in field

    @pytest.mark.slow
    def test_errors_are_shown_and_input_is_kept(self, owner, jd):
        page = open_page(owner, ask_url(jd))
        for typed, error in INVALID_INPUT:
            sent: dict[str, Any] = {"note": "Keep me", **typed}
            shown = page.press("send", **sent)
            assert shown.response.status_code == 422, typed
            assert error in shown.text, typed
            for name in {"who-0", "name-0", "role-0", "scope-0", "due", "note"} & set(sent):
                assert shown.typed(name) == sent[name], typed
            assert shown.data["row"] == ["0"], typed
        assert not Review.objects.exists()

    @pytest.mark.slow
    def test_duplicate_reviewer_is_rejected(self, owner, jd, manager):
        page = open_page(owner, ask_url(jd)).press("add")
        page = page.press("send", **{"who-1": manager.email.upper()})
        assert page.response.status_code == 422
        assert "is already listed" in page.text

    def test_ambiguous_name_is_rejected(self, owner, jd):
        for _ in range(2):
            builders.user("hr", first_name="Jo", last_name="Bell")
        page = open_page(owner, ask_url(jd)).press("send", **{"who-0": "jo bell"})
        assert "More than one person matches “jo bell”. Choose one." in page.text
        assert page.typed("who-0") == "jo bell"

    def test_deactivated_account_is_rejected(self, owner, jd):
        leaver = builders.user("hr", is_active=False)
        page = open_page(owner, ask_url(jd)).press("send", **{"who-0": leaver.email})
        assert page.response.status_code == 422
        assert "account with this email address is deactivated" in page.text

    @pytest.mark.slow
    def test_author_cannot_approve(self, owner, jd):
        page = open_page(owner, ask_url(jd))
        assert not words(by_id(page, "note-0"))
        page = page.press("check", **{"who-0": owner.user.username})
        assert words(by_id(page, "note-0"))
        page = page.press("send")
        assert page.response.status_code == 422
        assert 'id="role-0_error"' in page.text
        page = page.press("add", **{"role-0": "commenter"})
        page.press("send", **{"who-1": "boss@example.com"})
        assert Review.objects.get().reviewers.count() == 2

    def test_hiring_manager_who_is_an_author_is_suggested_as_commenter(self, owner, jd):
        jd.hiring_managers.set([owner.user])
        assert open_page(owner, ask_url(jd)).typed("role-0") == "commenter"

    @pytest.mark.slow
    def test_checks_before_sending(self, owner, jd):
        reword(jd, "You lead [X] people.")
        page = open_page(owner, ask_url(jd))
        [changed] = notes(by_id(page, "checks"), "warning")
        assert "version 1" in words(changed)
        assert finish_url(jd) in links(changed)
        builders.version(jd)
        pay = builders.add_section(jd, "pay", "Pay", "By the scale.")
        jd.sections.filter(uid=pay).update(audience="restricted")
        builders.version(jd)
        page = open_page(owner, ask_url(jd))
        blanks, restricted = notes(by_id(page, "checks"))
        assert "[X]" in words(blanks)
        assert "Pay" in words(restricted)
        assert "Maria Silva" in words(restricted)
        one_section = {"scope-0": "some", "section-0": ["facts"]}
        page = page.press("check", **one_section)
        blanks, uncovered, restricted = notes(by_id(page, "checks"))
        assert uncovered.get("id") == "uncovered"
        assert "Pay" in words(restricted)
        assert "Maria Silva" not in words(restricted)

    def test_next_review_suggests_previous_reviewers_and_pending_sections(self, owner, jd, manager):
        other = builders.user("hr", first_name="Ann", last_name="Orr")
        duties = form_part(jd, "responsibilities")
        review = builders.review(jd, manager, ReviewerRequest(user=other, sections=(duties,)))
        builders.decision(review, manager)
        builders.decision(review, other)
        reword(jd, "Another summary.")
        builders.version(jd)
        page = open_page(owner, ask_url(jd))
        assert page.data["row"] == ["0", "1"]
        assert page.typed("scope-1") == "some"
        assert page.data["section-1"] == [duties]
        heading = jd.sections.get(kind="summary").heading
        assert heading in words(by_id(page, "note-0"))
        assert heading not in words(by_id(page, "note-1"))

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_editorial_change_is_approved_immediately(self, owner, jd, manager):
        builders.decision(builders.review(jd, manager), manager)
        reword(jd, "You look after the customers of our Denver office")
        builders.version(jd)
        page = open_page(owner, ask_url(jd))
        assert notes(by_id(page, "checks"), "good")
        page.press("send")
        review = Review.objects.get(rounds__version__number=2)
        assert (review.state, review.rounds.get().version.number) == ("approved", 2)

    @pytest.mark.slow
    def test_obstacles_are_shown(self, owner, jd, manager):
        fresh = builders.description(owner.user)
        assert "There’s no version yet." in owner.get(ask_url(fresh)).text
        assert owner.post(ask_url(fresh), {"action": "send"}).status_code == 422
        review = builders.review(jd, manager)
        assert owner.get(ask_url(jd)).headers["Location"] == manage_url(review)
        page = owner.post(ask_url(jd), {"action": "send", "row": "0", "who-0": "a@example.com"})
        assert page.status_code == 422
        assert "A review is already open." in page.text
        builders.decision(review, manager)
        assert "Version 1 is already approved." in owner.get(ask_url(jd)).text
        JobDescription.objects.filter(pk=jd.pk).update(status="archived")
        assert "This job description is archived." in owner.get(ask_url(jd)).text
        assert Review.objects.count() == 1

    @pytest.mark.slow
    def test_malformed_form_data_is_handled(self, owner, jd):
        rows = {"row": ["0", "x", "0", "99999", *map(str, range(1, 60))], "section-0": ["a"] * 500}
        sent = {"action": "send", **rows, "who-0": "x" * 5000, "role-0": "king", "scope-0": "?"}
        assert owner.post(ask_url(jd), sent).status_code == 422
        for do in ("up:0", "remove:77", "add", "dance", "down:x"):
            assert owner.post(ask_url(jd), {**sent, "action": do}).status_code == 200
        assert owner.post(ask_url(jd), {}).status_code == 422


class TestManagePage:
    @pytest.fixture
    def review(self, jd, manager):
        return builders.review(jd, manager, due=day(3), note="Please read.")

    def test_it_lists_pending_reviewers(self, owner, review):
        page = owner.get(manage_url(review))
        assert "Maria Silva" in words(pending(page))
        assert not find(page, class_="reviewer-overdue")
        Review.objects.update(due=day(-1))
        page = owner.get(manage_url(review))
        assert "Maria Silva" in words(pending(page))
        assert find(page, class_="reviewer-overdue")

    def test_it_lists_author_tasks(self, owner, jd, manager, review):
        builders.decision(review, manager, "ask_for_changes", "Shorter, please.")
        reader = builders.reader(review, manager)
        proposal = suggestions.Proposal("add", form_part(jd, "summary"), text="One more.")
        suggestions.suggest(reader=reader, version=jd.versions.get(), proposal=proposal)
        page = owner.get(manage_url(review))
        assert "Maria Silva" in words(pending(page))
        assert "1 suggestion" in links(pending(page))[reverse("suggestions", args=[review.pk])]
        assert "“Shorter, please.”" in page.text

    def test_reviewer_with_deactivated_account_is_listed(self, owner, manager, review):
        User.objects.filter(pk=manager.pk).update(is_active=False)
        assert "Maria Silva can no longer sign in." in owner.get(manage_url(review)).text

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_next_version_is_sent(self, owner, jd, manager, review):
        duties = form_part(jd, "responsibilities")
        lawyer = builders.user("hr", first_name="Lea", last_name="Moss")
        new_row = {"row": "0", "who-0": "Lea Moss", "scope-0": "some", "section-0": [duties]}
        owner.post(manage_url(review), {"action": "add", **new_row})
        builders.decision(review, lawyer)
        reword(jd, "Shorter.")
        page = owner.get(manage_url(review))
        [changed] = notes(page)
        assert finish_url(jd) in links(changed)
        assert "round" not in buttons(page)
        builders.version(jd)
        page = owner.get(manage_url(review))
        assert "round" in buttons(page)
        assert "Changes since version 1: 1 line reworded." in words(page)
        assert "Lea Moss has already approved this text." in page.text
        assert "Maria Silva reviews all sections." in page.text
        sent = {"action": "round", "version": "2", "note": "As you asked."}
        done = owner.post(manage_url(review), sent, follow=True)
        assert review.rounds.get(number=2).version.number == 2
        assert "As you asked." in words(labelled(done, "rounds"))
        again = owner.post(manage_url(review), sent)
        assert again.status_code == 422
        assert "already have this version" in again.text
        assert owner.post(manage_url(review), {**sent, "version": "9"}).status_code == 422
        assert review.rounds.count() == 2

    @pytest.mark.slow
    def test_reviewer_who_wrote_the_next_version_is_flagged(self, owner, jd, manager):
        helper = builders.user("hr")
        review = builders.review(jd, helper)
        builders.add_line(jd, form_part(jd, "responsibilities"), "Travel.", by=helper)
        saved = builders.version(jd)
        [person] = find(labelled(owner.get(manage_url(review)), "next-round"), "li")
        assert str(helper) in words(person)
        assert find(person, "strong")
        requests.next_round(review=review, version=saved, by=owner.user)
        assert (
            "worked on this version, so they can’t approve it" in owner.get(manage_url(review)).text
        )

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_new_due_date_reopens_an_expired_review(self, owner, review):
        page = owner.get(manage_url(review))
        assert not notes(page, "danger")
        assert "add" in buttons(page)
        Review.objects.update(due=day(-40), expires=day(-10))
        page = owner.get(manage_url(review))
        assert notes(page, "danger")
        assert "add" not in buttons(page)
        wrong = owner.post(manage_url(review), {"action": "date", "due": day(-1).isoformat()})
        assert wrong.status_code == 422
        assert "This date is in the past." in wrong.text
        assert owner.post(manage_url(review), {"action": "date", "due": "x"}).status_code == 422
        owner.post(manage_url(review), {"action": "date", "due": day(5).isoformat()})
        review.refresh_from_db()
        assert (review.due, review.is_expired) == (day(5), False)

    @pytest.mark.slow
    def test_withdrawing_requires_a_reason(self, owner, jd, review):
        refused = owner.post(manage_url(review), {"action": "withdraw", "reason": " "})
        assert refused.status_code == 422
        assert "Enter a reason" in refused.text
        owner.post(manage_url(review), {"action": "withdraw", "reason": "The role is gone."})
        assert "withdraw" in buttons(refused)
        review.refresh_from_db()
        assert (review.state, review.end_reason) == ("withdrawn", "The role is gone.")
        page = owner.get(manage_url(review))
        assert "The role is gone." in page.text
        assert "withdraw" not in buttons(page)
        late = owner.post(manage_url(review), {"action": "withdraw", "reason": "Again."})
        assert late.status_code == 422
        assert "was withdrawn" in late.text

    @pytest.mark.slow
    def test_errors_for_an_added_reviewer_are_shown(self, owner, review, manager):
        for sent in ({}, {"row": "0"}, {"row": "0", "who-0": "?"}):
            assert owner.post(manage_url(review), {"action": "add", **sent}).status_code == 422
        page = owner.post(manage_url(review), {"action": "add", "row": "0", "who-0": "Maria Silva"})
        assert "is already a reviewer" in page.text
        page = owner.post(
            manage_url(review), {"action": "add", "row": "0", "who-0": owner.user.username}
        )
        assert 'id="role-0_error"' in page.text
        assert review.reviewers.count() == 1

    @pytest.mark.slow
    def test_reminder_is_sent_to_pending_reviewer(self, owner, review, manager):
        reviewer_row = builders.reviewer_row(review, manager)
        notifications = Notification.objects.filter(verb="review.asked", user=manager)
        before = notifications.count()
        owner.post(manage_url(review), {"action": f"resend:{reviewer_row.pk}"})
        assert notifications.count() == before + 1
        builders.decision(review, manager, "ask_for_changes", "No.")
        page = owner.post(manage_url(review), {"action": f"resend:{reviewer_row.pk}"}, follow=True)
        assert "has nothing to review" in page.text
        assert notifications.count() == before + 1
        assert owner.post(manage_url(review), {"action": "resend:999"}).status_code == 404
        assert owner.post(manage_url(review), {"action": "resend:x"}).status_code == 404
        assert owner.post(manage_url(review), {"action": "dance"}).status_code == 422

    @pytest.mark.both_databases
    def test_reminder_is_sent_to_any_reviewer_of_a_large_organization(self, owner, review, manager):
        Notification.objects.all().delete()
        review.reviewers.update(id=123_456)
        owner.post(manage_url(review), {"action": "resend:123456"})
        assert Notification.objects.filter(verb="review.asked", user=manager).count() == 1

    @pytest.mark.both_databases
    def test_new_link_replaces_the_old_one(self, owner, jd):
        review = builders.review(jd, "guest@example.com")
        old = review.reviewers.get()
        owner.post(manage_url(review), {"action": f"link:{old.pk}"})
        assert Reviewer.objects.get(pk=old.pk).link_key not in ("", old.link_key)
        assert Notification.objects.filter(reviewer=old, verb="review.asked").count() == 2


class TestReviewerPage:
    @pytest.fixture
    def review(self, jd, manager):
        return builders.review(jd, manager)

    @pytest.mark.slow
    def test_replacing_requires_a_reason(self, owner, review, manager):
        other = builders.user("hr")
        url = reviewer_row_url(review, manager)
        sent = {"action": "replace", "replace-who": other.username}
        refused = owner.post(url, sent)
        assert "Enter a reason" in refused.text
        assert "replace" in buttons(by_id(refused, "main"))
        assert review.reviewers.count() == 1
        done = owner.post(url, {**sent, "replace-reason": "On leave."}, follow=True)
        assert "Maria Silva" in words(labelled(done, "removed"))
        assert "“On leave.”" in done.text
        assert str(builders.reviewer_row(review, other).replaces) == str(manager)
        assert not buttons(by_id(owner.get(url), "main"))
        assert owner.post(url, sent).status_code == 422

    @pytest.mark.both_databases
    @pytest.mark.parametrize("who", ["", "Unknown Person", "x@"])
    def test_unknown_replacement_is_rejected(self, owner, review, manager, who):
        sent = {"action": "replace", "replace-who": who, "replace-reason": "On leave."}
        page = owner.post(reviewer_row_url(review, manager), sent)
        assert page.status_code == 422
        assert 'id="id_replace-who_error"' in page.text
        assert "On leave." in page.text
        assert review.reviewers.count() == 1

    def test_author_is_rejected_as_replacement(self, owner, review, manager):
        sent = {"action": "replace", "replace-who": owner.user.username, "replace-reason": "x"}
        page = owner.post(reviewer_row_url(review, manager), sent)
        assert page.status_code == 422
        assert "can’t approve it" in page.text

    @pytest.mark.slow
    def test_last_approver_cannot_be_removed(self, owner, jd, review, manager):
        sent = {"action": "remove", "remove-reason": "Not needed."}
        page = owner.post(reviewer_row_url(review, manager), sent)
        assert page.status_code == 422
        assert "A review needs at least one approver." in page.text
        owner.post(manage_url(review), {"action": "add", "row": "0", "who-0": "boss@example.com"})
        owner.post(reviewer_row_url(review, manager), sent)
        assert review.reviewers.get(user=manager).removal_reason == "removed"
        assert "Not needed." in words(labelled(owner.get(manage_url(review)), "removed"))

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_offline_approval_is_recorded(self, owner, review, manager):
        url = reviewer_row_url(review, manager)
        for sent in ({"record-kind": "approve"}, {"record-reason": "By phone."}):
            assert owner.post(url, {"action": "record", **sent}).status_code == 422
        sent = {"action": "record", "record-kind": "approve", "record-reason": "By phone, today."}
        assert owner.post(url, {**sent, "record-round": "7"}).status_code == 422
        done = owner.post(url, {**sent, "record-round": "1"}, follow=True)
        assert str(owner.user) in words(labelled(done, "reviewers"))
        assert review.reviewers.get().decisions.get().recorded_by == owner.user
        review.refresh_from_db()
        assert review.state == "approved"
        make_current = reverse("version_make_current", args=[review.description.reference, 1])
        assert make_current in links(done)

    def test_decision_on_an_earlier_version_is_not_recorded(self, owner, jd, manager):
        review = builders.review(jd, manager)
        reword(jd, "New wording.")
        requests.next_round(review=review, version=builders.version(jd), by=owner.user)
        sent = {"action": "record", "record-kind": "approve", "record-reason": "By phone."}
        page = owner.post(reviewer_row_url(review, manager), {**sent, "record-round": "1"})
        assert page.status_code == 422
        assert "Version 2 was sent after you opened this page." in page.text
        assert not review.reviewers.get().decisions.exists()

    @pytest.mark.slow
    def test_decision_out_of_turn_or_by_author_is_not_recorded(self, owner, jd, manager):
        helper = builders.user("hr")
        review = builders.review(jd, manager, helper, in_order=True)
        sent = {"action": "record", "record-kind": "approve", "record-reason": "By phone."}
        sent["record-round"] = "1"
        page = owner.post(reviewer_row_url(review, helper), sent)
        assert "Other reviewers come before" in page.text
        builders.add_line(jd, form_part(jd, "responsibilities"), "Travel.", by=helper)
        requests.next_round(review=review, version=builders.version(jd), by=owner.user)
        builders.decision(review, manager)
        page = owner.post(reviewer_row_url(review, helper), {**sent, "record-round": "2"})
        assert page.status_code == 422
        assert "so they can’t approve it." in page.text

    @pytest.mark.both_databases
    def test_only_hr_can_record_decisions(self, client_for, jd, manager, review):
        owner = builders.user("no_group")
        JobDescription.objects.filter(pk=jd.pk).update(owner=owner)
        client = client_for(owner)
        assert 'name="record-kind"' not in client.get(reviewer_row_url(review, manager)).text
        sent = {"action": "record", "record-kind": "approve", "record-reason": "By phone."}
        assert client.post(reviewer_row_url(review, manager), sent).status_code == 422
        assert not review.reviewers.get().decisions.exists()

    def test_reviewer_of_another_review_is_not_found(self, owner, jd, review):
        other = builders.review(builders.description(owner.user), "a@example.com")
        url = reverse("review_reviewer", args=[review.pk, other.reviewers.get().pk])
        assert owner.get(url).status_code == 404


class TestDescriptionPage:
    """The review on the page of the job description, and the one primary button."""

    def primary(self, client, jd):
        """The target of the button."""
        [button] = find(client.get(jd.get_absolute_url()), class_="btn-primary")
        return button.get("href")

    def edit_url(self, jd):
        return reverse("wizard_step", args=[jd.reference, "details"])

    @pytest.mark.slow
    def test_from_first_version_to_current_version(self, client_for, owner, jd, manager):
        assert self.primary(owner, jd) == ask_url(jd)
        review = builders.review(jd, manager, due=day(2))
        page = owner.get(jd.get_absolute_url())
        assert "Maria Silva" in words(labelled(page, "review"))
        assert manage_url(review) in links(page)
        assert self.primary(owner, jd) == self.edit_url(jd)
        assert self.primary(client_for(manager), jd) == review.get_absolute_url()
        reword(jd, "New wording.")
        builders.version(jd)
        assert self.primary(owner, jd) == manage_url(review)
        requests.next_round(review=review, version=jd.versions.get(number=2), by=owner.user)
        builders.decision(review, manager)
        make_current = reverse("version_make_current", args=[jd.reference, 2])
        assert self.primary(owner, jd) == make_current
        page = owner.get(jd.get_absolute_url())
        [approved] = find(labelled(page, "review"), class_="reviewer-done")
        assert "2" in words(approved)
        rounds = find(labelled(page, "versions"), "a", href=review.get_absolute_url())
        assert [words(link) for link in rounds] == ["Round 2", "Round 1"]

    @pytest.mark.slow
    def test_request_is_offered_only_with_permission(self, client_for, owner, jd, manager):
        other = client_for(manager)
        assert ask_url(jd) in links(owner.get(jd.get_absolute_url()))
        assert ask_url(jd) not in links(other.get(jd.get_absolute_url()))
        assert self.primary(other, jd) == reverse("preview", args=[jd.reference])
        builders.approved(jd.versions.get())
        assert self.primary(client_for("hr"), jd) == self.edit_url(jd)

    def test_changed_draft_is_saved_first(self, owner, jd):
        fresh = builders.description(owner.user)
        page = owner.get(fresh.get_absolute_url())
        assert ask_url(fresh) not in links(page)
        assert finish_url(fresh) in links(page)
        reword(jd, "New wording.")
        page = owner.get(jd.get_absolute_url())
        assert self.primary(owner, jd) == self.edit_url(jd)
        assert {finish_url(jd), ask_url(jd)} <= links(labelled(page, "review")).keys()

    @pytest.mark.both_databases
    def test_withdrawn_review_is_shown(self, owner, jd, manager):
        review = builders.review(jd, manager)
        requests.withdraw(review=review, by=owner.user, reason="Later")
        page = owner.get(jd.get_absolute_url())
        assert review.get_absolute_url() in links(labelled(page, "review"))
        assert ask_url(jd) in links(page)
        JobDescription.objects.filter(pk=jd.pk).update(status="archived")
        assert ask_url(jd) not in links(owner.get(jd.get_absolute_url()))


class TestFinish:
    def finish(self, client, jd):
        return open_page(client, finish_url(jd))

    def test_it_saves_a_version_and_opens_the_request_form(self, owner, jd):
        reword(jd, "New wording.")
        page = self.finish(owner, jd).press("version:review", note="Shorter")
        assert page.url == ask_url(jd)
        assert jd.versions.get(number=2).note == "Shorter"

    @pytest.mark.slow
    def test_new_version_is_sent_to_an_open_review(self, owner, jd, manager):
        review = builders.review(jd, manager)
        page = self.finish(owner, jd)
        assert manage_url(review) in links(page)
        assert "version:review" not in buttons(page)
        reword(jd, "New wording.")
        page = self.finish(owner, jd)
        assert manage_url(review) not in links(page)
        done = page.press("version:review")
        assert done.url == manage_url(review)
        assert "round" in buttons(done)
        assert "version 2" in links(self.finish(owner, jd))[manage_url(review)]

    def test_saved_version_is_sent_without_saving_again(self, owner, jd):
        assert "version 1" in links(self.finish(owner, jd))[ask_url(jd)]
        builders.approved(jd.versions.get())
        assert ask_url(jd) not in links(self.finish(owner, jd))

    @pytest.mark.slow
    def test_conflict_then_request_form(self, owner, jd):
        reword(jd, "New wording.")
        page = self.finish(owner, jd)
        reword(jd, "Wording by another author.")
        page = page.press("version:review")
        assert page.response.status_code == 409
        assert page.send().url == ask_url(jd)
        assert jd.versions.count() == 2

    def test_invalid_version_note_is_rejected(self, owner, jd):
        reword(jd, "New wording.")
        page = self.finish(owner, jd).press("version:review", note="x" * 20_000)
        assert page.response.status_code == 422
        assert jd.versions.count() == 1
