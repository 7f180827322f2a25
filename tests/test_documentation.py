"""The documentation names files, links, headings, settings, commands and formats that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.core.management import get_commands
from markdown_it import MarkdownIt
from markdown_it.token import Token

from roles.exporters import FORMATS

ROOT = Path(settings.BASE_DIR)
PAGES = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "fixtures/library/README.md"),
    *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md")),
)
GUIDES = ("authors", "reviewers", "curators", "administrators")
PATH = re.compile(
    r"`((?:roles|templates|static|tests|bench|bin|docs|fixtures|jdbuilder)/[\w./-]+)`"
)
SETTING = re.compile(r"""\benv\.\w+\(\s*"([A-Z_]+)\"""")
FIRST_CELL = re.compile(r"^\| `([^` ]+)", re.MULTILINE)
LINES_LIMIT = 120  # of README.md


def text_of(page: str) -> str:
    return (ROOT / page).read_text()


def tokens(page: str) -> Iterator[Token]:
    """Yields the tokens of the page, those within paragraphs and tables included."""
    for token in MarkdownIt().enable("table").parse(text_of(page)):
        yield token
        yield from token.children or ()


def targets(page: str) -> list[str]:
    """Returns the targets of links and pictures."""
    links = [token.attrGet("href") or token.attrGet("src") for token in tokens(page)]
    return [str(target) for target in links if target]


def anchors(page: str) -> set[str]:
    """Returns the anchors of the headings, as GitHub makes them."""
    parsed = MarkdownIt().parse(text_of(page))
    names: set[str] = set()
    for opening, inline in pairwise(parsed):
        if opening.type == "heading_open":
            words = "".join(t.content for t in inline.children or () if t.type != "image")
            slug = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
            repeated = sum(
                re.fullmatch(rf"{re.escape(slug)}(-\d+)?", one) is not None for one in names
            )
            names.add(f"{slug}-{repeated}" if repeated else slug)
    return names


def leads_somewhere(page: str, target: str) -> bool:
    """Whether a link of the page leads out of the repository, or to a file and heading in it."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return True
    root = ROOT.resolve()
    file = ((ROOT / page).parent / unquote(parts.path) if parts.path else ROOT / page).resolve()
    if not (file.exists() and file.is_relative_to(root)):
        return False
    return not parts.fragment or parts.fragment in anchors(str(file.relative_to(root)))


def section(page: str, heading: str) -> str:
    """Returns the text below a heading of the second level."""
    return text_of(page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("page", PAGES)
def test_paths_in_the_documentation_exist(page: str) -> None:
    missing = [path for path in PATH.findall(text_of(page)) if not (ROOT / path).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_lead_to_files_and_headings(page: str) -> None:
    broken = [target for target in targets(page) if not leads_somewhere(page, target)]
    assert not broken


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_title(page: str) -> None:
    levels = [token.tag for token in tokens(page) if token.type == "heading_open"]
    assert levels[:1] == ["h1"]
    assert levels.count("h1") == 1


def test_the_guides_exist() -> None:
    assert {f"docs/{guide}.md" for guide in GUIDES} <= set(PAGES)


def test_the_first_page_is_short_and_links_to_every_other() -> None:
    assert len(text_of("README.md").splitlines()) <= LINES_LIMIT
    linked = {urlsplit(target).path for target in targets("README.md")}
    assert {page for page in PAGES if page != "README.md"} <= linked


def test_the_table_of_configuration_has_every_variable() -> None:
    files = ("jdbuilder/settings.py", "jdbuilder/account_settings.py")
    read = {name for file in files for name in SETTING.findall(text_of(file))} | {
        "EMAIL_URL",
        "DEMO_PASSWORD",
    }
    assert set(FIRST_CELL.findall(section("docs/operations.md", "Configuration"))) == read


def test_the_table_of_commands_has_every_command() -> None:
    own = {name for name, app in get_commands().items() if app == "roles"}
    assert set(FIRST_CELL.findall(section("docs/operations.md", "Commands"))) == own


def test_the_table_of_formats_has_every_format() -> None:
    assert FIRST_CELL.findall(section("docs/formats.md", "Export formats")) == list(FORMATS)


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [("Backup and restore", "backup-and-restore"), ("`bin/run`, in short", "binrun-in-short")],
)
def test_an_anchor_is_made_as_on_github(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heading: str, anchor: str
) -> None:
    (tmp_path / "page.md").write_text(f"# {heading}\n\n## {heading}\n")
    monkeypatch.setattr("tests.test_documentation.ROOT", tmp_path)
    assert anchors("page.md") == {anchor, f"{anchor}-1"}
