"""Addresses that leave the product: on paper, in search engines, in other people's mail."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def absolute(request: HttpRequest, name: str, *arguments: object) -> str:
    """The whole address of a page: below SITE_URL where it is set, else as the request asks."""
    path = reverse(name, args=arguments)
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)
