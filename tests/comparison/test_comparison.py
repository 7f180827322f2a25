"""Tests of comparing two documents."""

import re
import time
import unicodedata
from dataclasses import replace
from decimal import Decimal
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles import text_formatting
from roles.comparison import compare, paragraphs, pieces
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

numbers = count(1)


def line(text, **fields):
    return DocumentLine(uid=fields.pop("uid", f"line-{next(numbers)}"), text=text, **fields)


def section(kind, heading, *lines, **fields):
    uid = fields.pop("uid", f"section-{next(numbers)}")
    return DocumentSection(uid=uid, kind=kind, heading=heading, lines=lines, **fields)


def document(*sections, **fields):
    return Document(fields.pop("title", "Account manager"), sections=sections, **fields)


def old_of(text):
    return "".join(piece.text for piece in text if piece.state != "added")


def new_of(text):
    return "".join(piece.text for piece in text if piece.state != "removed")


def marked(text):
    """Returns the pieces as one string, with [-removed-] and {+added+}."""
    marks = {"same": "%s", "removed": "[-%s-]", "added": "{+%s+}"}
    return "".join(marks[piece.state] % piece.text for piece in text)


def move_of(node):
    """Returns the old and new position of a moved node."""
    assert node.move is not None
    return node.move


def summary(old, new):
    """Returns the count, or the old and new value, by kind."""
    return {p.kind: p.count or (p.old, p.new) for p in compare(old, new).summary}


# --- properties of all documents


@pytest.mark.slow
@given(strategies.documents, strategies.documents)
@strategies.examples(150)
def test_is_empty_only_for_identical_documents(old, new):
    assert compare(old, new).is_empty == (old.filled() == new.filled())
    assert compare(old, old).is_empty
    assert compare(old, old).summary == ()


@st.composite
def changed_documents(draw):
    """A document and an edited copy: lines moved, removed, reworded, or with other fields; sections
    moved and renamed; pay and facts changed."""
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


@pytest.mark.slow
@given(changed_documents())
@strategies.examples(150)
def test_reverse_comparison_swaps_additions_and_removals(pair):
    there, back = compare(*pair), compare(*reversed(pair))

    def states(result, of):
        nodes = [*result.sections, *result.facts, *result.every_line()]
        nodes += [p for s in result.sections for p in (*s.pay_ranges, *s.pay_references, *s.facts)]
        return sum(node.state == of for node in nodes)

    assert there.is_empty == back.is_empty == (pair[0].filled() == pair[1].filled())
    assert states(there, "added") == states(back, "removed")
    assert states(there, "removed") == states(back, "added")
    assert states(there, "moved") == states(back, "moved")
    assert states(there, "kept") == states(back, "kept")


@given(changed_documents())
@strategies.examples(150)
def test_the_tree_has_both_documents_in_order(pair):
    """The new document without removed nodes, the old one without added nodes."""
    result = compare(*pair)

    def read(nodes, which, gone):
        return [getattr(node, which) for node in nodes if node.state not in gone]

    new, old = ("new", ("removed", "left")), ("old", ("added", "moved"))
    assert read(result.sections, *new) == list(result.new.sections)
    assert read(result.sections, *old) == list(result.old.sections)
    for node in result.sections:
        if node.new and node.state != "left":
            assert read(node.lines, *new) == list(node.new.lines)
        if node.old and node.state != "left":
            assert read(node.lines, *old) == list(node.old.lines)

    def shown(line):
        if not line.is_paragraph:
            return line.text
        stretches = text_formatting.stretches(line.text)
        return "".join(line.text[start:end] for start, end, _style in stretches)

    for one in result.every_line():
        if one.old and one.new and one.state in ("kept", "moved"):
            assert (old_of(one.text), new_of(one.text)) == (shown(one.old), shown(one.new))
            assert (old_of(one.detail), new_of(one.detail)) == (one.old.detail, one.new.detail)


# --- wording


@given(strategies.typed(200), strategies.typed(200))
@strategies.examples(300)
def test_pieces_make_both_texts(old, new):
    result = pieces(old, new)
    assert (old_of(result), new_of(result)) == (old, new)
    assert all(piece.text for piece in result)
    assert all(a.state != b.state for a, b in pairwise(result))


@given(st.lists(st.sampled_from(["we", "plan", "for", "each", "account", ".", "\n\n", ","])))
@strategies.examples(200)
def test_paragraphs_lose_nothing_but_blank_lines(words):
    old = " ".join(words)
    new = " ".join(reversed(words))
    result = pieces(old, new)
    cut = "".join(piece.text for paragraph in paragraphs(result) for piece in paragraph)
    assert "".join(cut.split()) == "".join("".join(p.text for p in result).split())
    assert all(paragraph for paragraph in paragraphs(result))


@pytest.mark.parametrize(
    ("old", "new", "read"),
    [
        ("Same.", "Same.", "Same."),
        ("", "New.", "{+New.+}"),
        ("Two years of work.", "Four years of work.", "[-Two-]{+Four+} years of work."),
        ("Plan renewals.", "Plan all renewals.", "Plan {+all +}renewals."),
        (
            "Pay is $70,000 – $90,000 per year.",
            "Pay is $75,000 – $95,000 per year.",
            "Pay is [-$70,000 – $90,000-]{+$75,000 – $95,000+} per year.",
        ),
        (
            "Prepare a plan for each account.",
            "Write the plans for all accounts.",
            "[-Prepare a plan for each account.-]{+Write the plans for all accounts.+}",
        ),
        ("Sell. Travel.", "Sell. Plan. Travel.", "Sell. {+Plan. +}Travel."),
        ("Sell.", "Sell. And travel.", "Sell.{+ And travel.+}"),
        ("A degree, or a license", "A degree or a license", "A degree[-,-] or a license"),
        (
            "👩🏽‍💼 manages accounts",
            "👩🏽‍💼 leads accounts",
            "👩🏽‍💼 [-manages-]{+leads+} accounts",
        ),
        ("我们需要一位经理", "我们需要两位经理", "我们需要[-一-]{+两+}位经理"),
    ],
)
def test_a_reworded_text_can_be_read(old, new, read):
    assert marked(pieces(old, new)) == read


# A sentence in a script without spaces, with one word changed: the sentence with the change marked.
SENTENCES = [
    ("thai", "ดูแล[-ลูกค้า-]{+ผู้ป่วย+}ให้ดีที่สุดทุกวันในสำนักงาน"),
    ("thai number", "ทำงาน [-๒๐-]{+๒๕+} ชั่วโมงต่อสัปดาห์"),
    ("thai added", "ดูแลลูกค้า{+ทุกคน+}ให้ดีที่สุดในสำนักงาน"),
    ("lao", "ພະນັກງານຂາຍດູແລ[-ລູກຄ້າ-]{+ສາງ+}ໃນຮ້ານ"),
    ("khmer", "អ្នក[-លក់-]{+ទិញ+}ទំនិញនៅក្នុងហាងធំ"),
    ("burmese", "အရောင်း[-ဝန်ထမ်း-]{+မန်နေဂျာ+}များကိုကြီးကြပ်သည်"),
    ("chinese", "客户经理[-管理-]{+服务+}关键客户"),
    ("japanese", "プロダクトマネージャーは[-計画-]{+予算+}を立てる"),
    ("japanese with latin", "週に[-20-]{+25+}時間働く"),
    ("korean", "고객을 [-관리-]{+지원+} 합니다"),
]


@pytest.mark.parametrize("shown", [shown for _name, shown in SENTENCES], ids=dict(SENTENCES))
def test_one_word_of_a_sentence_without_spaces_is_marked(shown):
    old = re.sub(r"{\+.*?\+}", "", shown).replace("[-", "").replace("-]", "")
    new = re.sub(r"\[-.*?-\]", "", shown).replace("{+", "").replace("+}", "")
    assert marked(pieces(old, new)) == shown


LETTERS = "กขคเแำ้ีุ่ ພຄໂຳ້ີ កខ្រាំើ ကခ္န်ော့ 管理がプー゛か\u3099a.1"
unspaced_texts = st.text(st.sampled_from(LETTERS), max_size=40)


@given(unspaced_texts, unspaced_texts, unspaced_texts)
@strategies.examples(300)
def test_marks_of_a_change_are_never_inside_a_letter(start, middle, end):
    """No piece begins with a mark, or with a letter written below the one before it."""
    old, new = start + middle + end, start + end[::-1] + end
    found = pieces(old, new)
    assert (old_of(found), new_of(found)) == (old, new)
    for text in (old, new):
        whole = [
            p.text for p in found if p.state in ("same", "removed" if text == old else "added")
        ]
        position = 0
        for part in whole:
            before, letter = text[position - 1 : position], part[:1]
            if position and not before.isspace() and not letter.isspace():
                assert unicodedata.category(letter)[0] != "M", (before, letter)
                assert letter not in "ำຳ"
                assert before not in ("\u1039", "\u17d2")
            position += len(part)


def test_long_sentences_without_spaces_are_compared_quickly():
    for word, other in (("ดูแลลูกค้า", "ผู้ป่วย"), ("အရောင်း", "ဝန်ထမ်း"), ("管理客户", "服务")):
        old = word * 500 + other + word * 500
        start = time.perf_counter()
        found = pieces(old, word * 1000)
        assert time.perf_counter() - start < 2
        assert [piece.text for piece in found if piece.state == "removed"] == [other]


def test_text_with_many_changes_is_shown_whole():
    old = " ".join(f"the account number {n} is a customer" for n in range(200))
    new = " ".join(f"the account number {n + 1000} is a customer" for n in range(200))
    assert [piece.state for piece in pieces(old, new)] == ["removed", "added"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 5000, "b " * 2500 + "a " * 2500),
        (".," * 5000, ",." * 5000),
        ("".join(f"w{n} " for n in range(1600)), "".join(f"w{-n} " for n in range(1600))),
        ("word " * 2000, "word, " * 1600),
        ("x" * 10_000, "y" * 10_000),
        ("x" + "." * 9998 + "x", "x" + "." * 9998 + "y"),
        ("\n \n" * 3000, "\n\n" * 5000),
    ],
)
def test_long_texts_are_compared_quickly(old, new):
    start = time.process_time()
    result = pieces(old, new)
    paragraphs(result)
    assert time.process_time() - start < 2
    assert (old_of(result), new_of(result)) == (old, new)


# --- lines


def of_lines(*lines, **fields):
    return document(section("responsibilities", "Duties", *lines, uid="duties", **fields))


def states(result):
    return [(node.state, node.any.text) for node in result.every_line()]


def test_dragged_line_is_one_move():
    lines = [line(f"Line {n}") for n in range(6)]
    result = compare(of_lines(*lines), of_lines(lines[5], *lines[:5]))
    assert [node.any.text for node in result.every_line() if node.state == "moved"] == ["Line 5"]
    assert summary(result.old, result.new) == {"lines_moved": 1}
    assert move_of(result.sections[0].lines[0]).steps == -5
    assert [node.state for node in result.every_line()] == ["moved", *["kept"] * 5, "left"]


def test_removed_line_stays_in_place():
    a, b, c, d = (line(text) for text in "ABCD")
    result = compare(of_lines(a, b, c), of_lines(a, d, c))
    assert states(result) == [("kept", "A"), ("removed", "B"), ("added", "D"), ("kept", "C")]
    first = compare(of_lines(b, a), of_lines(a))
    assert states(first) == [("removed", "B"), ("kept", "A")]


def test_line_moved_to_another_section():
    moving = line("Travel", requirement="required")
    skills, duties = section("skills", "Skills"), section("responsibilities", "Duties")
    old = document(replace(skills, lines=(moving,)), duties)
    new = document(skills, replace(duties, lines=(replace(moving, text="Travel often"),)))
    result = compare(old, new)
    left, moved = result.every_line()
    assert (left.state, moved.state, moved.is_reworded) == ("left", "moved", True)
    assert (move_of(moved).old.heading, move_of(moved).new.heading) == ("Skills", "Duties")
    assert summary(old, new) == {
        "lines_reworded": 1,
        "lines_moved": 1,
        "requirement": (1, 0),
    }


def test_line_moved_into_and_out_of_a_parent():
    a, b = line("A"), line("B")
    nested = of_lines(replace(a, lines=(b,)))
    flat = of_lines(a, b)
    inward = compare(flat, nested).sections[0]
    assert [node.state for node in inward.every_line()] == ["kept", "moved", "left"]
    assert move_of(inward.lines[0].lines[0]).new.parent == "A"
    outward = compare(nested, flat).sections[0]
    assert [node.state for node in outward.every_line()] == ["kept", "left", "moved"]


def test_renamed_group_moves_no_lines():
    lines = [line(f"Line {n}", group="Daily") for n in range(3)]
    renamed = [replace(one, group="Every day") for one in lines]
    result = compare(of_lines(*lines), of_lines(*renamed))
    assert {node.state for node in result.every_line()} == {"kept"}
    assert result.sections[0].groups[0].new == "Every day"
    assert marked(result.sections[0].lines[0].group) == "[-Daily-]{+Every day+}"
    dragged = [renamed[2], *renamed[:2]]
    move = move_of(compare(of_lines(*lines), of_lines(*dragged)).sections[0].lines[0])
    assert move.old.group == move.new.group


def test_line_in_another_group_moved():
    lines = [line("A", group="Daily"), line("B", group="Daily"), line("C", group="Weekly")]
    other = [lines[0], replace(lines[1], group="Weekly"), lines[2]]
    result = compare(of_lines(*lines), of_lines(*other))
    assert [node.any.text for node in result.every_line() if node.state == "moved"] == ["B"]
    assert not result.sections[0].groups


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("requirement", "preferred", "required"),
        ("essential", "", "essential"),
        ("percent", 20, None),
        ("percent", None, 0),
        ("frequency", "daily", "weekly"),
        ("category", "tool", "technical"),
        ("proficiency", "basic", "expert"),
        ("form", "entry", "paragraph"),
    ],
)
def test_changed_fields_of_a_line(name, old, new):
    before = line("A", **{name: old})
    result = compare(of_lines(before), of_lines(replace(before, **{name: new})))
    (change,) = result.sections[0].lines[0].changes
    assert (change.name, change.old, change.new) == (name, old, new)
    assert not result.is_empty
    assert summary(result.old, result.new)["lines_changed"] == 1


def test_placeholder_value_counts_as_rewording():
    old = of_lines(line("[X] years", uid="years"))
    new = of_lines(line("[X] years", uid="years", answers=(Answer("x", "3"),)))
    assert marked(compare(old, new).sections[0].lines[0].text) == "[-[X]-]{+3+} years"
    assert compare(old, replace(old, answers=(Answer("unasked", "x"),))).is_empty


def test_rewritten_section_is_not_matched():
    text = "Prepare renewal plans for each account."
    old, new = (document(section("responsibilities", "Duties", line(text))) for _ in range(2))
    result = compare(old, new)
    assert [node.state for node in result.sections] == ["removed", "added"]
    assert summary(old, new) == {
        "sections_removed": 1,
        "sections_added": 1,
        "lines_removed": 1,
        "lines_added": 1,
    }


# --- sections, pay, facts, the document


def test_moved_and_renamed_sections():
    a, b, c = (section("other", heading, line(heading)) for heading in "ABC")
    renamed = replace(b, heading="B and more", audience="internal", style="numbers")
    result = compare(document(a, b, c), document(c, a, renamed))
    by_heading = {node.any.heading: node for node in result.sections if node.state != "left"}
    assert by_heading["C"].state == "moved"
    assert by_heading["C"].steps == -2
    assert {change.name for change in by_heading["B and more"].changes} == {"audience", "style"}
    assert marked(by_heading["B and more"].heading) == "B{+ and more+}"
    assert {node.state for node in result.every_line()} == {"kept"}


def pay(uid, low, high, **fields):
    return DocumentPayRange(uid, Decimal(low), Decimal(high), **fields)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (pay("p", 70, 90), pay("p", 75, 95), "pay_raised"),
        (pay("p", 70, 90), pay("p", 70, 95), "pay_raised"),
        (pay("p", 70, 90), pay("p", 60, 90), "pay_lowered"),
        (pay("p", 70, 90), pay("p", 60, 95), "pay_changed"),
        (pay("p", 70, 90), pay("p", 80, 95, currency="EUR"), "pay_changed"),
        (pay("p", 70, 90), pay("p", 70, 90, location="Denver"), "pay_changed"),
        (pay("p", 70, 90), pay("q", 70, 90), "pay_removed"),
    ],
)
def test_pay_changes(old, new, kind):
    of = section("pay", "Pay")
    sides = [document(replace(of, pay_ranges=(one,))) for one in (old, new)]
    assert kind in summary(*sides)


def test_changed_market_figure_is_another_reference():
    figure = DocumentPayReference("Account manager", amount=Decimal(50))
    of = section("pay", "Pay")
    old = document(replace(of, pay_references=(figure,)))
    new = document(replace(of, pay_references=(replace(figure, amount=Decimal(60)),)))
    assert summary(old, new) == {"references_added": 1, "references_removed": 1}


def test_facts_match_by_name():
    old = (Fact("department", ("Sales",)), Fact("locations", places=(DocumentPlace("Denver"),)))
    new = (Fact("department", ("Sales",), audience="internal"), Fact("work_mode", ("remote",)))
    result = compare(document(facts=old), document(facts=new))
    by_name = {fact.name: fact for fact in result.facts}
    assert [change.name for change in by_name["department"].changes] == ["audience"]
    assert by_name["locations"].state == "removed"
    assert by_name["work_mode"].state == "added"
    assert [point.kind for point in result.summary] == [
        "fact_changed",
        "fact_removed",
        "fact_added",
    ]


def test_changed_fact_marks_its_section():
    facts = section("facts", "Details", facts=("department",))
    old = document(facts, facts=(Fact("department", ("Sales",)),))
    new = document(facts, facts=(Fact("department", ("Service",)),))
    (shown,) = compare(old, new).sections[0].facts
    assert not shown.is_plain
    assert shown.row == "kept"
    assert compare(document(facts), new).sections[0].facts[0].row == "added"


def test_title_and_language():
    result = compare(document(title="Account manager"), document(title="Manager", language="de"))
    assert [point.kind for point in result.summary] == ["title", "language"]
    assert not result.is_empty
