"""The discussion in a review: comments and suggestions at a place, replies, resolving. htmx gets
the place or the thread as a fragment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles import drafts
from roles.document import Document, DocumentLine, DocumentSection
from roles.models import Thread, User, Version
from roles.reviews import comments, suggestions
from roles.reviews.review_access import Reader
from roles.reviews.suggestions import Proposal
from roles.web.feedback.thread_forms import CommentForm, TargetForm, ThreadReplyForm
from roles.web.shared import review_threads
from roles.web.shared.access import get_reader
from roles.web.shared.fragments import is_fragment, page_or_fragment
from roles.web.shared.guest_session import open_to_guests
from roles.web.shared.idempotency import form_data, run_once

ACTIONS: dict[str, Callable[..., Thread]] = {
    "resolve": comments.resolve,
    "reopen": comments.reopen,
}


@dataclass(frozen=True)
class Target:
    """The place that a comment is about, as it is in a version."""

    version: Version
    place: comments.CommentPlace
    section: DocumentSection | None
    line: DocumentLine | None

    @property
    def key(self) -> str:
        return self.place.line or self.place.section or "general"


@open_to_guests
@require_http_methods(["GET", "HEAD", "POST"])
@page_or_fragment
def comment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Shows the form for a comment or suggestion at ?section= and ?line=; on POST, posts it."""
    reader = get_reader(request, pk, "review.comment")
    here = _here(request, reader)
    form = CommentForm(form_data(request), here.line, here.section)
    if request.method != "POST" or not form.is_valid():
        return _place(request, reader, here, form)
    try:
        address = run_once(request, lambda: _post(reader, here, form.cleaned_data))
    except (drafts.ActionRefused, ValidationError) as refused:
        form.refuse(_message(refused))
        return _place(request, reader, here, form)
    is_comment = form.cleaned_data["kind"] == "comment"
    said = _("Comment posted.") if is_comment else _("Suggestion posted.")
    messages.success(request, said, extra_tags="toast")
    if not is_fragment(request):
        return redirect(address)
    started = address.rpartition("-")[2]  # not a number if the nonce belongs to another form
    return _place(request, reader, here, None, new=int(started) if started.isdecimal() else 0)


@open_to_guests
@require_http_methods(["GET", "HEAD", "POST"])
@page_or_fragment
def thread(request: HttpRequest, pk: int, thread: int) -> HttpResponseBase:
    """Shows one thread; on POST, replies to it, or resolves, reopens or withdraws it."""
    action = "review.comment" if request.method == "POST" else "review.view"
    reader = get_reader(request, pk, action)
    _newest, found = _thread(reader, thread)
    if request.method != "POST":
        return _thread_page(request, reader, thread, None)
    form = ThreadReplyForm(request.POST, auto_id=f"reply-{found.pk}-%s")
    asked = request.POST.get("action", "reply")
    form.fields["text"].required = asked == "reply"
    if asked == "reply" and not form.is_valid():
        return _thread_page(request, reader, thread, form)
    try:
        run_once(request, lambda: _answer(reader, found, asked, form))
    except (drafts.ActionRefused, ValidationError) as refused:
        form.refuse(_message(refused))
        return _thread_page(request, reader, thread, form)
    unsent = form if asked != "reply" and form["text"].data else None
    if unsent is None and not is_fragment(request):
        return redirect(_address(found))
    return _thread_page(request, reader, thread, unsent)


# --- actions


def _post(reader: Reader, here: Target, data: dict[str, Any]) -> str:
    """Posts the comment or suggestion. Returns the URL of its thread."""
    if data["kind"] == "comment":
        started = comments.comment(
            reader=reader,
            version=here.version,
            text=data["comment"],
            section=here.place.section,
            line=here.place.line,
        )
    else:
        suggestion = suggestions.suggest(
            reader=reader,
            version=here.version,
            proposal=_proposal(here, data),
            why=data["comment"],
        )
        started = suggestion.thread
    return _address(started)


def _proposal(here: Target, data: dict[str, Any]) -> Proposal:
    kind, line = data["kind"], here.line
    values = {"text": "", "detail": "", "requirement": ""}
    if kind == "reword" and line is not None:
        values |= {"text": data["text"], "detail": data.get("detail", line.detail)}
    elif kind == "add":
        values["text"] = data["added"]
    elif kind == "requirement":
        values["requirement"] = data["requirement"]
    return Proposal(kind, here.place.section, here.place.line, **values)


def _answer(reader: Reader, found: Thread, asked: str, form: ThreadReplyForm) -> str:
    """Runs the action on a thread. Returns its URL."""
    if asked == "reply":
        comments.reply(reader=reader, thread=found, text=form.cleaned_data["text"])
    elif asked == "withdraw" and hasattr(found, "suggestion"):
        suggestions.withdraw(reader=reader, suggestion=found.suggestion)
    elif asked in ACTIONS:
        ACTIONS[asked](reader=reader, thread=found)
    else:
        raise drafts.ActionRefused(_("Choose an action."))
    return _address(found)


def _address(thread: Thread) -> str:
    """Returns the URL of a thread on the page of its review."""
    return f"{reverse('review', args=[thread.review_id])}#thread-{thread.pk}"


def _message(refused: drafts.ActionRefused | ValidationError) -> str:
    if isinstance(refused, ValidationError):
        return " ".join(refused.messages)
    return refused.message


# --- places and responses


def _here(request: HttpRequest, reader: Reader) -> Target:
    """Returns the place in the URL. Raises Http404 if the reader can't see it."""
    asked = TargetForm(request.GET)
    if not asked.is_valid():
        raise Http404
    rounds = reader.rounds()
    number = asked.cleaned_data["number"] or rounds[-1].version.number
    version = next((r.version for r in rounds if r.version.number == number), None)
    if version is None:
        raise Http404
    version.description = reader.review.description
    document = reader.document(version)
    try:
        place = comments.find_place(
            document, asked.cleaned_data["section"], asked.cleaned_data["line"]
        )
    except drafts.ActionRefused as refused:
        raise Http404 from refused
    return Target(version, place, *_at(document, place))


def _at(
    document: Document, place: comments.CommentPlace
) -> tuple[DocumentSection | None, DocumentLine | None]:
    """Returns the section and the line of a place, with their placeholders."""
    section = next((one for one in document.sections if one.uid == place.section), None)
    lines = section.every_line() if section else ()
    line = next((one for one in lines if place.line and one.uid == place.line), None)
    return section, line


def _place(
    request: HttpRequest, reader: Reader, here: Target, form: CommentForm | None, new: int = 0
) -> HttpResponse:
    """Renders a place with its threads and an open form, if any."""
    where = {"line": here.place.line} if here.place.line else {"section": here.place.section}
    where |= {} if here.place.line else {"line": ""}
    threads = review_threads.found(reader, here.version, **where)
    if form and is_fragment(request):
        form.fields["comment"].widget.attrs["autofocus"] = True
    context = {
        "review": reader.review,
        "description": reader.review.description,
        "title": reader.title(here.version),
        "here": here,
        "form": form,
        "threads": review_threads.shown(reader, threads, is_closed=False, new=new),
        "people": _people(reader) if form else [],
        "is_fragment": is_fragment(request),
    }
    template = "feedback/_comment_target.html" if is_fragment(request) else "feedback/comment.html"
    status = 422 if form is not None and form.errors else 200
    return render(request, template, context, status=status)


def _people(reader: Reader) -> list[User]:
    """Returns the people that a comment can mention by user name; empty for guests, because people
    sign in with these names."""
    if reader.user is None:
        return []
    people = comments.mentionable(reader.review)
    return [one for one in people if one != reader.user and "@" not in one.username]


def _thread(reader: Reader, pk: int) -> tuple[Version, Thread]:
    """Returns the current version, and a thread that the reader can see on its page."""
    newest = reader.rounds()[-1].version
    found = review_threads.found(reader, newest, pk=pk)
    if not found:
        raise Http404
    return newest, found[0]


def _thread_page(
    request: HttpRequest, reader: Reader, pk: int, form: ThreadReplyForm | None
) -> HttpResponse:
    """Renders the thread; `form` is a reply that is invalid or wasn't sent."""
    review = reader.review
    newest, found = _thread(reader, pk)
    is_closed = not review.is_open or review.is_expired
    # A thread is shown with its quote where its line or section isn't beside it.
    is_gone = not is_fragment(request) or "gone" in request.POST
    context = {
        "review": review,
        "description": review.description,
        "version": newest,
        "title": reader.title(newest),
        "shown": review_threads.shown(reader, [found], is_closed=is_closed, gone=is_gone)[0],
        "reply": form,
        "is_fragment": is_fragment(request),
    }
    template = "shared/_thread.html" if is_fragment(request) else "feedback/thread.html"
    status = 422 if form is not None and form.errors else 200
    return render(request, template, context, status=status)
