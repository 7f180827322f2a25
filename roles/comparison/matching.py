"""Which things of two documents are the same, by identity and never by position, and the order
in which both are read together."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")
Key = tuple[Hashable, int]  # an identity, and the how-manieth of it: a name may come twice


def keyed(things: Iterable[Thing], identity: Callable[[Thing], Hashable]) -> dict[Key, Thing]:
    """The things by key, in their order."""
    seen: Counter[Hashable] = Counter()
    found = {}
    for thing in things:
        name = identity(thing)
        found[name, seen[name]] = thing
        seen[name] += 1
    return found


def unmoved(old: Sequence[Key], new: Sequence[Key]) -> set[Key]:
    """Of the keys in both, a longest run that is in the same order in both: all others
    moved, so that one dragged line is one move."""
    where = {key: number for number, key in enumerate(old)}
    kept = [key for key in new if key in where]
    tails: list[int] = []  # the smallest last place of a run of each length
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
    """How far each key in both went among those in both: up is negative."""
    shared = set(old) & set(new)
    earlier = {key: n for n, key in enumerate(key for key in old if key in shared)}
    return {key: n - earlier[key] for n, key in enumerate(key for key in new if key in shared)}


def merged(
    old: Sequence[Key], new: Sequence[Key], stable: Collection[Key]
) -> Iterator[tuple[Key, bool]]:
    """The keys in reading order, each with whether it is in the new order: those of the
    old one that are not stable follow the stable one that they were behind."""
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
    """State, old and new thing, and steps, in reading order: for things that stay in one list.
    The place that a moved thing left is not shown."""
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
