"""The list of reviews: what waits for this person, what they keep, what is overdue or over."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles import permissions
from roles.forms.review_list import ReviewsFilter
from roles.models import JobDescription, Review, User
from roles.models.reviews import ReviewQuerySet
from roles.views import waiting
from roles.views.access import person

ON_A_PAGE = 25


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Those that the person may look at, whatever account they have: filters, order and page
    are in the URL."""
    user = person(request)
    chosen = ReviewsFilter(request.GET, visible(user), user)
    page = Paginator(waiting.followed(chosen.found), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    tell(rows, user)
    context = {
        "filter": chosen,
        "page": page,
        "rows": rows,
        "sort": chosen.sort,
        "may_ask": permissions.may(user, "description.create"),
    }
    return render(request, "roles/reviews/list.html", context)


def visible(user: User) -> ReviewQuerySet:
    """Those that the person may look at."""
    found = Review.objects.all()
    assert isinstance(found, ReviewQuerySet)  # noqa: S101  # narrows the type
    return found.visible_to(user).defer("description__search_text")


def tell(reviews: list[Review], user: User) -> None:
    """Give each review `waited` and `is_seen`: whether the person sees its job description, and
    not only this review."""
    about = {review.description_id for review in reviews}
    seen = JobDescription.objects.visible_to(user).filter(pk__in=about)
    ids = set(seen.order_by().values_list("pk", flat=True))
    for review in reviews:
        is_seen = review.description_id in ids
        review.is_seen = is_seen  # type: ignore[attr-defined]
        review.waited = waiting.waited(review, user, is_named=is_seen)  # type: ignore[attr-defined]
