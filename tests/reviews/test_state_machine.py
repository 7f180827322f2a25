"""Reviews as a state machine: random actions by all kinds of people, in any order. Refused actions
change nothing; allowed ones preserve the invariants."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from hypothesis.stateful import run_state_machine_as_test as run

from roles import drafts, stored_values
from roles.drafts import changes, lifecycle
from roles.models import (
    Approval,
    Comment,
    DecidedSection,
    Decision,
    EffectivePeriod,
    Event,
    JobDescription,
    Line,
    Notification,
    Review,
    Reviewer,
    Round,
    Suggestion,
    Thread,
    Version,
)
from roles.reviews import (
    approval_status,
    assignments,
    comments,
    decisions,
    requests,
    review_access,
    suggestions,
)
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest
from roles.versions import effective_periods
from tests import builders
from tests.strategies import examples

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TABLES = (
    *(Approval, Comment, DecidedSection, Decision, EffectivePeriod, Event, JobDescription, Line),
    *(Notification, Review, Reviewer, Round, Suggestion, Thread, Version),
)
GUEST = "guest@example.org"
PEOPLE = ("owner", "hr", "hiring_manager", "manager", "no_group", "guest", "admin")
ASKED = ("manager", "hiring_manager", "guest", "no_group")
# Mostly people with permission, so that reviews make progress; the others with equal frequency.
WHO = st.sampled_from(("owner",) * 6 + PEOPLE)
REVIEWERS = st.sampled_from(("first", "second", "third") * 4 + PEOPLE)
RARELY = st.integers(0, 11).map(lambda number: number == 0)
WORDS = (
    *("Plan renewals.", "plan  renewals", "Plan renewals;", "PLAN RENEWALS", "Plan, renewals"),
    *("Plan the budget.", "plan the budget", "Lead [X]."),
)
KINDS = (
    "approve",
    "approve",
    "approve",
    "approve",
    "approve_with_comments",
    "ask_for_changes",
    "read",
)


def trace() -> dict[str, Any]:
    """Returns everything that an action could change."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}


def plain(text: str) -> str:
    """Returns the text without editorial differences, independently of the product's code."""
    return " ".join(re.sub(r"[.,;]", " ", text).lower().split())


class Book(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        builders.organization(name="Northwind")
        kinds = {"hiring_manager": "manager", "owner": "hr"}
        self.people = {n: builders.user(kinds.get(n, n)) for n in PEOPLE if n != "guest"}
        hiring_managers = (self.people["hiring_manager"],)
        self.jd = builders.description(self.people["owner"], hiring_managers=hiring_managers)
        self.uids = {s.kind: s.uid for s in self.jd.sections.all()}
        self.wrote = {"owner"}  # since the last version
        self.authors: dict[int, set[str]] = {}  # of each version
        self.texts: dict[int, dict[str, str]] = {}  # of each version, by section
        self.approved: list[tuple[str, str, str]] = []  # who, section, plain text

    def teardown(self) -> None:
        assert not list(Event.objects.broken())
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # --- who does what

    def attempt(self, who: str, action: str, step: Any) -> Any:
        """Runs the action as a view would. Returns None if it is refused, with nothing changed."""
        before = trace()
        try:
            with transaction.atomic():
                if not self.may(who, action):
                    raise drafts.ActionRefused("not allowed")
                return step() or True
        except (drafts.ActionRefused, drafts.StaleDraft, Reviewer.DoesNotExist):
            assert trace() == before
            return None

    def may(self, who: str, action: str) -> bool:
        review = self.review()
        reader = self.reader(who) if review else None
        if reader is not None:
            return bool(reader.may(action))
        user = self.people.get(who)
        if user is None or not JobDescription.objects.visible_to(user).exists():
            return False
        from roles import permissions

        return permissions.may(user, action, self.jd.relations_of(user))

    def review(self) -> Any:
        return Review.objects.select_related("description", "requested_by").first()

    def reader(self, who: str) -> Any:
        review = self.review()
        if review is None:
            return None
        if who != "guest":
            return review_access.reader(review, self.people[who])
        return review_access.reader(
            review, None, review.reviewers.filter(email=GUEST, removal_reason="").first()
        )

    def reviewer_row(self, who: str) -> Reviewer:
        """The newest row of a reviewer in the newest review."""
        review = self.review()
        rows = Reviewer.objects.filter(review=review).order_by("-pk")
        matches = rows.filter(email=GUEST) if who == "guest" else rows.filter(user=self.people[who])
        reviewer_row = matches.first()
        if reviewer_row is None:
            raise drafts.ActionRefused("no seat")
        return reviewer_row

    def reviewer_name(self, which: str) -> str:
        """The first, second or third reviewer; others by their own name."""
        reviewer_rows = Reviewer.objects.filter(review=self.review(), removal_reason="").order_by(
            "pk"
        )
        places = dict(zip(("first", "second", "third"), reviewer_rows, strict=False))
        if which not in places:
            return which if which in PEOPLE else "no_group"
        keys: dict[Any, str] = {user: name for name, user in self.people.items()}
        return keys.get(places[which].user, "guest")

    def request_for(
        self, who: str, role: str = "approver", sections: tuple[str, ...] = ()
    ) -> ReviewerRequest:
        if who == "guest":
            return ReviewerRequest(email=GUEST, role=role, sections=sections)
        return ReviewerRequest(user=self.people[who], role=role, sections=sections)

    def newest(self) -> Any:
        return Version.objects.order_by("-number").first()

    # --- actions

    @initialize(names=st.lists(st.sampled_from(ASKED), min_size=1, max_size=2, unique=True))
    def begin(self, names: list[str]) -> None:
        """Requests a review, so that most steps act on one."""
        self.save("owner")
        self.ask("owner", [(name, "approver", ()) for name in names], False)

    @rule(
        who=WHO,
        kind=st.sampled_from(["summary", "responsibilities"]),
        text=st.sampled_from(WORDS),
    )
    def write(self, who: str, kind: str, text: str) -> None:
        line = Line.objects.filter(section__uid=self.uids[kind]).order_by("position").first()
        self.jd.refresh_from_db()
        change: changes.Change = changes.AddLine(self.uids[kind], {"text": text})
        if line is not None:
            change = changes.ChangeLine(line.uid, {"text": text})
        token = self.jd.edit_token
        if self.attempt(
            who,
            "description.edit",
            lambda: drafts.apply(
                description=self.jd, by=self.people[who], token=token, changes=[change]
            ),
        ):
            self.wrote.add(who)

    @rule(who=WHO)
    def save(self, who: str) -> None:
        self.jd.refresh_from_db()
        saved = self.attempt(
            who,
            "description.version",
            lambda: builders.version(self.jd, by=self.people[who]),
        )
        if saved:
            self.authors[saved.number] = self.wrote | {who}
            self.wrote = set()
            self.texts[saved.number] = {
                s.kind: " | ".join(plain(line.text) for line in s.lines)
                for s in saved.document.sections
            }

    @precondition(lambda self: self.newest())
    @rule(
        who=WHO,
        chosen=st.lists(
            st.tuples(
                st.sampled_from(ASKED * 3 + PEOPLE),
                st.sampled_from(["approver"] * 4 + ["commenter"]),
                st.sampled_from(
                    [(), (), (), (), ("summary",), ("responsibilities", "qualifications")]
                ),
            ),
            min_size=1,
            max_size=3,
        ),
        in_order=st.booleans(),
    )
    def ask(self, who: str, chosen: list[tuple[str, str, tuple[str, ...]]], in_order: bool) -> None:
        reviewers = [
            self.request_for(name, role, tuple(self.uids[kind] for kind in kinds))
            for name, role, kinds in chosen
        ]
        version = self.newest()
        self.attempt(
            who,
            "review.request",
            lambda: requests.request_review(
                version=version, reviewers=reviewers, by=self.people[who], in_order=in_order
            ),
        )

    @precondition(lambda self: self.review())
    @rule(who=REVIEWERS, kind=st.sampled_from(KINDS), late=RARELY)
    def decide(self, who: str, kind: str, late: bool) -> None:
        review, who = self.review(), self.reviewer_name(who)
        rounds = list(review.rounds.order_by("number"))
        round = rounds[0] if late else rounds[-1]

        def step() -> Any:
            reviewer_row = self.reviewer_row(who)
            actor = Actor(self.people.get(who), reviewer_row)
            return decisions.decide(
                reviewer=reviewer_row, round=round.number, kind=kind, text="So.", by=actor
            )

        if self.attempt(who, "review.decide", step) and kind.startswith("approve"):
            number = round.version.number
            assert who not in self.authors[number], "approved their own work"
            self.note_approval(who, self.reviewer_row(who), number)

    @precondition(lambda self: Review.objects.filter(state="open").exists())
    @rule(who=REVIEWERS)
    def approve(self, who: str) -> None:
        """The most frequent action, so that reviews reach their end."""
        self.decide(who, "approve", False)

    @precondition(lambda self: self.review())
    @rule(who=WHO, whose=st.sampled_from(PEOPLE))
    def record(self, who: str, whose: str) -> None:
        round = self.review().rounds.order_by("-number")[0]

        def step() -> Any:
            return decisions.record_elsewhere(
                reviewer=self.reviewer_row(whose),
                round=round.number,
                kind="approve",
                reason="By phone",
                by=self.people[who],
            )

        if self.attempt(who, "review.record", step):
            assert whose not in self.authors[round.version.number]
            self.note_approval(whose, self.reviewer_row(whose), round.version.number)

    def note_approval(self, who: str, reviewer_row: Reviewer, number: int) -> None:
        for kind, uid in self.uids.items():
            if not reviewer_row.sections or uid in reviewer_row.sections:
                self.approved.append((who, kind, self.texts[number][kind]))

    @precondition(lambda self: self.review())
    @rule(who=WHO)
    def send_round(self, who: str) -> None:
        self.attempt(
            who,
            "review.request",
            lambda: requests.next_round(
                review=self.review(), version=self.newest(), by=self.people[who]
            ),
        )

    @precondition(lambda self: self.review())
    @rule(who=WHO, is_so=RARELY)
    def withdraw(self, who: str, is_so: bool) -> None:
        if not is_so:
            return
        self.attempt(
            who,
            "review.request",
            lambda: requests.withdraw(review=self.review(), by=self.people[who]),
        )

    @precondition(lambda self: self.review())
    @rule(who=WHO, days=st.sampled_from([-1, 7]))
    def reschedule(self, who: str, days: int) -> None:
        due = timezone.localdate() + timedelta(days=days)
        self.attempt(
            who,
            "review.request",
            lambda: requests.reschedule(review=self.review(), due=due, by=self.people[who]),
        )

    @precondition(lambda self: self.review())
    @rule(is_so=RARELY)
    def time_passes(self, is_so: bool) -> None:
        """Expires the review."""
        if not is_so:
            return
        yesterday = timezone.localdate() - timedelta(days=1)
        Review.objects.filter(state="open").update(expires=yesterday)

    @precondition(lambda self: self.review())
    @rule(
        who=WHO,
        whose=st.sampled_from(PEOPLE),
        to=st.sampled_from(PEOPLE),
        how=st.sampled_from(["remove", "replace", "add", "delegate"]),
        is_so=st.booleans(),
    )
    def change_reviewers(self, who: str, whose: str, to: str, how: str, is_so: bool) -> None:
        if not is_so:
            return
        by: Any = self.people.get(who)
        review = self.review()
        steps: dict[str, Any] = {
            "remove": lambda: assignments.remove(
                reviewer=self.reviewer_row(whose), reason="x", by=by
            ),
            "replace": lambda: assignments.replace(
                reviewer=self.reviewer_row(whose), asked=self.request_for(to), reason="x", by=by
            ),
            "add": lambda: assignments.add(review=review, asked=self.request_for(to), by=by),
            "delegate": lambda: assignments.delegate(
                reviewer=self.reviewer_row(who), to=self.people["hr"], reason="x", by=Actor(user=by)
            ),
        }
        action = "review.decide" if how == "delegate" else "review.request"
        self.attempt(who, action, steps[how])

    @precondition(lambda self: self.review())
    @rule(who=REVIEWERS, text=st.sampled_from(WORDS))
    def suggest(self, who: str, text: str) -> None:
        who = self.reviewer_name(who)
        version = self.review().rounds.order_by("-number")[0].version
        line = version.document.sections[0].lines[0].uid
        proposal = suggestions.Proposal("reword", version.document.sections[0].uid, line, text)
        self.attempt(
            who,
            "review.comment",
            lambda: suggestions.suggest(
                reader=self.reader(who), version=version, proposal=proposal
            ),
        )

    @precondition(lambda self: Suggestion.objects.exists())
    @rule(who=WHO, how=st.sampled_from(["accept", "decline"]))
    def answer(self, who: str, how: str) -> None:
        suggestion = Suggestion.objects.select_related("thread__review").order_by("-pk")[0]
        self.jd.refresh_from_db()
        by: Any = self.people.get(who)
        token = self.jd.edit_token
        steps: dict[str, Any] = {
            "accept": lambda: suggestions.accept(suggestion=suggestion, by=by, token=token),
            "decline": lambda: suggestions.decline(suggestion=suggestion, reason="x", by=by),
        }
        if self.attempt(who, "review.answer", steps[how]) and how == "accept":
            self.wrote.add(who)

    @precondition(lambda self: self.review())
    @rule(who=REVIEWERS)
    def comment(self, who: str) -> None:
        who = self.reviewer_name(who)
        version = self.review().rounds.order_by("-number")[0].version
        self.attempt(
            who,
            "review.comment",
            lambda: comments.comment(reader=self.reader(who), version=version, text="Hm."),
        )

    @precondition(lambda self: self.newest())
    @rule(who=WHO)
    def make_effective(self, who: str) -> None:
        version, today = self.newest(), timezone.localdate()
        self.attempt(
            who,
            "version.make_current",
            lambda: effective_periods.make_effective(
                version=version, since=today, by=self.people[who]
            ),
        )

    @rule(who=st.sampled_from(PEOPLE), is_so=RARELY, away=st.booleans())
    def archive(self, who: str, is_so: bool, away: bool) -> None:
        step = lifecycle.archive if away else lifecycle.unarchive
        if is_so:
            self.attempt(
                who,
                "description.archive",
                lambda: step(description=self.jd, by=self.people[who]),
            )

    # --- invariants

    @invariant()
    def one_review_is_open(self) -> None:
        assert Review.objects.filter(state="open").count() <= 1

    @invariant()
    def stored_values_are_right(self) -> None:
        for name, value in stored_values.STORED_VALUES.items():
            assert not value.wrong().exists(), name

    @invariant()
    def the_status_matches_the_reviews(self) -> None:
        status = JobDescription.objects.values_list("status", flat=True).get(pk=self.jd.pk)
        assert (status == "in_review") == Review.objects.filter(state="open").exists()

    @invariant()
    def an_approved_version_has_approvals_of_others_for_its_content(self) -> None:
        for approval in Approval.objects.select_related("version"):
            number = approval.version.number
            assert not approval.version.document.open_words()
            for kind, text in self.texts[number].items():
                who = {
                    name
                    for name, part, approved_text in self.approved
                    if (part, approved_text) == (kind, text)
                }
                assert who, f"no one approved {kind} as version {number} has it"

    @invariant()
    def current_versions_are_approved(self) -> None:
        assert not EffectivePeriod.objects.filter(version__approval=None).exists()

    @invariant()
    def only_open_reviews_have_pending_reviewers(self) -> None:
        waiting = Reviewer.objects.exclude(waiting_since=None)
        assert not waiting.exclude(review__state="open", removal_reason="").exists()
        for review in Review.objects.filter(state="open"):
            status = approval_status.status_of(review)
            waited = {reviewer_row.reviewer.pk for reviewer_row in status.pending_reviewers}
            assert waited == set(waiting.values_list("pk", flat=True))
            assert not status.is_complete


def test_random_steps(db):
    run(Book, settings=settings(examples(20), stateful_step_count=35))


def test_an_approval_is_reached(db):
    """The machine reaches approvals, so that its invariants are tested."""
    book = Book()
    try:
        book.save("owner")
        book.ask("owner", [("manager", "approver", ()), ("guest", "approver", ("summary",))], False)
        book.decide("manager", "approve", False)
        book.write("owner", "summary", "Plan the budget.")
        book.save("owner")
        book.send_round("owner")
        book.decide("guest", "approve", False)
        book.decide("manager", "approve", False)
        assert Approval.objects.get().version.number == 2
        book.make_effective("owner")
        assert EffectivePeriod.objects.exists()
        for promise in (
            book.the_status_matches_the_reviews,
            book.an_approved_version_has_approvals_of_others_for_its_content,
            book.current_versions_are_approved,
        ):
            promise()
    finally:
        book.teardown()
