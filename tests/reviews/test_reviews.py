"""Reviews: requests, decisions, further rounds, approval."""

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
def jd():
    builders.organization(name="Northwind")
    return builders.description(builders.user("hr"))


@pytest.fixture
def manager(jd):
    return builders.user("manager")


def section(jd, kind):
    return jd.sections.get(kind=kind)


def reword(jd, kind, text, by=None):
    """Rewords the first line of a section."""
    jd.refresh_from_db()
    line = section(jd, kind).lines.first()
    change = changes.ChangeLine(uid=line.uid, values={"text": text})
    drafts.apply(description=jd, by=by or jd.owner, token=jd.edit_token, changes=[change])
    return line


def send_next_round(jd, review, **values):
    """The draft saved and sent for the next round."""
    saved = builders.version(jd)
    return requests.next_round(review=review, version=saved, by=jd.owner, **values)


def pending_headings(review, who):
    """The headings of the sections that are pending with a reviewer."""
    reviewer_row = approval_status.status_of(review).progress_of(builders.reviewer_row(review, who))
    assert reviewer_row is not None
    return section_names.names(reviewer_row.pending_sections)


class TestRequests:
    def test_only_one_open_review(self, jd, manager):
        review = builders.review(jd, manager)
        jd.refresh_from_db()
        assert jd.status == "in_review"
        assert builders.reviewer_row(review, manager).waiting_since
        with pytest.raises(drafts.ActionRefused, match="already open"):
            builders.review(jd, manager)
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(
                description=jd,
                requested_by=jd.owner,
                expires=timezone.localdate(),
                version_number=1,
            )

    def test_authors_cannot_approve_their_own_work(self, jd):
        with pytest.raises(drafts.ActionRefused, match="can’t approve it"):
            builders.review(jd, jd.owner)
        assert not Review.objects.exists()
        assert builders.review(
            jd, ReviewerRequest(user=jd.owner, role="commenter"), builders.user("hr")
        )

    def test_every_section_needs_an_approver(self, jd, manager):
        duties = section(jd, "responsibilities").uid
        with pytest.raises(drafts.ActionRefused, match=r"No approver is assigned to: .*All facts"):
            builders.review(jd, ReviewerRequest(user=manager, sections=(duties,)))

    def test_email_address_of_an_account_means_the_account(self, jd, manager):
        review = builders.review(jd, manager.email.upper())
        assert review.reviewers.get().user == manager

    def test_withdrawn_review_takes_no_decisions(self, jd, manager):
        review = builders.review(jd, manager)
        requests.withdraw(review=review, by=jd.owner, reason="Later")
        jd.refresh_from_db()
        assert jd.status == "draft"
        assert Notification.objects.filter(verb="review.withdrawn", user=manager).exists()
        with pytest.raises(drafts.ActionRefused, match="withdrawn"):
            builders.decision(review, manager)
        assert builders.review(jd, manager).is_open


class TestDecisions:
    def test_version_is_approved_with_all_approvals(self, jd, manager):
        other = builders.user("hr")
        review = builders.review(jd, manager, other)
        builders.decision(review, manager)
        assert not Approval.objects.exists()
        builders.decision(review, other, "approve_with_comments", "Good.")
        review.refresh_from_db()
        jd.refresh_from_db()
        assert (review.state, jd.status) == ("approved", "approved")
        assert Approval.objects.get().version == jd.versions.get()
        assert Event.objects.filter(verb="version.approved").count() == 1

    def test_newer_unsent_version_is_not_approved(self, jd, manager):
        review = builders.review(jd, manager)
        builders.version(jd)
        builders.decision(review, manager)
        jd.refresh_from_db()
        assert Approval.objects.get().version.number == 1
        assert jd.status == "draft"

    def test_editor_of_the_new_version_cannot_approve(self, jd, manager):
        helper = builders.user("hr")
        review = builders.review(jd, manager, helper)
        reword(jd, "summary", "New wording.", by=helper)
        send_next_round(jd, review)
        with pytest.raises(drafts.ActionRefused, match="someone else"):
            builders.decision(review, helper)
        reword(jd, "summary", "Newer wording.")
        send_next_round(jd, review)
        assert builders.decision(review, helper)

    def test_saving_the_same_content_again_keeps_its_authors(self, jd, manager):
        helper, other = builders.user("hr"), builders.user("hr")
        reword(jd, "summary", "New wording.", by=helper)
        builders.version(jd, by=helper)
        builders.version(jd, by=other)
        for author in (helper, other, jd.owner):
            with pytest.raises(drafts.ActionRefused, match="can’t approve it"):
                builders.review(jd, author)
        assert builders.review(jd, manager)

    def test_blank_placeholders_prevent_approval(self, jd, manager):
        reword(jd, "summary", "You lead [X] people.")
        review = builders.review(jd, manager)
        builders.decision(review, manager)
        review.refresh_from_db()
        assert review.is_open
        assert approval_status.status_of(review).open_words == ["[X]"]

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("Join {{company_name}}.", "{{company_name}}"),
            ("Join <Company Name>.", "<Company Name>"),
            ("Lead XXXX people.", "XXXX"),
            ("Lead ____ people.", "____"),
            ("Location: TBD", "TBD"),
            ("Lorem ipsum dolor sit amet.", "Lorem ipsum"),
            ("Earn $XX,XXX a year.", "$XX,XXX"),
            ("Join <<Company>>.", "<<Company>>"),
        ],
    )
    def test_placeholders_of_other_systems_prevent_approval(self, jd, manager, text, word):
        reword(jd, "summary", text)
        review = builders.review(jd, manager)
        builders.decision(review, manager)
        review.refresh_from_db()
        assert review.is_open
        assert approval_status.status_of(review).open_words == [word]
        assert not Approval.objects.exists()

    @pytest.mark.parametrize(
        "text",
        [
            "Write templates such as C<D>.",
            "Follow the handbook [1].",
            "Know the TBDX protocol and OTBD.",
            "Keep 3 < x > 2 and y ≠ ±5.",
        ],
    )
    def test_what_only_looks_like_a_placeholder_is_approved(self, jd, manager, text):
        reword(jd, "summary", text)
        review = builders.review(jd, manager)
        builders.decision(review, manager)
        review.refresh_from_db()
        assert review.state == "approved"

    def test_only_changed_sections_are_pending_again(self, jd, manager):
        duties = section(jd, "responsibilities").uid
        lawyer = builders.user("hr")
        review = builders.review(jd, manager, ReviewerRequest(user=lawyer, sections=(duties,)))
        builders.decision(review, lawyer)
        builders.decision(review, manager, "ask_for_changes", "Shorter, please.")
        reword(jd, "summary", "Shorter.")
        send_next_round(jd, review)
        assert pending_headings(review, lawyer) == []
        assert set(pending_headings(review, manager)) > {section(jd, "summary").heading}
        builders.decision(review, manager)
        review.refresh_from_db()
        assert review.state == "approved"

    def test_requesting_changes_keeps_earlier_approvals(self, jd, manager):
        builders.decision(builders.review(jd, manager), manager)
        reword(jd, "summary", "Another summary.")
        builders.version(jd)
        review = builders.review(jd, manager)
        builders.decision(review, manager, "ask_for_changes", "Not so.")
        assert pending_headings(review, manager) == [section(jd, "summary").heading]

    def test_approvals_outlive_their_review(self, jd, manager):
        builders.decision(builders.review(jd, manager), manager)
        reword(jd, "summary", "Another summary.")
        builders.version(jd)
        review = builders.review(jd, manager)
        assert pending_headings(review, manager) == [section(jd, "summary").heading]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("Work Mon–Fri in the depot.", "Work Mon, Fri in the depot."),
            ("Join the US team.", "Join the us team."),
        ],
    )
    def test_a_change_of_sense_asks_for_approval_again(self, jd, manager, old, new):
        reword(jd, "summary", old)
        other = builders.user("hr")
        review = builders.review(jd, manager, other)
        builders.decision(review, manager)
        reword(jd, "summary", new)
        send_next_round(jd, review)
        assert pending_headings(review, manager) == ["Summary"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (
                "You look after the customers of our Denver office.",
                "you look after the  customers of our Denver office",
            ),
            ("Serve well-known firms.", "Serve well known firms."),
            ("Plan renewals.", "plan  renewals."),
        ],
    )
    def test_editorial_change_keeps_approvals(self, jd, manager, old, new):
        reword(jd, "summary", old)
        other = builders.user("hr")
        review = builders.review(jd, manager, other)
        builders.decision(review, manager)
        reword(jd, "summary", new)
        send_next_round(jd, review)
        assert pending_headings(review, manager) == []
        assert builders.reviewer_row(review, manager).waiting_since is None

    def test_decision_on_an_older_version_is_rejected(self, jd, manager):
        review = builders.review(jd, manager)
        reword(jd, "summary", "Another summary.")
        send_next_round(jd, review)
        with pytest.raises(decisions.Superseded):
            decisions.decide(
                reviewer=builders.reviewer_row(review, manager),
                round=1,
                kind="approve",
                by=Actor(user=manager),
            )

    def test_in_order(self, jd, manager):
        second = builders.user("hr")
        review = builders.review(jd, manager, second, in_order=True)
        assert builders.reviewer_row(review, second).waiting_since is None
        with pytest.raises(drafts.ActionRefused, match="Other reviewers go first"):
            builders.decision(review, second)
        builders.decision(review, manager)
        assert builders.reviewer_row(review, second).waiting_since
        notification = Notification.objects.get(verb="review.asked", user=second)
        assert notification.by == jd.owner  # the requester, not the previous reviewer

    def test_recorded_offline_approval(self, jd):
        review = builders.review(jd, "chief@example.org")
        reviewer = builders.reviewer_row(review, "chief@example.org")
        decision = decisions.record_elsewhere(
            reviewer=reviewer,
            round=1,
            kind="approve",
            reason="By phone on Monday",
            by=jd.owner,
        )
        assert decision.recorded_by == jd.owner
        assert Notification.objects.get(verb="review.recorded").reviewer == reviewer
        review.refresh_from_db()
        assert review.state == "approved"


class TestReviewers:
    def test_a_delegate_decides_and_earlier_approvals_count(self, jd, manager):
        colleague = builders.user("hr")
        other = builders.user("hr")
        review = builders.review(jd, manager, other)
        builders.decision(review, manager)
        reword(jd, "summary", "Another summary.")
        send_next_round(jd, review)
        assignments.delegate(
            reviewer=builders.reviewer_row(review, manager),
            to=colleague,
            reason="On leave",
            by=Actor(user=manager),
        )
        assert pending_headings(review, colleague) == [section(jd, "summary").heading]

    def test_decisions_of_a_replaced_reviewer_do_not_count(self, jd, manager):
        colleague = builders.user("hr")
        review = builders.review(jd, manager, builders.user("hr"))
        builders.decision(review, manager)
        assignments.replace(
            reviewer=builders.reviewer_row(review, manager),
            asked=ReviewerRequest(user=colleague),
            reason="Wrong person",
            by=jd.owner,
        )
        assert len(pending_headings(review, colleague)) == 5
        with pytest.raises(drafts.ActionRefused, match="no longer a reviewer"):
            decisions.decide(
                reviewer=review.reviewers.get(user=manager),
                round=1,
                kind="approve",
                by=Actor(user=manager),
            )

    def test_last_approver_cannot_be_removed(self, jd, manager):
        review = builders.review(jd, manager)
        with pytest.raises(drafts.ActionRefused, match="at least one approver"):
            assignments.remove(
                reviewer=builders.reviewer_row(review, manager), reason="x", by=jd.owner
            )
        assert not builders.reviewer_row(review, manager).removal_reason


class TestAccess:
    def test_only_reviewers_can_read_the_review(self, jd):
        outsider, stranger = builders.user("no_group"), builders.user("manager")
        review = builders.review(jd, outsider)
        assert review_access.reader(review, stranger) is None
        reader = builders.reader(review, outsider)
        assert reader.audience == "restricted"
        assert reader.may("review.decide")
        assert not reader.may("review.request")
        requests.withdraw(review=review, by=jd.owner)
        review.refresh_from_db()
        assert review_access.reader(review, outsider) is None

    def test_expired_review_is_closed_to_outside_reviewers(self, jd):
        outsider = builders.user("no_group")
        review = builders.review(jd, outsider)
        review.expires = timezone.localdate() - timedelta(days=1)
        review.save()
        assert review_access.reader(review, outsider) is None
        assert builders.reader(review, jd.owner).may("review.request")

    def test_reviewer_sees_only_assigned_restricted_sections(self, jd, manager):
        jd.sections.filter(kind__in=["summary", "qualifications"]).update(audience="restricted")
        reviewer_request = ReviewerRequest(
            user=builders.user("no_group"), sections=(section(jd, "summary").uid,)
        )
        review = builders.review(jd, manager, reviewer_request)
        reader = builders.reader(review, reviewer_request.user)
        kinds = [one.kind for one in reader.document(jd.versions.get()).sections]
        assert kinds == ["summary", "responsibilities"]

    def test_last_viewed_version_is_the_baseline(self, jd, manager):
        review = builders.review(jd, manager)
        first = jd.versions.get()
        review_access.record_view(builders.reader(review, manager), first)
        reword(jd, "summary", "Another summary.")
        round = send_next_round(jd, review)
        reader = builders.reader(review, manager)
        assert reader.baseline(round.version) == first
        review_access.record_view(reader, round.version)
        assert builders.reader(review, manager).baseline(round.version) == first


class TestComments:
    def test_comment_with_a_mention(self, jd, manager):
        review = builders.review(jd, manager)
        reader = builders.reader(review, manager)
        line = section(jd, "summary").lines.first()
        thread = comments.comment(
            reader=reader,
            version=jd.versions.get(),
            text=f"Which office, @{jd.owner.username}?",
            line=line.uid,
        )
        assert (thread.quote, thread.heading) == (line.text, section(jd, "summary").heading)
        assert thread.comments.get().text == f"Which office, @[{jd.owner.pk}]?"
        assert Notification.objects.filter(verb="review.mentioned", user=jd.owner).exists()
        author = builders.reader(review, jd.owner)
        comments.reply(reader=author, thread=thread, text="Denver.")
        assert comments.resolve(reader=author, thread=thread).resolved_by == jd.owner
        assert comments.reopen(reader=reader, thread=thread).resolved_at is None

    def test_threads_on_hidden_content_are_hidden(self, jd, manager):
        jd.sections.filter(kind="summary").update(audience="restricted")
        outsider = builders.user("no_group")
        reviewer_request = ReviewerRequest(
            user=outsider, sections=(section(jd, "qualifications").uid,)
        )
        review = builders.review(jd, manager, reviewer_request)
        line = section(jd, "summary").lines.first()
        version = jd.versions.get()
        reader = builders.reader(review, manager)
        comments.comment(reader=reader, version=version, text="Hm", line=line.uid)
        assert builders.reader(review, manager).threads().count() == 1
        assert builders.reader(review, outsider).threads().count() == 0
        with pytest.raises(drafts.ActionRefused, match="isn’t in this version"):
            comments.comment(
                reader=builders.reader(review, outsider), version=version, text="Hm", line=line.uid
            )


class TestSuggestions:
    @pytest.fixture
    def review(self, jd, manager):
        return builders.review(jd, manager)

    def suggest(self, jd, manager, review, **values):
        line = section(jd, "summary").lines.first()
        values = {"kind": "reword", "line": line.uid, **values}
        proposal = suggestions.Proposal(section=section(jd, "summary").uid, **values)
        reader = builders.reader(review, manager)
        return suggestions.suggest(reader=reader, version=jd.versions.get(), proposal=proposal)

    def test_accepted_suggestion_changes_the_draft(self, jd, manager, review):
        suggestion = self.suggest(jd, manager, review, text="You look after customers.")
        jd.refresh_from_db()
        suggestions.accept(suggestion=suggestion, by=jd.owner, token=jd.edit_token)
        assert section(jd, "summary").lines.get().text == "You look after customers."
        send_next_round(jd, review)
        assert builders.decision(review, manager)

    def test_suggestions_to_add_and_to_remove_a_line(self, jd, manager, review):
        added = self.suggest(jd, manager, review, kind="add", text="You travel.")
        removed = self.suggest(jd, manager, review, kind="remove")
        jd.refresh_from_db()
        suggestions.accept(suggestion=added, by=jd.owner, token=jd.edit_token, text="You fly.")
        added.refresh_from_db()
        assert (added.state, added.text, added.accepted_text) == (
            "changed",
            "You travel.",
            "You fly.",
        )
        jd.refresh_from_db()
        suggestions.accept(suggestion=removed, by=jd.owner, token=jd.edit_token)
        assert [line.text for line in section(jd, "summary").lines.all()] == ["You fly."]
        assert section(jd, "summary").lines.get().uid == added.line

    def test_declined_suggestion_leaves_the_draft_unchanged(self, jd, manager, review):
        suggestion = self.suggest(jd, manager, review, text="Other.")
        suggestions.decline(suggestion=suggestion, reason="It is fine.", by=jd.owner)
        with pytest.raises(drafts.ActionRefused, match="already answered"):
            suggestions.accept(suggestion=suggestion, by=jd.owner, token=jd.edit_token)
        assert section(jd, "summary").lines.get().text != "Other."


def test_archiving_withdraws_the_open_review(jd, manager):
    review = builders.review(jd, manager)
    lifecycle.archive(description=jd, by=jd.owner)
    review.refresh_from_db()
    assert review.state == "withdrawn"
    assert not builders.reviewer_row(review, manager).waiting_since
    assert Event.objects.get(verb="review.withdrawn").what["review"] == review.pk
