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


class TestOwnWork:
    """Joan was asked by email address, then got an account and wrote the next version."""

    @pytest.fixture
    def joan(self) -> User:
        jd = builders.description(builders.user("hr"))
        builders.review(jd, "joan@example.org")
        account: User = builders.user("hr", email="Joan@example.org")
        builders.add_line(jd, jd.sections.all()[0].uid, "Hers.", by=account)
        newest = builders.version(jd)
        requests.next_round(review=jd.reviews.get(), version=newest, by=jd.owner)
        return account

    def test_author_cannot_approve_as_former_guest(self, joan: User) -> None:
        reviewer_row = Reviewer.objects.get(email="joan@example.org")
        by = Actor(reviewer=reviewer_row)
        round = reviewer_row.review.rounds.order_by("-number")[0]
        with pytest.raises(drafts.ActionRefused, match="someone else must approve"):
            decisions.decide(reviewer=reviewer_row, round=round.number, kind="approve", by=by)

    def test_author_cannot_record_approval_for_former_guest(self, joan: User) -> None:
        reviewer_row = Reviewer.objects.get(email="joan@example.org")
        round = reviewer_row.review.rounds.order_by("-number")[0]
        with pytest.raises(drafts.ActionRefused, match="worked on this version"):
            decisions.record_elsewhere(
                reviewer=reviewer_row,
                round=round.number,
                kind="approve",
                reason="By phone",
                by=joan,
            )


class TestRolloutApproval:
    """The approver of a rollout approves the wording they see and nothing else."""

    def test_another_changed_line_prevents_rollout(self) -> None:
        company = sharing.ready()
        jd = company.descriptions[0]
        builders.add_line(jd, company.line(jd).section.uid, "And no one else.")
        builders.version(jd)
        preview = impact.preview(revision=company.revision, description=jd)
        assert preview.reason == "Changed since the last approval: Equal opportunity."

    @pytest.mark.slow
    def test_wording_that_was_never_approved_is_shown(self, client_for) -> None:
        """After a withdrawn rollout, the next one starts from its version."""
        company = sharing.ready()
        jd, first = company.descriptions[0], company.start_rollout()
        requests.withdraw(review=jd.reviews.get(), by=company.hr)
        company.revision = company.revise("We hire whoever can do it.")
        second = company.start_rollout()
        assert second.entries.get(description=jd, version__number=3)
        page = client_for(company.lawyer).get(f"/rollouts/{second.pk}/{jd.reference}/").text
        assert "treat everyone alike" in page  # as approved, not as in the first rollout
        assert "same chances" not in page
        assert first.entries.get(description=jd, version__number=2)


def test_due_date_too_far_in_the_future() -> None:
    """Dates near the last possible one don't raise OverflowError."""
    company, never = sharing.ready(), date(9999, 12, 31)
    with pytest.raises(drafts.ActionRefused, match="too far"):
        company.start_rollout(due=never)
    with pytest.raises(drafts.ActionRefused, match="too far"):
        builders.review(builders.description(), due=never)
    assert Rollout.objects.count() == 0
