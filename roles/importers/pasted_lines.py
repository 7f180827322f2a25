"""The lines of a pasted text: reading them, and joining those that were wrapped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

TAB = 4  # columns

# A form feed is a page break in text from a PDF. A vertical tab (Word's manual line break) and
# U+2028 are breaks inside one paragraph: white space.
_BREAK = re.compile(r"\f?(?:\r\n|[\r\n\u2029])\f?|\f")
_CONTROLS = {code: " " for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r\f"}
_SOFT_HYPHEN = "\u00ad"
_REMOVED = dict.fromkeys(
    map(ord, f"{_SOFT_HYPHEN}\u200b\u2060\u2061\u2062\u2063\u2064\u180e\ufeff")
)

# Direction marks of Unicode; the opening and closing ones come in pairs.
_MARKS = "\u200e\u200f\u061c"
_OPENING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_CLOSING = "\u202c\u2069"
DIRECTIONS = _MARKS + _OPENING + _CLOSING
_SPACE = re.compile(r"\s+")
_INDENT = re.compile(rf"[\s{_MARKS}]*+")
_QUOTED = re.compile(r"(?:\s*+>)*+")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_OPENERS = "(\"'“‘«‹¿¡"
_FIRST_WORD = re.compile(rf"[{re.escape(_OPENERS)}]*+(\w{{1,40}})")

_ADDRESS = re.compile(r"\S{1,100}@\S|[a-z]{1,9}://|www\.", re.IGNORECASE)

_SHORTEST = 30  # columns; no text is wrapped at fewer
_HEADING_LIMIT = 60  # characters that a heading between bulleted lines has at most
_CLOSED = re.compile(r"[.!?:;…。؟।][)\]\"'”’»]?$")
_CONJUNCTIONS = ("and ", "or ", "& ")
# A line that ends in one of these words continues in the next. The second set applies only to
# bulleted lines, because a heading can read "What we look for".
_OPEN_ENDS = frozenset(["and", "or", "nor", "the", "a", "an", "of", "&", "our", "your", "their"])
_POSSIBLE_OPEN_ENDS = _OPEN_ENDS.union(
    ["to", "for", "with", "in", "on", "at", "by", "from", "as", "across", "between", "into"],
    [
        "through",
        "within",
        "via",
        "per",
        "than",
        "least",
        "most",
        "about",
        "that",
        "including",
        "under",
        "over",
        "using",
    ],
)


@dataclass(frozen=True, slots=True)
class RawLine:
    """One line that is not blank; once wrapped lines are joined, one entry."""

    text: str
    indent: int = 0  # columns before it
    is_after_blank: bool = False
    is_hyphenated: bool = False  # a soft hyphen at its end: the word continues
    style: str = ""  # the kind of bullet or numbering that was removed from it, if any
    cells: tuple[str, ...] = ()  # if it has tabs between its words
    is_heading: bool = False  # by its marks in Markdown
    detail: str = ""
    percent: int | None = None  # of working time, 1 to 100
    requirement: str = ""  # a key of vocabulary.REQUIREMENTS


def read(text: str) -> list[RawLine]:
    """The lines of a text that are not blank, with their bullets and numbering."""
    lines: list[RawLine] = []
    is_after_blank = False
    for raw in _without_quote_marks(_BREAK.split(text.translate(_CONTROLS))):
        visible = raw.translate(_REMOVED)
        if is_blank(visible):
            is_after_blank = bool(lines)
            continue
        start = _INDENT.match(visible).end()  # type: ignore[union-attr]  # it matches anything
        is_hyphenated = raw.rstrip().endswith(_SOFT_HYPHEN)
        text = _without_directions(visible[start:])
        lines.append(RawLine(text, _columns(visible[:start]), is_after_blank, is_hyphenated))
        is_after_blank = False
    return lines


def is_blank(text: str) -> bool:
    """Whether a text has no visible character."""
    return all(unicodedata.category(character) in _INVISIBLE for character in text)


def starts_lower(text: str) -> bool:
    """Whether the first word is in lower case: not iOS, not [industry], not 3rd."""
    match = _FIRST_WORD.match(text)
    return bool(match) and match[1][0].islower() and match[1].islower()  # type: ignore[index]


def starts_upper(text: str) -> bool:
    """Whether the first word begins with a capital; scripts without case have none."""
    return text.lstrip(_OPENERS)[:1].isupper()


def starts_with_symbol(text: str) -> bool:
    """Whether a text begins with an emoji or another symbol."""
    return unicodedata.category(text[0]) == "So"


def tidy(text: str) -> str:
    """A text on one line, with single spaces, without direction marks at its ends."""
    return _without_directions(_SPACE.sub(" ", text).strip(f" {_MARKS}")).strip(f" {_MARKS}")


def _without_directions(text: str) -> str:
    """A text without direction marks around the whole. Marks around single words stay: they are
    needed to read it."""
    inside = text.strip(f" {DIRECTIONS}")
    return text if any(character in inside for character in _OPENING + _CLOSING) else inside


def _without_quote_marks(lines: list[str]) -> list[str]:
    """The lines without the `>` that email programs put before each quoted line. It stays where
    only some lines have it."""
    quotes = [_QUOTED.match(line)[0].count(">") for line in lines if not is_blank(line)]  # type: ignore[index]
    common = min(quotes, default=0)
    if not common:
        return lines
    return [line.split(">", common)[-1].removeprefix(" ") for line in lines]


def _columns(before: str) -> int:
    count = 0
    for character in before:
        if character == "\t":
            count += TAB - count % TAB
        elif character not in _MARKS:
            count += 1
    return count


# --- wrapped lines


def join_wrapped(lines: list[RawLine]) -> list[RawLine]:
    """The lines, each joined with the wrapped lines that continue it."""
    wrapped = _WrappedText(lines)
    entries: list[RawLine] = []
    parts: list[str] = []
    for index, line in enumerate(lines):
        if entries and wrapped.continues(entries[-1], index):
            parts += (_joiner(lines[index - 1], line), line.text)
            continue
        if entries:
            entries[-1] = replace(entries[-1], text="".join(parts))
        entries.append(line)
        parts = [line.text]
    if entries:
        entries[-1] = replace(entries[-1], text="".join(parts))
    return entries


def _joiner(before: RawLine, after: RawLine) -> str:
    """Returns the text between two joined lines: a space, or nothing inside a word. A hyphen at
    the end of a line stays: only a dictionary can tell `co-/ordinate` from
    `respon-/sibilities`, and a missing hyphen is harder to see than an extra one."""
    if before.is_hyphenated:
        return ""
    end = before.text[-2:]
    is_inside = end[:-1].isalnum() and end[-1:] in "-‐/" and after.text[:1].isalnum()
    return "" if is_inside and not after.text.startswith(_CONJUNCTIONS) else " "


class _WrappedText:
    """The lines of a text, and what they show together about how it was wrapped."""

    def __init__(self, lines: list[RawLine]) -> None:
        self.lines = lines
        self.longest = max((len(line.text) for line in lines), default=0)
        self.width = max(self._widths(), default=0)
        self.leads_to_marker = self._find_leads_to_marker()

    def _widths(self) -> Iterator[int]:
        """The lengths of the lines that were certainly wrapped."""
        for line, after in zip(self.lines, self.lines[1:], strict=False):
            is_same = not after.style and not after.is_after_blank
            if is_same and len(line.text) >= _SHORTEST and starts_lower(after.text):
                yield len(line.text)

    def _find_leads_to_marker(self) -> list[bool]:
        """For each line, whether a bullet or number comes after it before a blank line."""
        result = [False] * (len(self.lines) + 1)
        for index in range(len(self.lines) - 2, -1, -1):
            after = self.lines[index + 1]
            result[index] = not after.is_after_blank and (bool(after.style) or result[index + 1])
        return result

    def continues(self, first: RawLine, index: int) -> bool:
        """Whether a line continues the one before it, in the entry that `first` began."""
        line, last = self.lines[index], self.lines[index - 1]
        if line.style or line.is_heading or last.is_heading or line.is_after_blank:
            return False
        if last.is_hyphenated or _is_in_brackets(last.text, line.text):
            return True
        if not first.style:
            return _continues_plain(first.text, last.text, line.text)
        if line.indent > first.indent:
            return self._continues_hanging(last.text, line.text)
        if starts_lower(line.text) and not _ADDRESS.match(line.text):
            is_long = _length_with_first_word(last.text, line.text) >= _SHORTEST
            return is_long or _is_open(last.text)
        return self._continues_bulleted(last.text, line.text, index)

    def _continues_hanging(self, last: str, line: str) -> bool:
        """A line below the text of a bullet is wrapped, unless its first word would have fit on
        the line before."""
        if not starts_upper(line) or _is_open(last):
            return True
        return _length_with_first_word(last, line) >= max(_SHORTEST, self.longest * 0.6)

    def _continues_bulleted(self, last: str, line: str, index: int) -> bool:
        """A line below the bullet itself can be wrapped, a heading, or a paragraph after the
        list."""
        is_open = _is_open(last)
        if line.endswith(":"):
            return is_open
        is_full = 0 < self.width * 0.8 < _length_with_first_word(last, line)
        if _has_no_case(line):
            is_full = max(_SHORTEST, self.longest * 0.8) < _length_with_first_word(last, line)
        if not starts_upper(line):
            return not starts_with_symbol(line) and (is_open or (is_full and not _is_closed(last)))
        if len(line) <= _HEADING_LIMIT and not line.endswith((".", ",", ";", "!")):
            return is_open or (is_full and not _is_closed(last))
        is_question = last.endswith("?")  # and this line is its answer
        return not _is_closed(last) or is_full or (self.leads_to_marker[index] and not is_question)


def _continues_plain(first: str, last: str, line: str) -> bool:
    """Without bullets, each line is an entry, unless it begins in lower case where entries
    don't."""
    if _ends_open(last, _OPEN_ENDS):
        return True
    if not starts_lower(line) or starts_lower(first) or _is_closed(last):
        return False
    return line.startswith(_CONJUNCTIONS) or _length_with_first_word(last, line) >= _SHORTEST


def _length_with_first_word(last: str, line: str) -> int:
    """The length of the line before, had it included the first word of this one."""
    return len(last) + 1 + len(line.split(None, 1)[0])


def _is_closed(text: str) -> bool:
    return bool(_CLOSED.search(text[-2:]))


def _is_open(text: str) -> bool:
    """Whether the end of a bulleted line shows that it continues."""
    return text.endswith((",", "-", "‐")) or _ends_open(text, _POSSIBLE_OPEN_ENDS)


def _has_no_case(text: str) -> bool:
    """Whether the first character is a letter of a script without capitals."""
    return unicodedata.category(text[0]) == "Lo"


def _ends_open(text: str, words: frozenset[str]) -> bool:
    return text[-20:].rsplit(None, 1)[-1].lower() in words


def _is_in_brackets(last: str, line: str) -> bool:
    """Whether a bracket is open at the end of one line and closed in the next."""
    end = line.find(")")
    return end >= 0 and "(" not in line[:end] and last.count("(") > last.count(")")
