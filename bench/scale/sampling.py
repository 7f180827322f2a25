"""Random choices, and the size of bulk statements."""

from __future__ import annotations

import random
from typing import TypeVar

STATEMENT_ROWS = 500  # rows of one INSERT

Item = TypeVar("Item")


def weighted(rng: random.Random, weights: dict[Item, int]) -> Item:
    """One key of `weights`, as often as its value says."""
    return rng.choices(list(weights), list(weights.values()))[0]


def random_uid(rng: random.Random) -> str:
    return f"{rng.getrandbits(64):016x}"
