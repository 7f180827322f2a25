"""Document -> draft rows, to restore a version, copy a job description or import one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from roles import assembly, vocabulary
from roles.document import (
    Answer,
    Document,
    DocumentLine,
    DocumentPayReference,
    DocumentSection,
    Fact,
)
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
from roles.models.draft_text import store_draft_text
from roles.models.pay_range import PAY_FIELDS
from roles.models.section_content import LINE_FIELDS

# Fields of a section that come from its template and are not part of a document.
TEMPLATE_FIELDS = ("guidance", "required", "locked")


def get_template_fields(description: JobDescription) -> dict[str, dict[str, Any]]:
    """Returns guidance, required and locked of each section, by uid."""
    rows = description.sections.values("uid", *TEMPLATE_FIELDS)
    return {row.pop("uid"): row for row in rows}


# Of a section, with the same names and values in the document and in the draft.
SECTION_FIELDS = ("kind", "heading", "audience", "style", "heading_display")


def load(
    description: JobDescription,
    document: Document,
    *,
    revisions: Mapping[str, int],
    template_fields: Mapping[str, dict[str, Any]],
    token: int = 0,
) -> dict[str, str]:
    """Replace the content of the draft with that of the document, uids included. `revisions` links
    lines to snippet revisions by uid; `template_fields` are those of sections by uid (see
    `get_template_fields`). `token` is the one that the action leaves. Runs in the caller's
    transaction. Returns what the organization doesn't have and the draft therefore lacks (a job
    family that was renamed, say): words for a person, by name of the fact or uid of the section
    with market figures."""
    description.sections.all().delete()
    PlaceholderAnswer.objects.filter(description=description).delete()
    lost = _load_facts(description, document, token)
    for position, section in enumerate(document.sections, 1):
        row = Section.objects.create(
            description=description,
            uid=section.uid,
            position=position,
            **{name: getattr(section, name) for name in SECTION_FIELDS},
            facts=list(section.facts),
            changed_at=token,
            order_changed_at=token,
            **template_fields.get(section.uid, {}),
        )
        _load_lines(row, section.lines, revisions, token, parent=None)
        _load_pay(row, section, token)
        if section.pay_references and not _load_references(row, section.pay_references):
            lost[section.uid] = _("market figures in %s") % section.heading
    _load_answers(description, None, document.answers, token)
    description.outline_changed_at = token
    description.save()
    store_draft_text(description)
    return lost


def _load_lines(
    section: Section,
    lines: Iterable[DocumentLine],
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
    description: JobDescription, line: Line | None, answers: Iterable[Answer], token: int
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


def _load_pay(row: Section, section: DocumentSection, token: int) -> None:
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


def _load_references(row: Section, references: Iterable[DocumentPayReference]) -> bool:
    wanted = set(references)
    # Of market figures with the same values, one is enough.
    found = {r.value(): r for r in PayReference.objects.all() if r.value() in wanted}
    row.pay_references.set(found.values())
    return len(found) == len(wanted)


# Facts that are one text in a document and in the database.
TEXT_FACTS = (
    *("pay_grade", "job_code", "soc_code", "work_mode", "flsa_status", "eeo_category"),
    *("reports_to", "apply_to"),
)
# Facts that name a record of the organization.
RECORD_FACTS: dict[str, Any] = {
    "job_family": JobFamily,
    "job_level": JobLevel,
    "department": Department,
}


def _load_facts(description: JobDescription, document: Document, token: int) -> dict[str, str]:
    facts = {fact.name: fact for fact in document.facts}
    lost: dict[str, str] = {}
    set_facts(
        description,
        {
            "title": document.title,
            "language": _chosen_language(document),
            "similar_titles": list(_values(facts, "similar_titles")),
            **{
                field: list(_values(facts, name))
                for name, field in vocabulary.FACTS_OF_SEVERAL_CHOICES.items()
            },
            **{name: _first(facts, name) for name in TEXT_FACTS},
            **{name: _record(facts, name, lost) for name in RECORD_FACTS},
            **_numbers_and_dates(facts),
            "locations": _locations(facts.get("locations"), lost),
            "custom_facts": _custom_facts(facts, lost),
        },
    )
    description.facts_changed_at = token
    return lost


def _chosen_language(document: Document) -> str:
    """Returns the document's language, or "" if detection gives the same: then it follows the text
    that people write later."""
    return "" if document.language == assembly.usual_language(document) else document.language


def _values(facts: Mapping[str, Fact], name: str) -> tuple[str, ...]:
    return facts[name].values if name in facts else ()


def _first(facts: Mapping[str, Fact], name: str) -> str:
    return next(iter(_values(facts, name)), "")


def _record(facts: Mapping[str, Fact], name: str, lost: dict[str, str]) -> Any:
    """Returns the organization's record with the fact's value as its name. Adds to `lost` if it has
    none."""
    value = _first(facts, name)
    found = RECORD_FACTS[name].objects.filter(name=value).first() if value else None
    if value and found is None:
        lost[name] = _labeled(name, [value])
    return found


def _labeled(name: str, values: Iterable[object]) -> str:
    """Returns `Department “Sales”`."""
    quoted = ", ".join(_("“%s”") % value for value in values)
    return f"{_(vocabulary.FACTS[name].label)} {quoted}"


def _numbers_and_dates(facts: Mapping[str, Fact]) -> dict[str, Any]:
    years = _values(facts, "years") or ("", "")
    weekly_hours, apply_by = _first(facts, "weekly_hours"), _first(facts, "apply_by")
    is_open = apply_by == vocabulary.OPEN_UNTIL_FILLED
    return {
        "years_from": int(years[0]) if years[0] else None,
        "years_to": int(years[1]) if years[1] else None,
        "weekly_hours": Decimal(weekly_hours) if weekly_hours else None,
        "open_until_filled": is_open,
        "apply_by": date.fromisoformat(apply_by) if apply_by and not is_open else None,
    }


def _locations(fact: Fact | None, lost: dict[str, str]) -> list[Location]:
    wanted = fact.places if fact else ()
    known = {row.place(): row for row in Location.objects.all()} if wanted else {}
    missing = [place for place in dict.fromkeys(wanted) if place not in known]
    if missing:
        lost["locations"] = _labeled("locations", missing)
    return [known[place] for place in wanted if place in known]


def _custom_facts(facts: Mapping[str, Fact], lost: dict[str, str]) -> dict[str, str]:
    codes = set(CustomFact.objects.values_list("code", flat=True))
    own = {name: fact for name, fact in facts.items() if name not in vocabulary.FACTS}
    lost |= {name: fact.label or name for name, fact in own.items() if name not in codes}
    return {name: fact.values[0] for name, fact in own.items() if name in codes and fact.values}
