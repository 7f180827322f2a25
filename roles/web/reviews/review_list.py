"""The list of reviews: those that wait for this person, their own, overdue and ended ones."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles import permissions
from roles.web.reviews.review_list_forms import ReviewsFilter
from roles.web.shared import pending_reviews
from roles.web.shared.access import person
from roles.web.shared.pending_reviews import annotate_reviews, visible_reviews

ON_A_PAGE = 25


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """The reviews that the person may see, whatever account they have: filters, order and page are
    in the URL."""
    user = person(request)
    chosen = ReviewsFilter(request.GET, visible_reviews(user), user)
    page = Paginator(pending_reviews.with_pending(chosen.found), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = list(page)
    annotate_reviews(rows, user)
    context = {
        "filter": chosen,
        "page": page,
        "rows": rows,
        "sort": chosen.sort,
        "may_ask": permissions.may(user, "description.create"),
    }
    return render(request, "reviews/list.html", context)
