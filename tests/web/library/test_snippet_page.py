"""The library on screen, as its people use it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roles import library
from roles.models import Event, Snippet, SnippetRevision, Template, TemplateLine, TemplateSection
from tests import builders

pytestmark = pytest.mark.django_db

ClientFor = Callable[..., Any]
LIST = "/library/"


@pytest.fixture
def curator(client_for: ClientFor) -> Any:
    return client_for("curator")


def page_of(made: Snippet, action: str = "") -> str:
    return reverse(f"snippet_{action}" if action else "snippet", args=[made.pk])


def texts(answer: Any) -> list[str]:
    """The snippets of a list page, in order."""
    assert answer.status_code == 200
    return [row.text for row in answer.context["page"]]


# --- who may


def addresses(made: Snippet) -> list[str]:
    actions = ("revise", "tags", "status")
    return [reverse("snippet_new"), *(page_of(made, action) for action in actions)]


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    made = builders.snippet()
    for address in (LIST, page_of(made), *addresses(made)):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("kind", ["manager", "no_group"])
def test_others_do_not_see_the_library(client_for: ClientFor, kind: str) -> None:
    made, client = builders.snippet(), client_for(kind)
    for address in (LIST, page_of(made)):
        assert client.get(address).status_code == 403
    for address in addresses(made):
        assert client.post(address).status_code == 403


def test_hr_reads_and_changes_nothing(client_for: ClientFor) -> None:
    made, client = builders.snippet(), client_for("hr")
    assert client.get(LIST).status_code == 200
    shown = client.get(page_of(made)).content.decode()
    assert made.text in shown
    for address in addresses(made):
        assert address not in shown
        assert client.post(address, {"text": "x", "status": "retired"}).status_code == 403
    made.refresh_from_db()
    assert made.status == "active"


def test_administrators_may_too(client_for: ClientFor) -> None:
    made, client = builders.snippet(), client_for("admin")
    assert client.post(page_of(made, "status"), {"status": "retired"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "retired"


def test_status_takes_no_get(curator: Any) -> None:
    assert curator.get(page_of(builders.snippet(), "status")).status_code == 405


@pytest.mark.parametrize("pk", ["999999", "999999999"])
def test_an_unknown_snippet_is_not_found(curator: Any, pk: str) -> None:
    for rest in ("", "revise/", "tags/"):
        assert curator.get(f"/library/{pk}/{rest}").status_code == 404
    assert curator.post(f"/library/{pk}/status/", {"status": "retired"}).status_code == 404


def test_a_number_beyond_all_databases_is_not_found(curator: Any) -> None:
    assert curator.get("/library/99999999999999999999/").status_code == 404


# --- the list


def test_an_empty_library_offers_the_first_step(curator: Any, client_for: ClientFor) -> None:
    assert reverse("snippet_new") in curator.get(LIST).content.decode()
    assert b"Add the first snippet" in curator.get(LIST).content
    assert b"Add the first snippet" not in client_for("hr").get(LIST).content


def test_most_used_first_and_how_often(curator: Any) -> None:
    builders.snippet("Answer questions.")
    used = builders.snippet("Plan the week.")
    builders.use(builders.description(), used)
    answer = curator.get(LIST)
    assert texts(answer) == ["Plan the week.", "Answer questions."]
    assert [row.used for row in answer.context["page"]] == [1, 0]
    assert texts(curator.get(LIST, {"sort": "used"})) == ["Answer questions.", "Plan the week."]


def test_search_and_filters(curator: Any) -> None:
    sales = builders.family()
    builders.snippet("Plan the week.", category="planning", families=[sales])
    builders.snippet("Planning", "skill", category="technical")
    builders.snippet("Answer questions.", status="proposed", levels=[builders.level()])
    builders.snippet("Write letters.", status="retired")
    every = {"Plan the week.", "Planning", "Answer questions."}
    for query, found in [
        ({}, every),
        ({"q": "plans"}, {"Plan the week.", "Planning"}),
        ({"q": "plans", "kind": "skill"}, {"Planning"}),
        ({"category": "planning"}, {"Plan the week."}),
        ({"kind": "skill", "category": "planning"}, {"Planning"}),  # of another kind: let go
        ({"family": str(sales.pk)}, every),
        ({"family": str(builders.family("Support", "SUP").pk)}, every - {"Plan the week."}),
        ({"level": str(builders.level("Senior").pk)}, every - {"Answer questions."}),
        ({"status": "proposed"}, {"Answer questions."}),
        ({"status": "retired"}, {"Write letters."}),
    ]:
        assert set(texts(curator.get(LIST, query))) == found, query


def test_sorting(curator: Any) -> None:
    for text in ("Beta", "Alpha", "Gamma"):
        builders.snippet(text)
    assert texts(curator.get(LIST, {"sort": "text"})) == ["Alpha", "Beta", "Gamma"]
    assert texts(curator.get(LIST, {"sort": "-text"})) == ["Gamma", "Beta", "Alpha"]
    assert texts(curator.get(LIST, {"sort": "-changed"})) == ["Gamma", "Alpha", "Beta"]


def test_filters_stay_in_the_links(curator: Any) -> None:
    for number in range(51):
        builders.snippet(f"Plan week {number:02}.")
    answer = curator.get(LIST, {"kind": "responsibility", "q": "plan", "sort": "text"})
    assert len(texts(answer)) == 50
    assert b"kind=responsibility&amp;q=plan&amp;sort=text&amp;page=2" in answer.content
    assert texts(curator.get(LIST, {"sort": "text", "page": "2"})) == ["Plan week 50."]


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
def test_no_query_breaks_the_list(curator: Any, query: dict[str, str]) -> None:
    builders.snippet()
    assert curator.get(LIST, query).status_code == 200


def test_a_lone_surrogate_in_the_address(curator: Any) -> None:
    assert curator.get(f"{LIST}?q=%ED%A0%80&page=%ED%A0%80").status_code == 200


def test_nothing_found_offers_to_clear(curator: Any) -> None:
    builders.snippet()
    assert b"Clear filters" in curator.get(LIST, {"q": "zebra"}).content


def test_an_unknown_choice_is_named_beside_its_field(curator: Any) -> None:
    assert b"Select a valid choice" in curator.get(LIST, {"family": "99999"}).content


def test_the_list_asks_as_much_for_few_as_for_many(
    curator: Any, django_assert_num_queries: Any
) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            made = builders.snippet(
                f"Plan {number}.", families=[builders.family()], levels=[builders.level()]
            )
            builders.use(description, made)

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
    assert max(counts) <= 12


def CountedQueries() -> Any:  # noqa: N802  # reads as the class it stands for
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


# --- a snippet's page


def test_the_page_shows_words_history_and_use(curator: Any) -> None:
    made = builders.snippet("Plan the week.", detail="On Fridays.", by=curator.user)
    description = builders.description(curator.user)
    builders.use(description, made)
    version = builders.version(description)
    library.revise(
        snippet=made, text="Plan each week.", note="Clearer", by=curator.user, based_on=1
    )
    template = Template.objects.create(code="t", title="Our template")
    section = TemplateSection.objects.create(template=template, kind="responsibilities")
    TemplateLine.objects.create(section=section, snippet=made)
    shown = curator.get(page_of(made)).content.decode()
    for words in ("Plan each week.", "Plan the week.", "On Fridays.", "Clearer", "Our template"):
        assert words in shown
    assert f'href="{description.get_absolute_url()}"' in shown
    assert reverse("version", args=[description.reference, version.number]) in shown
    assert "revision 1" in shown  # the draft holds the older words


def test_what_a_person_may_not_see_is_only_counted(curator: Any, client_for: ClientFor) -> None:
    made = builders.snippet()
    open_one = builders.description(title="Open role")
    secret = builders.description(title="Secret role", confidential=True)
    for description in (open_one, secret):
        builders.use(description, made)
        builders.version(description)
    shown = curator.get(page_of(made)).content.decode()
    assert "2 job descriptions that are not yours to see" in shown
    assert "2 versions that are not yours to see" in shown
    assert "Open role" not in shown
    shown = client_for("hr").get(page_of(made)).content.decode()
    assert "Open role" in shown
    assert "and 1 other job description" in shown
    assert "Secret role" not in shown
    assert secret.reference not in shown


def test_the_page_asks_as_much_for_few_as_for_many(curator: Any) -> None:
    made = builders.snippet()
    counts = []
    for _ in range(2):
        for _ in range(3):
            description = builders.description(curator.user)
            builders.use(description, made)
            builders.version(description)
            latest = made.latest()
            library.revise(
                snippet=made,
                text=f"{latest.text} More.",
                by=builders.user("curator"),
                based_on=latest.number,
            )
        with CountedQueries() as counted:
            assert curator.get(page_of(made)).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 18


def test_words_are_text_and_never_markup(curator: Any) -> None:
    made = builders.snippet("<script>alert(1)</script>", detail="<b>x</b>")
    for address in (page_of(made), LIST, page_of(made, "revise"), page_of(made, "tags")):
        shown = curator.get(address).content
        assert b"<script>alert" not in shown
        assert b"<b>x" not in shown


# --- add


def test_add(curator: Any) -> None:
    family = builders.family()
    answer = curator.post(
        reverse("snippet_new"),
        {"place": "skill:tool", "text": "Spreadsheets", "detail": "Sums.", "families": [family.pk]},
    )
    made = Snippet.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(made))
    assert (made.kind, made.category, made.detail) == ("skill", "tool", "Sums.")
    assert made.owner == curator.user
    assert list(made.families.all()) == [family]


def test_the_same_form_four_times_adds_once(curator: Any) -> None:
    form = {"place": "skill:", "text": "Spreadsheets", "nonce": "once-and-never-again"}
    answers = {curator.post(reverse("snippet_new"), form)["Location"] for _ in range(4)}
    assert answers == {page_of(Snippet.objects.get())}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"text": ""}, "This field is required"),
        ({"place": ""}, "This field is required"),
        ({"place": "skill:education"}, "Select a valid choice"),
        ({"place": "\x00"}, "Select a valid choice"),
        ({"text": "y" * 2001}, "At most 2000 characters"),
        ({"text": "y" * 10_001}, "at most 10000 characters"),
        ({"text": "a\x00b"}, "Null characters are not allowed"),
        ({"text": "a\x07b"}, "U+0007"),
        ({"detail": "y" * 2001}, "at most 2000 characters"),
        ({"families": ["99999999999999999999"]}, "not one of the available choices"),
        ({"families": ["abc"]}, "is not a valid value"),
        ({"levels": ["\x00"]}, "Null characters are not allowed"),
    ],
)
def test_bad_input_comes_back_with_a_message(
    curator: Any, values: dict[str, Any], said: str
) -> None:
    builders.family()
    builders.level()
    typed = {"place": "skill:tool", "text": "Spreadsheets", "detail": "Kept as typed.", **values}
    answer = curator.post(reverse("snippet_new"), typed)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in shown
    if "detail" not in values:
        assert "Kept as typed." in shown
    assert not Snippet.objects.exists()


def test_a_lone_surrogate_in_a_form(curator: Any) -> None:
    answer = curator.post(
        reverse("snippet_new"),
        b"place=skill%3Atool&text=a%ED%A0%80b",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code in (302, 422)


# --- revise


def test_revise(curator: Any) -> None:
    made = builders.snippet("Plan the week.")
    shown = curator.get(page_of(made, "revise")).content.decode()
    assert "Plan the week." in shown
    answer = curator.post(
        page_of(made, "revise"), {"text": "Plan each week.", "note": "Why", "based_on": "1"}
    )
    assert (answer.status_code, answer["Location"]) == (302, page_of(made))
    newest = made.latest()
    assert (newest.number, newest.text, newest.note) == (2, "Plan each week.", "Why")
    assert newest.author == curator.user


def test_a_stale_revise_shows_both_texts_and_lets_keep_mine(curator: Any) -> None:
    made = builders.snippet("Plan the week.")
    other = builders.user("curator", first_name="Robin", last_name="Moss")
    library.revise(snippet=made, text="Their words.", by=other, based_on=1)
    form = {"text": "My words.", "detail": "My detail.", "note": "My note", "based_on": "1"}
    answer = curator.post(page_of(made, "revise"), {**form, "nonce": "stale-nonce"})
    assert answer.status_code == 409
    shown = answer.content.decode()
    for words in ("Their words.", "My words.", "My detail.", "My note", "Robin Moss"):
        assert words in shown
    assert made.revisions.count() == 2
    kept = answer.context["mine"].initial
    again = curator.post(page_of(made, "revise"), {**kept, "nonce": "stale-nonce"})
    assert again.status_code == 302
    assert (made.latest().number, made.latest().text) == (3, "My words.")


@pytest.mark.parametrize("based_on", ["", "x", "0", "-1", "9" * 20, "\x00", "7"])
def test_a_strange_number_breaks_nothing(curator: Any, based_on: str) -> None:
    made = builders.snippet("Plan the week.")
    form = {"text": "My words.", "based_on": based_on}
    answer = curator.post(page_of(made, "revise"), form)
    assert answer.status_code in (409, 422)
    assert b"My words." in answer.content
    assert SnippetRevision.objects.count() == 1


def test_revise_keeps_what_was_typed_with_its_message(curator: Any) -> None:
    made = builders.snippet("Plan the week.")
    answer = curator.post(page_of(made, "revise"), {"text": "z" * 2001, "based_on": "1"})
    assert answer.status_code == 422
    assert b"At most 2000 characters" in answer.content
    assert b"zzz" in answer.content


# --- tags and status


def test_tags(curator: Any) -> None:
    made = builders.snippet(families=[builders.family()])
    level = builders.level()
    answer = curator.post(page_of(made, "tags"), {"category": "planning", "levels": [level.pk]})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.category == "planning"
    assert list(made.levels.all()) == [level]
    assert not made.families.exists()


def test_who_looks_after_it_and_until_when(curator: Any) -> None:
    made = builders.snippet(source="Our handbook")
    other = builders.user("curator")
    assert "Look at it again by" in curator.get(page_of(made, "tags")).text
    curator.post(page_of(made, "tags"), {"owner": other.pk, "review_by": "2027-03-01"})
    made.refresh_from_db()
    assert (made.owner, str(made.review_by)) == (other, "2027-03-01")
    assert made.source == "Our handbook"
    curator.post(page_of(made, "tags"), {"owner": "", "review_by": ""})
    made.refresh_from_db()
    assert (made.owner, made.review_by) == (None, None)


@pytest.mark.parametrize(
    "form",
    [
        *({"category": "education"}, {"category": "\x00"}, {"levels": ["99999"]}),
        *({"owner": "99999999999999999999"}, {"owner": "x"}, {"review_by": "soon"}),
    ],
)
def test_bad_tags(curator: Any, form: dict[str, Any]) -> None:
    made = builders.snippet(category="planning")
    assert curator.post(page_of(made, "tags"), form).status_code == 422
    made.refresh_from_db()
    assert made.category == "planning"


def test_retire_and_activate(curator: Any) -> None:
    made = builders.snippet()
    assert curator.post(page_of(made, "status"), {"status": "retired"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "retired"
    shown = curator.get(page_of(made)).content.decode()
    assert 'value="active"' in shown
    assert 'value="retired"' not in shown
    curator.post(page_of(made, "status"), {"status": "active"})
    made.refresh_from_db()
    assert made.status == "active"


@pytest.mark.parametrize("status", ["", "nonsense", "proposed", "\x00", "x" * 10_000])
def test_a_status_it_cannot_take_is_refused_with_words(curator: Any, status: str) -> None:
    made = builders.snippet()
    answer = curator.post(page_of(made, "status"), {"status": status}, follow=True)
    assert b"Its status does not allow this." in answer.content
    made.refresh_from_db()
    assert made.status == "active"
    assert Event.objects.latest("pk").verb == "snippet.added"
