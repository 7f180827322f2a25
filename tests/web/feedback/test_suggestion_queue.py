"""Answers of authors to feedback, without JavaScript: on the suggestion queue, and in the
wizard."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roles import assembly
from roles.drafts import changes
from roles.models import Comment, JobDescription, Line, Review, Suggestion, User
from roles.reviews import comments, feedback, requests, suggestions
from tests import builders
from tests.html import by_id, find, words
from tests.pages import Page, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

FIRST = "Prepare renewal plans for each account."


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client: Any) -> JobDescription:
    return builders.description(client.user)


@pytest.fixture
def manager(jd: JobDescription) -> User:
    return builders.user("manager", first_name="Robin", last_name="Chen")


@pytest.fixture
def review(jd: JobDescription, manager: User) -> Review:
    return builders.review(jd, manager)


@pytest.fixture
def line(jd: JobDescription) -> Line:
    return jd.lines.get(text=FIRST)


def suggest(
    review: Review, who: User, line: Line, text: str = "Prepare [X] renewals.", **values: Any
) -> Suggestion:
    values = {"kind": "reword", **values}
    proposal = suggestions.Proposal(section=line.section.uid, line=line.uid, text=text, **values)
    version = review.description.versions.order_by("-number")[0]
    reader = builders.reader(review, who)
    return suggestions.suggest(reader=reader, version=version, proposal=proposal, why="Shorter.")


def comment(review: Review, who: User, text: str = "Which accounts?", **place: str) -> Any:
    version = review.description.versions.order_by("-number")[0]
    reader = builders.reader(review, who)
    return comments.comment(reader=reader, version=version, text=text, **place)


def in_list(client: Any, review: Review) -> Page:
    return open_page(client, reverse("suggestions", args=[review.pk]))


def in_wizard(client: Any, jd: JobDescription, step: str = "responsibilities") -> Page:
    return open_page(client, reverse("wizard_step", args=[jd.reference, step]))


def page_text(page: Page) -> str:
    return str(page.response.content.decode())


def field(suggestion: Suggestion, name: str) -> str:
    return f"feedback-{suggestion.thread_id}-{name}"


BOTH = pytest.mark.parametrize("where", ["list", "wizard"])


@BOTH
class TestBothPlaces:
    """The same item, in the queue and at its line."""

    @pytest.fixture
    def open(self, client: Any, jd: JobDescription, review: Review, where: str) -> Any:
        if where == "list":
            return lambda: in_list(client, review)
        return lambda: in_wizard(client, jd)

    @pytest.mark.slow
    def test_accepted(self, open, jd, manager, review, line):
        suggestion = suggest(review, manager, line)
        page = open()
        assert "<del>" in page_text(page)
        assert "Shorter." in page_text(page)
        assert "Robin Chen" in page_text(page)
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        line.refresh_from_db()
        assert line.text == "Prepare [X] renewals."
        assert "<del>" not in page_text(open())

    def test_accepted_with_changes(self, open, manager, review, line):
        suggestion = suggest(review, manager, line)
        page = open()
        assert page.typed(field(suggestion, "text")) == "Prepare [X] renewals."
        page.data[field(suggestion, "text")] = ["Prepare all [X] renewals."]
        page = page.press(f"suggestion-change:{suggestion.thread_id}")
        line.refresh_from_db()
        suggestion.refresh_from_db()
        assert (line.text, suggestion.state) == ("Prepare all [X] renewals.", "changed")

    def test_declined_with_a_reason(self, open, manager, review, line):
        suggestion = suggest(review, manager, line)
        page = open().press(f"suggestion-decline:{suggestion.thread_id}")
        assert page.response.status_code == 422
        assert "Enter a reason" in page_text(page)
        page.data[field(suggestion, "reason")] = ["It is final."]
        page = page.press(f"suggestion-decline:{suggestion.thread_id}")
        suggestion.refresh_from_db()
        line.refresh_from_db()
        assert (suggestion.state, suggestion.answer) == ("declined", "It is final.")
        assert line.text == FIRST

    @pytest.mark.slow
    def test_line_changed_since(self, open, jd, manager, review, line):
        suggestion = suggest(review, manager, line)
        page = open()
        page.data[field(suggestion, "text")] = ["My own words."]
        builders.change(jd, changes.ChangeLine(line.uid, {"text": "Theirs, since then."}))
        page = page.press(f"suggestion-change:{suggestion.thread_id}")
        assert page.response.status_code == 409
        assert "Theirs, since then." in page_text(page)
        assert page.typed(field(suggestion, "text")) == "My own words."
        line.refresh_from_db()
        assert line.text == "Theirs, since then."
        page = page.press(f"suggestion-change:{suggestion.thread_id}")
        line.refresh_from_db()
        assert line.text == "My own words."

    def test_suggestion_answered_since(self, open, jd, manager, review, line):
        suggestion = suggest(review, manager, line)
        page = open()
        suggestions.decline(suggestion=suggestion, reason="No.", by=jd.owner)
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        assert page.response.status_code == 422
        assert "was already answered" in page_text(page)

    @pytest.mark.slow
    def test_removed_line_is_restored(self, open, jd, manager, review, line):
        suggestion = suggest(review, manager, line)
        page = open()
        builders.change(jd, changes.RemoveLine(line.uid))
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        assert page.response.status_code == 422
        assert "removed from the draft" in page_text(page)
        assert f"suggestion-accept:{suggestion.thread_id}" not in page.buttons
        page = page.press(f"suggestion-new:{suggestion.thread_id}")
        assert jd.lines.get(uid=line.uid).text == "Prepare [X] renewals."

    def test_suggestion_in_locked_section_can_only_be_declined(
        self, open, jd, manager, review, line
    ):
        suggestion = suggest(review, manager, line)
        jd.sections.update(locked=True)
        page = open()
        assert "template locks this section" in page_text(page)
        buttons = [one for one in page.buttons if one.endswith(f":{suggestion.thread_id}")]
        assert buttons == [
            f"{one}:{suggestion.thread_id}" for one in ("suggestion-decline", "thread-reply")
        ]

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_thread_is_answered_and_resolved(self, open, jd, manager, review, line):
        thread = comment(review, manager, line=line.uid, text=f"@{jd.owner.username}, why?")
        page = open()
        assert f"@{jd.owner}, why?" in page_text(page)
        page.data[f"feedback-{thread.pk}-reply"] = ["All <b>of</b> them."]
        page = page.press(f"thread-reply:{thread.pk}")
        assert Comment.objects.filter(thread=thread, by=jd.owner).exists()
        page = open()
        assert "All &lt;b&gt;of&lt;/b&gt; them." in page_text(page)
        page = page.press(f"thread-resolve:{thread.pk}")
        thread.refresh_from_db()
        assert thread.resolved_by == jd.owner
        assert "why?" not in page_text(open())

    @pytest.mark.both_databases
    def test_unsent_input_is_kept(self, open, manager, review, line):
        suggestion = suggest(review, manager, line)
        thread = comment(review, manager, line=line.uid)
        page = open()
        page.data[f"feedback-{thread.pk}-reply"] = ["Half a "]
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        suggestion.refresh_from_db()
        assert suggestion.state == "accepted"
        assert page.typed(f"feedback-{thread.pk}-reply") == "Half a "
        assert not Comment.objects.filter(text="Half a").exists()

    def test_unknown_suggestion(self, open, review):
        page = open()
        page.buttons.append("suggestion-accept:99999999999999999999")
        page = page.press("suggestion-accept:99999999999999999999")
        assert page.response.status_code == 422
        assert "no longer exists" in page_text(page)


class TestQueue:
    def test_suggestions_are_in_draft_order(self, client, jd, manager, review, line):
        other = jd.lines.get(section__kind="summary")
        suggest(review, manager, line, "Third.", kind="add")
        suggest(review, manager, line, "Second.")
        suggest(review, manager, other, "First.")
        text = page_text(in_list(client, review))
        assert text.index("First.") < text.index("Third.") < text.index("Second.")

    @pytest.mark.both_databases
    def test_new_line_after_a_removed_line_goes_to_the_end(self, client, jd, manager, review, line):
        builders.add_line(jd, line.section.uid, "Second.")
        suggestion = suggest(review, manager, line, "Third.", kind="add")
        builders.change(jd, changes.RemoveLine(line.uid))
        page = in_list(client, review)
        assert "goes at the end of the section" in page_text(page)
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        texts = line.section.lines.order_by("position").values_list("text", flat=True)
        assert list(texts) == ["Second.", "Third."]

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_accept_all_without_conflicts(self, client, jd, manager, review, line):
        other = jd.lines.get(section__kind="summary")
        fits = [suggest(review, manager, line), suggest(review, manager, line, "New.", kind="add")]
        changed = suggest(review, manager, other, "Other.")
        twice = suggest(review, manager, line, "Once more.")
        builders.change(jd, changes.ChangeLine(other.uid, {"text": "Since then."}))
        page = in_list(client, review)
        both = by_id(page, f"feedback-{changed.thread_id}")
        assert len(find(both, class_="redline")) == 2  # as it was, and its effect now
        one = by_id(page, f"feedback-{twice.thread_id}")
        assert len(find(one, class_="redline")) == 1
        page = page.press("suggestions-fit:0")
        states = dict(Suggestion.objects.values_list("pk", "state"))
        assert [states[one.pk] for one in fits] == ["accepted", "accepted"]
        assert states[changed.pk] == states[twice.pk] == "open"
        stale = in_list(client, review)
        builders.change(jd, changes.ChangeLine(other.uid, {"text": "Again."}))
        stale.buttons.append("suggestions-fit:0")
        assert stale.press("suggestions-fit:0").response.status_code == 422

    @pytest.mark.slow
    def test_single_suggestion_and_its_answer(self, client, jd, manager, review, line):
        suggestion = suggest(review, manager, line)
        address = reverse("suggestion", args=[review.pk, suggestion.thread_id])
        page = open_page(client, address)
        page.data[field(suggestion, "reason")] = ["Not now."]
        page = page.press(f"suggestion-decline:{suggestion.thread_id}")
        assert "Not now." in client.get(address).content.decode()
        not_a_suggestion = reverse("suggestion", args=[review.pk, comment(review, manager).pk])
        assert client.get(not_a_suggestion).status_code == 404

    def test_suggestions_outlive_the_review(self, client, jd, manager, review, line):
        """Authors can still answer them, also in the wizard."""
        suggestion = suggest(review, manager, line)
        page = in_list(client, review)
        requests.withdraw(review=review, by=jd.owner)
        jd.refresh_from_db()
        shown = feedback.for_draft(jd, assembly.load_rows(jd))
        assert shown is not None
        assert [note.suggestion for note in shown.notes] == [suggestion]
        page.press(f"suggestion-accept:{suggestion.thread_id}")
        suggestion.refresh_from_db()
        assert suggestion.state == "accepted"
        jd.refresh_from_db()
        assert feedback.for_draft(jd, assembly.load_rows(jd)) is None

    def test_reviewers_and_others_have_no_access(self, client_for, manager, review):
        address = reverse("suggestions", args=[review.pk])
        other = client_for("manager")
        assert other.get(address).status_code == 404
        other.force_login(manager)
        assert other.get(address).status_code == 403
        assert other.post(address, {"action": "suggestion-accept:1"}).status_code == 403

    def test_empty_queue(self, client, review):
        page = in_list(client, review)
        assert len(find(page, class_="empty")) == 1
        assert not find(page, class_="feedback-note")


class TestWizard:
    def test_unsent_input_prevents_leaving(self, client, jd, manager, review, line):
        thread = comment(review, manager, line=line.uid)
        page = in_wizard(client, jd)
        page.data[f"feedback-{thread.pk}-reply"] = ["Half a "]
        page.data[f"line-{line.uid}-text"] = ["Saved on the way."]
        page = page.press("next")
        assert "didn’t submit it" in page_text(page)
        assert page.typed(f"feedback-{thread.pk}-reply") == "Half a "
        line.refresh_from_db()
        assert line.text == "Saved on the way."

    @pytest.mark.slow
    def test_untouched_fields_do_not_prevent_leaving(self, client, jd, manager, review, line):
        builders.change(jd, changes.ChangeLine(line.uid, {"detail": "In [X] days."}))
        for kind in ("reword", "remove", "add"):
            suggest(review, manager, line, kind=kind)
        comment(review, manager, line=line.uid)
        page = in_wizard(client, jd).press("next")
        assert "qualifications" in page.url

    @pytest.mark.slow
    def test_counts_on_the_steps(self, client, jd, manager, review, line):
        suggest(review, manager, line)
        comment(review, manager, section=jd.sections.get(kind="qualifications").uid)
        comment(review, manager, text="Good work.")
        page = in_wizard(client, jd, "summary")
        counts = [words(count) for count in find(page, class_="step-waiting")]
        assert counts == ["1 to answer"] * 3
        assert not find(page, class_="feedback-note")
        assert find(in_wizard(client, jd), class_="feedback-group")
        assert "Good work." in page_text(in_wizard(client, jd, "finish"))
        assert "Which accounts?" in page_text(in_wizard(client, jd, "qualifications"))

    def test_no_feedback_without_a_review(self, client, jd):
        page = in_wizard(client, jd)
        assert not find(page, class_="feedback-group")
        assert not find(page, class_="step-waiting")

    @pytest.mark.slow
    def test_accepting_does_not_restore_unsaved_line_text(self, client, jd, manager, review, line):
        suggestion = suggest(review, manager, line)
        other = jd.lines.get(section__kind="responsibilities")
        page = in_wizard(client, jd)
        page.data[f"line-{line.uid}-text"] = ["Typed and not saved."]
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        assert page.typed(f"line-{other.uid}-text") == "Prepare [X] renewals."
        page = page.press("save")
        line.refresh_from_db()
        assert line.text == "Prepare [X] renewals."
        page = page.press("undo")
        assert page.typed(f"line-{line.uid}-text") == "Typed and not saved."
        suggestion.refresh_from_db()
        assert suggestion.is_open

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_input_of_another_line_survives_a_conflict(self, client, jd, manager, review, line):
        builders.add_line(jd, line.section.uid, "Second.")
        second = jd.lines.get(text="Second.")
        suggestion = suggest(review, manager, line)
        page = in_wizard(client, jd)
        page.data[f"line-{second.uid}-text"] = ["Second, typed."]
        builders.change(jd, changes.ChangeLine(line.uid, {"text": "Theirs."}))
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        assert page.response.status_code == 409
        assert page.typed(f"line-{second.uid}-text") == "Second, typed."
        assert page.typed(f"line-{line.uid}-text") == "Theirs."
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        assert set(line.section.lines.values_list("text", flat=True)) == {
            "Second, typed.",
            "Prepare [X] renewals.",
        }

    @pytest.mark.slow
    def test_second_conflict_does_not_overwrite_unseen_text(
        self, client, jd, manager, review, line
    ):
        builders.add_line(jd, line.section.uid, "Second.")
        second = jd.lines.get(text="Second.")
        suggestion = suggest(review, manager, line)
        page = in_wizard(client, jd)
        page.data[f"line-{second.uid}-text"] = ["Second, typed."]
        for uid, text in ((line.uid, "Theirs."), (second.uid, "Second of theirs.")):
            builders.change(jd, changes.ChangeLine(uid, {"text": text}))
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        assert "Second of theirs." in page_text(page)
        page.buttons = []
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        assert page.response.status_code == 409
        assert page.typed(f"line-{line.uid}-text") == "Theirs."
        assert page.typed(f"line-{second.uid}-text") == "Second, typed."
        page = page.press(f"suggestion-accept:{suggestion.thread_id}")
        assert set(line.section.lines.values_list("text", flat=True)) == {
            "Second, typed.",
            "Prepare [X] renewals.",
        }

    def test_line_shows_the_suggestion_it_came_from(self, client, jd, manager, review, line):
        suggestion = suggest(review, manager, line)
        jd.refresh_from_db()
        suggestions.accept(suggestion=suggestion, by=jd.owner, token=jd.edit_token, text="Mine.")
        address = reverse("wizard_line", args=[jd.reference, line.uid])
        shown = client.get(address).content.decode()
        assert f"From a suggestion by Robin Chen, accepted by {jd.owner}" in shown
        assert "With changes." in shown

    @pytest.mark.slow
    def test_query_count_does_not_grow(self, client, jd, manager, review, line):
        address = reverse("wizard_step", args=[jd.reference, "responsibilities"])

        def count() -> int:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(address)
            return len(queries)

        none = count()
        suggest(review, manager, line)
        comment(review, manager, line=line.uid, text=f"@{jd.owner.username}?")
        few = count()
        assert few <= none + 2
        for number in range(4):
            suggest(review, manager, line, f"Words {number}.")
            comment(review, manager, line=line.uid, text=f"{number}, @{manager.username}?")
        assert count() == few
