"""The buttons of a wizard step: they save the changes, a version, feedback, or undo.

The buttons that change rows are in `post_parser.ACTIONS`.
"""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import drafts, versions
from roles.drafts import changes, undo
from roles.drafts.draft import is_uid
from roles.models import JobDescription
from roles.organization import list_access
from roles.reviews import sync_suggestions
from roles.web.shared import feedback_answers, feedback_forms
from roles.web.shared.access import person
from roles.web.shared.post_data import page_token, single
from roles.web.shared.wizard_steps import BY_SLUG, Step, neighbor
from roles.web.wizard import line_editor, live_messages, post_parser
from roles.web.wizard.issue_fixes import PlannedFix
from roles.web.wizard.step_forms import SaveForm

# Save a version; send it for review; save one that is identical to the one before.
VERSION_ACTIONS = ("version", "version:review", "version:same")
SECTION_MOVES = ("section-up", "section-down", "section-place")
UNDO_ACTIONS = {
    "undo": (undo.undo, gettext_lazy("Undone: %s.")),
    "redo": (undo.redo, gettext_lazy("Redone: %s.")),
}


def carry_out(
    request: HttpRequest,
    description: JobDescription,
    current: Step,
    wanted: list[changes.Change],
    fix: PlannedFix | None = None,
) -> str:
    """Make the changes, with those of a `fix`, and run the action of the button. Returns the URL,
    or an empty text if a version was not saved after a conflict, or because nothing changed since
    the one before. Raises `drafts.StaleDraft`, `drafts.ActionRefused`,
    `feedback_answers.LineChanged` and `ValidationError`; nothing is saved then."""
    token = page_token(single(request.POST, "token"))
    name, _colon, target = single(request.POST, "action").partition(":")
    feedback_action = feedback_forms.requested_action(request.POST)
    with transaction.atomic():
        draft = drafts.apply(
            description=description, by=person(request), token=token, changes=wanted
        )
        if name == "version":
            return _save_version(request, draft, token, target)
        if feedback_action is not None:
            result = feedback_answers.carry_out(
                request, draft.description, feedback_action, token, draft.touched
            )
            messages.info(request, result.message, extra_tags="toast")
            target = result.line
        if name in UNDO_ACTIONS:
            action, message = UNDO_ACTIONS[name]
            undone = sync_suggestions.sync(
                description=draft.description, by=person(request), action=action
            )
            messages.info(request, message % undone, extra_tags="toast")
    _say_what_changed(request, draft, name, target)
    if fix is not None:
        if fix.message:
            messages.info(request, str(fix.message), extra_tags="toast")
        return fix.url(description.reference)
    return _next_url(request, current, description, name, target)


def _say_what_changed(request: HttpRequest, draft: drafts.Draft, name: str, target: str) -> None:
    if name in live_messages.MESSAGES and draft.touched:
        tone = "toast" if name.endswith("-remove") else "quiet"
        messages.info(request, live_messages.message(name, target, draft), extra_tags=tone)
    if name in post_parser.SELECTION_ACTIONS and single(request.POST, "pick-action") != "theirs":
        text = live_messages.selection_message(name, target, request.POST)
        messages.info(request, text, extra_tags="toast")


def _save_version(request: HttpRequest, draft: drafts.Draft, token: int, target: str) -> str:
    """Save a version, if the page has seen every change of the draft. Returns the URL of the
    version, or of the page that sends it for review. Where nothing changed since the version
    before, the first is asked again (empty text), and the second needs no other version."""
    if single(request.POST, "pick-action") == "theirs":
        messages.info(request, _("No version saved. The draft below includes the other changes."))
        return ""
    newest = versions.same_as_draft(draft.description)
    if newest is not None and target == "review":
        message = _("Nothing changed since version %d, so no other version was saved.")
        messages.info(request, message % newest.number)
        return _review_url(draft.description)
    if newest is not None and target != "same":
        return ""
    form = SaveForm(request.POST)
    form.full_clean()
    version = versions.save(
        description=draft.description,
        by=person(request),
        token=draft.description.edit_token if token == draft.next - 1 else token,
        **form.cleaned_data,
    )
    messages.success(request, _("Version %d saved.") % version.number)
    if target == "review":
        return _review_url(draft.description)
    return reverse("version", args=[draft.description.reference, version.number])


def _review_url(description: JobDescription) -> str:
    """The URL where its newest version is sent for review: of the open review, or of a new one."""
    review = description.reviews.filter(state="open").first()
    if review is not None:
        return reverse("review_manage", args=[review.pk])
    return reverse("review_request", args=[description.reference])


def _next_url(
    request: HttpRequest, current: Step, description: JobDescription, name: str, target: str
) -> str:
    """The URL that a button leads to: another step, or this one at the line or section that was
    moved or opened, with the same lines open."""
    slugs = {
        "next": neighbor(current, 1).slug,
        "back": neighbor(current, -1).slug,
        "go": target if target in BY_SLUG else current.slug,
    }
    if name == "list-add" and target in list_access.ADDED_BY_AUTHORS:
        return reverse("wizard_add", args=[description.reference, target])
    slug = slugs.get(name, current.slug)
    url = reverse("wizard_step", args=[description.reference, slug])
    opened = [*request.POST.getlist("open"), *([target] if name == "open" else [])]
    if opened and slug == current.slug:
        url += "?" + urlencode({"open": ",".join(opened[-line_editor.OPEN_LIMIT :])[:300]})
    is_of_line = name.startswith("line-") and name not in ("line-add", "line-remove")
    is_of_line |= name in feedback_forms.OF_THREADS and bool(target)
    if (name == "open" or is_of_line) and is_uid(target):
        return f"{url}#line-{target}"
    return f"{url}#section-{target}" if name in SECTION_MOVES else url
