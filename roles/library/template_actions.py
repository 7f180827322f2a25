"""Actions on templates: save one from a job description, add one, change it, set its status.

Each action is one transaction, records its event, and raises ValidationError by field if a value
isn't valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from roles import assembly, folding, permissions
from roles.library import template_content, template_sections
from roles.models import (
    Event,
    JobDescription,
    JobFamily,
    JobLevel,
    Line,
    Organization,
    Section,
    Snippet,
    Template,
    TemplateLine,
    TemplateSection,
    User,
    snippet_usage,
)
from roles.models.section_content import LINE_FIELDS
from roles.models.template import STATUSES

CODE_LIMIT = 70  # characters of the title in a code; a number can follow
NO_WORDS = "template"  # code for titles without Latin letters
# Sections of a new template. Job details come first in every job description.
FIRST_SECTIONS = ("summary", "responsibilities", "qualifications")
OF_SECTION = ("position", "kind", "heading", "style", "heading_display", "facts")


@dataclass(frozen=True)
class Terms:
    """The settings of a section that exist only in templates."""

    required: bool = False
    locked: bool = False
    guidance: str = ""


def save_template(
    *,
    source: JobDescription,
    by: User,
    title: str,
    role: str = "",
    description: str = "",
    family: JobFamily | None = None,
    level: JobLevel | None = None,
    terms: Mapping[str, Terms],
    audience: str = "restricted",
) -> Template:
    """Saves the draft as a new, active template and returns it. `terms` are by section uid;
    `audience` is the widest audience whose sections this person can use. Pay, placeholder values,
    and facts are left out. Lines that weren't reworded stay linked to their snippet, unless it is
    no longer offered. Raises ValidationError."""
    with transaction.atomic():
        Organization.objects.lock()  # titles and codes must be unique
        locked = JobDescription.objects.lock(source.pk)
        rows = assembly.load_rows(locked)
        reach = permissions.audiences_within(audience)
        sections = [section for section in rows.sections if section.shown_to in reach]
        template = Template(
            code=_free_code(title),
            title=title,
            role=role,
            description=description,
            family=family,
            level=level,
            language=assembly.assemble(locked, rows).language,
            position=_next_position(),
            edited=True,
        )
        _check(template, _refused_sections(sections, rows, terms))
        template.save()
        _copy_sections(template, sections, rows, terms)
        snippet_usage.count_templates(snippet_usage.snippets_of_template(template.pk))
        template_sections.record_saved(template, by)
        _record_saved(template, locked, by)
    return template


def _record_saved(template: Template, source: JobDescription, by: User) -> None:
    Event.objects.record(
        by=by,
        verb="template.saved",
        about=template,
        code=template.code,
        source=source.reference,
        token=source.edit_token,
    )


def _next_position() -> int:
    return (Template.objects.aggregate(last=Max("position"))["last"] or 0) + 1


def add_template(*, by: User, **values: Any) -> Template:
    """Adds a template with the usual sections, blank, and returns it. It is retired until someone
    activates it, so that authors don't start with an unfinished one. `values` are those of
    change_template. Raises ValidationError."""
    with transaction.atomic():
        Organization.objects.lock()  # titles and codes must be unique
        template = Template(
            code=_free_code(values["title"]),
            status="retired",
            position=_next_position(),
            edited=True,
            **values,
        )
        _check(template)
        template.save()
        for position, kind in enumerate(FIRST_SECTIONS, 1):
            usual = template_sections.new_section(kind)
            template_content.section_row(template, usual, position).save()
        template_sections.record_saved(template, by)
        Event.objects.record(by=by, verb="template.added", about=template, code=template.code)
    return template


def change_template(
    *,
    template: Template,
    by: User,
    title: str,
    role: str,
    description: str,
    family: JobFamily | None,
    level: JobLevel | None,
) -> None:
    """Changes the template's own fields, not its sections. After that the organization owns it, so
    loading the starter library doesn't change it. Raises ValidationError."""
    chosen = {
        "title": title,
        "role": role,
        "description": description,
        "family": family,
        "level": level,
    }
    with transaction.atomic():
        Organization.objects.lock()  # titles and codes must be unique
        row = Template.objects.select_for_update().get(pk=template.pk)
        changed = [name for name, value in chosen.items() if getattr(row, name) != value]
        if not changed:
            return
        for name in changed:
            setattr(row, name, chosen[name])
        _check(row)
        row.edited = True
        row.save()
        Event.objects.record(
            by=by, verb="template.changed", about=row, code=row.code, fields=changed
        )


def set_status(*, template: Template, status: str, by: User) -> None:
    """Retires or activates the template; setting the same status does nothing. Job descriptions
    created from it aren't affected. Raises ValidationError."""
    with transaction.atomic():
        Organization.objects.lock()  # titles and codes must be unique
        row = Template.objects.select_for_update().get(pk=template.pk)
        before = row.status
        if status == before:
            return
        if status not in STATUSES:
            raise ValidationError({"status": _("Unknown status.")})
        row.status = status
        _check(row)
        row.save()
        Event.objects.record(
            by=by, verb="template.status", about=row, code=row.code, before=before, after=status
        )


# --- helpers


def _free_code(title: str) -> str:
    base = slugify(title)[:CODE_LIMIT].strip("-_") or NO_WORDS
    taken = set(Template.objects.filter(code__startswith=base).values_list("code", flat=True))
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


def _check(template: Template, errors: dict[str, Any] | None = None) -> None:
    """Raises ValidationError if the row isn't valid, or if another active template has the same
    title."""
    errors = {**(errors or {})}
    try:
        template.full_clean(exclude={"code"})
    except ValidationError as error:
        error.update_error_dict(errors)
    others = Template.objects.offered().exclude(pk=template.pk).values_list("title", flat=True)
    if template.is_offered and folding.fold(template.title) in map(folding.fold, others):
        errors["title"] = [_("Another template already has this title. Choose a different one.")]
    if errors:
        raise ValidationError(errors)


def _refused_sections(
    sections: list[Section], rows: assembly.DraftRows, terms: Mapping[str, Terms]
) -> dict[str, Any]:
    """Returns errors: no sections, or a locked section without text, which no one could fill
    in."""
    if not sections:
        return {"title": [_("This job description has no sections to save in a template.")]}
    return {
        f"locked-{section.uid}": [_("This section has no text to lock.")]
        for section in sections
        if terms.get(section.uid, Terms()).locked
        and not (rows.lines.get(section.pk) or section.facts)
    }


def _copy_sections(
    template: Template,
    sections: list[Section],
    rows: assembly.DraftRows,
    terms: Mapping[str, Terms],
) -> None:
    offered = _offered_of(rows)
    for section in sections:
        own = terms.get(section.uid, Terms())
        copy = TemplateSection(
            template=template,
            required=own.required,
            locked=own.locked,
            guidance=own.guidance,
            audience=section.shown_to,
            **{name: getattr(section, name) for name in OF_SECTION},
        )
        copy.clean_fields()
        copy.save()
        above = rows.lines.get(section.pk, [])
        copies = TemplateLine.objects.bulk_create(
            _line(copy, line, offered, parent=None) for line in above
        )
        TemplateLine.objects.bulk_create(
            _line(copy, sub, offered, parent=parent)
            for line, parent in zip(above, copies, strict=True)
            for sub in rows.sub_lines.get(line.pk, [])
        )


def _line(
    section: TemplateSection, line: Line, offered: set[int], parent: TemplateLine | None
) -> TemplateLine:
    """Returns the template line: linked to its snippet if it wasn't reworded, else free text. A
    linked line stores no text, and only a detail that differs from the snippet's."""
    values = {name: getattr(line, name) for name in LINE_FIELDS}
    origin = line.revision
    snippet_id = None
    if origin is not None and not line.is_reworded and origin.snippet_id in offered:
        snippet_id = origin.snippet_id
        values["text"] = ""
        if values["detail"] == origin.detail:
            values["detail"] = ""
    return TemplateLine(
        section=section, parent=parent, position=line.position, snippet_id=snippet_id, **values
    )


def _offered_of(rows: assembly.DraftRows) -> set[int]:
    """Returns the ids of the offered snippets that the draft's lines come from."""

    def lines() -> Iterator[Line]:
        for found in (*rows.lines.values(), *rows.sub_lines.values()):
            yield from found

    used = {line.revision.snippet_id for line in lines() if line.revision is not None}
    return set(Snippet.objects.offered().filter(pk__in=used).values_list("pk", flat=True))
