"""Which entries are sub-entries: by indentation, by numbering, by another bullet."""

from __future__ import annotations

from roles.importers import pasted_lines

_SLACK = 1  # columns that mean nothing: numbers are set flush right, copies are inexact
_SECOND = frozenset("o◦○‣⁃")  # what Word and browsers use on their second level


def depths(found: list[pasted_lines.RawLine]) -> list[int]:
    """How deep each entry is: 0, or 1 and more for a sub-entry."""
    styles = _Styles([line.style for line in found])
    is_loose = all(line.is_after_blank for line in found[1:])
    above: list[pasted_lines.RawLine] = []
    result: list[int] = []
    for place, line in enumerate(found):
        while above and not styles.is_inside(line, above, place):
            above.pop()
        result.append(len(above))
        after = found[place + 1] if place + 1 < len(found) else line
        if line.style or is_loose or not after.is_after_blank:  # a heading has nothing below
            above.append(line)
    return _lifted(found, result)


def _lifted(found: list[pasted_lines.RawLine], result: list[int]) -> list[int]:
    """Without the outermost level where that is only headings: what stands below them is the
    list. A first line without bullet over bulleted ones is one; so is a copy's first line that
    lost its indentation."""
    outer = [line.style for line, depth in zip(found, result, strict=True) if depth == 0]
    inner = [line.style for line, depth in zip(found, result, strict=True) if depth == 1]
    if not inner:
        return result
    is_only_first, has_more = len(outer) == 1, max(result) > 1
    is_headings = not any(outer) and all(inner) and (is_only_first or has_more)
    is_cut = is_only_first and has_more and outer[0] == inner[0]
    if is_headings or is_cut:
        return [max(0, depth - 1) for depth in result]
    return result


class _Styles:
    """The kinds of bullets and numbering of a paste, and which are below which."""

    def __init__(self, written: list[str]) -> None:
        self.last = {style: place for place, style in enumerate(written)}
        self.pairs: set[tuple[str, str]] = set()  # (outer, inner), as found

    def is_inside(
        self, line: pasted_lines.RawLine, above: list[pasted_lines.RawLine], place: int
    ) -> bool:
        """Whether a line is a sub-entry of the last one above it."""
        outer = above[-1]
        if abs(line.indent - outer.indent) > _SLACK:
            return line.indent > outer.indent
        if not line.style or not outer.style or line.style == outer.style:
            return False
        if any(line.style == other.style for other in above[:-1]):
            return False
        return self._is_below(outer.style, line.style, place)

    def _is_below(self, outer: str, inner: str, place: int) -> bool:
        """At the same indentation, another bullet is a level below if the one before comes
        again, if it is one of a second level, or if it has more parts."""
        if outer[0] == inner[0] == "1" and "." in inner[:-1]:
            return inner.count("1") > outer.count("1")
        if not (outer + inner).strip("*"):  # ** below * in a wiki
            return inner.startswith(outer)
        is_second = inner in _SECOND and outer not in _SECOND
        if is_second or self.last[outer] > place:
            self.pairs.add((outer, inner))
        return (outer, inner) in self.pairs
