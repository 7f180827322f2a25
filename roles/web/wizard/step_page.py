"""The wizard: one page for each step of a draft.

For a POST, `post_parser` reads the changes, `step_actions` makes them, and `step_context` shows the
page again. The page before the steps is in `start`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from roles import assembly, drafts
from roles.drafts import changes, undo
from roles.drafts.draft import is_uid
from roles.models import JobDescription, User, department_access
from roles.web.shared import feedback_answers, feedback_forms
from roles.web.shared.access import get_description, person
from roles.web.shared.idempotency import run_once
from roles.web.shared.post_data import page_token, single
from roles.web.shared.wizard_steps import BY_SLUG, Step
from roles.web.wizard import (
    issue_fixes,
    line_editor,
    line_keys,
    section_snippets,
    step_actions,
    step_context,
)
from roles.web.wizard.conflict_page import conflict_page
from roles.web.wizard.facts_form import FactsForm
from roles.web.wizard.issue_fixes import PlannedFix
from roles.web.wizard.post_parser import PostedPage, parse, pressed_actions
from roles.web.wizard.step_forms import SaveForm

OUT_OF_SIGHT = gettext_lazy(
    "You don’t have access to that department, so you can’t move this job description there."
    " Ask the owner."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Show a step of the wizard, or save the posted page and run the action of its button."""
    description = get_description(request, reference, "description.edit")
    current = BY_SLUG.get(step)
    if current is None:
        raise Http404
    if request.method != "POST":
        return step_context.show(request, description, current)
    return _submit(request, description, current)


def _submit(request: HttpRequest, description: JobDescription, current: Step) -> HttpResponse:
    """Save the posted page and run the action of its button, unless anything is invalid."""
    rows = _load_rows(request, description)
    submitted = parse(request.POST, rows)
    facts_form = _parse_facts(request, description, submitted)
    _check_button_fields(request, submitted)
    if submitted.errors:
        return _refuse(request, description, current, submitted, facts_form, "")
    try:
        if submitted.offered:
            return _offer(request, description, current, submitted)
        fix = issue_fixes.planned(request.POST, rows)
        pressed = [*pressed_actions(request.POST), *(fix.changes if fix else ())]
        wanted = section_snippets.with_statements(rows, [*submitted.changes, *pressed])
        if single(request.POST, "action") == "autosave":
            return _autosaved(request, description, current, wanted, submitted)
        return _save(request, description, current, wanted, fix)
    except drafts.ActionRefused as refused:
        return _refuse(request, description, current, submitted, facts_form, refused.message)
    except ValidationError as error:  # a value that the forms accept and the model does not
        reason = " ".join(error.messages)
        return _refuse(request, description, current, submitted, facts_form, reason)
    except drafts.StaleDraft as stale:
        return conflict_page(request, description, current, stale)
    except feedback_answers.LineChanged as changed:
        return _show_changed_line(request, description, current, submitted, facts_form, changed)


def _load_rows(request: HttpRequest, description: JobDescription) -> assembly.DraftRows:
    """The rows that the posted fields are compared with: the whole draft, or for an autosave of
    lines or facts those lines alone."""
    is_autosave = single(request.POST, "action") == "autosave"
    rows = {name.removesuffix("-base") for name in request.POST if name.endswith("-base")}
    pairs = [row.partition("-") for row in rows]
    is_narrow = all(kind in ("line", "more", "facts") for kind, _dash, _uid in pairs)
    if is_autosave and is_narrow and not any(name.startswith("pick-") for name in request.POST):
        return assembly.load_lines(description, {uid for _kind, _dash, uid in pairs if is_uid(uid)})
    return assembly.load_rows(description)


def _parse_facts(
    request: HttpRequest, description: JobDescription, submitted: PostedPage
) -> FactsForm | None:
    """The facts form, if the page had one; its changes and errors join the others."""
    if "facts-base" not in request.POST or single(request.POST, "pick-facts") == "theirs":
        return None
    form = FactsForm(request.POST, instance=JobDescription.objects.get(pk=description.pk))
    if form.is_valid() and _is_out_of_sight(person(request), description, form):
        form.add_error("department", OUT_OF_SIGHT)
    if not form.is_valid():
        submitted.errors["facts"] = _with_labels(form)
    elif form.changed_data:
        base = page_token(single(request.POST, "facts-base"))
        submitted.changes.append(changes.ChangeFacts(form.changed_values(), base))
    return form


def _with_labels(form: FactsForm) -> dict[str, list[str]]:
    """The errors by field, each with its label: an autosave lists them below all fields, from where
    a script moves them to theirs, without the label."""
    label = '<span class="error-label">{}: </span>{}'
    return {
        name: [
            format_html(label, form.fields[name].label or name, error)
            if name in form.fields
            else str(error)
            for error in errors
        ]
        for name, errors in form.errors.items()
    }


def _is_out_of_sight(user: User, description: JobDescription, form: FactsForm) -> bool:
    """Whether the person would no longer see the job description with the department chosen."""
    chosen = form.cleaned_data["department"]
    if (
        "department" not in form.changed_data
        or chosen is None
        or not department_access.is_limited(user)
    ):
        return False
    is_theirs = not {"owner", "hiring_manager"}.isdisjoint(description.relations_of(user))
    return chosen.pk not in user.department_ids and not is_theirs


def _check_button_fields(request: HttpRequest, submitted: PostedPage) -> None:
    """Check the fields that only a pressed button uses: those of a version, or of feedback."""
    is_version = single(request.POST, "action") in step_actions.VERSION_ACTIONS
    if is_version and not SaveForm(request.POST).is_valid():
        submitted.errors["version"] = {}
    feedback_action = feedback_forms.requested_action(request.POST)
    if feedback_action is not None:
        submitted.errors |= feedback_answers.check(feedback_action)


def _save(
    request: HttpRequest,
    description: JobDescription,
    current: Step,
    wanted: list[changes.Change],
    fix: PlannedFix | None,
) -> HttpResponse:
    """Save the changes once, however often the page is posted. Redirects, or shows the page
    again if no version was saved after a conflict, if feedback was typed and not sent, or for a
    script that only needs what changed."""
    address = run_once(
        request, lambda: step_actions.carry_out(request, description, current, wanted, fix)
    )
    feedback_action = feedback_forms.requested_action(request.POST)
    answered_thread = feedback_action.thread if feedback_action is not None else 0
    has_unsent = bool(feedback_forms.unsent(request.POST, but=answered_thread))
    if has_unsent and not address.startswith(request.path):
        messages.warning(request, feedback_answers.UNSENT)
    target = urlsplit(address)
    is_here = target.path == request.path and line_keys.known(request.POST) is not None
    if address and not has_unsent and not is_here:
        return redirect(address)
    fresh = JobDescription.objects.get(pk=description.pk)
    opened = line_editor.opened_lines(QueryDict(target.query)) if is_here else frozenset()
    return step_context.show(
        request, fresh, current, answered_thread=answered_thread, opened=opened
    )


def _offer(
    request: HttpRequest, description: JobDescription, current: Step, submitted: PostedPage
) -> HttpResponse:
    """Save what was typed elsewhere, and show the lines of the list that was typed into the field
    for one line, to confirm them. The action of the button has to wait."""

    def save_the_rest() -> str:
        token = page_token(single(request.POST, "token"))
        changed = submitted.changes
        drafts.apply(description=description, by=person(request), token=token, changes=changed)
        return ""

    run_once(request, save_the_rest)
    message = _("Your text is a list of %d lines. Check them, then select Add selected lines.")
    messages.info(request, message % submitted.offered)
    fresh = JobDescription.objects.get(pk=description.pk)
    kept = PostedPage(pasted=submitted.pasted)
    return step_context.show(request, fresh, current, submitted=kept)


def _refuse(
    request: HttpRequest,
    description: JobDescription,
    current: Step,
    submitted: PostedPage,
    facts_form: FactsForm | None,
    refused: str,
) -> HttpResponse:
    """The page with everything that was typed, and why none of it was saved."""
    submitted.refused = True
    if single(request.POST, "action") == "autosave":
        context = {"errors": submitted.errors, "refused": refused}
        return render(request, "wizard/not_saved.html", context, status=422)
    return step_context.show(
        request,
        description,
        current,
        submitted=submitted,
        facts_form=facts_form,
        refused=refused,
        status=422,
    )


def _show_changed_line(
    request: HttpRequest,
    description: JobDescription,
    current: Step,
    submitted: PostedPage,
    facts_form: FactsForm | None,
    changed: feedback_answers.LineChanged,
) -> HttpResponse:
    """The page as it is stored now, with what this person typed: the line of the suggestion that
    they accepted was changed since they opened the page, and nothing was saved."""
    submitted.refused = True
    submitted.forget_unchanged()
    fresh = JobDescription.objects.get(pk=description.pk)
    return step_context.show(
        request,
        fresh,
        current,
        submitted=submitted,
        facts_form=facts_form,
        changed_thread=changed.thread,
        status=409,
    )


def _autosaved(
    request: HttpRequest,
    description: JobDescription,
    current: Step,
    wanted: list[changes.Change],
    submitted: PostedPage,
) -> HttpResponse:
    """Make the changes; tell the page what its rows are now based on."""
    token = page_token(single(request.POST, "token"))
    draft = drafts.apply(
        description=description,
        by=person(request),
        token=token,
        changes=wanted,
        is_autosave=True,
    )
    new_token = draft.description.edit_token
    context = {
        "rows": submitted.saved(new_token),
        # Only a page that has seen every other change is up to date as a whole.
        "token": new_token if token == draft.next - 1 else token,
        "base": new_token,
        "undo": {"undo": True, "redo": False}
        if draft.is_undoable
        else undo.can(description, person(request)),
        "description": draft.description,
        "step": current,
        "facts_form": FactsForm(instance=draft.description)
        if any(isinstance(change, changes.ChangeFacts) for change in wanted)
        else None,
    }
    response = render(request, "wizard/saved.html", context)
    if draft.touched:
        response["HX-Trigger"] = "draft-changed"
    return response
