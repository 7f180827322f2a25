"""Limits what takes a layout more time than it is worth: invisible characters, marks on marks, and
words longer than a line. Only in print: the text on the screen, in data, and in hashes is
unchanged.
"""

from __future__ import annotations

import re
import unicodedata

MARKS_LIMIT = 8  # combining marks on one character; the most in any orthography is six
HYPHENS_LIMIT = 20  # soft hyphens in a word longer than a line
FORMATS_LIMIT = 8  # invisible characters in a row; the flag of England has six
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"
_SEPARATORS = dict.fromkeys(map(ord, "\x85\u2028\u2029"), " ")  # browsers show a space
_UNIT = r"(?:&[#\w]+;|[^ \t\n<>&])"  # a character or an entity, outside tags
_IDLE_HYPHEN = re.compile(r"(?<![^\W\d_]{2})\xad|\xad(?![^\W\d_]{2})")
_LONG_WORD = re.compile(f"<[^>]*>|{_UNIT}{{80,}}")  # or a tag, which stays as it is
_PIECE = re.compile(_UNIT + "{10}")


def limited(page: str) -> str:
    """Returns the page of HTML with the limits applied to its body."""
    head, end, body = page.partition("</head>")
    body = _with_few_marks(body.translate(_SEPARATORS))
    return head + end + _LONG_WORD.sub(_breakable, _with_few_formats(body))


def _with_few_marks(text: str) -> str:
    """Returns the text with at most MARKS_LIMIT marks on each character."""
    marks = _of_category(text, "Mn", "Me")
    if not marks:
        return text
    return re.sub(f"([{marks}]{{{MARKS_LIMIT}}})[{marks}]+", r"\1", text)


def _with_few_formats(text: str) -> str:
    """Returns the text without repeated invisible characters, and with soft hyphens only between
    two letters on both sides. WeasyPrint tries every soft hyphen for every line."""
    formats = _of_category(text, "Cf")
    if not formats:
        return text
    text = re.sub(f"([{formats}])\\1+", r"\1", text)
    text = re.sub(f"([{formats}]{{{FORMATS_LIMIT}}})[{formats}]+", r"\1", text)
    return _IDLE_HYPHEN.sub("", text)


def _breakable(word: re.Match[str]) -> str:
    """Returns a long word with places to break. Without them, WeasyPrint measures the rest of the
    word for every line (100 seconds instead of 6)."""
    text = word[0]
    if text.startswith("<"):
        return text
    if text.count(_SOFT_HYPHEN) > HYPHENS_LIMIT:
        text = text.replace(_SOFT_HYPHEN, "")
    return _PIECE.sub(lambda piece: piece[0] + _ZERO_WIDTH_SPACE, text)


def _of_category(text: str, *categories: str) -> str:
    """Returns the characters of these Unicode categories in the text, for a set in a pattern."""
    found = (c for c in set(text) if not c.isascii() and unicodedata.category(c) in categories)
    return re.escape("".join(sorted(found)))
