"""Lines of different job descriptions, matched by their words from rung to rung."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from roles import wording
from roles.document import Document, Line
from roles.ladder.values import Cell, Entry, Part, Rung


def part(kind: str, rungs: Sequence[Rung]) -> Part:
    """One kind of section through all rungs. A thread is what matches from rung to rung."""
    lines = [list(_lines(kind, rung.document)) for rung in rungs]
    threads = [list(range(len(lines[0])))]
    entries = [[Entry(line) for line in lines[0]]]
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
            [Entry(ln, below[matched[n]] if n in matched else None) for n, ln in enumerate(here)]
        )
        taken = set(matched.values())
        dropped.append(tuple(ln for n, ln in enumerate(below) if n not in taken))
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


def _lines(kind: str, document: Document) -> Iterator[Line]:
    for section in document.sections:
        if section.kind == kind:
            yield from section.every_line()


def _match(below: Sequence[Line], here: Sequence[Line]) -> dict[int, int]:
    """Place here to place below: the same words first, then the nearest that are left."""
    left: dict[str, list[int]] = {}
    for number, line in enumerate(below):
        left.setdefault(_key(line), []).append(number)
    matched = {}
    for number, line in enumerate(here):
        if left.get(_key(line)):
            matched[number] = left[_key(line)].pop(0)
    rest = [(key, number) for key, numbers in left.items() for number in numbers]
    keys = [key for key, _number in rest]
    for number, line in enumerate(here):
        if number in matched or not keys:
            continue
        found = wording.nearest(line.text, keys)
        if found is not None:
            matched[number] = rest.pop(found[0])[1]
            keys.pop(found[0])
    return matched


def _key(line: Line) -> str:
    return wording.likeness_key(line.text)
