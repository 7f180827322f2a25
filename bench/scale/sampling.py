"""Random choices, and the batch size of inserts."""

from __future__ import annotations

import random
from typing import TypeVar

STATEMENT_ROWS = 500  # rows of one INSERT

Item = TypeVar("Item")


def weighted(rng: random.Random, weights: dict[Item, int]) -> Item:
    """Returns a random key of `weights`, in proportion to its value."""
    return rng.choices(list(weights), list(weights.values()))[0]


def random_uid(rng: random.Random) -> str:
    return f"{rng.getrandbits(64):016x}"
