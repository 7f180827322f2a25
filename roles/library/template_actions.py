"""The actions of templates: save one from a job description, change it, retire it.

Each action is one transaction and writes its event. What is not valid raises ValidationError,
keyed by field.
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
)
from roles.models.section_content import LINE_FIELDS
from roles.models.template import STATUSES

CODE_LIMIT = 70  # characters of a code that come from the title; a number may follow
NO_WORDS = "template"  # the code of a title that holds no Latin letters
OF_SECTION = ("position", "kind", "heading", "audience", "style", "facts")


@dataclass(frozen=True)
class Terms:
    """What a template says about one of its sections, beside the section itself."""

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
    """Save the draft as a new template, offered at once. `terms` are the terms of each section by
    uid, `audience` is the widest one whose sections this person can use. Pay, answers and the
    facts of the job description are left out. A line with its snippet's wording keeps the link,
    unless the snippet is no longer offered. Raises ValidationError."""
    with transaction.atomic():
        _one_at_a_time()
        locked = JobDescription.objects.select_for_update().get(pk=source.pk)
        rows = assembly.load_rows(locked)
        reach = permissions.audiences_within(audience)
        sections = [section for section in rows.sections if section.audience in reach]
        template = Template(
            code=_free_code(title),
            title=title,
            role=role,
            description=description,
            family=family,
            level=level,
            language=locked.language,
            position=_next_position(),
            edited=True,
        )
        _check(template, _refused_sections(sections, rows, terms))
        template.save()
        _copy_sections(template, sections, rows, terms)
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
    """Give the template other words about itself; its sections stay. From then on it is the
    organization's: loading the starter library leaves it."""
    chosen = {
        "title": title,
        "role": role,
        "description": description,
        "family": family,
        "level": level,
    }
    with transaction.atomic():
        _one_at_a_time()
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
    """Retire it or offer it again; the same status again does nothing. Job descriptions that
    were made from it keep what they have."""
    with transaction.atomic():
        _one_at_a_time()
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


# --- parts of the actions


def _one_at_a_time() -> None:
    """Titles and codes are compared with all others: the organization's row is the lock, as
    it is when the starter library loads."""
    Organization.objects.select_for_update().get(pk=Organization.objects.the().pk)


def _free_code(title: str) -> str:
    base = slugify(title)[:CODE_LIMIT].strip("-_") or NO_WORDS
    taken = set(Template.objects.filter(code__startswith=base).values_list("code", flat=True))
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


def _check(template: Template, errors: dict[str, Any] | None = None) -> None:
    """Raise ValidationError for what the row may not be saved with. Two templates on offer
    never have the same title: no one could tell them apart."""
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
    """A template has sections; one that is locked has something in it, because no one could
    write there afterwards."""
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
    """The line as it is: linked to its snippet where it says what the snippet said, and
    free text where it does not. A linked line has no text, and no detail but its own."""
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
    """The ids of the snippets behind the draft's lines that the library still offers."""

    def lines() -> Iterator[Line]:
        for found in (*rows.lines.values(), *rows.sub_lines.values()):
            yield from found

    used = {line.revision.snippet_id for line in lines() if line.revision is not None}
    return set(Snippet.objects.offered().filter(pk__in=used).values_list("pk", flat=True))
