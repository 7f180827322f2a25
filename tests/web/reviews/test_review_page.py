"""The page of a review: reading, commenting and deciding, as reviewers, authors and guests."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from roles import drafts
from roles.drafts import changes
from roles.models import Comment, Decision, Review, Reviewer, Suggestion, Thread, User
from roles.reviews import assignments, comments, decisions, requests, review_access, suggestions
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest
from roles.web.shared import guest_session
from tests import builders
from tests.html import by_id, fields, find, links, notes, words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

HX = {"HX-Request": "true"}
SECRET = "Base pay is agreed with the board."


@pytest.fixture
def jd():
    return builders.description(builders.user("hr", first_name="Ada", last_name="Owner"))


@pytest.fixture
def manager():
    return builders.user("manager", username="mara", first_name="Mara", last_name="Lind")


def line(jd, kind="responsibilities"):
    return jd.sections.get(kind=kind).lines.first()


def reword(jd, kind, text):
    builders.change(jd, changes.ChangeLine(uid=line(jd, kind).uid, values={"text": text}))


def next_round(jd, review, note=""):
    return requests.next_round(review=review, version=builders.version(jd), by=jd.owner, note=note)


def shown(response):
    """The text of the page without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def section_html(response, key):
    """The markup of one section of the document."""
    content = response.content.decode()
    start = content.index(f'id="section-{key}"')
    return content[start : content.index("</section>", start)]


def section_of(response, key):
    return by_id(response, f"section-{key}")


def offered(response):
    """The kinds of decisions that a page offers."""
    starts = [href.partition("decide/?kind=") for href in links(response)]
    return {kind for _path, found, kind in starts if found}


def is_open(response, key):
    return "<details open" in section_html(response, key)


def nonce(response):
    [nonce_value] = re.findall(r'name="nonce" value="([^"]+)"', response.content.decode())
    return nonce_value


def url(review, rest=""):
    return f"/reviews/{review.pk}/{rest}"


class TestReviewPage:
    @pytest.mark.both_databases
    def test_first_view_shows_note_and_full_document(self, client_for, jd, manager):
        due = timezone.localdate() + timedelta(days=2)
        review = builders.review(jd, manager, note="Is the second duty right?", due=due)
        response = client_for(manager).get(url(review))
        page = shown(response)
        assert "Is the second duty right?" in page
        assert "Due in 2 days" in page
        assert find(response, class_="review-asked")
        assert url(review, "comment/") in links(response)
        assert url(review, "delegate/") in links(response)
        for section in jd.sections.all():
            assert is_open(response, section.uid)
        assert "Prepare renewal plans for each account." in page
        assert Reviewer.objects.get().seen == [1]

    def test_content_is_escaped(self, client_for, jd, manager):
        reword(jd, "responsibilities", 'Say "<b>bold</b>" & <i>more</i>')
        builders.add_section(jd, "benefits", "Perks & <i>pay</i>", "One")
        page = client_for(manager).get(url(builders.review(jd, manager))).content.decode()
        assert "<b>bold" not in page
        assert "<i>" not in page
        label = (
            'aria-label="Comment or suggest a change: Say &quot;&lt;b&gt;bold&lt;/b&gt;&quot; &amp;'
        )
        assert label in page
        assert "Comment on “Perks &amp; &lt;i&gt;pay&lt;/i&gt;”" in page

    def test_views_are_recorded_for_reviewers_only(self, client_for, jd, manager):
        review = builders.review(jd, manager)
        client_for(jd.owner).get(url(review))
        client_for(manager).head(url(review))
        assert Reviewer.objects.get().seen == []

    def test_assigned_section_is_open(self, client_for, jd, manager):
        lawyer = builders.user("no_group")
        duties = jd.sections.get(kind="responsibilities").uid
        review = builders.review(jd, manager, ReviewerRequest(user=lawyer, sections=(duties,)))
        page = client_for(lawyer).get(url(review))
        open_parts = [key for key in ("facts", "outline") if is_open(page, key)]
        open_parts += [s.kind for s in jd.sections.all() if is_open(page, s.uid)]
        assert open_parts == ["responsibilities"]

    @pytest.mark.slow
    def test_later_round_shows_changes_and_folds_the_rest(self, client_for, jd, manager):
        review = builders.review(jd, manager)
        client = client_for(manager)
        client.get(url(review))
        reword(jd, "summary", "You look after the customers of our Boston office.")
        next_round(jd, review, note="Another office.")
        response = client.get(url(review))
        summary, duties = (
            jd.sections.get(kind=kind).uid for kind in ("summary", "responsibilities")
        )
        assert "version 1" in words(by_id(response, "since-head"))
        assert "1 line reworded" in shown(response)
        assert "<del><span" in section_html(response, summary)
        assert "Boston" in section_html(response, summary)
        assert is_open(response, summary)
        assert not is_open(response, duties)
        assert "Unchanged, awaiting your decision" in section_html(response, duties)
        assert not is_open(response, "facts")
        assert not is_open(response, "outline")
        everything = client.get(url(review, "?show=all"))
        assert is_open(everything, duties)
        assert Reviewer.objects.get().seen == [1, 2]

    @pytest.mark.slow
    def test_facts_and_outline_are_sections(self, client_for, jd, manager):
        review = builders.review(jd, manager)
        client = client_for(manager)
        client.get(url(review))
        uid = builders.add_section(jd, "benefits", "Perks")
        builders.change(jd, changes.MoveSection(uid=uid, by=-1))
        next_round(jd, review)
        response = client.get(url(review))
        assert is_open(response, "outline")
        assert "Perks" in section_html(response, "outline")
        assert is_open(response, uid)
        assert not is_open(response, "facts")
        builders.change(jd, changes.ChangeFacts({"title": "Key account manager"}))
        next_round(jd, review)
        response = client.get(url(review))
        assert is_open(response, "facts")
        assert "<ins>" in section_html(response, "facts")
        assert "Key account manager" in shown(response)
        assert not is_open(response, "outline")

    @pytest.mark.both_databases
    def test_delegate_sees_pending_sections(self, client_for, jd, manager):
        colleague = builders.user("manager")
        lawyer = builders.user("hr")
        review = builders.review(jd, manager, lawyer)
        builders.decision(review, manager)
        reword(jd, "summary", "Shorter.")
        next_round(jd, review)
        reviewer_row = builders.reviewer_row(review, manager)
        assignments.delegate(
            reviewer=reviewer_row, to=colleague, reason="Away", by=Actor(user=manager)
        )
        response = client_for(colleague).get(url(review))
        assert is_open(response, jd.sections.get(kind="summary").uid)
        duties = jd.sections.get(kind="responsibilities").uid
        assert not is_open(response, duties)
        assert "You approved this" in section_html(response, duties)
        assert "replaces Mara Lind" in shown(response)

    def test_blank_placeholders_are_listed(self, client_for, jd, manager):
        reword(jd, "summary", "You lead [X] people.")
        review = builders.review(jd, manager)
        [note] = notes(client_for(manager).get(url(review)), "warning")
        assert [words(mark) for mark in find(note, "mark")] == ["[X]"]

    @pytest.mark.slow
    def test_earlier_rounds_are_read_only(self, client_for, jd, manager):
        review = builders.review(jd, manager)
        client = client_for(manager)
        client.get(url(review))
        reword(jd, "summary", "Shorter.")
        next_round(jd, review)
        response = client.get(url(review, "?round=1"))
        assert "You look after the customers" in shown(response)
        [note] = notes(response)
        assert "Round 1" in words(note)
        assert url(review) in links(note)
        assert not offered(response)
        assert not find(response, class_="read-comment")
        assert Reviewer.objects.get().seen == [1]
        current = client.get(url(review))
        assert offered(current)
        assert find(current, class_="read-comment")
        for wrong in ("3", "0", "x", "9" * 30, "²"):
            assert client.get(url(review, f"?round={wrong}")).status_code == 404

    def test_earlier_round_that_was_not_viewed_is_hidden(self, client_for, jd, manager):
        review = builders.review(jd, manager)
        reword(jd, "summary", "Shorter.")
        next_round(jd, review)
        assert client_for(manager).get(url(review, "?round=1")).status_code == 404
        assert client_for(jd.owner).get(url(review, "?round=1")).status_code == 200

    def test_other_reviewers_and_their_decisions(self, client_for, jd, manager):
        other = builders.user("hr", first_name="Otto", last_name="Hahn")
        review = builders.review(jd, manager, other)
        builders.decision(review, other, "approve_with_comments", "Good, but long.")
        reviewers = find(client_for(manager).get(url(review)), class_="review-reviewers")
        first, second = find(reviewers[0], "li")
        assert find(first, class_="is-pending")
        assert "Otto Hahn" in words(second)
        assert find(second, class_="is-approve_with_comments")
        assert "Good, but long." in words(second)


class TestHiddenContent:
    @pytest.fixture
    def pay(self, jd):
        return builders.add_section(jd, "pay", "Pay and more", SECRET)

    @pytest.fixture
    def review(self, jd, manager, pay):
        """The manager reviews only the duties and the outline; a lawyer reviews everything."""
        duties = jd.sections.get(kind="responsibilities").uid
        lawyer = builders.user("hr", username="lars")
        return builders.review(
            jd, ReviewerRequest(user=manager, sections=(duties, "outline")), lawyer
        )

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_restricted_section_is_hidden_everywhere(self, client_for, jd, manager, review, pay):
        lawyer = review.reviewers.exclude(user=manager).get().user
        boss = builders.reader(review, lawyer)
        version = jd.versions.get()
        uid = jd.sections.get(uid=pay).lines.first().uid
        thread = comments.comment(reader=boss, version=version, text="Too much", line=uid)
        builders.decision(review, lawyer, "ask_for_changes", "Too much of everything.")
        client = client_for(manager)
        page = client.get(url(review))
        assert is_open(page, "outline")
        assert find(section_of(page, "outline"), class_="read-state")
        for secret in ("Pay and more", SECRET, "Too much", pay, uid):
            assert secret not in page.text
        assert find(page, class_="is-ask_for_changes")
        assert client.get(url(review, f"comment/?line={uid}")).status_code == 404
        assert client.get(url(review, f"comment/?section={pay}")).status_code == 404
        assert client.get(url(review, f"threads/{thread.pk}/")).status_code == 404
        reply = client.post(url(review, f"threads/{thread.pk}/"), {"action": "reply", "text": "Me"})
        assert reply.status_code == 404
        assert Comment.objects.count() == 1
        full = client_for(lawyer).get(url(review)).content.decode()
        assert SECRET in full
        assert "Too much" in full

    def test_changes_to_restricted_sections_are_hidden(self, client_for, jd, manager, review, pay):
        client = client_for(manager)
        client.get(url(review))
        reword(jd, "pay", "Base pay is 99,000.")
        reword(jd, "responsibilities", "Prepare plans.")
        next_round(jd, review)
        page = client.get(url(review)).text
        assert "99,000" not in page
        assert "Pay and more" not in page
        assert "Prepare" in page

    @pytest.mark.slow
    def test_comments_on_newly_restricted_sections_are_hidden(
        self, client_for, jd, manager, review
    ):
        summary = jd.sections.get(kind="summary")
        owner = builders.reader(review, jd.owner)
        comments.comment(reader=owner, version=jd.versions.get(), text="Hush", section=summary.uid)
        client = client_for(manager)
        before = client.get(url(review))
        assert "Hush" in words(section_of(before, summary.uid))
        builders.change(
            jd, changes.ChangeSection(uid=summary.uid, values={"audience": "restricted"})
        )
        next_round(jd, review)
        page = client.get(url(review))
        assert "Hush" not in shown(page)
        assert not find(page, id=f"section-{summary.uid}")
        assert not find(page, aria_labelledby="gone-head")
        assert not find(page, class_="read-gone")
        assert summary.heading not in shown(page)
        builders.change(jd, changes.RemoveSection(summary.uid))
        next_round(jd, review)
        assert "Hush" not in shown(client.get(url(review)))

    @pytest.mark.slow
    def test_comments_on_lines_moved_to_restricted_sections_are_hidden(
        self, client_for, jd, manager, review, pay
    ):
        duty = line(jd)
        owner = builders.reader(review, jd.owner)
        comments.comment(reader=owner, version=jd.versions.get(), text="Hush", line=duty.uid)
        builders.change(jd, changes.PlaceLine(uid=duty.uid, section=pay))
        next_round(jd, review)
        assert "Hush" not in shown(client_for(manager).get(url(review)))
        assert "Hush" in shown(client_for(jd.owner).get(url(review)))

    def test_confidential_review_is_visible_to_its_reviewers(self, client_for, jd, manager):
        jd.confidential = True
        jd.save()
        review = builders.review(jd, manager)
        assert client_for(manager).get(url(review)).status_code == 200
        assert client_for("hr").get(url(review)).status_code == 404

    @pytest.mark.slow
    def test_title_is_from_the_version(self, client_for, jd, manager):
        """Only people who can see the draft see its new title."""
        review, other = builders.review(jd, manager), builders.description(jd.owner)
        builders.review(other, manager)
        for one in (jd, other):
            builders.change(one, changes.ChangeFacts({"title": "Secret successor"}))
        client, where = client_for(manager), f"?section=&line={line(jd).uid}"
        client.post(url(review, f"comment/{where}"), {"kind": "comment", "comment": "Why?"})
        thread = Thread.objects.get()
        for rest in ("", f"comment/{where}", f"threads/{thread.pk}/", "decide/", "delegate/"):
            page = client.get(url(review, rest)).content.decode()
            assert "Secret successor" not in page
            assert jd.versions.get().document.title in page
        builders.decision(review, manager)
        page = client.get(url(review))
        assert links(page)[url(other.reviews.get())] == other.versions.get().document.title
        assert "Secret successor" not in page.text


class TestAccess:
    @pytest.mark.slow
    def test_who_can_open_it(self, client_for, jd, manager):
        review = builders.review(jd, manager)
        hiring_manager = builders.user("manager")
        jd.hiring_managers.add(hiring_manager)
        for who, status in ((manager, 200), (jd.owner, 200), (hiring_manager, 200), ("hr", 200)):
            assert client_for(who).get(url(review)).status_code == status
        for who in ("manager", "curator", "employee", "no_group"):
            assert client_for(who).get(url(review)).status_code == 404
        assert client_for(hiring_manager).get(url(review, "comment/")).status_code == 403
        assert client_for(hiring_manager).get(url(review, "decide/")).status_code == 403
        assert client_for(jd.owner).get(url(review, "decide/")).status_code == 403
        assert client_for(jd.owner).get(url(review, "delegate/")).status_code == 403
        assert client_for(manager).get("/reviews/999999/").status_code == 404

    @pytest.mark.slow
    def test_access_ends_with_the_review(self, client_for, jd, manager):
        review = builders.review(jd, manager)
        client = client_for(manager)
        Review.objects.update(expires=timezone.localdate() - timedelta(days=1))
        for rest in ("", "comment/", "decide/"):
            assert client.get(url(review, rest)).status_code == 404
        owner = client_for(jd.owner)
        assert notes(owner.get(url(review)), "warning")
        Review.objects.update(expires=timezone.localdate())
        requests.withdraw(review=review, by=jd.owner, reason="Another time.")
        assert client.get(url(review)).status_code == 404
        assert client.post(url(review, "decide/"), {"kind": "approve"}).status_code == 404
        page = owner.get(url(review))
        [note] = notes(page)
        assert str(jd.owner) in words(note)
        assert "Another time." in words(note)
        assert url(review, "comment/") not in links(page)

    def test_approved_review_can_be_read(self, client_for, jd, manager):
        review = builders.review(jd, manager)
        builders.decision(review, manager)
        response = client_for(manager).get(url(review))
        assert find(response, class_="review-thanks")
        assert url(review, "comment/") not in links(response)
        assert not find(response, id="decide")

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_guest_can_comment_and_decide(self, jd):
        review = builders.review(jd, "lea@example.org")
        reviewer_row = review.reviewers.get()
        client = Client()
        assert "/sign-in/" in client.get(url(review)).headers["Location"]
        session = client.session
        session[guest_session.SESSION_KEY] = {
            "reviewer": reviewer_row.pk,
            "key": reviewer_row.link_key,
            "until": time.time() + 60,
        }
        session.save()
        page = client.get(url(review))
        assert page.status_code == 200
        assert url(review, "delegate/") not in links(page)
        form = client.get(url(review, f"comment/?line={line(jd).uid}"))
        assert jd.owner.username not in form.content.decode()
        typed = {"kind": "comment", "comment": "Mine.", "nonce": nonce(form)}
        for _again in range(2):
            client.post(url(review, f"comment/?line={line(jd).uid}"), typed)
        assert Comment.objects.get().reviewer == reviewer_row
        assert client.get(url(review, "delegate/")).status_code == 302
        decided = {"kind": "approve", "round": 1}
        assert client.post(url(review, "decide/"), decided).status_code == 302
        assert Decision.objects.get().reviewer == reviewer_row
        Reviewer.objects.update(link_key="")
        assert client.get(url(review)).status_code == 404


class TestDiscussion:
    @pytest.fixture
    def review(self, jd, manager):
        return builders.review(jd, manager)

    @pytest.mark.both_databases
    def test_comment_appears_at_its_line(self, client_for, jd, manager, review):
        client = client_for(manager)
        at = f"comment/?line={line(jd).uid}&number=1"
        form = client.get(url(review, at))
        assert line(jd).text in shown(form)
        owner = jd.owner.username
        answer = client.post(
            url(review, at),
            {"kind": "comment", "comment": f"<b>Why</b>, @{owner}?", "nonce": nonce(form)},
        )
        thread = Thread.objects.get()
        assert answer.headers["Location"] == url(review, f"#thread-{thread.pk}")
        page = client.get(url(review))
        duties = section_html(page, jd.sections.get(kind="responsibilities").uid)
        assert '&lt;b&gt;Why&lt;/b&gt;, <span class="mention">@Ada Owner</span>?' in duties
        assert "@[" not in duties
        assert "1 comment" in shown(page)

    def test_htmx_response_is_a_fragment(self, client_for, jd, manager, review):
        client = client_for(manager)
        at = url(review, f"comment/?line={line(jd).uid}")
        form = client.get(at, headers=HX).content.decode()
        assert "<html" not in form
        assert 'name="comment"' in form
        wrong = client.post(at, {"kind": "comment", "comment": ""}, headers=HX)
        assert wrong.status_code == 422
        assert "Enter a comment." in shown(wrong)
        right = client.post(at, {"kind": "comment", "comment": "Which ones?"}, headers=HX)
        assert "Which ones?" in shown(right)
        assert 'name="comment"' not in right.content.decode()

    @pytest.mark.both_databases
    def test_nonce_of_another_form(self, client_for, manager, review):
        """A tampered form still gets a response."""
        client, sent = client_for(manager), {"nonce": "the same"}
        decided = {"kind": "ask_for_changes", "text": "No", "round": 1}
        client.post(url(review, "decide/"), decided | sent)
        typed = {"kind": "comment", "comment": "And more."}
        assert client.post(url(review, "comment/"), typed | sent, headers=HX).status_code == 200
        assert not Comment.objects.exists()

    def test_input_is_kept_on_error(self, client_for, jd, manager, review):
        at = url(review, f"comment/?line={line(jd).uid}")
        same = {"kind": "reword", "text": line(jd).text, "comment": "Because of this."}
        answer = client_for(manager).post(at, same)
        assert answer.status_code == 422
        assert "The line already says this." in shown(answer)
        assert "Because of this." in shown(answer)
        assert not Suggestion.objects.exists()
        long = {"kind": "comment", "comment": "x" * 5000}
        answer = client_for(manager).post(at, long)
        assert answer.status_code == 422
        assert "x" * 5000 in answer.content.decode()

    @pytest.mark.parametrize(
        ("kind", "more", "words"),
        [
            ("reword", {"text": "Prepare plans."}, "Prepare plans."),
            ("remove", {}, ""),
            ("add", {"added": "Visit each account."}, "Visit each account."),
        ],
    )
    def test_suggestions(self, client_for, jd, manager, review, kind, more, words):
        client = client_for(manager)
        at = url(review, f"comment/?line={line(jd).uid}")
        client.post(at, {"kind": kind, "comment": "Shorter is better.", **more})
        suggestion = Suggestion.objects.get()
        assert (suggestion.kind, suggestion.text) == (kind, words)
        page = shown(client.get(url(review)))
        assert f"{suggestion.get_kind_display()} " in page
        assert f" {suggestion.get_state_display()} " in page
        assert "Shorter is better." in page

    @pytest.mark.both_databases
    def test_requirement_suggestion_only_where_lines_have_one(
        self, client_for, jd, manager, review
    ):
        client = client_for(manager)
        at = url(review, f"comment/?line={line(jd, 'qualifications').uid}")
        client.post(at, {"kind": "requirement", "requirement": "preferred"})
        assert Suggestion.objects.get().requirement == "preferred"
        at = url(review, f"comment/?line={line(jd).uid}")
        refused = client.post(at, {"kind": "requirement", "requirement": "preferred"})
        assert refused.status_code == 422
        assert Suggestion.objects.count() == 1

    @pytest.mark.slow
    def test_section_comments_and_general_comments(self, client_for, jd, manager, review):
        client = client_for(manager)
        section = jd.sections.get(kind="summary").uid
        client.post(
            url(review, f"comment/?section={section}"), {"kind": "comment", "comment": "One"}
        )
        client.post(url(review, "comment/"), {"kind": "comment", "comment": "Two"})
        page = client.get(url(review))
        assert "One" in section_html(page, section)
        assert "Two" in words(by_id(page, "at-general"))
        assert client.post(url(review, "comment/"), {"kind": "remove"}).status_code == 422

    def test_comment_on_unknown_place_is_not_found(self, client_for, manager, review):
        client = client_for(manager)
        for wrong in ("line=no", "section=no", "number=7", "number=x", f"line={'x' * 40}"):
            assert client.get(url(review, f"comment/?{wrong}")).status_code == 404

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_thread_is_resolved_and_reopened(self, client_for, jd, manager, review):
        reader = builders.reader(review, manager)
        thread = comments.comment(reader=reader, version=jd.versions.get(), text="Why?")
        at = url(review, f"threads/{thread.pk}/")
        owner = client_for(jd.owner)
        empty = owner.post(at, {"action": "reply", "text": " "})
        assert empty.status_code == 422
        owner.post(at, {"action": "reply", "text": "Because."})
        assert [c.text for c in thread.comments.all()] == ["Why?", "Because."]
        owner.post(at, {"action": "resolve"})
        thread.refresh_from_db()
        assert thread.resolved_by == jd.owner
        [state] = find(owner.get(at), class_="thread-state")
        assert "Ada Owner" in words(state)
        client_for(manager).post(at, {"action": "reopen"}, headers=HX)
        thread.refresh_from_db()
        assert thread.resolved_at is None
        other = builders.user("hr")
        assignments.add(review=review, asked=ReviewerRequest(user=other), by=jd.owner)
        refused = client_for(manager).post(at, {"action": "nonsense"})
        assert refused.status_code == 422

    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_typed_reply_is_kept_by_the_other_buttons(
        self, client_for, jd, manager, review, headers
    ):
        reader = builders.reader(review, manager)
        version = review.rounds.get().version
        thread = comments.comment(reader=reader, version=version, text="Why?")
        owner, at = client_for(jd.owner), url(review, f"threads/{thread.pk}/")
        form = {"action": "resolve", "text": "Because.", "nonce": "n"}
        page = owner.post(at, form, headers=headers)
        thread.refresh_from_db()
        assert thread.resolved_at is not None
        assert page.status_code == 200
        assert ">Because.</textarea>" in page.text
        refused = owner.post(at, {"action": "withdraw", "text": ""}, headers=headers)
        assert refused.status_code == 422
        assert "Choose an action." in refused.text
        assert "Enter a reply." not in refused.text

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_threads_on_removed_lines_and_sections_are_shown(self, client_for, jd, manager, review):
        reader = builders.reader(review, manager)
        version = jd.versions.get()
        gone = line(jd)
        comments.comment(reader=reader, version=version, text="About a line", line=gone.uid)
        builders.add_line(jd, gone.section.uid, "Another.")
        builders.change(jd, changes.RemoveLine(uid=gone.uid))
        next_round(jd, review)
        page = client_for(manager).get(url(review))
        [removed] = find(section_of(page, gone.section.uid), class_="read-gone")
        assert "About a line" in words(removed)
        assert gone.text in words(removed)
        builders.change(jd, changes.RemoveSection(uid=gone.section.uid))
        next_round(jd, review)
        Reviewer.objects.update(seen=[3])
        page = client_for(manager).get(url(review))
        [removed] = find(page, "section", aria_labelledby="gone-head")
        assert "About a line" in words(removed)

    @pytest.mark.slow
    def test_unresolved_threads_carry_over_to_the_next_review(self, client_for, jd, manager):
        """Only for people who can see the job description."""
        outsider = builders.user("no_group")
        first = builders.review(jd, manager, outsider)
        reader = builders.reader(first, manager)
        for text in ("Still open", "Done"):
            thread = comments.comment(
                reader=reader, version=jd.versions.get(), text=text, line=line(jd).uid
            )
        comments.resolve(reader=reader, thread=thread)
        builders.decision(first, manager, "approve_with_comments", "See there")
        builders.decision(first, outsider)
        author = builders.reader(first, jd.owner)
        comments.reply(reader=author, thread=first.threads.all()[0], text="In the next version.")
        with pytest.raises(drafts.ActionRefused, match="has ended"):
            comments.reply(reader=reader, thread=first.threads.all()[0], text="Fine")
        reword(jd, "qualifications", "Three years.")
        builders.version(jd)
        review = builders.review(jd, manager, outsider)
        jd.hiring_managers.add(manager)
        page = client_for("manager")
        page.force_login(manager)
        text = page.get(url(review), {"show": "all"}).content.decode()
        assert "Still open" in text
        assert "In the next version." in text
        assert "Done" not in text
        page.force_login(outsider)
        assert "Still open" not in page.get(url(review), {"show": "all"}).content.decode()

    def test_suggestion_is_withdrawn_by_its_author_only(self, client_for, jd, manager, review):
        proposal = suggestions.Proposal("remove", "", line(jd).uid)
        reader = builders.reader(review, manager)
        suggestion = suggestions.suggest(
            reader=reader, version=jd.versions.get(), proposal=proposal
        )
        at = url(review, f"threads/{suggestion.thread_id}/")
        refused = client_for(jd.owner).post(at, {"action": "withdraw"})
        assert refused.status_code == 422
        client_for(manager).post(at, {"action": "withdraw"})
        suggestion.refresh_from_db()
        assert suggestion.state == "withdrawn"


class TestDecisions:
    @pytest.fixture
    def review(self, jd, manager):
        return builders.review(jd, manager, builders.user("hr"))

    @pytest.mark.slow
    def test_approve(self, client_for, jd, manager, review):
        client = client_for(manager)
        step = client.get(url(review, "decide/?kind=approve"))
        assert {"kind", "text"} <= fields(step)
        sent = {"kind": "approve", "round": 1, "nonce": nonce(step)}
        for _again in range(2):
            answer = client.post(url(review, "decide/"), sent)
            assert answer.headers["Location"] == url(review)
        assert Decision.objects.get().kind == "approve"
        page = client.get(url(review))
        [thanks] = find(page, class_="review-thanks")
        assert "version 1" in words(thanks)
        assert links(thanks) == {}
        assert url(review, "decide/") in links(page)
        assert not offered(page)

    @pytest.mark.slow
    def test_other_pending_reviews_are_listed(self, client_for, jd, manager, review):
        other = builders.description(jd.owner, title="Field engineer")
        waiting = builders.review(other, manager)
        builders.decision(review, manager)
        client = client_for(manager)
        assert links(client.get(url(review)))[url(waiting)] == "Field engineer"
        Review.objects.filter(pk=waiting.pk).update(expires=timezone.localdate() - timedelta(1))
        assert url(waiting) not in links(client.get(url(review)))

    def test_approval_with_text_is_an_approval_with_comments(self, client_for, manager, review):
        sent = {"kind": "approve", "round": 1, "text": "Well done."}
        client_for(manager).post(url(review, "decide/"), sent)
        decision = Decision.objects.get()
        assert (decision.kind, decision.text) == ("approve_with_comments", "Well done.")

    def test_recorded_decision_is_shown_without_thanks(self, client_for, jd, manager):
        review = builders.review(jd, manager, builders.user("hr"))
        decisions.record_elsewhere(
            reviewer=builders.reviewer_row(review, manager),
            round=1,
            kind="approve",
            reason="By phone",
            by=jd.owner,
        )
        page = client_for(manager).get(url(review))
        [note] = notes(page)
        assert str(jd.owner) in words(note)
        assert "By phone" in words(note)
        assert not find(page, class_="review-thanks")

    @pytest.mark.slow
    def test_requesting_changes_requires_text(self, client_for, manager, review):
        client = client_for(manager)
        refused = client.post(url(review, "decide/"), {"kind": "ask_for_changes", "round": 1})
        assert refused.status_code == 422
        assert "Describe the changes you want" in shown(refused)
        sent = {"kind": "ask_for_changes", "round": 1, "text": "Shorter, please."}
        client.post(url(review, "decide/"), sent)
        assert Decision.objects.get().text == "Shorter, please."
        assert find(client.get(url(review)), class_="review-thanks")

    @pytest.mark.slow
    def test_commenter_marks_it_as_reviewed(self, client_for, jd, review):
        reader = builders.user("curator")
        assignments.add(
            review=review, asked=ReviewerRequest(user=reader, role="commenter"), by=jd.owner
        )
        client = client_for(reader)
        assert offered(client.get(url(review))) == {"read", "ask_for_changes"}
        assert (
            client.post(url(review, "decide/"), {"kind": "approve", "round": 1}).status_code == 422
        )
        client.post(url(review, "decide/"), {"kind": "read", "round": 1})
        assert Decision.objects.get().kind == "read"

    @pytest.mark.slow
    def test_newer_round_is_shown_and_input_is_kept(self, client_for, jd, manager, review):
        client = client_for(manager)
        client.get(url(review))
        reword(jd, "summary", "Shorter.")
        next_round(jd, review)
        sent = {"kind": "ask_for_changes", "round": 1, "text": "My long reason."}
        answer = client.post(url(review, "decide/"), sent)
        assert answer.status_code == 409
        page = shown(answer)
        assert "Version 2 was sent after you opened this page" in page
        assert "My long reason." in page
        assert "version 1" in words(by_id(answer, "since-head"))
        assert not Decision.objects.exists()
        assert 'name="round" value="2"' in answer.content.decode()

    @pytest.mark.slow
    def test_input_is_shown_when_decision_is_no_longer_possible(self, client_for, jd, manager):
        first, second = builders.user("hr"), builders.user("hr")
        review = builders.review(jd, first, second, in_order=True)
        builders.decision(review, first)
        reword(jd, "summary", "Shorter.")
        next_round(jd, review)
        sent = {"kind": "approve_with_comments", "round": 1, "text": "My long reason."}
        answer = client_for(second).post(url(review, "decide/"), sent)
        assert answer.status_code == 409
        assert "My long reason." in words(find(answer, role="alert")[0])
        assert "Other reviewers go first" in shown(answer)

    @pytest.mark.slow
    def test_reason_for_missing_decisions(self, client_for, jd, manager):
        helper = builders.user("hr")
        later = builders.user("hr")
        review = builders.review(jd, manager, helper, later, in_order=True)
        client = client_for(later)
        assert "Other reviewers go first" in shown(client.get(url(review)))
        sent = {"kind": "approve", "round": 1}
        refused = client.post(url(review, "decide/"), sent)
        assert refused.status_code == 422
        assert "Other reviewers go first" in shown(refused)
        builders.decision(review, manager)
        change = changes.ChangeLine(uid=line(jd).uid, values={"text": "Mine."})
        jd.refresh_from_db()
        drafts.apply(description=jd, by=helper, token=jd.edit_token, changes=[change])
        next_round(jd, review)
        builders.decision(review, manager)
        page = client_for(helper).get(url(review))
        assert "someone else must approve it. You can request changes." in shown(page)
        assert offered(page) == {"ask_for_changes"}
        refused = client_for(helper).post(url(review, "decide/"), sent | {"round": 2})
        assert refused.status_code == 422

    def test_unchanged_approval_needs_no_new_decision(self, client_for, jd, manager, review):
        assert offered(client_for(manager).get(url(review)))
        builders.decision(review, manager)
        reword(jd, "summary", "you look after the customers of our denver office")
        next_round(jd, review)
        page = client_for(manager).get(url(review))
        assert not offered(page)
        assert url(review, "decide/") in links(page)

    @pytest.mark.both_databases
    @pytest.mark.parametrize("round", ["", "x", "99", "-1", "9" * 30])
    def test_invalid_round_is_rejected(self, client_for, manager, review, round):
        answer = client_for(manager).post(
            url(review, "decide/"), {"kind": "approve", "round": round}
        )
        assert answer.status_code == 422
        assert not Decision.objects.exists()


class TestDelegation:
    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_review_is_delegated_to_a_colleague(self, client_for, jd, manager):
        review = builders.review(jd, manager)
        colleague = builders.user("manager", first_name="Cleo", email="cleo@example.org")
        gone = builders.user("manager", is_active=False)
        client = client_for(manager)
        form = client.get(url(review, "delegate/")).content.decode()
        assert "Cleo" in form
        assert "cleo@example.org" not in form
        for unavailable in (gone, manager, jd.owner):
            assert f'value="{unavailable.pk}"' not in form
        without = client.post(url(review, "delegate/"), {"to": colleague.pk, "reason": ""})
        assert without.status_code == 422
        assert f'value="{colleague.pk}" selected' in without.content.decode()
        refused = client.post(url(review, "delegate/"), {"to": jd.owner.pk, "reason": "Away"})
        assert refused.status_code == 422
        answer = client.post(url(review, "delegate/"), {"to": colleague.pk, "reason": "Away"})
        assert answer.headers["Location"] == "/reviews/"
        assert str(builders.reviewer_row(review, colleague).replaces) == str(manager)
        assert client.get(url(review)).status_code == 404

    def test_ended_review_cannot_be_delegated(self, client_for, jd, manager):
        review = builders.review(jd, manager)
        builders.decision(review, manager, "approve")
        page = client_for(manager).get(url(review, "delegate/")).text
        assert "This review has ended" in page
        assert 'name="to"' not in page


@pytest.mark.slow
@pytest.mark.both_databases
def test_query_count_does_not_grow(client_for, jd, manager, django_assert_max_num_queries):
    """However many lines, comments, mentions and reviewers there are."""
    duties = jd.sections.get(kind="responsibilities").uid
    for number in range(5):
        builders.add_line(jd, duties, f"Duty {number} of this role.")
    review = builders.review(jd, manager, *[builders.user("hr") for _ in range(4)])
    version = jd.versions.get()
    for who in User.objects.filter(reviewing__review=review):
        reader = builders.reader(review, who)
        comments.comment(reader=reader, version=version, text="Yes, @mara", line=line(jd).uid)
        builders.decision(review, who, "ask_for_changes", "Yes")
        review_access.record_view(reader, version)
    reword(jd, "summary", "Shorter.")
    next_round(jd, review)
    client = client_for(manager)
    client.get(url(review))
    with django_assert_max_num_queries(30):
        client.get(url(review))
