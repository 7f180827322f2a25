"""The indexes of the texts stored for search: kept by triggers, made again if incomplete, used."""

from __future__ import annotations

import pytest
from django.db import connection

from roles import search_query
from roles.models import JobDescription, Snippet, search_index
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DROPS = {
    "sqlite": "DROP TRIGGER roles_snippet_terms_update",
    "postgresql": "DROP TRIGGER roles_snippet_terms_rows ON roles_snippet",
}


def keys(index: search_index.SearchIndex, words: str) -> list[int]:
    with connection.cursor() as cursor:
        value = search_index.match_value(search_query.parse(words))
        cursor.execute(search_index.match_sql(index), [value])
        return sorted(key for (key,) in cursor.fetchall())


def test_a_missing_trigger_makes_the_index_again() -> None:
    """As after a table was made again by a migration on SQLite."""
    snippet = builders.snippet("Write a plan.")
    with connection.cursor() as cursor:
        cursor.execute(DROPS[connection.vendor])
    assert not search_index.is_complete(search_index.SNIPPETS, connection)
    other = Snippet.objects.get()
    other.search_text = " budget "
    other.save()
    assert keys(search_index.SNIPPETS, "plan") == [snippet.pk]
    search_index.install(connection)
    assert search_index.is_complete(search_index.SNIPPETS, connection)
    assert keys(search_index.SNIPPETS, "plan") == []
    assert keys(search_index.SNIPPETS, "budget") == [snippet.pk]


def test_a_deleted_draft_leaves_the_index() -> None:
    jd = builders.description()
    builders.add_line(jd, jd.sections.all()[0].uid, "Maintain ventilators.")
    assert keys(search_index.DRAFTS, "ventilators") == [jd.pk]
    JobDescription.objects.filter(pk=jd.pk).delete()
    assert keys(search_index.DRAFTS, "ventilators") == []


@pytest.mark.parametrize(
    "words", ["'", '"', "\\", "a'b", 'say "hi', "a:*b", "(x", "x|y", "!", "NOT", "=a", ":k", "^"]
)
def test_signs_of_the_query_languages_are_no_commands(words: str) -> None:
    builders.snippet("It's a plan: say hi.")
    list(Snippet.objects.all().matching(words))
    list(JobDescription.objects.all().matching(words))


PLANS = {"sqlite": "VIRTUAL TABLE INDEX", "postgresql": "roles_snippet_terms_gin"}


def test_the_index_is_used() -> None:
    builders.snippet("Write a plan.")
    matches = search_index.match_sql(search_index.SNIPPETS)
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which reads small tables in other ways
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_indexscan = off")
        value = search_index.match_value(search_query.parse("plan"))
        cursor.execute(f"{explain} {matches}", [value])
        assert PLANS[connection.vendor] in str(cursor.fetchall())
