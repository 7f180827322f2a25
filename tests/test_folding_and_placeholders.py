"""Plain text: what may not be stored, how it is folded, and its placeholders."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles import folding, placeholders
from tests import strategies


def keys(text: str, *, after: str = "") -> list[str]:
    return [result.key for result in placeholders.find_placeholders(text, after=after)]


# --- what may be stored


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a\x00b", "U+0000"),
        ("bell \x07", "U+0007"),
        ("return \r", "U+000D"),
        ("delete \x7f", "U+007F"),
        ("next line \x85", "U+0085"),
        ("half an emoji \ud83d", "U+D83D"),
        ("\udc00", "U+DC00"),
        ("\ufffe", "U+FFFE"),
        ("\uffff", "U+FFFF"),
        ("\U0001ffff", "U+1FFFF"),
        ("\U0010fffe", "U+10FFFE"),
    ],
)
def test_forbidden_characters_are_reported(text: str, name: str) -> None:
    """Control characters, lone surrogates and non-characters."""
    assert folding.forbidden_character(text) == name


@pytest.mark.parametrize("text", ["", "plain", "two\nlines\tand a tab", *strategies.AWKWARD])
def test_usual_characters_are_allowed(text: str) -> None:
    """Line feed, tab, every script, directions, joined emoji."""
    assert folding.forbidden_character(text) is None


@given(st.text())
@strategies.examples(100)
def test_allowed_characters_can_be_stored(text: str) -> None:
    """UTF-8 can write it, and PostgreSQL takes it: no NUL."""
    if folding.forbidden_character(text) is None:
        text.encode()
        assert "\x00" not in text


# --- tidy, fold


@pytest.mark.parametrize(
    ("text", "one_line", "several"),
    [
        ("  a  b \r\n c \r", "a b c", "a  b \n c"),
        ("a\rb", "a b", "a\nb"),
        ("\u00a0a\u00a0b\u2003", "a b", "a\u00a0b"),
        ("\n\n", "", ""),
    ],
)
def test_tidy(text: str, one_line: str, several: str) -> None:
    """Line ends become line feeds, no space at the ends; white space folds on one line."""
    assert folding.tidy(text, one_line=True) == one_line
    assert folding.tidy(text, one_line=False) == several


@given(text=st.text(), one_line=st.booleans())
@strategies.examples(100)
def test_tidy_is_idempotent(text: str, one_line: bool) -> None:
    """A text that comes back from a form unchanged is unchanged."""
    once = folding.tidy(text, one_line=one_line)
    assert folding.tidy(once, one_line=one_line) == once


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Café\n CRÈME ", "cafe creme"),
        ("STRASSE Straße", "strasse strasse"),
        ("ﬁne", "fine"),
        ("Ａｃｃｏｕｎｔ", "account"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    """Case, accents, ligatures and widths make no difference."""
    assert folding.fold(text) == folded


# --- placeholders


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("no brackets", []),
        ("[Company Name]", ["company name"]),
        ("[ company  NAME: ]", ["company name"]),
        ("[a] and [b]", ["a", "b"]),
        ("[Ville de résidence]", ["ville de residence"]),
        ("[your city] [Your City]", ["your city", "your city"]),
        ("[]", []),
        ("[ ]", []),
        ("[1] [2024] [$] […]", []),
        ("[one\nline]", []),
        ("[outer [inner]]", ["inner"]),
        ("[" + "a" * 80 + "]", ["a" * 80]),
        ("[" + "a" * 81 + "]", []),
        ("unclosed [text", []),
    ],
)
def test_placeholder_syntax(text: str, result: list[str]) -> None:
    """Words in one pair of brackets on one line; not numbers, not empty ones."""
    assert keys(text) == result


@pytest.mark.parametrize(
    "raw",
    ["Company", "our company", "Employer", "Organization", "organization name", "COMPANY NAME:"],
)
def test_aliases_of_the_company_name(raw: str) -> None:
    """Different brackets, one question."""
    assert keys(f"At [{raw}] we") == ["company name"]


def test_other_keys_are_unchanged() -> None:
    """Only whole names are aliases."""
    assert keys("[company size] [e-mail] [E-mail address]") == [
        "company size",
        "email address",
        "email address",
    ]


@pytest.mark.parametrize(
    ("text", "key", "choices", "hint"),
    [
        ("[field of study, e.g. marketing]", "field of study", (), "marketing"),
        ("[tool (e. g. Excel)]", "tool (", (), "Excel)"),
        ("[day, such as Monday or Friday]", "day", (), "Monday or Friday"),
        ("[tool for example: Excel]", "tool", (), "Excel"),
        (
            "[on site, hybrid, remote]",
            "on site, hybrid, remote",
            ("on site", "hybrid", "remote"),
            "",
        ),
        ("[city]", "city", (), ""),
    ],
)
def test_choices_and_hints(text: str, key: str, choices: tuple[str, ...], hint: str) -> None:
    """Commas offer choices; what follows e.g. is a hint and not part of the question."""
    result = placeholders.find_placeholders(text)[0]
    assert (result.key, result.choices, result.hint) == (key, choices, hint)


def test_local_placeholders_are_numbered_through_a_line() -> None:
    """[X] means something else each time; the detail goes on counting where the text ended."""
    assert keys("[X] to [x] of [XX] in [number]") == ["x", "x#2", "xx", "number"]
    assert keys("[X] more", after="[X] to [X]") == ["x#3"]
    assert keys("[city]", after="[city]") == ["city"]
    assert all(result.is_local for result in placeholders.find_placeholders("[X] [X]"))
    assert not placeholders.find_placeholders("[city]")[0].is_local


def test_number_sign_in_a_key_is_no_local_number() -> None:
    """An author who writes [x#2] does not answer the second [x] with it."""
    result = keys("[x] [x#2] [x]")
    assert len(set(result)) == 3


@given(strategies.typed(120))
@strategies.examples(200)
def test_offsets_of_a_placeholder(text: str) -> None:
    """Its offsets cut its brackets out, in order, without overlap."""
    end = 0
    for result in placeholders.find_placeholders(text):
        assert result.start >= end
        end = result.end
        brackets = text[result.start : result.end]
        assert brackets[0] + brackets[-1] == "[]"
        assert brackets[1:-1].strip() == result.raw


@pytest.mark.parametrize(
    "raw",
    [
        "Company",
        "field of study, e.g. marketing",
        "size ｅ.ｇ. large",
        "such as",
        "Größe",
        "ǅ, ﬁ",
        "; : ,a,",
        "İstanbul",
    ],
)
def test_key_is_idempotent(raw: str) -> None:
    """An answer is stored under the key and found by it again."""
    for key in keys(f"[{raw}]"):
        assert placeholders.placeholder_key(key) == key


@pytest.mark.parametrize("raw", ["ß" * 80, "ﷺ" * 80, "ﬃ" * 80], ids=["ss", "salla", "ffi"])
def test_key_fits_the_database_column(raw: str) -> None:
    """Folding makes some texts longer; an answer is still stored under its whole key."""
    from roles.models import PlaceholderAnswer

    limit = PlaceholderAnswer._meta.get_field("placeholder").max_length or 0
    assert all(len(key) <= limit for key in keys(f"[{raw}]"))


# --- answers


def test_fill() -> None:
    """Answered ones are replaced, open ones keep their brackets, plain ones too."""
    text = "[X] years at [Company] in [city], [sic]"
    answers = {"x": "2", "company name": "Acme", "city": "", "sic": None}
    assert placeholders.fill(text, answers) == "2 years at Acme in [city], [sic]"
    assert placeholders.fill("[X]", {"x": "2", "x#2": "3"}, after="[X]") == "3"
    assert placeholders.fill("[city]", {"city": "[X]", "x": "no"}) == "[X]"


def test_segments_mark_blank_placeholders() -> None:
    """The preview marks what was answered and what is still open."""
    result = list(placeholders.segments("a [b] c [d] [e]", {"b": "B", "e": None}))
    assert [(s.text, s.state, s.key) for s in result] == [
        ("a ", "plain", ""),
        ("B", "answered", "b"),
        (" c ", "plain", ""),
        ("[d]", "open", "d"),
        (" ", "plain", ""),
        ("[e]", "plain", ""),
    ]


@given(text=strategies.typed(120), after=strategies.or_empty(strategies.typed()))
@strategies.examples(150)
def test_fill_without_answers_changes_nothing(text: str, after: str) -> None:
    """Segments put together are the text."""
    assert "".join(s.text for s in placeholders.segments(text, {}, after=after)) == text
    assert placeholders.fill(text, {}, after=after) == text
    plain = dict.fromkeys(keys(text, after=after))
    assert placeholders.fill(text, plain, after=after) == text


@given(strategies.typed(120))
@strategies.examples(100)
def test_fill_with_all_answers_leaves_no_blanks(text: str) -> None:
    """Every placeholder found can be answered."""
    answers = dict.fromkeys(keys(text), "answer")
    assert all(s.state != "open" for s in placeholders.segments(text, answers))


def test_awkward_texts_are_unchanged() -> None:
    """The strategies hold decomposed letters and marks of direction on purpose."""
    assert any(unicodedata.normalize("NFC", text) != text for text in strategies.AWKWARD)
