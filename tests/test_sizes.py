"""No function, file or line is so long that it is hard to take in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

FUNCTION_LIMIT = 40  # lines, with the signature and the docstring
FILE_LIMIT = 300  # lines
LINE_LIMITS = {"*.css": 120, "*.js": 120, "*.html": 200}  # characters; ruff checks Python

ROOT = Path(settings.BASE_DIR)


def source_files(*patterns: str) -> list[Path]:
    files = [
        path
        for folder in ("roles", "jdbuilder", "bench", "static", "templates")
        for pattern in patterns
        for path in (ROOT / folder).rglob(pattern)
    ]
    return [path for path in files if path.parent.name != "migrations"]


def function_lengths(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


@pytest.mark.slow
def test_functions_are_short() -> None:
    too_long = [
        f"{path.relative_to(ROOT)}: {name} has {length} lines"
        for path in source_files("*.py")
        for name, length in function_lengths(path.read_text())
        if length > FUNCTION_LIMIT
    ]
    assert too_long == []


@pytest.mark.parametrize("pattern", ["*.py", "*.js", "*.css"])
def test_files_are_short(pattern: str) -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in source_files(pattern)}
    assert lengths
    assert {path: length for path, length in lengths.items() if length > FILE_LIMIT} == {}


@pytest.mark.parametrize(("pattern", "limit"), LINE_LIMITS.items())
def test_lines_are_short(pattern: str, limit: int) -> None:
    files = source_files(pattern)
    assert files
    too_long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > limit
    ]
    assert too_long == []


def test_a_long_function_is_found() -> None:
    body = "    pass\n" * FUNCTION_LIMIT
    assert dict(function_lengths(f"def long():\n{body}")) == {"long": FUNCTION_LIMIT + 1}
