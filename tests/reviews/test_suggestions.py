"""Accepted suggestions in a draft that has changed since they were made."""

from __future__ import annotations

import pytest

from roles import assembly, drafts, limits, versions
from roles.audit import integrity
from roles.drafts import changes, undo
from roles.models import Event, Line, Suggestion, Version
from roles.reviews import (
    approval_eligibility,
    comments,
    feedback,
    requests,
    suggestions,
    sync_suggestions,
)
from roles.reviews.suggestions import Proposal
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def jd():
    builders.organization(name="Northwind")
    return builders.description(builders.user("hr"))


@pytest.fixture
def manager(jd):
    return builders.user("manager")


@pytest.fixture
def duty(jd):
    """A line with everything that a line can carry, between two others, with a sub-line."""
    section = jd.sections.get(kind="responsibilities")
    builders.add_line(jd, section.uid, "Call [X] customers a day.", detail="By phone.", percent=40)
    line = section.lines.last()
    builders.add_line(jd, section.uid, "Report to the head of sales.")
    change = changes.AddLine(
        section=section.uid, values={"text": "Note each call."}, parent=line.uid
    )
    builders.change(jd, change)
    return line


def suggest(jd, who, line=None, **values):
    """A suggestion on the newest version, which is under review."""
    review = jd.reviews.filter(state="open").first() or builders.review(jd, who)
    values = {"kind": "reword", "section": line.section.uid if line else "", **values}
    proposal = Proposal(line=line.uid if line else "", **values)
    version = jd.versions.order_by("-number")[0]
    reader = builders.reader(review, who)
    return suggestions.suggest(reader=reader, version=version, proposal=proposal)


def accept(jd, suggestion, by=None, **values):
    jd.refresh_from_db()
    values.setdefault("token", jd.edit_token)
    return suggestions.accept(suggestion=suggestion, by=by or jd.owner, **values)


def texts(jd, kind="responsibilities"):
    lines = jd.lines.filter(section__kind=kind, parent=None).order_by("position")
    return list(lines.values_list("text", flat=True))


class TestWording:
    def test_only_the_suggested_field_changes(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call [X] clients.", detail="By phone.")
        builders.change(jd, changes.ChangeLine(duty.uid, {"detail": "By mail.", "percent": 30}))
        accepted = accept(jd, suggestion)
        duty.refresh_from_db()
        assert (duty.text, duty.detail, duty.percent) == ("Call [X] clients.", "By mail.", 30)
        assert (accepted.state, accepted.line) == ("accepted", duty.uid)
        assert duty.lines.count() == 1

    def test_edited_wording_counts_as_accepted_with_changes(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call clients.", detail="By phone.")
        accepted = accept(jd, suggestion, text="Call [X] clients each day.", detail="")
        duty.refresh_from_db()
        assert (accepted.state, duty.text, duty.detail) == (
            "changed",
            "Call [X] clients each day.",
            "",
        )

    def test_sub_line_paragraph_and_moved_line(self, jd, manager, duty):
        sub = duty.lines.get()
        paragraph = jd.lines.get(section__kind="summary")
        first = suggest(jd, manager, sub, text="Note every call.")
        second = suggest(jd, manager, paragraph, text="You look after customers.\n\nAll of them.")
        third = suggest(jd, manager, duty, text="Call clients.", detail="By phone.")
        target = jd.sections.get(kind="qualifications")
        builders.change(jd, changes.PlaceLine(duty.uid, target.uid))
        for suggestion in (first, second, third):
            accept(jd, suggestion)
        sub.refresh_from_db()
        paragraph.refresh_from_db()
        duty.refresh_from_db()
        assert (sub.text, sub.parent_id) == ("Note every call.", duty.pk)
        assert (paragraph.form, paragraph.text.count("\n")) == ("paragraph", 2)
        assert (duty.text, duty.section) == ("Call clients.", target)

    def test_invalid_suggestions_are_refused(self, jd, manager, duty):
        with pytest.raises(drafts.ActionRefused, match="2000 characters"):
            suggest(jd, manager, duty, text="x" * (limits.LINE_LIMIT + 1))
        with pytest.raises(drafts.ActionRefused, match="required or preferred"):
            suggest(jd, manager, duty, kind="requirement", requirement="required")
        suggestion = suggest(jd, manager, duty, text="Call clients.")
        with pytest.raises(drafts.ActionRefused, match="2000 characters"):
            accept(jd, suggestion, text="x" * (limits.LINE_LIMIT + 1))
        with pytest.raises(drafts.ActionRefused, match="Enter the wording"):
            accept(jd, suggestion, text=" ")
        suggestion.refresh_from_db()
        assert suggestion.is_open
        assert suggestion.thread.resolved_at is None

    def test_changed_requirement(self, jd, manager):
        line = jd.lines.get(section__kind="qualifications")
        suggestion = suggest(jd, manager, line, kind="requirement", requirement="preferred")
        accept(jd, suggestion)
        line.refresh_from_db()
        assert (line.requirement, line.text) == ("preferred", suggestion.old_text)

    def test_requirement_for_a_line_that_cannot_have_one(self, jd, manager):
        line = jd.lines.get(section__kind="qualifications")
        suggestion = suggest(jd, manager, line, kind="requirement", requirement="preferred")
        target = jd.sections.get(kind="responsibilities")
        builders.change(jd, changes.PlaceLine(line.uid, target.uid))
        with pytest.raises(drafts.ActionRefused, match="without required or preferred lines"):
            accept(jd, suggestion)


class TestAdded:
    def test_added_after_its_line_in_the_same_form(self, jd, manager, duty):
        builders.change(jd, changes.ChangeLine(duty.uid, {"group": "Daily"}))
        suggestion = suggest(jd, manager, duty, kind="add", text="Write to [X] others.")
        line = Line.objects.get(uid=accept(jd, suggestion).line)
        where = texts(jd)
        assert where[where.index(duty.text) + 1] == "Write to [X] others."
        assert (line.group, line.form, line.parent) == ("Daily", "entry", None)

    def test_added_after_a_sub_line(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty.lines.get(), kind="add", text="File the note.")
        line = Line.objects.get(uid=accept(jd, suggestion).line)
        assert (line.parent, line.position) == (duty, 2)

    def test_added_at_the_end_in_the_form_of_its_section(self, jd, manager):
        section = jd.sections.get(kind="summary")
        suggestion = suggest(jd, manager, kind="add", section=section.uid, text="Apply today.")
        line = Line.objects.get(uid=accept(jd, suggestion).line)
        assert (line.section, line.form, line.requirement) == (section, "paragraph", "")

    def test_requirement_is_suggested_or_default(self, jd, manager):
        line = jd.lines.get(section__kind="qualifications")
        builders.change(jd, changes.ChangeLine(line.uid, {"requirement": "required"}))
        line.refresh_from_db()
        usual = suggest(jd, manager, line, kind="add", text="A degree.")
        other = suggest(jd, manager, line, kind="add", text="Spanish.", requirement="preferred")
        lines = [Line.objects.get(uid=accept(jd, one).line) for one in (usual, other)]
        assert [one.requirement for one in lines] == ["required", "preferred"]

    def test_stays_in_its_section_after_its_neighbor_moved(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, kind="add", text="Write letters.")
        target = jd.sections.get(kind="qualifications")
        builders.change(jd, changes.PlaceLine(duty.uid, target.uid))
        accept(jd, suggestion)
        assert texts(jd)[-1] == "Write letters."

    def test_removed_section(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, kind="add", text="Write letters.")
        builders.change(jd, changes.RemoveSection(duty.section.uid))
        with pytest.raises(drafts.ActionRefused, match="section was removed"):
            accept(jd, suggestion)


class TestGone:
    def test_removed_line_is_restored_with_its_uid(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call [X] clients.", detail="By phone.")
        builders.change(jd, changes.RemoveLine(duty.uid))
        with pytest.raises(drafts.ActionRefused, match="removed from the draft"):
            accept(jd, suggestion)
        accept(jd, suggestion, as_new=True)
        line = jd.lines.get(uid=duty.uid)
        assert (line.text, line.percent, line.detail) == ("Call [X] clients.", 40, "By phone.")
        assert texts(jd).index(line.text) == 1

    def test_sub_line_of_a_removed_line_is_restored_alone(self, jd, manager, duty):
        sub = duty.lines.get()
        suggestion = suggest(jd, manager, sub, text="Note every call.")
        builders.change(jd, changes.RemoveLine(duty.uid))
        accept(jd, suggestion, as_new=True)
        assert jd.lines.get(uid=sub.uid).parent is None

    def test_removing_a_removed_line_is_accepted(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, kind="remove")
        builders.change(jd, changes.RemoveLine(duty.uid))
        token = jd.edit_token
        assert accept(jd, suggestion).state == "accepted"
        jd.refresh_from_db()
        assert jd.edit_token == token


class TestTwoPeople:
    def test_line_changed_since_is_not_overwritten(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call clients.")
        token = jd.edit_token
        builders.change(jd, changes.ChangeLine(duty.uid, {"text": "Call everyone."}))
        with pytest.raises(drafts.StaleDraft):
            accept(jd, suggestion, token=token)
        suggestion.refresh_from_db()
        assert suggestion.is_open
        accept(jd, suggestion)
        assert "Call clients." in texts(jd)

    def test_changes_elsewhere_do_not_prevent_acceptance(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call clients.")
        token = jd.edit_token
        other = jd.lines.get(section__kind="summary")
        builders.change(jd, changes.ChangeLine(other.uid, {"text": "Another."}))
        assert accept(jd, suggestion, token=token).state == "accepted"

    def test_only_one_of_two_authors_accepts(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call clients.")
        accept(jd, suggestion, token=jd.edit_token)
        with pytest.raises(drafts.ActionRefused, match="already answered"):
            accept(jd, suggestion, by=builders.user("hr"))

    def test_version_is_not_saved_without_later_accepted_suggestions(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call clients.")
        token = jd.edit_token
        accept(jd, suggestion)
        with pytest.raises(drafts.StaleDraft):
            versions.save(description=jd, by=jd.owner, token=token, note="x")

    def test_change_is_by_the_accepting_author(self, jd, manager, duty):
        helper = builders.user("hr")
        suggestion = suggest(jd, manager, duty, text="Call clients.")
        accept(jd, suggestion, by=helper)
        assert approval_eligibility.authors(builders.version(jd)) == {helper.pk, jd.owner_id}

    def test_locked_section_takes_no_suggestions(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call clients.")
        jd.sections.update(locked=True)
        with pytest.raises(drafts.ActionRefused, match="locked by the template"):
            accept(jd, suggestion)


class TestUndone:
    def turn(self, jd, action=undo.undo):
        jd.refresh_from_db()
        sync_suggestions.sync(description=jd, by=jd.owner, action=action)

    @pytest.mark.parametrize("kind", ["reword", "remove", "add"])
    def test_undo_reopens_and_redo_accepts(self, jd, manager, duty, kind):
        before = texts(jd)
        suggestion = suggest(jd, manager, duty, kind=kind, text="Call clients.")
        accept(jd, suggestion)
        after = texts(jd)
        assert after != before
        self.turn(jd)
        suggestion.refresh_from_db()
        assert (texts(jd), suggestion.state) == (before, "open")
        assert suggestion.thread.resolved_at is None
        assert not list(integrity.broken())
        self.turn(jd, undo.redo)
        suggestion.refresh_from_db()
        assert (texts(jd), suggestion.state) == (after, "accepted")
        assert not list(integrity.broken())
        assert not list(Event.objects.broken())

    def test_a_suggestion_of_an_earlier_review_is_reopened(self, jd, manager, duty):
        """It stays open when its review ends, so its author can accept it during the next."""
        suggestion = suggest(jd, manager, duty, text="Call clients.", detail="By phone.")
        requests.withdraw(review=jd.reviews.get(), by=jd.owner)
        builders.review(jd, manager)
        accept(jd, suggestion)
        self.turn(jd)
        suggestion.refresh_from_db()
        assert suggestion.is_open
        self.turn(jd, undo.redo)
        suggestion.refresh_from_db()
        assert suggestion.state == "accepted"

    def test_later_typing_is_undone_with_it(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call clients.", detail="By phone.")
        accept(jd, suggestion)
        builders.change(jd, changes.ChangeLine(duty.uid, {"text": "Call clients a lot."}))
        self.turn(jd)
        suggestion.refresh_from_db()
        assert suggestion.is_open

    def test_undo_of_another_change_leaves_it(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call clients.")
        accept(jd, suggestion)
        other = jd.lines.get(section__kind="summary")
        builders.change(jd, changes.ChangeLine(other.uid, {"text": "Another."}))
        self.turn(jd)
        suggestion.refresh_from_db()
        assert suggestion.state == "accepted"

    def test_suggestion_declined_later_stays_declined(self, jd, manager, duty):
        suggestion = suggest(jd, manager, duty, text="Call clients.")
        accept(jd, suggestion)
        self.turn(jd)
        suggestions.decline(suggestion=suggestion, reason="No.", by=jd.owner)
        self.turn(jd, undo.redo)
        suggestion.refresh_from_db()
        assert suggestion.state == "declined"


@pytest.mark.slow
def test_feedback_stays_at_its_lines_through_versions(jd, manager, duty):
    review = builders.review(jd, manager)
    places = {
        "whole": {},
        "section": {"section": duty.section.uid},
        "line": {"line": duty.uid},
        "sub": {"line": duty.lines.get().uid},
    }
    version = jd.versions.get()
    reader = builders.reader(review, manager)
    for text, place in reversed(places.items()):
        comments.comment(reader=reader, version=version, text=text, **place)

    def order():
        jd.refresh_from_db()
        items = feedback.for_draft(jd, assembly.load_rows(jd))
        assert items is not None
        return [
            (n.thread.comments.get().text, n.section is not None, n.is_line_gone)
            for n in items.notes
        ]

    all_there = [("whole", False, False), ("section", True, False), ("line", True, False)]
    assert order() == [*all_there, ("sub", True, False)]
    builders.change(jd, changes.ChangeLine(duty.uid, {"text": "Other words."}))
    requests.next_round(review=review, version=builders.version(jd), by=jd.owner)
    assert order() == [*all_there, ("sub", True, False)]
    builders.change(jd, changes.RemoveLine(duty.uid))
    gone = [("sub", True, True), ("line", True, True)]
    assert order() == [*all_there[:2], *gone]
    builders.change(jd, changes.RemoveSection(duty.section.uid))
    assert [text for text, *_ in order()] == ["whole", "sub", "line", "section"]


@pytest.mark.django_db(transaction=True)
def test_two_authors_accept_while_a_third_saves_a_version():
    jd = builders.description(builders.user("hr"))
    line = jd.lines.get(section__kind="responsibilities")
    suggestion = suggest(jd, builders.user("manager"), line, text="Call clients.")
    builders.change(jd, changes.ChangeLine(line.uid, {"detail": "Soon."}))
    token, people = jd.edit_token, [jd.owner, builders.user("hr"), builders.user("hr")]

    def accepting(by):
        return lambda: suggestions.accept(suggestion=suggestion, by=by, token=token)

    def saving():
        return versions.save(description=jd, by=people[2], token=token, note="x")

    *answers, saved = at_once(*(accepting(by) for by in people[:2]), saving)
    by_kind = {type(answer): answer for answer in answers}
    assert by_kind.keys() == {Suggestion, drafts.ActionRefused}
    line.refresh_from_db()
    assert (line.text, line.detail) == ("Call clients.", "Soon.")
    if isinstance(saved, Version):  # it came first: without the wording and its author
        assert "Call clients." not in saved.text
        assert by_kind[Suggestion].answered_by_id not in approval_eligibility.authors(saved) - {
            jd.owner_id
        }
    else:
        assert isinstance(saved, drafts.StaleDraft)
    assert not list(Event.objects.broken())
