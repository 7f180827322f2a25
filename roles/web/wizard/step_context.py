"""The context of a wizard page: navigation, outline, sections of the step, preview."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from roles import assembly, physical_demands, vocabulary
from roles.assembly import DraftRows
from roles.document import Document
from roles.drafts import undo
from roles.models import JobDescription, JobFamily, JobLevel
from roles.models.snippet import categories
from roles.organization import list_access
from roles.quality import pay_text
from roles.reviews import feedback
from roles.web.shared import feedback_forms, feedback_items
from roles.web.shared.access import person
from roles.web.shared.document_html import article
from roles.web.shared.feedback_items import FeedbackItems
from roles.web.shared.line_forms import fact_choices
from roles.web.shared.post_data import Post, single
from roles.web.shared.wizard_steps import STEPS, Step, neighbor, step_of
from roles.web.wizard import issue_fixes, line_editor, line_keys, placeholder_panel, presence_note
from roles.web.wizard.facts_form import FactsForm
from roles.web.wizard.line_editor import Editor
from roles.web.wizard.post_parser import PostedPage
from roles.web.wizard.row_fields import heading_view
from roles.web.wizard.step_forms import SaveForm


def show(
    request: HttpRequest,
    description: JobDescription,
    step: Step,
    *,
    submitted: PostedPage | None = None,
    facts_form: FactsForm | None = None,
    refused: str = "",
    changed_thread: int = 0,
    answered_thread: int = 0,
    opened: frozenset[str] = frozenset(),
    status: int = 200,
) -> HttpResponse:
    """The page of a step; with `submitted`, everything as it was typed, and the errors.
    `changed_thread` is the pk of a suggestion's thread that was not accepted because its line
    had changed, `answered_thread` that of one that was answered, `opened` are the uids of lines
    to open. A script that has the page (`line_keys.known`) gets what it doesn't have."""
    rows = assembly.load_rows(description)
    document = assembly.assemble(description, rows)
    submitted = submitted or PostedPage()
    typed = request.POST if request.method == "POST" else None
    items = _feedback(rows, submitted, typed, changed_thread, answered_thread)
    opened, known = opened or line_editor.opened_lines(request.GET), line_keys.known(request.POST)
    editor = line_editor.build(rows, document, submitted, opened, items, known or frozenset())
    context: dict[str, Any] = {
        **_answer(known is not None),
        "description": description,
        "refused": refused,
        "errors": submitted.errors,
        "token": request.POST.get("token", description.edit_token) if status != 200 else None,
        "undo": undo.can(description, person(request)),
        "feedback": items,
        **_navigation(rows, document, step, items),
        **_outline(rows, step, submitted),
        **_sections(request, rows, step, editor),
        **_preview(rows, document, submitted),
        **_fields_of(step, rows, document, facts_form, typed),
        **presence_note.editors(request, description, step.slug),
    }
    return render(request, step.template, context, status=status)


def _fields_of(
    step: Step,
    rows: DraftRows,
    document: Document,
    facts_form: FactsForm | None,
    typed: Post | None,
) -> dict[str, Any]:
    """The fields that only the first and the last step have."""
    if step.slug == "details":
        stored = partial(FactsForm, instance=rows.description, language=document.language)
        return {"facts_form": facts_form or stored()}
    return _finish(rows, document, typed) if step.slug == "finish" else {}


def _answer(is_answer: bool) -> dict[str, Any]:
    """The template around the wizard: a page, or the answer to a button of one."""
    return {"is_answer": is_answer, "base": "wizard/_answer.html" if is_answer else "base.html"}


def _feedback(
    rows: DraftRows,
    submitted: PostedPage,
    typed: Post | None,
    changed_thread: int,
    answered_thread: int,
) -> FeedbackItems:
    """The feedback beside the draft, with answers that were typed and not sent."""
    unsent = feedback_forms.unsent(typed, but=answered_thread) if typed is not None else {}
    found = feedback.for_draft(rows.description, rows)
    token = rows.description.edit_token
    return feedback_items.build(found, token, unsent, submitted.errors, changed_thread)


def _navigation(
    rows: DraftRows, document: Document, step: Step, items: FeedbackItems
) -> dict[str, Any]:
    return {
        "step": step,
        "number": STEPS.index(step) + 1,
        "count": len(STEPS),
        "steps": _steps(rows, document, step, items),
        "previous": neighbor(step, -1),
        "next": neighbor(step, 1),
    }


def _steps(
    rows: DraftRows, document: Document, current: Step, items: FeedbackItems
) -> list[dict[str, Any]]:
    """Each step with its state (done, missing: a required section is empty or pay shows no range,
    or empty) and the number of unresolved feedback items in it."""
    empty = {section.uid for section in document.sections if document.is_empty(section)}
    unfinished = {s.uid for s in document.sections if pay_text.speaks_of_missing_range(s)}
    steps = []
    for step in STEPS:
        own = [section for section in rows.sections if section.kind in step.kinds]
        missing = [s.heading for s in own if (s.required and s.uid in empty) or s.uid in unfinished]
        filled = [s for s in own if s.uid not in empty]
        state = "missing" if missing else "done" if filled or step.slug == "details" else "empty"
        steps.append(
            {
                "step": step,
                "state": state,
                "missing": missing,
                "is_current": step == current,
                "waiting": items.count(step.kinds)
                + (len(items.elsewhere) if step.slug == "finish" else 0),
            }
        )
    return steps


def _outline(rows: DraftRows, current: Step, submitted: PostedPage) -> dict[str, Any]:
    """Every section of the draft, and the fields of a new one."""
    token = rows.description.edit_token
    last = len(rows.sections) - 1
    outline = [
        {
            "section": section,
            "view": submitted.show(heading_view(section, token)),
            "step": step_of(section.kind),
            "is_here": section.kind in current.kinds,
            "is_first": number == 0,
            "is_last": number == last,
        }
        for number, section in enumerate(rows.sections)
    ]
    kinds = [(code, kind.label) for code, kind in vocabulary.SECTION_KINDS.items()]
    new_section = {"view": line_editor.new_row(submitted, "new-section"), "kinds": kinds}
    return {"outline": outline, "new_section": new_section}


def _sections(request: HttpRequest, rows: DraftRows, step: Step, editor: Editor) -> dict[str, Any]:
    """The sections of the step with their lines, and the choices in their fields."""
    present = {section.kind for section in rows.sections}
    return {
        "sections": [
            line_editor.section_context(s, editor) for s in rows.sections if s.kind in step.kinds
        ],
        "offered_kinds": [
            (code, vocabulary.SECTION_KINDS[code].label)
            for code in step.kinds
            if code not in present
        ],
        "words": vocabulary,
        "demand_words": physical_demands,
        "fact_choices": fact_choices() if step.slug in ("details", "conditions") else (),
        "snippet_categories": {kind: categories(kind) for kind in vocabulary.SNIPPET_KINDS},
        "addable": list_access.addable(person(request)) if step.slug == "details" else (),
        "families": JobFamily.objects.all(),
        "levels": JobLevel.objects.all(),
    }


def _preview(rows: DraftRows, document: Document, submitted: PostedPage) -> dict[str, Any]:
    """The live preview and the placeholders beside it."""
    placeholders = placeholder_panel.placeholders(document, rows, submitted)
    return {
        "preview": article(document, assembly.draft_edition(rows.description)),
        "placeholders": placeholders,
        "open_count": placeholder_panel.count_open(placeholders),
    }


def _finish(rows: DraftRows, document: Document, typed: Post | None) -> dict[str, Any]:
    """The last step: issues, the fields of a version, and the newest version with its review."""
    return {
        "issues": issue_fixes.shown(rows, document),
        "version_form": SaveForm(typed) if typed else SaveForm(),
        "is_asked": typed is not None and single(typed, "action") == "version",
        **_newest_version(rows.description, document),
    }


def _newest_version(description: JobDescription, document: Document) -> dict[str, Any]:
    """The newest version, whether the draft is the same as it, and the open review, if any."""
    newest = description.versions.order_by("-number").select_related("approval")
    latest = newest.defer("text").first()
    review = description.reviews.filter(state="open").first()
    last_round = review.rounds.order_by("-number").first() if review else None
    return {
        "latest": latest,
        "is_saved": latest is not None and latest.has(document),
        "is_approved": latest is not None and hasattr(latest, "approval"),
        "open_review": review,
        "is_with_reviewers": last_round is not None
        and latest is not None
        and last_round.version_id == latest.pk,
    }
