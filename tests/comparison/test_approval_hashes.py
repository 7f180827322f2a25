"""Tests of approval hashes: editorial and other changes."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles import vocabulary
from roles.comparison.approval_hashes import FACTS, OUTLINE, normalize, section_hashes
from roles.document import (
    Answer,
    Document,
    DocumentLine,
    DocumentPayRange,
    DocumentPayReference,
    DocumentPlace,
    DocumentSection,
    Fact,
)
from tests import strategies

SAME = [
    ("Lead the team.", "lead  the team"),
    ("Plan, budget and report", "Plan; budget – and report!"),
    ("You “own” renewals", "You 'own' renewals"),
    ("A\nB", "A B"),
    ("A\N{NO-BREAK SPACE}B", "a b"),
    ("3-5 years", "3–5 years"),
    ("- Write reports", "Write reports"),
    ("(optional) travel", "optional, travel"),
    ("five-year plan", "five year plan"),
    ("5-year plan", "5 year plan"),
    ("Up to 10.", "Up to 10"),
    ("10, 20 and 30", "10 20 and 30"),
    ("2 - 5 days", "2 – 5  days"),
    ("'under 25'", "‘under 25’"),
]
OTHER = [
    ("Lead the team", "Lead a team"),
    ("1.5 days", "15 days"),
    ("1,000 units", "1000 units"),
    ("3-5 years", "35 years"),
    ("9:30", "930"),
    ("2 – 5 days", "2, 5 days"),
    ('Lift 6"', "Lift 6'"),
    ("Lift 6”", "Lift 6’"),
    ("6′ 2″", "6 2"),
    ("-5 °C", "5 °C"),
    (".5 days", "5 days"),
    ("C#", "C"),
    ("C++", "C"),
    ("10%", "10"),
    ("$10", "10"),
    ("R&D", "R D"),
    ("and/or", "and or"),
    ("re-sign", "resign"),
    ("can't", "cant"),
    ("[X] years", "X years"),
    ("m²", "m2"),
    ("every day", "everyday"),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_editorial_change_keeps_the_normalized_text(old, new):
    assert normalize(old) == normalize(new)


@pytest.mark.parametrize(("old", "new"), OTHER)
def test_other_change_alters_the_normalized_text(old, new):
    assert normalize(old) != normalize(new)


def document(**values):
    line = DocumentLine("l1", "Lead the team.", requirement="required")
    section = DocumentSection("s1", "responsibilities", "Duties", lines=(line,))
    return Document("Account manager", **{"sections": (section,), **values})


def changed(old, new, by="normalized_hash"):
    """Returns the keys of the parts that differ."""
    old, now = section_hashes(old), section_hashes(new)
    return {
        k
        for k in old.keys() | now.keys()
        if getattr(old.get(k), by, 0) != getattr(now.get(k), by, 0)
    }


def with_line(**values):
    section = document().sections[0]
    return document(sections=(replace(section, lines=(replace(section.lines[0], **values),)),))


class TestParts:
    def test_only_the_changed_section_differs(self):
        assert changed(document(), with_line(text="Lead people.")) == {"s1"}

    @pytest.mark.parametrize(
        "values",
        [
            {"requirement": "preferred"},
            {"percent": 10},
            {"essential": "essential"},
            {"detail": "x"},
        ],
    )
    def test_every_field_of_a_line_counts(self, values):
        assert changed(document(), with_line(**values)) == {"s1"}

    def test_retyped_line_is_unchanged(self):
        assert changed(document(), with_line(uid="other"), by="content_hash") == set()

    def test_editorial_change_alters_only_the_content_hash(self):
        new = with_line(text="lead the team")
        assert changed(document(), new) == set()
        assert changed(document(), new, by="content_hash") == {"s1"}

    def test_facts_and_title(self):
        fact = Fact("department", ("Sales",))
        assert changed(document(), document(facts=(fact,))) == {FACTS}
        assert changed(document(), replace(document(), title="Manager")) == {FACTS}

    def test_outline_changes(self):
        one = document().sections[0]
        other = DocumentSection("s2", "summary", "Summary")
        both = document(sections=(one, other))
        assert changed(document(), both) == {"s2", OUTLINE}
        assert changed(both, document(sections=(other, one))) == {OUTLINE}
        renamed = document(sections=(replace(one, heading="Tasks"),))
        assert changed(document(), renamed) == {"s1", OUTLINE}

    def test_audience_of_a_section(self):
        one = replace(document().sections[0], audience="internal")
        assert changed(document(), document(sections=(one,))) == {"s1"}

    def test_placeholder_value_changes_its_section(self):
        from roles.document import Answer

        open_text = with_line(text="Lead [team].")
        answered = replace(open_text, answers=(Answer("team", "the support team"),))
        assert changed(open_text, answered) == {"s1"}


_LINE = DocumentLine(
    *("l1", "Lead [team].", "entry", "Every day.", "Daily", "tool", "expert"),
    *("required", "essential", 10, "daily", (Answer("team", "the team"),)),
)
# A document with a value in every field.
FULL = Document(
    "Account [kind] manager",
    "en",
    facts=(
        Fact(
            "locations",
            ("Two",),
            (DocumentPlace("Graz", "Styria", "AT"), DocumentPlace("Linz")),
            "internal",
            "Place",
        ),
        Fact("years", ("2", "5")),
    ),
    sections=(
        DocumentSection(
            "s1",
            "pay",
            "Pay",
            "internal",
            "numbers",
            ("years", "locations"),
            (
                replace(
                    _LINE, lines=(replace(_LINE, uid="l2"), replace(_LINE, uid="l3", text="Plan."))
                ),
                DocumentLine("l4", "Hire."),
            ),
            (
                DocumentPayRange(
                    "p1", Decimal(10), Decimal(20), "EUR", "hour", "Graz", "Senior", 1, 2
                ),
                DocumentPayRange("p2", Decimal(1), Decimal(2)),
            ),
            (
                DocumentPayReference(
                    *("Seller", "EUR", "hour", "median", Decimal(5), Decimal(4), Decimal(6)),
                    *("Graz", "Senior", 1, 2, "Survey", "2024"),
                ),
                DocumentPayReference("Buyer", amount=Decimal(7)),
            ),
        ),
        DocumentSection("s2", "legal", "Legal"),
    ),
    answers=(Answer("kind", "key"),),
)


def every_field(value, put):
    """Yields each field of a dataclass and those nested in it: path, value, and a function that
    returns the document with another value."""
    for field in fields(value):
        original = getattr(value, field.name)

        def here(new, name=field.name):
            return put(replace(value, **{name: new}))

        yield f"{type(value).__name__}.{field.name}", original, here
        if isinstance(original, tuple) and original and not isinstance(original[0], str):

            def inner(new, original=original, here=here):
                return here((new, *original[1:]))

            yield from every_field(original[0], inner)


def others(original):
    """Returns different values; for lists, shorter ones and another order."""
    if isinstance(original, bool):
        return [not original]
    if isinstance(original, str):
        return [f"{original}x", ""]
    if isinstance(original, int | Decimal):
        return [original + 1, type(original)(0)]
    return [original[1:]] * bool(original) + [original[::-1]] * (len(original) > 1)


EVERY = list(every_field(FULL, lambda document: document))
IDENTITIES = ("DocumentLine.uid", "DocumentPayRange.uid")


@pytest.mark.parametrize(("name", "original", "put"), EVERY, ids=[name for name, *_rest in EVERY])
def test_every_field_changes_a_hash(name, original, put):
    """For every field of a document, a different value or order changes a hash. Add new fields to
    FULL."""
    assert (
        original not in (None, "", ()) or name == "DocumentLine.lines"
    )  # sub-lines have one level
    for other in others(original):
        changed_keys = changed(FULL, put(other))
        assert bool(changed_keys) == (name not in IDENTITIES), other


def test_part_names_are_not_section_kinds():
    assert vocabulary.PARTS == (FACTS, OUTLINE)


@given(strategies.documents, st.randoms())
@strategies.examples(60)
def test_white_space_case_and_periods_are_ignored(document, random):
    """For any document: other white space, capitals if reversible, and punctuation that touches no
    number."""

    def edited(text):
        spaced = re.sub(r" ", lambda _: random.choice([" ", "  ", "\n"]), text)
        stopped = re.sub(r"(?<=[a-z])(?= [a-z])", lambda _: random.choice(["", ",", ";"]), spaced)
        plain = all(char.lower().upper() == char.upper() for char in stopped)
        return stopped.upper() if plain and random.random() < 0.3 else stopped

    # Words in brackets are placeholder keys; an edit there is another placeholder.
    sections = tuple(
        replace(
            section,
            lines=tuple(
                line if "[" in line.text else replace(line, text=edited(line.text))
                for line in section.lines
            ),
        )
        for section in document.sections
    )
    assert changed(document, replace(document, sections=sections)) == set()


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@strategies.examples(300)
def test_normalize_is_idempotent(text):
    """So approvals stay valid after repeated edits."""
    assert normalize(normalize(text)) == normalize(text)
