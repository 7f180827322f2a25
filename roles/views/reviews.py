"""The page of a review: what its reader may read, what was said, and what is asked of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles.review import reading, standing
from roles.versioning import files
from roles.views.access import get_reader
from roles.views.exports import article
from roles.views.guests import open_to_guests


@open_to_guests
@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The version under review, as its reader may see it."""
    reader = get_reader(request, pk, "review.view")
    found = standing.of(reader.review)
    version = found.round.version
    context = {
        "review": reader.review,
        "description": reader.review.description,
        "version": version,
        "paper": article(reader.document(version), files.edition(version)),
    }
    response = render(request, "roles/reviews/review.html", context)
    reading.look(reader, version)
    return response
