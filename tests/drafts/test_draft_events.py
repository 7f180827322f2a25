"""Which autosaves write an event, and what the events still tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from roles import drafts, versions
from roles.drafts import changes, draft_events, lifecycle, undo
from roles.models import Event, JobDescription, User
from roles.reviews import approval_eligibility
from tests import builders, strategies
from tests.drafts.test_drafts import line, section, texts

pytestmark = pytest.mark.django_db

LIMIT = draft_events.TYPING.seconds


class Clock:
    """A clock that only moves when a test moves it."""

    def __init__(self) -> None:
        self.time = timezone.now()

    def __call__(self) -> datetime:
        return self.time

    def wait(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    fake_clock = Clock()
    monkeypatch.setattr(timezone, "now", fake_clock)
    return fake_clock


@pytest.fixture
def jd(clock: Clock) -> JobDescription:
    return builders.description()


def autosave(jd: JobDescription, change: changes.Change, by: User | None = None) -> int:
    """Returns how many events it wrote."""
    count = Event.objects.count()
    jd.refresh_from_db()
    drafts.apply(
        description=jd,
        by=by or jd.owner,
        token=jd.edit_token,
        changes=[change],
        is_autosave=True,
    )
    jd.refresh_from_db()
    return Event.objects.count() - count


def type_text(jd: JobDescription, text: str, by: User | None = None) -> int:
    return autosave(jd, changes.ChangeLine(line(jd).uid, {"text": text}), by)


def test_later_pauses_in_a_row_record_no_event(jd: JobDescription, clock: Clock) -> None:
    """Each is saved, with a token of its own, and the chain stays whole."""
    token = jd.edit_token
    assert type_text(jd, "P") == 1
    for text in ("Pr", "Pre", "Prep"):
        clock.wait(5)
        assert type_text(jd, text) == 0
        assert texts(jd) == [text]
    assert jd.edit_token == token + 4
    assert line(jd).changed_at == token + 4
    assert not list(Event.objects.broken())


def test_continued_typing_records_an_event_every_thirty_seconds(
    jd: JobDescription, clock: Clock
) -> None:
    """However short the pauses: an event is never older than that."""
    written = []
    for number in range(9):
        written.append(type_text(jd, f"Text {number}"))
        clock.wait(LIMIT / 3)
    assert written == [1, 0, 0] * 3


@pytest.mark.parametrize(
    "other",
    [
        lambda jd: changes.ChangeLine(line(jd, "summary").uid, {"text": "Other row"}),
        lambda jd: changes.ChangeFacts({"title": "Other row"}),
        lambda jd: changes.ChangeSection(section(jd).uid, {"heading": "Other row"}),
        lambda jd: changes.MoveLine(jd.lines.get(text="Second").uid, -1),
        lambda jd: changes.AnswerPlaceholder("x", "2", line=line(jd).uid),
    ],
)
def test_another_change_ends_the_typing_event(
    jd: JobDescription, other: Callable[[JobDescription], changes.Change]
) -> None:
    """Another row, or the same in another way: it writes an event, and so does what follows."""
    builders.add_line(jd, section(jd).uid, "Second")
    type_text(jd, "P")
    assert autosave(jd, other(jd)) == 1
    assert type_text(jd, "Pr") == 1


def test_typing_of_another_person_records_an_event(jd: JobDescription) -> None:
    """And so does the first one after them."""
    other = builders.user("hr")
    assert type_text(jd, "P") == 1
    assert type_text(jd, "Pr", by=other) == 1
    assert type_text(jd, "Pre") == 1
    assert type_text(jd, "Prep") == 0


def test_other_change_of_the_row_records_an_event(jd: JobDescription) -> None:
    """A line that is added, takes the library's wording, or is sent with a button."""
    builders.use(jd, builders.snippet("Prepare a forecast for each quarter."))
    uid = jd.lines.get(revision__isnull=False).uid
    typed = changes.ChangeLine(uid, {"text": "Forecast"})
    assert autosave(jd, typed) == 1
    assert autosave(jd, changes.TakeLibraryWording(uid)) == 1
    assert autosave(jd, typed) == 1
    count = Event.objects.count()
    builders.change(jd, changes.ChangeLine(uid, {"text": "With a button"}))
    assert Event.objects.count() == count + 1
    assert autosave(jd, typed) == 1


def test_restoring_a_row_while_typing_records_an_event(jd: JobDescription) -> None:
    """It is added, though by an autosave."""
    assert autosave(jd, changes.AddLine(section(jd).uid, {"text": "Back"}, uid="abc")) == 1
    assert autosave(jd, changes.ChangeLine("abc", {"text": "Back again"})) == 1


@pytest.mark.parametrize("between", ["version", "people", "restored"])
def test_typing_after_any_other_event_records_one(jd: JobDescription, between: str) -> None:
    """A saved version, for example: that event shows who changed the draft after it."""
    saved = builders.version(jd)
    type_text(jd, "P")
    if between == "version":
        builders.version(jd)
    elif between == "restored":
        versions.restore(description=jd, version=saved, by=jd.owner, token=jd.edit_token)
    else:
        lifecycle.assign_people(
            description=jd,
            owner=jd.owner,
            hiring_managers=[],
            confidential=False,
            review_by=None,
            by=jd.owner,
        )
    assert type_text(jd, "Pr") == 1
    assert type_text(jd, "Pre") == 0


def test_undo_reverts_all_typing(jd: JobDescription, clock: Clock) -> None:
    """As before: one change while the pauses are short; each undo and redo is an event."""
    [before] = texts(jd)
    for text in ("P", "Pr", "Pre"):
        type_text(jd, text)
        clock.wait(5)
    undo.undo(description=jd, by=jd.owner)
    assert texts(jd) == [before]
    jd.refresh_from_db()
    undo.redo(description=jd, by=jd.owner)
    assert texts(jd) == ["Pre"]
    assert type_text(jd, "Prep") == 1
    verbs = Event.objects.filter(chain=jd.reference).order_by("number")
    assert list(verbs.values_list("verb", flat=True))[-4:] == [
        *("draft.changed", "draft.undone", "draft.redone", "draft.changed")
    ]


def test_typing_after_returning_to_the_old_text_records_an_event(jd: JobDescription) -> None:
    """Returning to it leaves nothing to undo, and ends that run of typing."""
    [before] = texts(jd)
    builders.version(jd)
    assert [type_text(jd, text) for text in ("P", before, "Q")] == [1, 0, 1]


def test_authors_since_includes_changes_without_an_event(jd: JobDescription) -> None:
    """A page was made while someone typed: its token has the event, the later ones have none."""
    other = builders.user("hr")
    type_text(jd, "P", by=other)
    token = jd.edit_token
    assert draft_events.authors_since(jd, token) == set()
    assert draft_events.authors_since(jd, token - 1) == {other.pk}
    assert type_text(jd, "Pr", by=other) == 0
    assert draft_events.authors_since(jd, token) == {other.pk}
    type_text(jd, "Mine")
    assert draft_events.authors_since(jd, token) == {other.pk, jd.owner.pk}
    assert draft_events.authors_since(jd, token + 1) == {jd.owner.pk}


def test_person_who_typed_cannot_approve(jd: JobDescription) -> None:
    """Also what they went on typing just after a version was saved."""
    other = builders.user("hr")
    type_text(jd, "P", by=other)
    builders.version(jd)
    assert type_text(jd, "Pr", by=other) == 1
    assert approval_eligibility.authors(builders.version(jd)) == {jd.owner.pk, other.pk}


class EveryTokenHasAnAuthor(TestCase):
    """Whatever two people type, with pauses and versions between."""

    @pytest.mark.slow
    @strategies.examples(25)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 1), st.sampled_from(["summary", "responsibilities", "version"])
            ),
            min_size=1,
            max_size=12,
        )
    )
    def test_events_record_who_changed_the_draft(self, actions: list[tuple[int, str]]) -> None:
        jd = builders.description()
        people = [jd.owner, builders.user("hr")]
        curator = builders.user("hr")  # saves the versions
        first = jd.edit_token
        typed: list[tuple[int, str]] = []  # for each token since: who, and in which row
        since_version: set[int] = set()
        for number, (person, kind) in enumerate(actions):
            if kind == "version":
                saved = builders.version(jd, by=curator)
                assert approval_eligibility.authors(saved) >= since_version
                since_version = set()
                continue
            row = line(jd, kind)
            change = changes.ChangeLine(row.uid, {"text": f"Text {number}"})
            autosave(jd, change, people[person])
            typed.append((people[person].pk, f"line:{row.uid}"))
            since_version.add(people[person].pk)
        for token in range(first, jd.edit_token + 1):
            expected = {author for author, _row in typed[token - first :]}
            assert draft_events.authors_since(jd, token) - {curator.pk} == expected
        events = Event.objects.filter(chain=jd.reference, verb="draft.changed")
        with_event = {event.what["token"]: event for event in events}
        event = None
        for token, (author, key) in enumerate(typed, first + 1):
            event = with_event.get(token, event)
            assert event is not None
            assert (event.actor_id, event.what["rows"]) == (author, [key])
        assert not list(Event.objects.broken(jd.reference))
