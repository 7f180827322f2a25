"""The parts that approvals are bound to: what an editorial change is, and what is none."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles.comparison.parts import FACTS, OUTLINE, parts, sense
from roles.document import Document, Fact, Line, Section
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
]
OTHER = [
    ("Lead the team", "Lead a team"),
    ("1.5 days", "15 days"),
    ("1,000 units", "1000 units"),
    ("3-5 years", "35 years"),
    ("9:30", "930"),
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
def test_an_editorial_change(old, new):
    assert sense(old) == sense(new)


@pytest.mark.parametrize(("old", "new"), OTHER)
def test_a_change_of_sense(old, new):
    assert sense(old) != sense(new)


def document(**values):
    line = Line("l1", "Lead the team.", requirement="required")
    section = Section("s1", "responsibilities", "Duties", lines=(line,))
    return Document("Account manager", **{"sections": (section,), **values})


def changed(old, new, by="sense"):
    """The keys of the parts that differ."""
    was, now = parts(old), parts(new)
    return {
        k
        for k in was.keys() | now.keys()
        if getattr(was.get(k), by, 0) != getattr(now.get(k), by, 0)
    }


def with_line(**values):
    section = document().sections[0]
    return document(sections=(replace(section, lines=(replace(section.lines[0], **values),)),))


class TestParts:
    def test_a_section_alone(self):
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
    def test_whatever_a_line_carries(self, values):
        assert changed(document(), with_line(**values)) == {"s1"}

    def test_the_same_words_typed_anew(self):
        assert changed(document(), with_line(uid="other"), by="exact") == set()

    def test_another_exact_text_of_the_same_sense(self):
        new = with_line(text="lead the team")
        assert changed(document(), new) == set()
        assert changed(document(), new, by="exact") == {"s1"}

    def test_facts_and_title(self):
        fact = Fact("department", ("Sales",))
        assert changed(document(), document(facts=(fact,))) == {FACTS}
        assert changed(document(), replace(document(), title="Manager")) == {FACTS}

    def test_headings_order_and_what_comes_and_goes(self):
        one = document().sections[0]
        other = Section("s2", "summary", "Summary")
        both = document(sections=(one, other))
        assert changed(document(), both) == {"s2", OUTLINE}
        assert changed(both, document(sections=(other, one))) == {OUTLINE}
        renamed = document(sections=(replace(one, heading="Tasks"),))
        assert changed(document(), renamed) == {"s1", OUTLINE}

    def test_who_reads_a_section(self):
        one = replace(document().sections[0], audience="internal")
        assert changed(document(), document(sections=(one,))) == {"s1"}

    def test_an_answer_changes_what_is_asked(self):
        from roles.document import Answer

        open_text = with_line(text="Lead [team].")
        answered = replace(open_text, answers=(Answer("team", "the support team"),))
        assert changed(open_text, answered) == {"s1"}


@given(strategies.documents, st.randoms())
@strategies.examples(60)
def test_white_space_case_and_full_stops_never_count(document, random):
    """Whatever the document: every text with other spaces, in capitals where those are
    reversible, and with punctuation where it touches no number."""

    def edited(text):
        spaced = re.sub(r" ", lambda _: random.choice([" ", "  ", "\n"]), text)
        stopped = re.sub(r"(?<=[a-z])(?= [a-z])", lambda _: random.choice(["", ",", ";"]), spaced)
        plain = all(char.lower().upper() == char.upper() for char in stopped)
        return stopped.upper() if plain and random.random() < 0.3 else stopped

    # Words in brackets are keys of answers: an edit there asks another question.
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
def test_the_sense_of_a_sense_is_itself(text):
    """So that an approval holds however often the text is edited."""
    assert sense(sense(text)) == sense(text)
