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
from roles.models import JobDescription, Section
from roles.reviews import sync_suggestions
from roles.web.shared import feedback_answers, feedback_forms
from roles.web.shared.access import person
from roles.web.shared.post_data import page_token, single
from roles.web.shared.wizard_steps import BY_SLUG, Step, neighbor
from roles.web.wizard import line_editor, live_messages, post_parser
from roles.web.wizard.step_forms import SaveForm

SECTION_MOVES = ("section-up", "section-down", "section-place")
VERSION_ACTIONS = ("version", "version:review")  # the second sends it for review
UNDO_ACTIONS = {
    "undo": (undo.undo, gettext_lazy("Undone: %s.")),
    "redo": (undo.redo, gettext_lazy("Redone: %s.")),
}


def carry_out(
    request: HttpRequest,
    description: JobDescription,
    current: Step,
    wanted: list[changes.Change],
) -> str:
    """Make the changes and run the action of the pressed button. Returns the URL to go to,
    or an empty text if a version was not saved after a conflict. Raises `drafts.StaleDraft`,
    `drafts.ActionRefused`, `feedback_answers.LineChanged` and `ValidationError`; nothing is saved
    then."""
    token = page_token(single(request.POST, "token"))
    name, _colon, target = single(request.POST, "action").partition(":")
    feedback_action = feedback_forms.requested_action(request.POST)
    with transaction.atomic():
        draft = drafts.apply(
            description=description, by=person(request), token=token, changes=wanted
        )
        if name == "version":
            return _save_version(request, draft, token, is_sent=target == "review")
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
    if name in live_messages.MESSAGES and draft.touched:
        tone = "toast" if name.endswith("-remove") else "quiet"
        messages.info(request, live_messages.message(name, target, draft), extra_tags=tone)
    if name in post_parser.SELECTION_ACTIONS and single(request.POST, "pick-action") != "theirs":
        text = live_messages.selection_message(name, target, request.POST)
        messages.info(request, text, extra_tags="toast")
    return _next_url(request, current, description, name, target)


def _save_version(request: HttpRequest, draft: drafts.Draft, token: int, *, is_sent: bool) -> str:
    """Save a version, if the page has seen every change of the draft. Returns the URL of the
    version, or of the page that sends it for review."""
    if single(request.POST, "pick-action") == "theirs":
        messages.info(request, _("No version saved. The draft below includes the other changes."))
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
    if is_sent:
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
    kinds = set(Section.objects.filter(description=description).values_list("kind", flat=True))
    slugs = {
        "next": neighbor(current, kinds, 1).slug,
        "back": neighbor(current, kinds, -1).slug,
        "go": target if target in BY_SLUG else current.slug,
    }
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
