"""The mix of searches of the benchmarks."""

from __future__ import annotations

from bench import query_mix

TEXTS = ["Prepare renewal plans with the team.", "Review the monthly figures of accounts.", "Two"]


def test_a_fifth_are_beginnings_and_the_rest_words_of_one_text() -> None:
    made = query_mix.queries(TEXTS)
    assert len(made) == query_mix.QUERIES
    short = [query for query in made if len(query) <= 2]
    assert len(short) == query_mix.QUERIES / 5
    texts = [text.lower() for text in TEXTS]
    for query in made:
        assert any(all(word in text for word in query.split()) for text in texts), query
    assert max(len(query.split()) for query in made) == 3


def test_the_same_seed_gives_the_same_queries() -> None:
    assert query_mix.queries(TEXTS, 3) == query_mix.queries(TEXTS, 3)
    assert query_mix.queries(TEXTS, 3) != query_mix.queries(TEXTS, 4)
