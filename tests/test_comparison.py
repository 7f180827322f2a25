"""comparison: what changed between two documents, told as a person would tell it."""

import time
from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles.comparison import compare, paragraphs, pieces
from roles.document import (
    Answer,
    Document,
    Fact,
    Line,
    PayRange,
    PayReference,
    Place,
    Section,
)
from tests import strategies

numbers = count(1)


def line(text, **fields):
    return Line(uid=fields.pop("uid", f"line-{next(numbers)}"), text=text, **fields)


def section(kind, heading, *lines, **fields):
    uid = fields.pop("uid", f"section-{next(numbers)}")
    return Section(uid=uid, kind=kind, heading=heading, lines=lines, **fields)


def document(*sections, **fields):
    return Document(fields.pop("title", "Account manager"), sections=sections, **fields)


def old_of(text):
    return "".join(piece.text for piece in text if piece.state != "added")


def new_of(text):
    return "".join(piece.text for piece in text if piece.state != "removed")


def marked(text):
    """The pieces as one string: [-removed-] and {+added+}."""
    marks = {"same": "%s", "removed": "[-%s-]", "added": "{+%s+}"}
    return "".join(marks[piece.state] % piece.text for piece in text)


def summary(old, new):
    """Kind to count, or to what it was and is."""
    return {p.kind: p.count or (p.old, p.new) for p in compare(old, new).summary}


# --- every document


@given(strategies.documents, strategies.documents)
@strategies.examples(150)
def test_no_change_is_reported_exactly_where_the_printed_document_is_the_same(old, new):
    assert compare(old, new).is_empty == (old.filled() == new.filled())
    assert compare(old, old).is_empty
    assert compare(old, old).summary == ()


@st.composite
def changed_documents(draw):
    """A document, and what a person could have made of it: lines dragged, dropped, reworded,
    marked, sections moved and renamed, pay and facts changed."""
    old = draw(strategies.documents)
    other = draw(strategies.documents)
    lines = [line for s in old.sections for line in s.lines]
    fresh = [line for s in other.sections for line in s.lines]
    kept = draw(st.permutations([line for line in lines if draw(st.booleans())] + fresh))

    def reworded(line):
        source = draw(st.sampled_from([line, *lines, *fresh]))
        name = draw(st.sampled_from(["text", "detail", "group", "percent", "requirement"]))
        return replace(line, **{name: getattr(source, name)})

    sections = list(draw(st.permutations([*old.sections, *other.sections])))
    for changed in kept:
        if not sections:
            break
        place = draw(st.integers(0, len(sections) - 1))
        host = sections[place]
        rest = tuple(x for x in host.lines if x.uid != changed.uid)
        sections[place] = replace(host, lines=(*rest, reworded(changed)))
    new = replace(
        draw(st.sampled_from([old, other])),
        sections=tuple(sections),
        answers=draw(st.sampled_from([old.answers, other.answers])),
    )
    return old, new


@given(changed_documents())
@strategies.examples(150)
def test_what_one_way_adds_the_other_way_removes(pair):
    there, back = compare(*pair), compare(*reversed(pair))

    def states(found, of):
        nodes = [*found.sections, *found.facts, *found.every_line()]
        nodes += [p for s in found.sections for p in (*s.pay_ranges, *s.pay_references, *s.facts)]
        return sum(node.state == of for node in nodes)

    assert there.is_empty == back.is_empty == (pair[0].filled() == pair[1].filled())
    assert states(there, "added") == states(back, "removed")
    assert states(there, "removed") == states(back, "added")
    assert states(there, "moved") == states(back, "moved")
    assert states(there, "kept") == states(back, "kept")


@given(changed_documents())
@strategies.examples(150)
def test_the_tree_holds_both_documents_in_their_order(pair):
    """The new one among what is not gone, the old one among what is not new."""
    found = compare(*pair)

    def read(nodes, which, gone):
        return [getattr(node, which) for node in nodes if node.state not in gone]

    new, old = ("new", ("removed", "left")), ("old", ("added", "moved"))
    assert read(found.sections, *new) == list(found.new.sections)
    assert read(found.sections, *old) == list(found.old.sections)
    for node in found.sections:
        if node.new and node.state != "left":
            assert read(node.lines, *new) == list(node.new.lines)
        if node.old and node.state != "left":
            assert read(node.lines, *old) == list(node.old.lines)
    for node in found.every_line():
        if node.old and node.new and node.state in ("kept", "moved"):
            assert (old_of(node.text), new_of(node.text)) == (node.old.text, node.new.text)
            assert (old_of(node.detail), new_of(node.detail)) == (node.old.detail, node.new.detail)
