"""Static files as production serves them: with a hash in every name and in every reference."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

STORAGE = {"BACKEND": "jdbuilder.static_files.StaticFiles"}
CSS_REFERENCE = re.compile(r"url\(\"?([^\")]+)\"?\)")
JS_IMPORT = re.compile(r"(?:from|import)\s*\(?\"(\.{1,2}/[^\"]+)\"")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that collectstatic fills."""
    from django.conf import settings

    root = tmp_path_factory.mktemp("static")
    storages = {**settings.STORAGES, "staticfiles": STORAGE}
    not_compressed = ("css", "js", "svg", "ttf", "map", "json", "txt", "html", "md", "")
    with override_settings(
        STATIC_ROOT=str(root),
        STORAGES=storages,
        WHITENOISE_SKIP_COMPRESS_EXTENSIONS=not_compressed,  # saves most of the time
    ):
        call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
    return root


@pytest.fixture(scope="module")
def manifest(collected: Path) -> dict[str, str]:
    """Each file's name with its hash, by its name."""
    read: Any = json.loads((collected / "staticfiles.json").read_text())
    names: dict[str, str] = read["paths"]
    return names


@pytest.mark.parametrize(
    ("folder", "pattern", "reference"),
    [("css", "*.css", CSS_REFERENCE), ("js", "*.js", JS_IMPORT)],
)
def test_references_name_hashed_files(
    collected: Path, manifest: dict[str, str], folder: str, pattern: str, reference: re.Pattern[str]
) -> None:
    hashed = set(manifest.values())
    references = {
        (path, target)
        for path in (collected / folder).rglob(pattern)
        if str(path.relative_to(collected)) in hashed
        for target in reference.findall(path.read_text())
    }
    assert references
    for path, target in references:
        file = (path.parent / target).resolve()
        assert str(file.relative_to(collected.resolve())) in hashed, f"{path.name}: {target}"


def test_the_fonts_of_the_style_sheet_are_all_that_is_collected(
    collected: Path, manifest: dict[str, str]
) -> None:
    fonts = {hashed for name, hashed in manifest.items() if name.startswith("fonts/")}
    styles = (collected / manifest["css/fonts.css"]).read_text()
    assert fonts == {target.removeprefix("../") for target in CSS_REFERENCE.findall(styles)}
    assert all(name.endswith(".woff2") for name in fonts)


def test_no_style_depends_on_the_orientation(collected: Path) -> None:
    """Of axe's rules, this one alone needs the text of style sheets, which its run leaves out."""
    for path in (collected / "css").glob("*.css"):
        assert "orientation" not in path.read_text(), path.name


@pytest.mark.slow
def test_every_class_of_a_style_sheet_is_used() -> None:
    """In a template, a script, or a form; `status-{{ code }}` uses all classes that begin so."""
    root = Path(__file__).parent.parent
    folders = (("templates", "html"), ("static/js", "js"), ("roles", "py"))
    files = [path for folder, kind in folders for path in (root / folder).rglob(f"*.{kind}")]
    text = "\n".join(path.read_text() for path in files)
    words = set(re.findall(r"[\w-]+", text))
    prefixes = tuple(re.findall(r"([\w-]+-)\{", text))
    for sheet in (root / "static/css").glob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        selectors = " ".join(re.findall(r"([^{}]+)\{", rules))
        classes = set(re.findall(r"\.([a-zA-Z_][\w-]*)", selectors)) - words
        unused = {one for one in classes if not one.startswith(prefixes)} - {"h5", "h6"}
        assert not unused, sheet.name
