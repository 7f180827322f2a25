"""`Document` as a value: to JSON and back, for a reader, with its answers put in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles import vocabulary
from roles.document import (
    Answer,
    Document,
    DocumentLine,
    DocumentPayRange,
    DocumentSection,
    Fact,
    sha256,
)
from roles.document_encoding import DocumentError
from roles.editions import Edition
from tests import strategies

MARK = re.compile(r"‹\d+›")


def document(**values: Any) -> Document:
    """A small document that holds something of everything."""
    line = DocumentLine(
        "line1",
        "Call [Company Name] customers within [X] days.",
        detail="At most [X] hours.",
        percent=0,
        answers=(Answer("x", "two"),),
        lines=(DocumentLine("line2", "Take notes."),),
    )
    pay = DocumentPayRange("pay1", Decimal("50000.00"), Decimal("60000.50"), years_from=0)
    usual = {
        "title": "Account manager",
        "facts": (Fact("years", ("2", "4")),),
        "sections": (
            DocumentSection("s1", "responsibilities", "Duties at [Company Name]", lines=(line,)),
            DocumentSection("s2", "pay", "Pay", audience="restricted", pay_ranges=(pay,)),
        ),
        "answers": (Answer("company name", "Acme"),),
    }
    return Document(**{**usual, **values})


# --- to JSON and back


@given(strategies.documents)
@strategies.examples(80)
def test_round_trip_is_equal(value: Document) -> None:
    """Whatever it holds, to_dict and from_dict lose nothing."""
    assert Document.from_dict(value.to_dict()) == value


@given(strategies.documents)
@strategies.examples(60)
def test_round_trip_of_stored_bytes_is_equal(value: Document) -> None:
    """The stored bytes are JSON of the same document, and the document gives the same bytes."""
    stored = value.canonical_json()
    again = Document.from_dict(json.loads(stored))
    assert again == value
    assert again.canonical_json() == stored


@given(strategies.documents)
@strategies.examples(40)
def test_canonical_json_is_sorted_and_compact(value: Document) -> None:
    """The bytes that are hashed do not depend on the order of fields or on white space."""
    plain = json.loads(value.canonical_json())
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert value.canonical_json() == text.encode()


def test_canonical_json_is_stable() -> None:
    """Old versions keep their hash: these very bytes must come out for ever."""
    line = DocumentLine("u1", "Straße “x”", percent=0, answers=(Answer("x", "1"),))
    pay = DocumentPayRange("p1", Decimal("1"), Decimal("2.5"))
    section = DocumentSection(
        "s1", "pay", "Pay", audience="restricted", lines=(line,), pay_ranges=(pay,)
    )
    value = Document("Account manager", sections=(section,))
    assert value.canonical_json().decode() == (
        '{"schema":1,"sections":[{"audience":"restricted","heading":"Pay","kind":"pay",'
        '"lines":[{"answers":[{"placeholder":"x","value":"1"}],"percent":0,'
        '"text":"Straße “x”","uid":"u1"}],'
        '"pay_ranges":[{"maximum":"2.50","minimum":"1.00","uid":"p1"}],"uid":"s1"}],'
        '"title":"Account manager"}'
    )
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_defaults_are_left_out() -> None:
    """A field added later does not change what older documents look like."""
    assert Document("Clerk").to_dict() == {"schema": 1, "title": "Clerk"}


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "text",
        {},
        {"title": "Clerk"},
        {"schema": 2, "title": "Clerk"},
        {"schema": "1", "title": "Clerk"},
        {"schema": True, "title": "Clerk"},
        {"schema": 1},
        {"schema": 1, "title": 7},
        {"schema": 1, "title": None},
        {"schema": 1, "title": "Clerk", "owner": "ada"},
        {"schema": 1, "title": "Clerk", "sections": {}},
        {"schema": 1, "title": "Clerk", "sections": [[]]},
        {"schema": 1, "title": "Clerk", "sections": ["x"]},
        {"schema": 1, "title": "Clerk", "sections": [{"uid": "a", "kind": "pay"}]},
        {"schema": 1, "title": "Clerk", "answers": [{"placeholder": "x", "plain": 1}]},
        {"schema": 1, "title": "Clerk", "facts": [{"name": "years", "values": "2"}]},
    ],
)
def test_invalid_documents_are_refused(value: Any) -> None:
    """Wrong schema, unknown keys, missing and wrong values: one error that says where."""
    with pytest.raises(DocumentError):
        Document.from_dict(value)


@pytest.mark.parametrize("amount", [1, 1.5, "", "ten", "NaN", "Infinity", "-Infinity", "1,5"])
def test_amounts_are_texts_of_finite_numbers(amount: Any) -> None:
    """No binary fraction and no infinity gets into a hash."""
    value = document().to_dict()
    value["sections"][1]["pay_ranges"][0]["minimum"] = amount
    with pytest.raises(DocumentError, match="minimum"):
        Document.from_dict(value)


@pytest.mark.parametrize("percent", [True, 1.0, "10", [10]])
def test_a_percentage_is_a_whole_number(percent: Any) -> None:
    """JSON's true is not one, and 1.0 is not written as 1."""
    value = document().to_dict()
    value["sections"][0]["lines"][0]["percent"] = percent
    with pytest.raises(DocumentError, match="percent"):
        Document.from_dict(value)


def test_sub_lines_have_one_level() -> None:
    """Deeper ones, which no one would print, are refused, however deep."""
    line: dict[str, Any] = {"uid": "u", "text": "t"}
    for _ in range(400):
        line = {"uid": "u", "text": "t", "lines": [line]}
    section = {"uid": "s", "kind": "other", "heading": "h", "lines": [line]}
    with pytest.raises(DocumentError):
        Document.from_dict({"schema": 1, "title": "Clerk", "sections": [section]})


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container and key below a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


@given(value=strategies.documents, data=st.data())
@strategies.examples(60)
def test_a_value_of_another_type_anywhere_is_refused(value: Document, data: st.DataObject) -> None:
    """Nothing is guessed or converted."""
    content = value.to_dict()
    container, key = data.draw(st.sampled_from(list(_places(content))))
    container[key] = {"unexpected": 1.5}
    with pytest.raises(DocumentError):
        Document.from_dict(content)


@given(value=strategies.documents, data=st.data())
@strategies.examples(60)
def test_an_unknown_key_anywhere_is_refused(value: Document, data: st.DataObject) -> None:
    """A document of a later schema is not read as if it were ours."""
    content = value.to_dict()
    nested = [holder[key] for holder, key in _places(content) if isinstance(holder[key], dict)]
    data.draw(st.sampled_from([content, *nested]))["later"] = ""
    with pytest.raises(DocumentError):
        Document.from_dict(content)


# --- readers


def reaches(audience: str, level: str) -> bool:
    order = ["public", "internal", "restricted"]
    return order.index(level) <= order.index(audience)


@given(value=strategies.documents_of_unique_words(), audience=strategies.audiences)
@strategies.examples(120)
def test_hidden_sections_leave_no_trace(value: Document, audience: str) -> None:
    """No word of a section or fact that the reader may not see, and no answer needed only
    there; everything else is there."""
    shown = value.for_audience(audience)
    text = shown.canonical_json().decode()
    seen = [s for s in value.sections if reaches(audience, s.audience)]
    hidden = [s for s in value.sections if not reaches(audience, s.audience)]
    facts = [f for f in value.facts if reaches(audience, f.audience)]
    secret = replace(value, title="", facts=(), answers=(), sections=tuple(hidden)).canonical_json()
    for fact in set(value.facts) - set(facts):
        assert fact.values[0] not in text
        assert all(fact.name not in section.facts for section in shown.sections)
    for mark in set(MARK.findall(secret.decode())):
        assert mark not in text
    assert [s.uid for s in shown.sections] == [s.uid for s in seen]
    assert [s.lines for s in shown.sections] == [s.lines for s in seen]
    lines = [line for section in seen for line in section.every_line()]
    requested_of = " ".join(
        [value.title, *(v for f in facts for v in f.values), *(s.heading for s in seen)]
        + [part for line in lines for part in (line.text, line.detail, line.group)]
    )
    for number, answer in enumerate(value.answers, 1):
        assert (answer in shown.answers) == (f"[Question {number}]" in requested_of)
        assert (answer.value in text) == (f"[Question {number}]" in requested_of)


@given(strategies.documents)
@strategies.examples(40)
def test_filtering_twice_shows_no_more(value: Document) -> None:
    """Dropping twice is dropping once, and the widest audience loses no section."""
    public = value.for_audience("public")
    assert value.for_audience("internal").for_audience("public") == public
    assert public.for_audience("restricted") == public
    assert value.for_audience("restricted").sections == value.sections


def test_unknown_audience_is_refused() -> None:
    """A slip of the pen must not show everything."""
    with pytest.raises(ValueError, match="not in"):
        document().for_audience("everyone")


# --- answers


def test_filled_fills_in_every_answer() -> None:
    """Title, facts, headings, lines, details, groups and sub-lines."""
    placeholder = "[Company Name]"
    sub_line = DocumentLine("l2", placeholder, detail=placeholder)
    value = document(
        title=placeholder,
        facts=(Fact("reports_to", (placeholder,)),),
        sections=(
            DocumentSection(
                "s1",
                "other",
                placeholder,
                lines=(DocumentLine("l1", placeholder, group=placeholder, lines=(sub_line,)),),
            ),
        ),
    ).filled()
    line = value.sections[0].lines[0]
    filled_texts = {
        value.title,
        value.facts[0].values[0],
        value.sections[0].heading,
        line.text,
        line.group,
    }
    assert filled_texts | {line.lines[0].text, line.lines[0].detail} == {"Acme"}
    assert value.answers == ()
    assert "[" not in value.canonical_json().decode().replace('":[', "")


def test_filled_leaves_blanks_in_brackets() -> None:
    """An unanswered placeholder is printed so that it is seen."""
    value = document(answers=()).filled()
    assert value.sections[0].heading == "Duties at [Company Name]"
    assert value.sections[0].lines[0].text == "Call [Company Name] customers within two days."


def test_local_placeholder_is_filled_in_at_its_line() -> None:
    """[X] of the detail is the line's second; an answer for the document does not reach it."""
    value = document(answers=(Answer("company name", "Acme"), Answer("x", "nine")))
    line = value.filled().sections[0].lines[0]
    assert line.text == "Call Acme customers within two days."
    assert line.detail == "At most [X] hours."
    assert [blank.placeholder.key for blank in value.open_placeholders()] == ["x#2"]


def test_answer_of_a_line_overrides_the_documents() -> None:
    """One line may name the company differently."""
    line = DocumentLine("l1", "[Company Name]", answers=(Answer("company name", "Our sister"),))
    value = document(sections=(DocumentSection("s1", "other", "[Company Name]", lines=(line,)),))
    assert value.filled().sections[0].lines[0].text == "Our sister"
    assert value.filled().sections[0].heading == "Acme"


def test_plain_brackets_are_kept_and_not_blank() -> None:
    """An author may say that brackets are meant as brackets."""
    value = document(answers=(Answer("company name", plain=True),))
    assert value.filled().sections[0].heading == "Duties at [Company Name]"
    assert "company name" not in {blank.placeholder.key for blank in value.open_placeholders()}


@given(strategies.documents)
@strategies.examples(40)
def test_filling_in_one_does_not_affect_others(value: Document) -> None:
    """Sections, lines and their order are as before."""
    filled = value.filled()
    assert [s.uid for s in filled.sections] == [s.uid for s in value.sections]
    before = [line.uid for section in value.sections for line in section.every_line()]
    assert [line.uid for s in filled.sections for line in s.every_line()] == before
    bare = replace(value, answers=())
    assert len(bare.open_placeholders()) >= len(value.open_placeholders())


# --- small questions


def test_facts_are_found_by_name() -> None:
    """And a fact that is not stated is None."""
    assert document().fact("years") == Fact("years", ("2", "4"))
    assert document().fact("job_code") is None


def test_a_section_is_empty_without_content() -> None:
    """Facts that are filled in and pay count as content, a heading does not."""
    whole = document()
    assert whole.is_empty(DocumentSection("s", "other", "Heading"))
    assert whole.is_empty(DocumentSection("s", "facts", "Heading", facts=("job_code",)))
    assert not whole.is_empty(DocumentSection("s", "facts", "Heading", facts=("years",)))
    assert not whole.is_empty(whole.sections[1])


def test_an_edition_without_a_number_is_a_draft() -> None:
    """Only versions have a number."""
    assert Edition("ACC-0001").is_draft
    assert not Edition("ACC-0001", 1).is_draft


def test_the_audiences_are_these() -> None:
    """A new one must be placed in the order on purpose."""
    assert vocabulary.AUDIENCE_ORDER == ("public", "internal", "restricted")


def test_placeholders_of_other_systems_are_open_words_too() -> None:
    """Wherever people write: in the title, facts, headings, and lines."""
    line = DocumentLine("l1", "Lead [team] at {{company}}.", detail="Level TBD")
    section = DocumentSection("s1", "summary", "About <Company Name>", lines=(line,))
    fact = Fact("reports_to", ("XXXX",))
    document = Document("Manager ____", facts=(fact,), sections=(section,))
    words = ["[team]", "____", "XXXX", "<Company Name>", "{{company}}", "TBD"]
    assert document.open_words() == words
