"""Reads and checks the files of a starter library, without the database.

For their format, see fixtures/library/README.md.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from roles import vocabulary
from roles.models.section_content import LINE_FIELDS

SNIPPET_FILES = {
    "responsibilities.toml": "responsibility",
    "skills.toml": "skill",
    "qualifications.toml": "qualification",
    "boilerplate.toml": "boilerplate",
}
ARCHITECTURE_FILE = "job_architecture.toml"
PAY_FILE = "pay_references.toml"
TEMPLATES = "templates"

_ARCHITECTURE = {
    "family": ("code", "name", "prefix"),
    "level": ("code", "name", "years_from", "years_to"),
    "department": ("name",),
    "location": ("city", "region", "country"),
}
_SNIPPET = (
    *("code", "text", "detail", "category", "families", "levels"),
    *("status", "language", "source", "license"),
)
_PAY = (
    *("code", "role", "location", "level", "years_from", "years_to", "currency", "period"),
    *("country", "amount", "low", "high", "statistic", "source", "as_of"),
)
_TEMPLATE = (
    *("code", "title", "role", "description", "family", "level", "language"),
    *("position", "section"),
)
_SECTION = (
    *("kind", "heading", "heading_display", "guidance", "audience", "style"),
    *("facts", "required", "locked", "line"),
)
_LINE = (*LINE_FIELDS, "snippet", "line")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "families": list,
    "levels": list,
    "facts": list,
    "section": list,
    "line": list,
    "required": bool,
    "locked": bool,
    **dict.fromkeys(("years_from", "years_to", "percent", "position"), int),
    **dict.fromkeys(("amount", "low", "high"), (int, float)),
}


class BadLibrary(Exception):  # noqa: N818  # shown to the person who wrote the file
    """An error in the files; the message names file and entry."""


@dataclass(frozen=True)
class StarterEntry:
    """One entry of a file."""

    file: str
    name: str  # its code, name, or city
    values: Mapping[str, Any]
    kind: str = ""  # of a snippet

    @property
    def digest(self) -> str:
        text = json.dumps([self.kind, self.values], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def bad(self, problem: str) -> BadLibrary:
        return BadLibrary(f"{self.file}, {self.name}: {problem}")

    def refused(self, error: ValidationError, where: str = "") -> BadLibrary:
        """Returns the validation errors of a row created from this entry."""
        found: dict[str, list[str]] = {"": error.messages}
        if hasattr(error, "error_dict"):
            found = error.message_dict
        problems = [f"{name}: {' '.join(words)}".lstrip(": ") for name, words in found.items()]
        return self.bad(f"{where}: {' '.join(problems)}".lstrip(": "))


@dataclass
class StarterFiles:
    """All entries of a directory, in the order of the files."""

    families: list[StarterEntry] = field(default_factory=list)
    levels: list[StarterEntry] = field(default_factory=list)
    departments: list[StarterEntry] = field(default_factory=list)
    locations: list[StarterEntry] = field(default_factory=list)
    snippets: list[StarterEntry] = field(default_factory=list)
    pay_references: list[StarterEntry] = field(default_factory=list)
    templates: list[StarterEntry] = field(default_factory=list)


def read(directory: Path) -> StarterFiles:
    """Returns the entries of a directory. Raises BadLibrary."""
    paths = sorted([*directory.glob("*.toml"), *directory.glob(f"{TEMPLATES}/*.toml")])
    if not paths:
        raise BadLibrary(f"{directory}: no library files (*.toml) found.")
    files = StarterFiles()
    for path in paths:
        name = path.relative_to(directory).as_posix()
        _sort_into(files, name, _toml(path, name))
    for entries in (files.snippets, files.pay_references, files.templates):
        _refuse_twins(entries)
    return files


def _toml(path: Path, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadLibrary(f"{name}: not a TOML file: {error}") from error


def _sort_into(files: StarterFiles, name: str, tables: dict[str, Any]) -> None:
    if name.startswith(f"{TEMPLATES}/"):
        template = _entry(name, "template", tables, _TEMPLATE)
        for number, section in enumerate(tables.get("section", ()), 1):
            _check_section(template, f"section {number}", section)
        files.templates.append(template)
    elif kind := SNIPPET_FILES.get(name):
        files.snippets += _entries(name, tables, "snippet", _SNIPPET, kind)
    elif name == PAY_FILE:
        files.pay_references += _entries(name, tables, "reference", _PAY)
    elif name == ARCHITECTURE_FILE:
        _refuse_unknown(name, tables, tuple(_ARCHITECTURE))
        for table, target in (
            ("family", files.families),
            ("level", files.levels),
            ("department", files.departments),
            ("location", files.locations),
        ):
            one = {table: tables.get(table, [])}
            target += _entries(name, one, table, _ARCHITECTURE[table])
    else:
        raise BadLibrary(f"{name}: not a library file. Remove or rename it.")


def _entries(
    file: str, tables: dict[str, Any], table: str, names: tuple[str, ...], kind: str = ""
) -> Iterator[StarterEntry]:
    _refuse_unknown(file, tables, (table,))
    rows = tables.get(table, [])
    if not isinstance(rows, list):
        raise BadLibrary(f"{file}: use [[{table}]] for each entry.")
    for number, row in enumerate(rows, 1):
        yield _entry(file, f"{table} {number}", row, names, kind)


def _entry(file: str, place: str, row: Any, names: tuple[str, ...], kind: str = "") -> StarterEntry:
    if not isinstance(row, dict):
        raise BadLibrary(f"{file}, {place}: expected a table.")
    for key in ("code", "name", "city"):
        if key in names and isinstance(row.get(key), str) and row[key]:
            place = row[key]
            break
    else:
        raise BadLibrary(f"{file}, {place}: {names[0]} is missing.")
    _check_table(f"{file}, {place}", row, names)
    entry = StarterEntry(file, place, row, kind)
    if kind and row.get("category", "") not in {"", *vocabulary.CATEGORIES[kind]}:
        raise entry.bad(f"unknown category “{row['category']}”.")
    return entry


def _check_section(template: StarterEntry, place: str, section: Any) -> None:
    where = f"{template.file}, {template.name}, {place}"
    _check_table(where, section, _SECTION)
    if section.get("kind") not in vocabulary.SECTION_KINDS:
        raise BadLibrary(f"{where}: unknown section type “{section.get('kind', '')}”.")
    for number, line in enumerate(section.get("line", ()), 1):
        _check_table(f"{where}, line {number}", line, _LINE)
        for below, sub_line in enumerate(line.get("line", ()), 1):
            at = f"{where}, line {number}.{below}"
            _check_table(at, sub_line, _LINE)
            if "line" in sub_line:
                raise BadLibrary(f"{at}: sub-lines can't have sub-lines.")


def _check_table(where: str, row: Any, names: tuple[str, ...]) -> None:
    if not isinstance(row, dict):
        raise BadLibrary(f"{where}: expected a table.")
    _refuse_unknown(where, row, names)
    for name, value in row.items():
        expected = _TYPES.get(name, str)
        fits = isinstance(value, expected) and (expected is bool or not isinstance(value, bool))
        if name in ("families", "levels", "facts"):
            fits = fits and all(isinstance(one, str) for one in value)
        if not fits:
            raise BadLibrary(f"{where}: “{name}” has the wrong type.")


def _refuse_unknown(where: str, row: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in row:
        if name not in names:
            raise BadLibrary(f"{where}: unknown key “{name}”.")


def _refuse_twins(entries: list[StarterEntry]) -> None:
    seen: dict[str, StarterEntry] = {}
    for entry in entries:
        earlier = seen.setdefault(entry.name, entry)
        if earlier is not entry:
            raise entry.bad(f"this code is also used in {earlier.file}.")
