"""Names: one name for one thing, no aliases on import, no cycles, none of the words replaced."""

from __future__ import annotations

import ast
import graphlib
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("roles", "jdbuilder", "bench")
FOLDERS = ("roles", "templates", "static", "tests", "bench")

# Django, or the layout, names these in more than one place.
SHARED_MODULES = {"__init__", "urls", "base"}  # Django looks for the last one in a database backend
SHARED_CLASSES = {"Meta", "Command"}

# Identifiers that were replaced, as regular expressions over one part of a snake_case or CamelCase
# name: `seat` in `seat_of` and `SeatForm`.
REPLACED_PARTS = (
    "[d]eeds?",
    "rooms?",
    "telling",
    "turning",
    "piles?",
    "heart",
    "beating",
    "saying",
    "seats?",
    "settling",
    "standings?",
    "reaching",
    "batching",
    "placing",
    "reverting",
    "rungs?",
    "ladder",
    "announcing",
    "[o]rganisation",
    "listings?",
    "former",
)
# Whole identifiers that were replaced; their words are fine in other names.
REPLACED_NAMES = {
    *("Asked", "Box", "Boxes", "Effective", "Entry", "Heart", "KeepTyped", "Listing"),
    *("LookAfterWork", "Part", "Refused", "Submission", "Told"),
    *(
        "asking",
        "keeping",
        "leaving",
        "margin_box",
        "news",
        "rolling_out",
        "sense",
        "telling_reviews",
    ),
    *("upside_down", "was"),
}
# Words that were replaced in every text of the code, its comments and its pages.
REPLACED_WORDS = re.compile(
    r"\b([d]eeds?|margin_box|telling_reviews|rolling_out|upside_down|KeepTyped|LookAfterWork|rungs?"
    r"|[o]rganisations?)\b",
    re.IGNORECASE,
)
# Where a replaced word is meant, with the reason.
EXCEPTIONS = {
    "roles/placeholders.py": "people write both spellings of [organization] in brackets",
    "roles/models/unreleased_database.py": "the name of a table of databases from before 0.2",
    "tests/test_names.py": "these lists",
    "tests/test_ui_copy.py": "its own list",
    "tests/test_search_words.py": "British spellings are searched",
    "tests/test_folding_and_placeholders.py": "both spellings of a placeholder are tried",
}


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def test_no_two_modules_have_the_same_name() -> None:
    modules = defaultdict(list)
    for path in python_files(*PACKAGES):
        if path.stem not in SHARED_MODULES:
            modules[path.stem].append(relative(path))
    commands = "roles/management/commands/"
    twins = {
        name: paths
        for name, paths in modules.items()
        if len([path for path in paths if not path.startswith(commands)]) > 1
    }
    assert not twins


@pytest.mark.slow
def test_no_two_classes_have_the_same_name() -> None:
    classes = defaultdict(list)
    for path in python_files(*PACKAGES):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and node.name not in SHARED_CLASSES:
                classes[node.name].append(relative(path))
    twins = {name: paths for name, paths in classes.items() if len(paths) > 1}
    assert not twins


@pytest.mark.slow
def test_own_modules_are_not_aliased_on_import() -> None:
    aliases = [
        f"{relative(path)}: {alias.name} as {alias.asname}"
        for path in python_files(*PACKAGES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES
        for alias in node.names
        if alias.asname not in (None, alias.name)
    ]
    assert not aliases


def test_modules_have_no_import_cycle() -> None:
    graph = grimp.build_graph("roles")
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    graphlib.TopologicalSorter(imports).prepare()  # raises CycleError, which names the cycle


def parts(name: str) -> list[str]:
    return [part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["roles", "bench", "jdbuilder", "tests"])
def test_identifiers_that_were_replaced_are_gone(folder: str) -> None:
    replaced = re.compile("|".join(REPLACED_PARTS))
    occurrences = set()
    for path in python_files(folder):
        if relative(path) in EXCEPTIONS:
            continue
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
            if token.type != tokenize.NAME or token.string.startswith(("test_", "Test")):
                continue
            if token.string in REPLACED_NAMES or any(map(replaced.fullmatch, parts(token.string))):
                occurrences.add(f"{relative(path)}:{token.start[0]}: {token.string}")
    assert not sorted(occurrences)


@pytest.mark.slow
def test_words_that_were_replaced_are_gone() -> None:
    kinds = {".py", ".html", ".txt", ".js", ".css"}
    occurrences = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in kinds or "migrations" in path.parts:
                continue
            if relative(path) in EXCEPTIONS:
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if word := REPLACED_WORDS.search(line):
                    occurrences.append(f"{relative(path)}:{number}: {word[0]}")
    assert not occurrences


def test_replaced_words_are_gone_from_file_names() -> None:
    replaced = re.compile("|".join(REPLACED_PARTS))
    occurrences = [
        relative(path)
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and any(map(replaced.fullmatch, re.split(r"[_\W]+", path.stem.lower())))
    ]
    assert not occurrences
