"""Pasted lists: their entries, and that nothing of their texts is lost."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles import limits
from roles.importers import pasted_list
from tests import pastes, strategies


def parsed(text: str) -> list[pastes.Expected]:
    """The entries in the form of the samples."""
    return [
        pastes.Pair(entry.text, entry.detail, entry.percent)
        if entry.detail or entry.percent
        else (entry.text, [below.text for below in entry.entries])
        if entry.entries
        else entry.text
        for entry in pasted_list.entries(text)
    ]


def flat(text: str) -> list[str]:
    """The texts and details of all entries and sub-entries, in order."""
    found = [each for entry in pasted_list.entries(text) for each in (entry, *entry.entries)]
    return [part for each in found for part in (each.text, each.detail) if part]


# --- samples


@pytest.mark.parametrize(("paste", "expected"), pastes.ALL.values(), ids=pastes.ALL)
def test_samples_are_parsed(paste: str, expected: list[pastes.Expected]) -> None:
    """Bullets and numbering are removed, wrapped lines joined, sub-entries stay below theirs."""
    assert parsed(paste) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2029"])
@pytest.mark.parametrize(
    "name", ["Word: second level o, indentation lost", "mail: wrapped, indentation lost"]
)
def test_line_ends_of_every_system(name: str, end: str) -> None:
    """Windows, Unix, old Macs, and Unicode's paragraph separator."""
    paste, expected = pastes.ALL[name]
    assert parsed(end.join(paste.splitlines())) == expected


def test_first_line_without_its_indentation_is_no_parent() -> None:
    """If the other lines have sub-entries of their own."""
    assert parsed("- One\n    - Two\n        - Below\n    - Three") == [
        "One",
        ("Two", ["Below"]),
        "Three",
    ]


def test_sub_entries_have_one_level() -> None:
    """Deeper ones are raised to it, in order."""
    assert parsed("- a\n  - b\n    - c\n      - d\n  - e\n- f") == [
        ("a", ["b", "c", "d", "e"]),
        "f",
    ]


# --- limits


def test_limit_of_characters() -> None:
    """As many as allowed, and not one more."""
    longest = "a" * limits.PASTE_LIMIT
    assert flat(longest) == [longest]
    with pytest.raises(pasted_list.TooLong) as refused:
        pasted_list.entries(longest + "a")
    assert (refused.value.limit, refused.value.length) == (200_000, 200_001)


@pytest.mark.parametrize("marker", ["• ", "  • ", ""])
def test_limit_of_entries(marker: str) -> None:
    """Sub-entries count, because they are lines of the job description."""
    allowed = "- Top\n" + f"{marker}Entry\n" * 399
    assert len(flat(allowed)) == 400 == limits.LINES_LIMIT
    with pytest.raises(pasted_list.TooLong) as refused:
        pasted_list.entries(allowed + f"{marker}Entry")
    assert (refused.value.limit, refused.value.length) == (400, 401)


def test_two_thousand_lines_are_refused() -> None:
    """With their number, for the message."""
    with pytest.raises(pasted_list.TooLong) as refused:
        pasted_list.entries("".join(f"• Entry {n}\n" for n in range(2000)))
    assert refused.value.length == 2_000


def test_many_wrapped_lines_of_few_entries_are_accepted() -> None:
    """The limit applies to entries, not to their lines."""
    entry = "- Look after a great many customers\n" + "  who live in the countryside\n" * 9
    assert len(flat(entry * 350)) == 350


WORST = {
    "digits": "1",
    "numbers": "1.1.",
    "spaces": " ",
    "tabs": "\t",
    "brackets": "(",
    "boxes": "[ ] ",
    "quotes": "> ",
    "bullets": "• ",
    "bullets without a space": "•",
    "dashes": "- ",
    "lines": "a\n",
    "numbered lines": "1. A\n",
    "open brackets": "(a\n",
    "lone bullets": "•\n",
    "Roman numbers": "i. a\n",
    "words that lead on": "and\n",
    "directions": "\u202a",
    "soft hyphens": "\u00ad\n",
    "page breaks": "\n\f",
    "bullets behind": "א •\n",
    "links": "[a](http:",
    "open tags": "<li ",
    "entities": "&amp",
    "emphasis": "*a ",
    "code": "`a",
    "page numbers": "• a\n3\n",
    "numbers on one line": " 2. A",
    "headings": "# A\n",
    "cells": "a\t1%\t",
    "questions": "A?\nB\n",
    "Chinese numerals": "一、",
    "Chinese numbers on one line": "1、管2、",
    "circles": "①管",
    "references": "[a][b]",
    "addresses of references": "[a]: /b\n",
    "comments": "<!-- ",
    "equal signs": "= ",
}


@pytest.mark.slow
@pytest.mark.parametrize("piece", WORST.values(), ids=WORST)
def test_parsing_takes_linear_time(piece: str) -> None:
    """Ten times as much takes about ten times as long; in quadratic time it would be a hundred."""

    def seconds(length: int) -> float:
        start = time.process_time()
        try:
            pasted_list.entries((piece * length)[:length])
        except pasted_list.TooLong as error:
            assert error.limit == pasted_list.ENTRIES_LIMIT  # noqa: PT017
        return time.process_time() - start

    longest = seconds(limits.PASTE_LIMIT)
    assert longest < 2  # a tenth of that on an idle machine
    assert longest < 40 * max(seconds(limits.PASTE_LIMIT // 10), 0.005)


def test_five_megabytes_are_refused_at_once() -> None:
    """By their length, before they are read."""
    start = time.process_time()
    with pytest.raises(pasted_list.TooLong):
        pasted_list.entries("• Entry\n" * 700_000)
    assert time.process_time() - start < 0.1


# --- nothing is lost

MARKS = ("", "• ", "•\t", "- ", "* ", "1. ", "2) ", "(3) ", "1.2 ", "1.2.3. ", "a) ", "iv. ", "o\t")
WORDS = (
    "Manage", "manage", "the", "accounts", "and", "3", "2024", "401(k)", "5+", "(or", "more)",
    "[X]", "years", "[field of study]", "–", "-", "→", "R&D", "50%", "e.g.", "well-known", "A/B",
    "ניהול", "לקוחות", "管理", "🚀", "👩🏽‍💼", "می\u200cخواهیم", "Smith,", "targets.", "including:",
)  # fmt: skip


@st.composite
def written_lists(draw: st.DrawFn) -> tuple[str, str]:
    """A list as someone could write it, and its texts without markers and white space."""
    lines, texts = [], []
    for _ in range(draw(st.integers(1, 8))):
        words = ["Word", *draw(st.lists(st.sampled_from(WORDS), max_size=12)), "end"]
        gaps = draw(
            st.lists(
                st.sampled_from([" ", " ", "  ", "\u00a0", "\t", "\v", "\n", "\n   "]),
                min_size=len(words),
                max_size=len(words),
            )
        )
        # The beginning of a line can be a marker, so only words that are none are put there.
        words = [
            word if "\n" not in gap or word[0].isalpha() else f"x{word}"
            for word, gap in zip(words, ["", *gaps], strict=False)
        ]
        text = "".join(word + gap for word, gap in zip(words, gaps, strict=True)).rstrip()
        indent = draw(st.sampled_from(["", "  ", "\t", "    "]))
        end = draw(st.sampled_from(["\n", "\n\n", "\r\n"]))
        lines.append(indent + draw(st.sampled_from(MARKS[1:])) + text + end)
        texts.extend(words)
    return "".join(lines), "".join("".join(texts).split())


@given(written_lists())
@strategies.examples(150)
def test_no_word_is_lost_from_a_list(written: tuple[str, str]) -> None:
    """The whole text is returned in order, whatever markers are before it."""
    paste, texts = written
    result = "".join("".join(flat(paste)).split())
    # A number without a neighbor counts as a part of the sentence, and stays.
    left = r"(?:1\.|2\)|\(3\)|1\.2|1\.2\.3\.|a\)|iv\.)?(?=Word)"
    assert re.sub(left, "", result) == re.sub(left, "", texts)


# Two short entries and a heading in each script; those with capitals begin with one.
SCRIPTS = {
    "Latin": ("Plan the week", "Order stock", "Requirements"),
    "Cyrillic": ("Планировать неделю", "Заказывать товар", "Требования"),
    "Greek": ("Προγραμματισμός εβδομάδας", "Παραγγελία", "Απαιτήσεις"),
    "Armenian": ("Պլանավորել շաբաթը", "Պատվիրել", "Պահանջներ"),
    "Arabic": ("تخطيط الأسبوع", "طلب المخزون", "المتطلبات"),
    "Hebrew": ("תכנון השבוע", "הזמנת מלאי", "דרישות"),
    "Devanagari": ("सप्ताह की योजना", "स्टॉक मंगवाएं", "आवश्यकताएँ"),
    "Tamil": ("வாரத்தைத் திட்டமிடு", "பொருள் வாங்கு", "தேவைகள்"),
    "Thai": ("วางแผนสัปดาห์", "สั่งซื้อสินค้า", "คุณสมบัติ"),
    "Chinese": ("制定计划", "订购库存", "任职要求"),
    "Japanese": ("計画を立てる", "在庫を注文する", "応募条件"),
    "Korean": ("주간 계획 수립", "재고 주문", "자격 요건"),
    "Georgian": ("კვირის დაგეგმვა", "მარაგის შეკვეთა", "მოთხოვნები"),
}


@pytest.mark.parametrize("script", SCRIPTS)
@given(data=st.data())
@strategies.examples(40)
def test_no_entry_is_joined_to_another(script: str, data: st.DataObject) -> None:
    """A line that follows an empty line, has a bullet or number, or comes after a short entry
    begins an entry, in every script."""
    one, other, heading = SCRIPTS[script]
    long = " ".join([one] * 6)
    bullet = data.draw(st.sampled_from(["• ", "- ", "* ", "・", "➤ "]))
    shapes = st.sampled_from(
        [bullet + one, bullet + other, bullet + long, "\n" + heading, "\n" + long, "## " + heading]
    )
    lines = [bullet + one]
    for shape in data.draw(st.lists(shapes, min_size=1, max_size=8)):
        lines.append(shape)
        if "\n" not in shape and long not in shape and data.draw(st.booleans()):
            lines += [heading, bullet + other]
    written = [line.strip().removeprefix("## ").removeprefix(bullet.strip()) for line in lines]
    assert flat("\n".join(lines)) == [text.strip() for text in written]


BULLETS = "•◦∙·・･‣⁃▪▫■□◼◻●○◆◇❖❑❒❏❐➢➤►▶▸▹✓✔✗✘☐☑☒✅🔹🔸🔷🔶" + "".join(
    map(chr, (*range(0x2460, 0x2474), *range(0x2776, 0x2780), *range(0xF020, 0xF100)))
)
DOUBTFUL = r"\-‐‑–—−*+→⇒➔➜➡★☆✦✧✪👉o§ØüŸ"
PARTS = r"\d{1,3}(?:\.\d{1,3})+(?:\.\)|\.-|[.)．）、]?)"
LETTER = r"\d{1,3}|[一二三四五六七八九十]{1,3}|[^\W\d_]|(?i:[ivxl]{2,7})"
NUMBER = PARTS + rf"|[(（]?(?:{LETTER})(?:\.\)|\.-|[.)．）、\-])"
BARE = r"|\d{1,3}(?= |$)"  # a number without a point counts only beside one of two parts
BULLET = r"(?:(?:[{doubtful}]|\d\ufe0f?\u20e3|\[ ?[xX]?\](?= |$)) ?)*"
MARK = r"(?:> ?)*" + BULLET + r"(?:(?:{number}) ?)?" + BULLET
UNSEEN = (
    "\u00ad\u200b\u2060\u2061\u2062\u2063\u2064\u180e\ufeff\u200e\u200f\u061c"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
EMPHASIS = "*_~`"
NOTHING = dict.fromkeys(map(ord, UNSEEN + BULLETS + EMPHASIS + "\ufe0e\ufe0f"))


def is_to_be_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp")


def visible(text: str) -> str:
    """The characters of a text without white space, certain bullets and invisible ones."""
    return "".join(c for c in text.translate(NOTHING) if is_to_be_seen(c) or c in "\u200c\u200d")


def pieces(text: str) -> Iterator[str]:
    """The lines; one that begins with a bullet can be several that lost their line breaks."""
    for line in re.split(r"\r\n|[\r\n\f\u2029]", text):
        bullet = line.translate(dict.fromkeys(map(ord, UNSEEN))).lstrip()[:1]
        if bullet and bullet in BULLETS:
            yield from re.split(rf"\s(?={bullet}\s)", line)
        else:
            yield line


def longest_marks(text: str) -> Iterator[tuple[str, int]]:
    """The visible characters of each line, and how many of them could be its marker at most."""
    number = NUMBER + (BARE if re.search(r"\d\.\d", text) else "")
    mark = re.compile(MARK.format(doubtful=DOUBTFUL, number=number))
    for line in pieces(text):
        spaced = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", line.translate(NOTHING)).strip()
        match = mark.match(spaced)
        rest = spaced[match.end() :] if match else spaced
        whole = visible(spaced)
        only_unseen = not any(is_to_be_seen(c) for c in rest)
        yield whole, len(whole) if only_unseen else len(whole) - len(visible(rest))


def assert_only_marks_are_lost(text: str) -> None:
    """Each line is in the result, in order, except for a marker at its beginning."""
    result = visible("".join(flat(text)))
    places = {0}
    for line, mark in longest_marks(text):
        places = {
            place + len(line) - cut
            for place in places
            for cut in range(mark + 1)
            if result.startswith(line[cut:], place)
        }
        assert places, f"{line!r} of {text!r} is not in {result!r}"
    assert len(result) in places


PIECES = (
    "\n", "\n", "\n", "\n\n", "\r\n", " ", " ", "  ", "\t", "\v", "\f", "\u2028", "\u2029",
    "\u00a0", "①",
    "•", "• ", "- ", "-", "–", "* ", "*", "o ", "o\t", "o", "+ ",
    "· ", "✔️ ", "1️⃣", "§ ", "● ",
    "1.", "1. ", "2. ", "3) ", "2)", "(1) ", "(2)", "1.1 ", "1.2", "2.1. ", "1- ", "2- ", "3.- ",
    "10. ", "1、", "（2）", "・", "** ",
    "a. ", "b. ", "a) ", "(b) ", "i. ", "ii. ", "iii) ", "IV) ", "A. ", "B. ", "א. ", "ב. ", "١. ",
    "[ ] ", "[x] ", "[X] ", "[]", "[", "]", "(", ")", "> ", ">", ".", ",", ":", ";", "/", "---",
    "Manage", "accounts", "and", "the", "years", "3", "2024", "5+", "iOS", "e.g.", "ניהול", "管理",
    "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202b", "\u202c", "\ufeff",
    "🚀", "👉🏽", "👩🏽‍💼", "e\u0301", "\x00", "\x85",
)  # fmt: skip
anything = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=30).map("".join),
    st.text(max_size=200),
)


@given(anything)
@strategies.examples(500)
def test_only_bullets_numbering_and_white_space_are_lost(text: str) -> None:
    """In any text, a line loses nothing but a possible marker at its beginning."""
    assert_only_marks_are_lost(text)


# Markup, quotation marks of cells, page numbers, percentages of time, and numbers inside a line are
# lost on purpose.
LOSSLESS = {
    name: paste
    for name, (paste, _expected) in pastes.ALL.items()
    if not name.startswith(("markup", "pages")) and not name.endswith("on one line")
    if not any(mark in paste for mark in ("%", "percent", '\t"'))
}


@pytest.mark.parametrize("paste", LOSSLESS.values(), ids=LOSSLESS)
def test_only_markers_are_lost_from_the_samples(paste: str) -> None:
    """The same for realistic lists."""
    assert_only_marks_are_lost(paste)


@given(anything)
@strategies.examples(250)
def test_entries_are_single_tidy_lines(text: str) -> None:
    """None is empty, or has a line break, a tab or extra white space, and there is one
    level of sub-entries."""
    for entry in pasted_list.entries(text):
        for each in (entry, *entry.entries):
            assert any(is_to_be_seen(c) for c in each.text)
            assert each.text == " ".join(each.text.split())
            assert not any(unicodedata.category(c) == "Cc" for c in each.text)
        assert not any(below.entries for below in entry.entries)


@given(anything)
@strategies.examples(250)
def test_parsed_entries_written_with_bullets_are_parsed_the_same(text: str) -> None:
    """All entries and sub-entries as a bulleted list. (Without bullets they can differ: a text such
    as `A. Smith` can then have neighbors.)"""
    texts = flat(text)
    assert flat("".join(f"- {each}\n" for each in texts)) == texts


@given(st.lists(st.sampled_from(["Sell cars.", "Buy [X] cars", "R&D (new)", "ניהול"]), max_size=9))
@strategies.examples(50)
def test_plain_sentences_are_parsed_unchanged(texts: list[str]) -> None:
    """One a line, without bullets."""
    assert flat("\n".join(texts)) == texts


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("Open\tClerk\tMonday\tDepot", ["Open", "Clerk", "Monday", "Depot"]),
        ("Open\tClerk\tMonday", ["Open", "Clerk", "Monday"]),
        ("Open\tClerk\t\t", ["Open", "Clerk"]),
        ("Open\t\tMonday\t", ["Open", "", "Monday"]),
        ("Open\t\t\tDepot", ["Open", "", "–", "Depot"]),
        ("\tClerk\t\tDepot", ["–", "Clerk", "–", "Depot"]),
        ("\t\tMonday\tDepot", ["–", "", "Monday", "Depot"]),
        ("Open\tClerk\tMonday\tDepot\tKey\tAlarm", ["Open", "Clerk", "Monday", "Depot Key Alarm"]),
        ("Open", ["Open"]),
        ("| Open | Clerk | Monday |", ["Open", "Clerk", "Monday"]),
        ("20%\t30%\t40%", ["20%", "30%", "40%"]),
    ],
)
def test_rows_of_a_table_section_keep_their_cells(row: str, cells: list[str]) -> None:
    head = "| What | Who | When |\n|---|---|---|" if row.startswith("|") else "What\tWho\tWhen"
    first, found = pasted_list.entries(f"{head}\n{row}", has_percent=False, columns=4)
    assert (first.text, first.detail, first.entries[0].text) == ("What", "Who", "When")
    shown = [found.text, found.detail, *(sub.text for sub in found.entries)]
    assert shown == cells if len(cells) > 1 else shown == [*cells, ""]
