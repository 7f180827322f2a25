"""The answer during an outage of the database or the disk: 503, with everything that was typed."""

from __future__ import annotations

import logging
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from roles import outages
from roles.web.shared import post_data

log = logging.getLogger(__name__)

RETRY_SECONDS = 30
REASONS: dict[str, Promise] = {
    outages.FULL: _("The server’s disk is full."),
    outages.READ_ONLY: _("The database is read-only."),
    outages.UNREACHABLE: _("The database can’t be reached."),
    outages.BUSY: _("The server is busy."),
}


def answer(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """Returns the page for an outage, which needs no database, or None if the error is not one.
    The form on it submits the same fields again."""
    reason = outages.reason_of(error)
    if not reason:
        return None
    outages.remember(reason)
    log.error("Outage: %s", reason, exc_info=error)
    context = {
        "reason": REASONS[reason],
        "path": request.get_full_path(),
        "is_form": request.method == "POST",
        "carried": post_data.carried(request.POST),
        "has_files": request.method == "POST" and bool(request.FILES),
    }
    response = render(request, "503.html", context, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    patch_cache_control(response, private=True, no_store=True)
    response._has_been_logged = True  # type: ignore[attr-defined]  # above, with the reason
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> Any:
    """Django's view for 404. Its page asks who is signed in, which fails during an outage."""
    try:
        return defaults.page_not_found(request, exception)
    except (Error, OSError) as error:
        response = answer(request, error)
        if response is None:
            raise
        return response


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """The answer to too many attempts from one address, for django-allauth."""
    return render(request, "429_attempts.html", status=429)
