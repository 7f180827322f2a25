"""What people search for: the words and phrases of a query, and where a text has them.

All words must be in a text, in any order. The last one can be the beginning of a word, because
someone is still typing. Words in quotation marks must be next to each other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from roles import search_words
from roles.search_words import BEGINNING, BEGINNINGS, WHOLE, Token

WORDS_LIMIT = 12  # words of a query; more are ignored
_CONTEXT = 70  # characters shown on each side of the first word found
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')
# The ends of British words that have begun to be typed, and the same as they are stored.
_BRITISH_ENDS = (
    *(("is", "iz"), ("ou", "o"), ("tr", "ter"), ("br", "ber"), ("ogu", "og")),
    *(("enc", "ens"), ("ll", "l"), ("mm", "m")),
)
_LEAST_BEFORE = 3  # letters before such an end


@dataclass(frozen=True, slots=True)
class Term:
    """A stored term, or the beginning of one."""

    text: str
    is_beginning: bool = False

    @property
    def in_stored(self) -> str:
        """What a text of `search_words.search_text` contains if it has the term."""
        return f" {self.text}" if self.is_beginning else f" {self.text} "


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """The words, each as the terms of which a text must have one, and the phrases, each as the
    texts of which a stored text must contain one. `together` has those of the whole query."""

    words: tuple[tuple[Term, ...], ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    together: tuple[str, ...] = ()
    last: str = ""  # the word that could be the beginning of one; not if it is quoted

    def matches(self, stored: str) -> bool:
        """Returns whether a text of `search_words.search_text` has every word and phrase."""
        has_words = all(any(term.in_stored in stored for term in word) for word in self.words)
        return has_words and all(any(p in stored for p in phrase) for phrase in self.phrases)


@lru_cache(maxsize=500)
def parse(query: str) -> SearchQuery:
    """Returns what a person typed into a search field as a query. Without words it is empty, and
    matches everything."""
    text = search_words.composed(query)
    quoted = [match for match in _QUOTED.finditer(text) if match[1].strip()]
    words: list[tuple[Term, ...]] = []
    phrases: list[tuple[str, ...]] = []
    for match in quoted:
        found = search_words.tokens(match[1])
        words += _words(found, match[1], is_open=False)
        sequences = tuple(f" {phrase} " for phrase in search_words.phrases(found))
        phrases += [sequences] if sequences else []
    rest = _QUOTED.sub(" ", text)
    is_open = not (quoted and text.rstrip().endswith(quoted[-1][0]))
    found = search_words.tokens(rest)
    words += _words(found, rest, is_open=is_open)
    together = tuple(f" {phrase}" for phrase in search_words.phrases(found) if " " in phrase)
    last = next((t for t in reversed(found) if t.kind == "word"), None) if is_open else None
    return SearchQuery(
        words=tuple(words[:WORDS_LIMIT]),
        phrases=tuple(phrases),
        together=together,
        last=rest[last.start : last.end] if last else "",
    )


def _words(found: list[Token], text: str, *, is_open: bool) -> list[tuple[Term, ...]]:
    """Returns the terms of each word; a word that forms another one with its neighbors is found
    as part of that one, too."""
    joined = [token for token in found if token.kind == "joined"]
    single = [token for token in found if token.kind not in ("joined", "last")]
    words = []
    for token in single:
        is_last = is_open and token is single[-1]
        around = [other for other in joined if other.start <= token.start < other.end]
        # The e of e-mail is only found as part of it.
        own = [] if around and len(token.terms[0]) == 1 else [token]
        terms = [term for one in (*own, *around) for term in _terms(one, text, is_open=is_last)]
        words.append(tuple(dict.fromkeys(terms)))
    return words


def _terms(token: Token, text: str, *, is_open: bool) -> list[Term]:
    """Returns the terms under which a word is found: its stem and, if it might not be complete,
    all words that begin with the stem or with what was typed."""
    stem, typed = token.terms[0], text[token.start : token.end]
    is_letter = len(typed) == 1
    if token.kind == "unspaced":
        return [Term(stem, is_beginning=is_letter)]
    if not is_open or token.kind not in ("word", "joined") or (is_letter and typed.isupper()):
        return [Term(stem)]  # who types C as a capital means the word C
    whole = search_words.whole_words(token, text)
    # What begins with a whole word begins with its stem as well.
    terms = [Term(stem, is_beginning=len(stem) > BEGINNINGS and stem not in whole)]
    for word in whole:
        for beginning in _spellings(word):
            is_short = len(beginning) <= BEGINNINGS
            terms.append(Term(BEGINNING + beginning) if is_short else Term(WHOLE + beginning, True))
    return terms


def _spellings(beginning: str) -> list[str]:
    """Returns the beginning of a word, and of the same word in American spelling."""
    found = [beginning]
    for british, american in _BRITISH_ENDS:
        if beginning.endswith(british) and len(beginning) >= len(british) + _LEAST_BEFORE:
            found.append(beginning.removesuffix(british) + american)
    return found


# --- passages

Passage = list[tuple[str, bool]]  # the pieces of a text, and whether each is a word of the query


def passage(text: str, query: SearchQuery) -> Passage:
    """Returns the line of the text that fits the query best (with a phrase, else with most words),
    cut to a length that fits below a title, with the words of the query marked; empty if the text
    has none of them."""
    best: tuple[str, list[tuple[int, int]]] = ("", [])
    most = (False, 0)
    for line in unicodedata.normalize("NFC", text).split("\n"):
        stored = search_words.search_text(line)
        count = sum(any(term.in_stored in stored for term in word) for word in query.words)
        phrases = (*query.phrases, query.together)
        fit = (any(p in stored for phrase in phrases for p in phrase), count)
        if count and fit > most:
            most, best = fit, (line, _places(line, query))
    return _around(*best) if best[1] else []


def _places(line: str, query: SearchQuery) -> list[tuple[int, int]]:
    """Returns where the words of the query are in the line: start and end, in order, apart."""
    wanted = [term.in_stored for word in query.words for term in word]
    places: list[tuple[int, int]] = []
    hits = []
    for token in search_words.tokens(line):
        stored = f" {' '.join(search_words.terms_of(token, line))} "
        if any(term in stored for term in wanted):
            hits.append((token.start, token.end))
    for start, end in sorted(hits):
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return places


def _around(line: str, places: list[tuple[int, int]]) -> Passage:
    start = line.rfind(" ", 0, max(places[0][0] - _CONTEXT, 0)) + 1
    if places[0][0] - start > 2 * _CONTEXT:  # no space for long
        start = places[0][0] - _CONTEXT
    after = places[0][1] + 2 * _CONTEXT
    space = line.find(" ", after, after + _CONTEXT)
    end = len(line) if after >= len(line) else after if space < 0 else space
    pieces: Passage = [("…", False)] if start else []
    position = start
    for first, last in places:
        if first >= end:
            break
        pieces += [(line[position:first], False), (line[first : min(last, end)], True)]
        position = min(last, end)
    pieces += [(line[position:end], False), ("…" if end < len(line) else "", False)]
    return [piece for piece in pieces if piece[0]]
