"""Pages whose address is a secret: links in email to people who aren't signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control


def discreet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Makes a view public, uncached, and without a referrer to other sites. (With
    `no-referrer`, browsers hide the origin of a form, and Django rejects it.)"""

    @wraps(view)
    def as_secret(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(as_secret)
