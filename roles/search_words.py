"""The words of a text for search, and the passage of a text that a query finds.

A word is stored as its stem, in one spelling. `C#`, `.NET` and `R&D` are words of their own.
Words with a hyphen are stored joined, too, as are pairs such as *follow up*. Scripts without spaces
are stored as pairs of letters, so that any part of a sentence can be found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from roles import folding, spellings

_UNSPACED = folding.UNSPACED_OR_KOREAN
# Marks that belong to a letter, with the letters of Indic scripts, whose vowels are marks.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0900-\u0963\u0966-\u096f\u0971-\u0df3\u20d0-\u20f0\ufe20-\ufe2f"
)
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W_]|[{_MARKS}])"
_TOKEN = re.compile(
    rf"""
    (?P<dotted>(?<![\w.])(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?)        # U.S., e.g.
    | (?P<sign>(?<!\w)\.[^\W\d_]\w*|\.(?:net|js|io)\b                    # .NET, Node.js
        |(?<!\w)[^\W\d_][^\W_]*(?:\+{{1,2}}|\#)(?![\w+\#]))              # C++, A+, C#
    | (?P<pair>(?<!\w)(?:[^\W_]{{1,2}}[ ]?&[ ]?[^\W_]{{1,2}}             # R&D, S & OP
        |[^\W\d_][ ]and[ ][^\W\d_]|[^\W_]/[^\W_]|\d\d?/\d)(?![\w+\#]))   # R and D, A/B, 24/7
    | (?P<unspaced>[{_UNSPACED}]+)
    | (?P<word>{_LETTER}+(?:[’']{_LETTER}+)*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\ufe00-\ufe0f]")
_PART = re.compile(r"[^\W_]+")
_HYPHENS = ("-", "‐", "‑")
# A word is also stored joined with the next one if that is often done: after one of the first,
# before one of the second, and for verbs before "in" and "on"; never after the last.
_JOINING = (
    "e co non multi pre post sub cross self inter anti semi micro macro mid extra ultra",
    "up out off down over back away through base board book boarding building call care cent day"
    " flow force hand house keeping life line list load mail making maker place room sheet shop"
    " site solving sourcing stream time ware wide week work working",
    "add built buy check drop log opt plug sign stand walk",
    "a all an and any at each every for is of or our some that the their this to with your",
)
_BEFORE_JOINED, _JOINED_AFTER, _JOINED_VERBS, _NEVER_JOINED = (
    frozenset(words.split()) for words in _JOINING
)
_CHAIN = 4  # words with hyphens that are stored joined
_LETTERS = 60  # letters of a word that are searched
_CONTEXT = 70  # characters shown on each side of the first word found


@dataclass(frozen=True, slots=True)
class _Token:
    """A place in a text, and the terms under which it is found; the first is the exact one."""

    start: int
    end: int
    kind: str
    terms: tuple[str, ...]


def stems(text: str) -> tuple[str, ...]:
    """Returns the terms under which the words of a text are found, in order."""
    return tuple(term for token in _tokens(_composed(text)) for term in token.terms)


def search_text(*texts: str) -> str:
    """Returns the text stored for search: distinct terms with a space before each and one at the
    end, so that ` manag` matches the beginning of a word only."""
    seen = dict.fromkeys(term for text in texts for term in stems(text))
    return " " + " ".join(seen) + " " if seen else ""


def one_a_line(texts: Iterable[str]) -> str:
    """Returns the texts, each once and on a line of its own, as `passage` takes them."""
    lines = dict.fromkeys(" ".join(text.split()) for text in texts)
    return "\n".join(line for line in lines if line)


def query_words(query: str) -> list[tuple[str, ...]]:
    """Returns the words of a query, each as the alternatives that can be contained in a text of
    `search_text`: the beginning of a term or, for a single letter, all of it."""
    tokens = _tokens(_composed(query))
    joined = [token for token in tokens if token.kind == "joined"]
    found = []
    for token in tokens:
        if token.kind in ("joined", "last"):
            continue
        around = [other for other in joined if other.start <= token.start < other.end]
        terms = [other.terms[0] for other in around]
        if not _is_prefix_of_joined(token, around):
            terms.insert(0, token.terms[0])
        found.append(tuple(f" {term} " if _is_letter(term) else f" {term}" for term in terms))
    return found


def has_words(stored: str, words: list[tuple[str, ...]]) -> bool:
    """Returns whether a text of `search_text` has every word (from `query_words`)."""
    return all(any(term in stored for term in terms) for terms in words)


def _is_prefix_of_joined(token: _Token, around: list[_Token]) -> bool:
    """Returns whether the word is only found as part of the joined one: the e of e-mail."""
    return bool(around) and _is_letter(token.terms[0])


def _is_letter(term: str) -> bool:
    return len(term) == 1 and term.isascii()


Passage = list[tuple[str, bool]]  # the pieces of a text, and whether each is a word of the query


def passage(text: str, query: str) -> Passage:
    """Returns the line of the text with the most words of the query, cut to a length that fits
    below a title, with these words marked; empty if the text has none of them."""
    words = query_words(query)
    best: tuple[str, list[tuple[int, int]]] = ("", [])
    most = 0
    for line in unicodedata.normalize("NFC", text).split("\n"):
        stored = search_text(line)
        count = sum(any(term in stored for term in terms) for terms in words)
        if count > most:
            most, best = count, (line, _places(line, words))
    return _around(*best) if best[1] else []


def _places(line: str, words: list[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Returns where the words of the query are in the line: start and end, in order, apart."""
    wanted = [term for terms in words for term in terms]
    places: list[tuple[int, int]] = []
    hits = [
        (token.start, token.end)
        for token in _tokens(line)
        if any(asked in f" {term} " for term in token.terms for asked in wanted)
    ]
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


# --- tokens


def _composed(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def _tokens(text: str) -> list[_Token]:
    """Returns the words of the text, and after each the words that it forms with those before."""
    found: list[_Token] = []
    chain: list[_Token] = []  # the words before that are joined by hyphens
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "unspaced":
            chain = []
            found += _letter_pairs(match[0], match.start())
            continue
        token = _Token(*match.span(), kind, _terms(kind, match[0]))
        found.append(token)
        if kind != "word" or not token.terms:
            chain = []
            continue
        gap = text[chain[-1].end : token.start] if chain else ""
        if chain and (gap in _HYPHENS or (gap == " " and _is_pair(text, chain[-1], token))):
            first = chain[0] if gap in _HYPHENS else chain[-1]
            found.append(_joined(text, first, token))
        chain = [*chain, token][-_CHAIN:] if gap in _HYPHENS else [token]
    return [token for token in found if token.terms]


def _is_pair(text: str, one: _Token, other: _Token) -> bool:
    first, second = text[one.start : one.end].lower(), text[other.start : other.end].lower()
    if first in _NEVER_JOINED:
        return False
    return (
        first in _BEFORE_JOINED
        or second.removesuffix("s") in _JOINED_AFTER
        or (first in _JOINED_VERBS and second in ("in", "on"))
    )


def _joined(text: str, first: _Token, last: _Token) -> _Token:
    whole = "".join(_PART.findall(text[first.start : last.end]))
    return _Token(first.start, last.end, "joined", _terms("word", whole))


@lru_cache(maxsize=20_000)
def _terms(kind: str, text: str) -> tuple[str, ...]:
    text = text[:_LETTERS]
    folded = fold_word(text)
    if kind == "dotted":
        return (_stem(folded.replace(".", "")),)
    if kind == "word":
        return (_stem(folded),) if folded else ()
    parts = tuple(_stem(part) for part in _PART.findall(folded))
    return (folded.replace(" and ", "&").replace(" ", ""), *parts)


def fold_word(text: str) -> str:
    """Returns the text in lower case, without accents, in letters of an English keyboard."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    composed = unicodedata.normalize("NFC", plain)
    return spellings.plain_letters(composed.casefold())


def _letter_pairs(run: str, offset: int) -> Iterator[_Token]:
    """Yields each two neighboring letters of a run, and the last letter alone. A letter has its
    marks with it."""
    starts = [n for n, c in enumerate(run) if not n or unicodedata.category(c)[0] != "M"]
    clusters = [
        _Token(offset + start, offset + end, "last", (fold_word(run[start:end]),))
        for start, end in pairwise([*starts, len(run)])
    ]
    for one, other in pairwise(clusters):
        yield _Token(one.start, other.end, "unspaced", (one.terms[0] + other.terms[0],))
    last = clusters[-1]
    yield last if len(clusters) > 1 else _Token(last.start, last.end, "unspaced", last.terms)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(spellings.american(word.replace("’", "'"))))


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # snowballstemmer has no types
    import snowballstemmer

    return snowballstemmer.stemmer("english")
