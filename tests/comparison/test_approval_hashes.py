"""Tests of approval hashes: editorial and other changes."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles import vocabulary
from roles.comparison import normalized_text
from roles.comparison.approval_hashes import FACTS, OUTLINE, section_hashes
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
    *("required", "essential", 10, "daily", (Answer("team", "the team"),), ()),
    *(Decimal(50), "lb", "frequently"),
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


@pytest.mark.slow
@given(strategies.documents, st.randoms())
@strategies.examples(60)
def test_white_space_capitals_and_last_periods_are_ignored(document, random):
    """For any document: other white space, capitals at the start of words, and a last period."""

    def edited(text):
        spaced = re.sub(r" ", lambda _: random.choice([" ", "  ", "\n"]), text)
        return spaced + random.choice(["", "."] if spaced[-1:].isalnum() else [""])

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


def test_other_rules_of_editorial_changes_keep_approvals_of_the_same_content(monkeypatch):
    """After an update of the product, a part is approved only if it is exactly as it was."""
    approved = section_hashes(document())["s1"]
    monkeypatch.setattr(normalized_text, "VERSION", 99)
    hashes = approved.content_hash, approved.normalized_hash
    assert section_hashes(document())["s1"].is_approved_by(*hashes)
    assert not section_hashes(with_line(text="Lead the team"))["s1"].is_approved_by(*hashes)
