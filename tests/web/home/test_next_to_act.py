"""Who is next in a review: the same answer on the home page, in the lists of
reviews and of job descriptions, and on the page of the job description."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from roles.comparison import approval_hashes
from roles.models import JobDescription, Review, Reviewer, User
from roles.people import erasure
from roles.reviews import assignments, requests
from roles.reviews.assignments import ReviewerRequest
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
KIM, LEE = "kim@example.org", "lee@example.org"
DANA = ReviewerRequest(email="dana@example.org", role="commenter")


@dataclass
class Case:
    """A review of Olive's job description after some steps, and what Olive and Lou, a colleague
    from HR, are told about it."""

    reviewers: list[ReviewerRequest | str]
    steps: Callable[[Review], object]
    author: str
    colleague: str
    options: dict[str, object] = field(default_factory=dict)


def decide(who: str, kind: str = "approve") -> Callable[[Review], object]:
    return lambda review: builders.decision(review, who, kind, "Because")


def nothing(review: Review) -> None:
    """No step."""


def both(*steps: Callable[[Review], object]) -> Callable[[Review], object]:
    return lambda review: [step(review) for step in steps]


def next_round_with_a_new_section(review: Review) -> None:
    jd = review.description
    builders.add_section(jd, "benefits", "Benefits", "A gym")
    requests.next_round(review=review, version=builders.version(jd), by=jd.owner)


def make_overdue(review: Review) -> None:
    Review.objects.update(due=timezone.localdate() - timedelta(days=1))


def expire(review: Review) -> None:
    Review.objects.update(expires=timezone.localdate() - timedelta(days=1))


def erase_kim(review: Review) -> None:
    erasure.erase(account=builders.user("no_group", email=KIM, is_active=False), by=None)


def remove_kim(review: Review) -> None:
    row = builders.reviewer_row(review, KIM)
    assignments.remove(reviewer=row, reason="Away", by=review.requested_by)


CHANGES = ("Needs your changes", "Awaiting changes by Olive")
AUTHOR = ("Needs your attention", "Awaiting Olive (author)")


def awaiting(name: str) -> tuple[str, str]:
    return (f"Awaiting {name}", f"Awaiting {name}")


CASES = {
    "one approver pending": Case([KIM], nothing, *awaiting(KIM)),
    "two approvers pending": Case([KIM, LEE], nothing, *awaiting(f"{KIM}, {LEE}")),
    "approver and commenter pending": Case([KIM, DANA], nothing, *awaiting(KIM)),
    "commenter first, approver pending": Case([DANA, KIM], nothing, *awaiting(KIM)),
    "commenter done, approver pending": Case(
        [KIM, DANA], decide("dana@example.org", "read"), *awaiting(KIM)
    ),
    "approver asked for changes, only a commenter is outstanding": Case(
        [KIM, DANA], decide(KIM, "ask_for_changes"), *CHANGES
    ),
    "only approver asked for changes": Case([KIM], decide(KIM, "ask_for_changes"), *CHANGES),
    "one approver asked for changes, the other is pending": Case(
        [KIM, LEE], decide(KIM, "ask_for_changes"), *awaiting(LEE)
    ),
    "one asked for changes, the other approved": Case(
        [KIM, LEE], both(decide(KIM, "ask_for_changes"), decide(LEE)), *CHANGES
    ),
    "commenter asked for changes, approver is pending": Case(
        [KIM, DANA], decide("dana@example.org", "ask_for_changes"), *awaiting(KIM)
    ),
    "first of ordered approvers pending": Case(
        [KIM, LEE], nothing, *awaiting(KIM), {"in_order": True}
    ),
    "second of ordered approvers pending": Case(
        [KIM, LEE], decide(KIM), *awaiting(LEE), {"in_order": True}
    ),
    "first of ordered approvers asked for changes": Case(
        [KIM, LEE], decide(KIM, "ask_for_changes"), *CHANGES, {"in_order": True}
    ),
    "ordered, commenter before the approver": Case(
        [DANA, KIM], nothing, *awaiting(KIM), {"in_order": True}
    ),
    "approver asked for changes and was removed": Case(
        [KIM, LEE], both(decide(KIM, "ask_for_changes"), remove_kim), *awaiting(LEE)
    ),
    "pending approver without an address": Case([KIM], erase_kim, *AUTHOR),
    "overdue": Case([KIM], make_overdue, *awaiting(KIM)),
    "expired": Case([KIM], expire, *AUTHOR),
    "expired, only a commenter pending": Case(
        [KIM, DANA], both(decide(KIM, "ask_for_changes"), expire), *CHANGES
    ),
    "next round with a new section": Case([KIM], next_round_with_a_new_section, *awaiting(KIM)),
}


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def pending_texts(client, url: str) -> list[str]:
    """Returns what the page says is pending, without since when."""
    pattern = re.compile(r'<span class="pending(?: is-yours)?">(.*?)</span>', re.DOTALL)
    found = pattern.findall(client.get(url).text)
    return [re.sub(r" \((since|for) [^)]*\)$", "", plain(text)) for text in found]


def make(case: Case) -> JobDescription:
    owner = builders.user("hr", first_name="Olive")
    jd = builders.description(owner, "Account manager")
    review = builders.review(jd, *case.reviewers, **case.options)
    case.steps(review)
    return jd


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_page_says_who_is_next(case: Case, client_for) -> None:
    jd = make(case)
    author, colleague = client_for(jd.owner), client_for("hr")
    is_author_next = case.author in ("Needs your changes", "Needs your attention")
    for url in ("/reviews/", "/descriptions/", jd.get_absolute_url()):
        assert pending_texts(author, url)[:1] == [case.author], url
        assert pending_texts(colleague, url)[:1] == [case.colleague], url
    assert set(pending_texts(author, "/")) == {case.author}
    assert bool(pending_texts(author, "/reviews/?show=waiting")) is is_author_next
    assert bool(pending_texts(author, "/descriptions/?waiting=me")) is is_author_next
    assert bool(pending_texts(colleague, "/descriptions/?waiting=author")) is is_author_next
    assert not pending_texts(colleague, "/reviews/?show=waiting")


def test_all_approved_but_a_blank_awaits_the_author(client_for) -> None:
    jd = builders.description(builders.user("hr", first_name="Olive"), "Account manager")
    builders.add_line(jd, jd.sections.get(kind="qualifications").uid, "[X] years of sales")
    review = builders.review(jd, KIM, DANA)
    builders.decision(review, KIM)
    assert pending_texts(client_for(jd.owner), "/reviews/") == ["Needs your attention"]


@pytest.mark.both_databases
def test_a_section_without_an_approver_awaits_the_author(client_for) -> None:
    jd = builders.description(builders.user("hr", first_name="Olive"), "Account manager")
    keys = section_keys(jd)
    review = builders.review(jd, ReviewerRequest(email=KIM, sections=keys), DANA)
    builders.decision(review, KIM)
    assert not Review.objects.open().exists()
    builders.add_section(jd, "benefits", "Benefits", "A gym")
    builders.version(jd)
    review = builders.review(jd, LEE)
    Reviewer.objects.filter(email=LEE).update(sections=list(keys))
    assignments.remind(reviewer=builders.reviewer_row(review, LEE), by=jd.owner)
    builders.decision(review, LEE)
    assert pending_texts(client_for(jd.owner), "/reviews/") == ["Needs your attention"]


def section_keys(jd: JobDescription) -> tuple[str, ...]:
    return tuple(approval_hashes.section_hashes(builders.version(jd).document))


def account(kind: str, **values: object) -> User:
    return builders.user(kind, **values)


def test_a_deactivated_approver_awaits_the_author(client_for) -> None:
    jd = builders.description(account("hr", first_name="Olive"), "Account manager")
    tom = account("manager")
    builders.review(jd, tom, DANA)
    User.objects.filter(pk=tom.pk).update(is_active=False)
    assert pending_texts(client_for(jd.owner), "/reviews/") == ["Needs your attention"]


def test_an_approver_who_worked_on_the_new_version_awaits_the_author(client_for) -> None:
    jd = builders.description(account("hr", first_name="Olive"), "Account manager")
    tom = account("hr")
    review = builders.review(jd, tom)
    builders.add_line(jd, jd.sections.get(kind="summary").uid, "You sell.", by=tom)
    version = builders.version(jd)
    requests.next_round(review=review, version=version, by=jd.owner)
    assert pending_texts(client_for(jd.owner), "/reviews/") == ["Needs your attention"]


def test_an_author_who_also_comments_is_the_author_first(client_for) -> None:
    jd = builders.description(account("hr", first_name="Olive"), "Account manager")
    review = builders.review(jd, KIM, ReviewerRequest(user=jd.owner, role="commenter"))
    author = client_for(jd.owner)
    assert pending_texts(author, "/reviews/") == ["Needs review by you and 1 other"]
    builders.decision(review, KIM, "ask_for_changes", "No")
    assert pending_texts(author, "/reviews/") == ["Needs your changes"]


def test_a_commenter_without_approvers_to_wait_for_is_still_asked(client_for) -> None:
    jd = builders.description(account("hr", first_name="Olive"), "Account manager")
    dana = account("no_group")
    review = builders.review(jd, KIM, ReviewerRequest(user=dana, role="commenter"))
    builders.decision(review, KIM, "ask_for_changes", "No")
    client = client_for(dana)
    assert pending_texts(client, "/reviews/?show=waiting") == ["Needs your review"]


def test_a_reviewer_who_decided_learns_that_the_author_is_next(client_for) -> None:
    jd = builders.description(account("hr", first_name="Olive"), "Account manager")
    tom = account("no_group")
    review = builders.review(jd, tom, DANA)
    builders.decision(review, tom, "ask_for_changes", "No")
    assert pending_texts(client_for(tom), "/reviews/") == ["Awaiting the author"]
