"""A new job description: from a template, a copy, or blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from roles import people, vocabulary
from roles.document import Document
from roles.drafts.errors import ActionRefused
from roles.drafts.load_document import load
from roles.drafts.section_changes import set_facts
from roles.models import (
    Event,
    JobDescription,
    JobFamily,
    JobLevel,
    Line,
    ReferenceCounter,
    Section,
    Template,
    TemplateLine,
    User,
)
from roles.models.draft_text import store_draft_text
from roles.models.section_content import LINE_FIELDS

WITHOUT_FAMILY = "JD"
# Section kinds of a blank job description.
BLANK_SECTIONS = ("summary", "responsibilities", "qualifications")


def start(
    *,
    by: User,
    title: str,
    family: JobFamily | None = None,
    level: JobLevel | None = None,
    template: Template | None = None,
    copy_of: Document | None = None,
    revisions: Mapping[str, int] | None = None,
    template_fields: Mapping[str, dict[str, Any]] | None = None,
    confidential: bool = False,
) -> JobDescription:
    """Make a job description with a permanent reference, owned by `by`, and fill its draft
    from the template or the document (`revisions` and `template_fields`: see
    load_document.load). Raises ActionRefused for a retired template."""
    with transaction.atomic():
        if template is not None and template.status != "active":
            raise ActionRefused(_("This template has been retired. Choose another one."))
        description = new_row(by=by, title=title, family=family, template=template)
        description.confidential = confidential
        if copy_of is not None:
            load(
                *(description, copy_of),
                revisions=revisions or {},
                template_fields=template_fields or {},
            )
        elif template is not None:
            _fill_from_template(description, template)
        else:
            _fill_blank(description)
        set_facts(description, first_facts(title, family, level, copied=copy_of is not None))
        Event.objects.record(
            by=by,
            verb="description.started",
            about=description,
            chain=description.reference,
            template=template.code if template else "",
            copied=copy_of is not None,
        )
    return description


def new_row(
    *, by: User, title: str, family: JobFamily | None, template: Template | None = None
) -> JobDescription:
    """Returns a new row with a permanent reference of its family and an empty draft. Raises
    PermissionDenied if the person was deactivated in the meantime."""
    if not people.lock([by])[by.pk].is_active:
        raise PermissionDenied
    description = JobDescription(
        reference=_next_reference(family.prefix if family else WITHOUT_FAMILY),
        owner=by,
        title=title,
        template=template,
    )
    description.full_clean(validate_unique=False, validate_constraints=False)
    description.save()
    return description


def _next_reference(prefix: str) -> str:
    ReferenceCounter.objects.get_or_create(prefix=prefix)
    counter = ReferenceCounter.objects.select_for_update().get(prefix=prefix)
    counter.last += 1
    counter.save()
    return str(counter)


def first_facts(
    title: str, family: JobFamily | None, level: JobLevel | None, *, copied: bool = False
) -> dict[str, Any]:
    """Returns the facts that are set at the start: fields of JobDescription by name."""
    facts: dict[str, Any] = {"title": title}
    if family is not None or not copied:
        facts["job_family"] = family
    if level is not None:
        facts["job_level"] = level
        facts["years_from"], facts["years_to"] = level.years_from, level.years_to
    return facts


def _fill_from_template(description: JobDescription, template: Template) -> None:
    description.language = template.language
    for section, lines in rows_of(template, description):
        section.save()
        for line in lines:
            line.save()
    store_draft_text(description)


def rows_of(
    template: Template, description: JobDescription
) -> Iterator[tuple[Section, list[Line]]]:
    """Yields each section of the template as a section of the job description, with its lines;
    sub-lines come after their parents. Nothing is saved."""
    template_sections = template.sections.prefetch_related("lines__snippet__revisions")
    for position, template_section in enumerate(template_sections.order_by("position", "pk"), 1):
        section = Section(
            description=description,
            position=position,
            kind=template_section.kind,
            heading=template_section.heading,
            guidance=template_section.guidance,
            audience=template_section.audience,
            style=template_section.style,
            facts=template_section.facts,
            required=template_section.required,
            locked=template_section.locked,
        )
        lines: dict[int, Line] = {}
        ordered = sorted(
            template_section.lines.all(), key=lambda ln: (ln.parent_id or 0, ln.position, ln.pk)
        )
        for line in ordered:
            if line.parent_id is not None and line.parent_id not in lines:
                continue
            copy = _line_from_template(line, section)
            if copy is not None:
                copy.parent = lines.get(line.parent_id or 0)
                lines[line.pk] = copy
        yield section, list(lines.values())


def _line_from_template(line: TemplateLine, section: Section) -> Line | None:
    """Returns the line for a job description, or None if its snippet is no longer offered."""
    values = {name: getattr(line, name) for name in LINE_FIELDS}
    revision = None
    if line.snippet is not None:
        if not line.snippet.is_offered:
            return None
        revision = max(line.snippet.revisions.all(), key=lambda r: r.number)
        values["text"] = revision.text
        values["detail"] = line.detail or revision.detail
        if not line.category and line.snippet.category in vocabulary.line_categories(section.kind):
            values["category"] = line.snippet.category
    return Line(
        description=section.description,
        section=section,
        position=line.position,
        revision=revision,
        **values,
    )


def _fill_blank(description: JobDescription) -> None:
    for position, code in enumerate(BLANK_SECTIONS, 1):
        kind = vocabulary.SECTION_KINDS[code]
        Section.objects.create(
            description=description,
            position=position,
            kind=code,
            heading=kind.label,
            audience=kind.audience,
            style=kind.style,
        )
