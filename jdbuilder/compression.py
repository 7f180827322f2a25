"""Compresses pages where the proxy doesn't. WhiteNoise sends static files compressed already."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Text that is made for a request. PDFs, ZIPs and images are compressed as they are.
TYPES = ("text/", "application/json", "application/ld+json", "image/svg+xml")


class CompressText(GZipMiddleware):
    """Django's middleware with its random padding against BREACH, for text that is whole. Files are
    streamed as they are stored, with their length. What is already encoded stays as it is."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_text = response.headers.get("Content-Type", "").startswith(TYPES)
        is_part = response.status_code == 206
        if response.streaming or is_part or not is_text:
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
