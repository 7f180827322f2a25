"""A mix of searches, drawn from the words of the data."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

QUERIES = 200
PREFIXES = 40  # queries of one or two letters, as if someone has begun to type
WORDS = (1, 1, 2, 2, 3)  # of the other queries
LETTERS = re.compile(r"[^\W\d_]{3,}")


def queries(texts: Iterable[str], seed: int = 1) -> list[str]:
    """Returns QUERIES queries: words that one of the texts has, and beginnings of words."""
    rng = random.Random(seed)  # noqa: S311  # the same queries each time
    found = [LETTERS.findall(text) for text in texts]
    pool = [words for words in found if len(words) >= max(WORDS)]
    made = [rng.choice(rng.choice(pool))[: rng.choice((1, 2))].lower() for _ in range(PREFIXES)]
    while len(made) < QUERIES:
        made.append(" ".join(rng.sample(rng.choice(pool), rng.choice(WORDS))).lower())
    rng.shuffle(made)
    return made
