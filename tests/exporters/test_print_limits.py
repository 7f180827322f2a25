"""What is limited in print, and what isn't."""

from __future__ import annotations

import pytest

from roles.document import Document
from roles.exporters import html, pdf
from roles.exporters.printing.print_limits import limited
from tests.samples import line, section, version

SHY, ZWSP = "\N{SOFT HYPHEN}", "\N{ZERO WIDTH SPACE}"

# A text, and what is printed.
LIMITED = {
    "soft hyphens in a row": (SHY * 1_000, ""),
    "soft hyphens between letters": ("a" + f"{SHY}b" * 30, "a" + "b" * 30),
    "soft hyphens between words": (f"word {SHY} {SHY} word", "word   word"),
    "soft hyphens between dots": (f"...{SHY}...", "......"),
    "zero-width spaces in a row": (f"a{ZWSP * 1_000}b", f"a{ZWSP}b"),
    "word joiners in a row": ("a" + "\u2060" * 1_000 + "b", "a\u2060b"),
    "marks on a letter": ("a" + "\u0301\u0302" * 500 + "b", "a" + "\u0301\u0302" * 4 + "b"),
    "different invisible characters": (
        "\u200b\u2060\u200c\u200d" * 100,
        "\u200b\u2060\u200c\u200d" * 2,
    ),
    "line separators": ("a\u2028b\u2029c\x85d", "a b c d"),
    "long word": ("a" * 100, (("a" * 10) + ZWSP) * 10),
    "long word of soft hyphens": (f"ab{SHY}" * 60, f"{'ab' * 5}{ZWSP}" * 12),
}
UNCHANGED = {
    "syllables": f"Ver{SHY}ant{SHY}wor{SHY}tung für Kun{SHY}den",
    "flag of England": "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "family": "👨\u200d👩\u200d👧\u200d👦",
    "Vietnamese": "Tie\u0302\u0301ng Vie\u0323\u0302t",
    "Hebrew with points": "בְּרֵאשִׁ֖ית",
    "Tibetan": "བརྒྱུད་པ",
    "Thai": "ผู้จัดการ",
    "Khmer with zero-width spaces": f"អ្នក{ZWSP}គ្រប់{ZWSP}គ្រង",
    "Hindi": "प्रबंधक",
    "Persian": "می\u200cخواهم",
    "isolated direction": "\u2066abc\u2069",
    "entities": "a &amp; b &lt;c&gt;",
}


@pytest.mark.parametrize("case", LIMITED)
def test_is_limited(case: str) -> None:
    text, expected = LIMITED[case]
    assert limited(f"<head></head><p>{text}</p>") == f"<head></head><p>{expected}</p>"


@pytest.mark.parametrize("case", UNCHANGED)
def test_is_unchanged(case: str) -> None:
    page = f"<head></head><p>{UNCHANGED[case]}</p>"
    assert limited(page) == page


def test_head_and_tags_are_unchanged() -> None:
    word = "x" * 200
    page = f'<head><title>{word}</title></head><p title="{SHY}a">a</p>'
    assert limited(page).startswith(f"<head><title>{word}</title></head>")


def test_screen_shows_the_text_as_typed() -> None:
    typed = f"a{SHY}{SHY}b{ZWSP}{ZWSP}c"
    value = Document("T", sections=(section("other", "S", line(typed)),))
    shown = html.document_html(value, version(), logo_url="")
    assert typed in shown


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [SHY, f"a{SHY}", f"{SHY} ", f"...{SHY}", ZWSP, "\u2060 ", "a\u2028"]
)
def test_a_hundred_such_lines_print(case: str) -> None:
    """They took minutes. The test only ends in time if they don't."""
    lines = [line((case * 1_000)[:2_000]) for _ in range(100)]
    value = Document("T", sections=(section("other", "S", *lines),))
    assert pdf.render(value, version()).startswith(b"%PDF-")
