"""The list of rollouts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles.models import Rollout, RolloutEntry
from roles.web.shared import key_pages
from roles.web.shared.access import requires
from roles.web.shared.sort_order import SortOrder

PAGE_SIZE = 50
NEWEST_FIRST = SortOrder("", ("created_at",), is_descending=True)


@require_safe
@requires("rollout.start")
def rollouts(request: HttpRequest) -> HttpResponse:
    """Lists rollouts with their progress, newest first."""
    found = Rollout.objects.select_related("revision__snippet", "by", "approver")
    page = key_pages.page_of(request, found, NEWEST_FIRST, PAGE_SIZE)
    _annotate_progress(page.object_list)
    return render(request, "rollouts/list.html", {"page": page})


def _annotate_progress(rollouts: Sequence[Rollout]) -> None:
    """Sets on each rollout how many of its job descriptions have a review (`made`), are `approved`,
    and are `waiting`."""
    entries = RolloutEntry.objects.filter(rollout__in=rollouts).order_by().values("rollout")
    counted = entries.annotate(
        made=Count("pk", Q(review__isnull=False)),
        approved=Count("pk", Q(review__state="approved")),
        waiting=Count("pk", Q(review=None, reason="")),
    )
    counts: dict[int, Any] = {row["rollout"]: row for row in counted}
    for rollout in rollouts:
        found = counts.get(rollout.pk, {})
        for name in ("made", "approved", "waiting"):
            setattr(rollout, name, found.get(name, 0))
