"""The fonts of pages have the characters and the forms of those of PDFs."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from jdbuilder import screen_fonts
from roles import fonts

LARGEST = 24_000  # bytes of a file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    for name in screen_fonts.names():
        screen_fonts.make(name, folder)
    return folder / screen_fonts.fingerprint()


def _subsets(folder: Path, face: str) -> list[TTFont]:
    return [TTFont(file) for file in sorted((folder / "fonts").glob(f"{face}.*.woff2"))]


@pytest.mark.parametrize("face", screen_fonts.FACES)
def test_together_the_subsets_have_each_character_once_with_its_form(
    folder: Path, face: str
) -> None:
    whole = TTFont(fonts.directory() / f"{face}.ttf")
    names = whole.getBestCmap()
    found: Counter[int] = Counter()
    for subset in _subsets(folder, face):
        own = subset.getBestCmap()
        found.update(own.keys())
        for character, name in own.items():
            assert subset["hmtx"][name] == whole["hmtx"][names[character]]
            assert _outline(subset, name) == _outline(whole, names[character])
    assert set(found) == set(names)
    assert set(found.values()) == {1}


def _outline(font: Any, name: str) -> Any:
    return list(font["glyf"][name].getCoordinates(font["glyf"])[0])


@pytest.mark.parametrize("face", screen_fonts.FACES)
def test_the_ranges_of_the_style_sheet_are_those_of_the_files(folder: Path, face: str) -> None:
    every = set(TTFont(fonts.directory() / f"{face}.ttf").getBestCmap())
    rules = (folder / screen_fonts.SHEET).read_text()
    pattern = re.compile(rf"/({face}\.[\w-]+\.woff2)\".*?unicode-range: ([^;]+);", re.DOTALL)
    named = pattern.findall(rules)
    assert len(named) == len(_subsets(folder, face))
    for name, ranges in named:
        characters = set(TTFont(folder / "fonts" / name).getBestCmap())
        assert _read(ranges) & every == characters
        assert not _read(ranges) & {0x4E2D, 0x0627, 0x05D0, 0x0E01}  # not loaded for other scripts


def _read(ranges: str) -> set[int]:
    read: set[int] = set()
    for one in ranges.split(", "):
        first, _dash, last = one.removeprefix("U+").partition("-")
        read |= set(range(int(first, 16), int(last or first, 16) + 1))
    return read


def test_the_files_are_small(folder: Path) -> None:
    sizes = {file.name: file.stat().st_size for file in (folder / "fonts").iterdir()}
    assert max(sizes.values()) < LARGEST, sizes


def test_letters_are_kerned_and_marks_are_placed(folder: Path) -> None:
    font = TTFont(folder / "fonts" / "SourceSansPro-Regular.latin.woff2")
    features = {
        record.FeatureTag
        for table in ("GSUB", "GPOS")
        for record in font[table].table.FeatureList.FeatureRecord
    }
    assert {"kern", "mark", "ccmp"} <= features
    whole = TTFont(fonts.directory() / "SourceSansPro-Regular.ttf")
    figures = {whole["hmtx"][whole.getBestCmap()[ord(figure)]][0] for figure in "0123456789"}
    assert len(figures) == 1  # in tables, without a feature of the font


def test_files_are_made_once_and_old_ones_are_removed(tmp_path: Path) -> None:
    name = "fonts/SourceSansPro-It.other.woff2"
    made = screen_fonts.make(name, tmp_path)
    before = made.stat().st_mtime_ns
    (tmp_path / "of-other-fonts").mkdir()
    screen_fonts.remove_old(tmp_path)
    assert screen_fonts.make(name, tmp_path).stat().st_mtime_ns == before
    assert [one.name for one in tmp_path.iterdir()] == [screen_fonts.fingerprint()]
    assert [one.name for one in made.parent.iterdir()] == [made.name]  # no part of a file
