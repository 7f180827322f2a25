"""Matches the items of two documents by identity, never by position, and merges their order."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")
Key = tuple[Hashable, int]  # an identity and its occurrence number, because names can repeat


def keyed(things: Iterable[Thing], identity: Callable[[Thing], Hashable]) -> dict[Key, Thing]:
    """Returns the items by key, in their order."""
    seen: Counter[Hashable] = Counter()
    found = {}
    for thing in things:
        name = identity(thing)
        found[name, seen[name]] = thing
        seen[name] += 1
    return found


def unmoved(old: Sequence[Key], new: Sequence[Key]) -> set[Key]:
    """Returns a longest common subsequence of the keys in both lists. All other shared keys have
    moved, so dragging one line counts as one move."""
    where = {key: number for number, key in enumerate(old)}
    kept = [key for key in new if key in where]
    tails: list[int] = []  # the smallest last index of a run of each length
    ends: list[Key] = []
    before: dict[Key, Key | None] = {}
    for key in kept:
        length = bisect_left(tails, where[key])
        before[key] = ends[length - 1] if length else None
        tails[length : length + 1] = [where[key]]
        ends[length : length + 1] = [key]
    found = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found


def steps(old: Sequence[Key], new: Sequence[Key]) -> dict[Key, int]:
    """Returns how far each shared key moved among the shared keys; up is negative."""
    shared = set(old) & set(new)
    earlier = {key: n for n, key in enumerate(key for key in old if key in shared)}
    return {key: n - earlier[key] for n, key in enumerate(key for key in new if key in shared)}


def merged(
    old: Sequence[Key], new: Sequence[Key], stable: Collection[Key]
) -> Iterator[tuple[Key, bool]]:
    """Yields the keys in reading order, each with whether it comes from the new list. Old keys
    that aren't stable follow the stable key they came after."""
    gone: dict[Key | None, list[Key]] = {}
    anchor: Key | None = None
    for key in old:
        if key in stable:
            anchor = key
        else:
            gone.setdefault(anchor, []).append(key)
    yield from ((key, False) for key in gone.get(None, ()))
    for key in new:
        yield key, True
        if key in stable:
            yield from ((other, False) for other in gone.get(key, ()))


def pairs(
    old: Iterable[Thing], new: Iterable[Thing], identity: Callable[[Thing], Hashable]
) -> Iterator[tuple[str, Thing | None, Thing | None, int]]:
    """Yields state, old item, new item, and steps, in reading order, for items that can't leave
    their list. The old position of a moved item is left out."""
    earlier, later = keyed(old, identity), keyed(new, identity)
    stable = unmoved(list(earlier), list(later))
    went = steps(list(earlier), list(later))
    for key, is_new in merged(list(earlier), list(later), stable):
        if not is_new:
            if key not in later:
                yield "removed", earlier[key], None, 0
        elif key not in earlier:
            yield "added", None, later[key], 0
        else:
            state = "kept" if key in stable else "moved"
            yield state, earlier[key], later[key], went[key] if key not in stable else 0
