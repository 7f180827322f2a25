"""Tests of the library's actions."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from roles import library, search_query
from roles.models import Event, Snippet, SnippetRevision, Template, TemplateLine, TemplateSection
from roles.search.snippet_search import SnippetSearch
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def last_event() -> Event:
    return Event.objects.latest("pk")


# --- add


def test_add_creates_the_first_revision_and_an_event() -> None:
    curator = builders.user("curator")
    family, level = builders.family(), builders.level()
    snippet = library.add(
        kind="skill",
        text="  Active\n listening ",
        detail="Hears the need behind a request.\r\nAnd checks.",
        category="interpersonal",
        families=[family],
        levels=[level],
        by=curator,
    )
    snippet.refresh_from_db()
    assert (snippet.text, snippet.status, snippet.edited) == ("Active listening", "active", True)
    assert snippet.detail == "Hears the need behind a request.\nAnd checks."
    assert list(snippet.families.all()) == [family]
    assert list(snippet.levels.all()) == [level]
    revision = snippet.revisions.get()
    assert (revision.number, revision.text, revision.author) == (1, snippet.text, curator)
    event = last_event()
    assert (event.verb, event.actor, event.about_id) == (
        "snippet.added",
        curator.username,
        snippet.pk,
    )


def test_search_finds_any_form_of_the_words() -> None:
    snippet = builders.snippet("Negotiate renewals with larger customers.")
    assert list(Snippet.objects.all().matching("renewing customer")) == [snippet]
    assert not Snippet.objects.all().matching("renewing suppliers")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("text", {"text": "   "}),
        ("text", {"text": "x" * 2001}),
        ("text", {"text": "a\x00b"}),
        ("text", {"text": "a\ud800b"}),
        ("detail", {"detail": "x" * 2001}),
        ("category", {"category": "interpersonal"}),
        ("category", {"category": "nonsense"}),
        ("kind", {"kind": "nonsense"}),
        ("status", {"status": "nonsense"}),
    ],
)
def test_add_reports_errors_by_field(field: str, values: dict[str, Any]) -> None:
    wanted = {"kind": "responsibility", "text": "Plan the week.", **values}
    with pytest.raises(ValidationError) as caught:
        library.add(by=builders.user("curator"), **wanted)
    assert field in caught.value.message_dict
    assert not Snippet.objects.exists()
    assert not Event.objects.filter(verb__startswith="snippet").exists()


def test_length_limit_depends_on_the_kind() -> None:
    assert builders.snippet("x" * 2000, "qualification").pk
    assert builders.snippet("x" * 10_000, "boilerplate").pk
    with pytest.raises(ValidationError):
        builders.snippet("x" * 10_001, "boilerplate")


# --- revise


def test_revise_keeps_earlier_revisions() -> None:
    snippet = builders.snippet("Plan the week.")
    curator = builders.user("curator")
    revision = library.revise(
        snippet=snippet, text="Plan every week.", note="Clearer", by=curator, based_on=1
    )
    assert revision is not None
    snippet.refresh_from_db()
    assert (revision.number, revision.note, revision.author) == (2, "Clearer", curator)
    assert snippet.text == "Plan every week."
    assert " everi " in snippet.search_text
    assert [r.text for r in snippet.revisions.order_by("number")] == [
        "Plan the week.",
        "Plan every week.",
    ]
    assert last_event().verb == "snippet.revised"
    assert last_event().what["revision"] == 2


def test_unchanged_wording_adds_no_revision() -> None:
    snippet = builders.snippet("Plan the week.")
    before = Event.objects.count()
    revision = library.revise(
        snippet=snippet, text=" Plan the week. ", by=builders.user("curator"), based_on=1
    )
    assert revision is None
    assert snippet.revisions.count() == 1
    assert Event.objects.count() == before


def test_revise_raises_stale_snippet_after_another_revision() -> None:
    snippet = builders.snippet("Plan the week.")
    curator = builders.user("curator")
    library.revise(snippet=snippet, text="Plan every week.", by=curator, based_on=1)
    with pytest.raises(library.StaleSnippet) as caught:
        library.revise(snippet=snippet, text="Plan each week.", by=curator, based_on=1)
    assert caught.value.latest.text == "Plan every week."
    snippet.refresh_from_db()
    assert snippet.text == "Plan every week."
    assert snippet.revisions.count() == 2


def test_revise_validates_like_add() -> None:
    snippet = builders.snippet("Plan the week.")
    with pytest.raises(ValidationError) as caught:
        library.revise(snippet=snippet, text="x" * 2001, by=builders.user("curator"), based_on=1)
    assert "text" in caught.value.message_dict
    with pytest.raises(ValidationError) as caught:
        library.revise(
            snippet=snippet, text="New.", note="n" * 201, by=builders.user("curator"), based_on=1
        )
    assert "note" in caught.value.message_dict
    assert snippet.revisions.count() == 1


def test_revisions_cannot_be_changed() -> None:
    revision = builders.snippet().latest()
    revision.text = "Something else"
    with pytest.raises(TypeError):
        revision.save()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_revisions_get_sequential_numbers() -> None:
    """Each thread retries with the latest number after StaleSnippet."""
    snippet = builders.snippet("Plan the week.")
    curator = builders.user("curator")

    def work(name: str) -> None:
        for turn in range(5):
            while True:
                number = Snippet.objects.get(pk=snippet.pk).latest().number
                text = f"Text {name}{turn}."
                try:
                    library.revise(snippet=snippet, text=text, by=curator, based_on=number)
                    break
                except library.StaleSnippet:
                    continue

    assert at_once(*(partial(work, name) for name in "abcd")) == [None] * 4
    numbers = list(snippet.revisions.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 22))
    snippet.refresh_from_db()
    assert snippet.text == snippet.latest().text
    assert not list(Event.objects.broken())


# --- tags, status, owner and source


def test_retag_records_one_event() -> None:
    snippet = builders.snippet()
    curator = builders.user("curator")
    family = builders.family()
    library.retag(snippet=snippet, category="planning", families=[family], levels=[], by=curator)
    snippet.refresh_from_db()
    assert snippet.category == "planning"
    assert list(snippet.families.all()) == [family]
    event = last_event()
    assert event.what["after"]["families"] == [family.code]
    library.retag(snippet=snippet, category="planning", families=[family], levels=[], by=curator)
    assert last_event() == event


def test_retag_rejects_a_category_of_another_kind() -> None:
    snippet = builders.snippet()
    with pytest.raises(ValidationError):
        library.retag(
            snippet=snippet,
            category="education",
            families=[builders.family()],
            levels=[],
            by=builders.user("curator"),
        )
    assert not snippet.families.exists()


# Written out instead of read from library.TRANSITIONS.
ALLOWED = {
    ("reference", "proposed"),
    ("reference", "active"),
    ("reference", "retired"),
    ("proposed", "active"),
    ("proposed", "retired"),
    ("active", "retired"),
    ("retired", "active"),
}


@pytest.mark.parametrize("before", ["reference", "proposed", "active", "retired"])
@pytest.mark.parametrize("after", ["reference", "proposed", "active", "retired"])
def test_allowed_status_changes(before: str, after: str) -> None:
    snippet = builders.snippet(status=before)
    events = Event.objects.count()
    if before != after and (before, after) not in ALLOWED:
        with pytest.raises(ValidationError):
            library.set_status(snippet=snippet, status=after, by=builders.user("curator"))
        after = before
    else:
        library.set_status(snippet=snippet, status=after, by=builders.user("curator"))
    snippet.refresh_from_db()
    assert snippet.status == after
    assert Event.objects.count() == events + (before != after)


def test_set_particulars() -> None:
    snippet = builders.snippet()
    curator = builders.user("curator")
    library.set_particulars(
        snippet=snippet,
        owner=curator,
        review_by=None,
        language="en",
        source="HR handbook",
        license="MIT",
        by=curator,
    )
    snippet.refresh_from_db()
    assert (snippet.owner, snippet.source) == (curator, "HR handbook")
    assert last_event().what["fields"] == ["owner", "source", "license"]


# --- usage


def test_usage_lists_drafts_versions_and_templates() -> None:
    snippet = builders.snippet()
    description = builders.description()
    builders.use(description, snippet)
    version = builders.version(description)
    library.revise(snippet=snippet, text="Plan.", by=builders.user("curator"), based_on=1)
    other = builders.description()
    builders.use(other, snippet)
    template = Template.objects.create(code="t", title="T")
    section = TemplateSection.objects.create(template=template, kind="responsibilities")
    TemplateLine.objects.create(section=section, snippet=snippet)
    builders.description()  # does not use it
    usage = library.usage(snippet=snippet)
    assert [(d.reference, d.oldest) for d in usage.drafts] == [  # type: ignore[attr-defined]
        (description.reference, 1),
        (other.reference, 2),
    ]
    assert list(usage.versions) == [version]
    assert list(usage.templates) == [template]


# --- querysets


def test_the_most_used_snippets_come_first() -> None:
    rare = builders.snippet("Beta")
    never = builders.snippet("Alpha")
    often = builders.snippet("Gamma")
    for used in (rare, often), (often,):
        description = builders.description()
        for one in used:
            builders.use(description, one)
    found = SnippetSearch(search_query.parse("")).best(10)
    assert found == [often.pk, rare.pk, never.pk]
    counts = dict(Snippet.objects.values_list("pk", "used_descriptions"))
    assert counts == {often.pk: 2, rare.pk: 1, never.pk: 0}


def test_for_role_includes_tagged_and_untagged_snippets() -> None:
    sales, support = builders.family(), builders.family("Support", "SUP")
    everywhere = builders.snippet("Everywhere")
    here = builders.snippet("Here", families=[sales])
    both = builders.snippet("Both", families=[sales, support])
    builders.snippet("Elsewhere", families=[support])
    snippets = Snippet.objects.all().for_role(family_id=sales.pk, level_id=None)
    assert set(snippets) == {everywhere, here, both}
    assert snippets.count() == 3


def test_the_row_copies_the_latest_revision() -> None:
    snippet = builders.snippet()
    library.revise(snippet=snippet, text="Plan.", by=builders.user("curator"), based_on=1)
    snippet.refresh_from_db()
    newest = SnippetRevision.objects.filter(snippet=snippet).latest("number")
    assert (snippet.text, snippet.detail) == (newest.text, newest.detail)
