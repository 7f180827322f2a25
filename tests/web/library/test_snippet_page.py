"""Tests of the library pages."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roles import library
from roles.limits import DETAIL_LIMIT, LINE_LIMIT, PARAGRAPH_LIMIT
from roles.models import Event, Snippet, SnippetRevision, Template, TemplateLine, TemplateSection
from tests import builders
from tests.html import find, links
from tests.pages import next_page

pytestmark = pytest.mark.django_db

ClientFor = Callable[..., Any]
LIST = "/library/"


@pytest.fixture
def curator(client_for: ClientFor) -> Any:
    return client_for("curator")


def page_of(snippet: Snippet, action: str = "") -> str:
    return reverse(f"snippet_{action}" if action else "snippet", args=[snippet.pk])


def texts(response: Any) -> list[str]:
    """Returns the wording of the listed snippets, in order."""
    assert response.status_code == 200
    return [row.text for row in response.context["page"]]


# --- permissions


def addresses(snippet: Snippet) -> list[str]:
    actions = ("revise", "tags", "status")
    return [reverse("snippet_new"), *(page_of(snippet, action) for action in actions)]


def test_anonymous_users_are_redirected_to_sign_in(client: Client) -> None:
    snippet = builders.snippet()
    for address in (LIST, page_of(snippet), *addresses(snippet)):
        response = client.get(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("kind", ["manager", "no_group"])
def test_other_people_cannot_see_the_library(client_for: ClientFor, kind: str) -> None:
    snippet, client = builders.snippet(), client_for(kind)
    for address in (LIST, page_of(snippet)):
        assert client.get(address).status_code == 403
    for address in addresses(snippet):
        assert client.post(address).status_code == 403


def test_hr_can_only_read(client_for: ClientFor) -> None:
    snippet, client = builders.snippet(), client_for("hr")
    assert client.get(LIST).status_code == 200
    shown = client.get(page_of(snippet)).content.decode()
    assert snippet.text in shown
    for address in addresses(snippet):
        assert address not in shown
        assert client.post(address, {"text": "x", "status": "retired"}).status_code == 403
    snippet.refresh_from_db()
    assert snippet.status == "active"


def test_administrators_can_change_snippets(client_for: ClientFor) -> None:
    snippet, client = builders.snippet(), client_for("admin")
    assert client.post(page_of(snippet, "status"), {"status": "retired"}).status_code == 302
    snippet.refresh_from_db()
    assert snippet.status == "retired"


def test_status_requires_post(curator: Any) -> None:
    assert curator.get(page_of(builders.snippet(), "status")).status_code == 405


@pytest.mark.parametrize("pk", ["999999", "999999999"])
def test_unknown_snippet_is_not_found(curator: Any, pk: str) -> None:
    for rest in ("", "revise/", "tags/"):
        assert curator.get(f"/library/{pk}/{rest}").status_code == 404
    assert curator.post(f"/library/{pk}/status/", {"status": "retired"}).status_code == 404


def test_too_large_id_is_not_found(curator: Any) -> None:
    assert curator.get("/library/99999999999999999999/").status_code == 404


# --- the list


def test_empty_library_offers_to_add_a_snippet(curator: Any, client_for: ClientFor) -> None:
    [empty] = find(curator.get(LIST), class_="empty")
    assert reverse("snippet_new") in links(empty)
    page = client_for("hr").get(LIST)
    assert len(find(page, class_="empty")) == 1
    assert reverse("snippet_new") not in links(page)


def test_sorted_by_usage(curator: Any) -> None:
    builders.snippet("Answer questions.")
    used = builders.snippet("Plan the week.")
    builders.use(builders.description(), used)
    response = curator.get(LIST)
    assert texts(response) == ["Plan the week.", "Answer questions."]
    assert [row.used_descriptions for row in response.context["page"]] == [1, 0]
    assert texts(curator.get(LIST, {"sort": "used"})) == ["Answer questions.", "Plan the week."]


@pytest.mark.slow
def test_search_and_filters(curator: Any) -> None:
    sales = builders.family()
    builders.snippet("Plan the week.", category="planning", families=[sales])
    builders.snippet("Planning", "skill", category="technical")
    builders.snippet("Answer questions.", status="proposed", levels=[builders.level()])
    builders.snippet("Write letters.", status="retired")
    every = {"Plan the week.", "Planning", "Answer questions."}
    for query, expected in [
        ({}, every),
        ({"q": "plans"}, {"Plan the week.", "Planning"}),
        ({"q": "plans", "kind": "skill"}, {"Planning"}),
        ({"category": "planning"}, {"Plan the week."}),
        (
            {"kind": "skill", "category": "planning"},
            {"Planning"},
        ),  # ignored
        ({"family": str(sales.pk)}, every),
        ({"family": str(builders.family("Support", "SUP").pk)}, every - {"Plan the week."}),
        ({"level": str(builders.level("Senior").pk)}, every - {"Answer questions."}),
        ({"status": "proposed"}, {"Answer questions."}),
        ({"status": "retired"}, {"Write letters."}),
    ]:
        assert set(texts(curator.get(LIST, query))) == expected, query


def test_sorting(curator: Any) -> None:
    for text in ("Beta", "Alpha", "Gamma"):
        builders.snippet(text)
    assert texts(curator.get(LIST, {"sort": "text"})) == ["Alpha", "Beta", "Gamma"]
    assert texts(curator.get(LIST, {"sort": "-text"})) == ["Gamma", "Beta", "Alpha"]
    assert texts(curator.get(LIST, {"sort": "-changed"})) == ["Gamma", "Alpha", "Beta"]


@pytest.mark.slow
def test_filters_stay_in_the_links(curator: Any) -> None:
    for number in range(51):
        builders.snippet(f"Plan week {number:02}.")
    response = curator.get(LIST, {"kind": "responsibility", "q": "plan", "sort": "text"})
    assert len(texts(response)) == 50
    assert b"kind=responsibility&amp;q=plan&amp;sort=text&amp;page=after" in response.content
    assert texts(next_page(curator, response)) == ["Plan week 50."]


@pytest.mark.parametrize(
    "query",
    [
        {"page": "9" * 20},
        {"page": "9" * 5000},
        {"page": "-1"},
        {"page": "\x00"},
        {"q": "\x00"},
        {"q": "a\x00b\x1f"},
        {"q": "x" * 100_000},
        {"q": "%_\\'\""},
        {"q": "???"},
        {"q": "\ufffe"},
        {"family": "9" * 30},
        {"family": "\x00"},
        {"level": "abc"},
        {"kind": "nonsense"},
        {"kind": "\x00", "category": "\x00", "status": "\x00", "sort": "\x00"},
        {"category": "tool"},
        {"sort": "--text"},
        {"sort": "password"},
    ],
)
def test_invalid_queries_are_ignored(curator: Any, query: dict[str, str]) -> None:
    builders.snippet()
    assert curator.get(LIST, query).status_code == 200


def test_lone_surrogate_in_the_url(curator: Any) -> None:
    assert curator.get(f"{LIST}?q=%ED%A0%80&page=%ED%A0%80").status_code == 200


def test_no_match_offers_to_clear_filters(curator: Any) -> None:
    builders.snippet()
    [empty] = find(curator.get(LIST, {"q": "zebra"}), class_="empty")
    assert list(links(empty)) == [LIST]


def test_unknown_choice_is_reported_at_the_field(curator: Any) -> None:
    assert b"Select a valid choice" in curator.get(LIST, {"family": "99999"}).content


@pytest.mark.slow
def test_list_takes_a_constant_number_of_queries(
    curator: Any, django_assert_num_queries: Any
) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            snippet = builders.snippet(
                f"Plan {number}.", families=[builders.family()], levels=[builders.level()]
            )
            builders.use(description, snippet)

    description = builders.description()
    fill(2)
    curator.get(LIST)
    counts = []
    for query, more in itertools.product(({}, {"sort": "text", "q": "plan"}), (0, 12)):
        fill(more)
        with CountedQueries() as counted:
            curator.get(LIST, query)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[2] == counts[3]
    assert max(counts) <= 13


def CountedQueries() -> Any:  # noqa: N802  # stands for a class
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


# --- page of a snippet


def test_history_shows_boilerplate_in_its_formatting(curator: Any) -> None:
    snippet = builders.snippet("Join **a friendly team** of *cooks*.", "boilerplate")
    page = curator.get(page_of(snippet)).text
    assert "Join <strong>a friendly team</strong> of <em>cooks</em>." in page
    assert "**" not in page


def test_history_shows_other_wording_as_typed(curator: Any) -> None:
    snippet = builders.snippet("Bake **all** bread.")
    assert curator.get(page_of(snippet)).text.count("Bake **all** bread.") >= 2  # also the heading


def test_page_shows_wording_history_and_usage(curator: Any) -> None:
    snippet = builders.snippet("Plan the week.", detail="On Fridays.", by=curator.user)
    description = builders.description(curator.user)
    builders.use(description, snippet)
    version = builders.version(description)
    library.revise(
        snippet=snippet, text="Plan each week.", note="Clearer", by=curator.user, based_on=1
    )
    template = Template.objects.create(code="t", title="Our template")
    section = TemplateSection.objects.create(template=template, kind="responsibilities")
    TemplateLine.objects.create(section=section, snippet=snippet)
    shown = curator.get(page_of(snippet)).content.decode()
    for words in ("Plan each week.", "Plan the week.", "On Fridays.", "Clearer", "Our template"):
        assert words in shown
    assert f'href="{description.get_absolute_url()}"' in shown
    assert reverse("version", args=[description.reference, version.number]) in shown
    assert "revision 1" in shown  # the draft has the older revision


def test_hidden_usage_is_only_counted(curator: Any, client_for: ClientFor) -> None:
    snippet = builders.snippet()
    open_one = builders.description(title="Open role")
    secret = builders.description(title="Secret role", confidential=True)
    for description in (open_one, secret):
        builders.use(description, snippet)
        builders.version(description)
    shown = curator.get(page_of(snippet)).content.decode()
    assert "2 job descriptions that you can’t see" in shown
    assert "2 versions that you can’t see" in shown
    assert "Open role" not in shown
    shown = client_for("hr").get(page_of(snippet)).content.decode()
    assert "Open role" in shown
    assert "and 1 other job description" in shown
    assert "Secret role" not in shown
    assert secret.reference not in shown


@pytest.mark.slow
def test_page_takes_a_constant_number_of_queries(curator: Any) -> None:
    snippet = builders.snippet()
    counts = []
    for _ in range(2):
        for _ in range(3):
            description = builders.description(curator.user)
            builders.use(description, snippet)
            builders.version(description)
            latest = snippet.latest()
            library.revise(
                snippet=snippet,
                text=f"{latest.text} More.",
                by=builders.user("curator"),
                based_on=latest.number,
            )
        with CountedQueries() as counted:
            assert curator.get(page_of(snippet)).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 18


def test_wording_is_escaped(curator: Any) -> None:
    snippet = builders.snippet("<script>alert(1)</script>", detail="<b>x</b>")
    for address in (page_of(snippet), LIST, page_of(snippet, "revise"), page_of(snippet, "tags")):
        shown = curator.get(address).content
        assert b"<script>alert" not in shown
        assert b"<b>x" not in shown


# --- add


def test_add(curator: Any) -> None:
    family = builders.family()
    response = curator.post(
        reverse("snippet_new"),
        {"place": "skill:tool", "text": "Spreadsheets", "detail": "Sums.", "families": [family.pk]},
    )
    snippet = Snippet.objects.get()
    assert (response.status_code, response["Location"]) == (302, page_of(snippet))
    assert (snippet.kind, snippet.category, snippet.detail) == ("skill", "tool", "Sums.")
    assert snippet.owner == curator.user
    assert list(snippet.families.all()) == [family]


def test_repeated_submission_adds_one_snippet(curator: Any) -> None:
    form = {"place": "skill:", "text": "Spreadsheets", "nonce": "once-and-never-again"}
    locations = {curator.post(reverse("snippet_new"), form)["Location"] for _ in range(4)}
    assert locations == {page_of(Snippet.objects.get())}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": ""}, "Enter the wording."),
        ({"place": ""}, "Choose the type and category."),
        ({"place": "skill:education"}, "Select a valid choice"),
        ({"place": "\x00"}, "Select a valid choice"),
        ({"text": "y" * (LINE_LIMIT + 1)}, f"Use at most {LINE_LIMIT} characters"),
        ({"text": "y" * (PARAGRAPH_LIMIT + 1)}, f"at most {PARAGRAPH_LIMIT} characters"),
        ({"text": "a\x00b"}, "Null characters are not allowed"),
        ({"text": "a\x07b"}, "U+0007"),
        ({"detail": "y" * (DETAIL_LIMIT + 1)}, f"at most {DETAIL_LIMIT} characters"),
        ({"families": ["99999999999999999999"]}, "not one of the available choices"),
        ({"families": ["abc"]}, "is not a valid value"),
        ({"levels": ["\x00"]}, "Null characters are not allowed"),
    ],
)
def test_invalid_input_is_shown_with_an_error(
    curator: Any, values: dict[str, Any], message: str
) -> None:
    builders.family()
    builders.level()
    typed = {"place": "skill:tool", "text": "Spreadsheets", "detail": "Kept as typed.", **values}
    response = curator.post(reverse("snippet_new"), typed)
    assert response.status_code == 422
    shown = response.content.decode()
    assert message in shown
    if "detail" not in values:
        assert "Kept as typed." in shown
    assert not Snippet.objects.exists()


def test_lone_surrogate_in_a_form(curator: Any) -> None:
    response = curator.post(
        reverse("snippet_new"),
        b"place=skill%3Atool&text=a%ED%A0%80b",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code in (302, 422)


# --- revise


def test_revise(curator: Any) -> None:
    snippet = builders.snippet("Plan the week.")
    shown = curator.get(page_of(snippet, "revise")).content.decode()
    assert "Plan the week." in shown
    response = curator.post(
        page_of(snippet, "revise"), {"text": "Plan each week.", "note": "Why", "based_on": "1"}
    )
    assert (response.status_code, response["Location"]) == (302, page_of(snippet))
    newest = snippet.latest()
    assert (newest.number, newest.text, newest.note) == (2, "Plan each week.", "Why")
    assert newest.author == curator.user
    assert "Revision saved." in curator.get(page_of(snippet)).text


def test_unchanged_wording_is_not_reported_as_saved(curator: Any) -> None:
    snippet = builders.snippet("Plan the week.")
    form = {"text": " Plan the week.", "based_on": "1", "nonce": "same-nonce"}
    for _ in range(2):
        response = curator.post(page_of(snippet, "revise"), form)
        assert (response.status_code, response["Location"]) == (302, page_of(snippet))
    shown = curator.get(page_of(snippet)).text
    assert shown.count("No revision saved") == 1
    assert "Revision saved" not in shown
    assert snippet.revisions.count() == 1


def test_stale_revision_shows_both_wordings(curator: Any) -> None:
    snippet = builders.snippet("Plan the week.")
    other = builders.user("curator", first_name="Robin", last_name="Moss")
    library.revise(snippet=snippet, text="Their words.", by=other, based_on=1)
    form = {"text": "My words.", "detail": "My detail.", "note": "My note", "based_on": "1"}
    response = curator.post(page_of(snippet, "revise"), {**form, "nonce": "stale-nonce"})
    assert response.status_code == 409
    shown = response.content.decode()
    for words in ("Their words.", "My words.", "My detail.", "My note", "Robin Moss"):
        assert words in shown
    assert snippet.revisions.count() == 2
    initial_values = response.context["mine"].initial
    again = curator.post(page_of(snippet, "revise"), {**initial_values, "nonce": "stale-nonce"})
    assert again.status_code == 302
    assert (snippet.latest().number, snippet.latest().text) == (3, "My words.")


@pytest.mark.parametrize("based_on", ["", "x", "0", "-1", "9" * 20, "\x00", "7"])
def test_invalid_revision_number_is_refused(curator: Any, based_on: str) -> None:
    snippet = builders.snippet("Plan the week.")
    form = {"text": "My words.", "based_on": based_on}
    response = curator.post(page_of(snippet, "revise"), form)
    assert response.status_code in (409, 422)
    assert b"My words." in response.content
    assert SnippetRevision.objects.count() == 1


def test_refused_revision_shows_the_entered_wording(curator: Any) -> None:
    snippet = builders.snippet("Plan the week.")
    response = curator.post(
        page_of(snippet, "revise"), {"text": "z" * (LINE_LIMIT + 1), "based_on": "1"}
    )
    assert response.status_code == 422
    assert f"Use at most {LINE_LIMIT} characters" in response.text
    assert "zzz" in response.text


# --- tags and status


def test_tags(curator: Any) -> None:
    snippet = builders.snippet(families=[builders.family()])
    level = builders.level()
    response = curator.post(
        page_of(snippet, "tags"), {"category": "planning", "levels": [level.pk]}
    )
    assert response.status_code == 302
    snippet.refresh_from_db()
    assert snippet.category == "planning"
    assert list(snippet.levels.all()) == [level]
    assert not snippet.families.exists()


def test_owner_and_review_date(curator: Any) -> None:
    snippet = builders.snippet(source="Our handbook")
    other = builders.user("curator")
    assert find(curator.get(page_of(snippet, "tags")), "input", name="review_by")
    curator.post(page_of(snippet, "tags"), {"owner": other.pk, "review_by": "2027-03-01"})
    snippet.refresh_from_db()
    assert (snippet.owner, str(snippet.review_by)) == (other, "2027-03-01")
    assert snippet.source == "Our handbook"
    curator.post(page_of(snippet, "tags"), {"owner": "", "review_by": ""})
    snippet.refresh_from_db()
    assert (snippet.owner, snippet.review_by) == (None, None)


@pytest.mark.parametrize(
    "form",
    [
        *({"category": "education"}, {"category": "\x00"}, {"levels": ["99999"]}),
        *({"owner": "99999999999999999999"}, {"owner": "x"}, {"review_by": "soon"}),
    ],
)
def test_invalid_tags_are_refused(curator: Any, form: dict[str, Any]) -> None:
    snippet = builders.snippet(category="planning")
    assert curator.post(page_of(snippet, "tags"), form).status_code == 422
    snippet.refresh_from_db()
    assert snippet.category == "planning"


def test_retire_and_activate(curator: Any) -> None:
    snippet = builders.snippet()
    assert curator.post(page_of(snippet, "status"), {"status": "retired"}).status_code == 302
    snippet.refresh_from_db()
    assert snippet.status == "retired"
    shown = curator.get(page_of(snippet)).content.decode()
    assert 'value="active"' in shown
    assert 'value="retired"' not in shown
    curator.post(page_of(snippet, "status"), {"status": "active"})
    snippet.refresh_from_db()
    assert snippet.status == "active"


def test_repeated_status_form_says_what_happened(curator: Any) -> None:
    """Even if its second submission has another status."""
    snippet = builders.snippet()
    for status in ("retired", "retired", "nonsense"):
        form = {"nonce": "n", "status": status}
        response = curator.post(page_of(snippet, "status"), form, follow=True)
        assert "Snippet retired." in response.text


@pytest.mark.parametrize("status", ["", "nonsense", "proposed", "\x00", "x" * 10_000])
def test_invalid_status_is_refused_with_a_message(curator: Any, status: str) -> None:
    snippet = builders.snippet()
    response = curator.post(page_of(snippet, "status"), {"status": status}, follow=True)
    assert "You can’t change this snippet to that status." in response.text
    snippet.refresh_from_db()
    assert snippet.status == "active"
    assert Event.objects.latest("pk").verb == "snippet.added"
