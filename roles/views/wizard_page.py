"""What a wizard page shows: the step's sections and rows, the outline, the steps, the paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from roles import assembly, quality, vocabulary
from roles.assembly import DraftRows
from roles.document import Document, OpenPlaceholder
from roles.forms.posted import Submitted
from roles.forms.rows import (
    RowView,
    answer_view,
    heading_view,
    line_view,
    section_view,
)
from roles.forms.steps import STEPS, Step, neighbour, step_of, used_steps
from roles.forms.versions import SaveForm
from roles.forms.wizard import FactsForm, fact_choices
from roles.models import JobDescription, Line, Section
from roles.views import pay_step
from roles.views.exports import article


def show(
    request: HttpRequest,
    description: JobDescription,
    step: Step,
    *,
    submitted: Submitted | None = None,
    facts_form: FactsForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a step; with `submitted`, everything as it was typed, and what is wrong."""
    rows = assembly.load_rows(description)
    whole = assembly.assemble(description, rows)
    submitted = submitted or Submitted()
    sections = [s for s in rows.sections if s.kind in step.kinds]
    kinds = {section.kind for section in rows.sections}
    context: dict[str, Any] = {
        "description": description,
        "step": step,
        "number": STEPS.index(step) + 1,
        "count": len(STEPS),
        "steps": _steps(rows, whole, step),
        "previous": neighbour(step, kinds, -1),
        "next": neighbour(step, kinds, 1),
        "sections": [_section(s, rows, submitted) for s in sections],
        "outline": _outline(rows, step, submitted),
        "new_section": {"view": _new(submitted, "new-section"), "kinds": _kinds()},
        "words": vocabulary,
        "fact_choices": fact_choices() if step.slug in ("details", "conditions") else (),
        "paper": article(whole, assembly.draft_edition(description)),
        "open_count": len(whole.open_placeholders()),
        "refused": refused,
        "errors": submitted.errors,
        "token": request.POST.get("token", description.edit_token) if status != 200 else None,
    }
    if step.slug == "details":
        context["facts_form"] = facts_form or FactsForm(instance=description)
    if step.slug == "finish":
        context |= _finish(request, description, whole, submitted)
    return render(request, step.template, context, status=status)


def _kinds() -> list[tuple[str, str]]:
    return [(code, kind.label) for code, kind in vocabulary.SECTION_KINDS.items()]


def _steps(rows: DraftRows, whole: Document, here: Step) -> list[dict[str, Any]]:
    """Each step with its state: done, missing (a required section is empty), or empty."""
    empty = {section.uid for section in whole.sections if section.is_empty}
    used = used_steps({section.kind for section in rows.sections})
    steps = []
    for step in STEPS:
        own = [section for section in rows.sections if section.kind in step.kinds]
        missing = [s.heading for s in own if s.required and s.uid in empty]
        filled = [s for s in own if s.uid not in empty]
        state = "missing" if missing else "done" if filled or step.slug == "details" else "empty"
        steps.append(
            {
                "step": step,
                "state": state,
                "missing": missing,
                "is_current": step == here,
                "is_used": step in used,
            }
        )
    return steps


def _outline(rows: DraftRows, here: Step, submitted: Submitted) -> list[dict[str, Any]]:
    token = rows.description.edit_token
    last = len(rows.sections) - 1
    return [
        {
            "section": section,
            "view": submitted.show(heading_view(section, token)),
            "step": step_of(section.kind),
            "is_here": section.kind in here.kinds,
            "is_first": number == 0,
            "is_last": number == last,
        }
        for number, section in enumerate(rows.sections)
    ]


def _section(section: Section, rows: DraftRows, submitted: Submitted) -> dict[str, Any]:
    token = rows.description.edit_token
    lines = rows.lines.get(section.pk, [])
    kind = vocabulary.SECTION_KINDS[section.kind]
    shown: dict[str, Any] = {
        "section": section,
        "view": submitted.show(section_view(section, token)),
        "kind": kind,
        "lines": [
            _line(line, n, len(lines), section, rows, submitted) for n, line in enumerate(lines)
        ],
        "groups": list(dict.fromkeys(line.group for line in lines if line.group)),
        "categories": vocabulary.line_categories(section.kind),
        "percent": sum(line.percent or 0 for line in lines),
        "has_percent": any(line.percent is not None for line in lines),
        "new": _new(submitted, f"new-{section.uid}"),
        "is_locked": section.locked,
    }
    if section.kind == "pay":
        new = _new(submitted, f"newpay-{section.uid}")
        shown |= pay_step.section(rows.description, section, rows.sections, submitted, new)
    return shown


def _line(
    line: Line, number: int, count: int, section: Section, rows: DraftRows, submitted: Submitted
) -> dict[str, Any]:
    token = rows.description.edit_token
    return {
        "line": line,
        "number": number + 1,
        "is_first": number == 0,
        "is_last": number == count - 1,
        "view": submitted.show(line_view(line, section.kind, token)),
        "subs": [
            {"line": sub, "view": submitted.show(line_view(sub, section.kind, token))}
            for sub in rows.sub_lines.get(line.pk, ())
        ],
        "new_sub": _new(submitted, f"newsub-{line.uid}"),
    }


def _new(submitted: Submitted, prefix: str) -> RowView:
    """Empty fields for something new, or what was typed into them and refused."""
    kind, _dash, uid = prefix.partition("-")
    errors = submitted.errors.get(prefix, {})
    typed = submitted.typed.get(prefix, {}) if submitted.refused else {}
    return RowView(kind, uid, typed, 0, errors=errors)


def _finish(
    request: HttpRequest, description: JobDescription, whole: Document, submitted: Submitted
) -> dict[str, Any]:
    findings = quality.findings(whole)
    typed = request.POST if request.method == "POST" else None
    return {
        "questions": questions(whole, description.edit_token, submitted),
        "findings": [
            {"finding": f, "step": step_of(f.section.kind) if f.section else STEPS[0]}
            for f in findings
        ],
        "version_form": SaveForm(typed) if typed else SaveForm(),
        "latest": description.versions.order_by("-number").defer("text").first(),
    }


def questions(whole: Document, token: int, submitted: Submitted) -> list[dict[str, Any]]:
    """Each placeholder once (those of a line at each line), with where it stands and a row
    for its answer; open ones first."""
    asked: dict[str, list[OpenPlaceholder]] = {}
    for found in whole.placeholders():
        at = found.line.uid if found.line is not None and found.placeholder.is_local else ""
        asked.setdefault(f"{at}/{found.placeholder.key}", []).append(found)
    listed = [
        {
            "view": submitted.show(answer_view(places[0], token)),
            "placeholder": places[0].placeholder,
            "places": _places(places),
            "times": len(places),
            "is_open": places[0].answer is None,
            "is_local": places[0].placeholder.is_local,
            "line": places[0].line,
        }
        for places in asked.values()
    ]
    return sorted(listed, key=lambda question: not question["is_open"])


def _places(places: Iterable[OpenPlaceholder]) -> list[str]:
    headings = (p.section.heading if p.section else "" for p in places)
    return [heading for heading in dict.fromkeys(headings) if heading]
