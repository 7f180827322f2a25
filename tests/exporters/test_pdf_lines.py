"""Where lines and tables of a PDF break."""

from __future__ import annotations

import random
from itertools import pairwise

import pypdfium2
import pytest

from roles.document import Answer, Document
from roles.exporters import pdf
from tests import samples

WORDS = "lead plan direct support renew accounts working experience with customers of the team"
LINES = 200  # of one document
SHORTEST = 45  # characters of a line that isn't the last of its text; about 90 fit


def pages(document: Document) -> list[str]:
    """The text of each page, in lines."""
    file = pypdfium2.PdfDocument(pdf.render(document, samples.version()))
    texts = [page.get_textpage().get_text_bounded() for page in file]
    return [text.replace("\r\n", "\n").replace("\u200b", "") for text in texts]


def bullets(document: Document) -> list[list[str]]:
    """The printed lines of each bullet that isn't at the end of a page."""
    found = []
    for page in pages(document):
        lines = [line.strip() for line in page.split("\n") if line.strip()]
        starts = [number for number, line in enumerate(lines) if line.startswith("•")]
        found += [lines[start:end] for start, end in pairwise(starts)]
    return found


def random_text(rng: random.Random) -> str:
    words = rng.choices(WORDS.split(), k=rng.randrange(14, 40))
    for _ in range(rng.randrange(1, 3)):
        words.insert(rng.randrange(len(words)), rng.choice(("[X]", "[region]", "[city]")))
    return " ".join(words)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_no_bullet_falls_apart_before_a_placeholder(seed: int) -> None:
    """2,000 lines with blank and filled-in placeholders, some with tags, some with a term."""
    rng = random.Random(seed)
    lines = [
        samples.line(
            random_text(rng),
            frequency=rng.choice(("", "daily")),
            answers=(Answer("city", "Denver"),),
        )
        for _ in range(LINES)
    ]
    value = samples.numbered(
        Document(
            "Account Manager",
            sections=(samples.section("responsibilities", "Duties", *lines),),
            answers=(Answer("region", "the North"),),
        )
    )
    found = bullets(value)
    assert len(found) > LINES * 0.8
    short = [text for text in found if any(len(line) < SHORTEST for line in text[:-1])]
    assert not short


@pytest.mark.parametrize("filling", range(28, 42))
def test_a_short_row_is_on_one_page(filling: int) -> None:
    """Also where only one of its cells has a second line."""
    rows = [
        samples.line(f"Row {n}", category="physical", how_often="never", detail=f"Detail {n}.")
        for n in range(4)
    ]
    value = samples.numbered(
        Document(
            "Account Manager",
            sections=(
                samples.section(
                    "summary", "Before", *(samples.line("Filling") for _ in range(filling))
                ),
                samples.section("conditions", "Physical demands", *rows),
            ),
        )
    )
    found = pages(value)
    for n in range(4):
        [page] = [page for page in found if f"Row {n}" in page]
        assert f"Detail {n}." in page


@pytest.mark.parametrize("filling", [0, 20, 30, 36, 40])
def test_a_table_of_long_rows(filling: int) -> None:
    """The heading is on the page of the first row, and each page repeats the header row."""
    rows = [samples.line(f"Row {n} " + "word " * 10, detail="detail " * 157) for n in range(3)]
    value = samples.numbered(
        Document(
            "Account Manager",
            sections=(
                samples.section(
                    "summary", "Before", *(samples.line("Filling") for _ in range(filling))
                ),
                samples.section("other", "Heading of the table", *rows, style="table"),
            ),
        )
    )
    found = pages(value)
    [first] = [page for page in found if "Heading of the table" in page]
    assert "Row 0" in first
    for page in found:
        if "detail" in page:
            assert "Details" in page
    assert sum(page.count("detail ") + page.count("detail\n") for page in found) >= 3 * 150
