"""Reviews: asked, decided, asked again about what changed, approved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from roles import drafts
from roles.drafts import changes, lifecycle
from roles.models import Approval, Event, Notification, Review
from roles.reviews import (
    approval_status,
    assignments,
    comments,
    decisions,
    requests,
    review_access,
    section_names,
    suggestions,
)
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    builders.organization(name="Northwind")
    return builders.description(builders.user("hr"))


@pytest.fixture
def manager(made):
    return builders.user("manager")


def section(made, kind):
    return made.sections.get(kind=kind)


def reword(made, kind, text, by=None):
    """Rewords the first line of a section."""
    made.refresh_from_db()
    line = section(made, kind).lines.first()
    change = changes.ChangeLine(uid=line.uid, values={"text": text})
    drafts.apply(description=made, by=by or made.owner, token=made.edit_token, changes=[change])
    return line


def send_next_round(made, review, **values):
    """The draft saved and sent for the next round."""
    saved = builders.version(made)
    return requests.next_round(review=review, version=saved, by=made.owner, **values)


def pending_headings(review, who):
    """The headings of the sections that are pending with a reviewer."""
    reviewer_row = approval_status.status_of(review).progress_of(builders.reviewer_row(review, who))
    assert reviewer_row is not None
    return section_names.names(reviewer_row.pending_sections)


class TestAsking:
    def test_one_review_is_open(self, made, manager):
        review = builders.review(made, manager)
        made.refresh_from_db()
        assert made.status == "in_review"
        assert builders.reviewer_row(review, manager).waiting_since
        with pytest.raises(drafts.ActionRefused, match="open already"):
            builders.review(made, manager)
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(
                description=made, requested_by=made.owner, expires=timezone.localdate()
            )

    def test_no_one_is_asked_to_approve_their_own_work(self, made):
        with pytest.raises(drafts.ActionRefused, match="cannot approve it"):
            builders.review(made, made.owner)
        assert not Review.objects.exists()
        assert builders.review(
            made, ReviewerRequest(user=made.owner, role="commenter"), builders.user("hr")
        )

    def test_every_section_needs_an_approver(self, made, manager):
        duties = section(made, "responsibilities").uid
        with pytest.raises(drafts.ActionRefused, match=r"Nobody would approve: .*Job details"):
            builders.review(made, ReviewerRequest(user=manager, sections=(duties,)))

    def test_an_address_that_an_account_has_is_that_account(self, made, manager):
        review = builders.review(made, manager.email.upper())
        assert review.reviewers.get().user == manager

    def test_a_withdrawn_review_is_over(self, made, manager):
        review = builders.review(made, manager)
        requests.withdraw(review=review, by=made.owner, reason="Later")
        made.refresh_from_db()
        assert made.status == "draft"
        assert Notification.objects.filter(verb="review.withdrawn", user=manager).exists()
        with pytest.raises(drafts.ActionRefused, match="withdrawn"):
            builders.decision(review, manager)
        assert builders.review(made, manager).is_open


class TestDeciding:
    def test_all_approvals_make_it_approved(self, made, manager):
        other = builders.user("hr")
        review = builders.review(made, manager, other)
        builders.decision(review, manager)
        assert not Approval.objects.exists()
        builders.decision(review, other, "approve_with_comments", "Good.")
        review.refresh_from_db()
        made.refresh_from_db()
        assert (review.state, made.status) == ("approved", "approved")
        assert Approval.objects.get().version == made.versions.get()
        assert Event.objects.filter(verb="version.approved").count() == 1

    def test_a_newer_version_that_was_not_sent_is_not_approved(self, made, manager):
        review = builders.review(made, manager)
        builders.version(made)
        builders.decision(review, manager)
        made.refresh_from_db()
        assert Approval.objects.get().version.number == 1
        assert made.status == "draft"

    def test_who_saved_or_changed_it_since_may_not_approve(self, made, manager):
        helper = builders.user("hr")
        review = builders.review(made, manager, helper)
        reword(made, "summary", "Other words.", by=helper)
        send_next_round(made, review)
        with pytest.raises(drafts.ActionRefused, match="somebody else"):
            builders.decision(review, helper)
        reword(made, "summary", "Other words still.")
        send_next_round(made, review)
        assert builders.decision(review, helper)

    def test_saving_the_same_content_again_does_not_change_its_authors(self, made, manager):
        helper, other = builders.user("hr"), builders.user("hr")
        reword(made, "summary", "Other words.", by=helper)
        builders.version(made, by=helper)
        builders.version(made, by=other)
        for author in (helper, other, made.owner):
            with pytest.raises(drafts.ActionRefused, match="cannot approve it"):
                builders.review(made, author)
        assert builders.review(made, manager)

    def test_blank_placeholders_prevent_approval(self, made, manager):
        reword(made, "summary", "You lead [X] people.")
        review = builders.review(made, manager)
        builders.decision(review, manager)
        review.refresh_from_db()
        assert review.is_open
        assert approval_status.status_of(review).open_words == ["[X]"]

    def test_only_what_changed_is_asked_again(self, made, manager):
        duties = section(made, "responsibilities").uid
        lawyer = builders.user("hr")
        review = builders.review(made, manager, ReviewerRequest(user=lawyer, sections=(duties,)))
        builders.decision(review, lawyer)
        builders.decision(review, manager, "ask_for_changes", "Shorter, please.")
        reword(made, "summary", "Shorter.")
        send_next_round(made, review)
        assert pending_headings(review, lawyer) == []
        assert set(pending_headings(review, manager)) > {section(made, "summary").heading}
        builders.decision(review, manager)
        review.refresh_from_db()
        assert review.state == "approved"

    def test_asking_for_changes_preserves_earlier_approvals(self, made, manager):
        builders.decision(builders.review(made, manager), manager)
        reword(made, "summary", "Another summary.")
        builders.version(made)
        review = builders.review(made, manager)
        builders.decision(review, manager, "ask_for_changes", "Not so.")
        assert pending_headings(review, manager) == [section(made, "summary").heading]

    def test_approvals_outlive_their_review(self, made, manager):
        builders.decision(builders.review(made, manager), manager)
        reword(made, "summary", "Another summary.")
        builders.version(made)
        review = builders.review(made, manager)
        assert pending_headings(review, manager) == [section(made, "summary").heading]

    def test_an_editorial_change_asks_no_one(self, made, manager):
        other = builders.user("hr")
        review = builders.review(made, manager, other)
        builders.decision(review, manager)
        reword(made, "summary", "you look after the  customers, of our Denver office")
        send_next_round(made, review)
        assert pending_headings(review, manager) == []
        assert builders.reviewer_row(review, manager).waiting_since is None

    def test_a_decision_about_an_older_version_is_not_taken(self, made, manager):
        review = builders.review(made, manager)
        reword(made, "summary", "Another summary.")
        send_next_round(made, review)
        with pytest.raises(decisions.Superseded):
            decisions.decide(
                reviewer=builders.reviewer_row(review, manager),
                round=1,
                kind="approve",
                by=Actor(user=manager),
            )

    def test_in_order(self, made, manager):
        second = builders.user("hr")
        review = builders.review(made, manager, second, in_order=True)
        assert builders.reviewer_row(review, second).waiting_since is None
        with pytest.raises(drafts.ActionRefused, match="Others are asked first"):
            builders.decision(review, second)
        builders.decision(review, manager)
        assert builders.reviewer_row(review, second).waiting_since
        told = Notification.objects.get(verb="review.asked", user=second)
        assert told.by == made.owner  # who asks, not who decided before

    def test_an_approval_given_elsewhere(self, made):
        review = builders.review(made, "chief@example.org")
        reviewer = builders.reviewer_row(review, "chief@example.org")
        written = decisions.record_elsewhere(
            reviewer=reviewer,
            round=1,
            kind="approve",
            reason="By phone on Monday",
            by=made.owner,
        )
        assert written.recorded_by == made.owner
        assert Notification.objects.get(verb="review.recorded").reviewer == reviewer
        review.refresh_from_db()
        assert review.state == "approved"


class TestReviewers:
    def test_a_delegate_decides_and_earlier_approvals_count(self, made, manager):
        colleague = builders.user("hr")
        other = builders.user("hr")
        review = builders.review(made, manager, other)
        builders.decision(review, manager)
        reword(made, "summary", "Another summary.")
        send_next_round(made, review)
        assignments.delegate(
            reviewer=builders.reviewer_row(review, manager),
            to=colleague,
            reason="On leave",
            by=Actor(user=manager),
        )
        assert pending_headings(review, colleague) == [section(made, "summary").heading]

    def test_who_is_replaced_no_longer_counts(self, made, manager):
        colleague = builders.user("hr")
        review = builders.review(made, manager, builders.user("hr"))
        builders.decision(review, manager)
        assignments.replace(
            reviewer=builders.reviewer_row(review, manager),
            asked=ReviewerRequest(user=colleague),
            reason="Wrong person",
            by=made.owner,
        )
        assert len(pending_headings(review, colleague)) == 5
        with pytest.raises(drafts.ActionRefused, match="not take part"):
            decisions.decide(
                reviewer=review.reviewers.get(user=manager),
                round=1,
                kind="approve",
                by=Actor(user=manager),
            )

    def test_the_last_approver_cannot_be_removed(self, made, manager):
        review = builders.review(made, manager)
        with pytest.raises(drafts.ActionRefused, match="Nobody would be left"):
            assignments.remove(
                reviewer=builders.reviewer_row(review, manager), reason="x", by=made.owner
            )
        assert not builders.reviewer_row(review, manager).removal_reason


class TestReading:
    def test_a_reviewer_reads_the_review_and_a_stranger_nothing(self, made):
        nobody, stranger = builders.user("no_group"), builders.user("manager")
        review = builders.review(made, nobody)
        assert review_access.reader(review, stranger) is None
        reader = builders.reader(review, nobody)
        assert reader.audience == "restricted"
        assert reader.may("review.decide")
        assert not reader.may("review.request")
        requests.withdraw(review=review, by=made.owner)
        review.refresh_from_db()
        assert review_access.reader(review, nobody) is None

    def test_an_expired_review_is_closed_to_those_who_only_review(self, made):
        nobody = builders.user("no_group")
        review = builders.review(made, nobody)
        review.expires = timezone.localdate() - timedelta(days=1)
        review.save()
        assert review_access.reader(review, nobody) is None
        assert builders.reader(review, made.owner).may("review.request")

    def test_who_is_asked_about_a_section_sees_it_and_no_other_restricted_one(self, made, manager):
        made.sections.filter(kind__in=["summary", "qualifications"]).update(audience="restricted")
        asked = ReviewerRequest(
            user=builders.user("no_group"), sections=(section(made, "summary").uid,)
        )
        review = builders.review(made, manager, asked)
        reader = builders.reader(review, asked.user)
        kinds = [one.kind for one in reader.document(made.versions.get()).sections]
        assert kinds == ["summary", "responsibilities"]

    def test_the_version_looked_at_before_is_the_baseline(self, made, manager):
        review = builders.review(made, manager)
        first = made.versions.get()
        review_access.record_view(builders.reader(review, manager), first)
        reword(made, "summary", "Another summary.")
        round = send_next_round(made, review)
        reader = builders.reader(review, manager)
        assert reader.baseline(round.version) == first
        review_access.record_view(reader, round.version)
        assert builders.reader(review, manager).baseline(round.version) == first


class TestSaying:
    def test_a_thread_with_a_mention(self, made, manager):
        review = builders.review(made, manager)
        reader = builders.reader(review, manager)
        line = section(made, "summary").lines.first()
        thread = comments.comment(
            reader=reader,
            version=made.versions.get(),
            text=f"Which office, @{made.owner.username}?",
            line=line.uid,
        )
        assert (thread.quote, thread.heading) == (line.text, section(made, "summary").heading)
        assert thread.comments.get().text == f"Which office, @[{made.owner.pk}]?"
        assert Notification.objects.filter(verb="review.mentioned", user=made.owner).exists()
        author = builders.reader(review, made.owner)
        comments.reply(reader=author, thread=thread, text="Denver.")
        assert comments.resolve(reader=author, thread=thread).resolved_by == made.owner
        assert comments.reopen(reader=reader, thread=thread).resolved_at is None

    def test_a_thread_at_a_hidden_place_is_hidden(self, made, manager):
        made.sections.filter(kind="summary").update(audience="restricted")
        outsider = builders.user("no_group")
        asked = ReviewerRequest(user=outsider, sections=(section(made, "qualifications").uid,))
        review = builders.review(made, manager, asked)
        line = section(made, "summary").lines.first()
        version = made.versions.get()
        reader = builders.reader(review, manager)
        comments.comment(reader=reader, version=version, text="Hm", line=line.uid)
        assert builders.reader(review, manager).threads().count() == 1
        assert builders.reader(review, outsider).threads().count() == 0
        with pytest.raises(drafts.ActionRefused, match="not in this version"):
            comments.comment(
                reader=builders.reader(review, outsider), version=version, text="Hm", line=line.uid
            )


class TestSuggesting:
    @pytest.fixture
    def review(self, made, manager):
        return builders.review(made, manager)

    def suggest(self, made, manager, review, **values):
        line = section(made, "summary").lines.first()
        values = {"kind": "reword", "line": line.uid, **values}
        proposal = suggestions.Proposal(section=section(made, "summary").uid, **values)
        reader = builders.reader(review, manager)
        return suggestions.suggest(reader=reader, version=made.versions.get(), proposal=proposal)

    def test_an_accepted_suggestion_changes_the_draft(self, made, manager, review):
        suggestion = self.suggest(made, manager, review, text="You look after customers.")
        made.refresh_from_db()
        suggestions.accept(suggestion=suggestion, by=made.owner, token=made.edit_token)
        assert section(made, "summary").lines.get().text == "You look after customers."
        send_next_round(made, review)
        assert builders.decision(review, manager)

    def test_a_line_to_add_and_one_to_remove(self, made, manager, review):
        added = self.suggest(made, manager, review, kind="add", text="You travel.")
        removed = self.suggest(made, manager, review, kind="remove")
        made.refresh_from_db()
        suggestions.accept(suggestion=added, by=made.owner, token=made.edit_token, text="You fly.")
        added.refresh_from_db()
        assert (added.state, added.text, added.accepted_text) == (
            "changed",
            "You travel.",
            "You fly.",
        )
        made.refresh_from_db()
        suggestions.accept(suggestion=removed, by=made.owner, token=made.edit_token)
        assert [line.text for line in section(made, "summary").lines.all()] == ["You fly."]
        assert section(made, "summary").lines.get().uid == added.line

    def test_a_declined_one_leaves_the_draft(self, made, manager, review):
        suggestion = self.suggest(made, manager, review, text="Other.")
        suggestions.decline(suggestion=suggestion, reason="It is fine.", by=made.owner)
        with pytest.raises(drafts.ActionRefused, match="answer already"):
            suggestions.accept(suggestion=suggestion, by=made.owner, token=made.edit_token)
        assert section(made, "summary").lines.get().text != "Other."


def test_an_archived_job_description_has_no_open_review(made, manager):
    review = builders.review(made, manager)
    lifecycle.archive(description=made, by=made.owner)
    review.refresh_from_db()
    assert review.state == "withdrawn"
    assert not builders.reviewer_row(review, manager).waiting_since
    assert Event.objects.get(verb="review.withdrawn").what["review"] == review.pk
