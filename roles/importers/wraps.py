"""Wrapped lines: which ones continue the line before, and how the two are joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from roles.importers import pasted_lines

SHORTEST = 30  # columns: nobody wraps lines at fewer
_HEADING = 60  # characters that a heading between bulleted lines has at most
_CLOSED = re.compile(r"[.!?:;…。؟।][)\]\"'”’»]?$")
_JOINERS = ("and ", "or ", "& ")
# A line that ends in one of these goes on; the second only where bullets show it too, for a
# heading may read "What we look for".
_LEADS_ON = frozenset(["and", "or", "nor", "the", "a", "an", "of", "&", "our", "your", "their"])
_MAY_LEAD_ON = _LEADS_ON.union(
    ["to", "for", "with", "in", "on", "at", "by", "from", "as", "across", "between", "into"],
    ["through", "within", "via", "per", "than", "that", "including", "under", "over", "using"],
)


def joined(written: list[pasted_lines.RawLine]) -> list[pasted_lines.RawLine]:
    """The lines with each continuation joined to what it continues."""
    page = _WrappedText(written)
    found: list[pasted_lines.RawLine] = []
    parts: list[str] = []
    for place, line in enumerate(written):
        if found and page.continues(found[-1], place):
            parts += (_between(written[place - 1], line), line.text)
            continue
        if found:
            found[-1] = replace(found[-1], text="".join(parts))
        found.append(line)
        parts = [line.text]
    if found:
        found[-1] = replace(found[-1], text="".join(parts))
    return found


def _between(before: pasted_lines.RawLine, after: pasted_lines.RawLine) -> str:
    """A space, or nothing inside a word. A visible hyphen stays where a line ended in one:
    only a dictionary could tell `co-/ordinate` from `respon-/sibilities`, and a lost hyphen
    is harder to see than one too many."""
    if before.is_hyphenated:
        return ""
    ends = before.text[-2:]
    is_inside = ends[:-1].isalnum() and ends[-1:] in "-‐/" and after.text[:1].isalnum()
    return "" if is_inside and not after.text.startswith(_JOINERS) else " "


class _WrappedText:
    """What all lines tell together about how they were wrapped."""

    def __init__(self, written: list[pasted_lines.RawLine]) -> None:
        self.written = written
        self.longest = max((len(line.text) for line in written), default=0)
        self.width = max(self._widths(), default=0)
        self.leads_to_mark = self._lead_to_mark()

    def _widths(self) -> Iterator[int]:
        """The lengths of lines that were wrapped for certain."""
        for line, after in zip(self.written, self.written[1:], strict=False):
            is_same = not after.style and not after.is_after_blank
            if is_same and len(line.text) >= SHORTEST and pasted_lines.starts_lower(after.text):
                yield len(line.text)

    def _lead_to_mark(self) -> list[bool]:
        """For each line, whether a bullet or number comes after it before a blank line."""
        result = [False] * (len(self.written) + 1)
        for place in range(len(self.written) - 2, -1, -1):
            after = self.written[place + 1]
            result[place] = not after.is_after_blank and (bool(after.style) or result[place + 1])
        return result

    def continues(self, first: pasted_lines.RawLine, place: int) -> bool:
        """Whether a line continues the one before it, in the entry that `first` began."""
        line, last = self.written[place], self.written[place - 1]
        if line.style:
            return False
        if line.is_after_blank:  # between two pages, or where every line has one after it
            words = _MAY_LEAD_ON if first.style else _LEADS_ON
            return pasted_lines.starts_lower(line.text) and _leads_on(last.text, words)
        if last.is_hyphenated or _is_in_brackets(last.text, line.text):
            return True
        if not first.style:
            return _continues_plain(first.text, last.text, line.text)
        if line.indent > first.indent:
            return self._continues_hanging(last.text, line.text)
        if pasted_lines.starts_lower(line.text):
            return (
                not pasted_lines.starts_lower(first.text)
                or _reach(last.text, line.text) >= SHORTEST
            )
        return self._continues_marked(last.text, line.text, place)

    def _continues_hanging(self, last: str, line: str) -> bool:
        """Below the text of a bullet: a wrapped line, unless it would have had room above."""
        if not pasted_lines.starts_upper(line) or _leads_on(last, _MAY_LEAD_ON):
            return True
        return _reach(last, line) >= max(SHORTEST, self.longest * 0.6)

    def _continues_marked(self, last: str, line: str, place: int) -> bool:
        """Below the bullet itself: a wrapped line, a heading, or a paragraph after the list."""
        leads_on = _leads_on(last, _MAY_LEAD_ON) or last.endswith(",")
        if line.endswith(":"):
            return leads_on
        if not pasted_lines.starts_upper(line):
            return not pasted_lines.starts_with_symbol(line)
        is_full = 0 < self.width * 0.8 < _reach(last, line)
        if len(line) <= _HEADING and not line.endswith((".", ",", ";", "!")):
            return leads_on or (is_full and not _is_closed(last))
        is_asked = last.endswith("?")  # and answered in this line
        return not _is_closed(last) or is_full or (self.leads_to_mark[place] and not is_asked)


def _continues_plain(first: str, last: str, line: str) -> bool:
    """Among lines without bullets each is an entry, unless it begins in lower case where
    entries do not."""
    if _leads_on(last, _LEADS_ON):
        return True
    if not pasted_lines.starts_lower(line) or pasted_lines.starts_lower(first) or _is_closed(last):
        return False
    return line.startswith(_JOINERS) or _reach(last, line) >= SHORTEST


def _reach(last: str, line: str) -> int:
    """How far the line before would have reached with the first word of this one."""
    return len(last) + 1 + len(line.split(None, 1)[0])


def _is_closed(text: str) -> bool:
    return bool(_CLOSED.search(text[-2:]))


def _leads_on(text: str, words: frozenset[str]) -> bool:
    return text[-20:].rsplit(None, 1)[-1].lower() in words


def _is_in_brackets(last: str, line: str) -> bool:
    """A bracket that is open at the end of one line and closed in the next."""
    end = line.find(")")
    return end >= 0 and "(" not in line[:end] and last.count("(") > last.count(")")
