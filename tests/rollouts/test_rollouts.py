"""Tests of rollouts: a snippet's new revision in many job descriptions, approved together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from roles import comparison, drafts, leases, tasks
from roles.drafts import changes, lifecycle
from roles.models import (
    Approval,
    EffectivePeriod,
    Event,
    JobDescription,
    Notification,
    Review,
    Rollout,
    RolloutEntry,
    User,
)
from roles.reviews import approval_status, notify, requests
from roles.rollouts import apply_rollout, batch_approval, impact
from roles.versions import effective_periods
from tests import builders, sharing
from tests.sharing import NEW, OLD, Company
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return sharing.ready()


def test_draft_that_a_rollout_left_out_can_be_deleted(company: Company) -> None:
    draft = builders.description(company.hr)
    section = builders.add_section(draft, "legal", "Equal opportunity")
    builders.change(draft, changes.AddSnippets(section, (company.snippet.pk,)))
    rollout = company.start_rollout(draft)
    assert rollout.entries.get().reason == "It has no versions yet."
    lifecycle.delete_draft(description=draft, by=company.hr)
    assert not JobDescription.objects.filter(pk=draft.pk).exists()
    assert not rollout.entries.exists()


def test_one_approval_approves_every_version(company: Company) -> None:
    """The approver reviews only that section; earlier approvals still count."""
    before = {description.pk: description.lines.count() for description in company.descriptions}
    rollout = company.start_rollout()
    assert rollout.entries.exclude(version=None).count() == 2
    for description in company.descriptions:
        description.refresh_from_db()
        line, newest = company.line(description), description.versions.order_by("-number")[0]
        assert (line.text, line.revision, description.status) == (
            NEW,
            company.revision,
            "in_review",
        )
        assert newest.number == 2
        assert newest.uses.get(line_uid=line.uid).revision == company.revision
        assert description.lines.count() == before[description.pk]
        review = description.reviews.get()
        reviewer_row = review.reviewers.get()
        assert (reviewer_row.user, reviewer_row.sections) == (company.lawyer, [line.section.uid])
    outcomes = batch_approval.approve_all(rollout=rollout, by=company.lawyer)
    assert [outcome.reason for outcome in outcomes] == ["", ""]
    assert Review.objects.filter(state="approved").count() == 2
    assert all(
        description.versions.order_by("-number")[0].approval for description in company.descriptions
    )
    assert batch_approval.approve_all(rollout=rollout, by=company.lawyer) == []


def test_one_notification_for_the_whole_batch(company: Company) -> None:
    rollout = company.start_rollout()
    notifications = Notification.objects.get(user=company.lawyer)
    assert (notifications.verb, notifications.what["rollout"], notifications.what["count"]) == (
        "rollout.asked",
        rollout.pk,
        2,
    )
    apply_rollout.run(rollout.pk)
    assert Notification.objects.count() == 1
    batch_approval.approve_all(rollout=rollout, by=company.lawyer)
    notifications = Notification.objects.get(user=company.hr)
    assert (notifications.verb, notifications.what["kind"], notifications.what["count"]) == (
        "rollout.decided",
        "approve",
        2,
    )
    assert Notification.objects.count() == 2


def test_events_are_recorded(company: Company) -> None:
    rollout = company.start_rollout()
    description = Event.objects.get(verb="rollout.made", about_id=rollout.pk)
    assert (description.chain, description.what["made"], description.what["left_out"]) == (
        "organization",
        2,
        0,
    )
    of_one = Event.objects.filter(chain=company.descriptions[0].reference).order_by("-number")
    verbs = [event.verb for event in of_one[:3]]
    assert verbs == ["review.asked", "version.saved", "draft.changed"]
    assert of_one[0].what["rollout"] == rollout.pk
    assert NEW not in str([event.what for event in Event.objects.all()])
    assert list(Event.objects.broken()) == []


def own_tasks() -> Any:
    """Without those that render files in advance."""
    return DBTaskResult.objects.filter(priority=0)


class TestCandidates:
    def test_preview_saves_nothing(self, company: Company) -> None:
        affected = company.impact_on(company.descriptions[0])
        changed = comparison.compare(affected.old, affected.new)
        states = {node.any.heading: node.is_plain for node in changed.sections}
        assert [heading for heading, is_plain in states.items() if not is_plain] == [
            "Equal opportunity"
        ]
        assert (affected.reason, affected.is_reworded) == ("", False)
        assert company.line(company.descriptions[0]).text == OLD

    @pytest.mark.slow
    def test_reasons_for_skipping(self, company: Company) -> None:
        """The draft isn't changed."""
        company.descriptions += [company.describe(n) for n in range(2, 6)]
        company.revision = company.revise("Same chances for all.")
        edited, reviewed, archived, other, bare, fine = company.descriptions
        builders.add_line(edited, edited.sections.get(kind="summary").uid, "More.")
        builders.add_line(reviewed, reviewed.sections.get(kind="summary").uid, "More.")
        builders.version(reviewed)
        builders.review(reviewed, builders.user("manager"))
        lifecycle.archive(description=archived, by=company.hr)
        builders.add_line(other, other.sections.get(kind="summary").uid, "More.")
        builders.version(other)
        Approval.objects.filter(version__description=bare).delete()
        unsaved = builders.description(company.hr)
        section = builders.add_section(unsaved, "legal", "Equal opportunity")
        first = company.snippet.revisions.get(number=1)
        change = changes.AddLine(section, {"text": OLD}, uid="a" * 32, revision=first.pk)
        builders.change(unsaved, change)
        assert {
            one.description.pk: one.reason
            for one in impact.candidates(revision=company.revision, user=company.hr)
        } == {
            edited.pk: "Its draft has changes that aren’t in a version yet.",
            reviewed.pk: "It’s in review.",
            archived.pk: "It’s archived.",
            other.pk: "Changed since the last approval: Summary.",
            bare.pk: "None of its versions is approved.",
            unsaved.pk: "It has no versions yet.",
            fine.pk: "",
        }
        tokens = dict(JobDescription.objects.values_list("pk", "edit_token"))
        rollout = company.start_rollout(edited, reviewed, archived, other, bare, unsaved)
        assert not rollout.entries.filter(reason="").exists()
        assert dict(JobDescription.objects.values_list("pk", "edit_token")) == tokens
        assert not Notification.objects.filter(verb="rollout.asked").exists()

    def test_job_descriptions_with_the_wording_are_no_candidates(self, company: Company) -> None:
        company.start_rollout(company.descriptions[0])
        batch_approval.approve_all(rollout=Rollout.objects.get(), by=company.lawyer)
        candidates = impact.candidates(revision=company.revision, user=company.hr)
        assert [one.description for one in candidates] == [company.descriptions[1]]

    def test_hidden_job_descriptions_are_not_listed_or_changed(self, company: Company) -> None:
        """Confidential ones, and those in other departments."""
        JobDescription.objects.filter(pk=company.descriptions[0].pk).update(
            confidential=True, owner=builders.user("hr")
        )
        JobDescription.objects.filter(pk=company.descriptions[1].pk).update(
            department=builders.department("Legal"), owner=builders.user("hr")
        )
        company.hr.departments.add(builders.department("Sales"))
        hr = User.objects.get(pk=company.hr.pk)
        assert impact.candidates(revision=company.revision, user=hr) == []
        with pytest.raises(drafts.ActionRefused, match="at least one"):
            company.start_rollout(by=hr)
        assert company.line(company.descriptions[0]).text == OLD

    @pytest.mark.slow
    def test_number_of_queries_is_constant(self) -> None:
        company = Company(1)

        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                impact.candidates(revision=company.revision, user=company.hr)
            return len(captured)

        count()  # fills caches
        few = count()
        for n in range(3):
            company.describe(n + 5)
        company.revision = company.revise("Same chances for all.")
        assert len(impact.candidates(revision=company.revision, user=company.hr)) == 4
        assert count() == few

    @pytest.mark.slow
    def test_queries_per_job_description_are_constant(self) -> None:
        company = Company(4)
        taken = []
        for description in company.descriptions:
            given: dict[str, Any] = {
                "by": company.hr,
                "approver": company.lawyer,
                "revision": company.revision,
            }
            rollout = apply_rollout.start(descriptions=[description], **given)
            with CaptureQueriesContext(connection) as captured:
                apply_rollout.run(rollout.pk)
            taken.append(len(captured))
        assert len(set(taken[1:])) == 1
        assert taken[1] < 150


class TestWording:
    def test_reworded_lines_are_skipped_unless_selected(self, company: Company) -> None:
        description = company.descriptions[0]
        builders.change(
            description, changes.ChangeLine(company.line(description).uid, {"text": "Our own."})
        )
        builders.approved(builders.version(description))
        assert company.impact_on(description).is_reworded
        rollout = company.start_rollout(description)
        assert "reworded" in company.reason(rollout, description)
        assert company.line(description).text == "Our own."
        rollout = company.start_rollout(description, replacing=[description.pk])
        assert company.reason(rollout, description) == ""
        assert company.line(description).text == NEW

    def test_locked_section_is_updated_and_stays_locked(self, company: Company) -> None:
        description = company.descriptions[0]
        description.sections.filter(kind="legal").update(locked=True)
        company.start_rollout(description)
        assert company.line(description).text == NEW
        assert description.sections.get(kind="legal").locked

    @pytest.mark.slow
    def test_other_fields_of_the_line_are_kept(self) -> None:
        """The line's own detail is replaced only if the snippet had one."""
        company = Company(2, kind="qualification")
        first, second = company.descriptions
        own = {"requirement": "required", "frequency": "weekly", "detail": "Ours."}
        builders.change(first, changes.ChangeLine(company.line(first).uid, own))
        builders.approved(builders.version(first))
        uid = company.line(first).uid
        rollout = company.start_rollout()
        assert list(rollout.entries.values_list("reason", flat=True)) == ["", ""]
        line = company.line(first)
        assert (line.uid, line.text, line.detail) == (uid, NEW, "Ours.")
        assert (line.requirement, line.frequency) == ("required", "weekly")
        assert company.line(second).requirement == ""

    def test_blank_placeholders_prevent_approval(self, company: Company) -> None:
        company.revision = company.revise("[Company Name] asks [team] for fairness.")
        assert company.impact_on(company.descriptions[0]).open_words == ["[team]"]
        rollout = company.start_rollout(company.descriptions[0])
        outcomes = batch_approval.approve_all(rollout=rollout, by=company.lawyer)
        assert (outcomes[0].is_done, "[team]" in outcomes[0].reason) == (True, True)
        assert batch_approval.approve_all(rollout=rollout, by=company.lawyer) == []
        assert approval_status.status_of(Review.objects.get()).has_all_approvals

    def test_too_long_wording_is_skipped(self, company: Company) -> None:
        description = company.descriptions[0]
        builders.change(
            description, changes.ChangeLine(company.line(description).uid, {"form": "entry"})
        )
        builders.approved(builders.version(description))
        company.revision = company.revise("Fair. " * 400)
        rollout = company.start_rollout()
        assert "at most" in company.reason(rollout, description)
        assert company.line(description).text == OLD
        assert company.reason(rollout, company.descriptions[1]) == ""


class TestRefusals:
    def test_no_one_approves_their_own_rollout(self, company: Company) -> None:
        with pytest.raises(drafts.ActionRefused, match="your own rollout"):
            company.start_rollout(approver=company.hr)
        assert not Rollout.objects.exists()

    def test_drafts_changed_by_the_approver_are_skipped(self, company: Company) -> None:
        description, helper = company.descriptions[0], builders.user("hr")
        summary = description.sections.get(kind="summary").lines.get()
        for text in ("Other words.", summary.text):
            description.refresh_from_db()
            drafts.apply(
                description=description,
                by=helper,
                token=description.edit_token,
                changes=[changes.ChangeLine(summary.uid, {"text": text})],
            )
        rollout = company.start_rollout(approver=helper)
        assert "can’t approve" in company.reason(rollout, description)
        assert company.line(description).text == OLD
        assert company.reason(rollout, company.descriptions[1]) == ""

    def test_only_the_latest_revision_is_rolled_out(self, company: Company) -> None:
        previous = company.revision
        company.revise("Newer still.")
        with pytest.raises(drafts.ActionRefused, match="newer revision"):
            company.start_rollout(revision=previous)


class TestKilled:
    def test_continues_after_a_killed_process(
        self, company: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A process is killed during the second job description; the next run completes it."""
        ask, requested = requests.request_review, []

        def fail_at_second(**values: Any) -> Review:
            requested.append(values)
            if len(requested) == 2:
                raise KeyboardInterrupt
            return ask(**values)

        monkeypatch.setattr(requests, "request_review", fail_at_second)
        with pytest.raises(KeyboardInterrupt):
            company.start_rollout()
        rollout = Rollout.objects.get()
        first, second = company.descriptions
        assert (company.line(first).text, company.line(second).text) == (NEW, OLD)
        assert second.versions.count() == 1
        assert not Notification.objects.exists()
        assert apply_rollout.run(rollout.pk)
        assert rollout.entries.exclude(review=None).count() == 2
        assert [description.versions.count() for description in company.descriptions] == [2, 2]
        assert Notification.objects.get().verb == "rollout.asked"

    def test_the_rollout_of_a_killed_process_is_enqueued_again_once(self, company: Company) -> None:
        tasks.resume()
        assert not own_tasks().exists()
        rollout = tasks.start_rollout(
            revision=company.revision,
            descriptions=company.descriptions,
            by=company.hr,
            approver=company.lawyer,
        )
        an_hour_ago = timezone.now() - timedelta(hours=1)
        Rollout.objects.update(lease_expires_at=an_hour_ago)
        tasks.resume()
        assert own_tasks().count() == 1  # still queued
        own_tasks().update(status="RUNNING")
        Rollout.objects.update(lease="killed", lease_expires_at=leases.new_expiry())
        tasks.resume()
        assert own_tasks().count() == 1
        assert apply_rollout.run(rollout.pk)
        assert rollout.entries.waiting().count() == 2
        Rollout.objects.update(lease_expires_at=an_hour_ago)
        tasks.resume()
        tasks.resume()
        assert own_tasks().ready().count() == 1
        assert apply_rollout.run(rollout.pk)
        assert not rollout.entries.waiting().exists()

    def test_the_approver_is_notified_by_the_next_process(
        self, company: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A process is killed after the last job description, before the notification."""

        def killed(*_args: Any, **_what: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(notify, "notify_of_rollout", killed)
            with pytest.raises(KeyboardInterrupt):
                company.start_rollout()
        assert not Notification.objects.exists()
        Rollout.objects.update(lease_expires_at=timezone.now() - timedelta(hours=1))
        tasks.resume()
        assert own_tasks().ready().count() == 1
        apply_rollout.run(Rollout.objects.get().pk)
        assert Notification.objects.get().verb == "rollout.asked"

    def test_newer_version_is_not_overwritten(self, company: Company) -> None:
        first, second = company.descriptions
        rollout = apply_rollout.start(
            revision=company.revision,
            descriptions=company.descriptions,
            by=company.hr,
            approver=company.lawyer,
        )
        builders.change(first, changes.ChangeLine(company.line(first).uid, {"text": "Ours."}))
        builders.version(first)
        JobDescription.objects.filter(pk=second.pk).update(
            confidential=True, owner=builders.user("hr")
        )
        apply_rollout.run(rollout.pk)
        assert "after the rollout started" in company.reason(rollout, first)
        assert "can no longer edit" in company.reason(rollout, second)
        assert (company.line(first).text, company.line(second).text) == ("Ours.", OLD)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_rollouts_make_one_version_of_each() -> None:
    company = Company(3)
    other = builders.user("no_group")
    outcomes = at_once(
        lambda: company.start_rollout(), lambda: company.start_rollout(approver=other)
    )
    assert [type(outcome) for outcome in outcomes] == [Rollout, Rollout]
    assert RolloutEntry.objects.exclude(review=None).count() == 3
    assert [description.versions.count() for description in company.descriptions] == [2, 2, 2]
    assert not RolloutEntry.objects.waiting().exists()
    assert list(Event.objects.broken()) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_processes_at_one_rollout_make_one_version_of_each() -> None:
    company = Company(3)
    rollout = apply_rollout.start(
        revision=company.revision,
        descriptions=company.descriptions,
        by=company.hr,
        approver=company.lawyer,
    )
    assert at_once(*[lambda: apply_rollout.run(rollout.pk)] * 2) == [True, True]
    assert [description.versions.count() for description in company.descriptions] == [2, 2, 2]
    assert Notification.objects.count() == 1
    assert Event.objects.filter(verb="rollout.made").count() == 1


class TestBatch:
    @pytest.fixture
    def rollout(self, company: Company) -> Rollout:
        return company.start_rollout()

    def test_newer_versions_are_not_approved(self, company: Company, rollout: Rollout) -> None:
        description = company.descriptions[0]
        builders.change(
            description, changes.ChangeLine(company.line(description).uid, {"text": "Ours."})
        )
        review = description.reviews.get()
        requests.next_round(review=review, version=builders.version(description), by=company.hr)
        outcomes = batch_approval.approve_all(rollout=rollout, by=company.lawyer)
        assert [outcome.is_done for outcome in outcomes] == [False, True]
        review.refresh_from_db()
        assert review.is_open

    def test_selected_job_descriptions_are_approved(
        self, company: Company, rollout: Rollout
    ) -> None:
        description = company.descriptions[1]
        outcomes = batch_approval.approve_all(
            rollout=rollout, by=company.lawyer, references=[description.reference]
        )
        assert [outcome.description for outcome in outcomes] == [description]
        assert list(Review.objects.open().values_list("description", flat=True)) == [
            company.descriptions[0].pk
        ]

    @pytest.mark.slow
    def test_changes_requested_withdrawn_and_rolled_out_again(
        self, company: Company, rollout: Rollout
    ) -> None:
        with pytest.raises(drafts.ActionRefused, match="what should change"):
            batch_approval.ask_for_changes(rollout=rollout, by=company.lawyer, reason=" ")
        batch_approval.ask_for_changes(rollout=rollout, by=company.lawyer, reason="Shorter.")
        assert not Approval.objects.filter(version__number=2).exists()
        company.revision = company.revise("Same chances for all.")
        again = company.start_rollout()
        assert set(again.entries.values_list("reason", flat=True)) == {"It’s in review."}
        batch_approval.withdraw(rollout=rollout, reason="", by=company.hr)
        again = company.start_rollout()
        outcomes = batch_approval.approve_all(rollout=again, by=company.lawyer)
        assert [outcome.reason for outcome in outcomes] == ["", ""]
        assert company.line(company.descriptions[0]).text == "Same chances for all."

    def test_make_current_checks_permission(self, company: Company, rollout: Rollout) -> None:
        today = timezone.localdate()
        other = builders.user("hr")
        JobDescription.objects.filter(pk=company.descriptions[1].pk).update(owner=other)
        assert batch_approval.make_effective(rollout=rollout, since=today, by=company.hr) == []
        batch_approval.approve_all(rollout=rollout, by=company.lawyer)
        outcomes = batch_approval.make_effective(rollout=rollout, since=today, by=company.hr)
        assert ["owner" in outcome.reason for outcome in outcomes] == [False, True]
        assert effective_periods.current_on(company.descriptions[0], today) == company.descriptions[
            0
        ].versions.get(number=2)
        later = today + timedelta(days=1)
        batch_approval.make_effective(rollout=rollout, since=later, by=builders.user("admin"))
        assert EffectivePeriod.objects.count() == 2

    def test_only_reviewers_can_decide(self, company: Company, rollout: Rollout) -> None:
        assert batch_approval.approve_all(rollout=rollout, by=builders.user("admin")) == []
        assert Review.objects.open().count() == 2
