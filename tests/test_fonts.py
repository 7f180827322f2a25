"""fonts: the product's own files first, every machine the same, the system's behind them."""

import os
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from roles import fonts


@pytest.fixture(autouse=True)
def _unprepared(monkeypatch):
    """Each test starts as a new process would, and leaves no trace in this one."""
    monkeypatch.setattr(fonts, "_prepared", [])
    monkeypatch.setenv("FONTCONFIG_FILE", "")


def parse(target):
    return ElementTree.fromstring(target.read_text(encoding="utf-8"))  # noqa: S314  # our own


def ask_fontconfig(command, configuration):
    environment = {**os.environ, "FONTCONFIG_FILE": str(configuration)}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_font_files_are_static_truetype_with_all_faces_in_use():
    names = {file.name for file in fonts.font_files()}
    assert {
        "SourceSansPro-Regular.ttf",
        "SourceSansPro-It.ttf",
        "SourceSansPro-Semibold.ttf",
    } <= names
    assert {file.suffix for file in fonts.font_files()} == {".ttf"}
    assert all(file.is_file() for file in fonts.font_files())


def test_prepare_writes_the_configuration_and_sets_the_variable(tmp_path):
    target = fonts.prepare(tmp_path / "new" / "cache")
    assert os.environ["FONTCONFIG_FILE"] == str(target)
    root = parse(target)
    assert root.findtext("dir") == str(fonts.font_files()[0].parent)
    assert all(include.get("ignore_missing") == "yes" for include in root.iter("include"))


def test_prepare_again_rewrites_only_a_changed_file(tmp_path):
    target = fonts.prepare(tmp_path)
    first, written = target.read_text(encoding="utf-8"), target.stat().st_mtime_ns
    fonts.prepare(tmp_path)
    assert target.stat().st_mtime_ns == written
    target.write_text("<fontconfig/>", encoding="utf-8")
    fonts.prepare(tmp_path)
    assert target.read_text(encoding="utf-8") == first
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["fonts.conf"]


def test_a_folder_name_with_markup_characters_stays_a_folder_name(tmp_path):
    target = fonts.prepare(tmp_path / "a & <b>")
    root = parse(target)
    assert root.findtext("cachedir") == str(tmp_path / "a & <b>" / "fontconfig")


@pytest.mark.skipif(not shutil.which("fc-list"), reason="fontconfig's own commands are missing")
def test_fontconfig_finds_our_truetype_files_and_no_other_copy_of_the_family(tmp_path):
    """A copy elsewhere on the machine, or the wheel's OTF files, would change the pages."""
    otf = fonts.font_files()[0].with_name("SourceSansPro-Regular.otf")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(otf, elsewhere)
    target = fonts.prepare(tmp_path / "cache")
    with_copy = target.read_text(encoding="utf-8").replace(
        "</fontconfig>", f"<dir>{elsewhere}</dir></fontconfig>"
    )
    target.write_text(with_copy, encoding="utf-8")
    listed = ask_fontconfig(["fc-list", "--format=%{file}\n", ":family=Source Sans Pro"], target)
    assert sorted(listed.split()) == [str(file) for file in fonts.font_files()]


def test_ensure_prepared_makes_a_private_folder_once():
    fonts.ensure_prepared()
    first = os.environ["FONTCONFIG_FILE"]
    fonts.ensure_prepared()
    assert os.environ["FONTCONFIG_FILE"] == first
    assert os.stat(os.path.dirname(first)).st_mode & 0o077 == 0


def test_ensure_prepared_keeps_the_folder_of_prepare(tmp_path):
    target = fonts.prepare(tmp_path)
    fonts.ensure_prepared()
    assert os.environ["FONTCONFIG_FILE"] == str(target)


def test_the_fingerprint_is_the_same_in_every_process():
    command = [sys.executable, "-c", "from roles import fonts; print(fonts.fingerprint())"]
    other = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert other == fonts.fingerprint()
    assert len(other) == 64
