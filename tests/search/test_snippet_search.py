"""Search in the library: what is found, in which order, and how many. The same on both databases,
because each is compared with the same search in plain Python."""

from __future__ import annotations

import random
from typing import Any

import pytest

from roles import library, search_query
from roles.models import JobDescription, Snippet
from roles.search import snippet_search
from roles.search.snippet_search import ALL, Count, Filters, Fit, SnippetSearch
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ACTIVE: Filters = {"status": ["active", "reference"]}


def found(query: str, filters: Filters = ACTIVE, fit: Fit | None = None) -> list[str]:
    search = SnippetSearch(search_query.parse(query), filters, fit or Fit())
    rows = Snippet.objects.in_bulk(search.best(100))
    return [rows[key].text for key in search.best(100)]


# What people search for, the text that has it, and a text that hasn't.
PROMISES = {
    "case": ("KUBERNETES", "Run Kubernetes clusters.", "Run cubes."),
    "accents": ("resume", "Screen each résumé.", "Reset each screen."),
    "accents typed": ("résumé", "Screen each resume.", "Reset each screen."),
    "letters that don't decompose": ("lodz", "Visit Łódź.", "Visit London."),
    "word forms": ("managing", "Manages accounts.", "Makes accounts."),
    "British": ("organise", "Organize the archive.", "Archive the organs."),
    "American": ("color", "Choose each colour.", "Choose each collar."),
    "British, being typed": ("behaviou", "Model behavior.", "Behead weeds."),
    "hyphen": ("e-mail", "Answer each email.", "Mail the evening paper."),
    "no hyphen": ("followup", "Do the follow-up.", "Follow the rules, up to a point."),
    "any order": ("plan renewal", "Write a renewal plan.", "Write a plan."),
    "all words": ("renewal plan budget", "Budget: a renewal plan.", "Write a renewal plan."),
    "beginning of the last word": ("write organiza", "Write to organizations.", "Write organs."),
    "one letter": ("q", "Own quality.", "Own equality."),
    "two letters": ("own qu", "Own quality.", "Own equality."),
    "phrase": ('"account plan"', "Write an account plan.", "Plan an account."),
    "phrase with hyphen": (
        '"follow-up plan"',
        "Write a followup plan.",
        "Follow up and plan.",
    ),
    "curly quotes": ("“account plan”", "Write an account plan.", "Plan an account."),
    "Chinese": ("户管", "客户管理经理", "客户经理"),
    "Chinese, one letter": ("管", "客户管理经理", "客户经理"),
    "Thai": ("ลูกค้า", "ดูแลลูกค้าสำคัญ", "ดูแลสินค้า"),
    "C++": ("C++", "Write C++ each day.", "Write C# and C."),
    "C#": ("C#", "Write C# each day.", "Write C++ and C."),
    "C": ("C", "Know C well.", "Call each customer."),
    ".NET": (".NET", "Write .NET services.", "Raise net income."),
    "R&D": ("R&D", "Lead R&D.", "Lead rides and drives."),
    "apostrophe": ("customers'", "Serve customers.", "Serve costumes."),
    "typing error: swapped": ("cutsomer", "Serve each customer.", "Serve each costume."),
    "typing error: missing": ("custmer", "Serve each customer.", "Serve each costume."),
    "typing error: added": ("custtomer", "Serve each customer.", "Serve each costume."),
    "typing error: another": ("cuztomer", "Serve each customer.", "Serve each costume."),
}


@pytest.mark.parametrize(("query", "text", "other"), PROMISES.values(), ids=PROMISES)
def test_what_people_type_finds_the_snippet(
    client_for: Any, query: str, text: str, other: str
) -> None:
    """In the library, in the picker, and nothing else."""
    builders.snippet(text)
    builders.snippet(other)
    response = client_for("curator").get("/library/", {"q": query})
    assert [row.text for row in response.context["page"]] == [text]
    jd = builders.description()
    section = jd.sections.get(kind="responsibilities").uid
    address = f"/descriptions/{jd.reference}/pick/{section}/"
    response = client_for(jd.owner).get(address, {"q": query})
    assert [entry["snippet"].text for entry in response.context["entries"]] == [text]


def test_a_typing_error_is_named(client_for: Any) -> None:
    builders.snippet("Serve each customer.")
    client = client_for("curator")
    assert "Showing results for “customer”" in client.get("/library/", {"q": "cutsomer"}).text
    assert "Showing results" not in client.get("/library/", {"q": "customer"}).text
    assert "No snippets match" in client.get("/library/", {"q": "xylophone"}).text


def test_a_typing_error_is_only_forgiven_when_nothing_matches() -> None:
    builders.snippet("Serve each customer.")
    builders.snippet("Design each costumer's costume.")
    assert found("costumer") == ["Design each costumer's costume."]


def test_the_exact_phrase_comes_first_then_use() -> None:
    builders.snippet("Plan each account.")
    used = builders.snippet("Account for each plan.")
    phrase = builders.snippet("Write an account plan.")
    builders.use(builders.description(), used)
    assert found("account plan") == [phrase.text, used.text, "Plan each account."]


def test_fit_with_the_job_description_comes_before_use() -> None:
    sales, care = builders.family(), builders.family("Care", "CAR")
    senior = builders.level()
    of_title = builders.snippet("Plan 1.", families=[care])
    both = builders.snippet("Plan 2.", families=[sales], levels=[senior])
    family = builders.snippet("Plan 3.", families=[sales])
    level = builders.snippet("Plan 4.", levels=[senior])
    anyone = builders.snippet("Plan 5.")
    other = builders.snippet("Plan 6.", families=[care])
    builders.use(builders.description(), other)
    fit = Fit(frozenset([of_title.pk]), sales.pk, senior.pk)
    expected = [of_title, both, family, level, anyone, other]
    assert found("plan", fit=fit) == [one.text for one in expected]


def test_ties_are_broken_by_id() -> None:
    """The newest first."""
    texts = [builders.snippet(f"Plan {letter}.").text for letter in "DBAC"]
    assert found("plan") == texts[::-1]


# --- compared with a search in plain Python

QUERIES = 100
SPECIAL = ["", "C++", "e-mail", '"customer success"', '"account plan" renewal', "a", "re", "Q", "0"]


def queries() -> list[str]:
    """Returns what people could type: words of the texts, cut, in pairs and as phrases."""
    rng = random.Random(7)
    texts = list(Snippet.objects.order_by("pk").values_list("text", flat=True))
    made = [*SPECIAL]
    while len(made) < QUERIES:
        words = rng.choice(texts).split()
        first = rng.randrange(len(words))
        some = words[first : first + rng.choice((1, 2, 3))]
        way = len(made) % 5
        if way == 0:
            some = [some[0][: rng.choice((1, 2))]]
        elif way == 1:
            some = [f'"{" ".join(some)}"']
        elif way == 2:
            some = [rng.choice(words), some[-1][: rng.choice((3, 4, 5))]]
        made.append(" ".join(some))
    return made


def in_python(query: str, filters: Filters, fit: Fit) -> list[int]:
    """The same search without an index."""
    parsed = search_query.parse(query)
    ranked = []
    for row in Snippet.objects.prefetch_related("families", "levels"):
        tags = {
            "kind": {row.kind},
            "category": {row.category},
            "status": {row.status},
            "family": {str(one.pk) for one in row.families.all()} or {ALL},
            "level": {str(one.pk) for one in row.levels.all()} or {ALL},
        }
        if not parsed.matches(row.search_text):
            continue
        if any(tags[facet].isdisjoint(values) for facet, values in filters.items()):
            continue
        rank = (
            not any(text in row.search_text for text in parsed.together),
            row.pk not in fit.of_title,
            apart(tags["family"], fit.family_id),
            apart(tags["level"], fit.level_id),
            -row.used_lines,
            -row.pk,
        )
        ranked.append(rank)
    return [-rank[-1] for rank in sorted(ranked)]


def apart(tags: set[str], wanted: int | None) -> int:
    return 0 if wanted is None or str(wanted) in tags else 1 if tags == {ALL} else 2


@pytest.fixture
def used_library(starter_library: None) -> list[str]:
    rows = list(Snippet.objects.order_by("pk"))
    jd = builders.description()
    for row in rows[::7]:
        builders.use(jd, row)
    return queries()


@pytest.mark.slow
@pytest.mark.parametrize("scanned", [1000, 20], ids=["ranked in Python", "ranked in the database"])
def test_a_hundred_queries_find_the_same(
    used_library: list[str], monkeypatch: pytest.MonkeyPatch, scanned: int
) -> None:
    """Also if so many match that the database ranks them."""
    monkeypatch.setattr(snippet_search, "SCANNED", scanned)
    family = JobDescription.objects.get().job_family_id or builders.family().pk
    level = builders.level().pk
    title = frozenset(Snippet.objects.order_by("pk").values_list("pk", flat=True)[::11])
    filled = 0
    for number, query in enumerate(used_library):
        filters = {**ACTIVE, "kind": ["skill"]} if number % 3 == 1 else ACTIVE
        fit = Fit(title, family, level) if number % 2 else Fit()
        expected = in_python(query, filters, fit)
        search = SnippetSearch(search_query.parse(query), filters, fit)
        assert search.best(31) == expected[:31], query
        assert search.count() == Count(min(len(expected), scanned), len(expected) > scanned)
        filled += bool(expected)
    assert filled > QUERIES * 0.8


def test_counts_of_each_choice(starter_library: None) -> None:
    """Of the snippets that match if that value were chosen and the other filters stayed."""
    filters = {**ACTIVE, "kind": ["skill"]}
    counts = SnippetSearch(search_query.parse("customer"), filters).facets()
    for kind, count in counts["kind"].items():
        assert count.number == len(in_python("customer", {**filters, "kind": [kind]}, Fit()))
    for category, count in counts["category"].items():
        expected = in_python("customer", {**filters, "category": [category]}, Fit())
        assert count.number == len(expected)
    assert len(counts["kind"]) > 1
    assert not any(count.is_more for count in counts["kind"].values())


def test_more_than_can_be_counted(monkeypatch: pytest.MonkeyPatch, client_for: Any) -> None:
    monkeypatch.setattr(snippet_search, "SCANNED", 3)
    for number in range(5):
        builders.snippet(f"Plan {number}.")
    search = SnippetSearch(search_query.parse("plan"), ACTIVE)
    assert search.count() == Count(3, is_more=True)
    assert search.facets()["kind"] == {"responsibility": Count(3, is_more=True)}
    assert str(Count(1000, is_more=True)) == "1,000+"
    text = client_for("curator").get("/library/", {"q": "plan"}).text
    assert "3+ snippets" in text
    assert "Responsibility (3+)" in text


def test_counts_are_shown_in_the_filters(client_for: Any) -> None:
    family = builders.family()
    builders.snippet("Plan one.", families=[family])
    builders.snippet("Plan two.")
    builders.snippet("Other.", kind="skill")
    text = client_for("curator").get("/library/", {"q": "plan"}).text
    assert "Responsibility (2)" in text
    assert "Skill (0)" in text
    assert f"{family} (1)" in text


# --- the index

QUERY = "plan"


def test_each_change_is_found_at_once() -> None:
    snippet = builders.snippet("Write a plan.")
    by = builders.user("curator")
    assert found(QUERY)
    library.revise(snippet=snippet, by=by, text="Write a budget.", based_on=1)
    assert not found(QUERY)
    assert found("budget")
    library.set_status(snippet=snippet, status="retired", by=by)
    assert not found("budget")
    family = builders.family()
    library.set_status(snippet=snippet, status="active", by=by)
    library.retag(snippet=snippet, by=by, category="", families=[family], levels=[])
    assert found("budget", {"family": [str(family.pk)]})
    assert not found("budget", {"family": [ALL]})


def test_rows_changed_in_bulk_are_found() -> None:
    first, second = builders.snippet("Write a plan."), builders.snippet("Write a budget.")
    stored = second.search_text
    Snippet.objects.filter(pk=first.pk).update(search_text=stored)
    assert not found(QUERY)
    assert len(found("budget")) == 2
    Snippet.objects.filter(pk=first.pk).update(status="proposed")
    assert len(found("budget")) == 1
    second.revisions.all().delete()
    Snippet.objects.filter(pk=second.pk).delete()
    assert not found("budget")


def test_a_word_that_texts_have_is_no_typing_error(client_for: Any) -> None:
    """Even if nothing with it can be found now."""
    retired = builders.snippet("Water the plants.")
    builders.snippet("Write the plans.")
    library.set_status(snippet=retired, status="retired", by=builders.user("curator"))
    client = client_for("curator")
    for query in ("plants", "plant", "water plants"):
        assert not client.get("/library/", {"q": query}).context["page"].object_list
    assert client.get("/library/", {"q": "plamts"}).status_code == 200
