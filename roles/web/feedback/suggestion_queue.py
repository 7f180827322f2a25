"""The feedback of a review for its authors: open suggestions and comments in the order of the
draft, each with its answers. The wizard shows the same next to its lines."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from roles import assembly, drafts
from roles.models import Suggestion
from roles.reviews import decisions, feedback
from roles.reviews.review_access import Reader
from roles.web.shared import feedback_answers, feedback_forms, feedback_items
from roles.web.shared.access import get_reader
from roles.web.shared.idempotency import run_once
from roles.web.shared.post_data import page_token

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows unanswered feedback and answered suggestions; on POST, answers one."""
    reader = get_reader(request, pk, "review.answer")
    return _answer(request, reader) if request.method == "POST" else _show(request, reader)


@never_cache
@require_http_methods(METHODS)
def suggestion(request: HttpRequest, pk: int, thread: int) -> HttpResponse:
    """Shows one suggestion, by the id of its thread; on POST, answers it."""
    reader = get_reader(request, pk, "review.answer")
    if not reader.review.threads.filter(pk=thread).exclude(suggestion=None).exists():
        raise Http404
    if request.method == "POST":
        return _answer(request, reader, thread)
    return _show(request, reader, thread)


def _answer(request: HttpRequest, reader: Reader, only: int = 0) -> HttpResponse:
    asked = feedback_forms.requested_action(request.POST)
    if asked is None:
        return _show(request, reader, only)
    if errors := feedback_answers.check(asked):
        return _show(request, reader, only, errors=errors, status=422)
    token = page_token(request.POST.get("token", ""))

    def action() -> str:
        with transaction.atomic():
            done = feedback_answers.carry_out(request, reader.review.description, asked, token)
        messages.success(request, done.message)
        return reverse("suggestions", args=[reader.review.pk])

    try:
        address = run_once(request, action)
    except drafts.ActionRefused as refused:
        return _show(request, reader, only, refused=refused.message, status=422)
    except feedback_answers.LineChanged as moved:
        return _show(request, reader, only, moved=moved.thread, status=409)
    if feedback_forms.unsent(request.POST, but=asked.thread):
        return _show(request, reader, only, done=asked.thread)
    return redirect(address)


def _show(
    request: HttpRequest,
    reader: Reader,
    only: int = 0,
    *,
    errors: Mapping[str, Mapping[str, list[str]]] | None = None,
    refused: str = "",
    moved: int = 0,
    done: int = 0,
    status: int = 200,
) -> HttpResponse:
    """Renders the page with unsent input."""
    review = reader.review
    description = review.description
    description.refresh_from_db()
    rows = assembly.load_rows(description)
    typed = feedback_forms.unsent(request.POST, but=done) if request.method == "POST" else {}
    found = feedback.for_review(review, rows)
    items = feedback_items.build(found, description.edit_token, typed, errors, moved)
    shown = [item for item in items.all if only in (0, item.thread.pk)]
    answered = Suggestion.objects.filter(thread__review=review).exclude(state="open")
    answered = answered.select_related("thread__by", "thread__reviewer__user", "answered_by")
    context = {
        "decisions": [] if only else decisions.with_feedback(review),
        "review": review,
        "description": description,
        "feedback": shown,
        "fitting": 0 if only else items.fitting,
        "only": only,
        "answered": answered.filter(thread=only) if only else answered,
        "refused": refused,
        "moved": moved,
        "token": description.edit_token,
    }
    return render(request, "feedback/suggestions.html", context, status=status)
