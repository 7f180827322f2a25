"""Requesting and managing a review: the pages of its authors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from roles.drafts import changes
from roles.models import JobDescription, Notification, Review, Reviewer, User
from roles.reviews import requests, suggestions
from roles.reviews.assignments import ReviewerRequest
from tests import builders
from tests.pages import open_page, read_page

pytestmark = pytest.mark.django_db


# Input, and its error.
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"who-0": "Nobody Known"}, "Nobody here is called “Nobody Known”"),
    ({"who-0": "no@address"}, "Nobody here is called “no@address”"),
    ({"who-0": "", "name-0": "Jo"}, "Whom do you mean?"),
    ({"who-0": ""}, "Name at least one approver."),
    ({"role-0": "commenter"}, "Name at least one approver."),
    ({"scope-0": "some"}, "Tick what they are asked about"),
    ({"scope-0": "some", "section-0": ["gone"]}, "Tick what they are asked about"),
    ({"scope-0": "some", "section-0": ["facts"]}, "Nobody would approve: "),
    ({"name-0": "x" * 151}, "at most 150 characters"),
    ({"due": "2020-01-01"}, "The due date is past."),
    ({"due": "soon"}, "This is no date."),
    ({"due": "2999-01-01"}, "Is the year right?"),
    ({"note": "x" * 4001}, "4000"),
    ({"note": "a\x07b"}, "a character that cannot be stored"),
    ({"order": "sideways"}, "sideways"),
    ({"version": "0"}, "Version 1 was saved meanwhile."),
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
def made(owner, manager):
    made = builders.description(owner.user, named=(manager,))
    builders.version(made)
    return made


def ask_url(made):
    return reverse("review_request", args=[made.reference])


def manage_url(review):
    return reverse("review_manage", args=[review.pk])


def reviewer_row_url(review, who):
    return reverse("review_reviewer", args=[review.pk, builders.reviewer_row(review, who).pk])


def form_part(made, kind):
    return made.sections.get(kind=kind).uid


def reword(made, text, by=None):
    line = made.sections.get(kind="summary").lines.first()
    builders.change(made, changes.ChangeLine(uid=line.uid, values={"text": text}))


def press(client, page, do, **extra):
    """Press a button of any form of a page, with that form's fields."""
    data = {**page.data, **extra, "action": do}
    response = client.post(page.url, data)
    if response.status_code == 302:
        return open_page(client, response.headers["Location"])
    return read_page(client, page.url, response)


class TestAsking:
    def test_the_hiring_manager_is_suggested_and_asked(self, owner, made, manager):
        page = open_page(owner, ask_url(made))
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

    def test_rows_are_added_moved_and_removed_without_script(self, owner, made, manager):
        page = open_page(owner, ask_url(made)).press("add")
        assert page.data["row"] == ["0", "1"]
        page.data["who-1"] = ["legal@example.com"]
        page = page.press("up:1")
        assert page.data["row"] == ["1", "0"]
        assert page.typed("who-1") == "legal@example.com"
        page = page.press("remove:0")
        assert page.data["row"] == ["1"]
        assert not Review.objects.exists()

    def test_in_order_about_chosen_sections_by_email(self, owner, made, manager):
        page = open_page(owner, ask_url(made)).press("add")
        page.press(
            "send",
            **{
                "who-1": "Lea Moss <Lea@Example.com>",
                "role-1": "commenter",
                "scope-1": "some",
                "section-1": [form_part(made, "qualifications"), "facts"],
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
        assert second.sections == [form_part(made, "qualifications"), "facts"]

    def test_the_same_form_sent_twice_makes_one_review(self, owner, made):
        page = open_page(owner, ask_url(made))
        first = page.press("send")
        second = page.press("send")
        assert (first.url, second.url) == (second.url, manage_url(Review.objects.get()))

    def test_a_past_day_is_an_error_of_its_field(self, owner, made):
        shown = open_page(owner, ask_url(made)).press("send", due="2020-01-01")
        field = shown.text[shown.text.index("Answer by") :]
        assert "The due date is past." in field

    def test_errors_are_shown_and_input_is_preserved(self, owner, made):
        page = open_page(owner, ask_url(made))
        for typed, said in REFUSED:
            sent: dict[str, Any] = {"note": "Keep me", **typed}
            shown = page.press("send", **sent)
            assert shown.response.status_code == 422, typed
            assert said in shown.text, typed
            for name in {"who-0", "name-0", "role-0", "scope-0", "due", "note"} & set(sent):
                assert shown.typed(name) == sent[name], typed
            assert shown.data["row"] == ["0"], typed
        assert not Review.objects.exists()

    def test_no_one_is_listed_twice(self, owner, made, manager):
        page = open_page(owner, ask_url(made)).press("add")
        page = page.press("send", **{"who-1": manager.email.upper()})
        assert page.response.status_code == 422
        assert "stands here already" in page.text

    def test_a_name_that_two_have_is_asked_for_again(self, owner, made):
        for _ in range(2):
            builders.user("hr", first_name="Jo", last_name="Bell")
        page = open_page(owner, ask_url(made)).press("send", **{"who-0": "jo bell"})
        assert "More than one person is called so." in page.text
        assert page.typed("who-0") == "jo bell"

    def test_a_closed_account_is_not_asked(self, owner, made):
        leaver = builders.user("hr", is_active=False)
        page = open_page(owner, ask_url(made)).press("send", **{"who-0": leaver.email})
        assert page.response.status_code == 422
        assert "account with this mail address is closed" in page.text

    def test_an_author_cannot_approve(self, owner, made):
        page = open_page(owner, ask_url(made)).press("check", **{"who-0": owner.user.username})
        assert "Saved this version or changed its draft" in page.text
        page = page.press("send")
        assert page.response.status_code == 422
        assert 'id="role-0_error"' in page.text
        page = page.press("add", **{"role-0": "commenter"})
        page.press("send", **{"who-1": "boss@example.com"})
        assert Review.objects.get().reviewers.count() == 2

    def test_a_hiring_manager_who_wrote_it_is_suggested_as_consulted(self, owner, made):
        made.hiring_managers.set([owner.user])
        assert open_page(owner, ask_url(made)).typed("role-0") == "commenter"

    def test_it_warns_before_it_is_sent(self, owner, made):
        reword(made, "You lead [X] people.")
        page = open_page(owner, ask_url(made))
        assert "The draft has changes that version 1 has not." in page.text
        builders.version(made)
        pay = builders.add_section(made, "pay", "Pay", "By the scale.")
        made.sections.filter(uid=pay).update(audience="restricted")
        builders.version(made)
        page = open_page(owner, ask_url(made))
        assert "Open placeholders: [X]." in page.text
        assert "Restricted: Pay." in page.text
        assert "about everything: Maria Silva." in page.text
        part_of = {"scope-0": "some", "section-0": ["facts"]}
        page = page.press("check", **part_of)
        assert "Nobody here is asked about it." in page.text
        assert 'id="uncovered"' in page.text

    def test_a_later_review_suggests_those_of_the_last_and_what_is_left(self, owner, made, manager):
        other = builders.user("hr", first_name="Ann", last_name="Orr")
        duties = form_part(made, "responsibilities")
        review = builders.review(made, manager, ReviewerRequest(user=other, sections=(duties,)))
        builders.decision(review, manager)
        builders.decision(review, other)
        reword(made, "Another summary.")
        builders.version(made)
        page = open_page(owner, ask_url(made))
        assert page.data["row"] == ["0", "1"]
        assert page.typed("scope-1") == "some"
        assert page.data["section-1"] == [duties]
        heading = made.sections.get(kind="summary").heading
        assert f"Is asked about: {heading}. The rest reads as they approved it." in page.text
        assert "is not asked again" in page.text

    def test_an_editorial_change_is_approved_immediately(self, owner, made, manager):
        builders.decision(builders.review(made, manager), manager)
        reword(made, "You look after the customers of our Denver office")
        builders.version(made)
        page = open_page(owner, ask_url(made))
        assert "it is approved at once" in page.text
        assert "All approvals stood already" in page.press("send").text

    def test_obstacles_are_shown(self, owner, made, manager):
        fresh = builders.description(owner.user)
        assert "There is no version yet." in owner.get(ask_url(fresh)).text
        assert owner.post(ask_url(fresh), {"action": "send"}).status_code == 422
        review = builders.review(made, manager)
        assert owner.get(ask_url(made)).headers["Location"] == manage_url(review)
        page = owner.post(ask_url(made), {"action": "send", "row": "0", "who-0": "a@example.com"})
        assert page.status_code == 422
        assert "A review is open already." in page.text
        builders.decision(review, manager)
        assert "Version 1 is approved already." in owner.get(ask_url(made)).text
        JobDescription.objects.filter(pk=made.pk).update(status="archived")
        assert "It is archived." in owner.get(ask_url(made)).text
        assert Review.objects.count() == 1

    def test_nonsense_in_the_form_is_no_error_of_ours(self, owner, made):
        rows = {"row": ["0", "x", "0", "99999", *map(str, range(1, 60))], "section-0": ["a"] * 500}
        sent = {"action": "send", **rows, "who-0": "x" * 5000, "role-0": "king", "scope-0": "?"}
        assert owner.post(ask_url(made), sent).status_code == 422
        for do in ("up:0", "remove:77", "add", "dance", "down:x"):
            assert owner.post(ask_url(made), {**sent, "action": do}).status_code == 200
        assert owner.post(ask_url(made), {}).status_code == 422


class TestManaging:
    @pytest.fixture
    def review(self, made, manager):
        return builders.review(made, manager, due=day(3), note="Please read.")

    def test_it_lists_pending_reviewers(self, owner, review):
        text = owner.get(manage_url(review)).text
        assert "Waits for them" in text
        assert "Maria Silva" in text
        Review.objects.update(due=day(-1))
        assert "Overdue" in owner.get(manage_url(review)).text

    def test_it_lists_what_the_author_must_do(self, owner, made, manager, review):
        builders.decision(review, manager, "ask_for_changes", "Shorter, please.")
        reader = builders.reader(review, manager)
        proposal = suggestions.Proposal("add", form_part(made, "summary"), text="One more.")
        suggestions.suggest(reader=reader, version=made.versions.get(), proposal=proposal)
        text = owner.get(manage_url(review)).text
        assert "Maria Silva asks for changes." in text
        assert "1 suggestion waits for an answer." in text
        assert "“Shorter, please.”" in text

    def test_whose_account_is_closed_is_named(self, owner, manager, review):
        User.objects.filter(pk=manager.pk).update(is_active=False)
        assert "Maria Silva can no longer sign in." in owner.get(manage_url(review)).text

    def test_the_next_version_is_sent(self, owner, made, manager, review):
        duties = form_part(made, "responsibilities")
        lawyer = builders.user("hr", first_name="Lea", last_name="Moss")
        asked = {"row": "0", "who-0": "Lea Moss", "scope-0": "some", "section-0": [duties]}
        owner.post(manage_url(review), {"action": "add", **asked})
        builders.decision(review, lawyer)
        reword(made, "Shorter.")
        text = owner.get(manage_url(review)).text
        assert "The draft has changes that version 1 has not." in text
        assert "Send version" not in text
        builders.version(made)
        page = owner.get(manage_url(review))
        assert "Send version 2" in page.text
        assert "1 line reworded" in page.text
        assert "Lea Moss: the approval stands." in page.text
        assert "Maria Silva is asked about everything." in page.text
        sent = {"action": "round", "version": "2", "note": "As you asked."}
        done = owner.post(manage_url(review), sent, follow=True)
        assert "Version 2 is with the reviewers." in done.text
        assert "As you asked." in done.text
        again = owner.post(manage_url(review), sent)
        assert again.status_code == 422
        assert "have this version already" in again.text
        assert owner.post(manage_url(review), {**sent, "version": "9"}).status_code == 422
        assert review.rounds.count() == 2

    def test_a_reviewer_who_wrote_the_next_version_is_named(self, owner, made, manager):
        helper = builders.user("hr")
        review = builders.review(made, helper)
        builders.add_line(made, form_part(made, "responsibilities"), "Travel.", by=helper)
        saved = builders.version(made)
        assert "They worked on this version" in owner.get(manage_url(review)).text
        requests.next_round(review=review, version=saved, by=owner.user)
        assert "worked on this version, and cannot approve it" in owner.get(manage_url(review)).text

    def test_the_date_is_changed_and_opens_an_expired_one(self, owner, review):
        Review.objects.update(due=day(-40), expires=day(-10))
        page = owner.get(manage_url(review))
        assert "It expired on" in page.text
        assert "Add a reviewer" not in page.text
        wrong = owner.post(manage_url(review), {"action": "date", "due": day(-1).isoformat()})
        assert wrong.status_code == 422
        assert "The due date is past." in wrong.text
        assert owner.post(manage_url(review), {"action": "date", "due": "x"}).status_code == 422
        owner.post(manage_url(review), {"action": "date", "due": day(5).isoformat()})
        review.refresh_from_db()
        assert (review.due, review.is_expired) == (day(5), False)

    def test_it_is_withdrawn_with_a_reason(self, owner, made, review):
        refused = owner.post(manage_url(review), {"action": "withdraw", "reason": " "})
        assert refused.status_code == 422
        assert "Say why" in refused.text
        owner.post(manage_url(review), {"action": "withdraw", "reason": "The role is gone."})
        review.refresh_from_db()
        assert (review.state, review.end_reason) == ("withdrawn", "The role is gone.")
        text = owner.get(manage_url(review)).text
        assert "The role is gone." in text
        assert 'value="withdraw"' not in text
        late = owner.post(manage_url(review), {"action": "withdraw", "reason": "Again."})
        assert late.status_code == 422
        assert "was withdrawn" in late.text

    def test_errors_of_an_added_reviewer_are_shown(self, owner, review, manager):
        for sent in ({}, {"row": "0"}, {"row": "0", "who-0": "?"}):
            assert owner.post(manage_url(review), {"action": "add", **sent}).status_code == 422
        page = owner.post(manage_url(review), {"action": "add", "row": "0", "who-0": "Maria Silva"})
        assert "is asked already" in page.text
        page = owner.post(
            manage_url(review), {"action": "add", "row": "0", "who-0": owner.user.username}
        )
        assert 'id="role-0_error"' in page.text
        assert review.reviewers.count() == 1

    def test_a_reviewer_is_reminded(self, owner, review, manager):
        reviewer_row = builders.reviewer_row(review, manager)
        asked = Notification.objects.filter(verb="review.asked", user=manager)
        before = asked.count()
        owner.post(manage_url(review), {"action": f"resend:{reviewer_row.pk}"})
        assert asked.count() == before + 1
        builders.decision(review, manager, "ask_for_changes", "No.")
        page = owner.post(manage_url(review), {"action": f"resend:{reviewer_row.pk}"}, follow=True)
        assert "does not wait for" in page.text
        assert asked.count() == before + 1
        assert owner.post(manage_url(review), {"action": "resend:999"}).status_code == 404
        assert owner.post(manage_url(review), {"action": "resend:x"}).status_code == 404
        assert owner.post(manage_url(review), {"action": "dance"}).status_code == 422

    def test_a_new_link_kills_the_old_one(self, owner, made):
        review = builders.review(made, "guest@example.com")
        old = review.reviewers.get()
        done = owner.post(manage_url(review), {"action": f"link:{old.pk}"}, follow=True)
        assert "gets a mail with a new link" in done.text
        assert Reviewer.objects.get(pk=old.pk).link_key not in ("", old.link_key)
        assert Notification.objects.filter(reviewer=old, verb="review.asked").count() == 2


class TestReviewers:
    @pytest.fixture
    def review(self, made, manager):
        return builders.review(made, manager)

    def test_one_is_replaced_with_a_reason(self, owner, review, manager):
        other = builders.user("hr")
        url = reviewer_row_url(review, manager)
        sent = {"action": "replace", "replace-who": other.username}
        assert "Say why" in owner.post(url, sent).text
        assert review.reviewers.count() == 1
        done = owner.post(url, {**sent, "replace-reason": "On leave."}, follow=True)
        assert "in place of Maria Silva" in done.text
        assert "“On leave.”" in done.text
        assert str(builders.reviewer_row(review, other).replaces) == str(manager)
        assert "They no longer take part" in owner.get(url).text
        assert owner.post(url, sent).status_code == 422

    @pytest.mark.parametrize("who", ["", "Nobody Known", "x@"])
    def test_an_unknown_person_is_refused(self, owner, review, manager, who):
        sent = {"action": "replace", "replace-who": who, "replace-reason": "On leave."}
        page = owner.post(reviewer_row_url(review, manager), sent)
        assert page.status_code == 422
        assert 'id="id_replace-who_error"' in page.text
        assert "On leave." in page.text
        assert review.reviewers.count() == 1

    def test_nor_an_author(self, owner, review, manager):
        sent = {"action": "replace", "replace-who": owner.user.username, "replace-reason": "x"}
        page = owner.post(reviewer_row_url(review, manager), sent)
        assert page.status_code == 422
        assert "cannot approve it" in page.text

    def test_the_last_approver_cannot_be_removed(self, owner, made, review, manager):
        sent = {"action": "remove", "remove-reason": "Not needed."}
        page = owner.post(reviewer_row_url(review, manager), sent)
        assert page.status_code == 422
        assert "Nobody would be left to approve." in page.text
        owner.post(manage_url(review), {"action": "add", "row": "0", "who-0": "boss@example.com"})
        owner.post(reviewer_row_url(review, manager), sent)
        assert review.reviewers.get(user=manager).removal_reason == "removed"
        assert "Not needed." in owner.get(manage_url(review)).text

    def test_an_approval_given_elsewhere_is_written_down(self, owner, review, manager):
        url = reviewer_row_url(review, manager)
        for sent in ({"record-kind": "approve"}, {"record-reason": "By phone."}):
            assert owner.post(url, {"action": "record", **sent}).status_code == 422
        sent = {"action": "record", "record-kind": "approve", "record-reason": "By phone, today."}
        assert owner.post(url, {**sent, "record-round": "7"}).status_code == 422
        done = owner.post(url, {**sent, "record-round": "1"}, follow=True)
        assert "written down by" in done.text
        review.refresh_from_db()
        assert review.state == "approved"
        assert "Make effective" in done.text

    def test_a_decision_on_an_earlier_version_is_not_recorded(self, owner, made, manager):
        review = builders.review(made, manager)
        reword(made, "Other words.")
        requests.next_round(review=review, version=builders.version(made), by=owner.user)
        sent = {"action": "record", "record-kind": "approve", "record-reason": "By phone."}
        page = owner.post(reviewer_row_url(review, manager), {**sent, "record-round": "1"})
        assert page.status_code == 422
        assert "Version 2 was sent meanwhile." in page.text
        assert not review.reviewers.get().decisions.exists()

    def test_a_decision_of_later_reviewers_or_authors_is_not_recorded(self, owner, made, manager):
        helper = builders.user("hr")
        review = builders.review(made, manager, helper, in_order=True)
        sent = {"action": "record", "record-kind": "approve", "record-reason": "By phone."}
        sent["record-round"] = "1"
        page = owner.post(reviewer_row_url(review, helper), sent)
        assert "Others are asked before" in page.text
        builders.add_line(made, form_part(made, "responsibilities"), "Travel.", by=helper)
        requests.next_round(review=review, version=builders.version(made), by=owner.user)
        builders.decision(review, manager)
        page = owner.post(reviewer_row_url(review, helper), {**sent, "record-round": "2"})
        assert page.status_code == 422
        assert "and cannot approve it." in page.text

    def test_only_hr_writes_it_down(self, client_for, made, manager, review):
        owner = builders.user("nobody")
        JobDescription.objects.filter(pk=made.pk).update(owner=owner)
        client = client_for(owner)
        assert 'name="record-kind"' not in client.get(reviewer_row_url(review, manager)).text
        sent = {"action": "record", "record-kind": "approve", "record-reason": "By phone."}
        assert client.post(reviewer_row_url(review, manager), sent).status_code == 422
        assert not review.reviewers.get().decisions.exists()

    def test_a_reviewer_row_of_another_review_is_not_found(self, owner, made, review):
        other = builders.review(builders.description(owner.user), "a@example.com")
        url = reverse("review_reviewer", args=[review.pk, other.reviewers.get().pk])
        assert owner.get(url).status_code == 404


class TestPageOfADescription:
    """The review on the page of the job description, and the one primary button."""

    def primary(self, client, made):
        text = client.get(made.get_absolute_url()).text
        assert text.count("btn-primary") == 1
        return text[text.index("btn-primary") :].partition("</a>")[0]

    def test_from_the_first_version_to_the_effective_one(self, client_for, owner, made, manager):
        assert ask_url(made) in self.primary(owner, made)
        review = builders.review(made, manager, due=day(2))
        text = owner.get(made.get_absolute_url()).text
        assert "Waiting for Maria Silva" in text
        assert manage_url(review) in text
        assert "Edit" in self.primary(owner, made)
        assert review.get_absolute_url() in self.primary(client_for(manager), made)
        reword(made, "Other words.")
        builders.version(made)
        assert "Send version 2" in self.primary(owner, made)
        requests.next_round(review=review, version=made.versions.get(number=2), by=owner.user)
        builders.decision(review, manager)
        assert "Make current" in self.primary(owner, made)
        text = owner.get(made.get_absolute_url()).text
        assert "Version 2 is approved." in text
        assert "Round 1" in text
        assert "Round 2" in text

    def test_who_may_not_ask_is_not_offered_it(self, client_for, owner, made, manager):
        other = client_for(manager)
        assert ask_url(made) not in other.get(made.get_absolute_url()).text
        assert "Preview" in self.primary(other, made)
        builders.approved(made.versions.get())
        assert "Edit" in self.primary(client_for("hr"), made)

    def test_a_draft_that_changed_is_saved_first(self, owner, made):
        fresh = builders.description(owner.user)
        assert "Save a version first" in owner.get(fresh.get_absolute_url()).text
        reword(made, "Other words.")
        text = owner.get(made.get_absolute_url()).text
        assert "Edit" in self.primary(owner, made)
        assert "send version 1</a> as it is" in text

    def test_a_withdrawn_review_is_shown(self, owner, made, manager):
        requests.withdraw(review=builders.review(made, manager), by=owner.user, reason="Later")
        text = owner.get(made.get_absolute_url()).text
        assert "The review of version 1 was withdrawn" in text
        JobDescription.objects.filter(pk=made.pk).update(status="archived")
        assert ask_url(made) not in owner.get(made.get_absolute_url()).text


class TestFinish:
    def finish(self, client, made):
        return open_page(client, reverse("wizard_step", args=[made.reference, "finish"]))

    def test_it_saves_and_goes_on_to_ask(self, owner, made):
        reword(made, "Other words.")
        page = self.finish(owner, made).press("version:review", note="Shorter")
        assert page.url == ask_url(made)
        assert made.versions.get(number=2).note == "Shorter"

    def test_with_a_review_open_to_those_who_are_asked(self, owner, made, manager):
        review = builders.review(made, manager)
        text = self.finish(owner, made).text
        assert "It is with its reviewers" in text
        assert "version:review" not in text
        reword(made, "Other words.")
        page = self.finish(owner, made)
        assert "Save, then send to the reviewers" in page.text
        done = page.press("version:review")
        assert done.url == manage_url(review)
        assert "Send version 2" in done.text
        assert "Send version 2 to the reviewers" in self.finish(owner, made).text

    def test_what_is_saved_is_sent_without_another_version(self, owner, made):
        text = self.finish(owner, made).text
        assert "Send version 1 for review" in text
        builders.approved(made.versions.get())
        assert "It is approved." in self.finish(owner, made).text

    def test_after_a_conflict_it_goes_on_to_ask(self, owner, made):
        reword(made, "Other words.")
        page = self.finish(owner, made)
        reword(made, "Words of somebody else.")
        page = page.press("version:review")
        assert page.response.status_code == 409
        assert page.send().url == ask_url(made)
        assert made.versions.count() == 2

    def test_a_refused_version_goes_nowhere(self, owner, made):
        reword(made, "Other words.")
        page = self.finish(owner, made).press("version:review", note="x" * 20_000)
        assert page.response.status_code == 422
        assert made.versions.count() == 1
