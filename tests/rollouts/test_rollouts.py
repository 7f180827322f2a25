"""Rollouts: a new wording of a snippet in many job descriptions, approved together."""

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


def test_one_approval_makes_every_version_approved(company: Company) -> None:
    """The approver is asked about that section only; earlier approvals still count."""
    before = {made.pk: made.lines.count() for made in company.made}
    rollout = company.start_rollout()
    assert rollout.entries.exclude(version=None).count() == 2
    for made in company.made:
        made.refresh_from_db()
        line, newest = company.line(made), made.versions.order_by("-number")[0]
        assert (line.text, line.revision, made.status) == (NEW, company.revision, "in_review")
        assert newest.number == 2
        assert newest.uses.get(line_uid=line.uid).revision == company.revision
        assert made.lines.count() == before[made.pk]
        review = made.reviews.get()
        reviewer_row = review.reviewers.get()
        assert (reviewer_row.user, reviewer_row.sections) == (company.lawyer, [line.section.uid])
    outcomes = batch_approval.approve_all(rollout=rollout, by=company.lawyer)
    assert [outcome.reason for outcome in outcomes] == ["", ""]
    assert Review.objects.filter(state="approved").count() == 2
    assert all(made.versions.order_by("-number")[0].approval for made in company.made)
    assert batch_approval.approve_all(rollout=rollout, by=company.lawyer) == []


def test_one_notification_for_the_whole_batch(company: Company) -> None:
    rollout = company.start_rollout()
    told = Notification.objects.get(user=company.lawyer)
    assert (told.verb, told.what["rollout"], told.what["count"]) == ("rollout.asked", rollout.pk, 2)
    apply_rollout.run(rollout.pk)
    assert Notification.objects.count() == 1
    batch_approval.approve_all(rollout=rollout, by=company.lawyer)
    told = Notification.objects.get(user=company.hr)
    assert (told.verb, told.what["kind"], told.what["count"]) == ("rollout.decided", "approve", 2)
    assert Notification.objects.count() == 2


def test_the_chains_have_its_events(company: Company) -> None:
    rollout = company.start_rollout()
    made = Event.objects.get(verb="rollout.made", about_id=rollout.pk)
    assert (made.chain, made.what["made"], made.what["left_out"]) == ("organization", 2, 0)
    of_one = Event.objects.filter(chain=company.made[0].reference).order_by("-number")
    verbs = [event.verb for event in of_one[:3]]
    assert verbs == ["review.asked", "version.saved", "draft.changed"]
    assert of_one[0].what["rollout"] == rollout.pk
    assert NEW not in str([event.what for event in Event.objects.all()])
    assert list(Event.objects.broken()) == []


class TestCandidates:
    def test_the_redline_is_made_without_the_database(self, company: Company) -> None:
        found = company.reached(company.made[0])
        changed = comparison.compare(found.old, found.new)
        states = {node.any.heading: node.is_plain for node in changed.sections}
        assert [heading for heading, is_plain in states.items() if not is_plain] == [
            "Equal opportunity"
        ]
        assert (found.reason, found.is_reworded) == ("", False)
        assert company.line(company.made[0]).text == OLD

    def test_reasons_to_be_left_out(self, company: Company) -> None:
        """Nothing of it is changed."""
        company.made += [company.describe(n) for n in range(2, 6)]
        company.revision = company.revise("Same chances for all.")
        edited, reviewed, archived, other, bare, fine = company.made
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
            edited.pk: "Its draft says something that is in no version yet.",
            reviewed.pk: "A review of it is open.",
            archived.pk: "It is archived.",
            other.pk: "Changed since a version was approved: Summary.",
            bare.pk: "None of its versions was approved.",
            unsaved.pk: "It has no version yet.",
            fine.pk: "",
        }
        tokens = dict(JobDescription.objects.values_list("pk", "edit_token"))
        rollout = company.start_rollout(edited, reviewed, archived, other, bare, unsaved)
        assert not rollout.entries.filter(reason="").exists()
        assert dict(JobDescription.objects.values_list("pk", "edit_token")) == tokens
        assert not Notification.objects.filter(verb="rollout.asked").exists()

    def test_what_has_the_wording_is_none(self, company: Company) -> None:
        company.start_rollout(company.made[0])
        batch_approval.approve_all(rollout=Rollout.objects.get(), by=company.lawyer)
        found = impact.candidates(revision=company.revision, user=company.hr)
        assert [one.description for one in found] == [company.made[1]]

    def test_what_is_hidden_is_neither_listed_nor_changed(self, company: Company) -> None:
        """Confidential ones, and those of other departments."""
        JobDescription.objects.filter(pk=company.made[0].pk).update(
            confidential=True, owner=builders.user("hr")
        )
        JobDescription.objects.filter(pk=company.made[1].pk).update(
            department=builders.department("Legal"), owner=builders.user("hr")
        )
        company.hr.departments.add(builders.department("Sales"))
        hr = User.objects.get(pk=company.hr.pk)
        assert impact.candidates(revision=company.revision, user=hr) == []
        with pytest.raises(drafts.ActionRefused, match="at least one"):
            company.start_rollout(by=hr)
        assert company.line(company.made[0]).text == OLD

    def test_the_number_of_queries_does_not_depend_on_how_many_there_are(self) -> None:
        company = Company(1)

        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                impact.candidates(revision=company.revision, user=company.hr)
            return len(captured)

        count()  # the first fills caches
        few = count()
        for n in range(3):
            company.describe(n + 5)
        company.revision = company.revise("Same chances for all.")
        assert len(impact.candidates(revision=company.revision, user=company.hr)) == 4
        assert count() == few

    def test_each_one_takes_as_many_queries(self) -> None:
        company = Company(4)
        taken = []
        for made in company.made:
            given: dict[str, Any] = {
                "by": company.hr,
                "approver": company.lawyer,
                "revision": company.revision,
            }
            rollout = apply_rollout.start(descriptions=[made], **given)
            with CaptureQueriesContext(connection) as captured:
                apply_rollout.run(rollout.pk)
            taken.append(len(captured))
        assert len(set(taken[1:])) == 1
        assert taken[1] < 150


class TestWording:
    def test_reworded_ones_are_left_out_unless_they_are_chosen(self, company: Company) -> None:
        made = company.made[0]
        builders.change(made, changes.ChangeLine(company.line(made).uid, {"text": "Our own."}))
        builders.approved(builders.version(made))
        assert company.reached(made).is_reworded
        rollout = company.start_rollout(made)
        assert "other words" in company.reason(rollout, made)
        assert company.line(made).text == "Our own."
        rollout = company.start_rollout(made, replacing=[made.pk])
        assert company.reason(rollout, made) == ""
        assert company.line(made).text == NEW

    def test_a_locked_section_takes_it_and_stays_locked(self, company: Company) -> None:
        made = company.made[0]
        made.sections.filter(kind="legal").update(locked=True)
        company.start_rollout(made)
        assert company.line(made).text == NEW
        assert made.sections.get(kind="legal").locked

    def test_the_rest_of_the_line_stays(self) -> None:
        """A snippet of any kind; its own detail goes only where the library had one."""
        company = Company(2, kind="qualification")
        first, second = company.made
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
        company.revision = company.revise("[Company Name] asks [whom] for fairness.")
        assert company.reached(company.made[0]).open_words == ["[whom]"]
        rollout = company.start_rollout(company.made[0])
        outcomes = batch_approval.approve_all(rollout=rollout, by=company.lawyer)
        assert (outcomes[0].is_done, "[whom]" in outcomes[0].reason) == (True, True)
        assert batch_approval.approve_all(rollout=rollout, by=company.lawyer) == []
        assert approval_status.status_of(Review.objects.get()).has_all_approvals

    def test_too_long_a_wording_leaves_it_as_it_was(self, company: Company) -> None:
        made = company.made[0]
        builders.change(made, changes.ChangeLine(company.line(made).uid, {"form": "entry"}))
        builders.approved(builders.version(made))
        company.revision = company.revise("Fair. " * 400)
        rollout = company.start_rollout()
        assert "at most" in company.reason(rollout, made)
        assert company.line(made).text == OLD
        assert company.reason(rollout, company.made[1]) == ""


class TestRefusals:
    def test_no_one_approves_their_own_rollout(self, company: Company) -> None:
        with pytest.raises(drafts.ActionRefused, match="somebody else"):
            company.start_rollout(approver=company.hr)
        assert not Rollout.objects.exists()

    def test_an_approver_who_changed_the_draft_leaves_that_one_out(self, company: Company) -> None:
        made, helper = company.made[0], builders.user("hr")
        summary = made.sections.get(kind="summary").lines.get()
        for text in ("Other words.", summary.text):
            made.refresh_from_db()
            drafts.apply(
                description=made,
                by=helper,
                token=made.edit_token,
                changes=[changes.ChangeLine(summary.uid, {"text": text})],
            )
        rollout = company.start_rollout(approver=helper)
        assert "cannot approve" in company.reason(rollout, made)
        assert company.line(made).text == OLD
        assert company.reason(rollout, company.made[1]) == ""

    def test_only_the_latest_revision_is_rolled_out(self, company: Company) -> None:
        previous = company.revision
        company.revise("Newer still.")
        with pytest.raises(drafts.ActionRefused, match="newer words"):
            company.start_rollout(revision=previous)


class TestKilled:
    def test_it_goes_on_where_it_was(
        self, company: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Killed while the second is made: it is as it was; called again, it gets its own."""
        ask, asked = requests.request_review, []

        def dies(**values: Any) -> Review:
            asked.append(values)
            if len(asked) == 2:
                raise KeyboardInterrupt
            return ask(**values)

        monkeypatch.setattr(requests, "request_review", dies)
        with pytest.raises(KeyboardInterrupt):
            company.start_rollout()
        rollout = Rollout.objects.get()
        first, second = company.made
        assert (company.line(first).text, company.line(second).text) == (NEW, OLD)
        assert second.versions.count() == 1
        assert not Notification.objects.exists()
        assert apply_rollout.run(rollout.pk)
        assert rollout.entries.exclude(review=None).count() == 2
        assert [made.versions.count() for made in company.made] == [2, 2]
        assert Notification.objects.get().verb == "rollout.asked"

    def test_the_rollout_of_a_killed_process_is_enqueued_again_once(self, company: Company) -> None:
        tasks.resume()
        assert not DBTaskResult.objects.exists()
        rollout = tasks.start_rollout(
            revision=company.revision,
            descriptions=company.made,
            by=company.hr,
            approver=company.lawyer,
        )
        an_hour_ago = timezone.now() - timedelta(hours=1)
        Rollout.objects.update(lease_expires_at=an_hour_ago)
        tasks.resume()
        assert DBTaskResult.objects.count() == 1  # still in the queue
        DBTaskResult.objects.update(status="RUNNING")
        Rollout.objects.update(lease="killed", lease_expires_at=leases.new_expiry())
        tasks.resume()
        assert DBTaskResult.objects.count() == 1
        assert apply_rollout.run(rollout.pk)
        assert rollout.entries.waiting().count() == 2
        Rollout.objects.update(lease_expires_at=an_hour_ago)
        tasks.resume()
        tasks.resume()
        assert DBTaskResult.objects.ready().count() == 1
        assert apply_rollout.run(rollout.pk)
        assert not rollout.entries.waiting().exists()

    def test_the_approver_is_notified_by_the_next_process(
        self, company: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Killed after the last job description, before the notification."""

        def killed(*_args: Any, **_what: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(notify, "notify_of_rollout", killed)
            with pytest.raises(KeyboardInterrupt):
                company.start_rollout()
        assert not Notification.objects.exists()
        Rollout.objects.update(lease_expires_at=timezone.now() - timedelta(hours=1))
        tasks.resume()
        assert DBTaskResult.objects.ready().count() == 1
        apply_rollout.run(Rollout.objects.get().pk)
        assert Notification.objects.get().verb == "rollout.asked"

    def test_a_version_saved_since_is_not_overwritten(self, company: Company) -> None:
        first, second = company.made
        rollout = apply_rollout.start(
            revision=company.revision,
            descriptions=company.made,
            by=company.hr,
            approver=company.lawyer,
        )
        builders.change(first, changes.ChangeLine(company.line(first).uid, {"text": "Ours."}))
        builders.version(first)
        JobDescription.objects.filter(pk=second.pk).update(
            confidential=True, owner=builders.user("hr")
        )
        apply_rollout.run(rollout.pk)
        assert "since it was chosen" in company.reason(rollout, first)
        assert "may not edit" in company.reason(rollout, second)
        assert (company.line(first).text, company.line(second).text) == ("Ours.", OLD)


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_rollouts_make_one_version_of_each() -> None:
    company = Company(3)
    other = builders.user("no_group")
    outcomes = at_once(
        lambda: company.start_rollout(), lambda: company.start_rollout(approver=other)
    )
    assert [type(outcome) for outcome in outcomes] == [Rollout, Rollout]
    assert RolloutEntry.objects.exclude(review=None).count() == 3
    assert [made.versions.count() for made in company.made] == [2, 2, 2]
    assert not RolloutEntry.objects.waiting().exists()
    assert list(Event.objects.broken()) == []


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_one_rollout_make_one_version_of_each() -> None:
    company = Company(3)
    rollout = apply_rollout.start(
        revision=company.revision,
        descriptions=company.made,
        by=company.hr,
        approver=company.lawyer,
    )
    assert at_once(*[lambda: apply_rollout.run(rollout.pk)] * 2) == [True, True]
    assert [made.versions.count() for made in company.made] == [2, 2, 2]
    assert Notification.objects.count() == 1
    assert Event.objects.filter(verb="rollout.made").count() == 1


class TestBatch:
    @pytest.fixture
    def rollout(self, company: Company) -> Rollout:
        return company.start_rollout()

    def test_newer_versions_are_not_approved(self, company: Company, rollout: Rollout) -> None:
        made = company.made[0]
        builders.change(made, changes.ChangeLine(company.line(made).uid, {"text": "Ours."}))
        review = made.reviews.get()
        requests.next_round(review=review, version=builders.version(made), by=company.hr)
        outcomes = batch_approval.approve_all(rollout=rollout, by=company.lawyer)
        assert ["meanwhile" in outcome.reason for outcome in outcomes] == [True, False]
        review.refresh_from_db()
        assert review.is_open

    def test_single_ones(self, company: Company, rollout: Rollout) -> None:
        made = company.made[1]
        outcomes = batch_approval.approve_all(
            rollout=rollout, by=company.lawyer, references=[made.reference]
        )
        assert [outcome.description for outcome in outcomes] == [made]
        assert list(Review.objects.open().values_list("description", flat=True)) == [
            company.made[0].pk
        ]

    def test_changes_requested_withdrawn_and_rolled_out_again(
        self, company: Company, rollout: Rollout
    ) -> None:
        with pytest.raises(drafts.ActionRefused, match="otherwise"):
            batch_approval.ask_for_changes(rollout=rollout, by=company.lawyer, reason=" ")
        batch_approval.ask_for_changes(rollout=rollout, by=company.lawyer, reason="Shorter.")
        assert not Approval.objects.filter(version__number=2).exists()
        company.revision = company.revise("Same chances for all.")
        again = company.start_rollout()
        assert set(again.entries.values_list("reason", flat=True)) == {"A review of it is open."}
        batch_approval.withdraw(rollout=rollout, reason="", by=company.hr)
        again = company.start_rollout()
        outcomes = batch_approval.approve_all(rollout=again, by=company.lawyer)
        assert [outcome.reason for outcome in outcomes] == ["", ""]
        assert company.line(company.made[0]).text == "Same chances for all."

    def test_effective_where_the_person_may(self, company: Company, rollout: Rollout) -> None:
        today = timezone.localdate()
        other = builders.user("hr")
        JobDescription.objects.filter(pk=company.made[1].pk).update(owner=other)
        assert batch_approval.make_effective(rollout=rollout, since=today, by=company.hr) == []
        batch_approval.approve_all(rollout=rollout, by=company.lawyer)
        outcomes = batch_approval.make_effective(rollout=rollout, since=today, by=company.hr)
        assert ["owner" in outcome.reason for outcome in outcomes] == [False, True]
        assert effective_periods.current_on(company.made[0], today) == company.made[0].versions.get(
            number=2
        )
        later = today + timedelta(days=1)
        batch_approval.make_effective(rollout=rollout, since=later, by=builders.user("admin"))
        assert EffectivePeriod.objects.count() == 2

    def test_only_who_is_asked_can_decide(self, company: Company, rollout: Rollout) -> None:
        assert batch_approval.approve_all(rollout=rollout, by=builders.user("admin")) == []
        assert Review.objects.open().count() == 2
