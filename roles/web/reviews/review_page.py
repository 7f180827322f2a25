"""The page of a review: the document as its reader can see it, the feedback, and the decision."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles.models import Review, User
from roles.notifications import inbox
from roles.reviews import decision_options, reader_view, review_access
from roles.reviews.decision_options import DecisionOptions
from roles.reviews.reader_view import ReaderView
from roles.reviews.review_access import Reader
from roles.web.reviews import other_reviewers, review_sections
from roles.web.reviews.decide_forms import DecisionForm
from roles.web.shared.access import get_reader
from roles.web.shared.guest_session import open_to_guests

OTHER_PENDING_LIMIT = 5  # other pending reviews that are listed


@open_to_guests
@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the version under review as its reader can see it: the current round, or an earlier
    one with ?round=."""
    return respond(request, get_reader(request, pk, "review.view"), _round(request))


def respond(
    request: HttpRequest,
    reader: Reader,
    number: int | None = None,
    *,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Renders the page; `form` is an invalid decision, shown open with its input."""
    options = decision_options.options(reader)
    view = reader_view.reader_view(reader, options.status, number)
    if view is None:
        raise Http404
    if request.method != "HEAD" and reader.user is not None:
        inbox.mark_seen(user=reader.user, review=reader.review)  # shown in the bell
    if form is not None:
        about = view.asked_about(options.progress)
        form.show(options.kinds, version=view.version.number, sections=about)
    context = _context(request, reader, options, view) | {"form": form}
    response = render(request, "reviews/review.html", context, status=status)
    if request.method != "HEAD" and view.kind != "earlier":
        review_access.record_view(reader, view.version)
    return response


def _context(
    request: HttpRequest, reader: Reader, options: DecisionOptions, view: ReaderView
) -> dict[str, Any]:
    review, is_earlier = reader.review, view.kind == "earlier"
    is_closed = is_earlier or not review.is_open or review.is_expired
    show = "all" if request.GET.get("show") == "all" else ""
    return {
        "review": review,
        "description": review.description,
        "reader": reader,
        "status": options.status,
        "view": view,
        "version": view.version,
        "title": reader.title(view.version),
        "page": review_sections.content(
            reader, view, is_everything=show == "all", is_closed=is_closed
        ),
        "show": show,
        "is_closed": is_closed,
        "may_ask": reader.may("review.request"),
        "may_comment": not is_closed and reader.may("review.comment"),
        "options": None if is_earlier else options,
        "asked_about": view.asked_about(options.progress),
        "reviewers": other_reviewers.other_reviewers(options.status, view),
        "open_words": view.new.open_words(),
        "other_pending": _other_pending(reader.user, review) if options.is_done else [],
    }


def _other_pending(user: User | None, review: Review) -> list[Review]:
    """Returns other reviews that are pending with this person."""
    if user is None:
        return []
    found = Review.objects.waiting_for(user).exclude(pk=review.pk)
    return list(found.order_by("due", "pk")[:OTHER_PENDING_LIMIT])


def _round(request: HttpRequest) -> int | None:
    """Returns the round number in the URL, or None. Raises Http404 if it is not a number."""
    asked = request.GET.get("round")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        raise Http404
    return int(asked)
