"""Undo and redo of a draft's changes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from roles import assembly, drafts, versions
from roles.drafts import changes, undo, undo_rows
from roles.models import DraftChange, Event, JobDescription, Line, Location, Section, User
from tests import builders, strategies
from tests.drafts.test_drafts import KINDS, line, one_of_each, section, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> JobDescription:
    return builders.description()


def content(made: JobDescription) -> bytes:
    """What the draft says, the answers that nothing asks for and the library's links too."""
    made = JobDescription.objects.get(pk=made.pk)
    links = sorted(made.lines.values_list("uid", "revision"))
    answers = sorted(made.answers.values_list("line__uid", "placeholder", "value"), key=str)
    return assembly.assemble(made).canonical_json() + repr((links, answers)).encode()


def remembered(made: JobDescription, change: changes.Change) -> None:
    """Make the change: undo remembers exactly what differs in the whole draft."""
    undo.forget(made)
    before = undo_rows.read(made, undo_rows.READERS)
    try:
        builders.change(made, change)
    except drafts.ActionRefused:
        return
    after = undo_rows.read(made, undo_rows.READERS)
    keys = [key for key in before | after if before.get(key) != after.get(key)]
    expected = [({k: before.get(k) for k in keys}, {k: after.get(k) for k in keys})]
    assert [(c.before, c.after) for c in made.changes.all()] == (expected if keys else [])


def undo_latest(made: JobDescription, by: User | None = None) -> str:
    made.refresh_from_db()
    return undo.undo(description=made, by=by or made.owner)


def redo_latest(made: JobDescription, by: User | None = None) -> str:
    made.refresh_from_db()
    return undo.redo(description=made, by=by or made.owner)


@pytest.mark.parametrize("kind", KINDS)
def test_every_change_can_be_undone_and_redone(made: JobDescription, kind: str) -> None:
    """The draft is what it was, the uids too; each is an event and a new token."""
    change = one_of_each(made)[kind]
    before = content(made)
    builders.change(made, change)
    after, token = content(made), made.edit_token
    assert after != before
    assert undo_latest(made)
    assert content(made) == before
    made.refresh_from_db()
    assert made.edit_token == token + 1
    assert redo_latest(made)
    assert content(made) == after
    verbs = Event.objects.filter(chain=made.reference).order_by("-number").values_list("verb")
    assert [verb for (verb,) in verbs[:2]] == ["draft.redone", "draft.undone"]


@pytest.mark.parametrize("kind", KINDS)
def test_undo_stores_everything_that_a_change_did(made: JobDescription, kind: str) -> None:
    """As much as a comparison of the whole draft finds, though it reads less."""
    remembered(made, one_of_each(made)[kind])


def test_undo_stores_the_saved_values_of_a_line(made: JobDescription) -> None:
    """Not as it was given: a number as text, a group that moves the line."""
    builders.add_line(made, section(made).uid, "Second", group="Daily")
    builders.add_line(made, section(made).uid, "Third")
    remembered(made, changes.ChangeLine(line(made).uid, {"percent": "20", "group": "Daily"}))
    assert texts(made) == ["Third", "Second", "Prepare renewal plans for each account."]


def test_two_changes_of_one_line_are_undone_together(made: JobDescription) -> None:
    """Its row and the fields under "More" arrive as two changes."""
    uid, before = line(made).uid, content(made)
    builders.change(
        made,
        changes.ChangeLine(uid, {"text": "Other words"}),
        changes.ChangeLine(uid, {"detail": "More of it"}),
        changes.AnswerPlaceholder("x", "2", line=uid),
    )
    undo_latest(made)
    assert content(made) == before


def test_undo_reverts_own_changes_latest_first(made: JobDescription) -> None:
    """Another person's changes stay, and are taken back by them."""
    other = builders.user("hr")
    uid = section(made).uid
    builders.add_line(made, uid, "Mine")
    builders.add_line(made, uid, "Theirs", by=other)
    undo_latest(made)
    assert texts(made)[1:] == ["Theirs"]
    undo_latest(made, by=other)
    assert len(texts(made)) == 1


def test_row_changed_by_someone_else_cannot_be_undone(made: JobDescription) -> None:
    """Plainly refused, with their name; nothing changes."""
    other = builders.user("hr", first_name="Dana", last_name="Reyes")
    uid = line(made).uid
    builders.change(made, changes.ChangeLine(uid, {"text": "Mine"}))
    theirs = changes.ChangeLine(uid, {"text": "Theirs"})
    drafts.apply(description=made, by=other, token=made.edit_token, changes=[theirs])
    before = content(made)
    with pytest.raises(drafts.ActionRefused, match="Dana Reyes has since changed this"):
        undo_latest(made)
    assert content(made) == before


def test_undo_keeps_lines_that_others_added_to_a_new_section(made: JobDescription) -> None:
    """Taking back a new section would take their line with it."""
    uid = builders.add_section(made, "benefits", "Benefits")
    builders.add_line(made, uid, "Theirs", by=builders.user("hr"))
    with pytest.raises(drafts.ActionRefused, match=r"has since (been )?changed"):
        undo_latest(made)
    assert made.lines.filter(text="Theirs").exists()


def test_removed_section_is_restored_with_its_content(made: JobDescription) -> None:
    """Lines, sub-lines, answers, pay and figures, in order."""
    pay = one_of_each(made)["AddPay"]
    builders.change(made, pay)
    assert isinstance(pay, changes.AddPay)
    uid = line(made).uid
    builders.change(made, changes.AnswerPlaceholder("x", "2", line=uid))
    before = content(made)
    for removed in (pay.section, section(made).uid):
        builders.change(made, changes.RemoveSection(removed))
    undo_latest(made)
    undo_latest(made)
    assert content(made) == before


def test_continued_typing_is_one_change(made: JobDescription) -> None:
    """Autosaves of one row that follow each other; a pause begins another."""
    uid = line(made).uid
    for text in ("P", "Pr", "Pre"):
        builders.change(made, changes.ChangeLine(uid, {"text": text}))
    DraftChange.objects.update(made_at=timezone.now() - timedelta(minutes=5))
    builders.change(made, changes.ChangeLine(uid, {"text": "Prepare"}))
    undo_latest(made)
    assert texts(made) == ["Pre"]
    undo_latest(made)
    assert texts(made) == ["Prepare renewal plans for each account."]


def test_retyping_the_old_text_leaves_nothing_to_undo(made: JobDescription) -> None:
    undo.forget(made)
    uid = line(made).uid
    for text in ("Other", "Prepare renewal plans for each account."):
        builders.change(made, changes.ChangeLine(uid, {"text": text}))
    assert undo.can(made, made.owner) == {"undo": False, "redo": False}


def test_new_change_clears_redo(made: JobDescription) -> None:
    uid = section(made).uid
    builders.add_line(made, uid, "One")
    undo_latest(made)
    builders.add_line(made, uid, "Two")
    with pytest.raises(drafts.ActionRefused, match="nothing to redo"):
        redo_latest(made)


def test_version_clears_undo(made: JobDescription) -> None:
    """Saving one, and putting one back."""
    version = builders.version(made)
    with pytest.raises(drafts.ActionRefused, match="nothing to undo"):
        undo_latest(made)
    builders.add_line(made, section(made).uid, "One")
    versions.restore(description=made, version=version, by=made.owner, token=made.edit_token)
    assert undo.can(made, made.owner) == {"undo": False, "redo": False}


def test_archived_draft_cannot_be_undone(made: JobDescription) -> None:
    JobDescription.objects.filter(pk=made.pk).update(status="archived")
    with pytest.raises(drafts.ActionRefused, match="archived"):
        undo_latest(made)


def test_number_of_stored_changes_is_limited(
    made: JobDescription, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "CHANGES_LIMIT", 5)
    for number in range(8):
        builders.add_line(made, section(made).uid, f"Line {number}")
    assert made.changes.count() <= 5


def test_facts_of_every_type_are_undone_and_redone(made: JobDescription) -> None:
    """Numbers, dates, lists, rows of other tables: as they were typed."""
    place = Location.objects.create(city="Denver")
    facts = {
        "weekly_hours": Decimal(40),
        "apply_by": date(2030, 1, 31),
        "similar_titles": ["Client manager"],
        "department": builders.department(),
        "job_level": None,
        "locations": [place],
        "open_until_filled": True,
    }
    before = content(made)
    builders.change(made, changes.ChangeFacts(facts))
    after = content(made)
    undo_latest(made)
    assert content(made) == before
    redo_latest(made)
    assert content(made) == after


def test_undo_describes_the_change(made: JobDescription) -> None:
    uid = section(made).uid
    three = tuple(changes.NewLine(f"Entry {n}") for n in range(3))
    builders.change(made, changes.AddLines(uid, three))
    assert undo_latest(made) == "adding 3 lines"
    assert redo_latest(made) == "adding 3 lines"
    builders.change(made, changes.MoveLine(line(made).uid, 1))
    assert undo_latest(made) == "moving a line"
    builders.change(made, changes.ChangeFacts({"title": "Key account manager"}))
    assert undo_latest(made) == "changing the job details"


# --- orders, merged with what others did


@pytest.mark.parametrize(
    ("now", "old", "new", "expected"),
    [
        ("abcd", "abc", "ab", "abd"),  # take back an added c; d was added since
        ("abd", "ab", "acb", "acbd"),  # put c back behind a
        ("bad", "ba", "ab", "abd"),  # a move, and d added since
        ("abc", "ba", "ab", None),  # moved since
        ("", "a", "", ""),
        ("xb", "b", "ab", "axb"),
    ],
)
def test_orders_are_merged(now: str, old: str, new: str, expected: str | None) -> None:
    merged = undo.merge_order(list(now), list(old), list(new))
    assert merged == (None if expected is None else list(expected))


class AllTheWayBack(TestCase):
    """Any sequence of changes by two people can be taken back by them in turn."""

    @strategies.examples(12)
    @given(st.data())
    def test_undo_everything_redo_everything(self, data: st.DataObject) -> None:
        made = builders.description()
        undo.forget(made)
        before = content(made)
        for _ in range(data.draw(st.integers(1, 8), label="how many")):
            made.refresh_from_db()
            change = data.draw(_any_change(made), label="change")
            try:
                builders.change(made, change)
            except drafts.ActionRefused:
                continue
        after = content(made)
        steps = made.changes.count()
        for _ in range(steps):
            undo_latest(made)
        assert content(made) == before
        for _ in range(steps):
            redo_latest(made)
        assert content(made) == after

    @strategies.examples(12)
    @given(st.data())
    def test_undo_stores_every_difference(self, data: st.DataObject) -> None:
        made = builders.description()
        for _ in range(data.draw(st.integers(1, 8), label="how many")):
            remembered(made, data.draw(_any_change(made), label="change"))
            made.refresh_from_db()


def _any_change(made: JobDescription) -> st.SearchStrategy[changes.Change]:
    """A change that fits the draft as it is now."""
    sections = [s.uid for s in Section.objects.filter(description=made)]
    lines = [row.uid for row in Line.objects.filter(description=made)]
    words = st.sampled_from(["One", "Two", "Three", "With [X] years"])
    way = st.sampled_from([-1, 1])
    kinds: list[st.SearchStrategy[changes.Change]] = [
        st.builds(changes.AddSection, st.sampled_from(["skills", "pay", "faq"]), words),
        st.builds(changes.ChangeFacts, st.fixed_dictionaries({"title": words})),
    ]
    if sections:
        uid = st.sampled_from(sections)
        kinds += [
            st.builds(changes.AddLine, uid, st.fixed_dictionaries({"text": words})),
            st.builds(changes.MoveSection, uid, way),
            st.builds(changes.RemoveSection, uid),
            st.builds(
                changes.AddPay, uid, st.just({"minimum": 1, "maximum": 2, "currency": "EUR"})
            ),
        ]
    if lines:
        one = st.sampled_from(lines)
        values = st.fixed_dictionaries({"text": words, "group": st.sampled_from(["", "A", "B"])})
        kinds += [
            st.builds(changes.ChangeLine, one, values),
            st.builds(changes.MoveLine, one, way),
            st.builds(changes.IndentLine, one),
            st.builds(changes.OutdentLine, one),
            st.builds(changes.RemoveLine, one),
            st.builds(changes.PlaceLine, one, uid, after=one),
            st.builds(changes.AnswerPlaceholder, st.just("x"), words, line=one),
        ]
    return st.one_of(kinds)
