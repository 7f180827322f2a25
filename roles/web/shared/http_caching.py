"""Answers that a browser can keep: 304 where it has the same bytes already."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def unless_known(request: HttpRequest, response: HttpResponse, digest: str) -> HttpResponse:
    """304 where the browser has these very bytes."""
    etag = f'"{digest}"'
    response["ETag"] = etag
    known = get_conditional_response(request, etag=etag, response=response)
    return known if isinstance(known, HttpResponse) else response
