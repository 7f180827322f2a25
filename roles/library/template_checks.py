"""Checks of the sections of a template before they are stored.

Each raises ValidationError by field; an error of a line is `<field>-<uid>`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from roles import limits
from roles.library import template_content
from roles.library.template_content import LineValue, Sections, SectionValue
from roles.models import Snippet, TemplateLine

Errors = dict[str, Any]
CELLS_IN_ROW = 2  # the text and the detail of a line; other cells are its sub-lines


def check_section(section: SectionValue, old: SectionValue | None) -> SectionValue:
    """Returns the section as it is stored: without wordings that the snippets have. `old` is what
    is stored now. Its links to snippets that were retired can stay, others can't be added."""
    snippets = _snippets(section)
    section = _linked(section, snippets)
    row, lines = template_content.unsaved(section)
    errors: Errors = {}
    _add(errors, _invalid(row, exclude={"template"}), "")
    for line in lines:
        _add(errors, _invalid_line(line), f"-{line.uid}")
    known = {line.snippet for line in old.every_line()} if old else set()
    for value in section.every_line():
        _check_link(errors, value, snippets, known)
    _check_columns(errors, section)
    if section.locked and not (section.facts or _has_offered(section, snippets)):
        errors["locked"] = [_("This section has no text to lock.")]
    if errors:
        raise ValidationError(errors)
    return section


def check_whole(sections: Sections) -> None:
    """Checks the number of sections and lines, and the length of all texts."""
    lines = [line for section in sections for line in section.every_line()]
    length = sum(len(line.text) + len(line.detail) for line in lines)
    if not sections:
        raise ValidationError(_("A template needs at least one section. Add another one first."))
    if len(sections) > limits.SECTIONS_LIMIT:
        raise ValidationError(_("A template can have up to %d sections.") % limits.SECTIONS_LIMIT)
    if len(lines) > limits.LINES_LIMIT:
        raise ValidationError(
            _("A template can have up to %(limit)d lines. This would make %(count)d.")
            % {"limit": limits.LINES_LIMIT, "count": len(lines)}
        )
    if length > limits.TEXT_LIMIT:
        raise ValidationError(
            _("A template can have up to %(limit)s characters. This would make %(count)s.")
            % {"limit": f"{limits.TEXT_LIMIT:,}", "count": f"{length:,}"}
        )


def _snippets(section: SectionValue) -> dict[int, Snippet]:
    ids = {line.snippet for line in section.every_line() if line.snippet is not None}
    return dict(Snippet.objects.in_bulk(ids))


def _linked(section: SectionValue, snippets: dict[int, Snippet]) -> SectionValue:
    """Returns the section whose linked lines follow their snippets: they have no text, and only a
    detail of their own."""

    def linked(line: LineValue) -> LineValue:
        below = tuple(map(linked, line.lines))
        snippet = snippets.get(line.snippet or 0)
        if snippet is None:
            return replace(line, lines=below)
        detail = "" if line.detail == snippet.detail else line.detail
        return replace(line, text="", detail=detail, lines=below)

    return replace(section, lines=tuple(map(linked, section.lines)))


def _check_link(
    errors: Errors, line: LineValue, snippets: dict[int, Snippet], known: set[int | None]
) -> None:
    if line.snippet is None or line.snippet in known:
        return
    snippet = snippets.get(line.snippet)
    if snippet is None or snippet.status != "active":
        message = _("This snippet isn’t active anymore. Remove the line, or detach it.")
        errors[f"text-{line.uid}"] = [message]


def _check_columns(errors: Errors, section: SectionValue) -> None:
    limit = limits.TABLE_COLUMNS_LIMIT
    for line in section.lines if section.kind == "table" else ():
        if len(line.lines) + CELLS_IN_ROW > limit:
            errors[f"text-{line.uid}"] = [_("A table can have up to %d columns.") % limit]


def _has_offered(section: SectionValue, snippets: dict[int, Snippet]) -> bool:
    """Whether a new job description would have a line of the section."""
    return any(
        line.snippet is None or (line.snippet in snippets and snippets[line.snippet].is_offered)
        for line in section.lines
    )


def _invalid_line(line: TemplateLine) -> Errors:
    linked = line.snippet_id is not None
    exclude = {"section", "parent", "snippet", *({"text"} if linked else ())}
    errors = _invalid(line, exclude=exclude)
    if not linked and not line.text:
        errors["text"] = [_("Enter some text, or remove the line.")]
    return errors


def _invalid(row: Any, *, exclude: Iterable[str]) -> Errors:
    errors: Errors = {}
    for check in (lambda: row.clean_fields(exclude=set(exclude)), row.clean):
        try:
            check()
        except ValidationError as error:
            error.update_error_dict(errors)
    return errors


def _add(errors: Errors, found: Errors, suffix: str) -> None:
    for name, texts in found.items():
        errors[f"{name}{suffix}"] = texts
