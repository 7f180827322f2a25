"""The words of a text for search: one spelling, signs, scripts without spaces, and passages."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles import search_query, search_words
from tests import strategies


def finds(query: str, text: str) -> bool:
    return search_query.parse(query).matches(search_words.search_text(text))


def test_forms_of_a_word_have_the_same_stem() -> None:
    """Who searches for a word finds its other forms."""
    assert search_words.stems("manages Managing MANAGED") == ("manag",) * 3
    assert search_words.stems("The customers’ accounts") == ("the", "custom", "account")
    assert search_words.stems("don’t don't") == search_words.stems("don't don’t")
    assert search_words.stems("!?, – [ ]") == ()


def test_search_text_matches_beginnings_of_words_only() -> None:
    """Terms in order, for phrases, then whole words and their beginnings."""
    text = search_words.search_text("Account management", "manages accounts")
    assert text == (
        " account manag | manag account | =account ^a ^ac =management ^m ^ma =manages =accounts "
    )
    assert " =acc" in text
    assert " count" not in text
    assert search_words.search_text("", "…") == ""


@given(st.lists(strategies.typed(), max_size=3))
@strategies.examples(100)
def test_every_word_matches_its_text(texts: list[str]) -> None:
    """Whatever the script."""
    stored = search_words.search_text(*texts)
    terms = [term for text in texts for term in search_words.stems(text)]
    assert all(f" {term} " in stored for term in terms)
    for text in texts:
        assert search_query.parse(text).matches(stored)


# British and American spellings; each finds the other.
SPELLINGS = """
organise organize, organisation organization, organising organizing, optimise optimize
customised customized, standardisation standardization, prioritise prioritize, analyse analyze
analysing analyzing, catalyse catalyze, colour color, behaviour behavior, behavioural behavioral
favourite favorite, labour labor, neighbourhood neighborhood, honours honors, flavour flavor
centre center, centres centers, kilometre kilometer, theatre theater, fibre fiber, litre liter
catalogue catalog, cataloguing cataloging, dialogue dialog, programme program, programmes programs
licence license, licences licenses, defence defense, practise practice, practising practicing
judgement judgment, acknowledgement acknowledgment, travelling traveling, traveller traveler
cancelled canceled, counselling counseling, counsellor counselor, modelling modeling
labelled labeled, fulfil fulfill, fulfilment fulfillment, enrol enroll, enrolment enrollment
instalment installment, skilful skillful, marvellous marvelous, dialled dialed
paediatric pediatric, anaesthesia anesthesia, orthopaedic orthopedic, gynaecology gynecology
haematology hematology, foetal fetal, oestrogen estrogen, diarrhoea diarrhea, manoeuvre maneuver
enquiry inquiry, grey gray, cheque check, ageing aging, jewellery jewelry, tyres tires
aluminium aluminum, mould mold, sceptic skeptic, aeroplane airplane, draughtsman draftsman
"""
PAIRS = [pair.split() for line in SPELLINGS.split("\n") for pair in line.split(",") if pair.strip()]


@pytest.mark.parametrize(("british", "american"), PAIRS)
def test_british_and_american_spellings_find_each_other(british: str, american: str) -> None:
    assert finds(british, american)
    assert finds(american, british)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("supervise", "supervisor"),
        ("supervise", "supervision"),
        ("revise", "revision"),
        ("advise", "advisor"),
        ("analyze", "analyst"),
        ("hour", "hourly"),
        ("practice", "practices"),
        ("court", "courts"),
    ],
)
def test_related_words_are_still_found(query: str, text: str) -> None:
    """A word in -ise that isn't also spelled with z keeps its relatives."""
    assert finds(query, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("e-mail", "email"),
        ("e mail", "email"),
        ("followup", "follow-up"),
        ("follow up", "followup"),
        ("follow-ups", "follow up"),
        ("part-time", "parttime"),
        ("part time", "part-time"),
        ("nonprofit", "non-profit"),
        ("non profit", "nonprofit"),
        ("coordinate", "co-ordinate"),
        ("onsite", "on-site"),
        ("on site", "onsite"),
        ("healthcare", "health care"),
        ("teamwork", "team work"),
        ("day-to-day", "day to day"),
        ("full‑time", "full-time"),  # a hyphen that doesn't break
        ("cross-functional", "crossfunctional"),
    ],
)
def test_words_with_hyphen_space_or_neither_find_each_other(one: str, other: str) -> None:
    assert finds(one, other)
    assert finds(other, one)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Orsted", "Ørsted"),
        ("Ørsted", "Orsted"),
        ("Lodz", "Łódź"),
        ("isik", "ışık"),
        ("strasse", "Straße"),
        ("Straße", "STRASSE"),
        ("aero", "Ærø"),
        ("oeuvre", "œuvre"),
        ("dordevic", "Đorđević"),
        ("thor", "Þór"),
        ("sid", "sið"),
        ("naive", "naïve"),
        ("Cafe", "café"),
    ],
)
def test_letters_are_found_without_their_signs(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("管理", "客户管理经理"),
        ("管理", "客户管理経理"),
        ("理", "客户管理"),
        ("経理", "客户管理経理"),
        ("営業", "法人営業部長"),
        ("マネージャー", "プロダクトマネージャー"),
        ("관리", "고객관리팀"),
        ("พยาบาล", "หัวหน้าพยาบาลวิชาชีพ"),
        ("ลูกค้า", "ดูแลลูกค้าให้ดี"),
        ("ຂາຍ", "ພະນັກງານຂາຍ"),
        ("លក់", "អ្នកលក់ទំនិញ"),
        ("ရောင်း", "အရောင်းဝန်ထမ်း"),
        ("प्रबंधक", "ग्राहक प्रबंधक"),
        ("مدير", "مدير المبيعات"),
        ("менеджер", "Менеджеры"),
    ],
)
def test_a_part_of_a_sentence_without_spaces_is_found(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [("管理", "客户经理"), ("管理", "理管"), ("ลูกค้า", "ลูกน้อง"), ("प्रबंधक", "प्रशिक्षक")],
)
def test_other_words_of_such_a_script_are_not_found(query: str, text: str) -> None:
    assert not finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("C#", "Know C# and Java"),
        ("c#", "C#/.NET"),
        ("C++", "C/C++, Go"),
        ("C", "C/C++"),
        ("F#", "F#."),
        (".NET", "C#/.NET"),
        (".net", "ASP.NET"),
        ("Node.js", "node.js"),
        ("R&D", "Lead R&D"),
        ("R&D", "R & D"),
        ("R and D", "R&D"),
        ("A/B", "run A/B tests"),
        ("24/7", "on call 24/7"),
        ("CI/CD", "CI/CD pipelines"),
        ("A+", "CompTIA A+"),
        ("security", "CompTIA Security+"),
        ("US", "U.S. citizens"),
        ("U.S.", "US citizens"),
    ],
)
def test_words_with_signs_are_found(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("C#", "C++ and C"),
        ("C#", "customers"),
        ("C++", "C#, C"),
        ("F#", "F"),
        (".NET", "net income"),
        ("R&D", "reports and documents"),
        ("A/B", "about"),
        ("C", "customers"),
        ("R", "React"),
        ("e-mail", "mail and evening"),
    ],
)
def test_words_with_signs_are_words_of_their_own(query: str, text: str) -> None:
    assert not finds(query, text)


# --- passages


def shown(text: str, query: str) -> str:
    """The passage, with the words of the query in brackets."""
    pieces = search_query.passage(text, search_query.parse(query))
    return "".join(f"[{piece}]" if is_word else piece for piece, is_word in pieces)


@pytest.mark.parametrize(
    ("text", "query", "passage"),
    [
        ("Care for patients\nManage ventilators", "ventilator", "Manage [ventilators]"),
        ("One day\nOne day at night", "night day", "One [day] at [night]"),
        ("客户管理経理", "管理", "客户[管理]経理"),
        ("We follow up daily", "followup", "We [follow up] daily"),
        ("Reply to e-mails", "email", "Reply to [e-mails]"),
        ("Use C# and C++", "C#", "Use [C#] and C++"),
        ("Work for Ørsted", "orsted", "Work for [Ørsted]"),
        ("Nothing", "ventilators", ""),
        ("Anything", "", ""),
    ],
)
def test_a_passage_has_the_words_marked(text: str, query: str, passage: str) -> None:
    assert shown(text, query) == passage


def test_a_long_line_is_cut_around_the_first_word() -> None:
    text = "word " * 100 + "ventilators" + " word" * 100
    passage = shown(text, "ventilators")
    assert passage.startswith("…word ")
    assert passage.endswith(" word…")
    assert "[ventilators]" in passage
    assert len(passage) < 300


@given(strategies.typed(), strategies.typed())
@strategies.examples(100)
def test_a_passage_is_part_of_the_text(text: str, query: str) -> None:
    """Whatever the script; without the marks of omission."""
    for whole in (text, f"{text} {query}"):
        pieces = [
            piece
            for piece, _is_word in search_query.passage(whole, search_query.parse(query))
            if piece != "…"
        ]
        assert "".join(pieces) in unicodedata.normalize("NFC", whole)


@pytest.mark.slow
def test_time_is_in_proportion_to_the_length() -> None:
    """Of any text: one word, one sign, hyphens, no spaces."""
    for part in ("a", "a-", "#", "管", "ก", ".a", "a&", "a ", "’"):
        start = time.perf_counter()
        search_words.search_text(part * 20_000)
        assert time.perf_counter() - start < 5, part
