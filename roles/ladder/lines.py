"""Lines of different job descriptions, matched by their words from rung to rung."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from roles import wording
from roles.document import Document, Line
from roles.ladder.values import Cell, Entry, Part


@dataclass(frozen=True, slots=True)
class Pair:
    """A line with its brackets, as the library has it, and as it is printed."""

    raw: Line
    printed: Line


def part(kind: str, documents: Sequence[tuple[Document, Document]]) -> Part:
    """One kind of section through all rungs: each document raw and filled in. A thread is what
    matches from rung to rung."""
    lines = [list(_lines(kind, raw, filled)) for raw, filled in documents]
    threads = [list(range(len(lines[0])))]
    entries = [[Entry(pair.printed) for pair in lines[0]]]
    dropped: list[tuple[Line, ...]] = [()]
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
    entries: Sequence[Sequence[Entry]],
    dropped: Sequence[tuple[Line, ...]],
) -> Part:
    """What all rungs say in the same words stands once, for all."""
    everywhere = set(threads[0]).intersection(*threads[1:])
    changed = {
        thread
        for of_rung, made in zip(threads, entries, strict=True)
        for thread, entry in zip(of_rung, made, strict=True)
        if entry.is_reworded or entry.is_asked_otherwise
    }
    shared = everywhere - changed
    cells = tuple(
        Cell(tuple(e for t, e in zip(of_rung, made, strict=True) if t not in shared), gone)
        for of_rung, made, gone in zip(threads, entries, dropped, strict=True)
    )
    in_all = (e.line for t, e in zip(threads[0], entries[0], strict=True) if t in shared)
    return Part(kind, tuple(in_all), cells)


def _lines(kind: str, raw: Document, filled: Document) -> Iterator[Pair]:
    for before, section in zip(raw.sections, filled.sections, strict=True):
        if section.kind == kind:
            pairs = zip(before.every_line(), section.every_line(), strict=True)
            yield from (Pair(*pair) for pair in pairs)


def _entry(here: Pair, below: Pair | None) -> Entry:
    if below is None:
        return Entry(here.printed)
    return Entry(here.printed, below.printed, is_reworded=_is_reworded(here, below))


def _is_reworded(here: Pair, below: Pair) -> bool:
    """Whether they are printed in other words; one text of the library, unanswered in one of
    them, is not."""
    if _words(here.printed) == _words(below.printed):
        return False
    is_open = any(pair.printed.placeholders() for pair in (here, below))
    return not (is_open and _words(here.raw) == _words(below.raw))


def _match(below: Sequence[Pair], here: Sequence[Pair]) -> dict[int, int]:
    """Place here to place below: as printed, then as the library has it, then the nearest of
    those that are left."""
    matched: dict[int, int] = {}
    left = dict(enumerate(below))
    for key in (_printed, _raw):
        _match_same(here, left, matched, key)
    numbers = list(left)
    keys = [_printed(left[number]) for number in numbers]
    for number, pair in enumerate(here):
        if number in matched or not keys:
            continue
        found = wording.nearest(pair.printed.text, keys)
        if found is not None:
            matched[number] = numbers.pop(found[0])
            keys.pop(found[0])
    return matched


def _match_same(
    here: Sequence[Pair],
    left: dict[int, Pair],
    matched: dict[int, int],
    key: Callable[[Pair], str],
) -> None:
    """Match what has the same key, each once, and take it from those that are left."""
    waiting: dict[str, list[int]] = {}
    for number, pair in left.items():
        waiting.setdefault(key(pair), []).append(number)
    for number, pair in enumerate(here):
        same = waiting.get(key(pair)) if number not in matched else None
        if same:
            matched[number] = same.pop(0)
            del left[matched[number]]


def _printed(pair: Pair) -> str:
    return wording.likeness_key(pair.printed.text)


def _raw(pair: Pair) -> str:
    return wording.likeness_key(pair.raw.text)


def _words(line: Line) -> tuple[str, str]:
    return wording.likeness_key(line.text), wording.likeness_key(line.detail)
