"""Education and experience required by a line, in the terms of job postings.

Recognizes English only, like the library. Anything unrecognized is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

NO_REQUIREMENTS = "no requirements"  # Google's value where nothing is required
_CERTIFICATE = "professional certificate"

# Google's closed list, from the lowest level: words, and abbreviations whose capitals matter.
_LEVELS = {
    "high school": (
        r"high[- ]school|secondary (?:school|education)",
        r"\bGED\b|\bG\.E\.D\b|\bHiSET\b|\bA[- ][Ll]evels?\b",
    ),
    "associate degree": (
        r"\bassociate(?:['’]?s)?(?: \w+)? degree|\bassociate['’]s\b"
        r"|\bassociate of (?:applied |arts|science)|\b(?:two|2)-year degree",
        r"\bA\.A\.?S?\b|\bA\.S\b|\bAAS\b|\bA[AS](?= (?:in|degree|or)\b|[,;/]|$)",
    ),
    "bachelor degree": (
        r"\bbachelor|\bbaccalaureate|\bundergraduate|\b(?:four|4)-year degree|\bdegree in\b"
        r"|\bb\.?[as]c?\.?(?= (?:in|degree)\b)"
        r"|\b(?:university|college) degree|^(?:a )?(?:\w+ )?degree (?:is )?(?:required|needed)",
        r"\bB\.[AS]c?\b|\bBSc\b|\bB\.?(?:Eng|Com|Ed|Tech)\b|\bB(?:BA|SN|FA)\b|\bLL\.?B\b"
        r"|\bB[AS](?= (?:in|degree|or)\b|[,;/]|$)",
    ),
    "postgraduate degree": (
        r"\bmaster['’]?s\b|\bmaster of\b|\bmaster degree|\bpost-?graduate|\badvanced degree"
        r"|(?<!under)(?<!under-)graduate degree|\bdoctora|\bph\.?\s?d\b|\bmba\b",
        r"\bM\.[AS]c?\b|\bMSc\b|\bM\.?(?:Eng|Ed|Phil)\b|\bM(?:SN|SW|PH|PA|FA)\b|\bLL\.?M\b"
        r"|\bM[AS](?= (?:in|degree|or)\b)|\bJ\.?D\b|\bM\.D\b|\bPharm\.?D\b|\bDNP\b|\bEd\.?D\b",
    ),
    _CERTIFICATE: (
        r"\bcertificat|\bapprenticeship|\bvocational|\btrade school|\bprofessional licen[cs]e",
        r"\bCDL\b",
    ),
}
_PATTERNS = {
    level: re.compile(rf"(?i:{words})|{abbreviations}")
    for level, (words, abbreviations) in _LEVELS.items()
}
# Where a degree in general is the bachelor's, unless a level is named.
_BACHELOR = re.compile(r"(?i:bachelor|undergraduate|(?:four|4)-year)|\bB\.?[AS]|\bLL\.?B\b")
_PREFERRED = re.compile(
    r"\bprefer|\bplus\b(?! \d| years| months)|\bnice[- ]to[- ]have|\bdesir(?:ed|able)|\bideal"
    r"|\badvantage|\bbonus\b"
    r"|\boptional|\basset\b|\bhelpful|\bbeneficial|\bfavou?red\b|\bwelcome|\bappreciated",
    re.IGNORECASE,
)
_MARKED = r"\b(?:required|preferred|plus|desired|desirable|mandatory|optional|must|advantage)"
# Where one clause of a line ends and another begins.
_CLAUSE_ENDS = re.compile(
    r"[;\n()•]|(?<=[^\W\d_]{2})\.\s|\s[–—]\s|,?\s\b(?:but|while|although)\b"
    r"|,?\s(?=(?:preferably|ideally)\b)|,?\s\bwith\b(?=[^,;]*\b(?:prefer|plus\b|desir))",
    re.IGNORECASE,
)
_AFTER_MARK = re.compile(rf"({_MARKED})(?:,|\s+and\b|\.)\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"\(\s*\w+\s*\)")  # two (2) years
_INSTEAD = re.compile(
    r"\bor (?:\w+ ){0,3}?(?:equivalent|comparable|similar|relevant)\b(?! degree| qualification)"
    r"|\bor (?:\w+ ){0,2}?experience\b|\bexperience (?:may|can) (?:replace|substitute)",
    re.IGNORECASE,
)
_NO = (
    r"\bno (?!more|less|fewer|later)(?:[\w’'-]+ ){{0,3}}?(?:{0})"
    r"|\b(?:{0})s?(?:(?: is| are|['’]s)? not|\sisn['’]t|\saren['’]t)"
    r" (?:\w+ )?(?:required|need|necess)"
)
_NO_EDUCATION = re.compile(
    _NO.format("degree|diploma|education|schooling|qualification"), re.IGNORECASE
)
_NO_EXPERIENCE = re.compile(_NO.format("experience"), re.IGNORECASE)

_UNTIL_TWENTY = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_NUMBERS = {
    **{word: number for number, word in enumerate(_UNTIL_TWENTY)},
    **{"a": 1, "an": 1, "half a": 0.5, "twenty-four": 24, "thirty": 30, "thirty-six": 36},
}
_NUMBER = rf"(?:\d{{1,3}}(?:\.\d)?½?|½|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_PERIOD = re.compile(
    rf"(?<![\w.-])(?P<number>{_NUMBER})(?P<more>\s*(?:\+|plus\b|or more\b))?"
    rf"(?:\s*(?:to|-|–|or|and)\s*{_NUMBER}\s*\+?)?[\s-]*(?:(?!to\b|years|months)\w+\s)?"
    r"(?P<unit>years?|yrs?|months?|mos?)\b(?P<half> and a half)?"
    r"(?![’']?\s(?:old|of age))(?!-old)(?![\s-](?:degree|program|college|certificate))",
    re.IGNORECASE,
)
_NOT_A_MINIMUM = re.compile(
    r"\b(?:up to|less than|fewer than|under|maximum(?: of)?|within(?: the (?:last|past|first))?"
    r"|every|first|after|last|past)\s*$",
    re.IGNORECASE,
)


def levels(text: str, *, is_certificate: bool = False) -> Iterator[str]:
    """Yields the levels of education that the text requires: the lowest of alternatives, nothing
    that is only preferred, and NO_REQUIREMENTS if it says that none is needed. A degree of a named
    level doesn't also count as a degree in general."""
    required = [clause for clause in _clauses(text) if not _PREFERRED.search(clause)]
    found: dict[str, None] = {}
    for clause in required:
        if not _NO_EDUCATION.search(clause):
            found |= dict.fromkeys(_levels_of(clause))
    if is_certificate:
        yield from [level for level in found if level == _CERTIFICATE] or (
            [_CERTIFICATE] if required else []
        )
    elif not found and any(map(_NO_EDUCATION.search, required)):
        yield NO_REQUIREMENTS
    else:
        yield from found


def _levels_of(clause: str) -> list[str]:
    found = [level for level, pattern in _PATTERNS.items() if pattern.search(clause)]
    if len(found) > 1 and "bachelor degree" in found and not _BACHELOR.search(clause):
        found.remove("bachelor degree")
    is_choice = re.search(r"\bor\b|/|\bat least\b|\bminimum\b", clause, re.IGNORECASE)
    return found[:1] if is_choice else found


def is_preferred(heading: str) -> bool:
    """Returns whether a heading, such as *Nice to have*, is about what isn't required."""
    return bool(_PREFERRED.search(heading))


def takes_experience(text: str) -> bool:
    """Returns whether experience can replace the required education."""
    return bool(_INSTEAD.search(text))


def needs_no_experience(text: str) -> bool:
    """Returns whether the text says that no experience is needed."""
    return bool(_NO_EXPERIENCE.search(text))


def months(text: str) -> int:
    """Returns the months of experience that the text requires at least, or 0."""
    for clause in _clauses(_NUMBERED.sub("", text)):
        if _PREFERRED.search(clause):
            continue
        for found in _PERIOD.finditer(clause):
            if not _NOT_A_MINIMUM.search(clause[: found.start()]):
                return _months(found, clause)
    return 0


def _months(found: re.Match[str], clause: str) -> int:
    number = _number(found["number"]) + (0.5 if found["half"] else 0)
    if found["unit"].lower().startswith("m"):
        return round(number)
    more = re.match(rf" and ({_NUMBER}) months?\b", clause[found.end() :], re.IGNORECASE)
    return round(number * 12 + (_number(more[1]) if more else 0))


def _number(word: str) -> float:
    word = word.lower()
    if word in _NUMBERS:
        return float(_NUMBERS[word])
    return float(word.replace("½", "") or 0) + (0.5 if "½" in word else 0)


def _clauses(text: str) -> list[str]:
    """Returns the parts of a line, each with its own mark: `Bachelor's required; MBA a plus`."""
    parts = _CLAUSE_ENDS.split(_AFTER_MARK.sub(r"\1;", text))
    found: list[str] = []
    for part in parts:
        before, comma, last = part.rpartition(",")
        # Bachelor's, Master's preferred: two clauses. Bachelor's, Master's or PhD preferred: one.
        apart = comma and _PREFERRED.search(last) and not re.search(r"\bor\b", last)
        found += [before, last] if apart else [part]
    return [part for part in found if part.strip()]
