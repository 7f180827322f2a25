"""A new job description: from a template, a copy, or blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from roles import languages, people, vocabulary
from roles.document import Document
from roles.drafts import fact_lists
from roles.drafts.errors import ActionRefused
from roles.drafts.load_document import load
from roles.drafts.section_changes import set_facts
from roles.models import (
    Event,
    JobDescription,
    JobFamily,
    JobLevel,
    Line,
    Organization,
    ReferenceCounter,
    Section,
    Template,
    TemplateLine,
    TemplateSection,
    User,
)
from roles.models.draft_text import store_draft_text
from roles.models.section_content import LINE_FIELDS

# Section kinds of a blank job description.
BLANK_SECTIONS = ("facts", "summary", "responsibilities", "qualifications")


def start(
    *,
    by: User,
    title: str,
    family: JobFamily | None = None,
    level: JobLevel | None = None,
    template: Template | None = None,
    structure_only: bool = False,
    copy_of: Document | None = None,
    revisions: Mapping[str, int] | None = None,
    template_fields: Mapping[str, dict[str, Any]] | None = None,
    confidential: bool = False,
) -> JobDescription:
    """Make a job description with a permanent reference, owned by `by`, and fill its draft
    from the template or the document (`revisions` and `template_fields`: see
    load_document.load). With `structure_only`, only the locked sections of the template have
    their lines. Raises ActionRefused for a retired template."""
    with transaction.atomic():
        if template is not None and template.status != "active":
            raise ActionRefused(_("This template has been retired. Choose another one."))
        description = new_row(by=by, title=title, family=family, template=template)
        description.confidential = confidential
        if copy_of is not None:
            _fill_from_copy(description, copy_of, revisions or {}, template_fields or {})
        elif template is not None:
            _fill_from_template(description, template, structure_only=structure_only)
        else:
            _fill_blank(description)
        set_facts(description, first_facts(title, family, level))
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
    prefix = family.prefix if family else Organization.objects.the().prefix
    description = JobDescription(
        reference=_next_reference(prefix),
        owner=by,
        title=title,
        template=template,
    )
    description.full_clean(validate_unique=False, validate_constraints=False)
    description.save()
    return description


def _next_reference(prefix: str) -> str:
    counters = ReferenceCounter.objects.select_for_update().filter(prefix=prefix)
    counter = counters.first()
    if counter is None:  # first reference; another process may create the row, too
        ReferenceCounter.objects.bulk_create(
            [ReferenceCounter(prefix=prefix)], ignore_conflicts=True
        )
        counter = counters.get()
    counter.last += 1
    counter.save()
    return str(counter)


def first_facts(title: str, family: JobFamily | None, level: JobLevel | None) -> dict[str, Any]:
    """Returns the facts that are set at the start: fields of JobDescription by name. Without a
    level, those of a copy stay."""
    facts: dict[str, Any] = {"title": title, "job_family": family}
    if level is not None:
        facts["job_level"] = level
        facts["years_from"], facts["years_to"] = level.years_from, level.years_to
    return facts


def _fill_from_copy(
    description: JobDescription,
    copy_of: Document,
    revisions: Mapping[str, int],
    template_fields: Mapping[str, dict[str, Any]],
) -> None:
    load(description, copy_of, revisions=revisions, template_fields=template_fields)
    details = fact_lists.job_details(description, description.sections.all())
    if details is not None:
        details.save()


def _fill_from_template(
    description: JobDescription, template: Template, *, structure_only: bool
) -> None:
    if template.language != languages.DEFAULT:
        description.language = template.language
    for section, lines in rows_of(stored_rows(template), description):
        section.save()
        if structure_only and not section.locked:  # no one can add lines to a locked one
            continue
        for line in lines:
            line.save()
    store_draft_text(description)


DETAILS_UID = "job-details"  # of job details that a template doesn't have itself
TemplateRows = list[tuple[TemplateSection, list[TemplateLine]]]


def stored_rows(template: Template) -> TemplateRows:
    """Returns the sections of a template in order, each with its lines."""
    sections = template.sections.prefetch_related("lines__snippet__revisions")
    return [(row, list(row.lines.all())) for row in sections.order_by("position", "pk")]


def rows_of(
    template_rows: TemplateRows,
    description: JobDescription,
    *,
    keeps_uids: bool = False,
    has_retired: bool = False,
) -> Iterator[tuple[Section, list[Line]]]:
    """Yields each section of a template as a section of the job description, with its lines;
    sub-lines come after their parents. Job details come first, unless the template has them.
    Nothing is saved. `keeps_uids` is for a document of the template itself: the uids are those of
    its rows. `has_retired` includes lines whose snippet is no longer offered."""
    sections = [
        _section_from_template(row, description, position)
        for position, (row, _lines) in enumerate(template_rows, 1)
    ]
    details = fact_lists.job_details(description, sections)
    if details is not None:
        details.uid = DETAILS_UID if keeps_uids else details.uid
        yield details, []
    for (template_section, below), section in zip(template_rows, sections, strict=True):
        lines: dict[int, Line] = {}
        ordered = sorted(below, key=lambda ln: (ln.parent_id is not None, ln.position, ln.pk))
        for line in ordered:
            if line.parent_id is not None and line.parent_id not in lines:
                continue
            copy = _line_from_template(line, section, has_retired=has_retired)
            if copy is not None:
                copy.parent = lines.get(line.parent_id or 0)
                copy.uid = line.uid if keeps_uids else copy.uid
                lines[line.pk] = copy
        section.uid = template_section.uid if keeps_uids else section.uid
        yield section, list(lines.values())


def _section_from_template(
    row: TemplateSection, description: JobDescription, position: int
) -> Section:
    return Section(
        description=description,
        position=position,
        kind=row.kind,
        heading=row.heading,
        guidance=row.guidance,
        audience=row.audience,
        style=row.style,
        heading_display=row.heading_display,
        facts=row.facts or list(vocabulary.SECTION_KINDS[row.kind].facts),
        required=row.required,
        locked=row.locked,
    )


def _line_from_template(line: TemplateLine, section: Section, *, has_retired: bool) -> Line | None:
    """Returns the line for a job description, or None if its snippet is no longer offered."""
    values = {name: getattr(line, name) for name in LINE_FIELDS}
    revision = None
    if line.snippet is not None:
        if not (line.snippet.is_offered or has_retired):
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
    kinds = [(code, vocabulary.SECTION_KINDS[code]) for code in BLANK_SECTIONS]
    Section.objects.bulk_create(
        Section(
            description=description,
            position=position,
            kind=code,
            heading=kind.label,
            audience=kind.audience,
            style=kind.style,
            facts=fact_lists.usual(code, ()),
        )
        for position, (code, kind) in enumerate(kinds, 1)
    )
