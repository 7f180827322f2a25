"""The note about who else is editing a draft."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roles.models import DraftPresence, JobDescription, User
from tests import builders, pages

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def jd() -> JobDescription:
    return builders.description(builders.user("hr", first_name="Ann", last_name="Lee"))


@pytest.fixture
def robin() -> User:
    return builders.user("hr", first_name="Robin", last_name="Hale")


def poll(client: Any, jd: JobDescription, step: str = "responsibilities", section: str = "") -> Any:
    url = reverse("wizard_presence", args=[jd.reference, step])
    return client.get(url, {"section": section})


def open_step(client: Any, jd: JobDescription, step: str = "responsibilities") -> Any:
    return client.get(reverse("wizard_step", args=[jd.reference, step]))


def notes(response: Any) -> list[str]:
    """The sentences of the note, in a page or alone."""
    found = re.search(r'id="presence".*?>(.*?)</div>', response.text, re.S)
    words = re.findall(r"<p>(.*?)</p>", found[1] if found else response.text, re.S)
    return [re.sub(r"<svg.*?</svg>|<[^>]+>", "", text, flags=re.S).strip() for text in words]


def test_first_page_says_who_else_is_there(
    client_for: Any, jd: JobDescription, robin: User
) -> None:
    """Without JavaScript too."""
    ann, robins = client_for(jd.owner), client_for(robin)
    assert notes(open_step(robins, jd)) == []
    assert notes(open_step(ann, jd, "pay")) == ["Robin Hale is editing: Responsibilities"]
    assert notes(open_step(robins, jd)) == ["Ann Lee is editing: Pay and benefits"]


@pytest.mark.both_databases
def test_poll_says_in_which_section(client_for: Any, jd: JobDescription, robin: User) -> None:
    ann, robins = client_for(jd.owner), client_for(robin)
    section = jd.sections.get(kind="responsibilities")
    section.heading = "What you’ll do & <decide>"
    section.save()
    poll(robins, jd, section=section.uid)
    assert notes(poll(ann, jd)) == ["Robin Hale is editing: What you’ll do &amp; &lt;decide&gt;"]
    section.delete()
    assert notes(poll(ann, jd)) == ["Robin Hale is editing: Responsibilities"]


@pytest.mark.parametrize("section", ["no such", "x" * 5000, "\x00", "<b>", "unknown"])
def test_a_section_that_does_not_exist(
    client_for: Any, jd: JobDescription, robin: User, section: str
) -> None:
    assert poll(client_for(robin), jd, section=section).status_code == 200
    assert notes(poll(client_for(jd.owner), jd)) == ["Robin Hale is editing: Responsibilities"]


def test_a_section_of_another_draft_is_not_named(
    client_for: Any, jd: JobDescription, robin: User
) -> None:
    other = builders.description(confidential=True)
    section = builders.add_section(other, "other", "Secret plan")
    poll(client_for(robin), jd, section=section)
    assert notes(poll(client_for(jd.owner), jd)) == ["Robin Hale is editing: Responsibilities"]


def test_unknown_step(client_for: Any, jd: JobDescription) -> None:
    assert poll(client_for(jd.owner), jd, step="nowhere").status_code == 404
    assert not DraftPresence.objects.exists()


@pytest.mark.parametrize(("count", "more"), [(3, []), (4, ["1 more person is editing."])])
def test_many_people(client_for: Any, jd: JobDescription, count: int, more: list[str]) -> None:
    for number in range(count):
        poll(client_for(builders.user("hr", first_name=f"Person {number}")), jd)
    found = notes(poll(client_for(jd.owner), jd))
    assert found == [f"Person {n} is editing: Responsibilities" for n in range(3)] + more


def test_number_of_queries_does_not_depend_on_people(client_for: Any, jd: JobDescription) -> None:
    section = jd.sections.get(kind="responsibilities").uid

    def count() -> int:
        poll(client_for(builders.user("hr")), jd, section=section)
        with CaptureQueriesContext(connection) as captured:
            poll(ann, jd)
        return len(captured)

    ann = client_for(jd.owner)
    poll(ann, jd)
    assert [count() for _ in range(4)] == [count()] * 4


@pytest.mark.both_databases
@pytest.mark.parametrize(("who", "status"), [("manager", 404), ("named", 403), ("anonymous", 302)])
def test_only_people_who_can_edit_see_it_and_are_seen(
    client_for: Any, jd: JobDescription, who: str, status: int
) -> None:
    poll(client_for(jd.owner), jd)
    other = client_for("manager" if who == "named" else who)
    if who == "named":
        jd.hiring_managers.add(other.user)
    response = poll(other, jd)
    assert response.status_code == status
    assert "Ann" not in response.text
    assert DraftPresence.objects.count() == 1


def test_who_loses_access_disappears(client_for: Any, jd: JobDescription, robin: User) -> None:
    """The draft becomes confidential: the polls are refused, and a minute later Robin is gone."""
    robins, ann = client_for(robin), client_for(jd.owner)
    poll(robins, jd)
    JobDescription.objects.filter(pk=jd.pk).update(confidential=True)
    assert poll(robins, jd).status_code == 404
    for row in DraftPresence.objects.all():
        row.seen_at -= timedelta(seconds=61)
        row.save()
    assert poll(robins, jd).status_code == 404
    assert notes(poll(ann, jd)) == []


def test_a_save_without_javascript_shows_it_too(
    client_for: Any, jd: JobDescription, robin: User
) -> None:
    poll(client_for(robin), jd, "summary")
    ann = client_for(jd.owner)
    page = pages.open_page(ann, reverse("wizard_step", args=[jd.reference, "responsibilities"]))
    response = ann.post(page.url, page.data | {"action": "save"}, follow=True)
    assert notes(response) == ["Robin Hale is editing: Summary"]
