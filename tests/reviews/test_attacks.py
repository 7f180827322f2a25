"""Attempts to get approvals from people who did not see the content, or may not approve it: all
fail."""

from __future__ import annotations

from datetime import date

import pytest

from roles import drafts
from roles.models import Reviewer, Rollout, User
from roles.reviews import decisions, requests
from roles.reviews.actor import Actor
from roles.rollouts import impact
from tests import builders, sharing

pytestmark = pytest.mark.django_db


class TestOnesOwnWork:
    """Joan was asked by email address, then got an account and wrote the next version."""

    @pytest.fixture
    def joan(self) -> User:
        made = builders.description(builders.user("hr"))
        builders.review(made, "joan@example.org")
        account: User = builders.user("hr", email="Joan@example.org")
        builders.add_line(made, made.sections.all()[0].uid, "Hers.", by=account)
        newest = builders.version(made)
        requests.next_round(review=made.reviews.get(), version=newest, by=made.owner)
        return account

    def test_not_as_the_guest_that_one_was(self, joan: User) -> None:
        reviewer_row = Reviewer.objects.get(email="joan@example.org")
        by = Actor(reviewer=reviewer_row)
        round = reviewer_row.review.rounds.order_by("-number")[0]
        with pytest.raises(drafts.ActionRefused, match="somebody else has to approve"):
            decisions.decide(reviewer=reviewer_row, round=round.number, kind="approve", by=by)

    def test_nor_written_down_for_the_guest(self, joan: User) -> None:
        reviewer_row = Reviewer.objects.get(email="joan@example.org")
        round = reviewer_row.review.rounds.order_by("-number")[0]
        with pytest.raises(drafts.ActionRefused, match="saved this version or changed"):
            decisions.record_elsewhere(
                reviewer=reviewer_row,
                round=round.number,
                kind="approve",
                reason="By phone",
                by=joan,
            )


class TestBesideANewWording:
    """The approver of a rollout sees one wording, and approves nothing else with it."""

    def test_another_line_of_the_same_section(self) -> None:
        company = sharing.ready()
        made = company.made[0]
        builders.add_line(made, company.line(made).section.uid, "And nobody else.")
        builders.version(made)
        found = impact.preview(revision=company.revision, description=made)
        assert found.reason == "Changed since a version was approved: Equal opportunity."

    def test_what_was_never_approved_is_shown(self, client_for) -> None:
        """After a withdrawn rollout, the next one starts from its version."""
        company = sharing.ready()
        made, first = company.made[0], company.start_rollout()
        requests.withdraw(review=made.reviews.get(), by=company.hr)
        company.revision = company.revise("We hire whoever can do it.")
        second = company.start_rollout()
        assert second.entries.get(description=made, version__number=3)
        page = client_for(company.lawyer).get(f"/rollouts/{second.pk}/{made.reference}/").text
        assert "treat everyone alike" in page  # as it was approved, not as the first had it
        assert "same chances" not in page
        assert first.entries.get(description=made, version__number=2)


def test_a_day_at_the_end_of_time() -> None:
    """No date beyond the last possible one stops an action halfway."""
    company, never = sharing.ready(), date(9999, 12, 31)
    with pytest.raises(drafts.ActionRefused, match="too far"):
        company.start_rollout(due=never)
    with pytest.raises(drafts.ActionRefused, match="too far"):
        builders.review(builders.description(), due=never)
    assert Rollout.objects.count() == 0
