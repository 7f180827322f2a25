"""Fragments: the parts of pages that htmx requests at the address of the whole page."""

from __future__ import annotations

from django.http import HttpRequest
from django.views.decorators.vary import vary_on_headers

HEADER = "HX-Request"

# For views that answer with a page or a fragment: browsers must not mix them up in their caches.
page_or_fragment = vary_on_headers(HEADER)


def is_fragment(request: HttpRequest) -> bool:
    """Returns whether htmx asks for a fragment."""
    return HEADER in request.headers
