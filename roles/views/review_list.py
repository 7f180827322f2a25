"""The list of reviews: what waits for this person, what they keep, what is overdue or over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles.models import Review
from roles.views.access import person


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Those that ask this person, whatever account they have."""
    found = Review.objects.asking(person(request)).select_related("description")
    return render(request, "roles/reviews/list.html", {"page": found[:25]})
