"""The words of a text as they are stored for search. (`search_query` reads what people search for.)

A word is stored as its stem, in one spelling. `C#`, `.NET` and `R&D` are words of their own.
Words with a hyphen are stored joined, too, as are pairs such as *follow up*. Scripts without spaces
are stored as pairs of letters, so that any part of a sentence can be found. Whole words and their
first letters are stored with a mark, for the word that someone is still typing.
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

WHOLE = "="  # before a word that is stored whole, in one spelling but not as its stem
BEGINNING = "^"  # before the first letter of a word, or the first two
BREAK = "|"  # between the sequences of terms; no phrase goes across
NEXT_TO = "_"  # between two terms that are neighbors
BEGINNINGS = 2  # letters of a word that are stored as its beginnings


@dataclass(frozen=True, slots=True)
class Token:
    """A place in a text, and the terms under which it is found; the first is the exact one."""

    start: int
    end: int
    kind: str
    terms: tuple[str, ...]


def stems(text: str) -> tuple[str, ...]:
    """Returns the terms under which the words of a text are found, in order."""
    return tuple(term for token in tokens(composed(text)) for term in token.terms)


def search_text(*texts: str) -> str:
    """Returns the text stored for search: terms with a space before each and one at the end. First
    the terms of each line in order, for phrases, and again with joined words in place of their
    parts; then the other terms, each once: whole words, beginnings of words."""
    sequences: dict[str, None] = {}
    others: dict[str, None] = {}
    for line in composed("\n".join(texts)).split("\n"):
        found = tokens(line)
        sequences.update(dict.fromkeys(phrases(found)))
        for token in found:
            in_order = 0 if token.kind in ("joined", "last") else 1
            others.update(dict.fromkeys(terms_of(token, line)[in_order:]))
    if not sequences:
        return ""
    return f" {f' {BREAK} '.join(sequences)} {BREAK} {' '.join(others)} "


def with_neighbors(stored: str) -> str:
    """Returns a text of `search_text` with each two neighboring terms as a further one, by which
    an index finds phrases. Worth its size for short texts."""
    sequences, _break, _others = stored.rpartition(f" {BREAK} ")
    pairs = dict.fromkeys(
        pair for sequence in sequences.split(f" {BREAK} ") for pair in neighbors(sequence)
    )
    return f"{stored}{' '.join(pairs)} " if pairs else stored


def neighbors(sequence: str) -> list[str]:
    """Returns each two neighboring terms of a phrase as one term."""
    return [f"{one}{NEXT_TO}{other}" for one, other in pairwise(sequence.split())]


def phrases(found: list[Token]) -> list[str]:
    """Returns the terms of neighboring words as one text: as they are, and with joined words in
    place of their parts if there are any."""
    single = [token for token in found if token.kind not in ("joined", "last")]
    joined: list[Token] = []
    for token in sorted(found, key=lambda token: (token.start, -token.end)):
        if token.kind != "last" and (not joined or token.start >= joined[-1].end):
            joined.append(token)
        elif token.kind == "unspaced" and joined[-1].kind == "unspaced":
            joined.append(token)  # pairs of letters overlap
    sequences = (" ".join(token.terms[0] for token in some) for some in (single, joined))
    return [sequence for sequence in dict.fromkeys(sequences) if sequence]


def one_a_line(texts: Iterable[str]) -> str:
    """Returns the texts, each once and on a line of its own, as `search_query.passage` takes
    them."""
    lines = dict.fromkeys(" ".join(text.split()) for text in texts)
    return "\n".join(line for line in lines if line)


def whole_word(text: str) -> str:
    """Returns a word as it is stored whole, without its mark: folded, in one spelling."""
    return spellings.american(fold_word(text[:_LETTERS]).replace("’", "'"))


def whole_words(token: Token, text: str) -> list[str]:
    """Returns what is stored whole of a token of this composed text, without the mark."""
    word = text[token.start : token.end]
    if token.kind == "word":
        parts = [word]
    elif token.kind in ("sign", "pair"):
        parts = _PART.findall(word)
    else:
        parts = [] if token.kind in ("unspaced", "last") else ["".join(_PART.findall(word))]
    return [whole for part in parts if (whole := whole_word(part))]


def terms_of(token: Token, text: str) -> list[str]:
    """Returns all terms under which a token of this composed text is found, the exact one first:
    then its parts, and the whole words and their beginnings with their marks."""
    terms = [*token.terms]
    for word in whole_words(token, text):
        beginnings = [BEGINNING + word[:length] for length in range(1, BEGINNINGS + 1)]
        terms += [WHOLE + word, *beginnings]
    return terms


# --- tokens


def composed(text: str) -> str:
    """Returns the text in the form in which its words are looked for, without invisible
    characters."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def tokens(text: str) -> list[Token]:
    """Returns the words of the text, and after each the words that it forms with those before.
    What is to be stored or asked for must be `composed` before."""
    found: list[Token] = []
    chain: list[Token] = []  # the words before that are joined by hyphens
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "unspaced":
            chain = []
            found += _letter_pairs(match[0], match.start())
            continue
        token = Token(*match.span(), kind, _terms(kind, match[0]))
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


def _is_pair(text: str, one: Token, other: Token) -> bool:
    first, second = text[one.start : one.end].lower(), text[other.start : other.end].lower()
    if first in _NEVER_JOINED:
        return False
    return (
        first in _BEFORE_JOINED
        or second.removesuffix("s") in _JOINED_AFTER
        or (first in _JOINED_VERBS and second in ("in", "on"))
    )


def _joined(text: str, first: Token, last: Token) -> Token:
    whole = "".join(_PART.findall(text[first.start : last.end]))
    return Token(first.start, last.end, "joined", _terms("word", whole))


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


def _letter_pairs(run: str, offset: int) -> Iterator[Token]:
    """Yields each two neighboring letters of a run, and the last letter alone. A letter has its
    marks with it."""
    starts = [n for n, c in enumerate(run) if not n or unicodedata.category(c)[0] != "M"]
    clusters = [
        Token(offset + start, offset + end, "last", (fold_word(run[start:end]),))
        for start, end in pairwise([*starts, len(run)])
    ]
    for one, other in pairwise(clusters):
        yield Token(one.start, other.end, "unspaced", (one.terms[0] + other.terms[0],))
    last = clusters[-1]
    yield last if len(clusters) > 1 else Token(last.start, last.end, "unspaced", last.terms)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(spellings.american(word.replace("’", "'"))))


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # snowballstemmer has no types
    import snowballstemmer

    return snowballstemmer.stemmer("english")
