"""Markdown: rendered by a CommonMark library, every typed text shows as typed, and nothing of
it became markup."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from roles.document import Document
from roles.exporters import FORMATS, markdown
from tests import samples, strategies
from tests.exporters.test_plain_text import expected_texts, squeezed

TEMPLATES = samples.of_templates()

# What our own exporter makes; anything else came out of what someone typed.
OURS = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "hr"),
    *("bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close"),
    *("list_item_open", "list_item_close", "text", "hardbreak"),
    *("strong_open", "strong_close", "em_open", "em_close", "link_open", "link_close"),
    *("table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close"),
    *("tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close"),
}


def shown(value: Document, edition: Any = None) -> str:
    return FORMATS["md"].render(value, edition or samples.version()).decode("utf-8")


def tokens(page: str) -> list[Token]:
    """As GitHub would read it: tables, strikethrough, links found in the text, HTML."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return reader.parse(page)


def flat(block_tokens: list[Token]) -> list[Token]:
    return [inner for token in block_tokens for inner in (token, *(token.children or ()))]


def text_of(page: str) -> str:
    """What a reader sees, without white space."""
    parts = [token.content for token in flat(tokens(page)) if token.type == "text"]
    return squeezed("".join(parts))


def assert_plain(page: str) -> None:
    kinds = {token.type for token in flat(tokens(page))}
    assert kinds <= OURS, kinds - OURS


def test_whole_page() -> None:
    page = shown(samples.everything())
    for words in (
        "# Account Manager\n\nSales · Denver, Austin · Hybrid\n\n## About Northwind\n",
        "\nAnd\\\nbuys.\n",
        "| **Years of experience** | 2 to 4 years |\n| **Locations** | Denver, CO, US; Austin |\n",
        "\n### Daily\n\n1. Answer (Essential function · 30% of time · Daily)\n\n### Weekly\n",
        "\n2. Plan\n   - Ask first\n   - Write it down\n3. Report\\\n   A page for each account.\n",
        "\n- **Tact:** Says no kindly. (Expert)\n",
        "\n| Role | Collaboration |\n| --- | --- |\n| Finance | Invoices |\n",
        "| Denver |  | 2 to 4 years | $72,000 – $88,000 | per year |\n",
        "\n### Who leads?\n\nThe director.\n",
        "You keep \\[X\\] accounts healthy.",
    ):
        assert words in page, words
    assert page.endswith("\n---\n\nACC-0007 · Version 3 · March 12, 2026 · abababababab\n")


def test_parsed_structure() -> None:
    parsed = tokens(shown(samples.everything()))
    starts = [t.attrGet("start") or 1 for t in parsed if t.type == "ordered_list_open"]
    assert starts == [1, 1, 2]  # numbering goes on through groups
    assert sum(token.type == "table_open" for token in parsed) == 4
    levels = [token.tag for token in parsed if token.type == "heading_open"]
    assert levels[0] == "h1"
    assert levels.count("h1") == 1
    assert levels.count("h2") == len(samples.everything().sections)


def test_consecutive_lists_stay_separate() -> None:
    value = samples.numbered(
        Document(
            "T",
            sections=(
                samples.section(
                    "other",
                    "S",
                    samples.paragraph("P", lines=(samples.line("a"),)),
                    samples.line("b"),
                ),
            ),
        )
    )
    parsed = tokens(shown(value))
    assert sum(token.type == "bullet_list_open" for token in parsed) == 2


@pytest.mark.parametrize("make", [samples.everything, samples.hostile, samples.right_to_left])
def test_nothing_is_lost_and_nothing_becomes_markup(make: Any) -> None:
    page = shown(make())
    assert_plain(page)
    seen = text_of(page)
    for words in expected_texts(make(), samples.version()):
        for line in words.split("\n"):
            assert squeezed(line) in seen, line[:200]


@pytest.mark.parametrize("code", TEMPLATES)
def test_templates(code: str) -> None:
    page = shown(TEMPLATES[code])
    assert_plain(page)
    seen = text_of(page)
    for words in expected_texts(TEMPLATES[code], samples.version()):
        assert all(squeezed(line) in seen for line in words.split("\n")), words


@given(strategies.typed(200))
@strategies.examples(300)
def test_any_text_shows_as_it_was_typed(typed: str) -> None:
    """As a paragraph, in a list and in a heading: one block, the same words, no markup."""
    block = markdown.broken(typed)
    parsed = tokens(block)
    assert [token.type for token in parsed if token.type.endswith("_open")] in (
        ["paragraph_open"],
        [],  # nothing but white space
    )
    for page in (block, f"- {markdown.inline(typed)}", f"## {markdown.inline(typed)}"):
        kinds = {token.type for token in flat(tokens(page))}
        assert kinds <= OURS - {"strong_open", "em_open", "table_open", "hr"}, page
        assert text_of(page) == squeezed(typed)


@pytest.mark.parametrize("typed", samples.MARKDOWN)
def test_markdown_in_text_is_escaped(typed: str) -> None:
    page = markdown.broken(typed)
    assert {t.type for t in flat(tokens(page))} <= {
        *("paragraph_open", "paragraph_close", "inline", "text", "hardbreak"),
        *("link_open", "link_close"),
    }
    assert text_of(page) == squeezed(typed)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("https://example.org", "<https://example.org>"),
        ("https://example.org/a_b*c", "<https://example.org/a_b*c>"),
        ("www.example.org", "[www.example.org](https://www.example.org)"),
        ("www.example.org/a_(b)", "[www.example.org/a\\_(b)](https://www.example.org/a_%28b%29)"),
        ("https://bücher.de", "[https://bücher.de](https://xn--bcher-kva.de)"),
        ("jobs@example.org", "<jobs@example.org>"),
    ],
)
def test_addresses_are_links(typed: str, written: str) -> None:
    assert markdown.inline(typed) == written
    assert text_of(written) == typed
    assert "link_open" in {token.type for token in flat(tokens(written))}


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("https://user@example.org", "https\\://user\\@example.org"),
        ("www.x", "www\\.x"),
        ("jobs@example", "jobs\\@example"),
        ("mailto:jobs", "mailto\\:jobs"),
    ],
)
def test_what_is_no_address_is_not_turned_into_a_link(typed: str, escaped: str) -> None:
    """GitHub's own extension, which the library does not have."""
    assert markdown.inline(typed) == escaped
    assert "link_open" not in {token.type for token in flat(tokens(markdown.inline(typed)))}


def test_plain_words_stay_readable() -> None:
    words = "Sales (B2B): 20% more – C# & .NET, R&D; 3-5 years. $72,000!"
    assert markdown.inline(words) == words.replace("R&D", "R\\&D")


@given(strategies.documents)
@strategies.examples(40)
def test_any_text_is_included(value: Document) -> None:
    page = shown(value)
    assert_plain(page)
    seen = text_of(page)
    for words in expected_texts(value, samples.version()):
        for line in words.split("\n"):
            assert squeezed(line) in seen


@given(strategies.documents_of_unique_words())
@strategies.examples(30)
def test_has_only_content_of_the_audience(value: Document) -> None:
    page = shown(value.for_audience("public"))
    allowed = str(value.for_audience("public").to_dict())
    assert all(mark in allowed for mark in re.findall(r"‹\d+›", page))


def test_the_same_bytes_every_time() -> None:
    assert shown(samples.hostile()) == shown(samples.hostile())
    assert len(markdown.fingerprint()) == 64
