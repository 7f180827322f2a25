"""The authors' answers to feedback, on every page that shows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from roles import assembly, drafts
from roles.models import JobDescription, Thread
from roles.reviews import comments, feedback, review_access, suggestions
from roles.web.shared import feedback_forms
from roles.web.shared.access import person
from roles.web.shared.feedback_forms import FeedbackAction
from roles.web.shared.post_data import number, single

UNSENT = gettext_lazy(
    "You entered text next to a line but didn’t submit it. Submit it or clear it."
)


class LineChanged(Exception):  # noqa: N818  # it names an outcome, as drafts.StaleDraft does
    """The line of a suggestion was changed after the page was rendered."""

    def __init__(self, thread: int) -> None:
        super().__init__(f"moved: {thread}")
        self.thread = thread


def check(asked: FeedbackAction) -> dict[str, dict[str, list[str]]]:
    """Returns the errors in the input of the action, by row and field."""
    form = feedback_forms.form(asked)
    return {f"feedback-{asked.thread}": form.problems} if form and not form.is_valid() else {}


@dataclass(frozen=True, slots=True)
class FeedbackResult:
    """The message about an answer, and the line that it was about."""

    message: str
    line: str = ""


def carry_out(
    request: HttpRequest,
    description: JobDescription,
    asked: FeedbackAction,
    token: int,
    touched: Collection[str] = (),
) -> FeedbackResult:
    """Runs the action of a valid page that was rendered at `token`; `touched` are the draft rows
    that it just saved. Must run in a transaction. Raises LineChanged if the line of a suggestion
    has changed since, drafts.ActionRefused if the action is not possible."""
    if asked.action == feedback_forms.ALL_THAT_FIT:
        return FeedbackResult(_accept_all(request, description, token))
    found = Thread.objects.select_related("review", "suggestion", "version").defer("version__text")
    thread = found.filter(pk=asked.thread, description=description).first()
    if thread is None:
        raise drafts.ActionRefused(_("This no longer exists."))
    thread.review.description = thread.description = description
    if asked.action.startswith("thread-"):
        return FeedbackResult(_talk(request, thread, asked), thread.line)
    seen = _seen(request, thread, asked)
    if f"line:{thread.line}" in touched:
        seen = description.edit_token
    return FeedbackResult(_decide(request, thread, asked, seen), thread.line)


def _seen(request: HttpRequest, thread: Thread, asked: FeedbackAction) -> int:
    """Returns the token at which the page read the line: from the suggestion, or from the line's
    own row, which autosaves update. The page's token can be newer, because a conflict response
    shows other lines only."""
    row = single(request.POST, f"line-{thread.line}-base").partition(".")[0]
    return max(asked.base, number(row))


def _decide(request: HttpRequest, thread: Thread, asked: FeedbackAction, token: int) -> str:
    """Accepts or declines a suggestion."""
    suggestion = getattr(thread, "suggestion", None)
    if suggestion is None:
        raise drafts.ActionRefused(_("This no longer exists."))
    suggestion.thread = thread
    typed, by = _typed(asked), person(request)
    if asked.action == "suggestion-decline":
        suggestions.decline(suggestion=suggestion, reason=typed["reason"], by=by)
        return _("Suggestion declined. The reviewer has been notified.")
    try:
        as_new = asked.action == "suggestion-new"
        suggestions.accept(suggestion=suggestion, by=by, token=token, as_new=as_new, **typed)
    except drafts.StaleDraft as stale:
        raise LineChanged(thread.pk) from stale
    return _("Suggestion accepted. Select Undo to reverse it.")


def _typed(asked: FeedbackAction) -> dict[str, str]:
    form = feedback_forms.form(asked)
    return dict(form.cleaned_data) if form and form.is_valid() else {}


def _talk(request: HttpRequest, thread: Thread, asked: FeedbackAction) -> str:
    """Replies to a thread, or resolves it."""
    reader = review_access.reader(thread.review, person(request))
    if reader is None:
        raise drafts.ActionRefused(_("This no longer exists."))
    if asked.action == "thread-reply":
        comments.reply(reader=reader, thread=thread, text=_typed(asked)["reply"])
        return _("Reply posted.")
    comments.resolve(reader=reader, thread=thread)
    return _("Comment resolved. It stays on the review page.")


def _accept_all(request: HttpRequest, description: JobDescription, token: int) -> str:
    """Accepts the suggestions that apply to the draft as the page showed it."""
    description.refresh_from_db()
    found = feedback.for_draft(description, assembly.load_rows(description))
    notes = found.fitting() if found else []
    if not notes or description.edit_token != token:
        raise drafts.ActionRefused(
            _(
                "The draft changed after you opened this page."
                " Check the suggestions, then accept them."
            )
        )
    for note in notes:
        assert note.suggestion is not None  # noqa: S101  # narrows the type
        now = JobDescription.objects.values_list("edit_token", flat=True).get(pk=description.pk)
        suggestions.accept(suggestion=note.suggestion, by=person(request), token=now)
    count = len(notes)
    return ngettext("%d suggestion accepted.", "%d suggestions accepted.", count) % count
