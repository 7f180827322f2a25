"""Compares two texts word by word, in a readable way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, zip_longest

from roles import folding
from roles.comparison.nodes import Piece, Pieces
from roles.text_formatting import TextStyle

# What belongs to the character before it, apart from the marks of its own script.
_EXTENDING = (
    r"[\u0300-\u036f\u1ab0-\u1aff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    r"\U000e0100-\U000e01ef]"
)
# White space; brackets and quotation marks; letters of a script without spaces; or a word with the
# characters inside and after it (full-time, $70,000, joined emoji).
_CHUNK = re.compile(
    rf"""
    \s+
    | [(){{}}\[\]"“”„«»]+{_EXTENDING}*
    | (?P<unspaced>[{folding.UNSPACED}](?:[{folding.UNSPACED}]|{_EXTENDING})*)
    | (?:(?![{folding.UNSPACED}])[^\s(){{}}\[\]"“”„«»])+
    """,
    re.VERBOSE,
)
_MARKS = ".,;:!?…"  # not part of the word before them
_STOPS = tuple(".!?")
_ISLAND = 24  # letters; longer unchanged text between two changes is always kept
_FEW = 100  # changes in one text; with more, both texts are shown whole
_IN_COMMON = 0.3  # share of the shorter text; with less, both texts are shown whole

_Block = tuple[str, str]  # old and new text: equal, or a change


def pieces(old: str, new: str) -> Pieces:
    """Returns the same, removed, and added pieces. A few equal words between many changes count
    as changed, too, so the result stays readable."""
    if old == new:
        return (Piece(old),) if old else ()
    blocks = _settled(_without_islands(_blocks(old, new)))
    common = sum(_letters(earlier) for earlier, later in blocks if earlier == later)
    is_little = common < _IN_COMMON * min(_letters(old), _letters(new))
    if is_little or sum(earlier != later for earlier, later in blocks) > _FEW:
        blocks = [(old, new)]
    found: list[Piece] = []
    for earlier, later in blocks:
        states = (
            ((earlier, "same"),) if earlier == later else ((earlier, "removed"), (later, "added"))
        )
        for words, state in states:
            if found and found[-1].state == state:
                found[-1] = Piece(found[-1].text + words, state)
            elif words:
                found.append(Piece(words, state))
    return tuple(found)


def whole(text: str, state: str) -> Pieces:
    """Returns the text as one piece."""
    return (Piece(text, state),) if text else ()


def in_state(state: str, old: str, new: str) -> Pieces:
    """Returns the pieces of a text of a node in this state (see nodes.STATES)."""
    if state == "added":
        return whole(new, "added")
    if state in ("removed", "left"):
        return whole(old, "removed")
    return pieces(old, new)


def restyled(found: Pieces, old: Sequence[TextStyle], new: Sequence[TextStyle]) -> Pieces:
    """Returns the pieces cut where the style changes, each with its style. `old` and `new` are the
    styles of the characters of both texts. Words that only look different are removed and
    added."""
    cut: list[Piece] = []
    earlier = later = 0  # offsets in the old and the new text
    for piece in found:
        length = len(piece.text)
        before = old[earlier : earlier + length] if piece.state != "added" else ()
        behind = new[later : later + length] if piece.state != "removed" else ()
        earlier, later = earlier + len(before), later + len(behind)
        cut += _styled(piece, before, behind)
    return tuple(cut)


def _styled(piece: Piece, old: Sequence[TextStyle], new: Sequence[TextStyle]) -> Iterator[Piece]:
    position = 0
    for is_same, together in groupby(zip_longest(old, new), key=lambda pair: pair[0] == pair[1]):
        pairs = list(together)
        words = piece.text[position : position + len(pairs)]
        position += len(pairs)
        if is_same or piece.state != "same":
            yield from _in_styles(words, [new or old for old, new in pairs], piece.state)
        else:
            yield from _in_styles(words, [old for old, _new in pairs], "removed")
            yield from _in_styles(words, [new for _old, new in pairs], "added")


def _in_styles(words: str, styles: Sequence[TextStyle], state: str) -> Iterator[Piece]:
    position = 0
    for style, together in groupby(styles):
        length = len(list(together))
        yield Piece(words[position : position + length], state, style)
        position += length


def paragraphs(text: Pieces) -> tuple[Pieces, ...]:
    """Returns the pieces split at the blank lines of either text."""
    joined = "".join(piece.text for piece in text)
    return tuple(_cut(text, start, end) for start, end in folding.paragraph_offsets(joined))


def _cut(text: Pieces, start: int, stop: int) -> Pieces:
    found = []
    position = 0
    for piece in text:
        part = piece.text[max(start - position, 0) : max(stop - position, 0)]
        position += len(piece.text)
        if part:
            found.append(replace(piece, text=part))
    return tuple(found)


def _tokens(text: str) -> list[str]:
    found = []
    for match in _CHUNK.finditer(text):
        chunk = match[0]
        if match["unspaced"]:
            found += folding.clusters(chunk)
            continue
        word = chunk.rstrip(_MARKS)
        found += [part for part in (word, chunk[len(word) :]) if part]
    return _with_their_marks(found)


def _with_their_marks(tokens: list[str]) -> list[str]:
    """Returns the tokens; one that begins inside a letter is part of the token before it, also if
    that is of another script."""
    found: list[str] = []
    for token in tokens:
        if found and folding.is_of_letter(token[0], found[-1][-1]):
            found[-1] += token
        else:
            found.append(token)
    return found


def _blocks(old: str, new: str) -> list[_Block]:
    """Returns a longest common subsequence of tokens, and the changes between them."""
    from rapidfuzz.distance import Indel

    earlier, later = _tokens(old), _tokens(new)
    numbers: dict[str, int] = {}
    coded = [[numbers.setdefault(t, len(numbers)) for t in tokens] for tokens in (earlier, later)]
    blocks: list[_Block] = []
    for step in Indel.opcodes(*coded):
        gone = "".join(earlier[step.src_start : step.src_end])
        come = "".join(later[step.dest_start : step.dest_end])
        if blocks and step.tag != "equal" and blocks[-1][0] != blocks[-1][1]:
            gone, come = blocks[-1][0] + gone, blocks.pop()[1] + come
        blocks.append((gone, come))
    return blocks


def _without_islands(blocks: list[_Block]) -> list[_Block]:
    """Merges changes with the few equal words between them, until every equal block is longer
    than the changes around it."""
    while True:
        found: list[_Block] = []
        is_open = False  # the next block joins the last one
        for block, following in zip(blocks, [*blocks[1:], None], strict=True):
            is_inside = bool(found) and following is not None
            is_island = is_inside and _is_island(found[-1], block, following or block)
            if is_island or is_open:
                earlier, later = found.pop()
                block = (earlier + block[0], later + block[1])
            found.append(block)
            is_open = is_island
        if len(found) == len(blocks):
            return found
        blocks = found


def _is_island(before: _Block, block: _Block, behind: _Block) -> bool:
    if block[0] != block[1] or len(block[0]) > 2 * _ISLAND:
        return False
    smaller = min(max(len(earlier), len(later)) for earlier, later in (before, behind))
    return _letters(block[0]) <= min(smaller, _ISLAND)


def _settled(blocks: list[_Block]) -> list[_Block]:
    """Returns the changes without shared spaces at either end. An insertion or deletion before a
    period that also ends with one moves behind that period."""
    found: list[_Block] = []
    for earlier, later in blocks:
        if earlier == later:
            found.append((earlier, later))
            continue
        head = _spaces(earlier, later)
        earlier, later = earlier[len(head) :], later[len(head) :]
        tail = _spaces(earlier[::-1], later[::-1])[::-1]
        earlier, later = earlier[: len(earlier) - len(tail)], later[: len(later) - len(tail)]
        found += [(head, head), (earlier, later), (tail, tail)]
    return _slid([block for block in found if block != ("", "")])


def _spaces(one: str, other: str) -> str:
    """Returns the white space that both texts start with."""
    found = 0
    for a, b in zip(one, other, strict=False):
        if a != b or not a.isspace():
            break
        found += 1
    return one[:found]


def _slid(blocks: list[_Block]) -> list[_Block]:
    for number in range(1, len(blocks) - 1):
        earlier, later = blocks[number]
        changed, behind = earlier or later, blocks[number + 1][0]
        mark, following = changed[:1], changed[1:2]
        if (earlier and later) or mark not in _STOPS or not behind.startswith(mark):
            continue
        if following and folding.is_of_letter(following, mark):
            continue
        before = blocks[number - 1][0] + mark
        if blocks[number - 1][0] != blocks[number - 1][1]:
            continue
        blocks[number - 1] = (before, before)
        blocks[number] = (earlier and earlier[1:] + mark, later and later[1:] + mark)
        blocks[number + 1] = (behind[1:], behind[1:])
    return [block for block in blocks if block != ("", "")]


def _letters(text: str) -> int:
    return sum(not character.isspace() for character in text)
