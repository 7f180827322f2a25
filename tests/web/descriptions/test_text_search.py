"""Words of the text find job descriptions, in the list and in the catalog."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from roles import drafts, versions
from roles.drafts import changes, undo
from roles.models import DraftText, JobDescription
from roles.versions import effective_periods
from tests import builders
from tests.html import find, words

pytestmark = pytest.mark.django_db

LIST, CATALOG = "/descriptions/", "/catalog/"


@pytest.fixture
def jd() -> JobDescription:
    """One with a line that all can read, one in a restricted section, and a placeholder."""
    jd = builders.description()
    builders.add_line(jd, jd.sections.all()[0].uid, "Maintain ventilators for [ward]")
    secret = builders.add_section(jd, "pay", "Pay")
    builders.add_line(jd, secret, "Bonus for polygraphs")
    builders.change(jd, changes.AnswerPlaceholder("ward", "Cardiology"))
    return jd


def passages(client: Any, place: str, query: str) -> list[str]:
    return [words(passage) for passage in find(client.get(place, {"q": query}), class_="passage")]


@pytest.mark.slow
def test_the_list_finds_the_text_of_the_draft(jd: JobDescription, client_for: Any) -> None:
    client = client_for(jd.owner)
    assert passages(client, LIST, "ventilator") == ["Maintain ventilators for [ward]"]
    [mark] = find(client.get(LIST, {"q": "ventilator"}), "mark")
    assert words(mark) == "ventilators"
    assert passages(client, LIST, "cardiology") == ["Cardiology"]
    assert passages(client, LIST, "polygraph") == ["Bonus for polygraphs"]
    assert passages(client, LIST, f"{jd.reference} ventilators")
    assert not passages(client, LIST, "spirometers")
    assert "ventilators" not in client.get(LIST).text


def test_passage_of_a_paragraph_has_no_marks_of_formatting(
    jd: JobDescription, client_for: Any
) -> None:
    summary = builders.add_section(jd, "summary", "Summary")
    text = "Read [the **spirometer** guide](https://example.org/g)."
    builders.add_line(jd, summary, text, form="paragraph")
    found = passages(client_for(jd.owner), LIST, "spirometer")
    assert found == ["Read the spirometer guide (https://example.org/g)."]


# What people search for, the text that has it, and a text that hasn't.
QUERIES = {
    "British spelling": ("organise", "Organize the archive", "Archive the organs"),
    "British noun": ("programme", "Lead the mentor program", "Lead the promenade"),
    "hyphen": ("e-mail", "Answer each email", "Mail the evening paper"),
    "one word": ("followup", "Do the follow-up", "Follow the rules, up to a point"),
    "letter with a stroke": ("Orsted", "Visit Ørsted", "Visit Odense"),
    "Turkish letters": ("isik", "Visit Işık", "Visit Istanbul"),
    "sharp s": ("strasse", "Visit Lange Straße", "Visit Strasbourg"),
    "Chinese": ("管理", "客户管理经理", "客户经理"),
    "C#": ("C#", "Write C# each day", "Call each customer, count cash, know C"),
    "C++": ("C++", "Write C++ each day", "Write C# and C"),
    ".NET": (".NET", "Write .NET services", "Raise net income"),
}


@pytest.mark.both_databases
@pytest.mark.parametrize(("query", "text", "other"), QUERIES.values(), ids=QUERIES)
def test_what_people_type_finds_the_text(
    client_for: Any, query: str, text: str, other: str
) -> None:
    client = client_for("hr")
    jd, without = builders.description(client.user), builders.description(client.user)
    for made, added in ((jd, text), (without, other)):
        builders.add_line(made, made.sections.all()[1].uid, added)
    response = client.get(LIST, {"q": query})
    assert [words(passage) for passage in find(response, class_="passage")] == [text]
    assert jd.reference in response.text
    assert without.reference not in response.text


def test_a_word_of_the_title_shows_no_passage(jd: JobDescription, client_for: Any) -> None:
    response = client_for(jd.owner).get(LIST, {"q": jd.title})
    assert jd.reference in response.text
    assert not find(response, class_="passage")


def test_only_what_the_person_can_see(jd: JobDescription, client_for: Any) -> None:
    JobDescription.objects.filter(pk=jd.pk).update(confidential=True)
    assert passages(client_for(jd.owner), LIST, "ventilators")
    other = client_for("hr").get(LIST, {"q": "ventilators"})
    assert jd.reference not in other.text
    assert "Maintain" not in other.text


def test_each_change_is_found_at_once(jd: JobDescription) -> None:
    """Reworded, undone, removed."""
    line = jd.lines.get(text__contains="ventilators")
    token = JobDescription.objects.get(pk=jd.pk).edit_token
    builders.change(jd, changes.ChangeLine(line.uid, {"text": "Maintain dialyzers"}), token=token)

    def found(query: str) -> bool:
        return JobDescription.objects.all().matching(query).filter(pk=jd.pk).exists()

    assert found("dialyzer")
    assert not found("ventilator")
    jd.refresh_from_db()
    undo.undo(description=jd, by=jd.owner)
    assert found("ventilator")
    jd.refresh_from_db()
    builders.change(jd, changes.RemoveLine(line.uid), token=jd.edit_token)
    assert not found("ventilator")
    assert DraftText.objects.filter(description=jd).count() == 1


def test_a_copy_and_a_restored_version_are_found(jd: JobDescription) -> None:
    version = builders.version(jd)
    copy = drafts.start(by=jd.owner, title="Copied", copy_of=version.document)
    assert "ventil" in copy.draft_text.search_text
    jd.refresh_from_db()
    line = jd.lines.get(text__contains="ventilators")
    builders.change(jd, changes.RemoveLine(line.uid), token=jd.edit_token)
    jd.refresh_from_db()
    versions.restore(description=jd, version=version, by=jd.owner, token=jd.edit_token)
    assert "ventil" in DraftText.objects.get(description=jd).search_text


def test_the_catalog_finds_what_employees_can_read(jd: JobDescription, client_for: Any) -> None:
    version = builders.approved(builders.version(jd))
    effective_periods.make_effective(version=version, since=timezone.localdate(), by=jd.owner)
    builders.add_line(jd, jd.sections.all()[0].uid, "Only in the draft, about spirometers")
    client = client_for("employee")
    assert passages(client, CATALOG, "ventilator") == ["Maintain ventilators for Cardiology"]
    for query in ("polygraphs", "spirometers"):
        assert jd.reference not in client.get(CATALOG, {"q": query}).text


@pytest.mark.parametrize("place", [LIST, CATALOG])
def test_a_typing_error_is_forgiven(jd: JobDescription, client_for: Any, place: str) -> None:
    version = builders.approved(builders.version(jd))
    effective_periods.make_effective(version=version, since=timezone.localdate(), by=jd.owner)
    response = client_for(jd.owner).get(place, {"q": "ventilatros"})
    assert "Showing results for “ventilators”" in response.text
    assert [words(one) for one in find(response, "mark")] == ["ventilators"]
    assert "Showing results" not in client_for(jd.owner).get(place, {"q": "ventilators"}).text


def test_the_best_matches_come_first(client_for: Any) -> None:
    """Titles, then phrases, unless another order is chosen."""
    client = client_for("hr")
    for title, line in (
        ("Care plan manager", "Answer calls"),
        ("Clerk", "Write a care plan"),
        ("Nurse", "Plan the care of a patient"),
    ):
        jd = builders.description(client.user, title=title)
        builders.add_line(jd, jd.sections.all()[0].uid, line)

    def shown(**sort: str) -> list[str]:
        response = client.get(LIST, {"q": "care plan", **sort})
        return [row.title for row in response.context["page"]]

    assert shown() == ["Care plan manager", "Clerk", "Nurse"]
    assert shown(sort="best") == shown()
    assert shown(sort="-changed") == ["Nurse", "Clerk", "Care plan manager"]
