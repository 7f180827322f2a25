"""The page of a review: what its reader may read, what was said, and what is asked of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles.reviews import approval_status, notify, review_access
from roles.reviews.approval_status import ApprovalStatus
from roles.reviews.review_access import Reader
from roles.web.reviews import decision_bar, reader_view, review_sections
from roles.web.reviews.decide_forms import DecisionForm
from roles.web.reviews.reader_view import ReaderView
from roles.web.shared.access import get_reader
from roles.web.shared.guest_session import open_to_guests


@open_to_guests
@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The version under review as its reader may see it: the present round, or with ?round= an
    earlier one."""
    return respond(request, get_reader(request, pk, "review.view"), _round(request))


def respond(
    request: HttpRequest,
    reader: Reader,
    number: int | None = None,
    *,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `form` is a decision that was not taken, and stands open with what was typed."""
    found = approval_status.status_of(reader.review)
    view = reader_view.reader_view(reader, found, number)
    if view is None:
        raise Http404
    if request.method != "HEAD" and reader.user is not None:
        notify.mark_seen(user=reader.user, review=reader.review)  # the bell knows it
    context = _context(request, reader, found, view) | {"form": form}
    response = render(request, "reviews/review.html", context, status=status)
    if request.method != "HEAD" and view.kind != "earlier":
        review_access.record_view(reader, view.version)
    return response


def _context(
    request: HttpRequest, reader: Reader, found: ApprovalStatus, view: ReaderView
) -> dict[str, Any]:
    review, is_earlier = reader.review, view.kind == "earlier"
    is_closed = is_earlier or not review.is_open or review.is_expired
    show = "all" if request.GET.get("show") == "all" else ""
    bar = decision_bar.decision_bar(reader, found)
    return {
        "review": review,
        "description": review.description,
        "reader": reader,
        "found": found,
        "view": view,
        "version": view.version,
        "title": reader.title(view.version),
        "page": review_sections.content(
            reader, view, is_everything=show == "all", is_closed=is_closed
        ),
        "show": show,
        "is_closed": is_closed,
        "may_ask": reader.may("review.request"),
        "may_say": not is_closed and reader.may("review.comment"),
        "bar": None if is_earlier else bar,
        "asked_about": decision_bar.asked_about(bar.assignment, view) if bar.assignment else [],
        "others": decision_bar.others(reader, found, view),
        "open_words": view.new.open_words(),
        "elsewhere": decision_bar.waiting_elsewhere(reader.user, review) if bar.is_done else [],
    }


def _round(request: HttpRequest) -> int | None:
    """The round asked for; one that is no number is not found."""
    asked = request.GET.get("round")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        raise Http404
    return int(asked)
