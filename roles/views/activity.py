"""Activity: what was done lately to the job descriptions that a person may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles.views.access import requires


@require_safe
@requires("activity.view")
def activity(request: HttpRequest) -> HttpResponse:
    """The newest deeds, filtered in the URL."""
    return render(request, "roles/activity/list.html")
