"""Plain text: everything is said, within 78 columns, and nothing that an audience may not see."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given

from roles.document import Document
from roles.exporters import FORMATS, plain_text, reading_order
from tests import samples, strategies

TEMPLATES = samples.of_templates()


def shown(value: Document, edition: Any = None) -> str:
    content = FORMATS["txt"].render(value, edition or samples.version())
    return content.decode("utf-8")


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


def expected_texts(value: Document, edition: Any) -> list[str]:
    """Every text that a reader sees, from the reading that formats share."""
    reading = reading_order.read(value, edition)
    texts = [reading.title, reading.subtitle, reading.organization, reading.edition_line]

    def entry(one: reading_order.ReadingEntry) -> None:
        texts.extend([*one.paragraphs, *one.detail, one.tags])
        for sub in one.entries:
            entry(sub)

    for part in reading.parts:
        texts.append(part.heading)
        for block in part.blocks:
            if isinstance(block, reading_order.ReadingName):
                texts.append(block.text)
            elif isinstance(block, reading_order.ReadingTable):
                texts.extend(cell for row in block.rows for cell in row)
            else:
                for one in block.entries:
                    entry(one)
    return [one for one in texts if one.strip()]


def test_whole_page() -> None:
    page = shown(samples.everything())
    assert page.startswith("Northwind Ltd\n\nAccount Manager\n===============\n")
    for words in (
        "\n\nSales · Denver, Austin · Hybrid\n",
        "\n\nAbout Northwind\n---------------\n\nNorthwind sells.\n\nAnd\nbuys.\n",
        "Years of experience: 2 to 4 years\nLocations:           Denver, CO, US\n"
        "                     Austin\nWork mode:           Hybrid\n",
        "\nDaily\n~~~~~\n\n1. Answer (Essential function · 30% of time · Daily)\n",
        "\n2. Plan\n   – Ask first\n   – Write it down\n3. Report\n   A page for each account.\n",
        "\n• Tact: Says no kindly. (Expert)\n",
        "\n• A degree (Required)\n• A second language (Preferred)\n",
        "\nLocation:   Denver\nExperience: 2 to 4 years\nPay range:  $72,000 – $88,000\n",
        "\nWho leads?\nThe director.\n",
        "\n________________________________________\nEmployee\n",
    ):
        assert words in page, words
    assert page.endswith("-" * 78 + "\nACC-0007 · Version 3 · March 12, 2026 · abababababab\n")


def test_draft_shows_empty_sections_and_blanks() -> None:
    value = samples.numbered(Document("T", sections=(samples.section("career", "Career"),)))
    assert "Career\n------\n\nNo content yet\n" in shown(value, samples.draft())
    assert "Career" not in shown(value)
    assert "DRAFT" in shown(value, samples.draft())
    assert "You keep [X] accounts healthy." in shown(samples.everything())


@pytest.mark.parametrize("make", [samples.everything, samples.hostile, samples.right_to_left])
def test_nothing_is_lost(make: Any) -> None:
    page = squeezed(shown(make()))
    for words in expected_texts(make(), samples.version()):
        assert squeezed(words) in page, words[:200]


@pytest.mark.parametrize("code", TEMPLATES)
def test_templates(code: str) -> None:
    page = shown(TEMPLATES[code])
    seen = squeezed(page)
    assert all(
        squeezed(words) in seen for words in expected_texts(TEMPLATES[code], samples.version())
    )
    assert max(plain_text.width(line) for line in page.split("\n")) <= plain_text.WIDTH


def test_only_long_words_exceed_the_width() -> None:
    for line in shown(samples.hostile()).split("\n"):
        if plain_text.width(line) > plain_text.WIDTH:
            assert len(line.split()) <= 2, line[:200]  # the word, perhaps after its bullet


@pytest.mark.parametrize(
    ("words", "least"),
    [("客户经理负责维护客户关系。" * 20, 4), ("お客様との関係を大切にします。" * 20, 4)],
)
def test_east_asian_text_is_wrapped_between_characters(words: str, least: int) -> None:
    """Each takes two columns; no line begins with a full stop."""
    value = samples.numbered(
        Document("T", "en", sections=(samples.section("summary", "S", samples.paragraph(words)),))
    )
    lines = shown(value).split("\n")
    assert max(map(plain_text.width, lines)) <= plain_text.WIDTH
    assert len([line for line in lines if line and line[0] in words]) >= least
    assert not any(line.startswith("。") for line in lines)
    assert words in squeezed(shown(value))


def test_combined_characters_are_not_split() -> None:
    joined = "👩🏽‍💼" * 60 + "e\u0301" * 50
    value = samples.numbered(
        Document("T", sections=(samples.section("summary", "S", samples.paragraph(joined)),))
    )
    assert joined in shown(value)


@given(strategies.documents)
@strategies.examples(40)
def test_any_text_is_included(value: Document) -> None:
    page = squeezed(shown(value))
    assert all(squeezed(words) in page for words in expected_texts(value, samples.version()))


@given(strategies.documents_of_unique_words())
@strategies.examples(30)
def test_has_only_content_of_the_audience(value: Document) -> None:
    page = shown(value.for_audience("public"))
    allowed = str(value.for_audience("public").to_dict())
    for mark in re.findall(r"‹\d+›", page):
        assert mark in allowed


def test_the_same_bytes_every_time() -> None:
    assert shown(samples.hostile()) == shown(samples.hostile())
    assert len(plain_text.fingerprint()) == 64
