"""The search in the header: job descriptions, snippets and templates that one can see."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from roles.models import JobDescription
from roles.versions import effective_periods
from tests import builders
from tests.html import find, words

pytestmark = pytest.mark.django_db

ADDRESS = "/search/"


@pytest.fixture
def jd() -> JobDescription:
    """Current, with a public line, and a restricted one; the draft has another line."""
    jd = builders.description(title="Respiratory therapist")
    builders.add_line(jd, jd.sections.all()[0].uid, "Maintain ventilators")
    secret = builders.add_section(jd, "pay", "Pay")
    builders.add_line(jd, secret, "Bonus for polygraphs")
    version = builders.approved(builders.version(jd))
    effective_periods.make_effective(version=version, since=timezone.localdate(), by=jd.owner)
    builders.add_line(jd, jd.sections.all()[0].uid, "Try spirometers")
    return JobDescription.objects.get(pk=jd.pk)


def headings(response: Any) -> list[str]:
    return [words(one) for one in find(response, "h2")]


def test_says_what_each_group_is(client_for: Any, jd: JobDescription) -> None:
    builders.snippet("Maintain ventilators of each ward.")
    builders.template("Ventilator technician")  # with a snippet
    response = client_for("hr").get(ADDRESS, {"q": "ventilator"})
    assert headings(response) == ["Job descriptions 1", "Snippets 2", "Templates 1"]
    assert [words(passage) for passage in find(response, class_="passage")] == [
        "Maintain ventilators"
    ]
    assert "/library/?q=ventilator" in response.text
    assert "/descriptions/?q=ventilator" in response.text


@pytest.mark.parametrize(
    ("who", "groups"),
    [
        ("curator", ["Job descriptions 1", "Snippets 2", "Templates 1"]),
        ("employee", ["Job descriptions 1"]),
        ("admin", ["Job descriptions 1", "Snippets 2", "Templates 1"]),
    ],
)
def test_what_each_person_searches(
    client_for: Any, jd: JobDescription, who: str, groups: list[str]
) -> None:
    builders.snippet("Maintain ventilators of each ward.")
    builders.template("Ventilator technician")  # with a snippet
    assert headings(client_for(who).get(ADDRESS, {"q": "ventilators"})) == groups


# A query, and who finds something with it: words of a restricted section, and of the draft.
@pytest.mark.parametrize(
    ("query", "who", "is_found"),
    [
        ("polygraphs", "owner", True),
        ("polygraphs", "employee", False),
        ("polygraphs", "curator", False),
        ("polygraphs", "manager", False),
        ("spirometers", "owner", True),
        ("spirometers", "employee", False),
        ("ventilators", "employee", True),
        ("ventilatros", "employee", True),
        ("polygrahps", "owner", True),
        ("polygrahps", "employee", False),
    ],
)
def test_searches_reveal_only_what_one_can_read(
    client_for: Any, jd: JobDescription, query: str, who: str, is_found: bool
) -> None:
    """A typing error doesn't tell that hidden words exist, either."""
    response = client_for(jd.owner if who == "owner" else who).get(ADDRESS, {"q": query})
    assert (jd.reference in response.text) == is_found
    assert bool(find(response, class_="passage")) == is_found
    assert ("Showing results for" in response.text) == (
        is_found and query.endswith(("tros", "hps"))
    )


@pytest.mark.parametrize("hidden", ["confidential", "department"])
def test_hidden_job_descriptions(client_for: Any, jd: JobDescription, hidden: str) -> None:
    other = builders.user("hr")
    if hidden == "department":
        other.departments.add(builders.department("Elsewhere"))
        JobDescription.objects.filter(pk=jd.pk).update(department=builders.department())
    else:
        JobDescription.objects.filter(pk=jd.pk).update(confidential=True)
    for query in ("ventilators", "ventilatros", jd.reference, "respiratory"):
        response = client_for(other).get(ADDRESS, {"q": query})
        assert "Respiratory" not in response.text
        assert "Maintain" not in response.text
        assert not headings(response) or headings(response) == ["No matches"]
        assert jd.title in client_for(jd.owner).get(ADDRESS, {"q": query}).text


@pytest.mark.parametrize("query", ["", " ", "\x00", "x" * 500, '"', "%", "…"])
def test_any_query_is_answered(client_for: Any, query: str) -> None:
    client = client_for("hr")
    assert client.get(ADDRESS, {"q": query}).status_code == 200
    assert client.get(f"{ADDRESS}?q=%ff%ed%b3%bf").status_code == 200


def test_titles_come_first_then_phrases(client_for: Any) -> None:
    client = client_for("hr")
    for title, line in (
        ("Nurse", "Plan the care of a patient"),
        ("Clerk", "Write a care plan"),
        ("Care plan manager", "Answer calls"),
    ):
        jd = builders.description(client.user, title=title)
        builders.add_line(jd, jd.sections.all()[0].uid, line)
    response = client.get(ADDRESS, {"q": "care plan"})
    shown = [words(link) for link in find(find(response, "ul", class_="found")[0], "a")]
    assert shown == ["Care plan manager", "Clerk", "Nurse"]
