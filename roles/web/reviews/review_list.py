"""The list of reviews."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles import permissions
from roles.web.reviews.review_list_forms import ReviewFilter
from roles.web.shared import key_pages, pending_reviews
from roles.web.shared.access import person
from roles.web.shared.pending_reviews import annotate_reviews, visible_reviews

PAGE_SIZE = 25


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """The reviews that the person can see; filters, sort order and page are in the URL."""
    user = person(request)
    filtered = ReviewFilter(request.GET, visible_reviews(user), user)
    page = key_pages.page_of(
        request,
        filtered.results,
        filtered.order,
        PAGE_SIZE,
        parts=[pending_reviews.with_pending(part) for part in filtered.parts],
    )
    annotate_reviews(page.object_list, user)
    context = {
        "filter": filtered,
        "page": page,
        "can_request": permissions.may(user, "description.create"),
    }
    return render(request, "reviews/list.html", context)
