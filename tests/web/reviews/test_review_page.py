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

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}
SECRET = "Base pay is agreed with the board."


@pytest.fixture
def made():
    return builders.description(builders.user("hr", first_name="Ada", last_name="Owner"))


@pytest.fixture
def manager():
    return builders.user("manager", username="mara", first_name="Mara", last_name="Lind")


def line(made, kind="responsibilities"):
    return made.sections.get(kind=kind).lines.first()


def reword(made, kind, text):
    builders.change(made, changes.ChangeLine(uid=line(made, kind).uid, values={"text": text}))


def next_round(made, review, note=""):
    return requests.next_round(
        review=review, version=builders.version(made), by=made.owner, note=note
    )


def shown(response):
    """The text of the page without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def section_html(response, key):
    """The markup of one section of the document."""
    content = response.content.decode()
    start = content.index(f'id="section-{key}"')
    return content[start : content.index("</section>", start)]


def is_open(response, key):
    return "<details open" in section_html(response, key)


def nonce(response):
    [found] = re.findall(r'name="nonce" value="([^"]+)"', response.content.decode())
    return found


def url(review, rest=""):
    return f"/reviews/{review.pk}/{rest}"


class TestReading:
    def test_a_first_look_shows_the_note_and_everything(self, client_for, made, manager):
        due = timezone.localdate() + timedelta(days=2)
        review = builders.review(made, manager, note="Is the second duty right?", due=due)
        response = client_for(manager).get(url(review))
        words = shown(response)
        assert "Is the second duty right?" in words
        assert "The answer is due in 2 days" in words
        assert "You are asked to approve: everything" in words
        for section in made.sections.all():
            assert is_open(response, section.uid)
        assert "Prepare renewal plans for each account." in words
        assert Reviewer.objects.get().seen == [1]

    def test_what_was_written_is_never_markup(self, client_for, made, manager):
        reword(made, "responsibilities", 'Say "<b>bold</b>" & <i>more</i>')
        builders.add_section(made, "benefits", "Perks & <i>pay</i>", "One")
        page = client_for(manager).get(url(builders.review(made, manager))).content.decode()
        assert "<b>bold" not in page
        assert "<i>" not in page
        label = 'aria-label="Comment or suggest: Say &quot;&lt;b&gt;bold&lt;/b&gt;&quot; &amp;'
        assert label in page
        assert "Comment on “Perks &amp; &lt;i&gt;pay&lt;/i&gt;”" in page

    def test_only_who_has_the_reviewer_row_is_remembered_as_reader(self, client_for, made, manager):
        review = builders.review(made, manager)
        client_for(made.owner).get(url(review))
        client_for(manager).head(url(review))
        assert Reviewer.objects.get().seen == []

    def test_who_is_asked_about_a_section_finds_it_open(self, client_for, made, manager):
        lawyer = builders.user("no_group")
        duties = made.sections.get(kind="responsibilities").uid
        review = builders.review(made, manager, ReviewerRequest(user=lawyer, sections=(duties,)))
        page = client_for(lawyer).get(url(review))
        open_parts = [key for key in ("facts", "outline") if is_open(page, key)]
        open_parts += [s.kind for s in made.sections.all() if is_open(page, s.uid)]
        assert open_parts == ["responsibilities"]

    def test_a_later_round_shows_what_changed_and_folds_the_rest(self, client_for, made, manager):
        review = builders.review(made, manager)
        client = client_for(manager)
        client.get(url(review))
        reword(made, "summary", "You look after the customers of our Boston office.")
        next_round(made, review, note="Another office.")
        response = client.get(url(review))
        summary, duties = (
            made.sections.get(kind=kind).uid for kind in ("summary", "responsibilities")
        )
        assert "What changed since version 1" in shown(response)
        assert "1 line reworded" in shown(response)
        assert "<del><span" in section_html(response, summary)
        assert "Boston" in section_html(response, summary)
        assert is_open(response, summary)
        assert not is_open(response, duties)
        assert "Not changed, and not decided by you yet" in section_html(response, duties)
        assert not is_open(response, "facts")
        assert not is_open(response, "outline")
        everything = client.get(url(review, "?show=all"))
        assert is_open(everything, duties)
        assert Reviewer.objects.get().seen == [1, 2]

    def test_facts_and_outline_are_sections(self, client_for, made, manager):
        review = builders.review(made, manager)
        client = client_for(manager)
        client.get(url(review))
        uid = builders.add_section(made, "benefits", "Perks")
        builders.change(made, changes.MoveSection(uid=uid, by=-1))
        next_round(made, review)
        response = client.get(url(review))
        assert is_open(response, "outline")
        assert "Perks" in section_html(response, "outline")
        assert is_open(response, uid)
        assert not is_open(response, "facts")
        builders.change(made, changes.ChangeFacts({"title": "Key account manager"}))
        next_round(made, review)
        response = client.get(url(review))
        assert is_open(response, "facts")
        assert "<ins>" in section_html(response, "facts")
        assert "Key account manager" in shown(response)
        assert not is_open(response, "outline")

    def test_who_takes_over_is_shown_what_is_not_approved_yet(self, client_for, made, manager):
        colleague = builders.user("manager")
        lawyer = builders.user("hr")
        review = builders.review(made, manager, lawyer)
        builders.decision(review, manager)
        reword(made, "summary", "Shorter.")
        next_round(made, review)
        reviewer_row = builders.reviewer_row(review, manager)
        assignments.delegate(
            reviewer=reviewer_row, to=colleague, reason="Away", by=Actor(user=manager)
        )
        response = client_for(colleague).get(url(review))
        assert is_open(response, made.sections.get(kind="summary").uid)
        duties = made.sections.get(kind="responsibilities").uid
        assert not is_open(response, duties)
        assert "Your approval stands" in section_html(response, duties)
        assert "for Mara Lind" in shown(response)

    def test_blank_placeholders_are_listed(self, client_for, made, manager):
        reword(made, "summary", "You lead [X] people.")
        review = builders.review(made, manager)
        words = shown(client_for(manager).get(url(review)))
        assert "Still open: [X]" in words
        assert "can never be approved" in words
        assert "write it as a comment" in words

    def test_earlier_rounds_can_be_read_and_nothing_else(self, client_for, made, manager):
        review = builders.review(made, manager)
        client = client_for(manager)
        client.get(url(review))
        reword(made, "summary", "Shorter.")
        next_round(made, review)
        response = client.get(url(review, "?round=1"))
        assert "You look after the customers" in shown(response)
        assert "This is round 1, which is over." in shown(response)
        assert "Send decision" not in shown(response)
        assert "read-comment" not in response.content.decode()
        assert Reviewer.objects.get().seen == [1]
        for wrong in ("3", "0", "x", "9" * 30, "²"):
            assert client.get(url(review, f"?round={wrong}")).status_code == 404

    def test_a_round_that_they_did_not_look_at_is_not_theirs(self, client_for, made, manager):
        review = builders.review(made, manager)
        reword(made, "summary", "Shorter.")
        next_round(made, review)
        assert client_for(manager).get(url(review, "?round=1")).status_code == 404
        assert client_for(made.owner).get(url(review, "?round=1")).status_code == 200

    def test_others_and_what_they_decided(self, client_for, made, manager):
        other = builders.user("hr", first_name="Otto", last_name="Hahn")
        review = builders.review(made, manager, other)
        builders.decision(review, other, "approve_with_comments", "Good, but long.")
        words = shown(client_for(manager).get(url(review)))
        assert "Otto Hahn Approved with comments" in words
        assert "Good, but long." in words
        assert "Has not decided yet" in words


class TestWhatOneMayNotRead:
    @pytest.fixture
    def pay(self, made):
        return builders.add_section(made, "pay", "Pay and more", SECRET)

    @pytest.fixture
    def review(self, made, manager, pay):
        """The manager is asked about the duties alone, someone else about everything."""
        duties = made.sections.get(kind="responsibilities").uid
        lawyer = builders.user("hr", username="lars")
        return builders.review(
            made, ReviewerRequest(user=manager, sections=(duties, "outline")), lawyer
        )

    def test_a_restricted_section_is_nowhere_on_the_page(
        self, client_for, made, manager, review, pay
    ):
        lawyer = review.reviewers.exclude(user=manager).get().user
        boss = builders.reader(review, lawyer)
        version = made.versions.get()
        uid = made.sections.get(uid=pay).lines.first().uid
        thread = comments.comment(reader=boss, version=version, text="Too much", line=uid)
        builders.decision(review, lawyer, "ask_for_changes", "Too much of everything.")
        client = client_for(manager)
        page = client.get(url(review))
        assert is_open(page, "outline")
        assert "You are asked about this" in section_html(page, "outline")
        words = page.content.decode()
        for secret in ("Pay and more", SECRET, "Too much", pay, uid):
            assert secret not in words
        assert "asks for changes" in words.lower()
        assert client.get(url(review, f"comment/?line={uid}")).status_code == 404
        assert client.get(url(review, f"comment/?section={pay}")).status_code == 404
        assert client.get(url(review, f"threads/{thread.pk}/")).status_code == 404
        reply = client.post(url(review, f"threads/{thread.pk}/"), {"action": "reply", "text": "Me"})
        assert reply.status_code == 404
        assert Comment.objects.count() == 1
        full = client_for(lawyer).get(url(review)).content.decode()
        assert SECRET in full
        assert "Too much" in full

    def test_nor_among_what_changed(self, client_for, made, manager, review, pay):
        client = client_for(manager)
        client.get(url(review))
        reword(made, "pay", "Base pay is 99,000.")
        reword(made, "responsibilities", "Prepare plans.")
        next_round(made, review)
        words = client.get(url(review)).content.decode()
        assert "99,000" not in words
        assert "Pay and more" not in words
        assert "Prepare" in words

    def test_what_became_restricted_takes_its_comments_along(
        self, client_for, made, manager, review
    ):
        summary = made.sections.get(kind="summary")
        owner = builders.reader(review, made.owner)
        comments.comment(
            reader=owner, version=made.versions.get(), text="Hush", section=summary.uid
        )
        client = client_for(manager)
        assert "Hush" in shown(client.get(url(review)))
        builders.change(
            made, changes.ChangeSection(uid=summary.uid, values={"audience": "restricted"})
        )
        next_round(made, review)
        page = client.get(url(review))
        assert "Hush" not in shown(page)
        assert "Removed" not in shown(page)
        assert summary.heading not in shown(page)
        builders.change(made, changes.RemoveSection(summary.uid))
        next_round(made, review)
        assert "Hush" not in shown(client.get(url(review)))

    def test_nor_is_a_comment_on_a_line_that_went_where_one_does_not_read(
        self, client_for, made, manager, review, pay
    ):
        duty = line(made)
        owner = builders.reader(review, made.owner)
        comments.comment(reader=owner, version=made.versions.get(), text="Hush", line=duty.uid)
        builders.change(made, changes.PlaceLine(uid=duty.uid, section=pay))
        next_round(made, review)
        assert "Hush" not in shown(client_for(manager).get(url(review)))
        assert "Hush" in shown(client_for(made.owner).get(url(review)))

    def test_a_confidential_one_is_open_to_those_who_are_asked(self, client_for, made, manager):
        made.confidential = True
        made.save()
        review = builders.review(made, manager)
        assert client_for(manager).get(url(review)).status_code == 200
        assert client_for("hr").get(url(review)).status_code == 404

    def test_the_title_is_that_of_the_version(self, client_for, made, manager):
        """What the draft is called by now is for those who see the draft."""
        review, other = builders.review(made, manager), builders.description(made.owner)
        builders.review(other, manager)
        for one in (made, other):
            builders.change(one, changes.ChangeFacts({"title": "Secret successor"}))
        client, where = client_for(manager), f"?section=&line={line(made).uid}"
        client.post(url(review, f"comment/{where}"), {"kind": "comment", "comment": "Why?"})
        thread = Thread.objects.get()
        for rest in ("", f"comment/{where}", f"threads/{thread.pk}/", "decide/", "delegate/"):
            page = client.get(url(review, rest)).content.decode()
            assert "Secret successor" not in page
            assert made.versions.get().document.title in page
        builders.decision(review, manager)
        page = shown(client.get(url(review)))
        assert "Also waiting for you" in page
        assert "Secret successor" not in page


class TestWhoComesIn:
    def test_who_can_open_it(self, client_for, made, manager):
        review = builders.review(made, manager)
        named = builders.user("manager")
        made.hiring_managers.add(named)
        for who, answer in ((manager, 200), (made.owner, 200), (named, 200), ("hr", 200)):
            assert client_for(who).get(url(review)).status_code == answer
        for who in ("manager", "curator", "employee", "no_group"):
            assert client_for(who).get(url(review)).status_code == 404
        assert client_for(named).get(url(review, "comment/")).status_code == 403
        assert client_for(named).get(url(review, "decide/")).status_code == 403
        assert client_for(made.owner).get(url(review, "decide/")).status_code == 403
        assert client_for(made.owner).get(url(review, "delegate/")).status_code == 403
        assert client_for(manager).get("/reviews/999999/").status_code == 404

    def test_access_ends_with_the_review(self, client_for, made, manager):
        review = builders.review(made, manager)
        client = client_for(manager)
        Review.objects.update(expires=timezone.localdate() - timedelta(days=1))
        for rest in ("", "comment/", "decide/"):
            assert client.get(url(review, rest)).status_code == 404
        owner = client_for(made.owner)
        assert "This review has expired" in shown(owner.get(url(review)))
        Review.objects.update(expires=timezone.localdate())
        requests.withdraw(review=review, by=made.owner, reason="Another time.")
        assert client.get(url(review)).status_code == 404
        assert client.post(url(review, "decide/"), {"kind": "approve"}).status_code == 404
        words = shown(owner.get(url(review)))
        assert f"{made.owner} withdrew this review." in words
        assert "Another time." in words
        assert "Comment on the whole" not in words

    def test_an_approved_one_can_be_read(self, client_for, made, manager):
        review = builders.review(made, manager)
        builders.decision(review, manager)
        response = client_for(manager).get(url(review))
        assert "the version is approved" in shown(response)
        assert "Comment on the whole" not in shown(response)
        assert 'id="decide"' not in response.content.decode()

    def test_a_guest_reads_comments_and_decides(self, made):
        review = builders.review(made, "lea@example.org")
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
        assert "colleague" not in shown(page)
        form = client.get(url(review, f"comment/?line={line(made).uid}"))
        assert made.owner.username not in form.content.decode()
        typed = {"kind": "comment", "comment": "Mine.", "nonce": nonce(form)}
        for _again in range(2):
            client.post(url(review, f"comment/?line={line(made).uid}"), typed)
        assert Comment.objects.get().reviewer == reviewer_row
        assert client.get(url(review, "delegate/")).status_code == 302
        decided = {"kind": "approve", "round": 1}
        assert client.post(url(review, "decide/"), decided).status_code == 302
        assert Decision.objects.get().reviewer == reviewer_row
        Reviewer.objects.update(link_key="")
        assert client.get(url(review)).status_code == 404


class TestSaying:
    @pytest.fixture
    def review(self, made, manager):
        return builders.review(made, manager)

    def test_a_comment_appears_at_its_line(self, client_for, made, manager, review):
        client = client_for(manager)
        at = f"comment/?line={line(made).uid}&number=1"
        form = client.get(url(review, at))
        assert "Prepare renewal plans for each account." in shown(form)
        owner = made.owner.username
        answer = client.post(
            url(review, at),
            {"kind": "comment", "comment": f"<b>Why</b>, @{owner}?", "nonce": nonce(form)},
        )
        thread = Thread.objects.get()
        assert answer.headers["Location"] == url(review, f"#thread-{thread.pk}")
        page = client.get(url(review))
        duties = section_html(page, made.sections.get(kind="responsibilities").uid)
        assert '&lt;b&gt;Why&lt;/b&gt;, <span class="mention">@Ada Owner</span>?' in duties
        assert "@[" not in duties
        assert "1 comment" in shown(page)

    def test_with_script_the_place_alone_is_answered(self, client_for, made, manager, review):
        client = client_for(manager)
        at = url(review, f"comment/?line={line(made).uid}")
        form = client.get(at, headers=HX).content.decode()
        assert "<html" not in form
        assert 'name="comment"' in form
        wrong = client.post(at, {"kind": "comment", "comment": ""}, headers=HX)
        assert wrong.status_code == 422
        assert "Write something first." in shown(wrong)
        right = client.post(at, {"kind": "comment", "comment": "Which ones?"}, headers=HX)
        assert "Which ones?" in shown(right)
        assert 'name="comment"' not in right.content.decode()

    def test_the_nonce_of_another_form(self, client_for, manager, review):
        """No page sends it; a tampered one gets a response."""
        client, sent = client_for(manager), {"nonce": "the same"}
        decided = {"kind": "ask_for_changes", "text": "No", "round": 1}
        client.post(url(review, "decide/"), decided | sent)
        said = {"kind": "comment", "comment": "And more."}
        assert client.post(url(review, "comment/"), said | sent, headers=HX).status_code == 200
        assert not Comment.objects.exists()

    def test_input_is_preserved_on_refusal(self, client_for, made, manager, review):
        at = url(review, f"comment/?line={line(made).uid}")
        same = {"kind": "reword", "text": line(made).text, "comment": "Because of this."}
        answer = client_for(manager).post(at, same)
        assert answer.status_code == 422
        assert "These are the words that stand there already." in shown(answer)
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
    def test_suggestions(self, client_for, made, manager, review, kind, more, words):
        client = client_for(manager)
        at = url(review, f"comment/?line={line(made).uid}")
        client.post(at, {"kind": kind, "comment": "Shorter is better.", **more})
        found = Suggestion.objects.get()
        assert (found.kind, found.text) == (kind, words)
        page = client.get(url(review)).content.decode()
        assert "Waits for an answer" in page
        assert "Shorter is better." in page

    def test_another_requirement_where_it_is_asked_for(self, client_for, made, manager, review):
        client = client_for(manager)
        at = url(review, f"comment/?line={line(made, 'qualifications').uid}")
        client.post(at, {"kind": "requirement", "requirement": "preferred"})
        assert Suggestion.objects.get().requirement == "preferred"
        at = url(review, f"comment/?line={line(made).uid}")
        refused = client.post(at, {"kind": "requirement", "requirement": "preferred"})
        assert refused.status_code == 422
        assert Suggestion.objects.count() == 1

    def test_about_a_section_and_about_the_whole(self, client_for, made, manager, review):
        client = client_for(manager)
        section = made.sections.get(kind="summary").uid
        client.post(
            url(review, f"comment/?section={section}"), {"kind": "comment", "comment": "One"}
        )
        client.post(url(review, "comment/"), {"kind": "comment", "comment": "Two"})
        page = client.get(url(review))
        assert "One" in section_html(page, section)
        assert "Two" in shown(page).split("About the whole")[1]
        assert client.post(url(review, "comment/"), {"kind": "remove"}).status_code == 422

    def test_nothing_can_be_commented_where_nothing_is(self, client_for, manager, review):
        client = client_for(manager)
        for wrong in ("line=no", "section=no", "number=7", "number=x", f"line={'x' * 40}"):
            assert client.get(url(review, f"comment/?{wrong}")).status_code == 404

    def test_a_thread_goes_on_is_resolved_and_opened_again(self, client_for, made, manager, review):
        reader = builders.reader(review, manager)
        thread = comments.comment(reader=reader, version=made.versions.get(), text="Why?")
        at = url(review, f"threads/{thread.pk}/")
        owner = client_for(made.owner)
        empty = owner.post(at, {"action": "reply", "text": " "})
        assert empty.status_code == 422
        owner.post(at, {"action": "reply", "text": "Because."})
        assert [c.text for c in thread.comments.all()] == ["Why?", "Because."]
        owner.post(at, {"action": "resolve"})
        thread.refresh_from_db()
        assert thread.resolved_by == made.owner
        assert "Resolved by Ada Owner" in shown(owner.get(at))
        client_for(manager).post(at, {"action": "reopen"}, headers=HX)
        thread.refresh_from_db()
        assert thread.resolved_at is None
        other = builders.user("hr")
        asked = assignments.add(review=review, asked=ReviewerRequest(user=other), by=made.owner)
        assert asked
        refused = client_for(manager).post(at, {"action": "nonsense"})
        assert refused.status_code == 422

    def test_what_the_line_no_longer_has_is_readable(self, client_for, made, manager, review):
        reader = builders.reader(review, manager)
        version = made.versions.get()
        gone = line(made)
        comments.comment(reader=reader, version=version, text="About a line", line=gone.uid)
        builders.add_line(made, gone.section.uid, "Another.")
        builders.change(made, changes.RemoveLine(uid=gone.uid))
        next_round(made, review)
        page = client_for(manager).get(url(review))
        duties = section_html(page, gone.section.uid)
        assert "About lines that are gone" in duties
        assert "About a line" in duties
        assert gone.text in duties
        builders.change(made, changes.RemoveSection(uid=gone.section.uid))
        next_round(made, review)
        Reviewer.objects.update(seen=[3])
        rest = shown(client_for(manager).get(url(review)))
        assert "About a line" in rest.split("About sections that are gone")[1]

    def test_unresolved_threads_carry_over_to_the_next_review(self, client_for, made, manager):
        """For those who see the job description; others see the threads of theirs."""
        outsider = builders.user("no_group")
        first = builders.review(made, manager, outsider)
        reader = builders.reader(first, manager)
        for text in ("Still open", "Settled"):
            thread = comments.comment(
                reader=reader, version=made.versions.get(), text=text, line=line(made).uid
            )
        comments.resolve(reader=reader, thread=thread)
        builders.decision(first, manager, "approve_with_comments", "See there")
        builders.decision(first, outsider)
        author = builders.reader(first, made.owner)
        comments.reply(reader=author, thread=first.threads.all()[0], text="In the next version.")
        with pytest.raises(drafts.ActionRefused, match="has ended"):
            comments.reply(reader=reader, thread=first.threads.all()[0], text="Fine")
        reword(made, "qualifications", "Three years.")
        builders.version(made)
        review = builders.review(made, manager, outsider)
        made.hiring_managers.add(manager)
        page = client_for("manager")
        page.force_login(manager)
        text = page.get(url(review), {"show": "all"}).content.decode()
        assert "Still open" in text
        assert "In the next version." in text
        assert "Settled" not in text
        page.force_login(outsider)
        assert "Still open" not in page.get(url(review), {"show": "all"}).content.decode()

    def test_one_withdraws_ones_own_suggestion(self, client_for, made, manager, review):
        proposal = suggestions.Proposal("remove", "", line(made).uid)
        reader = builders.reader(review, manager)
        made_it = suggestions.suggest(reader=reader, version=made.versions.get(), proposal=proposal)
        at = url(review, f"threads/{made_it.thread_id}/")
        refused = client_for(made.owner).post(at, {"action": "withdraw"})
        assert refused.status_code == 422
        client_for(manager).post(at, {"action": "withdraw"})
        made_it.refresh_from_db()
        assert made_it.state == "withdrawn"


class TestDeciding:
    @pytest.fixture
    def review(self, made, manager):
        return builders.review(made, manager, builders.user("hr"))

    def test_approve(self, client_for, made, manager, review):
        client = client_for(manager)
        step = client.get(url(review, "decide/?kind=approve"))
        assert "What do you decide about version 1?" in shown(step)
        sent = {"kind": "approve", "round": 1, "nonce": nonce(step)}
        for _again in range(2):
            answer = client.post(url(review, "decide/"), sent)
            assert answer.headers["Location"] == url(review)
        assert Decision.objects.get().kind == "approve"
        words = shown(client.get(url(review)))
        assert "You approved version 1" in words
        assert "Nothing else waits for you." in words
        assert "Change your decision" in words

    def test_other_pending_reviews_are_listed(self, client_for, made, manager, review):
        other = builders.description(made.owner, title="Field engineer")
        waiting = builders.review(other, manager)
        builders.decision(review, manager)
        client = client_for(manager)
        assert "Also waiting for you: Field engineer" in shown(client.get(url(review)))
        Review.objects.filter(pk=waiting.pk).update(expires=timezone.localdate() - timedelta(1))
        assert "Nothing else waits for you" in shown(client.get(url(review)))

    def test_text_makes_it_an_approval_with_comments(self, client_for, manager, review):
        sent = {"kind": "approve", "round": 1, "text": "Well done."}
        client_for(manager).post(url(review, "decide/"), sent)
        found = Decision.objects.get()
        assert (found.kind, found.text) == ("approve_with_comments", "Well done.")

    def test_a_recorded_decision_is_not_thanked_for(self, client_for, made, manager):
        review = builders.review(made, manager, builders.user("hr"))
        decisions.record_elsewhere(
            reviewer=builders.reviewer_row(review, manager),
            round=1,
            kind="approve",
            reason="By phone",
            by=made.owner,
        )
        page = shown(client_for(manager).get(url(review)))
        assert f"{made.owner} wrote down what you decided elsewhere" in page
        assert "Thank you" not in page

    def test_changes_need_a_reason(self, client_for, manager, review):
        client = client_for(manager)
        refused = client.post(url(review, "decide/"), {"kind": "ask_for_changes", "round": 1})
        assert refused.status_code == 422
        assert "Say what should change" in shown(refused)
        sent = {"kind": "ask_for_changes", "round": 1, "text": "Shorter, please."}
        client.post(url(review, "decide/"), sent)
        assert Decision.objects.get().text == "Shorter, please."
        assert "You are asked again when there is a new version" in shown(client.get(url(review)))

    def test_a_commenter_marks_it_as_read(self, client_for, made, review):
        reader = builders.user("curator")
        assignments.add(
            review=review, asked=ReviewerRequest(user=reader, role="commenter"), by=made.owner
        )
        client = client_for(reader)
        page = shown(client.get(url(review)))
        assert "I have read it" in page
        assert "Approve with comments" not in page
        assert (
            client.post(url(review, "decide/"), {"kind": "approve", "round": 1}).status_code == 422
        )
        client.post(url(review, "decide/"), {"kind": "read", "round": 1})
        assert Decision.objects.get().kind == "read"

    def test_a_newer_round_is_shown_and_input_is_preserved(self, client_for, made, manager, review):
        client = client_for(manager)
        client.get(url(review))
        reword(made, "summary", "Shorter.")
        next_round(made, review)
        sent = {"kind": "ask_for_changes", "round": 1, "text": "My long reason."}
        answer = client.post(url(review, "decide/"), sent)
        assert answer.status_code == 409
        words = shown(answer)
        assert "Version 2 was sent meanwhile" in words
        assert "My long reason." in words
        assert "What changed since version 1" in words
        assert not Decision.objects.exists()
        assert 'name="round" value="2"' in answer.content.decode()

    def test_input_is_shown_where_one_may_no_longer_decide(self, client_for, made, manager):
        first, second = builders.user("hr"), builders.user("hr")
        review = builders.review(made, first, second, in_order=True)
        builders.decision(review, first)
        reword(made, "summary", "Shorter.")
        next_round(made, review)
        sent = {"kind": "approve_with_comments", "round": 1, "text": "My long reason."}
        answer = client_for(second).post(url(review, "decide/"), sent)
        assert answer.status_code == 409
        assert "What you typed: My long reason." in shown(answer)
        assert "Others are asked first" in shown(answer)

    def test_why_one_may_not(self, client_for, made, manager):
        helper = builders.user("hr")
        later = builders.user("hr")
        review = builders.review(made, manager, helper, later, in_order=True)
        client = client_for(later)
        assert "Others are asked first" in shown(client.get(url(review)))
        sent = {"kind": "approve", "round": 1}
        refused = client.post(url(review, "decide/"), sent)
        assert refused.status_code == 422
        assert "Others are asked first" in shown(refused)
        builders.decision(review, manager)
        change = changes.ChangeLine(uid=line(made).uid, values={"text": "Mine."})
        made.refresh_from_db()
        drafts.apply(description=made, by=helper, token=made.edit_token, changes=[change])
        next_round(made, review)
        builders.decision(review, manager)
        page = client_for(helper).get(url(review))
        assert "somebody else has to approve it. You can ask for changes." in shown(page)
        assert "Approve with comments" not in shown(page)
        refused = client_for(helper).post(url(review, "decide/"), sent | {"round": 2})
        assert refused.status_code == 422

    def test_nothing_more_is_asked(self, client_for, made, manager, review):
        builders.decision(review, manager)
        reword(made, "summary", "you look after the customers of our denver office")
        next_round(made, review)
        words = shown(client_for(manager).get(url(review)))
        assert "Nothing is asked of you now" in words

    @pytest.mark.parametrize("round", ["", "x", "99", "-1", "9" * 30])
    def test_a_round_that_is_none(self, client_for, manager, review, round):
        answer = client_for(manager).post(
            url(review, "decide/"), {"kind": "approve", "round": round}
        )
        assert answer.status_code == 422
        assert not Decision.objects.exists()


class TestDelegating:
    def test_a_colleague_takes_over(self, client_for, made, manager):
        review = builders.review(made, manager)
        colleague = builders.user("manager", first_name="Cleo", email="cleo@example.org")
        gone = builders.user("manager", is_active=False)
        client = client_for(manager)
        form = client.get(url(review, "delegate/")).content.decode()
        assert "Cleo" in form
        assert "cleo@example.org" not in form
        for nobody in (gone, manager, made.owner):
            assert f'value="{nobody.pk}"' not in form
        without = client.post(url(review, "delegate/"), {"to": colleague.pk, "reason": ""})
        assert without.status_code == 422
        assert f'value="{colleague.pk}" selected' in without.content.decode()
        refused = client.post(url(review, "delegate/"), {"to": made.owner.pk, "reason": "Away"})
        assert refused.status_code == 422
        answer = client.post(url(review, "delegate/"), {"to": colleague.pk, "reason": "Away"})
        assert answer.headers["Location"] == "/reviews/"
        assert str(builders.reviewer_row(review, colleague).replaces) == str(manager)
        assert client.get(url(review)).status_code == 404


def test_a_long_document_asks_no_more_of_the_database(
    client_for, made, manager, django_assert_max_num_queries
):
    """However many lines, comments, mentions and reviewers there are."""
    duties = made.sections.get(kind="responsibilities").uid
    for number in range(5):
        builders.add_line(made, duties, f"Duty {number} of this role.")
    review = builders.review(made, manager, *[builders.user("hr") for _ in range(4)])
    version = made.versions.get()
    for who in User.objects.filter(reviewing__review=review):
        reader = builders.reader(review, who)
        comments.comment(reader=reader, version=version, text="Yes, @mara", line=line(made).uid)
        builders.decision(review, who, "ask_for_changes", "Yes")
        review_access.record_view(reader, version)
    reword(made, "summary", "Shorter.")
    next_round(made, review)
    client = client_for(manager)
    client.get(url(review))
    with django_assert_max_num_queries(30):
        client.get(url(review))
