"""Characters that no font has, and the packages of fonts that have them."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from roles import font_coverage, quality
from roles.document import Document
from roles.quality import unprintable
from tests import builders, samples
from tests.html import find, words

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


# --- where people see it, before they save and export

FOREIGN = {
    "Hindi": ("सप्ताह की योजना", "fonts-noto-core"),
    "Thai": ("วางแผนสัปดาห์", "fonts-noto-core"),
    "emoji": ("Plan the week 😀", "fonts-noto-color-emoji"),
}


@pytest.fixture(params=list(FOREIGN.values()), ids=list(FOREIGN))
def foreign(db, poor_fonts, request):
    """A job description with such a text, the text, and the package of the fonts for it."""
    jd = builders.description()
    builders.add_line(jd, jd.sections.get(kind="summary").uid, request.param[0])
    return jd, *request.param


def test_the_last_step_names_characters_and_package(client_for, foreign):
    jd, text, package = foreign
    page = client_for(jd.owner).get(reverse("wizard_step", args=[jd.reference, "finish"]))
    [issue] = [i for i in find(page, class_="issue") if i.get("data-check") == "unprintable"]
    assert package in words(issue)
    assert next(c for c in text if c > "\u0250") in words(issue)


def test_pages_that_export_name_characters_and_package(client_for, foreign):
    jd, text, package = foreign
    number = builders.version(jd).number
    client = client_for(jd.owner)
    pages = [reverse(name, args=[jd.reference]) for name in ("description", "preview")]
    for url in (*pages, reverse("version", args=[jd.reference, number])):
        [note] = [n for n in find(client.get(url), class_="note-warning") if package in words(n)]
        assert next(c for c in text if c > "\u0250") in words(note)
        assert "accessible" in words(note)


def test_the_command_names_the_package(foreign, tmp_path, capsys):
    jd, _text, package = foreign
    call_command("export", jd.reference, "--format", "pdf", "--output", tmp_path / "jd.pdf")
    assert package in capsys.readouterr().err


def test_a_part_that_the_audience_does_not_see_is_not_named(client_for, db, poor_fonts):
    jd = builders.description()
    pay = builders.add_section(jd, "pay", "Pay", "Bonus 😀")
    jd.sections.filter(uid=pay).update(audience="restricted")
    url = reverse("preview", args=[jd.reference])
    client = client_for(jd.owner)
    assert "fonts-noto" in client.get(f"{url}?audience=restricted").text
    assert "fonts-noto" not in client.get(f"{url}?audience=public").text


def test_the_installation_page_says_which_fonts_to_install():
    text = (Path(__file__).parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")
    for chapter in ("With Docker", "With systemd", "On other systems"):
        assert "(#fonts)" in text.partition(f"\n## {chapter}\n")[2].partition("\n## ")[0], chapter
    fonts = text.partition("\n## Fonts")[2].partition("\n## ")[0]
    [command] = [line for line in fonts.splitlines() if "apt-get install" in line]
    assert set(command.split()[2:]) == set(PACKAGES.values())
