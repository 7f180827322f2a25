"""Pairs in a pasted list: a text with its detail, and a text with its percent of time.

The cells of a row, a question and its answer, a title and its paragraph; `40% – Plan the week`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from roles.importers.pasted_lines import RawLine, tidy

_SHARE = r"(?:approx\.? |about |ca\.? |~)?(\d{1,3})\s?(?:%|percent)(?: of (?:the |your )?time)?"
_PERCENT = re.compile(rf"\(?{_SHARE}\)?$", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?:{_SHARE}\s*[-–—:]\s+|[(\[]{_SHARE}[)\]]\s*[-–—:]?\s*)(?=\S)", re.IGNORECASE
)
_AFTER = re.compile(rf"(?:\s+[-–—]\s+|\s*:\s+){_SHARE}$|\s+[(\[]{_SHARE}[)\]]$", re.IGNORECASE)
_BARE = re.compile(r"(\d{1,3})\s?%\s+(?=\S)")
_TITLE_LIMIT = 60  # characters that a title above a paragraph has at most
_PARAGRAPH_LENGTH = 80  # characters that a paragraph below a title has at least
_END_OF_SENTENCE = re.compile(r"[.!。！।؟?…][)\]\"'”’»]?$")
_QUESTION = re.compile(r"[?？؟][)\]\"'”’»]?$")


def read_rows(lines: list[RawLine], *, has_percent: bool) -> list[RawLine]:
    """The rows of a table: the first cell is the text, a percentage is the percent of time (with
    `has_percent`), and the other cells are the detail."""
    return [_read_row(line, has_percent) if len(line.cells) > 1 else line for line in lines]


def _read_row(line: RawLine, has_percent: bool) -> RawLine:
    cells = [cell for cell in line.cells if cell]
    percents = [cell for cell in cells if _percent(_PERCENT.fullmatch(cell))]
    if has_percent and len(percents) == 1 and len(cells) > 1:
        cells.remove(percents[0])
        line = replace(line, percent=_percent(_PERCENT.fullmatch(percents[0])))
    return replace(line, text=tidy(cells[0]), detail=" ".join(cells[1:])) if cells else line


def read_percents(lines: list[RawLine]) -> list[RawLine]:
    """The lines, with `40% – ` or `(40%)` before a text as its percent of time; also ` – 40%` and
    ` (40%)` after it, if several lines have it and the sum is at most 100; and `40% ` alone before
    each text, if the sum is 100."""
    bare = [_percent(_BARE.match(line.text)) for line in lines]
    if len(lines) > 1 and all(bare) and sum(filter(None, bare)) == 100:
        return [
            replace(line, text=_BARE.sub("", line.text, count=1), percent=percent)
            for line, percent in zip(lines, bare, strict=True)
        ]
    lines = [_percent_before(line) for line in lines]
    after = [_percent(_AFTER.search(line.text)) for line in lines]
    known = [percent for percent in after if percent]
    if len(known) < 2 or sum(known) > 100:
        return lines
    return [
        replace(line, text=_AFTER.sub("", line.text), percent=percent)
        if percent and line.percent is None
        else line
        for line, percent in zip(lines, after, strict=True)
    ]


def _percent_before(line: RawLine) -> RawLine:
    match = _BEFORE.match(line.text)
    percent = _percent(match)
    if match is None or percent is None or line.percent is not None:
        return line
    return replace(line, text=line.text[match.end() :], percent=percent)


def _percent(match: re.Match[str] | None) -> int | None:
    """The percent of time that was matched, 1 to 100, or None."""
    found = int(next(filter(None, match.groups()))) if match else 0
    return found if 1 <= found <= 100 else None


def read_paragraphs(lines: list[RawLine]) -> list[RawLine]:
    """The lines, with each question and the line after it as one, and each title and the
    paragraph after it if the whole text consists of such pairs."""
    if all(line.style for line in lines):
        return lines
    if _are_titles_with_paragraphs(lines):
        return [_joined(one, other) for one, other in zip(lines[::2], lines[1::2], strict=True)]
    found: list[RawLine] = []
    for line in lines:
        if found and _answers(found[-1], line):
            found[-1] = _joined(found[-1], line)
        else:
            found.append(line)
    return found


def _joined(text: RawLine, detail: RawLine) -> RawLine:
    return replace(text, detail=detail.text, is_heading=False)


def _answers(question: RawLine, line: RawLine) -> bool:
    is_question = bool(_QUESTION.search(question.text)) and not question.detail
    is_plain = not line.style and not line.is_heading and not _QUESTION.search(line.text)
    return is_question and is_plain


def _are_titles_with_paragraphs(lines: list[RawLine]) -> bool:
    if len(lines) < 4 or len(lines) % 2 or any(line.detail for line in lines):
        return False
    titles, paragraphs = lines[::2], lines[1::2]
    return all(
        len(title.text) <= _TITLE_LIMIT and not _END_OF_SENTENCE.search(title.text)
        for title in titles
    ) and all(
        not line.style
        and len(line.text) >= _PARAGRAPH_LENGTH
        and _END_OF_SENTENCE.search(line.text)
        for line in paragraphs
    )
