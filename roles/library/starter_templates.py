"""Creates the sections and lines of a starter template from its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from roles import vocabulary
from roles.library.starter_files import StarterEntry
from roles.models import Snippet, Template, TemplateLine, TemplateSection, snippet_usage
from roles.models.section_content import LINE_FIELDS

Snippets = Mapping[str | None, Snippet]


def fill_template(template: Template, entry: StarterEntry, snippets: Snippets) -> None:
    """Replaces the template's sections with those of the file. Raises BadLibrary."""
    before = snippet_usage.snippets_of_template(template.pk)
    template.sections.all().delete()
    for position, values in enumerate(entry.values.get("section", ()), 1):
        where = f"section {position}"
        kind = vocabulary.SECTION_KINDS[values["kind"]]
        section = TemplateSection(
            template=template,
            position=position,
            kind=values["kind"],
            heading=values.get("heading", kind.label),
            guidance=values.get("guidance", ""),
            audience=values.get("audience", kind.audience),
            style=values.get("style", kind.style),
            heading_display=values.get("heading_display", "printed"),
            facts=values.get("facts", []),
            required=values.get("required", False),
            locked=values.get("locked", False),
        )
        _save(entry, where, section)
        for number, line in enumerate(values.get("line", ()), 1):
            _add_line(entry, f"{where}, line {number}", section, number, line, snippets)
    snippet_usage.count_templates(before | snippet_usage.snippets_of_template(template.pk))


def _add_line(
    entry: StarterEntry,
    where: str,
    section: TemplateSection,
    position: int,
    values: Mapping[str, Any],
    snippets: Snippets,
) -> None:
    line = _line(entry, where, section, position, values, snippets)
    _save(entry, where, line)
    below = [
        _line(entry, f"{where}.{number}", section, number, sub_line, snippets)
        for number, sub_line in enumerate(values.get("line", ()), 1)
    ]
    for number, sub_line in enumerate(below, 1):
        sub_line.parent = line
        _save(entry, f"{where}.{number}", sub_line)


def _line(
    entry: StarterEntry,
    where: str,
    section: TemplateSection,
    position: int,
    values: Mapping[str, Any],
    snippets: Snippets,
) -> TemplateLine:
    code = values.get("snippet", "")
    if code and code not in snippets:
        raise entry.bad(f"{where}: unknown snippet “{code}”.")
    fields = {name: values[name] for name in LINE_FIELDS if name in values}
    return TemplateLine(section=section, position=position, snippet=snippets.get(code), **fields)


def _save(entry: StarterEntry, where: str, row: TemplateSection | TemplateLine) -> None:
    """Saves the row. A line with a snippet has no text of its own; it uses the latest wording."""
    own_words = isinstance(row, TemplateSection) or row.snippet is None
    try:
        row.clean_fields(exclude=None if own_words else {"text"})
        row.clean()
    except ValidationError as error:
        raise entry.refused(error, where) from error
    row.save()
