"""Concurrent actions in one review, on either database."""

from __future__ import annotations

import pytest

from roles import drafts, versions
from roles.drafts import changes
from roles.models import Approval, Decision, Event, Notification, Review, Suggestion
from roles.reviews import approval_status, assignments, decisions, requests, suggestions
from roles.reviews.actor import Actor
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def jd():
    builders.organization(name="Northwind")
    return builders.description(builders.user("hr"))


def decide(review, who, kind="approve"):
    """Returns an action: the reviewer submits a decision on the round they have open."""
    reviewer_row, round = builders.reviewer_row(review, who), review.rounds.order_by("-number")[0]
    by = Actor(user=who, reviewer=reviewer_row)
    return lambda: decisions.decide(
        reviewer=reviewer_row, round=round.number, kind=kind, text="So.", by=by
    )


def refused(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, drafts.ActionRefused)]


def assert_events_intact(jd):
    assert not list(Event.objects.broken(jd.reference))


def test_simultaneous_decisions(jd):
    """All decisions count, and the version is approved once."""
    people = [builders.user("manager") for _ in range(4)]
    review = builders.review(jd, *people)
    outcomes = at_once(*(decide(review, who) for who in people))
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert Decision.objects.count() == 4
    assert Approval.objects.count() == 1
    assert Event.objects.filter(verb="version.approved").count() == 1
    review.refresh_from_db()
    assert review.state == "approved"
    notifications = Notification.objects.filter(verb="review.approved", user=jd.owner)
    assert notifications.count() == 1
    assert_events_intact(jd)


def test_approval_while_another_requests_changes(jd):
    first, second = builders.user("manager"), builders.user("manager")
    review = builders.review(jd, first, second)
    at_once(decide(review, first), decide(review, second, "ask_for_changes"))
    assert not Approval.objects.exists()
    status = approval_status.status_of(Review.objects.get())
    assert [reviewer_row.asks_for_changes for reviewer_row in status.reviewers] == [False, True]
    assert_events_intact(jd)


def test_decision_submitted_twice(jd):
    """Two open pages, one approval of the version."""
    manager = builders.user("manager")
    review = builders.review(jd, manager)
    outcomes = at_once(decide(review, manager), decide(review, manager))
    assert len(refused(outcomes)) == 1
    assert Approval.objects.count() == 1
    assert_events_intact(jd)


@pytest.mark.parametrize("turn", range(3))
def test_new_version_while_a_reviewer_approves(jd, turn):
    """Whoever is first, only the version that the reviewer read can be approved."""
    manager = builders.user("manager")
    review = builders.review(jd, manager)
    first = jd.versions.get()
    line = jd.sections.get(kind="summary").lines.get()
    jd.refresh_from_db()
    change = changes.ChangeLine(line.uid, {"text": "You look after the whole West."})
    draft = drafts.apply(
        description=jd, by=jd.owner, token=jd.edit_token, changes=[change]
    ).description

    def save_and_send():
        saved = versions.save(description=jd, by=jd.owner, token=draft.edit_token)
        return requests.next_round(review=review, version=saved, by=jd.owner)

    outcomes = at_once(decide(review, manager), save_and_send)
    assert jd.versions.count() == 2
    assert not [one for one in outcomes if isinstance(one, drafts.StaleDraft)]
    approved = list(Approval.objects.values_list("version", flat=True))
    if review.rounds.count() == 2:  # the round came first
        assert isinstance(outcomes[0], decisions.Superseded)
        assert approved == []
        assert builders.reviewer_row(review, manager).waiting_since
    else:
        assert approved == [first.pk]
        assert "ended" in outcomes[1].message
    assert_events_intact(jd)


def test_simultaneous_review_requests(jd):
    """One review is opened, and its reviewers are notified once."""
    builders.version(jd)
    manager, newest = builders.user("manager"), jd.versions.get()

    def ask():
        return requests.request_review(
            version=newest, reviewers=[assignments.ReviewerRequest(user=manager)], by=jd.owner
        )

    outcomes = at_once(ask, ask, ask)
    assert len(refused(outcomes)) == 2
    assert Review.objects.count() == 1
    assert Notification.objects.filter(verb="review.asked").count() == 1
    assert_events_intact(jd)


def test_withdrawal_during_approval(jd):
    manager = builders.user("manager")
    review = builders.review(jd, manager)
    outcomes = at_once(
        decide(review, manager), lambda: requests.withdraw(review=review, by=jd.owner)
    )
    assert len(refused(outcomes)) == 1
    review.refresh_from_db()
    jd.refresh_from_db()
    approved = Approval.objects.exists()
    assert (review.state, jd.status) == (
        ("approved", "approved") if approved else ("withdrawn", "draft")
    )
    assert_events_intact(jd)


def test_replacement_during_decision(jd):
    manager, other = builders.user("manager"), builders.user("manager")
    review = builders.review(jd, manager, builders.user("hr"))
    reviewer_row = builders.reviewer_row(review, manager)
    outcomes = at_once(
        decide(review, manager),
        lambda: assignments.replace(
            reviewer=reviewer_row,
            asked=assignments.ReviewerRequest(user=other),
            reason="On leave",
            by=jd.owner,
        ),
    )
    assert not isinstance(outcomes[1], Exception)
    status = approval_status.status_of(Review.objects.get())
    pending = [progress.reviewer.user for progress in status.reviewers if progress.pending_sections]
    assert other in pending
    assert_events_intact(jd)


def test_two_authors_accept_the_same_suggestion(jd):
    """It is applied once; the other request is refused."""
    manager, second = builders.user("manager"), builders.user("hr")
    review = builders.review(jd, manager)
    section = jd.sections.get(kind="summary")
    proposal = suggestions.Proposal("add", section.uid, text="You travel twice a month.")
    suggestion = suggestions.suggest(
        reader=builders.reader(review, manager), version=jd.versions.get(), proposal=proposal
    )
    jd.refresh_from_db()

    def accept(who):
        return lambda: suggestions.accept(suggestion=suggestion, by=who, token=jd.edit_token)

    outcomes = at_once(accept(jd.owner), accept(second))
    assert len(refused(outcomes)) == 1
    assert section.lines.filter(text="You travel twice a month.").count() == 1
    assert Suggestion.objects.get().state == "accepted"
    assert_events_intact(jd)
