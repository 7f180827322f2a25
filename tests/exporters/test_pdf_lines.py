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
LINES = 150  # of one document
LINE_END = (96, 104)  # characters before a placeholder that ends up at the end of a printed line
SHORTEST = 45  # characters of a line that isn't the last of its text; about 100 fit


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
    """A line with a blank placeholder where the first printed line ends, and one or two others."""
    words: list[str] = []
    length = rng.randrange(*LINE_END)
    while len(" ".join(words)) < length:
        words.append(rng.choice(WORDS.split()))
    more = rng.choices(WORDS.split(), k=rng.randrange(6, 26))
    for _ in range(rng.randrange(1, 3)):
        more.insert(rng.randrange(len(more)), rng.choice(("[X]", "[region]", "[city]")))
    return " ".join([*words, "[X]", *more])


def random_document(seed: int) -> Document:
    """Lines with blank and filled-in placeholders, some with tags."""
    rng = random.Random(seed)
    lines = [
        samples.line(
            random_text(rng),
            frequency=rng.choice(("", "daily")),
            answers=(Answer("city", "Denver"),),
        )
        for _ in range(LINES)
    ]
    return samples.numbered(
        Document(
            "Account Manager",
            sections=(samples.section("responsibilities", "Duties", *lines),),
            answers=(Answer("region", "the North"),),
        )
    )


def broken_early(found: list[list[str]]) -> list[list[str]]:
    """The bullets with a short line before the last one."""
    return [text for text in found if any(len(line) < SHORTEST for line in text[:-1])]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_no_bullet_falls_apart_before_a_placeholder(seed: int) -> None:
    found = bullets(random_document(seed))
    assert len(found) > LINES * 0.8
    assert not broken_early(found)


@pytest.mark.slow
def test_without_the_zero_width_space_bullets_fall_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the test above can fail. Once this one fails, WeasyPrint no longer needs `_joined`."""
    monkeypatch.setattr(pdf, "_joined", lambda page: page)
    assert broken_early(bullets(random_document(0)))


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
