"""What a wizard page shows: the step's sections and rows, the outline, the steps, the paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from roles import assembly, quality, vocabulary
from roles.assembly import DraftRows
from roles.document import Document, sha256
from roles.drafts import undo
from roles.models import JobDescription, JobFamily, JobLevel
from roles.reviews import feedback
from roles.web.shared import feedback_forms, feedback_items
from roles.web.shared.access import person
from roles.web.shared.document_html import article
from roles.web.shared.feedback_items import FeedbackItems
from roles.web.shared.wizard_steps import STEPS, Step, neighbour, step_of, used_steps
from roles.web.wizard import line_editor, placeholder_panel
from roles.web.wizard.post_parser import PostedPage
from roles.web.wizard.row_fields import heading_view
from roles.web.wizard.step_forms import FactsForm, SaveForm, fact_choices


def show(
    request: HttpRequest,
    description: JobDescription,
    step: Step,
    *,
    submitted: PostedPage | None = None,
    facts_form: FactsForm | None = None,
    refused: str = "",
    moved: int = 0,
    done: int = 0,
    status: int = 200,
) -> HttpResponse:
    """The page of a step; with `submitted`, everything as it was typed, and what is wrong.
    `moved` is the thread of a suggestion that was not accepted because its line had changed,
    `done` one that was answered."""
    rows = assembly.load_rows(description)
    whole = assembly.assemble(description, rows)
    submitted = submitted or PostedPage()
    sections = [s for s in rows.sections if s.kind in step.kinds]
    kinds = {section.kind for section in rows.sections}
    typed = feedback_forms.unsent(request.POST, but=done) if request.method == "POST" else {}
    beside = feedback.for_draft(description, rows)
    items = feedback_items.build(beside, description.edit_token, typed, submitted.errors, moved)
    here = line_editor.editor(rows, whole, submitted, line_editor.opened_lines(request), items)
    asked = placeholder_panel.questions(whole, rows, submitted)
    context: dict[str, Any] = {
        "description": description,
        "step": step,
        "number": STEPS.index(step) + 1,
        "count": len(STEPS),
        "steps": _steps(rows, whole, step, items),
        "feedback": items,
        "previous": neighbour(step, kinds, -1),
        "next": neighbour(step, kinds, 1),
        "sections": [line_editor.section(s, here) for s in sections],
        "outline": _outline(rows, step, submitted),
        "new_section": {"view": line_editor.new(submitted, "new-section"), "kinds": _kinds()},
        "words": vocabulary,
        "fact_choices": fact_choices() if step.slug in ("details", "conditions") else (),
        "paper": article(whole, assembly.draft_edition(description)),
        "questions": asked,
        "open_count": placeholder_panel.count_open(asked),
        "undo": undo.can(description, person(request)),
        "families": JobFamily.objects.all(),
        "levels": JobLevel.objects.all(),
        "refused": refused,
        "errors": submitted.errors,
        "token": request.POST.get("token", description.edit_token) if status != 200 else None,
    }
    if step.slug == "details":
        context["facts_form"] = facts_form or FactsForm(instance=description)
    if step.slug == "finish":
        context |= _finish(request, description, whole)
    return render(request, step.template, context, status=status)


def _kinds() -> list[tuple[str, str]]:
    return [(code, kind.label) for code, kind in vocabulary.SECTION_KINDS.items()]


def _steps(
    rows: DraftRows, whole: Document, here: Step, items: FeedbackItems
) -> list[dict[str, Any]]:
    """Each step with its state: done, missing (a required section is empty), or empty; and how
    much of a review waits for an answer there."""
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
                "waiting": items.count(step.kinds)
                + (len(items.elsewhere) if step.slug == "finish" else 0),
            }
        )
    return steps


def _outline(rows: DraftRows, here: Step, submitted: PostedPage) -> list[dict[str, Any]]:
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


def _finish(request: HttpRequest, description: JobDescription, whole: Document) -> dict[str, Any]:
    findings = quality.issues(whole)
    typed = request.POST if request.method == "POST" else None
    return {
        "findings": [
            {"finding": f, "step": step_of(f.section.kind) if f.section else STEPS[0]}
            for f in findings
        ],
        "version_form": SaveForm(typed) if typed else SaveForm(),
        **_sending(description, whole),
    }


def _sending(description: JobDescription, whole: Document) -> dict[str, Any]:
    """The newest version, whether the draft says the same, and what review there is of it."""
    newest = description.versions.order_by("-number").select_related("approval")
    latest = newest.defer("text").first()
    review = description.reviews.filter(state="open").first()
    asked = review.rounds.order_by("-number").first() if review else None
    return {
        "latest": latest,
        "is_saved": latest is not None and latest.sha256 == sha256(whole.canonical_json()),
        "is_approved": latest is not None and hasattr(latest, "approval"),
        "open_review": review,
        "is_with_reviewers": asked is not None
        and latest is not None
        and asked.version_id == latest.pk,
    }
