"""Placeholders as other systems and people write them: `{{company_name}}`, `<Company Name>`,
`XXXX`, `____`, TBD, lorem ipsum. They block approval until they are replaced, or converted into
the product's own, in brackets.

These functions work on strings only, without Django or the document model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NAME = r"[^\W\d_][\w .,/&'’-]{0,58}"
_IN_ANGLES = r"[^\W\d_][^\W\d_][\w/&'’-]*(?: [\w/&'’-]+){0,7}"
_FOREIGN = re.compile(
    "|".join(
        (
            rf"\{{\{{\s*(?P<braces>{_NAME})\s*\}}\}}",  # {{company_name}}
            rf"\$\{{(?P<shell>{_NAME})\}}",  # ${company_name}
            rf"(?<!\w)\{{(?P<brace>{_NAME})\}}",  # {company name}
            r"%(?P<percent>[A-Z][A-Z_]{2,40})%",  # %COMPANY%
            rf"(?<![\w<])<(?P<angle>{_IN_ANGLES})>",  # <Team>
            rf"(?<![\w<])<<(?P<angles>{_IN_ANGLES})>>",  # <<Team>>, of a mail merge
            r"\b(?i:insert (?P<insert>\w{1,20}(?: \w{1,20}){0,2}) here)\b",
            r"(?P<rest>(?<!\w)\$(?:X+(?:,X+)*|Y{2,}(?:,Y+)*)(?!\w)"  # $XX,XXX to $YY,YYY
            r"|(?<!\w)x{4,}(?!\w)"
            r"|(?<!\w)X{3,}(?:[-/.,]X{2,})*(?!\w)|(?<!\w)XX(?:[-/.]X{2,})+(?!\w)"  # XX/XX/XXXX
            r"|(?<!\w)[Xx]{2,}(?=\+?\s?(?:%|years?\b|hours?\b|days?\b|employees\b|people\b))"
            r"|_{3,}|\?{3,}|(?<![\w.])(?:TBD|TBC|TBA|tbd|tbc|tba|T\.B\.[DCA]\.?)(?!\w)"
            r"|\b(?i:lorem ipsum)\b)",
        )
    )
)
# What converted ones are called where the text has no name for them.
_NAMES = {"_": "text to fill in", "?": "to be decided", "t": "to be decided", "l": "text", "y": "Y"}


@dataclass(frozen=True, slots=True)
class ForeignPlaceholder:
    """One of them: its offsets, its text, and the placeholder in brackets that could replace it."""

    start: int
    end: int
    raw: str
    replacement: str


def find(text: str) -> list[ForeignPlaceholder]:
    """Returns those of a text, in order."""
    return [
        ForeignPlaceholder(match.start(), match.end(), match[0], f"[{_name(match)}]")
        for match in _FOREIGN.finditer(text)
        if not _is_markup(match)
    ]


def converted(text: str, raw: str = "") -> str:
    """Returns the text with those in brackets that `find` returns; with `raw`, only those that are
    written like this."""
    for found in reversed(find(text)):
        if raw in ("", found.raw):
            text = text[: found.start] + found.replacement + text[found.end :]
    return text


def words(texts: Iterable[str]) -> list[str]:
    """Returns each of them in these texts once, as they are written."""
    return list(dict.fromkeys(found.raw for text in texts for found in find(text)))


def _name(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    if kind == "rest":
        first = match[0].lstrip("$")[0].lower()
        return _NAMES.get(first, "X")
    return " ".join(match[kind].replace("_", " ").split())


def _is_markup(match: re.Match[str]) -> bool:
    """Whether a text in angle brackets is a tag of HTML, which some jobs are about."""
    tag = (match["angle"] or "").split(" ")[0].lower()
    return tag in (
        "div",
        "span",
        "table",
        "script",
        "html",
        "body",
        "head",
        "img",
        "br",
        "li",
        "ul",
    )
