"""The part of a starter library for some of its job families."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from roles.library.starter_files import StarterEntry, StarterFiles


def without_families(files: StarterFiles, left_out: frozenset[str]) -> StarterFiles:
    """Returns the files without what is only for these families (codes). Snippets that a template
    uses stay, and so do those for all families. If no family is left, nothing is, except levels."""
    families = [entry for entry in files.families if entry.name not in left_out]
    if not families:
        return StarterFiles(levels=files.levels)
    templates = [one for one in files.templates if one.values.get("family") not in left_out]
    used = {code for template in templates for code in _snippet_codes(template)}
    roles = {str(template.values.get("role", "")).casefold() for template in templates}
    figures = [one for one in files.pay_references if one.values["role"].casefold() in roles]
    return replace(
        files,
        families=families,
        templates=templates,
        snippets=[one for one in files.snippets if one.name in used or _fits(one, left_out)],
        pay_references=figures,
    )


def _fits(entry: StarterEntry, left_out: frozenset[str]) -> bool:
    families = entry.values.get("families", ())
    return not families or not left_out.issuperset(families)


def _snippet_codes(template: StarterEntry) -> Iterator[str]:
    for section in template.values.get("section", ()):
        yield from _codes_of(section.get("line", ()))


def _codes_of(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for line in lines:
        if "snippet" in line:
            yield line["snippet"]
        yield from _codes_of(line.get("line", ()))
