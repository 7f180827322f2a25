"""The page of a review: what its reader may read, what was said, and what is asked of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles.reviews import approval_status, notify, review_access
from roles.reviews.approval_status import Standing
from roles.reviews.review_access import Reader
from roles.web.reviews import decision_bar, reader_view, review_sections
from roles.web.reviews.decide_forms import DecisionForm
from roles.web.reviews.reader_view import Look
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
    found = approval_status.of(reader.review)
    look = reader_view.find(reader, found, number)
    if look is None:
        raise Http404
    if request.method != "HEAD" and reader.user is not None:
        notify.mark_looked_at(user=reader.user, review=reader.review)  # the bell knows it
    context = _context(request, reader, found, look) | {"form": form}
    response = render(request, "reviews/review.html", context, status=status)
    if request.method != "HEAD" and look.kind != "earlier":
        review_access.look(reader, look.version)
    return response


def _context(request: HttpRequest, reader: Reader, found: Standing, look: Look) -> dict[str, Any]:
    review, is_earlier = reader.review, look.kind == "earlier"
    is_closed = is_earlier or not review.is_open or review.is_expired
    show = "all" if request.GET.get("show") == "all" else ""
    bar = decision_bar.bar(reader, found)
    return {
        "review": review,
        "description": review.description,
        "reader": reader,
        "found": found,
        "look": look,
        "version": look.version,
        "title": reader.title(look.version),
        "page": review_sections.page(
            reader, look, is_everything=show == "all", is_closed=is_closed
        ),
        "show": show,
        "is_closed": is_closed,
        "may_ask": reader.may("review.ask"),
        "may_say": not is_closed and reader.may("review.say"),
        "bar": None if is_earlier else bar,
        "asked_about": decision_bar.asked_about(bar.seat, look) if bar.seat else [],
        "others": decision_bar.others(reader, found, look),
        "open_words": look.new.open_words(),
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
