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
from roles.drafts import changes, row_values, undo
from roles.models import DraftChange, Event, JobDescription, Line, Location, Section, User
from tests import builders, strategies
from tests.drafts.test_drafts import KINDS, line, one_of_each, section, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def jd() -> JobDescription:
    return builders.description()


def content(jd: JobDescription) -> bytes:
    """What the draft says, the answers that nothing asks for and the library's links too."""
    jd = JobDescription.objects.get(pk=jd.pk)
    links = sorted(jd.lines.values_list("uid", "revision"))
    answers = sorted(jd.answers.values_list("line__uid", "placeholder", "value"), key=str)
    return assembly.assemble(jd).canonical_json() + repr((links, answers)).encode()


def remembered(jd: JobDescription, change: changes.Change) -> None:
    """Make the change: undo remembers exactly what differs in the whole draft."""
    undo.forget(jd)
    before = row_values.read(jd, row_values.READERS)
    try:
        builders.change(jd, change)
    except drafts.ActionRefused:
        return
    after = row_values.read(jd, row_values.READERS)
    keys = [key for key in before | after if before.get(key) != after.get(key)]
    expected = [({k: before.get(k) for k in keys}, {k: after.get(k) for k in keys})]
    assert [(c.before, c.after) for c in jd.changes.all()] == (expected if keys else [])


def undo_latest(jd: JobDescription, by: User | None = None) -> str:
    jd.refresh_from_db()
    return undo.undo(description=jd, by=by or jd.owner)


def redo_latest(jd: JobDescription, by: User | None = None) -> str:
    jd.refresh_from_db()
    return undo.redo(description=jd, by=by or jd.owner)


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", KINDS)
def test_every_change_can_be_undone_and_redone(jd: JobDescription, kind: str) -> None:
    """The draft is what it was, the uids too; each is an event and a new token."""
    change = one_of_each(jd)[kind]
    before = content(jd)
    builders.change(jd, change)
    after, token = content(jd), jd.edit_token
    assert after != before
    assert undo_latest(jd)
    assert content(jd) == before
    jd.refresh_from_db()
    assert jd.edit_token == token + 1
    assert redo_latest(jd)
    assert content(jd) == after
    verbs = Event.objects.filter(chain=jd.reference).order_by("-number").values_list("verb")
    assert [verb for (verb,) in verbs[:2]] == ["draft.redone", "draft.undone"]


@pytest.mark.parametrize("kind", KINDS)
def test_undo_stores_everything_that_a_change_touched(jd: JobDescription, kind: str) -> None:
    """As much as a comparison of the whole draft finds, though it reads less."""
    remembered(jd, one_of_each(jd)[kind])


def test_undo_stores_the_saved_values_of_a_line(jd: JobDescription) -> None:
    """Not as it was given: a number as text, a group that moves the line."""
    builders.add_line(jd, section(jd).uid, "Second", group="Daily")
    builders.add_line(jd, section(jd).uid, "Third")
    remembered(jd, changes.ChangeLine(line(jd).uid, {"percent": "20", "group": "Daily"}))
    assert texts(jd) == ["Third", "Second", "Prepare renewal plans for each account."]


def test_two_changes_of_one_line_are_undone_together(jd: JobDescription) -> None:
    """Its row and the fields under "More" arrive as two changes."""
    uid, before = line(jd).uid, content(jd)
    builders.change(
        jd,
        changes.ChangeLine(uid, {"text": "Other words"}),
        changes.ChangeLine(uid, {"detail": "More of it"}),
        changes.AnswerPlaceholder("x", "2", line=uid),
    )
    undo_latest(jd)
    assert content(jd) == before


def test_undo_reverts_own_changes_latest_first(jd: JobDescription) -> None:
    """Another person's changes stay, and are taken back by them."""
    other = builders.user("hr")
    uid = section(jd).uid
    builders.add_line(jd, uid, "Mine")
    builders.add_line(jd, uid, "Theirs", by=other)
    undo_latest(jd)
    assert texts(jd)[1:] == ["Theirs"]
    undo_latest(jd, by=other)
    assert len(texts(jd)) == 1


def test_row_changed_by_someone_else_cannot_be_undone(jd: JobDescription) -> None:
    """Plainly refused, with their name; nothing changes."""
    other = builders.user("hr", first_name="Dana", last_name="Reyes")
    uid = line(jd).uid
    builders.change(jd, changes.ChangeLine(uid, {"text": "Mine"}))
    theirs = changes.ChangeLine(uid, {"text": "Theirs"})
    drafts.apply(description=jd, by=other, token=jd.edit_token, changes=[theirs])
    before = content(jd)
    with pytest.raises(drafts.ActionRefused, match="Dana Reyes has since changed this"):
        undo_latest(jd)
    assert content(jd) == before


@pytest.mark.parametrize("removed", ["line of a section", "sub-line", "answer", "pay range"])
def test_removal_inside_what_someone_else_removed_cannot_be_undone(
    jd: JobDescription, removed: str
) -> None:
    """The place to restore it to is gone."""
    other = builders.user("hr", first_name="Dana", last_name="Reyes")
    uid = builders.add_section(jd, "pay", "Pay", "About [X] a year")
    top = jd.lines.get(section__uid=uid).uid
    builders.change(
        jd,
        changes.AddLine(uid, {"text": "Sub-line"}, parent=top),
        changes.AnswerPlaceholder("x", "2", line=top),
        changes.AddPay(uid, {"minimum": 1, "maximum": 2, "currency": "EUR"}),
    )
    sub = jd.lines.get(parent__uid=top).uid
    pay = jd.sections.get(uid=uid).pay_ranges.get().uid
    section_goes, line_goes = changes.RemoveSection(uid), changes.RemoveLine(top)
    cases: dict[str, tuple[changes.Change, changes.Change]] = {
        "line of a section": (changes.RemoveLine(top), section_goes),
        "sub-line": (changes.RemoveLine(sub), line_goes),
        "answer": (changes.AnswerPlaceholder("x", "", line=top), line_goes),
        "pay range": (changes.RemovePay(pay), section_goes),
    }
    mine, theirs = cases[removed]
    builders.change(jd, mine)
    drafts.apply(description=jd, by=other, token=jd.edit_token, changes=[theirs])
    before = content(jd)
    with pytest.raises(drafts.ActionRefused, match="Dana Reyes has since changed this"):
        undo_latest(jd)
    assert content(jd) == before


def test_undo_keeps_lines_that_others_added_to_a_new_section(jd: JobDescription) -> None:
    """Taking back a new section would take their line with it."""
    uid = builders.add_section(jd, "benefits", "Benefits")
    builders.add_line(jd, uid, "Theirs", by=builders.user("hr"))
    with pytest.raises(drafts.ActionRefused, match=r"has since (been )?changed"):
        undo_latest(jd)
    assert jd.lines.filter(text="Theirs").exists()


@pytest.mark.slow
def test_removed_section_is_restored_with_its_content(jd: JobDescription) -> None:
    """Lines, sub-lines, answers, pay and figures, in order."""
    pay = one_of_each(jd)["AddPay"]
    builders.change(jd, pay)
    assert isinstance(pay, changes.AddPay)
    uid = line(jd).uid
    builders.change(jd, changes.AnswerPlaceholder("x", "2", line=uid))
    before = content(jd)
    for removed in (pay.section, section(jd).uid):
        builders.change(jd, changes.RemoveSection(removed))
    undo_latest(jd)
    undo_latest(jd)
    assert content(jd) == before


def test_continued_typing_is_one_change(jd: JobDescription) -> None:
    """Autosaves of one row that follow each other; a pause begins another."""
    uid = line(jd).uid
    for text in ("P", "Pr", "Pre"):
        builders.change(jd, changes.ChangeLine(uid, {"text": text}))
    DraftChange.objects.update(made_at=timezone.now() - timedelta(minutes=5))
    builders.change(jd, changes.ChangeLine(uid, {"text": "Prepare"}))
    undo_latest(jd)
    assert texts(jd) == ["Pre"]
    undo_latest(jd)
    assert texts(jd) == ["Prepare renewal plans for each account."]


def test_retyping_the_old_text_leaves_nothing_to_undo(jd: JobDescription) -> None:
    undo.forget(jd)
    uid = line(jd).uid
    for text in ("Other", "Prepare renewal plans for each account."):
        builders.change(jd, changes.ChangeLine(uid, {"text": text}))
    assert undo.can(jd, jd.owner) == {"undo": False, "redo": False}


def test_new_change_clears_redo(jd: JobDescription) -> None:
    uid = section(jd).uid
    builders.add_line(jd, uid, "One")
    undo_latest(jd)
    builders.add_line(jd, uid, "Two")
    with pytest.raises(drafts.ActionRefused, match="nothing to redo"):
        redo_latest(jd)


def test_version_clears_undo(jd: JobDescription) -> None:
    """Saving one, and putting one back."""
    version = builders.version(jd)
    with pytest.raises(drafts.ActionRefused, match="nothing to undo"):
        undo_latest(jd)
    builders.add_line(jd, section(jd).uid, "One")
    versions.restore(description=jd, version=version, by=jd.owner, token=jd.edit_token)
    assert undo.can(jd, jd.owner) == {"undo": False, "redo": False}


def test_archived_draft_cannot_be_undone(jd: JobDescription) -> None:
    JobDescription.objects.filter(pk=jd.pk).update(status="archived")
    with pytest.raises(drafts.ActionRefused, match="archived"):
        undo_latest(jd)


def test_number_of_stored_changes_is_limited(
    jd: JobDescription, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "CHANGES_LIMIT", 5)
    for number in range(8):
        builders.add_line(jd, section(jd).uid, f"Line {number}")
    assert jd.changes.count() <= 5


def test_facts_of_every_type_are_undone_and_redone(jd: JobDescription) -> None:
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
    before = content(jd)
    builders.change(jd, changes.ChangeFacts(facts))
    after = content(jd)
    undo_latest(jd)
    assert content(jd) == before
    redo_latest(jd)
    assert content(jd) == after


def test_undo_describes_the_change(jd: JobDescription) -> None:
    uid = section(jd).uid
    three = tuple(changes.NewLine(f"Entry {n}") for n in range(3))
    builders.change(jd, changes.AddLines(uid, three))
    assert undo_latest(jd) == "adding 3 lines"
    assert redo_latest(jd) == "adding 3 lines"
    builders.change(jd, changes.MoveLine(line(jd).uid, 1))
    assert undo_latest(jd) == "moving a line"
    builders.change(jd, changes.ChangeFacts({"title": "Key account manager"}))
    assert undo_latest(jd) == "changing the job details"


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

    @pytest.mark.slow
    @strategies.examples(12)
    @given(st.data())
    def test_undo_everything_redo_everything(self, data: st.DataObject) -> None:
        jd = builders.description()
        undo.forget(jd)
        before = content(jd)
        for _ in range(data.draw(st.integers(1, 8), label="how many")):
            jd.refresh_from_db()
            change = data.draw(_any_change(jd), label="change")
            try:
                builders.change(jd, change)
            except drafts.ActionRefused:
                continue
        after = content(jd)
        steps = jd.changes.count()
        for _ in range(steps):
            undo_latest(jd)
        assert content(jd) == before
        for _ in range(steps):
            redo_latest(jd)
        assert content(jd) == after

    @pytest.mark.slow
    @strategies.examples(12)
    @given(st.data())
    def test_undo_stores_every_difference(self, data: st.DataObject) -> None:
        jd = builders.description()
        for _ in range(data.draw(st.integers(1, 8), label="how many")):
            remembered(jd, data.draw(_any_change(jd), label="change"))
            jd.refresh_from_db()


def _any_change(jd: JobDescription) -> st.SearchStrategy[changes.Change]:
    """A change that fits the draft as it is now."""
    sections = [s.uid for s in Section.objects.filter(description=jd)]
    lines = [row.uid for row in Line.objects.filter(description=jd)]
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
            st.builds(changes.PlaceSection, uid, uid),
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
