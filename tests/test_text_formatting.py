"""The formatting of paragraphs: what is a mark, and what is an ordinary character."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles import placeholders, text_formatting
from roles.text_formatting import TextStyle
from tests import strategies

BOLD, ITALIC, BOTH = TextStyle(bold=True), TextStyle(italic=True), TextStyle(True, True)


def styled(text: str) -> dict[str, TextStyle]:
    """The words that have a style."""
    found = text_formatting.stretches(text)
    return {text[start:end]: style for start, end, style in found if style != TextStyle()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We are **bold** and *kind*.", {"bold": BOLD, "kind": ITALIC}),
        ("***Both*** at once", {"Both": BOTH}),
        ("**A *b* c**", {"A ": BOLD, "b": BOTH, " c": BOLD}),
        ("**A *b***", {"A ": BOLD, "b": BOTH}),
        ("*a **b***", {"a ": ITALIC, "b": BOTH}),
        ("**Note:** read this", {"Note:": BOLD}),
        ("(**in brackets**), “*quoted*”", {"in brackets": BOLD, "quoted": ITALIC}),
        ("**Two words\nand a line**", {"Two words\nand a line": BOLD}),
        ("提供**良好**的服务", {"良好": BOLD}),
        ("**[company name]** grows", {"[company name]": BOLD}),
        ("we **don’t** wait", {"don’t": BOLD}),
    ],
)
def test_bold_and_italic(text: str, words: dict[str, TextStyle]) -> None:
    assert styled(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "5*8*2 boxes",
        "2 * 3 * 4",
        "Grade A*, B*, or C",
        "*All amounts are gross.",
        "* one\n* two",
        "(*) see (*)",
        "A 5* hotel and a 4* hotel",
        "**open\n\nclosed**",
        "****",
        "**",
        "snake_case and _underlined_",
        "[**company name**] in a blank",
        "",
    ],
)
def test_ordinary_asterisks(text: str) -> None:
    assert styled(text) == {}
    assert text_formatting.plain(text) == text


def test_escaped_asterisk_is_shown() -> None:
    assert text_formatting.plain(r"\*not italic\*") == "*not italic*"
    assert styled(r"\*not italic\*") == {}


@pytest.mark.parametrize(
    ("text", "words", "url"),
    [
        ("See [our handbook](https://x.org/h_(b)).", "our handbook", "https://x.org/h_(b)"),
        ("[Write](jobs@example.org)", "Write", "mailto:jobs@example.org"),
        ("[Write](mailto:jobs@example.org)", "Write", "mailto:jobs@example.org"),
        ("[a](www.example.org)", "a", "https://www.example.org"),
    ],
)
def test_links(text: str, words: str, url: str) -> None:
    assert styled(text) == {words: TextStyle(url=url)}
    assert placeholders.find_placeholders(text) == []


def test_links_in_bold_and_bold_in_links() -> None:
    url = "https://x.org"
    assert styled("**[a](https://x.org)**") == {"a": TextStyle(True, False, url)}
    assert styled("[**a** b](https://x.org)") == {
        "a": TextStyle(True, False, url),
        " b": TextStyle(False, False, url),
    }


@pytest.mark.parametrize(
    "text",
    ["[a](javascript:alert(1))", "[a](file:///etc/passwd)", "[a](or more)", "[a] (https://x.org)"],
)
def test_other_brackets_stay_placeholders(text: str) -> None:
    assert not any(style.url for style in styled(text).values())
    assert [found.raw for found in placeholders.find_placeholders(text)] == ["a"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**Read** [the *handbook*](https://x.org).", "Read the handbook (https://x.org)."),
        ("[jobs@x.org](jobs@x.org)", "jobs@x.org"),
        ("[https://x.org](https://x.org)", "https://x.org"),
    ],
)
def test_plain_text_says_where_links_lead(text: str, plain: str) -> None:
    assert text_formatting.plain(text) == plain


@given(st.text(st.sampled_from("ab *[]()\n\\.@:/x良"), max_size=60))
@strategies.examples(500)
def test_no_character_but_marks_is_lost(text: str) -> None:
    """Stretches are in order, and what is between them is made of marks and addresses."""
    found = text_formatting.stretches(text)
    position, hidden = 0, ""
    for start, end, _style in found:
        assert position <= start < end
        hidden += text[position:start]
        position = end
    hidden += text[position:]
    if "](" not in text:
        assert set(hidden) <= set("*\\")
    shown = sum(end - start for start, end, _style in found)
    assert shown + len(hidden) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        *("**a " * 2_500, "*a* " * 2_500, "*" * 10_000, "*a **b " * 1_400, "[" * 10_000),
        *("[a](https://x.org)" * 500, "[a](www." * 1_200, "[a]((" * 2_000, "a@" * 5_000),
        "**a" * 1_600 + "b**" * 1_600,
    ],
)
def test_time_is_bounded(text: str) -> None:
    start = time.perf_counter()
    text_formatting.plain(text)
    assert time.perf_counter() - start < 2
