"""Required and preferred in a pasted list: `(required)` behind a line, a cell that says so, and a
heading such as *Preferred qualifications* above the lines that it's about."""

from __future__ import annotations

import re
from dataclasses import replace

from roles.importers.pasted_lines import RawLine

# The words that people use, by key of vocabulary.REQUIREMENTS.
_WORDS = {
    "required": (
        "required|mandatory|must[- ]haves?|minimum|basic"
        "|erforderlich|zwingend|requis(?:es|e)?|exig(?:ées|és|ée|é)"
        "|obligatori[oa]s?|requerid[oa]s?|imprescindibles?"
    ),
    "preferred": (
        "preferred|desired|desirable|nice[- ]to[- ]haves?|a plus|bonus|optional|advantageous"
        "|wünschenswert|von vorteil|souhait(?:ées|és|ée|é)|un plus|deseables?|valorables?"
    ),
}
_OF_WHAT = (
    "qualifications?|skills?|requirements?|experience|education|knowledge|competenc(?:y|ies)"
    "|certifications?|licenses?|criteria"
)
_KEYS = {key: re.compile(words, re.IGNORECASE) for key, words in _WORDS.items()}
_ANY = "|".join(_WORDS.values())
_BEHIND = re.compile(rf"\s*(?:[(\[]\s*({_ANY})\s*[)\]]|\s[-–—]\s({_ANY}))[.;,]?$", re.IGNORECASE)
_HEADING = re.compile(
    rf"(?:({_ANY})(?:\s(?:{_OF_WHAT}))?|(?:{_OF_WHAT})\s?[-–—:(]\s?({_ANY})\)?):?", re.IGNORECASE
)


def read(lines: list[RawLine]) -> list[RawLine]:
    """The lines with what they say about being required or preferred as their `requirement`. A
    heading that says no more than that is left out, and marks the lines up to the next heading."""
    found: list[RawLine] = []
    current = ""
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        of_heading = _requirement(_HEADING.fullmatch(line.text)) if _is_above(line) else ""
        if of_heading and following is not None and not following.is_heading:
            current = of_heading
            continue
        if line.is_heading:
            current = ""
        found.append(_marked(line, current))
    return found


def _is_above(line: RawLine) -> bool:
    return line.is_heading or not (line.style or line.detail)


def _marked(line: RawLine, current: str) -> RawLine:
    in_cell = _requirement(re.fullmatch(f"({_ANY})", line.detail, re.IGNORECASE))
    if in_cell:
        return replace(line, detail="", requirement=in_cell)
    match = _BEHIND.search(line.text)
    own = _requirement(match) if match and match.start() else ""
    if own and match:
        return replace(line, text=line.text[: match.start()], requirement=own)
    return replace(line, requirement=current)


def _requirement(match: re.Match[str] | None) -> str:
    """The key of the words that were matched, or ""."""
    words = next(filter(None, match.groups()), "") if match else ""
    return next((key for key, pattern in _KEYS.items() if pattern.fullmatch(words)), "")
