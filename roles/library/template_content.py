"""The sections of a template as plain values: read, compared, shown, stored as JSON, written back.

A line that is linked to a snippet has no text of its own, so it follows the snippet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from roles.document_encoding import decode, encode
from roles.drafts.new_draft import TemplateRows
from roles.models import Snippet, Template, TemplateLine, TemplateSection
from roles.models.section_content import LINE_FIELDS


@dataclass(frozen=True, slots=True)
class LineValue:
    """A line, or a sub-line. `snippet` is the id of a Snippet."""

    uid: str
    snippet: int | None = None
    text: str = ""
    form: str = "entry"
    detail: str = ""
    group: str = ""
    category: str = ""
    proficiency: str = ""
    requirement: str = ""
    essential: str = ""
    percent: int | None = None
    frequency: str = ""
    amount: Decimal | None = None
    unit: str = ""
    how_often: str = ""
    lines: tuple[LineValue, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionValue:
    """A section with its lines, in order."""

    uid: str
    kind: str
    heading: str
    guidance: str = ""
    audience: str = "public"
    style: str = "bullets"
    heading_display: str = "printed"
    facts: tuple[str, ...] = ()
    required: bool = False
    locked: bool = False
    lines: tuple[LineValue, ...] = ()

    def every_line(self) -> Iterator[LineValue]:
        """Yields lines and sub-lines in reading order."""
        for line in self.lines:
            yield line
            yield from line.lines


Sections = tuple[SectionValue, ...]
SETTINGS = tuple(f.name for f in fields(SectionValue) if f.name not in ("uid", "lines"))


def stored(template: Template) -> Sections:
    """Returns the stored sections of the template."""
    found = template.sections.prefetch_related("lines").order_by("position", "pk")
    return tuple(_section_value(row) for row in found)


def _section_value(row: TemplateSection) -> SectionValue:
    below: dict[int | None, list[TemplateLine]] = {}
    for line in sorted(row.lines.all(), key=lambda line: (line.position, line.pk)):
        below.setdefault(line.parent_id, []).append(line)
    values: dict[str, Any] = {name: getattr(row, name) for name in SETTINGS}
    lines = tuple(
        replace(_line_value(line), lines=tuple(map(_line_value, below.get(line.pk, ()))))
        for line in below.get(None, ())
    )
    return SectionValue(uid=row.uid, lines=lines, **{**values, "facts": tuple(row.facts)})


def _line_value(row: TemplateLine) -> LineValue:
    values: dict[str, Any] = {name: getattr(row, name) for name in LINE_FIELDS}
    return LineValue(uid=row.uid, snippet=row.snippet_id, **values)


def to_json(sections: Sections) -> str:
    """Returns the sections as canonical JSON."""
    return json.dumps(encode(sections), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Sections:
    """Returns the sections of a text that `to_json` made."""
    found: Sections = decode(Sections, json.loads(text), "template")
    return found


def state_of(section: SectionValue) -> str:
    """Returns a short digest of the section and its lines. A page keeps it to find out whether
    someone else changed them in between."""
    return hashlib.sha256(to_json((section,)).encode()).hexdigest()[:16]


def rows(sections: Iterable[SectionValue]) -> TemplateRows:
    """Returns unsaved rows with negative ids, to show sections that aren't stored."""
    sections = tuple(sections)
    ids = {line.snippet for one in sections for line in one.every_line()}
    snippets = Snippet.objects.prefetch_related("revisions").in_bulk(ids - {None})
    found: TemplateRows = []
    for number, value in enumerate(sections, 1):
        row = _section_row(TemplateSection(pk=-number, uid=value.uid), value, number)
        lines = _line_rows(row, value)
        for count, line in enumerate(lines, 1):
            line.pk = -(number * 10_000 + count)
            line.snippet = snippets.get(line.snippet_id) if line.snippet_id else None
        for line in lines:
            line.parent = line.parent  # sets the id, which the parent has only now
        found.append((row, lines))
    return found


def write(template: Template, before: Sections, after: Sections) -> None:
    """Stores the difference between the template's stored sections and new ones, which are
    valid."""
    template.sections.exclude(uid__in=[section.uid for section in after]).delete()
    known = {section.uid: section for section in before}
    existing = {row.uid: row for row in template.sections.all()}
    for position, value in enumerate(after, 1):
        row = section_row(template, value, position, existing.get(value.uid))
        row.save()
        old = known.get(value.uid)
        if old is None or old.lines != value.lines:
            row.lines.all().delete()
            lines = _line_rows(row, value)
            TemplateLine.objects.bulk_create([line for line in lines if line.parent is None])
            below = [line for line in lines if line.parent is not None]
            for line in below:
                line.parent = line.parent  # sets the id, which the parent has only now
            TemplateLine.objects.bulk_create(below)


def unsaved(value: SectionValue) -> tuple[TemplateSection, list[TemplateLine]]:
    """Returns the rows of a section, to be validated."""
    row = _section_row(TemplateSection(uid=value.uid), value, 1)
    return row, _line_rows(row, value)


def section_row(
    template: Template, value: SectionValue, position: int, row: TemplateSection | None = None
) -> TemplateSection:
    """Returns the row of a section, new or with its new settings, to be saved."""
    return _section_row(row or TemplateSection(template=template, uid=value.uid), value, position)


def _section_row(row: TemplateSection, value: SectionValue, position: int) -> TemplateSection:
    for name in SETTINGS:
        setattr(row, name, getattr(value, name))
    row.facts = list(value.facts)
    row.position = position
    return row


def _line_rows(section: TemplateSection, value: SectionValue) -> list[TemplateLine]:
    """Returns unsaved rows: each line before its sub-lines."""
    found: list[TemplateLine] = []
    for position, line in enumerate(value.lines, 1):
        top = _line_row(section, line, position)
        found.append(top)
        for number, sub in enumerate(line.lines, 1):
            sub_row = _line_row(section, sub, number)
            sub_row.parent = top
            found.append(sub_row)
    return found


def _line_row(section: TemplateSection, value: LineValue, position: int) -> TemplateLine:
    values: dict[str, Any] = {name: getattr(value, name) for name in LINE_FIELDS}
    return TemplateLine(
        section=section, uid=value.uid, position=position, snippet_id=value.snippet, **values
    )
