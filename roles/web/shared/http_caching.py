"""Conditional responses: 304 if the browser has the same content."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def unless_known(request: HttpRequest, response: HttpResponse, digest: str) -> HttpResponse:
    """Return the response with an ETag, or 304 if the browser has the same content."""
    etag = f'"{digest}"'
    response["ETag"] = etag
    known = get_conditional_response(request, etag=etag, response=response)
    return known if isinstance(known, HttpResponse) else response
