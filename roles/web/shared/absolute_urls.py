"""Absolute URLs for use outside the site: in documents, search engines, and email."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def absolute(request: HttpRequest, name: str, *arguments: object) -> str:
    """Return the absolute URL of a page, based on SITE_URL if it's set, else on the request."""
    path = reverse(name, args=arguments)
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)
