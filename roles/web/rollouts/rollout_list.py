"""The list of rollouts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles.models import Rollout
from roles.web.shared.access import requires

PAGE_SIZE = 50
MAX_LISTED = 100  # the latest rollouts, read by one query


@require_safe
@requires("rollout.start")
def rollouts(request: HttpRequest) -> HttpResponse:
    """Lists rollouts with their progress, newest first."""
    found = Rollout.objects.select_related("revision__snippet", "by", "approver").annotate(
        made=Count("entries", Q(entries__review__isnull=False)),
        approved=Count("entries", Q(entries__review__state="approved")),
        waiting=Count("entries", Q(entries__review=None, entries__reason="")),
    )
    page = Paginator(list(found[:MAX_LISTED]), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "rollouts/list.html", {"page": page})
