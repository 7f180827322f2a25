"""Document -> draft rows: restore a version, copy a job description, import one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from roles import document as plain
from roles import vocabulary
from roles.drafts.section_changes import set_facts
from roles.models import (
    CustomFact,
    Department,
    JobDescription,
    JobFamily,
    JobLevel,
    Line,
    Location,
    PayRange,
    PayReference,
    PlaceholderAnswer,
    Section,
)
from roles.models.pay_range import PAY_FIELDS
from roles.models.section_content import LINE_FIELDS

# What a template gave a section and a document does not hold.
TEMPLATE_FIELDS = ("guidance", "required", "locked")


def template_fields(description: JobDescription) -> dict[str, dict[str, Any]]:
    """Guidance, required and locked of each section, by uid."""
    rows = description.sections.values("uid", *TEMPLATE_FIELDS)
    return {row.pop("uid"): row for row in rows}


def load(
    description: JobDescription,
    document: plain.Document,
    *,
    revisions: Mapping[str, int],
    kept: Mapping[str, dict[str, Any]],
    token: int = 0,
) -> list[str]:
    """Make the draft say what the document says; uids are kept. `revisions` links lines to
    snippet revisions by uid, `kept` gives sections their template's fields by uid. Runs in
    the caller's transaction. Returns the labels of what could not be put back, because the
    organization no longer has it (a job family that was renamed, say)."""
    description.sections.all().delete()
    PlaceholderAnswer.objects.filter(description=description).delete()
    lost = _load_facts(description, document, token)
    for position, section in enumerate(document.sections, 1):
        row = Section.objects.create(
            description=description,
            uid=section.uid,
            position=position,
            kind=section.kind,
            heading=section.heading,
            audience=section.audience,
            style=section.style,
            facts=list(section.facts),
            changed_at=token,
            order_changed_at=token,
            **kept.get(section.uid, {}),
        )
        _load_lines(row, section.lines, revisions, token, parent=None)
        _load_pay(row, section, token)
        if section.pay_references and not _load_references(row, section.pay_references):
            lost.append(_("market figures in %s") % section.heading)
    _load_answers(description, None, document.answers, token)
    description.outline_changed_at = token
    description.save()
    return lost


def _load_lines(
    section: Section,
    lines: Iterable[plain.DocumentLine],
    revisions: Mapping[str, int],
    token: int,
    parent: Line | None,
) -> None:
    for position, line in enumerate(lines, 1):
        row = Line.objects.create(
            description=section.description,
            section=section,
            parent=parent,
            uid=line.uid,
            position=position,
            revision_id=revisions.get(line.uid),
            changed_at=token,
            **{name: getattr(line, name) for name in LINE_FIELDS},
        )
        _load_answers(section.description, row, line.answers, token)
        _load_lines(section, line.lines, revisions, token, parent=row)


def _load_answers(
    description: JobDescription, line: Line | None, answers: Iterable[plain.Answer], token: int
) -> None:
    PlaceholderAnswer.objects.bulk_create(
        PlaceholderAnswer(
            description=description,
            line=line,
            placeholder=answer.placeholder,
            value=answer.value,
            plain=answer.plain,
            changed_at=token,
        )
        for answer in answers
    )


def _load_pay(row: Section, section: plain.DocumentSection, token: int) -> None:
    PayRange.objects.bulk_create(
        PayRange(
            section=row,
            position=position,
            changed_at=token,
            uid=pay.uid,
            **{name: getattr(pay, name) for name in PAY_FIELDS},
        )
        for position, pay in enumerate(section.pay_ranges, 1)
    )


def _load_references(row: Section, references: Iterable[plain.DocumentPayReference]) -> bool:
    wanted = set(references)
    # Two figures may say the same; one of them stands for it.
    found = {r.value(): r for r in PayReference.objects.all() if r.value() in wanted}
    row.pay_references.set(found.values())
    return len(found) == len(wanted)


def _load_facts(description: JobDescription, document: plain.Document, token: int) -> list[str]:
    facts = {fact.name: fact for fact in document.facts}
    lost: list[str] = []

    def first(name: str) -> str:
        fact = facts.get(name)
        return fact.values[0] if fact and fact.values else ""

    def named(model: Any, name: str) -> Any:
        found = model.objects.filter(name=first(name)).first() if first(name) else None
        if first(name) and found is None:
            lost.append(vocabulary.FACTS[name].label)
        return found

    values: dict[str, Any] = {
        name: first(name)
        for name in (
            *("pay_grade", "job_code", "soc_code", "work_mode", "employment_type"),
            *("flsa_status", "eeo_category", "reports_to"),
        )
    }
    years = facts["years"].values if "years" in facts else ("", "")
    apply_by = first("apply_by")
    opened = apply_by == vocabulary.OPEN_UNTIL_FILLED
    values |= {
        "title": document.title,
        "language": document.language,
        "similar_titles": list(facts["similar_titles"].values) if "similar_titles" in facts else [],
        "job_family": named(JobFamily, "job_family"),
        "job_level": named(JobLevel, "job_level"),
        "department": named(Department, "department"),
        "years_from": int(years[0]) if years[0] else None,
        "years_to": int(years[1]) if years[1] else None,
        "weekly_hours": Decimal(first("weekly_hours")) if first("weekly_hours") else None,
        "open_until_filled": opened,
        "apply_by": date.fromisoformat(apply_by) if apply_by and not opened else None,
        "locations": _places(facts.get("locations"), lost),
        "custom_facts": _custom_facts(facts, lost),
    }
    set_facts(description, values)
    description.facts_changed_at = token
    return lost


def _places(fact: plain.Fact | None, lost: list[str]) -> list[Location]:
    wanted = set(fact.places) if fact else set()
    found = [row for row in Location.objects.all() if row.place() in wanted] if wanted else []
    if len(found) != len(wanted):
        lost.append(vocabulary.FACTS["locations"].label)
    return found


def _custom_facts(facts: Mapping[str, plain.Fact], lost: list[str]) -> dict[str, str]:
    codes = set(CustomFact.objects.values_list("code", flat=True))
    own = {name: fact for name, fact in facts.items() if name not in vocabulary.FACTS}
    lost.extend(fact.label for name, fact in own.items() if name not in codes)
    return {name: fact.values[0] for name, fact in own.items() if name in codes and fact.values}
