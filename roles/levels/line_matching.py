"""Matches lines of different job descriptions by their wording, from level to level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from roles import folding
from roles.document import Document, DocumentLine
from roles.levels.level_values import LevelCell, LevelLine, LevelSection

# A text with more characters is compared only with texts that share half of its rarest words.
LONG = 200
RAREST = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """A line with its placeholders (`raw`) and as printed, with the comparison key of each."""

    raw: DocumentLine
    printed: DocumentLine
    raw_key: str
    key: str


def section(kind: str, documents: Sequence[tuple[Document, Document]]) -> LevelSection:
    """Returns one type of section for all levels. `documents` are pairs of the raw and the
    filled-in document. Matching lines share a thread number."""
    lines = [list(_lines(kind, raw, filled)) for raw, filled in documents]
    threads = [list(range(len(lines[0])))]
    entries = [[LevelLine(pair.printed) for pair in lines[0]]]
    dropped: list[tuple[DocumentLine, ...]] = [()]
    fresh = len(lines[0])
    for below, here in pairwise(lines):
        matched = _match(below, here)
        of_here = []
        for number in range(len(here)):
            if number in matched:
                of_here.append(threads[-1][matched[number]])
            else:
                of_here.append(fresh)
                fresh += 1
        entries.append(
            [_entry(p, below[matched[n]] if n in matched else None) for n, p in enumerate(here)]
        )
        taken = set(matched.values())
        dropped.append(tuple(p.printed for n, p in enumerate(below) if n not in taken))
        threads.append(of_here)
    return _without_shared(kind, threads, entries, dropped)


def _without_shared(
    kind: str,
    threads: Sequence[Sequence[int]],
    entries: Sequence[Sequence[LevelLine]],
    dropped: Sequence[tuple[DocumentLine, ...]],
) -> LevelSection:
    """Moves lines that are identical in all levels into `shared`."""
    everywhere = set(threads[0]).intersection(*threads[1:])
    changed = {
        thread
        for of_compared_level, made in zip(threads, entries, strict=True)
        for thread, entry in zip(of_compared_level, made, strict=True)
        if entry.is_reworded or entry.has_other_requirement
    }
    shared = everywhere - changed
    cells = tuple(
        LevelCell(
            tuple(e for t, e in zip(of_compared_level, made, strict=True) if t not in shared), gone
        )
        for of_compared_level, made, gone in zip(threads, entries, dropped, strict=True)
    )
    in_all = (e.line for t, e in zip(threads[0], entries[0], strict=True) if t in shared)
    return LevelSection(kind, tuple(in_all), cells)


def _lines(kind: str, raw: Document, filled: Document) -> Iterator[Pair]:
    for before, section in zip(raw.sections, filled.sections, strict=True):
        if section.kind == kind:
            pairs = zip(before.every_line(), section.every_line(), strict=True)
            yield from (_pair(*pair) for pair in pairs)


def _pair(raw: DocumentLine, printed: DocumentLine) -> Pair:
    key = folding.likeness_key(printed.text)
    is_same = raw.text == printed.text
    return Pair(raw, printed, key if is_same else folding.likeness_key(raw.text), key)


def _entry(here: Pair, below: Pair | None) -> LevelLine:
    if below is None:
        return LevelLine(here.printed)
    return LevelLine(here.printed, below.printed, is_reworded=_is_reworded(here, below))


def _is_reworded(here: Pair, below: Pair) -> bool:
    """Whether the printed wording differs. Two lines of the same raw text don't differ if one has
    a blank placeholder."""
    if here.key == below.key and _same(here.printed.detail, below.printed.detail):
        return False
    is_open = any(pair.printed.placeholders() for pair in (here, below))
    is_one_text = here.raw_key == below.raw_key and _same(here.raw.detail, below.raw.detail)
    return not (is_open and is_one_text)


def _same(one: str, other: str) -> bool:
    return one == other or folding.likeness_key(one) == folding.likeness_key(other)


def _match(below: Sequence[Pair], here: Sequence[Pair]) -> dict[int, int]:
    """Returns the index of each line here with that of its match below: identical as printed,
    then identical raw, then the most similar of the rest."""
    matched: dict[int, int] = {}
    left = dict(enumerate(below))
    for of in (attrgetter("key"), attrgetter("raw_key")):
        _match_same(here, left, matched, of)
    keys = {number: pair.key for number, pair in left.items()}
    homes: dict[str, list[int]] = {}
    for number, key in keys.items():
        for word in set(key.split()):
            homes.setdefault(word, []).append(number)
    for number, pair in enumerate(here):
        found = None if number in matched else _nearest(pair, keys, homes)
        if found is not None:
            matched[number] = found
            del keys[found]
    return matched


def _nearest(pair: Pair, keys: Mapping[int, str], homes: Mapping[str, list[int]]) -> int | None:
    """Returns the index of the most similar key, or None if none is similar enough. `homes` maps
    each word to the keys that contain it."""
    near = list(keys)
    if len(pair.key) > LONG:
        known = (homes.get(word) for word in set(pair.key.split()))
        rarest = sorted((of_word for of_word in known if of_word), key=len)[:RAREST]
        shared = Counter(number for of_word in rarest for number in of_word)
        near = sorted(n for n, count in shared.items() if n in keys and 2 * count >= len(rarest))
    found = folding.nearest(pair.printed.text, [keys[number] for number in near])
    return None if found is None else near[found[0]]


def _match_same(
    here: Sequence[Pair],
    left: dict[int, Pair],
    matched: dict[int, int],
    of: Callable[[Pair], str],
) -> None:
    """Matches lines with the same key, each once, and removes them from `left`."""
    waiting: dict[str, list[int]] = {}
    for number, pair in left.items():
        waiting.setdefault(of(pair), []).append(number)
    for number, pair in enumerate(here):
        same = waiting.get(of(pair)) if number not in matched else None
        if same:
            matched[number] = same.pop(0)
            del left[matched[number]]
