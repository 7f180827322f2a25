"""Education and experience required by a line, in the terms of job postings.

Recognizes English only, like the library. Anything unrecognized is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Google's closed list, with patterns. A line can match several.
_LEVELS = {
    "high school": r"high[- ]school|secondary school|\bged\b",
    "associate degree": r"\bassociate(?:['’]?s)?(?: \w+)? degree|\bassociate degree",
    "bachelor degree": (
        r"\bbachelor|\bundergraduate|four-year degree|\bdegree in\b|\b(?:university|college) degree"
        r"|\bb\.?[as]c?\.?(?= (?:in|degree)\b)"
    ),
    "postgraduate degree": (
        r"\bmaster['’]?s|\bmba\b|\bpostgraduate|(?<!under)graduate degree|\bdoctora|\bph\.?d\b"
    ),
    "professional certificate": (
        r"\bcertificat|\bapprenticeship|\bvocational|\bprofessional licen[cs]e"
    ),
}
_PATTERNS = {level: re.compile(words, re.IGNORECASE) for level, words in _LEVELS.items()}
_CERTIFICATE = "professional certificate"
_INSTEAD = re.compile(
    r"\bor (?:\w+ ){0,3}?(?:equivalent|comparable|similar|relevant)\b(?! degree| qualification)"
    r"|\bor (?:\w+ ){0,2}?experience\b|\bexperience (?:may|can) (?:replace|substitute)",
    re.IGNORECASE,
)
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_YEARS = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(_WORDS)})(?:\s*\+|\s*(?:to|-|–|or)\s*\w+)?[\s-]+(?:\w+ )?years?\b",
    re.IGNORECASE,
)


def levels(text: str, *, is_certificate: bool = False) -> Iterator[str]:
    """Returns the levels of education that the text requires. A degree of a named level doesn't
    also count as a degree in general."""
    found = [level for level, pattern in _PATTERNS.items() if pattern.search(text)]
    if is_certificate:
        yield from [level for level in found if level == _CERTIFICATE] or [_CERTIFICATE]
        return
    named = [level for level in found if level != "bachelor degree"]
    if named and not re.search(r"bachelor|undergraduate|four-year", text, re.IGNORECASE):
        yield from named
    else:
        yield from found


def takes_experience(text: str) -> bool:
    """Returns whether experience can replace the required education."""
    return bool(_INSTEAD.search(text))


def years(text: str) -> int:
    """Returns the smallest number of years in the text, or 0."""
    found = _YEARS.search(text)
    if found is None:
        return 0
    word = found[1].lower()
    return _WORDS.index(word) + 1 if word in _WORDS else int(word)
