"""Several people at once, on either database: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roles import drafts, versions
from roles.drafts import changes
from roles.drafts.draft import Draft
from roles.models import Event, JobDescription, Line, User, Version
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12


class Author:
    """Someone who reads the draft, writes a line of it, and remembers what was acknowledged.
    Each text names the text that it was written over."""

    def __init__(self, name: str, jd: JobDescription) -> None:
        self.name = name
        self.user = builders.user("hr")
        self.jd = jd
        self.acknowledged: list[str] = []

    def write(self, uid: str, number: int, meet: threading.Barrier | None = None) -> None:
        """Read, meet the others (so that all read the same), write; stale is no loss."""
        token = JobDescription.objects.values_list("edit_token", flat=True).get(pk=self.jd.pk)
        seen = Line.objects.get(uid=uid).text.partition(" over ")[0]
        if meet is not None:
            meet.wait()
        text = f"{self.name}{number} over {seen}"
        change = changes.ChangeLine(uid, {"text": text})
        try:
            drafts.apply(description=self.jd, by=self.user, token=token, changes=[change])
        except drafts.StaleDraft:
            return
        self.acknowledged.append(text)


def lost(authors: list[Author], uids: list[str]) -> list[str]:
    """The acknowledged texts that neither stand in the draft nor were written over by someone
    who had read them."""
    every = [text for author in authors for text in author.acknowledged]
    read = Counter(text.partition(" over ")[2] for text in every)
    present = set(Line.objects.filter(uid__in=uids).values_list("text", flat=True))
    return [t for t in every if t not in present and not read[t.partition(" over ")[0]]]


def write_one_line(jd: JobDescription) -> tuple[list[Author], list[str]]:
    """Two people write the same line in many rounds, each time having read the same text."""
    uids = [Line.objects.filter(description=jd).order_by("pk")[0].uid]
    authors = [Author(name, jd) for name in "ab"]
    for number in range(ROUNDS):
        meet = threading.Barrier(2)
        outcomes = at_once(
            *(lambda a=author, m=meet, n=number: a.write(uids[0], n, m) for author in authors)
        )
        assert outcomes == [None, None]
    return authors, uids


@pytest.mark.slow
def test_concurrent_edits_of_one_line_lose_nothing() -> None:
    """In each round exactly one of two learns that the line was changed since."""
    authors, uids = write_one_line(builders.description())
    assert lost(authors, uids) == []
    assert sum(len(author.acknowledged) for author in authors) == ROUNDS


@pytest.mark.slow
def test_without_the_comparison_of_tokens_writes_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the test before would notice."""
    monkeypatch.setattr(Draft, "is_stale", lambda *_: False)
    monkeypatch.setattr(Draft, "compare_token", lambda *_: None)
    authors, uids = write_one_line(builders.description())
    assert len(lost(authors, uids)) == ROUNDS


@pytest.mark.slow
def test_concurrent_edits_of_different_lines_never_conflict() -> None:
    """Every write is acknowledged, and the last one of each line is stored."""
    jd = builders.description()
    uids = [line.uid for line in Line.objects.order_by("pk")[:2]]
    authors = [Author(name, jd) for name in "ab"]

    def work(author: Author, uid: str) -> None:
        for number in range(ROUNDS):
            author.write(uid, number)

    outcomes = at_once(*(lambda p=pair: work(*p) for pair in zip(authors, uids, strict=True)))
    assert outcomes == [None, None]
    assert [len(author.acknowledged) for author in authors] == [ROUNDS, ROUNDS]
    assert lost(authors, uids) == []
    jd.refresh_from_db()
    events = Event.objects.filter(chain=jd.reference, verb="draft.changed")
    tokens = [event.what["token"] for event in events.order_by("number")]
    assert tokens == list(range(1, jd.edit_token + 1))
    assert not list(Event.objects.broken())


@pytest.mark.slow
def test_concurrently_added_lines_are_all_saved() -> None:
    """Each has its own place."""
    jd = builders.description()
    uid = jd.sections.get(kind="responsibilities").uid

    def add(name: str) -> None:
        for number in range(6):
            change = changes.AddLine(uid, {"text": f"{name}{number}"})
            drafts.apply(description=jd, by=jd.owner, token=0, changes=[change])

    assert at_once(lambda: add("a"), lambda: add("b"), lambda: add("c")) == [None] * 3
    rows = list(jd.lines.filter(section__uid=uid).order_by("position"))
    assert len(rows) == 1 + 18
    assert len({row.position for row in rows}) == 19


@pytest.mark.slow
def test_concurrent_versions_have_consecutive_unique_numbers() -> None:
    """Both may save the same draft; each gets its own number."""
    jd = builders.description()

    def save() -> int:
        return versions.save(description=jd, by=jd.owner, token=jd.edit_token).number

    numbers = [n for _ in range(6) for n in at_once(save, save)]
    assert sorted(numbers) == list(range(1, 13))
    assert not list(Event.objects.broken())


@pytest.mark.slow
def test_version_never_contains_half_of_an_action() -> None:
    """Saving while someone writes two lines in one action: both or neither are in the version,
    and the version saves only what its page had seen."""
    jd = builders.description()
    first, second = jd.lines.order_by("pk")[:2]

    def write(number: int) -> None:
        requested = [
            changes.ChangeLine(row.uid, {"text": f"Round {number}"}) for row in (first, second)
        ]
        current = JobDescription.objects.get(pk=jd.pk)
        drafts.apply(description=jd, by=jd.owner, token=current.edit_token, changes=requested)

    def save() -> Version | None:
        now = JobDescription.objects.get(pk=jd.pk)
        try:
            return versions.save(description=jd, by=jd.owner, token=now.edit_token)
        except drafts.StaleDraft:
            return None

    for number in range(8):
        outcomes = at_once(partial(write, number), save)
        assert outcomes[0] is None
        assert outcomes[1] is None or isinstance(outcomes[1], Version)
    for version in Version.objects.all():
        texts = {ln.uid: ln.text for s in version.document.sections for ln in s.lines}
        pair = {texts[first.uid], texts[second.uid]}
        assert len(pair) == 1 or pair == {first.text, second.text}


def test_concurrent_starts_have_unique_references() -> None:
    """Without a gap."""
    family, owner = builders.family(), builders.user()

    def start() -> list[str]:
        return [drafts.start(by=owner, title="Clerk", family=family).reference for _ in range(3)]

    outcomes = at_once(start, start, start, start)
    references = sorted(reference for outcome in outcomes for reference in outcome)
    assert references == [f"ACC-{number:04}" for number in range(1, 13)]
    assert not list(Event.objects.broken())


def test_concurrent_actions_keep_one_chain() -> None:
    """Writing, saving and renaming one job description at once."""
    jd = builders.description()
    uid = jd.sections.get(kind="summary").uid

    def add() -> None:
        for number in range(5):
            change = changes.AddLine(uid, {"text": f"Line {number}"})
            drafts.apply(description=jd, by=jd.owner, token=0, changes=[change])

    def rename() -> None:
        for number in range(5):
            now = JobDescription.objects.get(pk=jd.pk)
            change = changes.ChangeFacts({"title": f"Clerk {number}"})
            drafts.apply(description=jd, by=jd.owner, token=now.edit_token, changes=[change])

    def save() -> None:
        for _ in range(5):
            now = JobDescription.objects.get(pk=jd.pk)
            try:
                versions.save(description=jd, by=jd.owner, token=now.edit_token)
            except drafts.StaleDraft:
                continue

    assert at_once(add, rename, save) == [None] * 3
    assert not list(Event.objects.broken())
    numbers = list(jd.versions.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    jd.refresh_from_db()
    assert jd.title == "Clerk 4"
    assert jd.lines.filter(section__uid=uid).count() == 6


# --- the same form sent four times at once


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send_four_times(user: User, url: str, data: dict[str, Any]) -> list[Any]:
    """Status and address of four answers to one form, sent by four threads."""
    clients = [client_of(user) for _ in range(4)]

    def send(client: Client) -> Any:
        response = client.post(url, data)
        return response.status_code, response.headers.get("Location")

    return at_once(*(lambda c=client: send(c) for client in clients))


def test_start_posted_four_times_creates_one_draft() -> None:
    """All four are led to it."""
    data = {"title": "Account manager", "source": "blank", "nonce": "n1"}
    answers = send_four_times(builders.user(), reverse("description_new"), data)
    assert answers == [(302, "/descriptions/JD-0001/edit/details/")] * 4
    assert JobDescription.objects.count() == 1


def test_line_posted_four_times_is_added_once() -> None:
    """All four are led on."""
    jd = builders.description()
    uid = jd.sections.get(kind="responsibilities").uid
    url = reverse("wizard_step", args=[jd.reference, "responsibilities"])
    data = {"action": "next", "nonce": "n1", "token": jd.edit_token, f"new-{uid}-text": "Once"}
    answers = send_four_times(jd.owner, url, data)
    leads_to = reverse("wizard_step", args=[jd.reference, "qualifications"])
    assert answers == [(302, leads_to)] * 4
    assert jd.lines.filter(text="Once").count() == 1


def test_version_posted_four_times_is_saved_once() -> None:
    """All four are led to it."""
    jd = builders.description()
    url = reverse("wizard_step", args=[jd.reference, "finish"])
    data = {"action": "version", "nonce": "n1", "token": jd.edit_token, "note": "As agreed"}
    answers = send_four_times(jd.owner, url, data)
    assert answers == [(302, reverse("version", args=[jd.reference, 1]))] * 4
    assert Version.objects.count() == 1
