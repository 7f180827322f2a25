"""What lists show is what their rows say, after any actions; wrong values are repaired."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from roles import drafts, library, people, stored_values, versions
from roles.drafts import changes, lifecycle
from roles.models import (
    EffectivePeriod,
    JobDescription,
    Line,
    Review,
    Reviewer,
    Snippet,
    User,
    Version,
    version,
)
from roles.people import erasure, offboarding
from roles.reviews import assignments, decisions, requests
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest
from roles.rollouts import apply_rollout
from roles.tasks import daily_jobs
from roles.versions import effective_periods, purge
from tests import builders

pytestmark = pytest.mark.django_db

REFUSALS = (drafts.ActionRefused, drafts.StaleDraft, people.AccountChangeRefused)


def wrong() -> dict[str, int]:
    """The number of wrong rows of each value that has some."""
    counts = {name: value.wrong().count() for name, value in stored_values.STORED_VALUES.items()}
    return {name: count for name, count in counts.items() if count}


class RandomActions:
    """Actions on two job descriptions and the people in their reviews, in any order."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.admin = builders.user("admin")
        builders.user("admin")  # never the last one
        self.owner = builders.user("hr")
        self.reviewers = [builders.user("manager") for _ in range(3)]
        self.made = 0
        self.snippet = builders.snippet("Prepare renewal plans.", by=self.admin)
        for number in range(2):
            jd = builders.description(self.owner, f"Account manager {number}")
            builders.use(jd, self.snippet)
            builders.review(jd, *self.reviewers[: number + 1], "guest@example.org")

    def step(self) -> str:
        """Takes a random action and returns its name. A refused one changes nothing."""
        action: Callable[[], Any] = self.random.choice(ACTIONS).__get__(self)
        try:
            with transaction.atomic():
                action()
        except REFUSALS:
            return f"refused: {action.__name__}"
        return action.__name__

    def jd(self) -> JobDescription:
        return self.random.choice(list(JobDescription.objects.order_by("pk")))

    def review(self) -> Review:
        found: Review = self._one(Review.objects.order_by("pk"))
        return found

    def reviewer(self) -> Reviewer:
        found: Reviewer = self._one(Reviewer.objects.order_by("pk"))
        return found

    def person(self) -> User:
        found: User = self._one(User.objects.filter(pk__in=[one.pk for one in self.reviewers]))
        return found

    def _one(self, rows: Any) -> Any:
        found = list(rows)
        if not found:
            raise drafts.ActionRefused("There is none.")
        return self.random.choice(found)

    def request(self) -> ReviewerRequest:
        if self.random.random() < 0.3:
            return ReviewerRequest(email=f"guest{self.random.randrange(3)}@example.org")
        role = self.random.choice(("approver", "commenter"))
        return ReviewerRequest(user=self.person(), role=role)

    def write(self) -> None:
        self.made += 1
        builders.change(self.jd(), changes.ChangeFacts({"title": f"Title {self.made}"}))

    def save(self) -> None:
        builders.version(self.jd())

    def restore(self) -> None:
        jd = self.jd()
        saved = self._one(jd.versions.order_by("pk"))
        token = jd.edit_token
        versions.restore(description=jd, version=saved, by=self.owner, token=token)

    def ask(self) -> None:
        builders.review(self.jd(), self.request(), ReviewerRequest(user=self.person()))

    def send_round(self) -> None:
        review = self.review()
        newest = review.description.versions.order_by("-number")[0]
        requests.next_round(review=review, version=newest, by=self.owner)

    def decide(self) -> None:
        reviewer = self.reviewer()
        kind = self.random.choice(("approve", "approve", "approve", "ask_for_changes"))
        round = reviewer.review.current_round()
        decisions.decide(
            reviewer=reviewer,
            round=round.number,
            kind=kind,
            text="So.",
            by=Actor(reviewer.user, reviewer),
        )

    def withdraw(self) -> None:
        requests.withdraw(review=self.review(), by=self.owner)

    def change_reviewers(self) -> None:
        how = self.random.choice(("add", "remove", "replace"))
        if how == "add":
            assignments.add(review=self.review(), asked=self.request(), by=self.owner)
        elif how == "remove":
            assignments.remove(reviewer=self.reviewer(), reason="x", by=self.owner)
        else:
            asked = self.request()
            assignments.replace(reviewer=self.reviewer(), asked=asked, reason="x", by=self.owner)

    def make_current(self) -> None:
        saved = builders.approved(self._one(Version.objects.order_by("pk")))
        effective_periods.make_effective(version=saved, since=timezone.localdate(), by=self.owner)

    def archive(self) -> None:
        act = self.random.choice((lifecycle.archive, lifecycle.unarchive))
        act(description=self.jd(), by=self.owner)

    def remove(self) -> None:
        """At times one for ever, and starts another."""
        if self.random.random() < 0.5:
            purge.purge(description=self.jd(), by=self.admin)
            builders.use(builders.description(self.owner), self.snippet)

    def close_account(self) -> None:
        offboarding.deactivate(account=self.person(), by=self.admin)

    def reopen_account(self) -> None:
        offboarding.reactivate(account=self.person(), by=self.admin)

    def erase_account(self) -> None:
        if self.random.random() < 0.3:
            erasure.erase(account=self.person(), by=self.admin)

    def erase_guest(self) -> None:
        """The account of someone who is also a guest of a review."""
        number = self.random.randrange(3)
        account = builders.user("no_group", email=f"guest{number}@example.org", is_active=False)
        erasure.erase(account=account, by=self.admin)

    def roll_out(self) -> None:
        latest = self.snippet.latest()
        text = f"Prepare renewal plans {latest.number}."
        by, number = self.admin, latest.number
        revised = library.revise(snippet=self.snippet, text=text, by=by, based_on=number)
        assert revised is not None
        jds = list(JobDescription.objects.all())
        rollout = apply_rollout.start(
            revision=revised, descriptions=jds, by=self.owner, approver=self.person()
        )
        apply_rollout.run(rollout.pk)


ACTIONS: tuple[Any, ...] = (
    *(RandomActions.write, RandomActions.save, RandomActions.restore, RandomActions.ask),
    *(RandomActions.send_round, RandomActions.decide, RandomActions.withdraw),
    *(RandomActions.change_reviewers, RandomActions.make_current, RandomActions.archive),
    *(RandomActions.remove, RandomActions.close_account, RandomActions.reopen_account),
    *(RandomActions.erase_account, RandomActions.erase_guest, RandomActions.roll_out),
    *(RandomActions.decide, RandomActions.save, RandomActions.ask),
)


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(4))
def test_stored_values_are_right_after_random_actions(seed: int) -> None:
    world, taken = RandomActions(seed), []
    assert wrong() == {}
    for _ in range(60):
        taken.append(world.step())
        assert wrong() == {}, taken
    assert len({name for name in taken if not name.startswith("refused")}) >= 10


def break_title_of_version() -> None:
    """As someone who can write to the database might, after dropping its triggers."""
    version.drop_triggers(connection)
    Version.objects.update(title="Other")
    version.install_triggers(connection)


BROKEN: dict[str, Callable[[], object]] = {
    "lines of snippets": lambda: Snippet.objects.update(used_lines=9),
    "job descriptions of snippets": lambda: Snippet.objects.update(used_descriptions=9),
    "templates of snippets": lambda: Snippet.objects.update(used_templates=9),
    "titles of versions": break_title_of_version,
    "newest versions": lambda: JobDescription.objects.update(newest_number=9),
    "rounds of reviews": lambda: Review.objects.update(round_number=9),
    "versions of reviews": lambda: Review.objects.update(version_number=9),
    "titles of reviews": lambda: Review.objects.update(title="Other"),
    "reviews that await their author": lambda: Review.objects.update(awaits_author=True),
    "requested changes": lambda: Review.objects.update(changes_requested_at=timezone.now()),
    "titles of effective periods": lambda: EffectivePeriod.objects.update(title="Other"),
    "references of effective periods": lambda: EffectivePeriod.objects.update(reference="X-1"),
}


class TestVerification:
    @pytest.fixture(autouse=True)
    def _rows(self) -> None:
        builders.published()
        builders.review(builders.description())
        builders.snippet()

    def test_all_are_known(self) -> None:
        assert BROKEN.keys() == stored_values.STORED_VALUES.keys()
        assert wrong() == {}

    @pytest.mark.both_databases
    @pytest.mark.parametrize("name", BROKEN)
    def test_a_wrong_value_is_found_and_repaired(self, name: str) -> None:
        BROKEN[name]()
        found = {name: count for name, count in stored_values.verify() if count}
        assert found[name] >= 1
        is_permanent = stored_values.STORED_VALUES[name].is_permanent
        assert (name in wrong()) == is_permanent

    def test_the_daily_job_says_how_many(self, caplog: pytest.LogCaptureFixture) -> None:
        job = daily_jobs.JOBS["stored_values"]
        steps: list[None] = []
        assert job.run(lambda: steps.append(None)).text == "12 kinds of stored values are right."
        assert not job.run(lambda: None).has_problem
        assert steps
        Review.objects.update(round_number=9)
        result = job.run(lambda: None)
        assert result.text == "1 values were wrong. The log says which."
        assert result.has_problem
        assert "Stored values: rounds of reviews: 1 were wrong" in caplog.text
        assert not job.run(lambda: None).has_problem

    def test_many_rows_are_repaired(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stored_values, "ROWS", 1)
        JobDescription.objects.update(newest_number=9)
        steps: list[None] = []
        assert dict(stored_values.verify(lambda: steps.append(None)))["newest versions"] == 2
        assert wrong() == {}
        assert len(steps) == len(stored_values.STORED_VALUES) + 2

    def test_a_reworded_line_changes_nothing(self) -> None:
        """Only saved versions count: the title of the draft is another one."""
        jd = Review.objects.get().description
        builders.change(jd, changes.ChangeFacts({"title": "Renamed"}))
        Line.objects.filter(description=jd).update(text="Reworded.")
        assert Review.objects.get().title == "Account manager"
        assert wrong() == {}
