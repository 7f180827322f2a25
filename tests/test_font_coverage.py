"""Characters that no font has, and the packages of fonts that have them."""

import subprocess
import sys
import time

import pytest

from roles import font_coverage, quality
from roles.document import Document
from roles.quality import unprintable
from tests import samples

PACKAGES = {
    "नमस्ते": "fonts-noto-core",
    "สวัสดี": "fonts-noto-core",
    "مرحبا": "fonts-noto-core",
    "ስራ": "fonts-noto-core",
    "\U00010380": "fonts-noto-core",
    "\u22a8\U0001d49c": "fonts-noto-core",
    "漢字": "fonts-noto-cjk",
    "かなカナ": "fonts-noto-cjk",
    "한글": "fonts-noto-cjk",
    "（、。）": "fonts-noto-cjk",
    "\U00020bb7": "fonts-noto-cjk",
    "😀🚀": "fonts-noto-color-emoji",
    "☂✂⭐": "fonts-noto-color-emoji",
    "🇩🇪": "fonts-noto-color-emoji",
}


@pytest.mark.parametrize(("text", "package"), PACKAGES.items(), ids=PACKAGES.values())
def test_the_package_of_a_character(text, package):
    characters = [c for c in text if not font_coverage.is_invisible(c)]
    assert font_coverage.packages(characters) == {package: characters}


@pytest.mark.parametrize(
    "text",
    ["Plain text, 100%", "Prüferin – „Größe“ €", "Œuvre, naïf", "Zażółć gęślą", "Привет", "Ελλάδα"],
)
def test_our_own_font_has_western_letters(text):
    assert font_coverage.missing_characters([text]) == []


@pytest.mark.parametrize(
    "text", ["a\u200bb", "a\u00adb", "\u202aa\u202c", "x\ufe0f", "\u3164", "\t\n"]
)
def test_characters_without_a_shape_are_never_missing(text):
    assert font_coverage.missing_characters([text]) == []


def test_what_no_font_can_have_is_missing():
    assert font_coverage.missing_characters(["a\ue000b\ue000", "\U000f0000"]) == [
        "\ue000",
        "\U000f0000",
    ]


def test_without_fontconfig_nothing_is_said(monkeypatch):
    monkeypatch.setattr(font_coverage, "_coverage", lambda: None)
    assert font_coverage.missing_characters(["\ue000"]) == []


def test_asking_is_fast():
    font_coverage.missing_characters(["ы"])
    text = "".join(map(chr, range(0xA0, 0x3000)))
    started = time.process_time()
    for _ in range(10):
        font_coverage.missing_characters([text])
    assert time.process_time() - started < 2


def test_a_new_process_can_ask_before_anything_is_printed():
    code = "from roles import font_coverage; print(font_coverage.missing_characters(['é\\ue000']))"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout == "['\\ue000']\n"


# --- the check


def document(text, title="Clerk"):
    section = samples.section("summary", "Summary", samples.paragraph(text))
    return samples.numbered(Document(title, sections=(section,)))


@pytest.fixture
def poor_fonts(monkeypatch):
    """A machine whose fonts have only Latin letters."""

    def missing(texts):
        return sorted({c for t in texts for c in t if c > "\u0250" and c.isprintable()})

    monkeypatch.setattr(font_coverage, "missing_characters", missing)


def found(value):
    return [issue for issue in quality.issues(value) if issue.check == "unprintable"]


def test_an_issue_names_characters_and_packages(poor_fonts):
    japanese, emoji = found(document("Plan 日本 and 😀."))
    assert japanese.section.heading == "Summary"
    assert "日 本" in japanese.why
    assert "fonts-noto-cjk" in japanese.fix
    assert "😀" in emoji.why
    assert "fonts-noto-color-emoji" in emoji.fix


def test_an_issue_of_the_title_has_no_section(poor_fonts):
    (issue,) = found(document("Plan.", title="店長"))
    assert issue.section is None


def test_many_characters_are_not_all_named(poor_fonts):
    (issue,) = found(document("".join(map(chr, range(0x4E00, 0x4F00)))))
    assert "…" in issue.why
    assert len(issue.why) < 150


def test_no_issue_where_fonts_have_all(poor_fonts):
    assert found(document("Plan Prüfungen.")) == []
    assert unprintable.export_note(document("Plan.")) == ""


def test_the_note_for_exports_names_all_packages(poor_fonts):
    note = unprintable.export_note(document("日 😀", title="ก"))
    assert "fonts-noto-core" in note
    assert "fonts-noto-cjk" in note
    assert "fonts-noto-color-emoji" in note
    assert "accessible" in note
